//! Animations on an avatar: a clip gives a pose for any time, without allocating.
//!
//! Rotations are normalized already; those of bones that the avatar lacks are composed into the bones below by
//! [`Humanoid::composed`](super::Humanoid::composed) when the runtime applies the pose.

use std::sync::Arc;

use glam::{Quat, Vec3};

use super::animation::Animation;
use super::bone::HumanBone;
use super::document::Document;
use super::expression::ExpressionName;
use super::look_at::{EyeDrive, yaw_pitch};
use super::runtime::ExpressionHandle;

/// What comes after the end of a clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repeat {
    /// The last pose holds.
    #[default]
    Hold,
    /// It begins again.
    Loop,
}

/// A pose: everything that an animation says about one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct ClipPose {
    /// Normalized rotation of each bone by [`HumanBone::index`]; the identity for bones that are not animated.
    pub bones: [Quat; HumanBone::COUNT],
    /// Offset of the hips from their rest position in model space, meters.
    pub hips_offset: Vec3,
    /// Input weight of each expression of the avatar by [`ExpressionHandle::index`], 0..=1; 0 where not animated.
    pub weights: Vec<f32>,
    /// Yaw (positive to the avatar's left) and pitch (positive downward) of the gaze against the head, radians;
    /// `None` where it is not animated.
    pub gaze_rad: Option<(f32, f32)>,
}

impl ClipPose {
    /// The rest pose, with room for the expressions of an avatar.
    #[must_use]
    pub fn rest(document: &Document) -> Self {
        Self {
            bones: [Quat::IDENTITY; HumanBone::COUNT],
            hips_offset: Vec3::ZERO,
            weights: vec![0.0; document.expressions.len()],
            gaze_rad: None,
        }
    }

    /// What the eyes are told: to follow the gaze through the avatar's range maps.
    #[must_use]
    pub fn eyes(&self) -> EyeDrive {
        self.gaze_rad.map_or(EyeDrive::Keep, |(yaw_rad, pitch_rad)| EyeDrive::Angles { yaw_rad, pitch_rad })
    }

    /// Back to the rest pose.
    pub fn reset(&mut self) {
        self.bones = [Quat::IDENTITY; HumanBone::COUNT];
        self.hips_offset = Vec3::ZERO;
        self.weights.fill(0.0);
        self.gaze_rad = None;
    }

    /// Goes toward another pose of the same avatar: 0 stays, 1 arrives. Rotations take the shorter arc; a gaze that
    /// only one of both has comes from or goes to straight ahead.
    pub fn blend(&mut self, other: &Self, amount: f32) {
        let amount = if amount.is_nan() { 0.0 } else { amount.clamp(0.0, 1.0) };
        for (bone, to) in self.bones.iter_mut().zip(&other.bones) {
            // Most bones of most clips are at rest in both.
            if bone != to {
                *bone = bone.slerp(*to, amount).normalize();
            }
        }
        self.hips_offset = self.hips_offset.lerp(other.hips_offset, amount);
        for (weight, to) in self.weights.iter_mut().zip(&other.weights) {
            *weight = (*weight + (to - *weight) * amount).clamp(0.0, 1.0);
        }
        self.gaze_rad = match (self.gaze_rad, other.gaze_rad) {
            (from, to) if amount == 0.0 || (from.is_none() && to.is_none()) => from,
            (_, to) if amount == 1.0 => to,
            (from, to) => {
                let ((yaw, pitch), (to_yaw, to_pitch)) = (from.unwrap_or_default(), to.unwrap_or_default());
                Some((yaw + (to_yaw - yaw) * amount, pitch + (to_pitch - pitch) * amount))
            }
        };
    }
}

/// An animation fitted to an avatar.
#[derive(Debug, Clone)]
pub struct Clip {
    animation: Arc<Animation>,
    /// How much taller the avatar's hips stand than those of the animated figure.
    hips_scale: f32,
    /// Expressions of the avatar with their tracks.
    expressions: Vec<(ExpressionHandle, usize)>,
}

impl Clip {
    /// Fits an animation to an avatar.
    #[must_use]
    pub fn new(animation: Arc<Animation>, document: &Document) -> Self {
        let height = document.humanoid.rest_position(HumanBone::Hips).y;
        let ratio = animation.hips_height.map_or(1.0, |source| height / source);
        let hips_scale = if ratio.is_finite() && ratio > 0.0 { ratio } else { 1.0 };
        let expressions = animation
            .expressions()
            .enumerate()
            .filter_map(|(track, name)| {
                let index = document.expressions.iter().position(|e| e.name == *name)?;
                Some((ExpressionHandle::at(index), track))
            })
            .collect();
        Self { animation, hips_scale, expressions }
    }

    /// The animation.
    #[must_use]
    pub fn animation(&self) -> &Arc<Animation> {
        &self.animation
    }

    /// Time of the last key, seconds.
    #[must_use]
    pub fn duration_secs(&self) -> f32 {
        self.animation.duration_secs
    }

    /// Expressions of the avatar that it shows.
    pub fn expressions(&self) -> impl Iterator<Item = ExpressionHandle> + '_ {
        self.expressions.iter().map(|(handle, _)| *handle)
    }

    /// Expressions of the animation that the avatar lacks.
    pub fn missing_expressions(&self) -> impl Iterator<Item = &ExpressionName> {
        let shown = |at: usize| self.expressions.iter().any(|(_, track)| *track == at);
        self.animation.expressions().enumerate().filter(move |(at, _)| !shown(*at)).map(|(_, name)| name)
    }

    /// The time within the clip for a time since its start, seconds. NaN reads as the start.
    #[must_use]
    pub fn local_secs(&self, time_secs: f32, repeat: Repeat) -> f32 {
        let duration = self.duration_secs();
        // Also for NaN: `max` returns the other number.
        let time = time_secs.max(0.0);
        match repeat {
            Repeat::Loop if duration > 0.0 && time.is_finite() => time % duration,
            _ => time.min(duration),
        }
    }

    /// Writes the whole pose at a time since the start of the clip, seconds, into `pose`, which has been made for the
    /// same avatar.
    pub fn sample(&self, time_secs: f32, repeat: Repeat, pose: &mut ClipPose) {
        let time = self.local_secs(time_secs, repeat);
        pose.reset();
        for (bone, track) in &self.animation.rotations {
            pose.bones[bone.index()] = track.sample(time);
        }
        if let Some(track) = &self.animation.hips {
            let offset = self.hips_scale * track.sample(time);
            pose.hips_offset = if offset.is_finite() { offset } else { Vec3::ZERO };
        }
        for (handle, track) in &self.expressions {
            if let (Some(weight), Some((_, track))) =
                (pose.weights.get_mut(handle.index()), self.animation.expressions.get(*track))
            {
                *weight = track.sample(time).clamp(0.0, 1.0);
            }
        }
        pose.gaze_rad = self.animation.gaze.as_ref().map(|track| yaw_pitch(track.sample(time) * Vec3::Z));
    }
}
