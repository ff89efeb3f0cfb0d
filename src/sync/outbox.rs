//! What the customer wants from the desk and the desk has not confirmed: a queue in order of writing.
//!
//! Pure. One write is under way at a time, so that the desk gets them in order; a write keeps its id
//! through every try, so that an answer that got lost never doubles it. A write that the desk refuses for
//! good is wedged: it stays for the customer to retry or discard, and later ones go on.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::protocol::{ClientId, HandoffReason, Submission};

/// Something that the customer wants the desk to have exactly once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Write {
    /// Words.
    Say {
        /// The words.
        text: String,
    },
    /// A filled-in card.
    Submit(Submission),
    /// The wish to talk to a person.
    AskForHuman {
        /// Why.
        reason: HandoffReason,
    },
    /// How satisfied the customer is.
    Rate {
        /// 1 (not at all) to 5.
        rating: u8,
        /// In the customer's words.
        comment: Option<String>,
    },
}

/// One write in the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// Its id, the same through every try.
    pub client_id: ClientId,
    /// What is wanted.
    pub write: Write,
    /// Why the desk refused it for good, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wedged: Option<String>,
}

/// The queue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outbox {
    items: VecDeque<OutboxItem>,
    /// The write that is under way. Not kept: after a restart it is simply tried again.
    #[serde(skip)]
    in_flight: Option<ClientId>,
}

impl Outbox {
    /// The writes in order.
    pub fn iter(&self) -> impl Iterator<Item = &OutboxItem> {
        self.items.iter()
    }

    /// How many writes wait or are wedged.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is nothing left to deliver.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The write with this id.
    #[must_use]
    pub fn get(&self, id: &ClientId) -> Option<&OutboxItem> {
        self.items.iter().find(|item| item.client_id == *id)
    }

    /// The write that is under way.
    #[must_use]
    pub fn in_flight(&self) -> Option<&ClientId> {
        self.in_flight.as_ref()
    }

    /// Puts a write at the end; false where the id is queued already.
    pub fn push(&mut self, item: OutboxItem) -> bool {
        let is_new = self.get(&item.client_id).is_none();
        if is_new {
            self.items.push_back(item);
        }
        is_new
    }

    /// The write to send next; none while one is under way.
    #[must_use]
    pub fn next_ready(&self) -> Option<&OutboxItem> {
        if self.in_flight.is_some() {
            return None;
        }
        self.items.iter().find(|item| item.wedged.is_none())
    }

    /// Notes that a write is under way; false where another one is or this one cannot be.
    pub fn start(&mut self, id: &ClientId) -> bool {
        let can = self.in_flight.is_none() && self.get(id).is_some_and(|item| item.wedged.is_none());
        if can {
            self.in_flight = Some(id.clone());
        }
        can
    }

    /// Notes that the try under way came to nothing: the write keeps its place and its id.
    pub fn give_back(&mut self) {
        self.in_flight = None;
    }

    /// Takes out a write that the desk has, by receipt or because it is in the log; false where it is not queued.
    pub fn settle(&mut self, id: &ClientId) -> bool {
        if self.in_flight.as_ref() == Some(id) {
            self.in_flight = None;
        }
        let before = self.items.len();
        self.items.retain(|item| item.client_id != *id);
        self.items.len() < before
    }

    /// Sets a write aside that the desk refused for good; false where it is not queued.
    pub fn wedge(&mut self, id: &ClientId, why: &str) -> bool {
        if self.in_flight.as_ref() == Some(id) {
            self.in_flight = None;
        }
        self.set_wedged(id, Some(why.to_owned()))
    }

    /// Puts a wedged write back in line, at its old place; false where it is not wedged.
    pub fn retry(&mut self, id: &ClientId) -> bool {
        self.get(id).is_some_and(|item| item.wedged.is_some()) && self.set_wedged(id, None)
    }

    /// Takes out a write that the customer no longer wants. A write that is under way stays, because it may
    /// have arrived; then false.
    pub fn discard(&mut self, id: &ClientId) -> bool {
        self.in_flight.as_ref() != Some(id) && self.settle(id)
    }

    fn set_wedged(&mut self, id: &ClientId, wedged: Option<String>) -> bool {
        let item = self.items.iter_mut().find(|item| item.client_id == *id);
        item.map(|item| item.wedged = wedged).is_some()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn outbox(ids: &[&str]) -> Outbox {
        let mut outbox = Outbox::default();
        for id in ids {
            let item = OutboxItem { client_id: (*id).into(), write: Write::Say { text: (*id).into() }, wedged: None };
            assert!(outbox.push(item.clone()));
            assert!(!outbox.push(item));
        }
        outbox
    }

    fn next(outbox: &Outbox) -> Option<&str> {
        outbox.next_ready().map(|item| item.client_id.as_str())
    }

    #[test]
    fn one_at_a_time_in_order_with_the_same_id() {
        let mut outbox = outbox(&["a", "b"]);
        assert!(outbox.start(&"a".into()));
        assert!(!outbox.start(&"b".into()));
        assert_eq!(next(&outbox), None);
        outbox.give_back();
        assert_eq!(next(&outbox), Some("a"));
        outbox.start(&"a".into());
        assert!(outbox.settle(&"a".into()));
        assert!(!outbox.settle(&"a".into()));
        assert_eq!(next(&outbox), Some("b"));
    }

    #[test]
    fn a_wedged_write_stays_and_later_ones_go_on() {
        let mut outbox = outbox(&["a", "b"]);
        outbox.start(&"a".into());
        assert!(outbox.wedge(&"a".into(), "too long"));
        assert_eq!(next(&outbox), Some("b"));
        assert!(!outbox.start(&"a".into()));
        assert!(outbox.retry(&"a".into()));
        assert!(!outbox.retry(&"a".into()));
        assert_eq!(next(&outbox), Some("a"));
    }

    #[test]
    fn a_write_under_way_cannot_be_taken_back() {
        let mut outbox = outbox(&["a", "b"]);
        outbox.start(&"a".into());
        assert!(!outbox.discard(&"a".into()));
        assert!(outbox.discard(&"b".into()));
        assert_eq!(outbox.len(), 1);
    }

    #[test]
    fn it_survives_being_written_down() {
        let mut outbox = outbox(&["a", "b"]);
        outbox.start(&"a".into());
        outbox.wedge(&"b".into(), "no");
        let kept: Outbox = serde_json::from_str(&serde_json::to_string(&outbox).unwrap()).unwrap();
        outbox.give_back();
        assert_eq!(kept, outbox);
    }
}
