//! Where cards stand around the avatar, as the customer sees them: beside face and hands, within easy sight, never
//! over each other. A card keeps its place while others come and go.
//!
//! All angles are seen from the customer's eye: azimuth 0 toward the avatar, positive to the customer's right;
//! elevation 0 at the height of the eye, positive upward.

use std::f32::consts::PI;

use glam::{Vec2, Vec3};

use crate::protocol::{Importance, Side};

/// Width of a card in space, meters, at scale 1.
pub const CARD_WIDTH_M: f32 = 0.40;
/// The most cards that stand at once.
pub const MAX_CARDS: usize = 3;

const DEG: f32 = PI / 180.0;
/// Farthest to the side that a card reaches.
const SIDE_MAX_RAD: f32 = 30.0 * DEG;
/// Highest that a card reaches.
const TOP_RAD: f32 = 15.0 * DEG;
/// Lowest that a card reaches.
const BOTTOM_RAD: f32 = -30.0 * DEG;
/// Room that cards get below the face even where the customer looks down at it, which lowers the limit.
const BELOW_CHIN_RAD: f32 = 12.0 * DEG;
/// Gap between cards, and between a card and what it must keep clear of.
const GAP_RAD: f32 = 0.75 * DEG;
/// Nearest and farthest distance of a card's center, meters. A card at the lowest place is farther than its
/// horizontal distance, hence the smaller horizontal limit.
const NEAR: f32 = 1.3;
const FAR: f32 = 1.55;
/// Half width of the face with hair and some air, meters.
const FACE_HALF_WIDTH: f32 = 0.17;
/// Half width of body and gesturing hands, meters.
const HANDS_HALF_WIDTH: f32 = 0.32;
/// From the middle of the head down to below the chin, meters.
const FACE_HALF_HEIGHT: f32 = 0.2;
/// From the middle of the head down to the lower edge of a card: a hand that shows it from below hides nothing.
const REACH_BELOW_HEAD: f32 = 0.15;
/// With less room than this beside the face, cards go below it.
const NARROW_RAD: f32 = 9.0 * DEG;
/// Cards do not shrink below this share of their size on purpose; only a hopelessly small view makes them.
const SCALE_MIN: f32 = 0.05;

/// A side, as the customer sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardSide {
    /// Left of the avatar.
    Left,
    /// Right of the avatar.
    Right,
}

/// How much a card matters when there are more cards than places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum CardRank {
    /// May give way.
    Low,
    /// The usual.
    #[default]
    Normal,
    /// Stays.
    High,
}

impl CardSide {
    /// The side that the desk asked for, if this build knows it.
    #[must_use]
    pub fn from_wire(side: &Side) -> Option<Self> {
        match side {
            Side::Left => Some(Self::Left),
            Side::Right => Some(Self::Right),
            Side::Other(_) => None,
        }
    }
}

impl CardRank {
    /// The importance that the desk gave; an unknown one reads as normal.
    #[must_use]
    pub fn from_wire(importance: &Importance) -> Self {
        match importance {
            Importance::Low => Self::Low,
            Importance::High => Self::High,
            Importance::Normal | Importance::Other(_) => Self::Normal,
        }
    }
}

/// A card that wants a place.
#[derive(Debug, Clone, PartialEq)]
pub struct CardBox {
    /// Its id.
    pub id: String,
    /// Width and height at scale 1, meters.
    pub size: Vec2,
    /// The side where it would like to stand.
    pub side: Option<CardSide>,
    /// How much it matters.
    pub rank: CardRank,
    /// Whether it must not give way to cards that are not pinned.
    pub pinned: bool,
    /// When it came: later cards have larger numbers.
    pub order: u64,
}

/// What the customer sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Middle of the avatar's head, meters.
    pub head: Vec3,
    /// The customer's eye, meters.
    pub eye: Vec3,
    /// Half of the horizontal angle that can be seen, radians: large in a headset, small in a narrow window.
    pub half_view_rad: f32,
    /// How far left of the middle of the view the avatar stands, radians: so much more room is on the right.
    pub off_center_rad: f32,
    /// Lowest and highest elevation that can be seen, radians; cards keep to the comfortable part of it.
    pub elevation_rad: (f32, f32),
    /// How far cards turn toward the eye: 1 in a headset, where they face it; less in a window, where a flat
    /// picture would shear what is turned.
    pub facing: f32,
}

impl View {
    /// What a headset shows: everything within comfort, cards facing the eye.
    #[must_use]
    pub fn headset(head: Vec3, eye: Vec3) -> Self {
        Self {
            head,
            eye,
            half_view_rad: 45.0 * DEG,
            off_center_rad: 0.0,
            elevation_rad: (-45.0 * DEG, 45.0 * DEG),
            facing: 1.0,
        }
    }
}

/// Where a card stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Its id.
    pub id: String,
    /// Its center, meters.
    pub center: Vec3,
    /// Turn about +Y that lets its front (+Z) face the customer, radians.
    pub yaw_rad: f32,
    /// Factor for its size, at most 1.
    pub scale: f32,
    /// The side where it stands; `None` below the face, in a narrow view.
    pub side: Option<CardSide>,
}

