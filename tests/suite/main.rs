//! Integration tests in one binary: one link of the engine instead of many.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking, and nobody reads their documentation"
)]

mod arrows;
mod avatar_evaluate;
#[cfg(all(feature = "desktop", feature = "desk"))]
mod cartoon;
mod command_line;
#[cfg(all(feature = "client", feature = "desk"))]
mod desk_restart;
#[cfg(feature = "forge")]
mod forged;
#[cfg(all(feature = "desktop", feature = "desk"))]
mod furious_scene;
mod fuzz_corpus;
mod guards;
mod oracle;
#[cfg(all(feature = "desktop", feature = "desk"))]
mod portrait;
mod protocol;
#[cfg(all(feature = "desktop", feature = "desk"))]
mod render;
mod sample;
#[cfg(all(feature = "desktop", feature = "desk"))]
mod schedule;
