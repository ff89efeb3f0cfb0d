//! Communicative acts: what a performance is for. The client's behavior engine decides how it looks.

use serde::{Deserialize, Serialize};

use super::{CardId, MessageId, open_enum::open_enum};

open_enum!(
    /// What the agent does with an utterance or gesture. An open set: unknown kinds play as `inform`.
    ActKind {
        /// Welcome the customer.
        Greet = "greet",
        /// Show that the turn was heard.
        Acknowledge = "acknowledge",
        /// Show concern for how the customer feels.
        Empathize = "empathize",
        /// Say sorry.
        Apologize = "apologize",
        /// Ask for something.
        Ask = "ask",
        /// Tell something.
        Inform = "inform",
        /// Explain one step of a procedure, usually pointing at it.
        ExplainStep = "explain_step",
        /// Point at a card or an item on it.
        Point = "point",
        /// Confirm.
        Confirm = "confirm",
        /// Calm the customer.
        Reassure = "reassure",
        /// Promise something with a deadline.
        Promise = "promise",
        /// Bridge a wait.
        Wait = "wait",
        /// Announce or make a change of who answers.
        HandOver = "hand_over",
        /// Thank.
        Thank = "thank",
        /// Say good-bye.
        Farewell = "farewell",
        /// Say no.
        Decline = "decline",
    }
);

open_enum!(
    /// The agent's own affect for an act; when absent, the client's display rules choose.
    Affect {
        /// Nothing shown.
        Neutral = "neutral",
        /// A light, polite smile within the cap of the customer's level.
        Warm = "warm",
        /// Concern: inner brows up with brows drawn.
        Concerned = "concerned",
        /// Interest: raised brows.
        Interested = "interested",
    }
);

/// One performance that the backend asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// What for.
    pub act: ActKind,
    /// The agent's affect, if the backend wants a certain one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affect: Option<Affect>,
    /// Strength, 0..=1.
    #[serde(default = "full_intensity")]
    pub intensity: f32,
    /// Higher wins where two acts want the same part of the body.
    #[serde(default)]
    pub priority: i32,
    /// The card, and the item on it, that the act is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<ActTarget>,
    /// The words that the act goes with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<ActTime>,
}

/// What an act points at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActTarget {
    /// The card.
    pub card_id: CardId,
    /// Zero-based item on it: a step, a fact, a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
}

/// When an act happens: while these words are spoken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActTime {
    /// The message whose text is meant; absent inside `message.completed`, where it is that message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// Half-open range of characters (Unicode scalar values) in the message's text.
    pub span: [u32; 2],
}

impl Act {
    /// An act of this kind at full intensity with nothing else set.
    #[must_use]
    pub fn new(act: ActKind) -> Self {
        Self { act, affect: None, intensity: full_intensity(), priority: 0, target: None, at: None }
    }

    /// The same act tied to a range of characters of its message.
    #[must_use]
    pub fn over(mut self, start: u32, end: u32) -> Self {
        self.at = Some(ActTime { message_id: None, span: [start, end] });
        self
    }

    /// The same act about a card, or about one item on it.
    #[must_use]
    pub fn about(mut self, card_id: CardId, item: Option<u32>) -> Self {
        self.target = Some(ActTarget { card_id, item });
        self
    }
}

fn full_intensity() -> f32 {
    1.0
}
