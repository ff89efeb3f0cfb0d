//! Channels: the parts of face and body, each with many proposers and one writer, the composer.

use std::sync::LazyLock;

use glam::{Quat, Vec3};

use super::{Visemes, library::PoseId, skeleton::Side};
use crate::vrm::{BlendShape, HumanBone};

/// A part of the face or body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Brow shapes.
    Brows,
    /// Lids: blinks and squints.
    Lids,
    /// Eye rotation.
    Gaze,
    /// Cheeks and nose.
    Cheeks,
    /// The mouth as speech shapes it.
    MouthShape,
    /// The mouth as feeling shapes it.
    MouthMood,
    /// The jaw.
    Jaw,
    /// The head.
    Head,
    /// The neck.
    Neck,
    /// Hips to upper chest.
    Spine,
    /// Both shoulders.
    Shoulders,
    /// Left upper and lower arm.
    LeftArm,
    /// Right upper and lower arm.
    RightArm,
    /// Left hand and fingers.
    LeftHand,
    /// Right hand and fingers.
    RightHand,
    /// Place of the hips, and the legs that keep the feet where they are.
    Root,
}

impl Channel {
    /// The channel that writes a blend shape.
    #[must_use]
    pub fn of_shape(shape: BlendShape) -> Self {
        // Names are read once: this is asked for every shape of every frame.
        static TABLE: LazyLock<[Channel; BlendShape::COUNT]> =
            LazyLock::new(|| std::array::from_fn(|at| Channel::read_shape(BlendShape::ALL[at])));
        TABLE[shape.index()]
    }

    fn read_shape(shape: BlendShape) -> Self {
        let name = shape.name();
        if name.starts_with("brow") {
            Self::Brows
        } else if name.starts_with("eye") {
            Self::Lids
        } else if name.starts_with("cheek") || name.starts_with("nose") {
            Self::Cheeks
        } else if name.starts_with("jaw") {
            Self::Jaw
        } else {
            Self::MouthMood
        }
    }

    /// The channel that writes a bone.
    #[must_use]
    pub fn of_bone(bone: HumanBone) -> Self {
        static TABLE: LazyLock<[Channel; HumanBone::COUNT]> =
            LazyLock::new(|| std::array::from_fn(|at| Channel::read_bone(HumanBone::ALL[at])));
        TABLE[bone.index()]
    }

    fn read_bone(bone: HumanBone) -> Self {
        use HumanBone as B;
        match bone {
            B::Hips | B::Spine | B::Chest | B::UpperChest => Self::Spine,
            B::Neck => Self::Neck,
            B::Head => Self::Head,
            B::Jaw => Self::Jaw,
            B::LeftEye | B::RightEye => Self::Gaze,
            B::LeftShoulder | B::RightShoulder => Self::Shoulders,
            B::LeftUpperArm | B::LeftLowerArm => Self::LeftArm,
            B::RightUpperArm | B::RightLowerArm => Self::RightArm,
            B::LeftUpperLeg
            | B::LeftLowerLeg
            | B::LeftFoot
            | B::LeftToes
            | B::RightUpperLeg
            | B::RightLowerLeg
            | B::RightFoot
            | B::RightToes => Self::Root,
            other if other.name().starts_with("left") => Self::LeftHand,
            _ => Self::RightHand,
        }
    }

    /// Fastest change: weights per second for the face, radians per second for the body, meters per second for the
    /// root. Above these, movement looks mechanical.
    #[must_use]
    pub fn max_speed(self) -> f32 {
        match self {
            Self::Brows | Self::Cheeks | Self::MouthMood => 3.2,
            Self::Lids => 27.0,
            Self::MouthShape | Self::Jaw => 15.0,
            Self::Gaze => 600f32.to_radians(),
            Self::Head | Self::Neck => 200f32.to_radians(),
            Self::Spine => 40f32.to_radians(),
            Self::Shoulders => 120f32.to_radians(),
            Self::LeftArm | Self::RightArm => 400f32.to_radians(),
            Self::LeftHand | Self::RightHand => 400f32.to_radians(),
            Self::Root => 0.15,
        }
    }
}

/// What a proposer would like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Content {
    /// Shoulders, arms and hands as in a library pose; of one side, or both.
    Arms(PoseId, Option<Side>),
    /// One arm as given (shoulder, upper, lower, hand), fingers from the pose.
    Arm(Side, [Quat; 4], PoseId),
    /// A bone turned further, in its own frame, after the arms are blended.
    Turn(HumanBone, Quat),
    /// The trunk bent: pitch forward, yaw left, roll to the left shoulder; sums up.
    Bend(Vec3),
    /// The head turned over its aim: pitch down, yaw left, roll; sums up.
    HeadTurn(Vec3),
    /// The head aimed: yaw and pitch in avatar space.
    HeadAim(f32, f32),
    /// The eyes aimed: yaw and pitch in avatar space.
    Gaze(f32, f32),
    /// Angle between the directions of the eyes, radians.
    Vergence(f32),
    /// The hips moved, meters; sums up.
    Shift(Vec3),
    /// A face shape at this weight; of several the strongest.
    Shape(BlendShape, f32),
    /// A face shape by this much more.
    MoreShape(BlendShape, f32),
    /// Both lids closed this far; never weaker than any feeling.
    Blink(f32),
    /// The mouth of speech.
    Mouth(Visemes),
}

/// A wish for a channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Proposal {
    pub(super) content: Content,
    /// 0..=1.
    pub(super) weight: f32,
    /// Higher is laid over lower.
    pub(super) priority: i32,
}

/// The wishes of one frame.
#[derive(Debug, Clone, Default)]
pub(super) struct Proposals {
    sums: Vec<Content>,
    layers: Vec<Proposal>,
}

impl Proposals {
    pub(super) fn clear(&mut self) {
        self.sums.clear();
        self.layers.clear();
    }

    /// Something that counts beside whatever else there is.
    pub(super) fn add(&mut self, content: Content) {
        self.sums.push(content);
    }

    /// Arms over the arms of lower priority, and over those of the same that came before.
    pub(super) fn lay(&mut self, content: Content, weight: f32, priority: i32) {
        if weight > 1e-5 {
            let at = self.layers.iter().rposition(|layer| layer.priority <= priority).map_or(0, |below| below + 1);
            self.layers.insert(at, Proposal { content, weight: weight.min(1.0), priority });
        }
    }

    /// What was added, in order of arrival.
    pub(super) fn sums(&self) -> &[Content] {
        &self.sums
    }

    /// What was laid, in the order of blending.
    pub(super) fn layers(&self) -> &[Proposal] {
        &self.layers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_and_bone_has_a_channel_with_a_cap() {
        for shape in BlendShape::ALL {
            assert!(Channel::of_shape(*shape).max_speed() > 0.0);
        }
        assert_eq!(Channel::of_bone(HumanBone::LeftThumbDistal), Channel::LeftHand);
        assert_eq!(Channel::of_bone(HumanBone::RightFoot), Channel::Root);
        assert_eq!(Channel::of_shape(BlendShape::EyeSquintLeft), Channel::Lids);
    }
}
