//! Pointing: the open hand of the near side, aimed at a place.

use glam::{Quat, Vec3};

use super::{
    library::PoseLibrary,
    motion::nearest,
    skeleton::{Frame, Side, Skeleton, direction, yaw_pitch_rad},
};

/// Least angle outward from straight ahead: closer in, the elbow would enter the trunk.
const MIN_OUTWARD_RAD: f32 = 0.40;
const MAX_OUTWARD_RAD: f32 = 1.75;
/// The arm itself stays low (positive is down), beside and below what it shows: a hand in front of a card would
/// hide the words it means. Least, middle and lowest pitch of the arm.
const ARM_PITCH_RAD: (f32, f32, f32) = (0.38, 0.48, 0.72);
/// How much of the place's height the arm follows; the hand does the rest.
const ARM_SHARE: f32 = 0.35;
/// How far the hand bends at the wrist toward the place.
const MAX_WRIST_RAD: f32 = 0.95;
/// How much of the height is reached by bending the elbow less or more instead of raising the shoulder.
const ELBOW_SHARE: f32 = 0.25;

/// The direction in which an arm is held for a place: outward as the place is, but low.
#[must_use]
pub(super) fn reachable(from_shoulder: Vec3, side: Side) -> Vec3 {
    let (yaw, pitch) = yaw_pitch_rad(from_shoulder);
    let outward = (yaw * side.sign()).clamp(MIN_OUTWARD_RAD, MAX_OUTWARD_RAD);
    let (least, middle, lowest) = ARM_PITCH_RAD;
    direction(outward * side.sign(), (middle + ARM_SHARE * pitch).clamp(least, lowest))
}

/// Rotations of shoulder, upper arm, lower arm and hand that show a place: the arm low on its side, the open hand
/// turned so that the ray from wrist over fingers meets the place. Starts from the tuned pointing pose, so that palm
/// and fingers stay as they were tuned, and swings by the shortest way.
#[must_use]
pub(super) fn aim_arm(library: &PoseLibrary, skeleton: &Skeleton, chest: Frame, side: Side, place: Vec3) -> [Quat; 4] {
    let pose = match side {
        Side::Left => library.point_left,
        Side::Right => library.point_right,
    };
    let mut turns = side.arm().map(|bone| library.bone(pose, bone));
    let arm = skeleton.arm_of(chest, side, turns);
    let wanted = reachable(place - arm.shoulder, side);
    // Pointing low with a bent elbow looks like a signpost.
    let (_, pitch) = yaw_pitch_rad(wanted);
    turns[2] = Quat::IDENTITY.slerp(turns[2], 1.0 - ELBOW_SHARE * (pitch / ARM_PITCH_RAD.2).clamp(0.0, 1.0));
    let arm = skeleton.arm_of(chest, side, turns);
    let now = (arm.fingers - arm.shoulder).normalize_or(Vec3::X * side.sign());
    turns[1] = swung(turns[1], arm.shoulder_turn, Quat::from_rotation_arc(now, wanted));
    let arm = skeleton.arm_of(chest, side, turns);
    let now = (arm.fingers - arm.wrist).normalize_or(wanted);
    let toward = (place - arm.wrist).normalize_or(now);
    let bend = Quat::from_rotation_arc(now, toward);
    let angle = now.angle_between(toward);
    let bend = if angle > MAX_WRIST_RAD { Quat::IDENTITY.slerp(bend, MAX_WRIST_RAD / angle) } else { bend };
    turns[3] = swung(turns[3], arm.lower_turn, bend);
    turns
}

/// A joint's local turn after a swing given in model space.
fn swung(turn: Quat, parent: Quat, swing: Quat) -> Quat {
    nearest(parent.inverse() * swing * parent * turn, turn).normalize()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;
    use crate::behavior::Pose;

    proptest! {
        #[test]
        fn arm_points_at_reachable_places(outward in 0.45f32..1.2, pitch in -0.3f32..0.5, left in any::<bool>()) {
            let library =
                PoseLibrary::parse(include_str!("../../assets/behavior/poses.json"), "poses.json").unwrap();
            let skeleton = Skeleton::default();
            let side = if left { Side::Left } else { Side::Right };
            let chest = skeleton.upper_chest(&Pose::REST);
            let shoulder = skeleton.arm(&Pose::REST, side).shoulder;
            let place = shoulder + direction(outward * side.sign(), pitch) * 0.8;
            let turns = aim_arm(&library, &skeleton, chest, side, place);
            let arm = skeleton.arm_of(chest, side, turns);
            let error = (arm.fingers - arm.wrist).angle_between(place - arm.wrist);
            prop_assert!(error.to_degrees() < 6.0, "{}", error.to_degrees());
            // Arm and hand stay below the place, so that they do not hide it.
            prop_assert!(arm.fingers.y < shoulder.y, "{}", arm.fingers);
            // The elbow stays outside the trunk.
            prop_assert!(arm.elbow.x * side.sign() > 0.14, "{}", arm.elbow);
            prop_assert!(turns.iter().all(|q| q.is_normalized()));
        }
    }
}
