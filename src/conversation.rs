//! The conversation as the customer sees it: a pure state and a reducer over the desk's numbered log.
//!
//! Includes the transcript with local echoes and streaming replies, triage, who answers, cards, case,
//! follow-ups and benefits, and a list of past-tense [`Change`]s for those who react: affect, behavior,
//! interface. Does not include a clock, I/O, retries (that is `sync`) or words (that is `words`).
//!
//! Order is by `seq` only: a duplicate is dropped, a gap is reported and never jumped. A snapshot plus the
//! events after its cursor gives the same state as the whole log.

mod change;
mod state;
#[cfg(test)]
mod tests;
mod transcript;

pub use change::{Applied, Change};
pub use state::{Conversation, Escalation, FollowUpEntry, Skipped};
pub use transcript::{Entry, EntryState, Transcript};
