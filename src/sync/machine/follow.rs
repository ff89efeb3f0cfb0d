//! Following the log: the stream, long polls in its place, gaps.

use std::time::Duration;

use serde::Deserialize;

use super::{Action, LinkState, Machine, Outcome, Request, StreamEnd, StreamId, TimerId, Update};
use crate::{
    protocol::{ConversationId, Event, EventBody},
    sync::{
        retry::{Failure, NetFailureKind, RetryKind, judge},
        sse::SseItem,
    },
};

/// Streams in a row that came to nothing before long polls take over.
const STREAM_FAILURES: u32 = 3;
/// Long polls before a stream is tried again.
const POLLS_BEFORE_STREAM: u32 = 20;
/// A poll that brings nothing takes at least this long, or else the next one waits.
const POLL_PAUSE: Duration = Duration::from_secs(1);
/// Events that are held while those before them are fetched.
const MAX_HELD: usize = 256;
/// Silence of the desk, in heartbeats, after which a stream counts as dead.
const SILENT_BEATS: u32 = 3;
/// The longest time that a desk may ask for before the next connection.
const MAX_SERVER_RETRY: Duration = Duration::from_secs(60);

/// A connection of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stream {
    id: StreamId,
    heard_at: Duration,
    /// It brought an event, or a sign of life some time after its start: the way there is good.
    proven: bool,
    opened_at: Option<Duration>,
}

/// A page of events, read so that one bad event does not spoil the others.
#[derive(Deserialize)]
struct Page {
    events: Vec<serde_json::Value>,
    has_more: bool,
}

impl Machine {
    /// Opens the stream, or polls where streams do not hold.
    pub(super) fn follow(&mut self, id: ConversationId) {
        if self.stream.is_some() || self.fetch.is_some() {
            return;
        }
        if self.stream_failures >= STREAM_FAILURES && self.polls < POLLS_BEFORE_STREAM {
            self.polls += 1;
            self.poll_started = self.now;
            let wait_secs = self.limits().longpoll_secs;
            self.fetch = Some(self.ask(Request::FetchEvents { id, after: self.cursor, wait_secs }));
            return;
        }
        self.polls = 0;
        let Some(token) = self.token() else { return };
        let stream = StreamId(self.fresh_id());
        self.stream = Some(Stream { id: stream, heard_at: self.now, proven: false, opened_at: None });
        self.act(Action::OpenStream { stream, id, after: self.cursor, token });
        self.act(Action::SetTimer(TimerId::Watchdog, self.patience()));
    }

    pub(super) fn stream_opened(&mut self, id: StreamId) {
        let now = self.now;
        let Some(stream) = self.stream.as_mut().filter(|stream| stream.id == id) else { return };
        stream.heard_at = now;
        stream.opened_at = Some(now);
        self.accepted();
        self.live();
    }

    pub(super) fn stream_item(&mut self, id: StreamId, item: SseItem) {
        let now = self.now;
        let Some(stream) = self.stream.as_mut().filter(|stream| stream.id == id) else { return };
        stream.heard_at = now;
        let is_event = matches!(item, SseItem::Event(_));
        let lasts = stream.opened_at.is_some_and(|at| now >= at + Duration::from_secs(5));
        if is_event || lasts {
            stream.proven = true;
            self.attempt = 0;
            self.stream_failures = 0;
        }
        match item {
            SseItem::Comment => {}
            SseItem::Retry(wait) => self.server_retry = Some(wait.min(MAX_SERVER_RETRY)),
            SseItem::Event(event) => match serde_json::from_str::<Event>(&event.data) {
                Ok(event) => self.offer(event),
                Err(error) => self.unreadable_event(event.id.and_then(|id| id.parse().ok()), &error),
            },
        }
    }

    /// An event without a readable envelope: if it has a number, only a snapshot tells what it changed.
    fn unreadable_event(&mut self, seq: Option<u64>, error: &serde_json::Error) {
        tracing::warn!(?seq, %error, "an event of the desk cannot be read");
        if seq.is_some_and(|seq| seq > self.cursor) {
            self.problem(
                "cannot read an event of the service desk",
                &error.to_string(),
                "the conversation is read anew",
            );
            self.snapshot_anew();
        }
    }

    /// Takes an event from the stream.
    fn offer(&mut self, event: Event) {
        if self.conversation.as_ref().is_none_or(|(id, _)| *id != event.conversation_id) {
            return;
        }
        let Some(seq) = event.seq else {
            // Pieces of a reply mean nothing before the events that they build on.
            if self.held.is_empty() {
                self.emit(Update::Event(Box::new(event)));
            }
            return;
        };
        if seq <= self.cursor {
            return;
        }
        if self.held.len() < MAX_HELD {
            self.held.insert(seq, event);
        }
        self.release_held();
        if self.snapshot_taken && !self.held.is_empty() {
            self.fetch_gap();
        }
    }

    fn fetch_gap(&mut self) {
        if self.fetch.is_none()
            && let Some(id) = self.open_conversation()
        {
            self.fetch = Some(self.ask(Request::FetchEvents { id, after: self.cursor, wait_secs: 0 }));
        }
    }

    /// Passes on what is next in line.
    fn release_held(&mut self) {
        while let Some(entry) = self.held.first_entry() {
            let seq = *entry.key();
            if seq > self.cursor + 1 {
                return;
            }
            let event = entry.remove();
            if seq <= self.cursor {
                continue;
            }
            self.cursor = seq;
            let malformed = matches!(event.body, EventBody::Malformed { .. });
            let message_id = match &event.body {
                EventBody::MessageCreated(message) => Some(message.message_id.clone()),
                _ => None,
            };
            self.emit(Update::Event(Box::new(event)));
            if let Some(message_id) = message_id {
                self.seen_in_log(&message_id);
            }
            if malformed {
                // What it would have changed is in the next snapshot.
                return self.snapshot_anew();
            }
        }
    }

