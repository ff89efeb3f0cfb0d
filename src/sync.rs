//! Sync.
pub mod outbox;
pub mod retry;
pub mod sse;
pub mod store;
