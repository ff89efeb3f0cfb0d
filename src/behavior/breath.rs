//! Breath: in quicker than out, a rest between; drawn in before speech.

use glam::{Quat, Vec3};

use super::{
    channel::{Content, Proposals},
    motion::{Spring, min_jerk},
    skeleton::Skeleton,
};
use crate::{affect::Stance, vrm::HumanBone};

/// The collar rises by this much at full quiet breath, meters.
const COLLAR_RISE: f32 = 0.0054;
/// Shoulders rise by this much.
const SHOULDER_RAD: f32 = 0.020;

/// Breathes.
#[derive(Debug, Clone)]
pub(super) struct Breath {
    phase: f32,
    fill: Spring,
    depth: Spring,
}

impl Breath {
    pub(super) fn new(phase: f32) -> Self {
        Self { phase, fill: Spring::new(wave(phase, 0.4), 0.12), depth: Spring::new(1.0, 1.5) }
    }

    pub(super) fn advance(&mut self, dt_secs: f32, stance: &Stance, inhaling: bool, sounding: bool) {
        // In speech one breath lasts about a clause, most of it out.
        let (per_minute, share_in) = if sounding { (13.0, 0.15) } else { (stance.breaths_per_minute, 0.4) };
        self.phase = (self.phase + dt_secs * per_minute / 60.0).fract();
        if inhaling {
            // Fill up before the first sound and let it out with the words.
            self.phase = share_in;
        }
        self.fill.follow(wave(self.phase, share_in), dt_secs);
        self.depth.follow(stance.breath_depth, dt_secs);
    }

    pub(super) fn propose(&self, out: &mut Proposals, skeleton: &Skeleton) {
        let fill = self.fill.value * self.depth.value;
        let (bone, reach) = skeleton.breathing();
        out.add(Content::Turn(bone, Quat::from_rotation_x(-COLLAR_RISE / reach * fill)));
        out.add(Content::Turn(HumanBone::LeftShoulder, Quat::from_rotation_z(SHOULDER_RAD * fill)));
        out.add(Content::Turn(HumanBone::RightShoulder, Quat::from_rotation_z(-SHOULDER_RAD * fill)));
        out.add(Content::Shift(Vec3::new(0.0, 0.0, -0.001 * fill)));
    }
}

/// Fullness of the lungs, 0..=1, over a breath.
fn wave(phase: f32, share_in: f32) -> f32 {
    let out_until = 0.88;
    if phase < share_in {
        min_jerk(phase / share_in)
    } else {
        1.0 - min_jerk((phase - share_in) / (out_until - share_in))
    }
}
