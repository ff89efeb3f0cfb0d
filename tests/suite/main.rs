//! Tests of parts working together.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

#[cfg(all(feature = "client", feature = "desk"))]
mod desk_restart;
