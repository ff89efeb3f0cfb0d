//! Standing: sway, shifts of weight, hands that rest one way and then the other, small fidgets.

use glam::{Quat, Vec3};

use super::{
    channel::{Content, Proposals},
    dice::Dice,
    library::PoseLibrary,
    motion::{Glide, bump},
    noise::Noise,
};
use crate::{
    affect::Stance,
    vrm::{BlendShape, HumanBone},
};

/// Slow joints that the noise moves: bone, axis, amplitude in radians.
const RESTLESS: [(HumanBone, Vec3, f32); 8] = [
    (HumanBone::LeftUpperArm, Vec3::Z, 0.012),
    (HumanBone::RightUpperArm, Vec3::Z, 0.012),
    (HumanBone::LeftLowerArm, Vec3::Y, 0.014),
    (HumanBone::RightLowerArm, Vec3::Y, 0.014),
    (HumanBone::LeftHand, Vec3::X, 0.020),
    (HumanBone::RightHand, Vec3::X, 0.020),
    (HumanBone::LeftIndexProximal, Vec3::Z, 0.040),
    (HumanBone::RightIndexProximal, Vec3::Z, 0.040),
];

/// Channels of noise: trunk and hips, head, arms, face.
const CHANNELS: usize = FACE + 6;
const ARMS: usize = 8;
const FACE: usize = ARMS + RESTLESS.len();

/// The slowest rhythm of a channel.
fn hz(channel: usize) -> f64 {
    const TRUNK_AND_HEAD: [f64; ARMS] = [0.14, 0.11, 0.12, 0.15, 0.15, 0.17, 0.15, 0.13];
    TRUNK_AND_HEAD.get(channel).copied().unwrap_or(if channel < FACE { 0.2 } else { 0.25 })
}

/// Keeps a standing body alive.
#[derive(Debug, Clone)]
pub(super) struct Idle {
    dice: Dice,
    noise: [Noise; CHANNELS],
    /// The values of this frame.
    restless: [f32; CHANNELS],
    /// 0 arms down, 1 hands folded.
    folded: Glide,
    fold_wait_secs: f32,
    shift: Glide,
    shift_wait_secs: f32,
    fidget_wait_secs: f32,
    fidget_clock_secs: f32,
    fidget_side: f32,
    lean: Glide,
    lean_delay_secs: f32,
}

impl Idle {
    pub(super) fn new(seed: u64, lean_rad: f32) -> Self {
        let mut dice = Dice::new(seed, 41);
        let (fold_wait_secs, shift_wait_secs) = (dice.between(7.0, 14.0), dice.between(15.0, 45.0));
        let fidget_wait_secs = dice.between(12.0, 40.0);
        Self {
            dice,
            noise: std::array::from_fn(|i| Noise::new(seed, 100 + i as u32)),
            restless: [0.0; CHANNELS],
            folded: Glide::at(0.0),
            fold_wait_secs,
            shift: Glide::at(0.0),
            shift_wait_secs,
            fidget_wait_secs,
            fidget_clock_secs: f32::MAX,
            fidget_side: 1.0,
            lean: Glide::at(lean_rad),
            lean_delay_secs: 0.0,
        }
    }

