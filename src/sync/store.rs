//! What must survive a restart: the outbox, the session's token, the conversation and its cursor.
//!
//! One journal of small records, kept apart per desk (by address). [`MemoryStore`] forgets with the
//! process; [`FileStore`] appends JSON lines and returns only when they are on the disk. A last line that
//! was cut off by a crash is dropped, because nothing was promised about it; any other damage sets the
//! whole file aside and keeps what can be read.

mod file;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use file::FileStore;

use super::outbox::{Outbox, OutboxItem};
use crate::{
    problem::Problem,
    protocol::{ClientId, ConversationId, SessionGrant},
};

/// One change of what is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A write is queued.
    Queued(OutboxItem),
    /// The desk has a write, or the customer discarded it.
    Settled(ClientId),
    /// The desk refused a write for good.
    Wedged {
        /// The write.
        client_id: ClientId,
        /// Why.
        why: String,
    },
    /// A wedged write is back in line.
    Unwedged(ClientId),
    /// A session was opened.
    Session(Box<SessionGrant>),
    /// The session's token is not accepted any more.
    SessionGone,
    /// This is the conversation from now on.
    Conversation {
        /// Which.
        id: ConversationId,
        /// Whether the desk has it; if not, it is created (again) under this id.
        created: bool,
    },
    /// The desk does not know the conversation any more.
    ConversationGone,
    /// Events up to here were applied.
    Cursor(u64),
}

/// What is kept for one desk.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Saved {
    /// Writes that the desk has not confirmed.
    pub outbox: Outbox,
    /// The session.
    pub session: Option<SessionGrant>,
    /// The conversation, and whether the desk has it.
    pub conversation: Option<(ConversationId, bool)>,
    /// Events up to here were applied.
    pub cursor: u64,
}

impl Saved {
    /// Takes in a change.
    pub fn apply(&mut self, record: &Record) {
        match record {
            Record::Queued(item) => {
                self.outbox.push(item.clone());
            }
            Record::Settled(id) => {
                self.outbox.settle(id);
            }
            Record::Wedged { client_id, why } => {
                self.outbox.wedge(client_id, why);
            }
            Record::Unwedged(id) => {
                self.outbox.retry(id);
            }
            Record::Session(grant) => self.session = Some((**grant).clone()),
            Record::SessionGone => self.session = None,
            Record::Conversation { id, created } => {
                if self.conversation.as_ref().is_none_or(|(known, _)| known != id) {
                    self.cursor = 0;
                }
                self.conversation = Some((id.clone(), *created));
            }
            Record::ConversationGone => {
                self.conversation = None;
                self.cursor = 0;
            }
            Record::Cursor(cursor) => self.cursor = *cursor,
        }
    }

    /// The fewest records that give this state.
    fn records(&self) -> Vec<Record> {
        let mut records = Vec::new();
        records.extend(self.session.clone().map(|grant| Record::Session(Box::new(grant))));
        records.extend(self.conversation.clone().map(|(id, created)| Record::Conversation { id, created }));
        if self.cursor > 0 {
            records.push(Record::Cursor(self.cursor));
        }
        records.extend(self.outbox.iter().cloned().map(Record::Queued));
        records
    }
}

/// Keeps records in order. What [`append`](Self::append) returned for survives a crash, as far as the kind of store goes.
pub trait Store: Send {
    /// What is kept for a desk, with troubles that were found and mended on the way.
    fn load(&mut self, desk: &str) -> (Saved, Vec<Problem>);

    /// Keeps a change.
    ///
    /// # Errors
    /// A [`Problem`] where it could not be kept; what was kept before is unharmed.
    fn append(&mut self, desk: &str, record: &Record) -> Result<(), Problem>;
}

/// Forgets with the process.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    desks: BTreeMap<String, Saved>,
}

impl Store for MemoryStore {
    fn load(&mut self, desk: &str) -> (Saved, Vec<Problem>) {
        let mut saved = self.desks.get(desk).cloned().unwrap_or_default();
        saved.outbox.give_back();
        (saved, Vec::new())
    }

    fn append(&mut self, desk: &str, record: &Record) -> Result<(), Problem> {
        self.desks.entry(desk.to_owned()).or_default().apply(record);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
