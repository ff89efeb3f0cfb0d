//! What was said, in order, with what is being said and what has not arrived yet.
//!
//! Three runs, shown one after the other: entries that stand in the log (by `seq` of the event that made
//! them final), replies that stream, local echoes in the order in which the customer wrote them.

use std::collections::BTreeMap;

use crate::protocol::{Message, MessageId, Role};

/// Pieces of one streaming reply that are kept; a reply with more is shown when it is complete.
const MAX_PIECES: usize = 8192;

/// How firm an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryState {
    /// Part of the desk's log.
    Final,
    /// A reply that grows.
    Streaming,
    /// A reply that stopped growing without its end.
    Interrupted,
    /// A local echo that waits for the desk.
    Sending,
    /// A local echo that the desk has, not seen in the log yet.
    Sent,
    /// A local echo that the desk refused for good.
    Failed {
        /// Why, for a person.
        why: String,
    },
}

/// One line of the transcript.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Who said what.
    pub message: Message,
    /// How firm it is.
    pub state: EntryState,
}

#[derive(Debug, Clone, PartialEq)]
struct Stream {
    entry: Entry,
    /// Pieces by place that cannot be joined yet because one before them is missing.
    loose: BTreeMap<u32, String>,
    /// The place of the next piece to join.
    next: u32,
}

/// What happened to a completed message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// It is new in the log.
    Appended,
    /// It was a local echo.
    Confirmed,
    /// It was final already, with other content.
    Revised,
    /// It was final already, with this content.
    Unchanged,
}

/// The transcript.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Transcript {
    settled: Vec<Entry>,
    streams: Vec<Stream>,
    echoes: Vec<Entry>,
}

