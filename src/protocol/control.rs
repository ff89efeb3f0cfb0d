//! Who answers: exactly one party controls a conversation.

use serde::{Deserialize, Serialize};

use super::AgentId;

/// The party that answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Owner {
    /// The AI assistant.
    Bot,
    /// Nobody yet: the customer waits for a person.
    Queued {
        /// Place in the queue, 1 is next.
        position: u32,
        /// Expected wait in seconds, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        eta_secs: Option<u32>,
    },
    /// A person.
    Human {
        /// Who.
        agent_id: AgentId,
        /// The name the customer sees.
        name: String,
    },
    /// On the way back from the person to the assistant.
    Returning,
    /// Nobody: the conversation is over.
    Closed,
    /// An owner that this build does not know; shown as waiting, never as a person.
    #[serde(untagged)]
    Other(serde_json::Value),
}

/// The owner with its epoch: output of an older epoch is refused by the server and ignored here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Who answers.
    pub owner: Owner,
    /// Grows by one with every change.
    pub epoch: u64,
}

impl Default for Control {
    fn default() -> Self {
        Self { owner: Owner::Bot, epoch: 0 }
    }
}
