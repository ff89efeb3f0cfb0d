//! What the composer hands to an avatar: one whole pose, every channel written once.

use glam::{Quat, Vec3};

use crate::vrm::{BlendShape, EyeDrive, HumanBone};

/// The five VRM mouth shapes, in the order `aa`, `ih`, `ou`, `ee`, `oh`, each 0..=1.
pub type Visemes = [f32; 5];

/// A whole pose of the avatar at one moment. The avatar faces +Z, +X is its left, +Y is up (VRM 1.0).
#[derive(Debug, Clone, PartialEq)]
pub struct Pose {
    /// Weight of each ARKit blend shape by [`BlendShape::index`], 0..=1. Eye-look shapes stay 0: the gaze moves
    /// the eyes.
    pub face: [f32; BlendShape::COUNT],
    /// Mouth shapes of speech.
    pub visemes: Visemes,
    /// Eyes relative to the head, VRM convention: yaw positive to the avatar's left, radians.
    pub gaze_yaw_rad: f32,
    /// Pitch positive downward, radians.
    pub gaze_pitch_rad: f32,
    /// Angle between the directions of the two eyes, positive where they converge, radians.
    pub vergence_rad: f32,
    /// Normalized (T-pose-relative) local rotation of each bone by [`HumanBone::index`].
    pub bones: [Quat; HumanBone::COUNT],
    /// Offset of the hips from their rest position in meters, avatar space.
    pub hips_offset: Vec3,
}

impl Pose {
    /// The T-pose with a resting face.
    pub const REST: Self = Self {
        face: [0.0; BlendShape::COUNT],
        visemes: [0.0; 5],
        gaze_yaw_rad: 0.0,
        gaze_pitch_rad: 0.0,
        vergence_rad: 0.0,
        bones: [Quat::IDENTITY; HumanBone::COUNT],
        hips_offset: Vec3::ZERO,
    };

    /// Weight of a blend shape.
    #[must_use]
    pub fn face(&self, shape: BlendShape) -> f32 {
        self.face[shape.index()]
    }

    /// What the runtime is told about the eyes.
    #[must_use]
    pub fn eyes(&self) -> EyeDrive {
        EyeDrive::Direct { yaw_rad: self.gaze_yaw_rad, pitch_rad: self.gaze_pitch_rad, vergence_rad: self.vergence_rad }
    }

    /// Normalized local rotation of a bone.
    #[must_use]
    pub fn bone(&self, bone: HumanBone) -> Quat {
        self.bones[bone.index()]
    }
}
