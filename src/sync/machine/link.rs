//! The way to the desk: token, conversation, snapshot, stream.

use std::time::Duration;

use super::{Action, LinkState, Machine, Outcome, Record, Request, TimerId, Update};
use crate::{
    protocol::{ConversationId, CreateSession, MessageId, PROTOCOL_VERSION, ProtocolRange, SessionGrant, Snapshot},
    sync::retry::{Failure, MAX_BACKOFF, RetryKind, judge},
};

/// A step of the way that is one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Open a session.
    Session,
    /// Create the conversation.
    Create,
    /// Take a snapshot.
    Snapshot,
}

impl Machine {
    /// Takes the first step that is missing, if nothing is under way and no wait forbids it.
    pub(super) fn advance(&mut self) {
        if self.call.is_some() || self.connect_at.is_some() || self.link == LinkState::SignedOut {
            return;
        }
        let (step, request) = if self.session.is_none() {
            let protocol = ProtocolRange { min: PROTOCOL_VERSION, max: PROTOCOL_VERSION };
            (Step::Session, Request::OpenSession(CreateSession { device: self.identity.device.clone(), protocol }))
        } else {
            match self.conversation.clone() {
                None => {
                    // Kept before it is used: a crash in between must not make two conversations.
                    let id = ConversationId((self.ids)());
                    self.set_conversation(id.clone(), false);
                    (Step::Create, Request::Create { id, body: self.create_body() })
                }
                Some((id, false)) => (Step::Create, Request::Create { id, body: self.create_body() }),
                Some((id, true)) if !self.snapshot_taken => (Step::Snapshot, Request::TakeSnapshot { id }),
                Some((id, true)) => return self.follow(id),
            }
        };
        let request_id = self.ask(request);
        self.call = Some((request_id, step));
    }

    pub(super) fn step_completed(&mut self, step: Step, outcome: &Outcome) {
        let body = match judge(outcome) {
            Ok(body) => body,
            Err(failure) => return self.step_failed(step, &failure),
        };
        match step {
            Step::Session => match serde_json::from_slice::<SessionGrant>(body) {
                Ok(grant) => self.granted(grant),
                Err(error) => self.unreadable(&error),
            },
            Step::Create => {
                self.accepted();
                if let Some((id, _)) = self.conversation.clone() {
                    self.set_conversation(id, true);
                }
            }
            Step::Snapshot => match serde_json::from_slice::<Snapshot>(body) {
                Ok(snapshot) => self.refreshed(snapshot),
                Err(error) => self.unreadable(&error),
            },
        }
    }

    fn granted(&mut self, grant: SessionGrant) {
        let ProtocolRange { min, max } = grant.protocol;
        if PROTOCOL_VERSION < min || PROTOCOL_VERSION > max {
            let why = format!("it speaks protocol {min} to {max}, this program {PROTOCOL_VERSION}");
            self.problem("cannot talk to the service desk", &why, "update Visavis or the desk");
            return self.set_link(LinkState::SignedOut);
        }
        if let (None, Some(id)) = (&self.conversation, grant.conversation_id.clone()) {
            self.set_conversation(id, true);
        }
        self.act(Action::Persist(Record::Session(Box::new(grant.clone()))));
        self.session = Some(grant);
        self.session_untried = true;
    }

    fn refreshed(&mut self, snapshot: Snapshot) {
        self.accepted();
        self.snapshot_taken = true;
        self.cursor = snapshot.cursor;
        self.held.clear();
        self.act(Action::Persist(Record::Cursor(snapshot.cursor)));
        let arrived: Vec<MessageId> = snapshot.messages.iter().map(|message| message.message_id.clone()).collect();
        self.emit(Update::Snapshot(Box::new(snapshot)));
        for message_id in arrived {
            self.seen_in_log(&message_id);
        }
    }

    fn step_failed(&mut self, step: Step, failure: &Failure) {
        match &failure.kind {
            RetryKind::Unauthorized if step == Step::Session => self.sign_out(&failure.why),
            // The token is good, but not for this conversation: it is somebody else's.
            RetryKind::Unauthorized if failure.status == Some(403) && self.session_untried => {
                self.conversation_lost();
                self.wait_after(failure);
            }
            RetryKind::Unauthorized => self.unauthorized(failure),
            RetryKind::Permanent if step == Step::Snapshot && failure.status == Some(404) => {
                self.conversation_lost();
                // At once the first time; a desk that never knows what it created is left in peace.
                if self.attempt > 0 {
                    self.wait_after(failure);
                }
                self.attempt += 1;
            }
            // Under this id the desk has another conversation: take a new id.
            RetryKind::Permanent if step == Step::Create && failure.status == Some(409) => {
                self.conversation = None;
                self.act(Action::Persist(Record::ConversationGone));
                self.wait_after(failure);
            }
            RetryKind::Permanent | RetryKind::Stranger => {
                self.problem(
                    "cannot talk to the service desk",
                    &failure.why,
                    "check the server address and the network",
                );
                self.wait_after(failure);
            }
            _ => self.wait_after(failure),
        }
    }

    pub(super) fn unreadable(&mut self, error: &serde_json::Error) {
        let why = format!("its answer cannot be read: {error}");
        self.problem("cannot talk to the service desk", &why, "check the server address and its version");
        self.wait_after(&Failure { kind: RetryKind::Stranger, status: None, why });
    }

    /// Waits before the next step and shows why.
    pub(super) fn wait_after(&mut self, failure: &Failure) {
        self.attempt = self.attempt.saturating_add(1);
        let wait = match &failure.kind {
            RetryKind::Transient { retry_after: Some(least) } => self.backoff.wait_at_least(*least),
            // Nothing will be better in a second.
            RetryKind::Permanent | RetryKind::Stranger => self.backoff.wait_at_least(MAX_BACKOFF),
            _ => self.backoff.wait(self.attempt),
        };
        self.wait(wait);
        match failure.kind {
            RetryKind::NetworkFailure => self.set_link(LinkState::Offline),
            _ => self.set_link(LinkState::Recovering { attempt: self.attempt, retry_in: wait }),
        }
    }

    pub(super) fn wait(&mut self, wait: Duration) {
        self.connect_at = Some(self.now + wait);
        self.act(Action::SetTimer(TimerId::Connect, wait));
    }

    /// The desk accepted something with the token.
    pub(super) fn accepted(&mut self) {
        self.session_untried = false;
    }

    pub(super) fn sign_out(&mut self, why: &str) {
        self.problem("cannot sign in at the service desk", why, "check the device key; unsent messages are kept");
        self.set_link(LinkState::SignedOut);
    }

    pub(super) fn reconnect(&mut self) {
        self.attempt = 0;
        self.connect_at = None;
        self.write_at = None;
        self.stream_failures = 0;
        if self.link == LinkState::SignedOut {
            self.set_link(LinkState::Connecting);
        }
        // What sleeps for long may be dead without knowing it.
        self.close_stream();
    }

    /// Ends everything that is under way with the present token and conversation.
    pub(super) fn drop_link(&mut self) {
        self.close_stream();
        self.call = None;
        self.fetch = None;
        self.write = None;
        self.outbox.give_back();
        self.snapshot_taken = false;
        self.held.clear();
    }

    pub(super) fn set_link(&mut self, link: LinkState) {
        if self.link != link {
            self.link = link.clone();
            self.emit(Update::Link(link));
        }
    }

    fn set_conversation(&mut self, id: ConversationId, created: bool) {
        self.conversation = Some((id.clone(), created));
        self.act(Action::Persist(Record::Conversation { id, created }));
    }
}