/// Two places on each side; in a narrow view the first two are those below the face.
const SLOTS: usize = 4;
const RIGHT_UPPER: usize = 0;
const LEFT_UPPER: usize = 1;
const RIGHT_LOWER: usize = 2;
const LEFT_LOWER: usize = 3;

/// Gives cards their places and remembers them.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    slots: [Option<String>; SLOTS],
    hidden: Vec<String>,
}

/// A window of directions: azimuth and elevation from, to.
#[derive(Debug, Clone, Copy)]
struct Region {
    azimuth: (f32, f32),
    elevation: (f32, f32),
    /// Where in the azimuth range the card stands if it does not fill it.
    lean: Lean,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Lean {
    Left,
    Right,
    Center,
}

/// The view in numbers.
struct Frame {
    eye: Vec3,
    ahead: Vec3,
    right: Vec3,
    /// Horizontal distance of the cards, meters.
    cards: f32,
    /// Farthest azimuth that a card may reach, on the right and on the left.
    limit: f32,
    limit_left: f32,
    face: f32,
    hands: f32,
    /// Elevation below the face.
    chin: f32,
    /// Lowest and highest elevation of a card.
    bottom: f32,
    top: f32,
    facing: f32,
    /// Height of the lower edge of a card that has its side to itself, above the eye, meters.
    reach: f32,
}

impl Frame {
    fn new(view: &View) -> Self {
        let eye = if view.eye.is_finite() { view.eye } else { Vec3::ZERO };
        let head = if view.head.is_finite() { view.head } else { eye - Vec3::Z * 1.5 };
        let to = Vec3::new(head.x - eye.x, 0.0, head.z - eye.z);
        let ahead = to.try_normalize().unwrap_or(Vec3::NEG_Z);
        // Nearer than this an avatar fills the view; the formulas below need some distance.
        let avatar = to.length().clamp(0.8, 20.0);
        let half_view = if view.half_view_rad.is_finite() { view.half_view_rad } else { SIDE_MAX_RAD };
        let off_center = if view.off_center_rad.is_finite() { view.off_center_rad } else { 0.0 };
        let chin = ((head.y - FACE_HALF_HEIGHT - eye.y) / avatar).atan() - GAP_RAD;
        let lowest = BOTTOM_RAD.min(chin - BELOW_CHIN_RAD);
        Self {
            eye,
            ahead,
            right: ahead.cross(Vec3::Y),
            cards: (avatar - 0.05).clamp(NEAR, FAR),
            limit: (half_view + off_center - GAP_RAD).clamp(2.0 * DEG, SIDE_MAX_RAD),
            limit_left: (half_view - off_center - GAP_RAD).clamp(2.0 * DEG, SIDE_MAX_RAD),
            face: (FACE_HALF_WIDTH / avatar).atan() + GAP_RAD,
            hands: (HANDS_HALF_WIDTH / avatar).atan() + GAP_RAD,
            bottom: (view.elevation_rad.0 + GAP_RAD).clamp(lowest, -2.0 * DEG),
            top: (view.elevation_rad.1 - GAP_RAD).clamp(2.0 * DEG, TOP_RAD),
            facing: view.facing,
            reach: head.y - REACH_BELOW_HEAD - eye.y,
            chin,
        }
    }

    fn is_narrow(&self) -> bool {
        self.limit - self.face < NARROW_RAD
    }

    /// Azimuth that a width takes.
    fn width_rad(&self, width: f32) -> f32 {
        2.0 * (width / (2.0 * self.cards)).atan()
    }

    fn region(&self, slot: usize, width: f32, whole: bool) -> Region {
        if self.is_narrow() {
            let top = self.chin.clamp(self.bottom + 2.0 * DEG, self.top);
            let middle = ((top.tan() + self.bottom.tan()) / 2.0).atan();
            let elevation = match (whole, slot) {
                (true, _) => (self.bottom, top),
                (false, RIGHT_UPPER) => (middle + GAP_RAD / 2.0, top),
                (false, _) => (self.bottom, middle - GAP_RAD / 2.0),
            };
            return Region { azimuth: (-self.limit_left, self.limit), elevation, lean: Lean::Center };
        }
        // Clear of the hands where there is room; a card that needs more may come closer, up to the face.
        let limit = if matches!(slot, RIGHT_UPPER | RIGHT_LOWER) { self.limit } else { self.limit_left };
        let inner = (limit - self.width_rad(width)).clamp(self.face, self.hands.max(self.face)).min(limit);
        let middle = ((self.top.tan() + self.bottom.tan()) / 2.0).atan();
        let elevation = match slot {
            _ if whole => (self.bottom, self.top),
            RIGHT_UPPER | LEFT_UPPER => (middle + GAP_RAD / 2.0, self.top),
            _ => (self.bottom, middle - GAP_RAD / 2.0),
        };
        match slot {
            RIGHT_UPPER | RIGHT_LOWER => Region { azimuth: (inner, limit), elevation, lean: Lean::Left },
            _ => Region { azimuth: (-limit, -inner), elevation, lean: Lean::Right },
        }
    }

