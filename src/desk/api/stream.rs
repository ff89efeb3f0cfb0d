//! Reading the log: long poll for truth, server-sent events for speed.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{self, KeepAlive, Sse},
    },
};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use tokio::sync::watch;

use super::{Desk, Either, HEARTBEAT, LONGEST_POLL, Operator, Refused};
use crate::{
    desk::{engine::Engine, hub::Listener, refusal::Refusal},
    protocol::{ConversationId, Event, EventPage},
};

/// Most events in one answer.
const PAGE: u32 = 100;
/// When a client may come back after the desk has stopped.
const RETRY: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
pub(super) struct Cursor {
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    wait: Option<String>,
}

impl Cursor {
    fn after(&self) -> Result<u64, Refusal> {
        number("after", self.after.as_deref().unwrap_or("0"))
    }
}

fn number(name: &str, text: &str) -> Result<u64, Refusal> {
    text.trim().parse().map_err(|_| Refusal::new(400, "bad_cursor", format!("`{name}` is not a whole number")))
}

pub(super) async fn events(
    Either(caller): Either,
    State(engine): Desk,
    Path(id): Path<String>,
    Query(cursor): Query<Cursor>,
) -> Result<Json<EventPage>, Refused> {
    let id = ConversationId(id);
    let after = cursor.after()?;
    let wait = number("wait", cursor.wait.as_deref().unwrap_or("0"))?;
    engine.check_access(&caller, &id).await?;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(wait).min(LONGEST_POLL);
    let mut listener = engine.hub.listen(&id);
    let mut draining = engine.hub.draining();
    loop {
        // One more than a page holds tells whether there is more.
        let mut events = engine.events(&id, after, PAGE + 1).await?;
        let drained = *draining.borrow_and_update();
        if !events.is_empty() || drained || tokio::time::Instant::now() >= deadline {
            let has_more = events.len() > PAGE as usize;
            events.truncate(PAGE as usize);
            let next = events.last().and_then(|event| event.seq).unwrap_or(after);
            return Ok(Json(EventPage { events, next, has_more }));
        }
        tokio::select! {
            // An error means that the desk goes down; the next turn of the loop answers.
            _ = listener.news.changed() => {}
            _ = draining.changed() => {}
            () = tokio::time::sleep_until(deadline) => {}
        }
    }
}

pub(super) async fn stream(
    Either(caller): Either,
    State(engine): Desk,
    Path(id): Path<String>,
    Query(cursor): Query<Cursor>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let id = ConversationId(id);
    let after = match headers.get("last-event-id").map(|value| value.to_str()) {
        Some(Ok(text)) => number("Last-Event-ID", text)?,
        Some(Err(_)) => return Err(Refusal::new(400, "bad_cursor", "`Last-Event-ID` is not a whole number").into()),
        None => cursor.after()?,
    };
    engine.check_access(&caller, &id).await?;
    let listener = engine.hub.listen(&id);
    let draining = engine.hub.draining();
    // The first page now, so that a cursor that is gone is told by the status.
    let ready = engine.events(&id, after, PAGE).await?.into();
    let follower = Follower { engine, id, after, ready, listener, draining, over: false };
    Ok(answer(stream::unfold(follower, Follower::next)))
}

/// One reader of a conversation's stream.
struct Follower {
    engine: Arc<Engine>,
    id: ConversationId,
    after: u64,
    ready: VecDeque<Event>,
    listener: Listener,
    draining: watch::Receiver<bool>,
    over: bool,
}

impl Follower {
    async fn next(mut self) -> Option<(Result<sse::Event, Infallible>, Self)> {
        if self.over {
            return None;
        }
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.after = event.seq.unwrap_or(self.after);
                return Some((Ok(line(&event)), self));
            }
            // Mark the news as seen before reading: what comes in between wakes the next turn.
            self.listener.news.borrow_and_update();
            match self.engine.events(&self.id, self.after, PAGE).await {
                Ok(events) if !events.is_empty() => {
                    self.ready = events.into();
                    continue;
                }
                Ok(_) => {}
                // The client comes back and hears by status what is wrong.
                Err(_) => return self.end(),
            }
            if *self.draining.borrow_and_update() {
                return self.end();
            }
            tokio::select! {
                changed = self.listener.news.changed() => if changed.is_err() { return self.end() },
                _ = self.draining.changed() => {}
                passed = self.listener.ephemeral.recv() => if let Ok(event) = passed {
                    return Some((Ok(line(&event)), self));
                },
            }
        }
    }

    fn end(mut self) -> Option<(Result<sse::Event, Infallible>, Self)> {
        self.over = true;
        Some((Ok(sse::Event::default().retry(RETRY).comment("the desk stops")), self))
    }
}

/// Ephemeral events carry no id, so that they never move a cursor.
fn line(event: &Event) -> sse::Event {
    // Our own types always serialize; an empty comment is the harmless alternative to a panic.
    let Ok(json) = serde_json::to_string(event) else { return sse::Event::default().comment("") };
    let line = sse::Event::default().data(json);
    match event.seq {
        Some(seq) => line.id(seq.to_string()),
        None => line,
    }
}

/// The whole queue, now and whenever it changes.
pub(super) async fn queue_stream(_: Operator, State(engine): Desk) -> Result<Response, Refused> {
    let changes = engine.hub.listen_to_queue();
    let draining = engine.hub.draining();
    let first = true;
    let queue =
        stream::unfold((engine, changes, draining, first), async |(engine, mut changes, mut draining, first)| {
            if *draining.borrow() {
                return None;
            }
            if !first {
                tokio::select! {
                    changed = changes.changed() => changed.ok()?,
                    _ = draining.changed() => {
                        let last = sse::Event::default().retry(RETRY).comment("the desk stops");
                        return Some((Ok(last), (engine, changes, draining, false)));
                    }
                }
            }
            changes.borrow_and_update();
            let list = engine.queue().await.ok()?;
            let json = serde_json::to_string(&list).ok()?;
            Some((Ok(sse::Event::default().data(json)), (engine, changes, draining, false)))
        });
    Ok(answer(queue))
}

fn answer(lines: impl Stream<Item = Result<sse::Event, Infallible>> + Send + 'static) -> Response {
    let heartbeat = KeepAlive::new().interval(HEARTBEAT).text("");
    let mut response = Sse::new(lines).keep_alive(heartbeat).into_response();
    // Proxies that collect answers would hold the stream back.
    let off = axum::http::HeaderValue::from_static("no");
    response.headers_mut().insert("x-accel-buffering", off);
    response
}
