//! Calls of the customer's device.

use axum::{
    Json,
    extract::{FromRequest, Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Body, Desk, Device, DeviceKey, Door, Either, LIMITS, Refused};
use crate::{
    desk::{engine::Caller, refusal::Refusal},
    protocol::{
        AgentMessage, ConversationId, CreateConversation, CreateSession, EventBody, HandoffRequest, OutgoingMessage,
        PROTOCOL_VERSION, ProtocolRange, Role, SessionGrant, Snapshot, Typing, WriteReceipt,
    },
};

/// Abilities beyond the least that the protocol asks for.
const FEATURES: &[&str] = &["stream", "handoff", "cards", "follow_ups", "rating"];

pub(super) async fn open_session(
    _: DeviceKey,
    State(engine): Desk,
    Body(body): Body<CreateSession>,
) -> Result<Json<SessionGrant>, Refused> {
    if body.protocol.min > PROTOCOL_VERSION || body.protocol.max < PROTOCOL_VERSION {
        let detail = format!("this desk speaks protocol {PROTOCOL_VERSION}");
        return Err(Refusal::new(426, "protocol_mismatch", detail).into());
    }
    let (token, expires_at, conversation_id) = engine.open_session(&body.device).await?;
    Ok(Json(SessionGrant {
        token,
        expires_at,
        conversation_id,
        server_time: engine.clock.now(),
        limits: LIMITS,
        protocol: ProtocolRange { min: PROTOCOL_VERSION, max: PROTOCOL_VERSION },
        features: FEATURES.iter().map(|&feature| feature.to_owned()).collect(),
    }))
}

pub(super) async fn create(
    Device(device): Device,
    State(engine): Desk,
    Path(id): Path<String>,
    Body(body): Body<CreateConversation>,
) -> Result<Response, Refused> {
    Ok(answer(engine.create(&device, &ConversationId(id), &body).await?))
}

pub(super) async fn snapshot(
    Either(caller): Either,
    State(engine): Desk,
    Path(id): Path<String>,
) -> Result<Json<Snapshot>, Refused> {
    Ok(Json(engine.snapshot(&caller, &ConversationId(id)).await?))
}

/// One path for both sides of the talk: the credential says who speaks.
pub(super) async fn put_message(
    Either(caller): Either,
    State(door): State<Door>,
    Path((id, client_id)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refused> {
    let id = ConversationId(id);
    let receipt = match caller {
        Caller::Operator => {
            let Body(body) = Body::<AgentMessage>::from_request(request, &door).await?;
            door.engine.agent_say(&id, &client_id, &body).await?
        }
        Caller::Device(_) => {
            let Body(body) = Body::<OutgoingMessage>::from_request(request, &door).await?;
            door.engine.say(&caller, &id, &client_id, &body).await?
        }
    };
    Ok(answer(receipt))
}

pub(super) async fn put_handoff(
    Device(device): Device,
    State(engine): Desk,
    Path((id, client_id)): Path<(String, String)>,
    Body(body): Body<HandoffRequest>,
) -> Result<Response, Refused> {
    let caller = Caller::Device(device);
    Ok(answer(engine.ask_for_person(&caller, &ConversationId(id), &client_id, &body).await?))
}

#[derive(Deserialize)]
pub(super) struct Rating {
    #[serde(alias = "rating")]
    score: u8,
    #[serde(default)]
    comment: Option<String>,
}

pub(super) async fn put_rating(
    Device(device): Device,
    State(engine): Desk,
    Path((id, client_id)): Path<(String, String)>,
    Body(body): Body<Rating>,
) -> Result<Response, Refused> {
    let (caller, id) = (Caller::Device(device), ConversationId(id));
    Ok(answer(engine.rate(&caller, &id, &client_id, body.score, body.comment.as_deref()).await?))
}

pub(super) async fn typing(
    Either(caller): Either,
    State(engine): Desk,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let role = role(&caller);
    engine.pass_on(&caller, &ConversationId(id), EventBody::Typing(Typing { role })).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub(super) struct Seen {
    seq: u64,
}

pub(super) async fn seen(
    Either(caller): Either,
    State(engine): Desk,
    Path(id): Path<String>,
    Body(body): Body<Seen>,
) -> Result<StatusCode, Refused> {
    let presence: Value = json!({ "role": role(&caller), "seen": body.seq });
    engine.pass_on(&caller, &ConversationId(id), EventBody::Presence(presence)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn role(caller: &Caller) -> Role {
    match caller {
        Caller::Operator => Role::Human,
        Caller::Device(_) => Role::Customer,
    }
}

/// 201 for a new write, 200 for one that was there already.
fn answer(receipt: WriteReceipt) -> Response {
    let status = if receipt.replayed { StatusCode::OK } else { StatusCode::CREATED };
    (status, Json(receipt)).into_response()
}
