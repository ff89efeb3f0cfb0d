//! The Conversation API over HTTP: who may call what, and how refusals look. What a call does is in
//! [`engine`](super::engine).

mod agent;
mod customer;
mod stream;

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRef, FromRequest, FromRequestParts, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde::de::DeserializeOwned;

use super::{
    auth,
    engine::{Caller, Engine, MAX_TEXT},
    refusal::Refusal,
};
use crate::protocol::{Limits, Problem};

/// Largest request body in bytes.
const MAX_BODY: usize = 256 * 1024;
/// Streams say something at least this often; the contract allows 15 s.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Longest wait of a long poll.
const LONGEST_POLL: Duration = Duration::from_secs(25);

pub(super) const LIMITS: Limits = Limits {
    max_body: MAX_BODY as u64,
    max_text: MAX_TEXT,
    heartbeat_secs: HEARTBEAT.as_secs() as u32,
    longpoll_secs: LONGEST_POLL.as_secs() as u32,
};

/// What every call can reach.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub(crate) engine: Arc<Engine>,
    pub(crate) device_key: Arc<str>,
    pub(crate) operator_key: Arc<str>,
}

impl FromRef<Door> for Arc<Engine> {
    fn from_ref(door: &Door) -> Self {
        door.engine.clone()
    }
}

/// All calls.
pub(crate) fn router(door: Door) -> Router {
    let conversation = Router::new()
        .route("/", put(customer::create).get(customer::snapshot))
        .route("/events", get(stream::events))
        .route("/stream", get(stream::stream))
        .route("/messages/{client_id}", put(customer::put_message))
        .route("/handoffs/{client_id}", put(customer::put_handoff))
        .route("/ratings/{client_id}", put(customer::put_rating))
        .route("/typing", post(customer::typing))
        .route("/seen", post(customer::seen))
        .route("/claim", post(agent::claim))
        .route("/release", post(agent::release))
        .route("/resolve", post(agent::resolve))
        .route("/case", get(agent::case).put(agent::put_case))
        .route("/follow_ups", post(agent::schedule));
    Router::new()
        .route("/v1/sessions", post(customer::open_session))
        .nest("/v1/conversations/{id}", conversation)
        .route("/v1/queue", get(agent::queue))
        .route("/v1/queue/stream", get(stream::queue_stream))
        .fallback(async || Refused(Refusal::not_found("call")))
        .method_not_allowed_fallback(async || {
            Refused(Refusal::new(405, "method_not_allowed", "this call takes another method"))
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(name_request))
        .with_state(door)
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives every call an id and writes refusals out with it.
async fn name_request(request: Request, next: Next) -> Response {
    let request_id = uuid::Uuid::now_v7().to_string();
    // The path holds ids only; bodies and credentials never reach the log.
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    tracing::debug!(%request_id, %method, path, status = response.status().as_u16(), "call");
    if let Some(Refused(refusal)) = response.extensions_mut().remove::<Refused>() {
        let problem = Problem {
            kind: "about:blank".to_owned(),
            status: refusal.status,
            code: refusal.code.to_owned(),
            detail: refusal.detail,
            retryable: refusal.retryable,
            retry_after_ms: refusal.retryable.then_some(1000),
            request_id: request_id.clone(),
        };
        response = (response.status(), Json(problem)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// A refusal on its way out; [`name_request`] writes the body.
#[derive(Debug, Clone)]
pub(crate) struct Refused(pub(crate) Refusal);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A JSON body, with refusals of our own.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let status = rejection.status().as_u16();
            let code = if status == 413 { "body_too_large" } else { "bad_body" };
            Refusal::new(status, code, format!("the body cannot be read; at most {MAX_BODY} bytes"))
        })?;
        let body = serde_json::from_slice(&bytes)
            .map_err(|error| Refusal::new(400, "bad_json", format!("the body does not fit this call: {error}")))?;
        Ok(Self(body))
    }
}

/// A customer's device or a human agent.
pub(crate) struct Either(pub(crate) Caller);

/// A human agent.
pub(crate) struct Operator;

/// A customer's device.
pub(crate) struct Device(pub(crate) String);

fn token(parts: &Parts) -> Result<&str, Refusal> {
    let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    header
        .and_then(auth::bearer)
        .ok_or_else(|| Refusal::new(401, "unauthorized", "this call needs `Authorization: Bearer …`"))
}

impl FromRequestParts<Door> for Either {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Refused> {
        let token = token(parts)?;
        if auth::same(token, &door.operator_key) {
            return Ok(Self(Caller::Operator));
        }
        Ok(Self(Caller::Device(door.engine.device_of(token).await?)))
    }
}

impl FromRequestParts<Door> for Operator {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Refused> {
        match Either::from_request_parts(parts, door).await?.0 {
            Caller::Operator => Ok(Self),
            Caller::Device(_) => Err(Refusal::new(403, "forbidden", "this call is for human agents").into()),
        }
    }
}

impl FromRequestParts<Door> for Device {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Refused> {
        match Either::from_request_parts(parts, door).await?.0 {
            Caller::Device(device) => Ok(Self(device)),
            Caller::Operator => Err(Refusal::new(403, "forbidden", "this call is for customers").into()),
        }
    }
}

/// The device's own credential, which opens sessions and nothing else.
pub(crate) struct DeviceKey;

impl FromRequestParts<Door> for DeviceKey {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Refused> {
        if auth::same(token(parts)?, &door.device_key) {
            Ok(Self)
        } else {
            Err(Refusal::new(401, "unauthorized", "the device key is not the desk's").into())
        }
    }
}

pub(crate) type Desk = State<Arc<Engine>>;
