//! The person as a tailor sees them: arms hanging, every vertex with the share of arms, legs and head in its weights.

use glam::{Affine3A, Quat, Vec3};

use super::super::rig::{self, DesignPose, FOLDS, Influence, Rig};
use crate::vrm::HumanBone;

/// How far below the horizontal the upper arms hang while clothes are made: close to a person at rest, so that
/// shoulders look as they were cut most of the time.
const HANG_DEG: f32 = 74.0;
/// Bend of the elbow meanwhile.
const ELBOW_DEG: f32 = 16.0;
/// What the T-pose lifts the collar bones by.
const COLLAR_RISE_DEG: f32 = 8.0;

/// The bones that cloth follows; fingers count as the hand.
pub(super) const CLOTH_BONES: [HumanBone; 22] = [
    HumanBone::Hips,
    HumanBone::Spine,
    HumanBone::Chest,
    HumanBone::UpperChest,
    HumanBone::Neck,
    HumanBone::Head,
    HumanBone::LeftShoulder,
    HumanBone::RightShoulder,
    HumanBone::LeftUpperArm,
    HumanBone::RightUpperArm,
    HumanBone::LeftLowerArm,
    HumanBone::RightLowerArm,
    HumanBone::LeftHand,
    HumanBone::RightHand,
    HumanBone::LeftUpperLeg,
    HumanBone::RightUpperLeg,
    HumanBone::LeftLowerLeg,
    HumanBone::RightLowerLeg,
    HumanBone::LeftFoot,
    HumanBone::RightFoot,
    HumanBone::LeftToes,
    HumanBone::RightToes,
];

/// Weights on [`CLOTH_BONES`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Pull(pub(super) [f32; CLOTH_BONES.len()]);

impl Pull {
    /// Full weight on one bone.
    pub(super) fn only(bone: HumanBone) -> Self {
        let mut pull = Self::default();
        if let Some(at) = place(bone) {
            pull.0[at] = 1.0;
        }
        pull
    }

    /// This with a share of another mixed in.
    #[must_use]
    pub(super) fn mix(self, other: Self, share: f32) -> Self {
        let mut out = self;
        for (own, theirs) in out.0.iter_mut().zip(other.0) {
            *own += (theirs - *own) * share;
        }
        out
    }

    /// This with a share of a bone's pull given to the other bones.
    #[must_use]
    pub(super) fn without(self, bone: HumanBone, share: f32) -> Self {
        let mut out = self;
        let Some(at) = place(bone) else { return out };
        let rest: f32 = out.0.iter().sum::<f32>() - out.0[at];
        let given = out.0[at] * share;
        if rest > 1.0e-3 {
            out.0.iter_mut().for_each(|weight| *weight *= 1.0 + given / rest);
            out.0[at] = self.0[at] - given;
        }
        out
    }

    pub(super) fn add(&mut self, other: &Self, weight: f32) {
        for (own, theirs) in self.0.iter_mut().zip(other.0) {
            *own += theirs * weight;
        }
    }
}

fn place(bone: HumanBone) -> Option<usize> {
    CLOTH_BONES.iter().position(|own| *own == bone)
}

/// The side of a body, by its wearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl Side {
    pub(super) const BOTH: [Self; 2] = [Self::Left, Self::Right];

    /// +1 toward the wearer's left, which is +X.
    pub(super) fn sign(self) -> f32 {
        if self == Self::Left { 1.0 } else { -1.0 }
    }

    /// The bone of this side, given the one of the left.
    pub(super) fn bone(self, left: HumanBone) -> HumanBone {
        if self == Self::Left { left } else { CLOTH_BONES.get(place(left).unwrap_or(0) + 1).copied().unwrap_or(left) }
    }
}

/// A person with hanging arms.
pub(super) struct Wearer<'a> {
    pub(super) rig: &'a Rig,
    /// Base vertices, decimeters.
    pub(super) points: Vec<Vec3>,
    /// Weights of base vertices.
    pub(super) pulls: Vec<Pull>,
    /// Triangles of the body's skin.
    pub(super) skin: Vec<[u32; 3]>,
    /// Carries the T-pose into this one.
    pub(super) from_t: Vec<Affine3A>,
    joints: Vec<Vec3>,
    slots: Vec<u16>,
    folds: [Fold; FOLDS.len()],
    /// Height of the floor.
    pub(super) floor: f32,
}

