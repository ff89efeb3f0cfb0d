//! Sync.
pub mod call;
pub mod machine;
pub mod outbox;
pub mod retry;
pub mod sse;
pub mod store;
