//! Showing: the open hand of the near side, aimed at a place.
//!
//! The elbow stays at the waist, the forearm rises toward the place, and the hand stops where, from the customer's
//! eyes, the card begins: a hand over a card would hide the words that it means.

use glam::{Mat3, Quat, Vec2, Vec3};

use super::{
    motion::nearest,
    skeleton::{Frame, Side, Skeleton},
};

/// Where the elbow of a left arm would like to be, from its shoulder.
const ELBOW: Vec3 = Vec3::new(0.26, -0.95, 0.14);
/// How far the elbow of a left arm swings out, tried in turn until it is clear of the trunk.
const OUTWARD: [f32; 4] = [0.46, 0.75, 1.1, 1.7];
/// From the root of the middle finger to its tip, meters.
const FINGER: f32 = 0.085;
/// Air between the fingertip and what it shows, meters.
const GAP: f32 = 0.10;
/// Between the middle of the hand and the edge of the card, as the customer sees it, meters: half a hand and some air.
const MARGIN: f32 = 0.06;
/// The wrist stays at least this far from the elbow's place: an arm that folds up shows nothing, meters.
const LEAST_REACH: f32 = 0.14;
/// How straight an arm becomes at most, and how far the wrist stays from the shoulder at least, of the arm's length.
const STRAIGHT: (f32, f32) = (0.96, 0.38);
/// How far below the shoulder the wrist stays, meters.
const BELOW_SHOULDER: f32 = 0.04;
/// How far the hand bends at the wrist toward the place.
const MAX_WRIST_RAD: f32 = 0.95;
/// How much of the turn of the palm the forearm does; the wrist does the rest.
const FOREARM_TWIST: f32 = 0.65;

/// A card as a hand sees it: a rectangle that stands upright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Board {
    pub(super) center: Vec3,
    /// Width and height, meters.
    pub(super) size: Vec2,
    /// Turn of its front about +Y from +Z, radians.
    pub(super) yaw_rad: f32,
}

/// What a hand shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shown {
    pub(super) place: Vec3,
    /// What it must not hide.
    pub(super) board: Board,
    /// From where the customer looks.
    pub(super) eye: Vec3,
}

/// Rotations of shoulder, upper arm, lower arm and hand that show a place. `collar` is the shoulder's.
#[must_use]
pub(super) fn aim_arm(skeleton: &Skeleton, chest: Frame, side: Side, collar: Quat, shown: &Shown) -> [Quat; 4] {
    let rest = skeleton.arm_of(chest, side, [collar, Quat::IDENTITY, Quat::IDENTITY, Quat::IDENTITY]);
    // The right arm is reckoned as a left one, seen in a mirror.
    let mirrored = |point: Vec3| if side == Side::Left { point } else { point * Vec3::new(-1.0, 1.0, 1.0) };
    let turned = |turn: Quat| {
        if side == Side::Left { turn } else { Quat::from_xyzw(turn.x, -turn.y, -turn.z, turn.w) }
    };
    let shoulder = mirrored(rest.shoulder);
    let (upper, lower, hand) = skeleton.arm_lengths();
    let place = mirrored(shown.place);
    let resting = shoulder + upper * ELBOW.normalize();
    let line = place - resting;
    let (along, distance) = (line.normalize_or(Vec3::X), line.length());
    let free = (shown.first_hidden(mirrored(resting)) * distance).min(distance - GAP);
    let reach = (free - hand - FINGER).max(LEAST_REACH);
    let wrist = within_reach(shoulder, resting, along, reach, upper + lower);
    let elbow = elbow(shoulder, wrist, upper, lower);
    let (above, fore) = ((elbow - shoulder).normalize_or(Vec3::NEG_Y), (wrist - elbow).normalize_or(along));
    let toward = (place - wrist).normalize_or(fore);
    let bend = fore.angle_between(toward);
    let pointing = if bend > MAX_WRIST_RAD {
        Quat::IDENTITY.slerp(Quat::from_rotation_arc(fore, toward), MAX_WRIST_RAD / bend) * fore
    } else {
        toward
    };
    // The palm is open: up, and a little to the customer.
    let eye = mirrored(shown.eye);
    let palm = 0.75 * Vec3::Y + 0.6 * (eye - wrist).normalize_or(Vec3::Z);
    let hinge = fore.cross(above).normalize_or(Vec3::Y);
    let upper_turn = frame(above, hinge);
    let hand_turn = frame(pointing, -(palm - palm.dot(pointing) * pointing).normalize_or(Vec3::NEG_Y));
    let straight = frame(fore, hinge);
    let twisted = straight.inverse() * (Quat::from_rotation_arc(pointing, fore) * hand_turn);
    let twist_rad = 2.0 * twisted.x.atan2(twisted.w);
    let twist_rad = twist_rad - std::f32::consts::TAU * (twist_rad / std::f32::consts::TAU).round();
    let lower_turn = straight * Quat::from_rotation_x(FOREARM_TWIST * twist_rad);
    let parent = turned(rest.shoulder_turn);
    let local = |parent: Quat, turn: Quat| turned(nearest(parent.inverse() * turn, Quat::IDENTITY).normalize());
    [collar, local(parent, upper_turn), local(upper_turn, lower_turn), local(lower_turn, hand_turn)]
}

