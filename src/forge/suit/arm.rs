//! An arm as a tapered tube along shoulder, elbow and wrist.

use std::f32::consts::TAU;

use glam::Vec3;

use super::chart::{Chart, Corner};
use super::curve::{lerp, ramp, spline};
use super::wearer::{Pull, Side, Wearer};
use crate::vrm::HumanBone;

const SAMPLES: usize = 60;
const COLS: usize = 36;
const ROW: f32 = 0.1;
/// Half the length over which cloth bends at the elbow.
const BEND: f32 = 0.42;

#[derive(Debug, Clone, Copy)]
struct Frame {
    center: Vec3,
    along: Vec3,
    outward: Vec3,
    ahead: Vec3,
}

/// See the module. Places are a way `s` from the shoulder joint, decimeters, and an angle: 0 outward, π/2 to the front.
pub(super) struct Arm {
    pub(super) side: Side,
    frames: Vec<Frame>,
    /// Mean and first two waves of the reach, per row.
    waves: Vec<[f32; 5]>,
    /// Way to the elbow.
    pub(super) elbow: f32,
    /// Way to the wrist.
    pub(super) wrist: f32,
}

impl Arm {
    /// Measures.
    pub(super) fn new(wearer: &Wearer<'_>, side: Side) -> Self {
        let joint = |left| wearer.joint(side.bone(left));
        let shoulder = joint(HumanBone::LeftUpperArm);
        let elbow = joint(HumanBone::LeftLowerArm);
        let wrist = joint(HumanBone::LeftHand);
        let line = spline(&[shoulder, shoulder.lerp(elbow, 0.5), elbow, elbow.lerp(wrist, 0.5), wrist], SAMPLES);
        let frames: Vec<Frame> = (0..SAMPLES)
            .map(|i| {
                let along = (line[(i + 1).min(SAMPLES - 1)] - line[i.saturating_sub(1)]).normalize_or(Vec3::NEG_Y);
                let outward = Vec3::X * side.sign();
                let outward = (outward - along * outward.dot(along)).normalize_or(outward);
                let ahead = outward.cross(along) * -side.sign();
                Frame { center: line[i], along, outward, ahead: if ahead.z < 0.0 { -ahead } else { ahead } }
            })
            .collect();
        let upper = shoulder.distance(elbow);
        let total = upper + elbow.distance(wrist);
        let mut arm = Self { side, frames, waves: Vec::new(), elbow: upper, wrist: total };
        let mine = |v: &u32| wearer.arm(*v) > 0.5 && wearer.points[*v as usize].x * side.sign() > 0.0;
        let corner = |v: u32| {
            let (s, phi, reach) = arm.locate(wearer.points[v as usize]);
            Corner { col: phi / TAU * COLS as f32, row: s / ROW, reach, pull: Pull::default() }
        };
        let rows = (total / ROW) as usize + 3;
        let skin = wearer.skin.iter().filter(|t| t.iter().all(mine));
        let mut chart = Chart::roll_out(COLS, rows, skin.map(|t| t.map(corner)));
        chart.fill_gaps(60);
        let mut waves: Vec<[f32; 5]> = (0..rows).map(|row| waves_of(&chart, row)).collect();
        for _ in 0..8 {
            let before = waves.clone();
            for row in 1..rows - 1 {
                waves[row] =
                    std::array::from_fn(|k| before[row][k] * 0.5 + (before[row - 1][k] + before[row + 1][k]) * 0.25);
            }
        }
        // A sleeve never narrows toward the shoulder.
        for row in (0..rows - 1).rev() {
            waves[row][0] = waves[row][0].max(waves[row + 1][0]);
        }
        arm.waves = waves;
        arm
    }

    fn frame(&self, s: f32) -> Frame {
        let at = (s / self.wrist * (SAMPLES - 1) as f32).clamp(0.0, (SAMPLES - 1) as f32 - 1.0e-3);
        let (low, t) = (at as usize, at.fract());
        let (a, b) = (self.frames[low], self.frames[low + 1]);
        let over = s - s.clamp(0.0, self.wrist);
        let along = a.along.lerp(b.along, t).normalize_or(a.along);
        Frame {
            center: a.center.lerp(b.center, t) + along * over,
            along,
            outward: a.outward.lerp(b.outward, t).normalize_or(a.outward),
            ahead: a.ahead.lerp(b.ahead, t).normalize_or(a.ahead),
        }
    }

    /// Way, angle and distance from the axis of a point.
    pub(super) fn locate(&self, point: Vec3) -> (f32, f32, f32) {
        let mut nearest = (f32::INFINITY, 0);
        for (i, frame) in self.frames.iter().enumerate() {
            let distance = frame.center.distance_squared(point);
            if distance < nearest.0 {
                nearest = (distance, i);
            }
        }
        let frame = self.frames[nearest.1];
        let from = point - frame.center;
        let s = nearest.1 as f32 / (SAMPLES - 1) as f32 * self.wrist + from.dot(frame.along);
        let (x, y) = (from.dot(frame.outward), from.dot(frame.ahead));
        (s, y.atan2(x), x.hypot(y))
    }

    /// Mean reach of the arm's skin at a place along it.
    fn wave(&self, s: f32) -> [f32; 5] {
        let at = (s / ROW).clamp(0.0, (self.waves.len() - 1) as f32 - 1.0e-3);
        let (low, t) = (at as usize, at.fract());
        std::array::from_fn(|k| lerp(self.waves[low][k], self.waves[low + 1][k], t))
    }

    /// A point of a sleeve that is `ease` wide of the skin and at least `least` from the middle.
    pub(super) fn at(&self, s: f32, phi: f32, ease: f32, least: f32) -> Vec3 {
        let frame = self.frame(s);
        let [mean, c1, s1, c2, s2] = self.wave(s.min(self.wrist - 0.25));
        // Cloth hangs rounder than the arm below it.
        let reach = (mean + ease).max(least)
            + c1 * phi.cos()
            + s1 * phi.sin()
            + 0.5 * (c2 * (2.0 * phi).cos() + s2 * (2.0 * phi).sin());
        frame.center + (frame.outward * phi.cos() + frame.ahead * phi.sin()) * reach
    }

    /// Direction of the arm toward the hand.
    pub(super) fn along(&self, s: f32) -> Vec3 {
        self.frame(s).along
    }

    /// Middle of the arm.
    pub(super) fn center(&self, s: f32) -> Vec3 {
        self.frame(s).center
    }

    /// What pulls a sleeve below the shoulder.
    pub(super) fn pull(&self, s: f32) -> Pull {
        let upper = Pull::only(self.side.bone(HumanBone::LeftUpperArm));
        let lower = Pull::only(self.side.bone(HumanBone::LeftLowerArm));
        upper.mix(lower, ramp(s, self.elbow - BEND, self.elbow + BEND))
    }
}

fn waves_of(chart: &Chart, row: usize) -> [f32; 5] {
    let mut waves = [0.0; 5];
    for col in 0..COLS {
        let reach = chart.reach[chart.index(col as i32, row)] / COLS as f32;
        let phi = col as f32 / COLS as f32 * TAU;
        waves[0] += reach;
        for (k, wave) in [phi.cos(), phi.sin(), (2.0 * phi).cos(), (2.0 * phi).sin()].into_iter().enumerate() {
            waves[k + 1] += 2.0 * reach * wave;
        }
    }
    waves
}