    pub(super) fn fetched(&mut self, outcome: &Outcome) {
        let page = match judge(outcome) {
            Ok(body) => serde_json::from_slice::<Page>(body),
            Err(failure) => return self.follow_failed(&failure),
        };
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                self.close_stream();
                return self.unreadable(&error);
            }
        };
        self.accepted();
        let (before, had_gap) = (self.cursor, !self.held.is_empty());
        for value in page.events {
            match serde_json::from_value::<Event>(value) {
                Ok(event) => {
                    if let Some(seq) = event.seq.filter(|seq| *seq > self.cursor) {
                        self.held.insert(seq, event);
                        self.release_held();
                    }
                }
                Err(error) => self.unreadable_event(Some(self.cursor + 1), &error),
            }
            if !self.snapshot_taken {
                return;
            }
        }
        let stuck = self.cursor == before;
        if stuck && (had_gap || page.has_more || !self.held.is_empty()) {
            // The log has a hole that the desk cannot fill.
            self.problem("cannot read the whole conversation", "the desk's log has a gap", "it is read anew");
            return self.snapshot_anew();
        }
        if self.stream.is_some() {
            if page.has_more || !self.held.is_empty() {
                self.fetch_gap();
            }
            return;
        }
        self.attempt = 0;
        self.live();
        if stuck && self.now < self.poll_started + POLL_PAUSE {
            self.wait(POLL_PAUSE);
        }
    }

    pub(super) fn stream_ended(&mut self, id: StreamId, end: StreamEnd) {
        let Some(stream) = self.stream.take_if(|stream| stream.id == id) else { return };
        if !stream.proven {
            self.stream_failures = self.stream_failures.saturating_add(1);
        }
        let broken =
            |why: &str| Failure { kind: RetryKind::Transient { retry_after: None }, status: None, why: why.to_owned() };
        let failure = match end {
            StreamEnd::Closed => broken("the desk closed the stream"),
            // It was open: the desk may be there still, the next try will tell.
            StreamEnd::Broken(failure) if stream.opened_at.is_some() => broken(&failure.why),
            StreamEnd::Broken(failure) => {
                let kind = match failure.kind {
                    NetFailureKind::Unreachable => RetryKind::NetworkFailure,
                    NetFailureKind::Untrusted | NetFailureKind::TooLarge => RetryKind::Stranger,
                };
                Failure { kind, status: None, why: failure.why }
            }
            StreamEnd::Refused(reply) => match judge(&Ok(reply)) {
                Ok(_) => broken("the desk's answer is not a stream"),
                Err(failure) => failure,
            },
            StreamEnd::TooLarge => {
                self.problem(
                    "cannot read an event of the service desk",
                    "it is too large",
                    "the conversation is read anew",
                );
                self.snapshot_taken = false;
                broken("an event is too large")
            }
        };
        self.fetch = None;
        self.held.clear();
        self.follow_failed(&failure);
    }

    fn follow_failed(&mut self, failure: &Failure) {
        match (&failure.kind, failure.status) {
            (RetryKind::CursorGone, _) | (RetryKind::Permanent, Some(400)) => {
                self.snapshot_anew();
                // Once at once; a desk that keeps doing it is asked more and more seldom.
                if self.attempt > 0 {
                    return self
                        .wait_after(&Failure { kind: RetryKind::Transient { retry_after: None }, ..failure.clone() });
                }
                self.attempt = 1;
            }
            (RetryKind::Unauthorized, _) => self.unauthorized(failure),
            // The stream may be what this desk lacks; the snapshot tells a lost conversation from that.
            (RetryKind::Permanent, Some(404)) => {
                self.snapshot_anew();
                if self.attempt > 0 {
                    let wait = self.backoff.wait(self.attempt);
                    self.wait(wait);
                }
                self.attempt = self.attempt.saturating_add(1);
            }
            _ => {
                self.close_stream();
                match self.server_retry.take() {
                    Some(least) => self.wait_after(&Failure {
                        kind: RetryKind::Transient { retry_after: Some(least) },
                        ..failure.clone()
                    }),
                    None if matches!(failure.kind, RetryKind::Permanent | RetryKind::Stranger) => {
                        // Perhaps only the stream is spoiled by something in between; polls may pass.
                        self.wait_after(&Failure {
                            kind: RetryKind::Transient { retry_after: None },
                            ..failure.clone()
                        });
                    }
                    None => self.wait_after(failure),
                }
            }
        }
    }

    /// No sign of life for too long?
    pub(super) fn watch(&mut self) {
        let Some(stream) = self.stream else { return };
        let dead_at = stream.heard_at + self.patience();
        if self.now < dead_at {
            return self.act(Action::SetTimer(TimerId::Watchdog, dead_at - self.now));
        }
        self.act(Action::CloseStream(stream.id));
        let why = "the desk fell silent".to_owned();
        let failure = crate::sync::retry::NetFailure { kind: NetFailureKind::Unreachable, why };
        self.stream_ended(stream.id, StreamEnd::Broken(failure));
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(u64::from(self.limits().heartbeat_secs.clamp(1, 120) * SILENT_BEATS))
    }

    pub(super) fn close_stream(&mut self) {
        if let Some(stream) = self.stream.take() {
            self.act(Action::CloseStream(stream.id));
        }
        self.fetch = None;
        self.held.clear();
    }

    fn snapshot_anew(&mut self) {
        self.close_stream();
        self.snapshot_taken = false;
    }

    /// Events arrive.
    fn live(&mut self) {
        self.set_link(LinkState::Live);
        if !self.write_wait_is_asked {
            self.write_at = None;
        }
    }
}
