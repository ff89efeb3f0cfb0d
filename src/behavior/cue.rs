//! What the engine is told, and what it tells back.

use glam::{Vec2, Vec3};

use super::{
    BlockId, SyncPoint,
    gesture::{Board, Shown},
};
use crate::protocol::{Act, ActKind, ActTarget, CardId, MessageId, Owner, Triage};

/// Something happened that the body should answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cue {
    /// The customer is typing; told again while it goes on.
    CustomerTyping,
    /// The customer finished a turn.
    CustomerSpoke {
        /// Its length in characters.
        chars: usize,
        /// How many clauses it had.
        clause_ends: usize,
    },
    /// The desk sorted the conversation anew.
    TriageUpdated(Triage),
    /// Say this; after what is being said.
    Say {
        /// The message.
        message_id: MessageId,
        /// Its text.
        text: String,
        /// What to do meanwhile; spans count characters of the text.
        acts: Vec<Act>,
    },
    /// Do this now, or with its words where it is tied to a message being said.
    Perform(Act),
    /// Somebody else answers now. The body stays the same.
    OwnerChanged(Owner),
    /// The desk is working on an answer (true) or no longer (false).
    WaitingForDesk(bool),
    /// A card appeared.
    CardShown(CardId),
    /// A card went away.
    CardDismissed(CardId),
    /// Stop speaking and gesturing: the customer has the floor.
    Interrupt,
}

/// Where the customer and the cards are, in avatar space (meters; the avatar faces +Z, +X is its left).
#[derive(Debug, Clone, PartialEq)]
pub struct Surroundings {
    /// Between the customer's eyes.
    pub customer_eyes: Vec3,
    /// Yaw (about +Y) and pitch (positive downward) of the customer's head from facing the avatar, radians; `None`
    /// where it is not known, as in a window.
    pub customer_head: Option<Vec2>,
    /// The cards in sight.
    pub cards: Vec<CardAnchor>,
}

impl Default for Surroundings {
    /// A customer of the avatar's height at 1.4 m, no cards.
    fn default() -> Self {
        Self { customer_eyes: Vec3::new(0.0, 1.5, 1.4), customer_head: None, cards: Vec::new() }
    }
}

/// Where a card is.
#[derive(Debug, Clone, PartialEq)]
pub struct CardAnchor {
    /// Which card.
    pub card_id: CardId,
    /// Its middle.
    pub center: Vec3,
    /// Width and height, meters.
    pub size: Vec2,
    /// Turn of its front about +Y from +Z, radians.
    pub yaw_rad: f32,
    /// Its items in order: steps, facts, lines.
    pub items: Vec<Vec3>,
}

impl Surroundings {
    /// The place that a target means: the item, or the card where it has no such item. Places that are not
    /// finite count as absent.
    #[must_use]
    pub fn place_of(&self, target: &ActTarget) -> Option<Vec3> {
        self.shown(target).map(|shown| shown.place)
    }

    /// The same, with the card that a hand must not hide.
    pub(super) fn shown(&self, target: &ActTarget) -> Option<Shown> {
        let card = self.cards.iter().find(|card| card.card_id == target.card_id)?;
        let item = target.item.and_then(|item| card.items.get(item as usize));
        let size = if card.size.is_finite() { card.size.max(Vec2::ZERO) } else { Vec2::ZERO };
        let yaw_rad = if card.yaw_rad.is_finite() { card.yaw_rad } else { 0.0 };
        let board = Board { center: card.center, size, yaw_rad };
        let shown = Shown { place: *item.unwrap_or(&card.center), board, eye: self.customer_eyes };
        let finite = shown.place.is_finite() && board.center.is_finite() && shown.eye.is_finite();
        finite.then_some(shown)
    }
}

/// What the body did, for cards, transcript and studio.
#[derive(Debug, Clone, PartialEq)]
pub enum Feedback {
    /// A block began.
    BlockStarted {
        /// Which.
        block: BlockId,
        /// What for.
        act: ActKind,
    },
    /// A moment of a block's gesture was reached.
    SyncReached {
        /// Which block.
        block: BlockId,
        /// What for.
        act: ActKind,
        /// The card item that it is about: highlight it at [`SyncPoint::StrokeEnd`].
        target: Option<ActTarget>,
        /// Which moment.
        point: SyncPoint,
    },
    /// A block is over.
    BlockEnded {
        /// Which.
        block: BlockId,
        /// Whether it was cut short.
        interrupted: bool,
    },
    /// The agent says this of itself while the desk works; it is no message of the conversation.
    Holding {
        /// A name for it, as in what follows about its speech.
        message_id: MessageId,
        /// The words.
        text: String,
    },
    /// The first sound of a message.
    SpeechStarted(MessageId),
    /// A message was said.
    SpeechEnded {
        /// Which.
        message_id: MessageId,
        /// Whether it was cut short.
        interrupted: bool,
    },
}

/// How far a message has been said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeechProgress {
    /// Which.
    pub message_id: MessageId,
    /// The character being said; `total_chars` at the end.
    pub char_index: usize,
    /// Length of the text in characters.
    pub total_chars: usize,
}
