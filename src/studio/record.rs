//! The record of a demo: what happened when, as `transcript.json`.

use serde::Serialize;
use serde_json::{Value, json};

use crate::protocol::{Event, EventBody};

/// One scene as it went.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SceneRecord {
    /// Name of the scene.
    pub name: String,
    /// Title in the language of the run.
    pub title: String,
    /// Events in order of their arrival.
    pub events: Vec<RecordedEvent>,
    /// Pictures in order.
    pub pictures: Vec<RecordedPicture>,
}

/// An event as it arrived.
#[derive(Debug, Clone, Serialize)]
pub struct RecordedEvent {
    /// Seconds since the scene began, by the scene's clock.
    pub at_secs: f32,
    /// Place in the desk's log.
    pub seq: Option<u64>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What a reader wants to know of it.
    pub says: Value,
}

/// A picture that was taken.
#[derive(Debug, Clone, Serialize)]
pub struct RecordedPicture {
    /// Seconds since the scene began.
    pub at_secs: f32,
    /// Its file.
    pub file: String,
}

impl SceneRecord {
    /// Notes an event.
    pub fn note(&mut self, at_secs: f32, event: &Event) {
        self.events.push(RecordedEvent {
            at_secs,
            seq: event.seq,
            kind: event.body.kind().to_owned(),
            says: summary(&event.body),
        });
    }
}

/// The part of an event that a reader of the transcript wants.
#[must_use]
pub fn summary(body: &EventBody) -> Value {
    match body {
        EventBody::MessageCreated(message) | EventBody::MessageCompleted(message) => json!({
            "role": message.role,
            "name": message.name,
            "text": message.text,
            "action": message.submission.as_ref().map(|submission| &submission.action_id),
            "acts": message.acts.iter().map(|act| act.act.as_str()).collect::<Vec<_>>(),
        }),
        EventBody::TriageUpdated(triage) => json!({
            "issue": triage.issue,
            "emotion": triage.emotion,
            "reasons": triage.reasons,
        }),
        EventBody::CardShown(card) | EventBody::CardUpdated(card) => json!({ "card_id": card.card_id }),
        EventBody::CardDismissed(card) => json!({ "card_id": card.card_id }),
        EventBody::ControlChanged(control) => json!(control),
        EventBody::HandoffRequested(handoff)
        | EventBody::HandoffAccepted(handoff)
        | EventBody::HandoffEnded(handoff) => json!(handoff),
        EventBody::FollowUpScheduled(follow_up) => json!(follow_up),
        EventBody::BenefitGranted(benefit) => json!(benefit),
        EventBody::CaseUpdated(case) => json!({ "category": case.category, "root_cause": case.root_cause }),
        _ => Value::Null,
    }
}
