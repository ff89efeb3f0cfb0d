//! What an update starts from.

use glam::{Quat, Vec3};

use super::bone::HumanBone;
use super::document::unit;
use super::look_at::EyeDrive;

/// Where an avatar stands in the world. Its own space, model space, has the feet at the origin and faces +Z.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Root {
    /// Meters.
    pub translation: Vec3,
    /// Unit quaternion.
    pub rotation: Quat,
    /// Factor on all axes, above 0.
    pub scale: f32,
}

impl Root {
    /// At the origin of the world.
    pub const IDENTITY: Self = Self { translation: Vec3::ZERO, rotation: Quat::IDENTITY, scale: 1.0 };

    /// The same, with what is not usable replaced by the identity.
    pub(super) fn sound(&self) -> Self {
        /// Farther than this, a millimeter is no longer a number.
        const FAR: f32 = 1.0e6;
        let scale = if (1.0e-3..=1.0e3).contains(&self.scale) { self.scale } else { 1.0 };
        let translation = if self.translation.is_finite() {
            self.translation.clamp(Vec3::splat(-FAR), Vec3::splat(FAR))
        } else {
            Vec3::ZERO
        };
        Self { translation, rotation: unit(self.rotation).unwrap_or(Quat::IDENTITY), scale }
    }

    /// A point of the world in model space.
    pub(super) fn to_model(self, point: Vec3) -> Vec3 {
        self.rotation.inverse() * (point - self.translation) / self.scale
    }

    /// Part of the way to a later place.
    pub(super) fn lerp(&self, later: &Self, part: f32) -> Self {
        if self == later {
            return *later;
        }
        Self {
            translation: self.translation.lerp(later.translation, part),
            rotation: self.rotation.lerp(later.rotation, part),
            scale: self.scale + (later.scale - self.scale) * part,
        }
    }
}

impl Default for Root {
    fn default() -> Self {
        Self::IDENTITY
    }
}

/// What an update starts from, besides the expression weights set before.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Normalized (T-pose-relative) local rotation of each bone by [`HumanBone::index`].
    pub bones: &'a [Quat; HumanBone::COUNT],
    /// Offset of the hips from their rest position in model space, meters.
    pub hips_offset: Vec3,
    /// What the eyes do.
    pub eyes: EyeDrive,
    /// Where the avatar stands in the world.
    pub root: Root,
    /// Time since the last update, seconds. Springs move by it; 0, less, or no number at all lets them stand still.
    pub dt_secs: f32,
}

impl Input<'_> {
    /// The T-pose at the origin of the world, without time passing.
    #[must_use]
    pub fn rest() -> Input<'static> {
        const REST: &[Quat; HumanBone::COUNT] = &[Quat::IDENTITY; HumanBone::COUNT];
        Input { bones: REST, hips_offset: Vec3::ZERO, eyes: EyeDrive::Keep, root: Root::IDENTITY, dt_secs: 0.0 }
    }
}

impl Default for Input<'_> {
    fn default() -> Self {
        Input::rest()
    }
}