    fn place(&self, card: &CardBox, slot: usize, alone: bool) -> Placement {
        let size = usable_size(card.size);
        let own = self.region(slot, size.x, false);
        let height = |region: &Region| self.cards * (region.elevation.1.tan() - region.elevation.0.tan());
        // A card that has its side to itself stands where an open hand points without reaching up; only neighbors
        // push it into the upper or lower half.
        let whole = alone && (!self.is_narrow() || size.y > height(&own));
        let region = if whole { self.region(slot, size.x, true) } else { own };
        let room = 2.0 * self.cards * ((region.azimuth.1 - region.azimuth.0) / 2.0).tan();
        let scale = (room / size.x).min(height(&region) / size.y).clamp(SCALE_MIN, 1.0);
        let half = self.width_rad(size.x * scale) / 2.0;
        let azimuth = match region.lean {
            Lean::Left => region.azimuth.0 + half,
            Lean::Right => region.azimuth.1 - half,
            Lean::Center => (region.azimuth.0 + region.azimuth.1) / 2.0,
        };
        let (bottom, top) = (self.cards * region.elevation.0.tan(), self.cards * region.elevation.1.tan());
        let half_height = size.y * scale / 2.0;
        let y = if !whole {
            (bottom + top) / 2.0
        } else if self.is_narrow() {
            top - half_height
        } else {
            (self.reach + half_height).clamp(bottom + half_height, (top - half_height).max(bottom + half_height))
        };
        let toward = self.ahead * azimuth.cos() + self.right * azimuth.sin();
        let center = self.eye + toward * self.cards + Vec3::Y * y;
        let side = match slot {
            _ if self.is_narrow() => None,
            RIGHT_UPPER | RIGHT_LOWER => Some(CardSide::Right),
            _ => Some(CardSide::Left),
        };
        Placement { id: card.id.clone(), center, yaw_rad: (-toward.x).atan2(-toward.z) * self.facing, scale, side }
    }
}

impl Layout {
    /// Gives every card that can stand its place, in order of the slots. Cards that no longer come free theirs.
    pub fn arrange(&mut self, view: &View, cards: &[CardBox]) -> Vec<Placement> {
        let frame = Frame::new(view);
        let narrow = frame.is_narrow();
        let mut wanted: Vec<&CardBox> = cards.iter().collect();
        wanted.sort_by_key(|card| std::cmp::Reverse((card.pinned, card.rank, card.order)));
        let mut seen = std::collections::HashSet::new();
        wanted.retain(|card| seen.insert(card.id.as_str()));
        let places = if narrow { 2 } else { MAX_CARDS };
        let shown = &wanted[..wanted.len().min(places)];
        self.hidden = wanted[shown.len()..].iter().map(|card| card.id.clone()).collect();
        let usable = if narrow { 2 } else { SLOTS };
        for (at, slot) in self.slots.iter_mut().enumerate() {
            if at >= usable || slot.as_ref().is_some_and(|id| shown.iter().all(|card| card.id != *id)) {
                *slot = None;
            }
        }
        // The oldest chooses first, so that the same cards find the same places again.
        let mut newcomers: Vec<_> = shown.iter().filter(|card| self.slot_of(&card.id).is_none()).collect();
        newcomers.sort_by_key(|card| card.order);
        for card in newcomers {
            let order: &[usize] = match card.side {
                _ if narrow => &[RIGHT_UPPER, LEFT_UPPER],
                Some(CardSide::Left) => &[LEFT_UPPER, LEFT_LOWER, RIGHT_UPPER, RIGHT_LOWER],
                Some(CardSide::Right) => &[RIGHT_UPPER, RIGHT_LOWER, LEFT_UPPER, LEFT_LOWER],
                None => &[RIGHT_UPPER, LEFT_UPPER, RIGHT_LOWER, LEFT_LOWER],
            };
            if let Some(free) = order.iter().find(|slot| self.slots[**slot].is_none()) {
                self.slots[*free] = Some(card.id.clone());
            }
        }
        let mut out = Vec::new();
        for (slot, id) in self.slots.iter().enumerate() {
            let Some(card) = id.as_ref().and_then(|id| shown.iter().find(|card| card.id == *id)) else { continue };
            let neighbor = if narrow { slot ^ 1 } else { slot ^ 2 };
            out.push(frame.place(card, slot, self.slots[neighbor].is_none()));
        }
        out
    }

    /// Ids of the cards that found no place in the last arrangement, the most important first.
    #[must_use]
    pub fn hidden(&self) -> &[String] {
        &self.hidden
    }

    fn slot_of(&self, id: &str) -> Option<usize> {
        self.slots.iter().position(|slot| slot.as_deref() == Some(id))
    }
}

/// A size that can be divided by.
fn usable_size(size: Vec2) -> Vec2 {
    let side = |s: f32| if s.is_finite() { s.clamp(0.01, 5.0) } else { 0.4 };
    Vec2::new(side(size.x), side(size.y))
}

#[cfg(test)]
mod tests;