/// The orientation of an arm's bone that lies along `x`, +X in the T-pose, with its +Y near `y`.
fn frame(x: Vec3, y: Vec3) -> Quat {
    let z = x.cross(y).normalize_or(Vec3::Z);
    Quat::from_mat3(&Mat3::from_cols(x, z.cross(x), z)).normalize()
}

/// Where the wrist is: so far along the line to the place as the arm reaches, and not at the shoulder.
fn within_reach(shoulder: Vec3, resting: Vec3, along: Vec3, reach: f32, length: f32) -> Vec3 {
    let (farthest, nearest) = (STRAIGHT.0 * length, STRAIGHT.1 * length);
    let from = resting - shoulder;
    // Where the line leaves the sphere that the arm reaches.
    let (b, c) = (from.dot(along), from.length_squared() - farthest * farthest);
    let most = -b + (b * b - c).max(0.0).sqrt();
    // And where it would rise to the shoulder: an arm thrown up alarms.
    let low = if along.y > 0.0 { (-BELOW_SHOULDER - from.y) / along.y } else { f32::MAX };
    let wrist = from + along * reach.min(most).min(low.max(LEAST_REACH));
    shoulder + if wrist.length() < nearest { wrist.normalize_or(along) * nearest } else { wrist }
}

/// Where the elbow is: below and a little outward.
fn elbow(shoulder: Vec3, wrist: Vec3, upper: f32, lower: f32) -> Vec3 {
    let way = wrist - shoulder;
    let distance = way.length().max(1e-3);
    let ahead = way / distance;
    let cos = ((upper * upper + distance * distance - lower * lower) / (2.0 * upper * distance)).clamp(-1.0, 1.0);
    let sin = (1.0 - cos * cos).sqrt();
    let swung_to = |way: Vec3| {
        let aside = (way - way.dot(ahead) * ahead).normalize_or(Vec3::NEG_Y);
        shoulder + upper * (cos * ahead + sin * aside)
    };
    // Farther out where it would come to lie in front of the trunk.
    let ways = OUTWARD.map(|x| Vec3::new(x, -0.88, 0.05));
    let clear = |elbow: &Vec3| elbow.x > 0.95 * shoulder.x;
    ways.into_iter().map(swung_to).find(clear).unwrap_or_else(|| swung_to(Vec3::X))
}

