//! Opening a session: the device shows its credential and gets a token for its own conversations.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ConversationId;

/// Protocol versions that one side speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtocolRange {
    /// The oldest.
    pub min: u32,
    /// The newest.
    pub max: u32,
}

/// Body of `POST /v1/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateSession {
    /// The device's own name.
    pub device: String,
    /// What the client speaks.
    pub protocol: ProtocolRange,
}

/// What the desk puts up with, and how often it speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest request body in bytes.
    pub max_body: u64,
    /// Longest text in characters.
    pub max_text: u32,
    /// A stream says something at least this often, in seconds.
    pub heartbeat_secs: u32,
    /// Longest wait of a long poll in seconds.
    pub longpoll_secs: u32,
}

/// Answer to `POST /v1/sessions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionGrant {
    /// Bearer token for the conversations of this session.
    pub token: String,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// A conversation of this device that is still open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// The desk's clock.
    pub server_time: Timestamp,
    /// What the desk puts up with.
    pub limits: Limits,
    /// What the desk speaks.
    pub protocol: ProtocolRange,
    /// Optional abilities of the desk.
    #[serde(default)]
    pub features: Vec<String>,
}
