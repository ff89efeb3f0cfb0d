//! Delivering the outbox, one write at a time, each until the desk has it or refuses it for good.

use std::time::Duration;

use super::{Action, ClientId, LinkState, Machine, OutboxItem, Outcome, Record, Request, TimerId, Update, Write};
use crate::{
    protocol::{MessageId, WriteReceipt},
    sync::retry::{Failure, MAX_BACKOFF, RetryKind, judge},
};

/// The least time between two notes that the customer writes.
const TYPING_EVERY: Duration = Duration::from_secs(3);
/// What a request's body holds beside the customer's own words.
const ENVELOPE_BYTES: u64 = 256;

impl Machine {
    pub(super) fn queue(&mut self, client_id: ClientId, write: Write) {
        let item = OutboxItem { client_id: client_id.clone(), write: write.clone(), wedged: None };
        if self.outbox.push(item.clone()) {
            // Kept before it is shown, shown before it is sent.
            self.act(Action::Persist(Record::Queued(item)));
            self.emit(Update::Echo { client_id, write });
        }
    }

    pub(super) fn retry(&mut self, client_id: &ClientId) {
        if self.outbox.retry(client_id) {
            self.act(Action::Persist(Record::Unwedged(client_id.clone())));
            self.emit(Update::Unwedged { client_id: client_id.clone() });
        }
        if !self.write_wait_is_asked {
            self.write_at = None;
        }
    }

    pub(super) fn discard(&mut self, client_id: &ClientId) {
        if self.outbox.discard(client_id) {
            self.act(Action::Persist(Record::Settled(client_id.clone())));
            self.emit(Update::Discarded { client_id: client_id.clone() });
        }
    }

    /// Sends the next write if nothing is in its way.
    pub(super) fn pump(&mut self) {
        // Not before the snapshot: it tells which writes have arrived already.
        let ready = self.snapshot_taken && self.link != LinkState::SignedOut;
        if !ready || self.write.is_some() || self.write_at.is_some() {
            return;
        }
        let Some(id) = self.open_conversation() else { return };
        while let Some(item) = self.outbox.next_ready().cloned() {
            if let Some(why) = self.too_large(&item.write) {
                self.wedge(&item.client_id, &why);
                continue;
            }
            self.outbox.start(&item.client_id);
            let client_id = item.client_id.clone();
            let request_id = self.ask(Request::Write { id, item });
            self.write = Some((request_id, client_id));
            return;
        }
    }

    /// Why the desk would refuse a write by its size, known before it is sent.
    fn too_large(&self, write: &Write) -> Option<String> {
        let limits = self.limits();
        let text = match write {
            Write::Say { text } => text.as_str(),
            Write::Rate { comment, .. } => comment.as_deref().unwrap_or_default(),
            Write::Submit(_) | Write::AskForHuman { .. } => "",
        };
        let characters = text.chars().count();
        if characters > limits.max_text as usize {
            return Some(format!("{characters} characters are more than the {} that fit", limits.max_text));
        }
        let bytes = serde_json::to_vec(write).map_or(0, |body| body.len() as u64);
        (bytes > limits.max_body.saturating_add(ENVELOPE_BYTES))
            .then(|| format!("{bytes} bytes are more than the {} that fit", limits.max_body))
    }

    pub(super) fn write_completed(&mut self, client_id: &ClientId, outcome: &Outcome) {
        let failure = match judge(outcome) {
            // An answer that was cut is no receipt: the same write again will tell.
            Ok(body) if body.is_empty() || serde_json::from_slice::<WriteReceipt>(body).is_ok() => {
                self.accepted();
                self.write_attempt = 0;
                self.write_wait_is_asked = false;
                self.doubted = None;
                return self.delivered(client_id);
            }
            Ok(_) => Failure {
                kind: RetryKind::Transient { retry_after: None },
                status: None,
                why: "the desk's answer cannot be read".into(),
            },
            Err(failure) => failure,
        };
        match (&failure.kind, failure.status) {
            (RetryKind::Unauthorized, Some(403)) | (RetryKind::Permanent, Some(404))
                if self.doubted.as_ref() == Some(client_id) =>
            {
                self.doubted = None;
                self.wedge(client_id, &failure.why);
            }
            (RetryKind::Unauthorized, _) => {
                self.doubted = Some(client_id.clone());
                self.unauthorized(&failure);
            }
            (RetryKind::Permanent, Some(404)) => {
                // Whether the conversation is lost is for the snapshot to tell.
                self.doubted = Some(client_id.clone());
                self.drop_link();
            }
            (RetryKind::Permanent | RetryKind::CursorGone, _) => {
                self.write_attempt = 0;
                self.wedge(client_id, &failure.why);
            }
            _ => {
                self.outbox.give_back();
                self.write_attempt = self.write_attempt.saturating_add(1);
                let asked = match &failure.kind {
                    RetryKind::Transient { retry_after } => *retry_after,
                    RetryKind::Stranger => Some(MAX_BACKOFF),
                    _ => None,
                };
                self.write_wait_is_asked = asked.is_some();
                let wait = match asked {
                    Some(least) => self.backoff.wait_at_least(least),
                    None => self.backoff.wait(self.write_attempt),
                };
                self.write_at = Some(self.now + wait);
                self.act(Action::SetTimer(TimerId::Write, wait));
            }
        }
    }

    fn delivered(&mut self, client_id: &ClientId) {
        if self.outbox.settle(client_id) {
            self.act(Action::Persist(Record::Settled(client_id.clone())));
            self.emit(Update::Delivered { client_id: client_id.clone() });
        }
    }

    /// A message stands in the log: if it is one of ours, it has arrived, whatever becomes of its receipt.
    pub(super) fn seen_in_log(&mut self, message_id: &MessageId) {
        let client_id = ClientId(message_id.0.clone());
        self.write.take_if(|(_, under_way)| *under_way == client_id);
        self.delivered(&client_id);
    }

    fn wedge(&mut self, client_id: &ClientId, why: &str) {
        if self.outbox.wedge(client_id, why) {
            self.act(Action::Persist(Record::Wedged { client_id: client_id.clone(), why: why.to_owned() }));
            self.emit(Update::Wedged { client_id: client_id.clone(), why: why.to_owned() });
        }
    }

    pub(super) fn typing(&mut self) {
        let due = self.typed_at.is_none_or(|at| self.now >= at + TYPING_EVERY);
        if let (true, LinkState::Live, Some(id)) = (due, &self.link, self.open_conversation()) {
            self.typed_at = Some(self.now);
            self.ask(Request::Typing { id });
        }
    }
}
