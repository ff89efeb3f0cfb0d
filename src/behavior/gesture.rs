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
/// Highest and lowest direction of the arm (negative is up).
const MAX_UP_RAD: f32 = -0.35;
const MAX_DOWN_RAD: f32 = 0.70;
/// How much of the height is reached by bending the elbow less or more instead of raising the shoulder.
const ELBOW_SHARE: f32 = 0.25;

/// The direction in which an arm may point for a place: as close as the body allows.
#[must_use]
pub(super) fn reachable(from_shoulder: Vec3, side: Side) -> Vec3 {
    let (yaw, pitch) = yaw_pitch_rad(from_shoulder);
    let outward = (yaw * side.sign()).clamp(MIN_OUTWARD_RAD, MAX_OUTWARD_RAD);
    direction(outward * side.sign(), pitch.clamp(MAX_UP_RAD, MAX_DOWN_RAD))
}

/// Rotations of shoulder, upper arm, lower arm and hand that point from the shoulder over the fingers to a place.
/// Starts from the tuned pointing pose, so that palm and fingers stay as they were tuned, and swings the arm by the
/// shortest way.
#[must_use]
pub(super) fn aim_arm(library: &PoseLibrary, skeleton: &Skeleton, chest: Frame, side: Side, place: Vec3) -> [Quat; 4] {
    let pose = match side {
        Side::Left => library.point_left,
        Side::Right => library.point_right,
    };
    let mut turns = side.arm().map(|bone| library.bone(pose, bone));
    let arm = skeleton.arm_of(chest, side, turns);
    let wanted = reachable(place - arm.shoulder, side);
    // Pointing low with a bent elbow looks like a signpost, pointing high with a straight one like a salute.
    let (_, pitch) = yaw_pitch_rad(wanted);
    turns[2] = Quat::IDENTITY.slerp(turns[2], 1.0 - ELBOW_SHARE * (pitch / MAX_DOWN_RAD).clamp(-1.0, 1.0));
    let arm = skeleton.arm_of(chest, side, turns);
    let now = (arm.fingers - arm.shoulder).normalize_or(Vec3::X * side.sign());
    let swing = Quat::from_rotation_arc(now, wanted);
    let parent = arm.shoulder_turn;
    turns[1] = nearest(parent.inverse() * swing * parent * turns[1], turns[1]).normalize();
    turns
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
            let place = shoulder + direction(outward * side.sign(), pitch) * 0.9;
            let turns = aim_arm(&library, &skeleton, chest, side, place);
            let arm = skeleton.arm_of(chest, side, turns);
            let error = (arm.fingers - arm.shoulder).angle_between(place - arm.shoulder);
            prop_assert!(error.to_degrees() < 3.0, "{}", error.to_degrees());
            // The elbow stays outside the trunk.
            prop_assert!(arm.elbow.x * side.sign() > 0.14, "{}", arm.elbow);
            prop_assert!(turns.iter().all(|q| q.is_normalized()));
        }
    }
}
