//! Cards on the wire: Adaptive Cards JSON as it came, with where it should stand.

use serde::{Deserialize, Serialize};

use super::{CardId, open_enum::open_enum};

open_enum!(
    /// Which side of the avatar, as the customer sees it.
    Side {
        /// Left of the avatar in the picture.
        Left = "left",
        /// Right of the avatar in the picture.
        Right = "right",
    }
);

open_enum!(
    /// How much a card matters when there are more cards than places.
    Importance {
        /// May give way.
        Low = "low",
        /// The usual.
        Normal = "normal",
        /// Stays.
        High = "high",
    }
);

/// Where a card would like to stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPlacement {
    /// The side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// The importance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<Importance>,
}

/// A card as shown or updated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CardPayload {
    /// Its id; showing the same id again replaces the content.
    pub card_id: CardId,
    /// Adaptive Cards 1.6 JSON.
    pub card: serde_json::Value,
    /// Where it would like to stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<CardPlacement>,
    /// Whether it stays until dismissed by the desk.
    #[serde(default)]
    pub pinned: bool,
}
