//! Where the cards of a scene stand: where the layout of the encounter puts them, or where the scene says.

use glam::{Vec2, Vec3};
use serde::Deserialize;

use crate::behavior::CardAnchor;
use crate::cards::{CARD_WIDTH_M, CardBox, CardRank, CardSide, Layout, View};
use crate::protocol::CardId;

/// Height of a card without its lines, and of a line, meters.
const FRAME: f32 = 0.14;
const LINE: f32 = 0.075;
/// From between the eyes to the middle of the head, meters.
const MIDDLE_OF_HEAD: Vec3 = Vec3::new(0.0, -0.03, 0.0);

/// The side on which a card would like to stand, as the customer sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wish {
    /// Left of the agent.
    Left,
    /// Right of the agent.
    #[default]
    Right,
}

/// A card of a scene.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Its name.
    pub id: CardId,
    /// Its middle, avatar space, meters; `None` where the layout chooses.
    pub at: Option<Vec3>,
    /// Its side.
    pub side: Wish,
    /// How many lines it has.
    pub items: u32,
}

/// The cards that are up.
#[derive(Debug, Clone, Default)]
pub struct Table {
    layout: Layout,
    cards: Vec<Card>,
}

impl Table {
    /// Puts a card up; one of the same name makes way.
    pub fn show(&mut self, card: Card) {
        self.dismiss(&card.id.clone());
        self.cards.push(card);
    }

    /// Takes a card down.
    pub fn dismiss(&mut self, id: &CardId) {
        self.cards.retain(|card| card.id != *id);
    }

    /// Where they stand for a customer with a headset whose eyes are here, around an agent whose eyes are there.
    pub fn anchors(&mut self, customer: Vec3, agent: Vec3) -> Vec<CardAnchor> {
        let size = |card: &Card| Vec2::new(CARD_WIDTH_M, FRAME + LINE * card.items as f32);
        let wanted = self.cards.iter().enumerate().map(|(order, card)| CardBox {
            id: card.id.as_str().to_owned(),
            size: size(card),
            side: Some(if card.side == Wish::Left { CardSide::Left } else { CardSide::Right }),
            rank: CardRank::Normal,
            pinned: false,
            order: order as u64,
        });
        let wanted: Vec<CardBox> = wanted.collect();
        let placed = self.layout.arrange(&View::headset(agent + MIDDLE_OF_HEAD, customer), &wanted);
        let stands = self.cards.iter().filter_map(|card| {
            let placement = placed.iter().find(|placement| placement.id == card.id.as_str())?;
            let (center, size) = (card.at.unwrap_or(placement.center), size(card) * placement.scale);
            // Lines stand from top to bottom.
            let line = |item: u32| center + Vec3::Y * (0.5 * (card.items - 1) as f32 - item as f32) * LINE;
            let items = (0..card.items).map(line).collect();
            Some(CardAnchor { card_id: card.id.clone(), center, size, yaw_rad: placement.yaw_rad, items })
        });
        stands.collect()
    }
}
