//! The neck as a smooth column on a plane that falls to the front: collars stand around it.

use std::f32::consts::TAU;

use glam::Vec3;

use super::chart::{Chart, Corner};
use super::wearer::Wearer;
use crate::vrm::HumanBone;

const COLS: usize = 72;
const ROW: f32 = 0.05;
const LOW: f32 = -0.25;
const HIGH: f32 = 0.5;
/// Fall of the collar plane to the front.
const TILT_DEG: f32 = 20.0;
/// Cosines that shape a ring.
const TERMS: usize = 5;

/// One height of the neck.
struct Ring {
    /// A smooth outline.
    waves: [f32; TERMS],
    /// By how much sinews stand out of it, all around.
    excess: [f32; COLS],
}

/// Columns over which what stands out is carried to its neighbors.
const SPREAD: usize = 4;

/// See the module. Heights count along the neck from the collar plane, in decimeters times `scale`.
pub(super) struct Neck {
    /// Middle of the collar plane.
    pub(super) center: Vec3,
    /// Along the neck, upward.
    pub(super) up: Vec3,
    /// Along the plane, to the front.
    pub(super) ahead: Vec3,
    /// Size against a medium woman.
    pub(super) scale: f32,
    rings: Vec<Ring>,
}

impl Neck {
    /// Measures.
    pub(super) fn new(wearer: &Wearer<'_>) -> Self {
        let joint = wearer.joint(HumanBone::Neck);
        let scale = (joint.y - wearer.joint(HumanBone::Hips).y) / 4.92;
        let (sin, cos) = TILT_DEG.to_radians().sin_cos();
        let (up, ahead) = (Vec3::new(0.0, cos, sin), Vec3::new(0.0, -sin, cos));
        let center = Vec3::new(0.0, joint.y + 0.16 * scale, joint.z + 0.20);
        let mut neck = Self { center, up, ahead, scale, rings: Vec::new() };
        let corner = |v: u32| {
            let (phi, height, reach) = neck.locate(wearer.points[v as usize]);
            Corner { col: phi / TAU * COLS as f32, row: (height - LOW) / ROW, reach, pull: wearer.pulls[v as usize] }
        };
        let near = |c: &[Corner; 3]| c.iter().all(|c| c.reach < 0.95 * scale);
        let skin = wearer.skin.iter().filter(|t| t.iter().all(|v| wearer.arm(*v) < 0.2));
        let rows = ((HIGH - LOW) / ROW) as usize + 1;
        let mut chart = Chart::roll_out(COLS, rows, skin.map(|t| t.map(corner)).filter(near));
        chart.fill_gaps(40);
        let rings = (0..rows)
            .map(|row| {
                let ring: Vec<f32> = (0..COLS as i32).map(|col| chart.reach[chart.index(col, row)]).collect();
                let mean = |term: usize| {
                    let wave = |(col, r): (usize, &f32)| r * (term as f32 * TAU * col as f32 / COLS as f32).cos();
                    ring.iter().enumerate().map(wave).sum::<f32>() / COLS as f32
                };
                let waves = std::array::from_fn(|term| if term == 0 { mean(0) } else { 2.0 * mean(term) });
                let over = |col: usize| ring[col % COLS] - outline(&waves, col as f32 / COLS as f32 * TAU);
                // Both sides alike, never inward.
                let widest = |col: usize| {
                    let near = (0..=2 * SPREAD).flat_map(|k| {
                        let col = (col + COLS + k - SPREAD) % COLS;
                        [over(col), over(COLS - col)]
                    });
                    near.fold(0.0, f32::max)
                };
                let high: Vec<f32> = (0..COLS).map(widest).collect();
                let excess = std::array::from_fn(|col| {
                    let near = (0..=2 * SPREAD).map(|k| high[(col + COLS + k - SPREAD) % COLS]);
                    near.sum::<f32>() / (2 * SPREAD + 1) as f32
                });
                Ring { waves, excess }
            })
            .collect();
        neck.rings = rings;
        neck
    }

    /// Azimuth (0 front, positive to the wearer's left), height and distance from the axis.
    pub(super) fn locate(&self, point: Vec3) -> (f32, f32, f32) {
        let from = point - self.center;
        let ahead = from.dot(self.ahead);
        (from.x.atan2(ahead), from.dot(self.up) / self.scale, from.x.hypot(ahead))
    }

    /// Distance of the skin from the axis.
    pub(super) fn skin(&self, phi: f32, height: f32) -> f32 {
        let row = ((height - LOW) / ROW).clamp(0.0, (self.rings.len() - 1) as f32 - 1.0e-3);
        let (low, share) = (row as usize, row.fract());
        let col = phi.rem_euclid(TAU) / TAU * COLS as f32;
        let (first, part) = (col as usize % COLS, col.fract());
        let ring = |row: usize| -> f32 {
            let Ring { waves, excess } = &self.rings[row];
            outline(waves, phi) + excess[first] * (1.0 - part) + excess[(first + 1) % COLS] * part
        };
        ring(low) * (1.0 - share) + ring(low + 1) * share
    }

    /// A point `off` outside the skin.
    pub(super) fn at(&self, phi: f32, height: f32, off: f32) -> Vec3 {
        let reach = self.skin(phi, height) + off;
        self.center + Vec3::X * (phi.sin() * reach) + self.ahead * (phi.cos() * reach) + self.up * (height * self.scale)
    }
}

/// The smooth outline at an azimuth.
fn outline(waves: &[f32; TERMS], phi: f32) -> f32 {
    waves.iter().enumerate().map(|(term, wave)| wave * (term as f32 * phi).cos()).sum()
}
