//! The desk as its callers see it: every call goes through the router, nothing through a socket.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod contract;
mod restart;
mod scenes;
mod streams;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{Door, Engine, ManualClock, StoreLocation, api, open};
use crate::protocol::{Event, EventBody, Snapshot};

pub(super) const DEVICE_KEY: &str = "device-key-for-tests";
pub(super) const OPERATOR_KEY: &str = "operator-key-for-tests";
/// Ten in the morning where the company is at home.
const MORNING: &str = "2024-08-01T02:00:00Z";

/// A desk without a socket.
pub(super) struct Bench {
    pub(super) router: Router,
    pub(super) engine: Arc<Engine>,
    pub(super) clock: ManualClock,
    pub(super) token: String,
}

impl Bench {
    pub(super) async fn new() -> Self {
        Self::with(StoreLocation::Memory, 10_000).await
    }

    pub(super) async fn with(store: StoreLocation, kept_events: u64) -> Self {
        let clock = ManualClock::new(MORNING.parse::<Timestamp>().unwrap());
        let config = super::DeskConfig {
            store,
            device_key: Some(DEVICE_KEY.to_owned()),
            operator_key: Some(OPERATOR_KEY.to_owned()),
            clock: Arc::new(clock.clone()),
            session_life: SignedDuration::from_hours(1),
            kept_events,
            ..super::DeskConfig::default()
        };
        let door = Door { heartbeat: Duration::from_millis(20), ..open(&config).await.unwrap() };
        let engine = door.engine.clone();
        let mut bench = Self { router: api::router(door), engine, clock, token: String::new() };
        bench.token = bench.session("kiosk-1").await;
        bench
    }

    pub(super) async fn session(&self, device: &str) -> String {
        let body = json!({ "device": device, "protocol": { "min": 1, "max": 1 } });
        let (status, grant) = self.call("POST", "/v1/sessions", DEVICE_KEY, Some(body)).await;
        assert_eq!(status, StatusCode::OK, "{grant}");
        grant["token"].as_str().unwrap().to_owned()
    }

    pub(super) async fn response(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Response {
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(body)
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(super) async fn call(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> (StatusCode, Value) {
        let response = self.response(method, path, token, body).await;
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        (status, body)
    }

    /// Makes a conversation `c1` of Ms. Wang in Chinese.
    pub(super) async fn greet(&self) {
        self.create("c1", "zh-CN", "wang").await;
    }

    pub(super) async fn create(&self, id: &str, locale: &str, customer: &str) {
        let body = json!({
            "locale": locale, "customer": { "customer_id": customer }, "channel": "demo", "device": "kiosk-1",
        });
        let (status, receipt) = self.call("PUT", &format!("/v1/conversations/{id}"), &self.token, Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{receipt}");
    }

    /// What a message of the customer in `c1` causes, with the message itself.
    pub(super) async fn turn(&self, body: Value) -> Vec<Event> {
        let before = self.snapshot("c1").await.cursor;
        let path = format!("/v1/conversations/c1/messages/m{before}");
        let (status, receipt) = self.call("PUT", &path, &self.token, Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{receipt}");
        assert_eq!(receipt["seq"], before + 1);
        self.events("c1", before).await
    }

    pub(super) async fn say(&self, text: &str) -> Vec<Event> {
        self.turn(json!({ "text": text })).await
    }

    pub(super) async fn press(&self, card: &str, action: &str, inputs: Value) -> Vec<Event> {
        self.turn(json!({ "card_id": card, "action_id": action, "inputs": inputs })).await
    }

    pub(super) async fn agent(&self, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(method, &format!("/v1/conversations/{path}"), OPERATOR_KEY, Some(body)).await
    }

    pub(super) async fn events(&self, id: &str, after: u64) -> Vec<Event> {
        let path = format!("/v1/conversations/{id}/events?after={after}&wait=0");
        let (status, page) = self.call("GET", &path, OPERATOR_KEY, None).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let events: Vec<Event> = serde_json::from_value(page["events"].clone()).unwrap();
        for (event, seq) in events.iter().zip(after + 1..) {
            assert_eq!(event.seq, Some(seq), "the log has no gaps");
        }
        events
    }

    pub(super) async fn snapshot(&self, id: &str) -> Snapshot {
        let (_, snapshot) = self.call("GET", &format!("/v1/conversations/{id}"), OPERATOR_KEY, None).await;
        serde_json::from_value(snapshot).unwrap()
    }

    /// Ids of the cards that are up in `c1`.
    pub(super) async fn cards(&self) -> Vec<String> {
        let cards = self.snapshot("c1").await.cards;
        assert!(cards.len() <= 3);
        cards.into_iter().map(|card| card.card_id.0).collect()
    }
}

pub(super) fn kinds(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.body.kind()).collect()
}

/// The words of the last message of the desk.
pub(super) fn words(events: &[Event]) -> String {
    let said = events.iter().rev().find_map(|event| match &event.body {
        EventBody::MessageCompleted(message) => message.text.clone(),
        _ => None,
    });
    said.unwrap()
}

/// The acts of the last message of the desk, each with the words it covers and its target.
pub(super) fn acts(events: &[Event]) -> Vec<(String, String, Option<(String, Option<u32>)>)> {
    let message = events.iter().rev().find_map(|event| match &event.body {
        EventBody::MessageCompleted(message) => Some(message),
        _ => None,
    });
    let message = message.unwrap();
    let text: Vec<char> = message.text.as_ref().unwrap().chars().collect();
    message
        .acts
        .iter()
        .map(|act| {
            let [start, end] = act.at.as_ref().unwrap().span;
            let words = text[start as usize..end as usize].iter().collect();
            let target = act.target.as_ref().map(|target| (target.card_id.0.clone(), target.item));
            (act.act.to_string(), words, target)
        })
        .collect()
}