    pub(super) fn advance(&mut self, dt_secs: f32, time_secs: f64, stance: &Stance, arms_busy: bool, composed: bool) {
        for (channel, (value, noise)) in self.restless.iter_mut().zip(&mut self.noise).enumerate() {
            *value = stance.liveliness * noise.at(time_secs, hz(channel));
        }
        self.fold(dt_secs, stance, arms_busy, composed);
        self.shift_wait_secs -= dt_secs;
        if self.shift_wait_secs <= 0.0 && !stance.level.upset() {
            self.shift_wait_secs = self.dice.log_normal(60.0 / stance.liveliness, 0.3).clamp(40.0, 90.0);
            let side = if self.shift.target() > 0.0 { -1.0 } else { 1.0 };
            self.shift.aim(side * self.dice.between(0.008, 0.012), self.dice.between(1.4, 2.0));
        }
        self.shift.advance(dt_secs);
        self.fidget_wait_secs -= dt_secs;
        self.fidget_clock_secs += dt_secs;
        if self.fidget_wait_secs <= 0.0 {
            self.fidget_wait_secs = self.dice.log_normal(50.0 / stance.liveliness, 0.3).clamp(25.0, 90.0);
            self.fidget_clock_secs = 0.0;
            self.fidget_side = if self.dice.chance(0.5) { 1.0 } else { -1.0 };
        }
        // A person takes a moment before moving closer, and more time for moving back.
        if (stance.lean_rad - self.lean.target()).abs() > 0.003 {
            self.lean_delay_secs += dt_secs;
            if self.lean_delay_secs >= 0.3 {
                let secs = if stance.lean_rad > self.lean.target() { 1.2 } else { 1.8 };
                self.lean.aim(stance.lean_rad, secs);
                self.lean_delay_secs = 0.0;
            }
        }
        self.lean.advance(dt_secs);
    }

    fn fold(&mut self, dt_secs: f32, stance: &Stance, arms_busy: bool, composed: bool) {
        self.fold_wait_secs -= dt_secs;
        let wanted = if stance.level.upset() || composed {
            // Hands folded low: attentive, nothing to threaten with.
            self.fold_wait_secs = self.fold_wait_secs.max(8.0);
            1.0
        } else if self.fold_wait_secs <= 0.0 && !arms_busy {
            // Nobody could tell when the hands will change again.
            self.fold_wait_secs = self.dice.log_normal(18.0 / stance.liveliness, 0.65).clamp(6.0, 60.0);
            1.0 - self.folded.target()
        } else {
            self.folded.target()
        };
        self.folded.aim(wanted, 1.3);
        self.folded.advance(dt_secs);
    }

    pub(super) fn propose(&self, out: &mut Proposals, library: &PoseLibrary) {
        let n = |channel: usize| self.restless[channel];
        out.lay(Content::Arms(library.stand, None), 1.0, i32::MIN);
        out.lay(Content::Arms(library.listen, None), self.folded.value().clamp(0.0, 1.0), i32::MIN + 1);
        out.add(Content::Bend(Vec3::new(self.lean.value(), 0.0, 0.0)));
        out.add(Content::Bend(Vec3::new(0.007 * n(0), 0.008 * n(1), 0.007 * n(2))));
        let weight = self.shift.value();
        out.add(Content::Shift(Vec3::new(weight + 0.004 * n(3), 0.0, 0.004 * n(4))));
        // The trunk stays over the standing leg.
        out.add(Content::Bend(Vec3::new(0.0, 0.0, 1.2 * weight)));
        out.add(Content::HeadTurn(Vec3::new(0.013 * n(5), 0.015 * n(6), 0.013 * n(7))));
        for (i, (bone, axis, amplitude)) in RESTLESS.into_iter().enumerate() {
            out.add(Content::Turn(bone, Quat::from_axis_angle(axis, amplitude * n(ARMS + i))));
        }
        let fidget = bump(self.fidget_clock_secs / 1.4);
        if fidget > 0.0 {
            let (shoulder, hand) = if self.fidget_side > 0.0 {
                (HumanBone::LeftShoulder, HumanBone::LeftHand)
            } else {
                (HumanBone::RightShoulder, HumanBone::RightHand)
            };
            out.add(Content::Turn(shoulder, Quat::from_rotation_z(0.035 * fidget * self.fidget_side)));
            out.add(Content::Turn(hand, Quat::from_rotation_x(-0.10 * fidget)));
        }
        for (shape, i) in [
            (BlendShape::BrowInnerUp, 0),
            (BlendShape::BrowOuterUpLeft, 1),
            (BlendShape::BrowOuterUpRight, 2),
            (BlendShape::EyeSquintLeft, 3),
            (BlendShape::EyeSquintRight, 3),
            (BlendShape::MouthPressLeft, 4),
            (BlendShape::MouthPressRight, 5),
        ] {
            out.add(Content::MoreShape(shape, 0.018 * (0.7 + n(FACE + i)).max(0.0)));
        }
    }
}