impl Shown {
    /// How far along the line to the place, 0..=1, something would begin to hide the card from the customer.
    fn first_hidden(&self, from: Vec3) -> f32 {
        let Board { center, size, yaw_rad } = self.board;
        let right = Quat::from_rotation_y(yaw_rad) * Vec3::X;
        let half = 0.5 * size + Vec2::splat(MARGIN);
        // Planes through the eye and the edges of the card: what is outside of one of them hides nothing.
        [(right, half.x, Vec3::Y), (-right, half.x, Vec3::Y), (Vec3::Y, half.y, right), (-Vec3::Y, half.y, right)]
            .into_iter()
            .map(|(outward, half, edge)| {
                let to_edge = center + outward * half - self.eye;
                let normal = to_edge.cross(edge);
                let normal = if normal.dot(center - self.eye) > 0.0 { -normal } else { normal };
                let (start, end) = (normal.dot(from - self.eye), normal.dot(self.place - self.eye));
                if start > 0.0 && end < start { (start / (start - end)).min(1.0) } else { 0.0 }
            })
            .fold(0.0, f32::max)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::behavior::{Pose, skeleton::ArmPlaces};

    fn shown(place: Vec3, items: f32) -> Shown {
        let size = Vec2::new(0.4, 0.12 + 0.09 * items);
        Shown {
            place,
            board: Board { center: place + Vec3::Y * 0.04 * items, size, yaw_rad: 0.0 },
            eye: Vec3::new(0.0, 1.5, 1.4),
        }
    }

    fn arm(side: Side, shown: &Shown) -> (ArmPlaces, [Quat; 4]) {
        let skeleton = Skeleton::default();
        let chest = skeleton.upper_chest(&Pose::REST);
        let turns = aim_arm(&skeleton, chest, side, Quat::IDENTITY, shown);
        (skeleton.arm_of(chest, side, turns), turns)
    }

    proptest! {
        #[test]
        fn the_hand_points_at_any_place_where_cards_stand(
            x in 0.5f32..0.8, y in 1.15f32..1.75, z in 0.05f32..0.6, left in any::<bool>(), items in 1f32..4.0,
        ) {
            let side = if left { Side::Left } else { Side::Right };
            let shown = shown(Vec3::new(x * side.sign(), y, z), items);
            let (arm, turns) = arm(side, &shown);
            let error = (arm.fingers - arm.wrist).angle_between(shown.place - arm.wrist);
            prop_assert!(error.to_degrees() < 6.0, "{}", error.to_degrees());
            // The elbow stays outside the trunk and hangs.
            prop_assert!(arm.elbow.x * side.sign() > 0.14, "{}", arm.elbow);
            prop_assert!(arm.elbow.y < arm.shoulder.y - 0.05, "{}", arm.elbow);
            prop_assert!(turns.iter().all(|q| q.is_normalized()));
        }

        #[test]
        fn both_arms_do_the_same(x in 0.3f32..0.8, y in 1.0f32..1.7, z in 0.0f32..0.6) {
            let (left, _) = arm(Side::Left, &shown(Vec3::new(x, y, z), 2.0));
            let (right, _) = arm(Side::Right, &shown(Vec3::new(-x, y, z), 2.0));
            prop_assert!((left.fingers * Vec3::new(-1.0, 1.0, 1.0) - right.fingers).length() < 1e-4);
        }
    }

    #[test]
    fn the_hand_hides_no_line_and_shows_its_palm() {
        let shown = shown(Vec3::new(0.62, 1.42, 0.15), 3.0);
        let (arm, turns) = arm(Side::Left, &shown);
        let tip = arm.fingers + (arm.fingers - arm.wrist).normalize() * FINGER;
        // Seen from the eye, the tip is beside or below the card.
        let way = tip - shown.eye;
        let at_card = shown.eye + way * ((shown.board.center.z - shown.eye.z) / way.z);
        let off = (at_card - shown.board.center).truncate().abs() - 0.5 * shown.board.size;
        assert!(off.max_element() > 0.0, "{at_card}");
        let palm = arm.lower_turn * turns[3] * Vec3::NEG_Y;
        assert!(palm.y > 0.3 && palm.z > -0.1, "{palm}");
    }
}