impl Transcript {
    /// Every entry in the order in which it is shown.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.settled.iter().chain(self.streams.iter().map(|stream| &stream.entry)).chain(&self.echoes)
    }

    /// The entries that are part of the desk's log, in its order.
    #[must_use]
    pub fn settled(&self) -> &[Entry] {
        &self.settled
    }

    /// The customer's entries that are not part of the log yet, in order of writing.
    #[must_use]
    pub fn echoes(&self) -> &[Entry] {
        &self.echoes
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.settled.len() + self.streams.len() + self.echoes.len()
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry with this id.
    #[must_use]
    pub fn get(&self, id: &MessageId) -> Option<&Entry> {
        // From the end: what is asked for is nearly always recent.
        self.echoes
            .iter()
            .rev()
            .chain(self.streams.iter().rev().map(|stream| &stream.entry))
            .chain(self.settled.iter().rev())
            .find(|entry| entry.message.message_id == *id)
    }

    fn is_settled(&self, id: &MessageId) -> bool {
        self.settled.iter().rev().any(|entry| entry.message.message_id == *id)
    }

    /// Puts a final message at the end of the log, merging echo and stream of the same id.
    pub(super) fn settle(&mut self, message: Message) -> Settled {
        let id = &message.message_id;
        self.streams.retain(|stream| stream.entry.message.message_id != *id);
        let echoes = self.echoes.len();
        self.echoes.retain(|entry| entry.message.message_id != *id);
        let was_echo = self.echoes.len() < echoes;
        if let Some(entry) = self.settled.iter_mut().rev().find(|entry| entry.message.message_id == *id) {
            if entry.message == message {
                return Settled::Unchanged;
            }
            entry.message = message;
            return Settled::Revised;
        }
        self.settled.push(Entry { message, state: EntryState::Final });
        if was_echo { Settled::Confirmed } else { Settled::Appended }
    }

    /// Begins a reply; false where it is known already.
    pub(super) fn start(&mut self, id: &MessageId, role: Role) -> bool {
        if self.is_settled(id) || self.stream_mut(id).is_some() {
            return false;
        }
        let message = Message {
            message_id: id.clone(),
            role,
            name: None,
            text: Some(String::new()),
            submission: None,
            acts: Vec::new(),
            at: None,
        };
        let entry = Entry { message, state: EntryState::Streaming };
        self.streams.push(Stream { entry, loose: BTreeMap::new(), next: 0 });
        true
    }

    /// Adds a piece to a reply that has begun; gives the whole text where it grew.
    pub(super) fn grow(&mut self, id: &MessageId, idx: u32, piece: &str) -> Option<String> {
        let stream = self.stream_mut(id)?;
        if idx < stream.next || stream.loose.len() >= MAX_PIECES {
            return None;
        }
        stream.loose.insert(idx, piece.to_owned());
        let text = stream.entry.message.text.get_or_insert_default();
        let mut grew = false;
        while let Some(piece) = stream.loose.remove(&stream.next) {
            text.push_str(&piece);
            stream.next = stream.next.saturating_add(1);
            grew = true;
        }
        if !grew {
            return None;
        }
        stream.entry.state = EntryState::Streaming;
        Some(text.clone())
    }

    /// Marks growing replies as interrupted, of one role or of all; gives their ids.
    pub(super) fn interrupt(&mut self, role: Option<&Role>) -> Vec<MessageId> {
        let mut interrupted = Vec::new();
        for stream in &mut self.streams {
            let entry = &mut stream.entry;
            let meant = role.is_none_or(|role| entry.message.role == *role);
            if meant && entry.state == EntryState::Streaming {
                entry.state = EntryState::Interrupted;
                interrupted.push(entry.message.message_id.clone());
            }
        }
        interrupted
    }

    /// Who speaks a reply that has begun.
    pub(super) fn speaker(&self, id: &MessageId) -> Option<&Role> {
        let stream = self.streams.iter().find(|stream| stream.entry.message.message_id == *id)?;
        Some(&stream.entry.message.role)
    }

    /// Shows what the customer wrote before the desk has it; false where it is known already.
    pub(super) fn echo(&mut self, message: Message) -> bool {
        if self.get(&message.message_id).is_some() {
            return false;
        }
        self.echoes.push(Entry { message, state: EntryState::Sending });
        true
    }

    /// Moves an echo on; false where there is none with this id or it is there already.
    pub(super) fn set_echo(&mut self, id: &MessageId, state: EntryState) -> bool {
        match self.echoes.iter_mut().find(|entry| entry.message.message_id == *id) {
            Some(entry) if entry.state != state => {
                entry.state = state;
                true
            }
            _ => false,
        }
    }

    /// Takes an echo out; false where there is none with this id.
    pub(super) fn discard(&mut self, id: &MessageId) -> bool {
        let before = self.echoes.len();
        self.echoes.retain(|entry| entry.message.message_id != *id);
        self.echoes.len() < before
    }

    /// Swaps in the messages of a snapshot. Echoes that it does not contain stay; with `same` conversation
    /// older entries that join on to it stay too. Returns whether entries in between may be missing.
    pub(super) fn refresh(&mut self, messages: &[Message], same: bool) -> bool {
        let known = |entry: &Entry| messages.iter().any(|message| message.message_id == entry.message.message_id);
        self.echoes.retain(|entry| !known(entry));
        self.streams.clear();
        let mut kept = std::mem::take(&mut self.settled);
        let joint = messages
            .first()
            .and_then(|first| kept.iter().position(|entry| entry.message.message_id == first.message_id));
        let gap = same && !kept.is_empty() && !messages.is_empty() && joint.is_none();
        match joint {
            Some(place) if same => kept.truncate(place),
            _ => kept.clear(),
        }
        kept.extend(messages.iter().map(|message| Entry { message: message.clone(), state: EntryState::Final }));
        self.settled = kept;
        gap
    }

    fn stream_mut(&mut self, id: &MessageId) -> Option<&mut Stream> {
        self.streams.iter_mut().find(|stream| stream.entry.message.message_id == *id)
    }
}