impl<'a> Wearer<'a> {
    /// Lets the arms of a shape hang. `skin` are the faces of the body.
    pub(super) fn new(rig: &'a Rig, shape: &[Vec3], skin: impl Iterator<Item = [u32; 4]>) -> Self {
        let from_t = rig.posed(&hanging());
        let from_a: Vec<Affine3A> = from_t.iter().zip(rig.pose(DesignPose::T)).map(|(d, t)| *d * t).collect();
        let points = rig::skin(shape, &rig.weights, &from_a);
        let joints = rig.t_joints().iter().zip(&from_t).map(|(joint, m)| m.transform_point3(*joint)).collect();
        let slot_of: Vec<usize> = (0..rig.joints.len()).map(|joint| slot(rig, joint)).collect();
        let pull = |influence: &Influence| {
            let mut pull = Pull::default();
            for (joint, weight) in influence {
                pull.0[slot_of.get(usize::from(*joint)).copied().unwrap_or(0)] += weight;
            }
            pull
        };
        let pulls = rig.weights.iter().map(pull).collect();
        let skin: Vec<[u32; 3]> = skin.flat_map(|[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
        let floor = skin.iter().flatten().map(|v| points[*v as usize].y).fold(f32::INFINITY, f32::min);
        let slots = CLOTH_BONES.iter().map(|bone| rig.joint(*bone) as u16).collect();
        let folds = FOLDS.map(|bone| Fold::new(rig, bone));
        Self { rig, points, pulls, skin, from_t, joints, slots, folds, floor }
    }

    /// Where a joint is.
    pub(super) fn joint(&self, bone: HumanBone) -> Vec3 {
        self.joints[self.rig.joint(bone)]
    }

    /// Weights for the file.
    pub(super) fn influence(&self, pull: &Pull) -> Influence {
        let mut all: Vec<(u16, f32)> = self.slots.iter().copied().zip(pull.0).collect();
        for fold in &self.folds {
            fold.take_share(&mut all);
        }
        rig::strongest(all)
    }

    /// Share of arm and hand in a vertex.
    pub(super) fn arm(&self, vertex: u32) -> f32 {
        self.pulls[vertex as usize].0[8..14].iter().sum()
    }

    /// Share of neck and head in a vertex.
    pub(super) fn head(&self, vertex: u32) -> f32 {
        self.pulls[vertex as usize].0[4..6].iter().sum()
    }
}

/// A joint that turns by half between its parent and a bone, and the joints that turn with the bone.
struct Fold {
    joint: u16,
    beyond: Vec<u16>,
}

impl Fold {
    fn new(rig: &Rig, bone: HumanBone) -> Self {
        let mut beyond = vec![rig.joint(bone)];
        for (at, joint) in rig.joints.iter().enumerate() {
            if joint.parent.is_some_and(|parent| beyond.contains(&parent)) {
                beyond.push(at);
            }
        }
        Self { joint: rig.fold(bone) as u16, beyond: beyond.into_iter().map(|at| at as u16).collect() }
    }

    /// Weights that pull both ways become weights toward the middle.
    fn take_share(&self, all: &mut Vec<(u16, f32)>) {
        let is_beyond = |joint: u16| self.beyond.contains(&joint);
        let beyond: f32 = all.iter().filter(|(joint, _)| is_beyond(*joint)).map(|(_, weight)| weight).sum();
        let before: f32 = all.iter().filter(|(joint, _)| !is_beyond(*joint)).map(|(_, weight)| weight).sum();
        let taken = beyond.min(before);
        if taken <= 0.0 {
            return;
        }
        for (joint, weight) in all.iter_mut() {
            *weight *= 1.0 - taken / if is_beyond(*joint) { beyond } else { before };
        }
        all.push((self.joint, 2.0 * taken));
    }
}

/// The place in [`CLOTH_BONES`] of a joint, or of the nearest joint above it that has one.
fn slot(rig: &Rig, joint: usize) -> usize {
    let mut at = Some(joint);
    while let Some(own) = at {
        if let Some(found) = rig.joints[own].bone.and_then(place) {
            return found;
        }
        at = rig.joints[own].parent;
    }
    0
}

/// Local rotations from the T-pose to the pose in which clothes are made.
fn hanging() -> Vec<(HumanBone, Quat)> {
    Side::BOTH
        .iter()
        .flat_map(|side| {
            let down = |deg: f32| -side.sign() * deg.to_radians();
            [
                (side.bone(HumanBone::LeftShoulder), Quat::from_rotation_z(down(COLLAR_RISE_DEG))),
                (side.bone(HumanBone::LeftUpperArm), Quat::from_rotation_z(down(HANG_DEG))),
                (side.bone(HumanBone::LeftLowerArm), Quat::from_rotation_y(down(ELBOW_DEG))),
            ]
        })
        .collect()
}
