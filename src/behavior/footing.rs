//! Footing: the feet stay where they are while hips sway, shift and lean.

use glam::{Quat, Vec3};

use super::{Pose, library::PoseLibrary, skeleton::Skeleton};
use crate::vrm::HumanBone;

/// Turns legs and feet so that the ankles keep their place for the pose's hips, and gives back the hips offset that
/// keeps the middle of the hip joints where `shift` wants it.
pub(super) fn plant(pose: &mut Pose, library: &PoseLibrary, skeleton: &Skeleton, shift: Vec3) {
    let hips = pose.bone(HumanBone::Hips);
    let middle = skeleton.leg_root() * Vec3::new(0.0, 1.0, 1.0);
    pose.hips_offset = shift + middle - hips * middle;
    let legs = [
        (1.0, [HumanBone::LeftUpperLeg, HumanBone::LeftLowerLeg, HumanBone::LeftFoot]),
        (-1.0, [HumanBone::RightUpperLeg, HumanBone::RightLowerLeg, HumanBone::RightFoot]),
    ];
    for (sign, [upper, lower, foot]) in legs {
        let root = skeleton.leg_root() * Vec3::new(sign, 1.0, 1.0);
        let moved = pose.hips_offset + hips * root - root;
        let [upper_rest, lower_rest, foot_rest] =
            [upper, lower, foot].map(|bone| skeleton.leg_turn(library.bone(library.stand, bone)));
        let leg = upper_rest * lower_rest;
        let length = skeleton.leg_length();
        let along = leg * Vec3::NEG_Y * length;
        let tilt = arc(along.normalize(), (along - moved).normalize_or(Vec3::NEG_Y));
        pose.bones[upper.index()] = (hips.inverse() * tilt * upper_rest).normalize();
        pose.bones[lower.index()] = lower_rest;
        pose.bones[foot.index()] = (leg.inverse() * tilt.inverse() * leg * foot_rest).normalize();
    }
}

/// The shortest rotation between two directions that are not opposite. glam's own takes small angles for none: the feet
/// would jump by half a millimeter whenever the hips pass their rest.
fn arc(from: Vec3, to: Vec3) -> Quat {
    let axis = from.cross(to);
    Quat::from_xyzw(axis.x, axis.y, axis.z, 1.0 + from.dot(to)).normalize()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn ankles_keep_their_place() {
        let library = PoseLibrary::parse(include_str!("../../assets/behavior/poses.json"), "poses.json").unwrap();
        let skeleton = Skeleton::default();
        let ankle = |pose: &Pose| {
            let hips = pose.bone(HumanBone::Hips);
            let leg = hips * pose.bone(HumanBone::LeftUpperLeg) * pose.bone(HumanBone::LeftLowerLeg);
            pose.hips_offset + hips * skeleton.leg_root() + leg * Vec3::NEG_Y * skeleton.leg_length()
        };
        let mut rest = Pose::REST;
        plant(&mut rest, &library, &skeleton, Vec3::ZERO);
        let mut leaning = Pose::REST;
        leaning.bones[HumanBone::Hips.index()] = Quat::from_rotation_x(0.06);
        plant(&mut leaning, &library, &skeleton, Vec3::new(0.012, 0.0, 0.004));
        assert!((ankle(&rest) - ankle(&leaning)).length() < 0.002);
    }

    #[test]
    fn the_smallest_shift_is_not_lost() {
        let turn = arc(Vec3::NEG_Y, Vec3::new(3e-4, -1.0, 0.0).normalize());
        assert!(((turn * Vec3::NEG_Y).x - 3e-4).abs() < 1e-6);
    }
}
