//! How a figure stands: upright or not, where it faces, how tall it is, and how far its arms hang below the T-pose.

use glam::{Quat, Vec2, Vec3};

use super::skeleton::Bones;
use crate::vrm::bone::HumanBone;
use crate::vrm::scene_graph::SceneGraph;

/// Arms this near to the horizontal count as a T-pose, radians.
const T_POSE_RAD: f32 = 15.0 * std::f32::consts::PI / 180.0;

/// What is the matter with the stance of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stance {
    /// Turn about +Y that makes the figure face +Z.
    pub(super) turn_rad: f32,
    /// Factor that makes its unit the meter.
    pub(super) scale: f32,
}

/// Where the figure faces and in what unit it was made; `None` where it does not stand upright along +Y.
pub(super) fn of(bones: &Bones, graph: &SceneGraph) -> Option<Stance> {
    let at = |bone: HumanBone| bones.get(&bone).map(|node| graph.position(*node));
    let (head, hips) = (at(HumanBone::Head)?, at(HumanBone::Hips)?);
    let (left, right) = (at(HumanBone::LeftUpperArm)?, at(HumanBone::RightUpperArm)?);
    let foot = at(HumanBone::LeftFoot)?;
    if (head - hips).try_normalize()?.y < 0.8 {
        return None;
    }
    let to_left = (left - right).try_normalize()?;
    let flat = Vec2::new(to_left.x, to_left.z);
    if flat.length() < 0.8 {
        return None;
    }
    // The left side belongs at +X.
    let off_rad = flat.y.atan2(flat.x);
    // Bones never stand perfectly even; what is nearly right is left alone.
    let turn_rad = if off_rad.abs() < 0.3 { 0.0 } else { off_rad };
    let height = head.y - foot.y;
    let scale = match height {
        // The head bone of people sits between 0.5 and 2.5 meters over the ankles.
        h if (40.0..300.0).contains(&h) => 0.01,
        h if (400.0..3_000.0).contains(&h) => 0.001,
        h if (15.0..40.0).contains(&h) => 0.0254,
        _ => 1.0,
    };
    Some(Stance { turn_rad, scale })
}

/// Rotations in model space that lift each arm into the T-pose, upper arm and lower arm; left out where the arm is
/// near enough. `forward` turns the model first.
pub(super) fn arm_corrections(bones: &Bones, graph: &SceneGraph, forward: Quat) -> Vec<(HumanBone, Quat)> {
    use HumanBone as B;
    let mut out = Vec::new();
    for (side, [upper, lower, hand]) in [
        (Vec3::X, [B::LeftUpperArm, B::LeftLowerArm, B::LeftHand]),
        (Vec3::NEG_X, [B::RightUpperArm, B::RightLowerArm, B::RightHand]),
    ] {
        let at = |bone: HumanBone| bones.get(&bone).map(|node| graph.position(*node));
        let along = |from: HumanBone, to: HumanBone| (forward * (at(to)? - at(from)?)).try_normalize();
        let mut above = Quat::IDENTITY;
        for (bone, next) in [(upper, lower), (lower, hand)] {
            let Some(direction) = along(bone, next) else { continue };
            let direction = above * direction;
            let own = match direction.angle_between(side) > T_POSE_RAD {
                true => Quat::from_rotation_arc(direction, side),
                false => Quat::IDENTITY,
            };
            above = own * above;
            if own != Quat::IDENTITY {
                out.push((bone, own));
            }
        }
    }
    out
}
