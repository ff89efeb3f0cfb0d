//! In step with the desk over a network that fails: what the customer sends arrives once and in order,
//! what the desk says comes out once and in order, and nothing waits for the network.
//!
//! ```text
//! program ── Command ──▶ client ── Input ──▶ machine ── Action ──▶ transport, store
//!         ◀── Update ──                 (pure; a time goes in)
//! ```
//!
//! Includes the machine with its outbox, the rules of trying again, the parser of server-sent events, the
//! stores, and, with the feature `client`, HTTP and the thread. Does not include the meaning of events:
//! [`Update::apply_to`] brings a [`Conversation`](crate::conversation::Conversation) up to date.
//!
//! A write is kept before it is shown, and shown before it is sent; it keeps its id until the desk has it.

mod call;
pub mod machine;
pub mod outbox;
pub mod retry;
pub mod sse;
pub mod store;

#[cfg(feature = "client")]
mod agent;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod transport;

#[cfg(feature = "client")]
pub use agent::AgentClient;
pub use call::{Command, LinkState, Request, RequestId, StreamEnd, StreamId, Token, Update};
#[cfg(feature = "client")]
pub use client::{StoreLocation, SyncClient, SyncConfig};
pub use outbox::Write;
