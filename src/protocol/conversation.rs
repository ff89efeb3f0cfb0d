//! Creating a conversation, and its snapshot.

use serde::{Deserialize, Serialize};

use super::{CardPayload, Case, Control, ConversationId, FollowUp, Message, Triage};

/// Who the customer is, as far as the channel knows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerRef {
    /// The customer's id in the company's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// The name to address the customer by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Body of `PUT /v1/conversations/{client_id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreateConversation {
    /// BCP 47 tag of the customer's language.
    pub locale: String,
    /// Who the customer is.
    #[serde(default)]
    pub customer: CustomerRef,
    /// Where the conversation happens: `desktop`, `vr`, `demo`.
    pub channel: String,
    /// The device's own name.
    pub device: String,
}

/// What stays the same about a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SnapshotMeta {
    /// Its id.
    pub id: ConversationId,
    /// BCP 47 tag of the customer's language.
    pub locale: String,
    /// Who the customer is.
    #[serde(default)]
    pub customer: CustomerRef,
    /// Where it happens.
    #[serde(default)]
    pub channel: String,
}

/// The conversation as it stands at `cursor`: apply later events to it to stay current.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The last event that is part of this snapshot; 0 when there is none.
    pub cursor: u64,
    /// Who answers.
    pub control: Control,
    /// What stays the same.
    pub conversation: SnapshotMeta,
    /// The last messages, oldest first, 50 at most.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// The last triage, if any turn was triaged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triage: Option<Triage>,
    /// The cards that are shown.
    #[serde(default)]
    pub cards: Vec<CardPayload>,
    /// The complaint case, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Case>,
    /// Promised follow-ups.
    #[serde(default)]
    pub follow_ups: Vec<FollowUp>,
    /// The customer's rating 1..=5, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
}
