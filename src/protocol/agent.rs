//! Calls of human agents: the queue, claiming, speaking, giving back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Act, AgentId, CardPayload, ConversationId, HandoffPackage};

/// A conversation that waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueEntry {
    /// Which.
    pub conversation_id: ConversationId,
    /// Place in the queue, 1 is next.
    pub position: u32,
    /// 0 (lowest) to 3 (at once).
    pub priority: u8,
    /// Since when.
    pub queued_at: Timestamp,
    /// Everything the person needs.
    pub package: HandoffPackage,
}

/// Answer to `GET /v1/queue`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueList {
    /// Next first.
    pub entries: Vec<QueueEntry>,
}

/// Body of `POST …/claim`; the answer is the new [`Control`](super::Control).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who takes over.
    pub agent_id: AgentId,
    /// The name the customer sees.
    pub name: String,
}

/// Body of the agents' `PUT …/messages/{client_id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentMessage {
    /// The epoch the agent got when claiming; an older one is refused with 409 `stale_epoch`.
    pub epoch: u64,
    /// What to say.
    pub text: String,
    /// How to perform it.
    #[serde(default)]
    pub acts: Vec<Act>,
    /// Cards to show with it.
    #[serde(default)]
    pub cards: Vec<CardPayload>,
}

/// Body of `POST …/release` and `POST …/resolve`; the answer is the new [`Control`](super::Control).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The epoch the agent got when claiming.
    pub epoch: u64,
}

/// Body of `POST …/follow_ups`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScheduleFollowUp {
    /// When it is due.
    pub due_at: Timestamp,
    /// What for.
    pub purpose: String,
    /// How: `app`, `phone`.
    pub channel: String,
}
