//! What is said: transcript entries and the customer's writes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Act, CardId, MessageId, open_enum::open_enum};

open_enum!(
    /// Who said it.
    Role {
        /// The customer.
        Customer = "customer",
        /// The AI assistant.
        Bot = "bot",
        /// A human agent.
        Human = "human",
    }
);

/// A filled-in card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// The card.
    pub card_id: CardId,
    /// The action that was pressed (`Action.Submit` id).
    pub action_id: String,
    /// Values of the card's inputs by input id.
    #[serde(default)]
    pub inputs: Map<String, Value>,
}

/// An entry of the transcript. A customer entry has `text` or a `submission`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub message_id: MessageId,
    /// Who said it.
    pub role: Role,
    /// The name shown with it, for agents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The card that was filled in.
    #[serde(default, flatten, skip_serializing_if = "Option::is_none")]
    pub submission: Option<Submission>,
    /// How it is to be performed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<Act>,
    /// When, by the desk's clock; absent on a local echo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// Body of `PUT …/messages/{client_id}`: words or a filled-in card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OutgoingMessage {
    /// A filled-in card.
    Submission(Submission),
    /// Words.
    Text {
        /// What the customer wrote.
        text: String,
    },
}

/// Answer to an idempotent write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WriteReceipt {
    /// Whether the desk had this write already.
    #[serde(default)]
    pub replayed: bool,
    /// The event that the write became, if it became one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
}
