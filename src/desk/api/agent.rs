//! Calls of human agents.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::{Body, Desk, Operator, Refused};
use crate::protocol::{
    Case, Claim, Control, ConversationId, FollowUp, QueueList, Release, ScheduleFollowUp, WriteReceipt,
};

pub(super) async fn queue(_: Operator, State(engine): Desk) -> Result<Json<QueueList>, Refused> {
    Ok(Json(engine.queue().await?))
}

pub(super) async fn claim(
    _: Operator,
    State(engine): Desk,
    Path(id): Path<String>,
    Body(body): Body<Claim>,
) -> Result<Json<Control>, Refused> {
    Ok(Json(engine.claim(&ConversationId(id), &body).await?))
}

pub(super) async fn release(
    _: Operator,
    State(engine): Desk,
    Path(id): Path<String>,
    Body(body): Body<Release>,
) -> Result<Json<Control>, Refused> {
    Ok(Json(engine.give_back(&ConversationId(id), body.epoch, false).await?))
}

pub(super) async fn resolve(
    _: Operator,
    State(engine): Desk,
    Path(id): Path<String>,
    Body(body): Body<Release>,
) -> Result<Json<Control>, Refused> {
    Ok(Json(engine.give_back(&ConversationId(id), body.epoch, true).await?))
}

pub(super) async fn case(_: Operator, State(engine): Desk, Path(id): Path<String>) -> Result<Json<Case>, Refused> {
    Ok(Json(engine.case(&ConversationId(id)).await?))
}

pub(super) async fn put_case(
    _: Operator,
    State(engine): Desk,
    Path(id): Path<String>,
    Body(body): Body<Case>,
) -> Result<Json<WriteReceipt>, Refused> {
    Ok(Json(engine.put_case(&ConversationId(id), &body).await?))
}

pub(super) async fn schedule(
    _: Operator,
    State(engine): Desk,
    Path(id): Path<String>,
    Body(body): Body<ScheduleFollowUp>,
) -> Result<(StatusCode, Json<FollowUp>), Refused> {
    Ok((StatusCode::CREATED, Json(engine.schedule(&ConversationId(id), &body).await?)))
}
