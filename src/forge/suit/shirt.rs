//! What is under the jacket: a shirt with a collar, or a blouse with a V neck.

use std::f32::consts::PI;

use glam::{Vec2, Vec3};

use super::curve::{lerp, ramp, steps};
use super::cut::Cut;
use super::jacket::{WEAVE, neckline};
use super::neck::Neck;
use super::sheet::{Grid, Sheet};
use super::trunk::{Place, Trunk};

/// How far around the front reaches to each side: under the jacket's shoulders.
const REACH: f32 = 1.5;
/// How far around it reaches further down.
const WAIST_REACH: f32 = 0.8;
/// Distance from the drape.
pub(super) const EASE: f32 = 0.012;

/// What the neck shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// Closed to the collar.
    Closed,
    /// A collar with the top button open.
    Open,
    /// A V without collar.
    V,
}

impl Opening {
    /// Height of the lowest point of the opening, or above everything.
    pub(super) fn low(self, neck: &Neck) -> f32 {
        let pit = neck.at(0.0, -0.05, 0.02).y;
        match self {
            Self::Closed => f32::INFINITY,
            Self::Open => pit - 0.72 * neck.scale,
            Self::V => pit - 0.98 * neck.scale,
        }
    }

    /// Whether a front-view point lies in the opening, as a height above its edge.
    pub(super) fn above(self, neck: &Neck, point: Vec3) -> f32 {
        let low = self.low(neck);
        let top = neck.at(1.15, 0.0, 0.05);
        let share = (point.x.abs() / top.x).max(0.0);
        let bow = if self == Self::V { 1.15 } else { 1.0 };
        point.y - (low + (top.y - low) * share.powf(bow))
    }
}

/// The front.
pub(super) fn front(trunk: &Trunk, neck: &Neck, cut: &Cut, opening: Opening) -> Sheet {
    let low = cut.button - 0.5 - trunk.pivot_y;
    let columns: Vec<Vec<Place>> = steps(-1.0, 1.0, 41)
        .map(|a| {
            // Closer together at the middle, where the opening is.
            let share = a * (0.55 + 0.45 * a.abs());
            let top = top_of(trunk, neck, opening, REACH * share);
            (0..20)
                .map(|j| {
                    let t = 1.0 - (1.0 - j as f32 / 19.0).powf(1.35);
                    // Only to the shoulders at the top: below, it ends before the armholes.
                    Place { theta: share * lerp(WAIST_REACH, REACH, ramp(t, 0.5, 1.0)), m: lerp(low, top, t) }
                })
                .collect()
        })
        .collect();
    // Its upper edge stands a little off the skin.
    let lay =
        |(j, place): (usize, &Place)| trunk.at(*place, EASE + gather(*place) + 0.022 * ramp(j as f32, 14.0, 19.0));
    let grid = Grid::new(columns.iter().map(|c| c.iter().enumerate().map(lay).collect()).collect(), false);
    let uv = |i: usize, j: usize| Vec2::new(columns[i][j].theta * 1.3, -columns[i][j].m) * WEAVE;
    let outward = |p: Vec3| trunk.normal(trunk.locate(p).0);
    Sheet::of(&grid, outward, uv, |_, i, j| trunk.pull(columns[i][j])).hemmed(&grid, |_| 0.02)
}

/// Soft folds that fall from the bust.
fn gather(place: Place) -> f32 {
    let fall = ramp(place.m, 0.6, -0.4);
    (place.theta * 21.0 + (place.m * 2.0).sin()).cos() * 0.006 * fall
}

/// Where the front ends at an azimuth: at the neckline or lower, at the opening.
fn top_of(trunk: &Trunk, neck: &Neck, opening: Opening, theta: f32) -> f32 {
    let highest = neckline(trunk, neck, theta, EASE);
    if opening == Opening::Closed {
        return highest;
    }
    let (mut low, mut high) = (-0.8, highest);
    for _ in 0..24 {
        let middle = (low + high) * 0.5;
        let inside = opening.above(neck, trunk.at(Place { theta, m: middle }, EASE)) > 0.0;
        if inside { high = middle } else { low = middle }
    }
    low
}

/// A shirt's collar: stand, roll and fall in one.
pub(super) fn collar(trunk: &Trunk, neck: &Neck, opening: Opening) -> Sheet {
    let is_open = opening == Opening::Open;
    let first = if is_open { 27_f32 } else { 2.5 }.to_radians();
    let count = 45;
    let columns = steps(first, 2.0 * PI - first, count)
        .map(|turn| {
            let phi = if turn > PI { turn - 2.0 * PI } else { turn };
            let front = ramp(PI - phi.abs(), 95_f32.to_radians(), PI - first);
            let top = 0.29 - if is_open { 0.06 } else { 0.12 } * front;
            let point = 0.36 * front.powf(1.6);
            let rows = [
                (-0.14, 0.020, 0.0),
                (top - 0.05, 0.040, 0.0),
                (top, 0.058, 0.0),
                (top - 0.02, 0.090, 0.02),
                (top - 0.14, 0.112, 0.05),
                (top - 0.30 - 0.4 * point, 0.135, 0.10),
                (top - 0.43 - point, 0.150 + 0.03 * front, 0.19),
            ];
            rows.iter()
                .enumerate()
                .map(|(row, (height, off, spread))| {
                    let mut p = neck.at(phi, *height, *off);
                    p.x += phi.signum() * spread * front.powi(3) * if is_open { 0.9 } else { 1.0 };
                    if row >= 4 { trunk.above(p, 0.058) } else { p }
                })
                .collect()
        })
        .collect();
    let grid = Grid::new(columns, false);
    let uv = |i: usize, j: usize| Vec2::new(i as f32 * 0.1, j as f32 * 0.12) * WEAVE;
    // The fall decides which side is the outer one; the stand shows its inner side.
    let outward = |p: Vec3| {
        let (phi, height, reach) = neck.locate(p);
        if reach - neck.skin(phi, height) > 0.10 { p - neck.center } else { Vec3::ZERO }
    };
    let pull = |p: Vec3, _: usize, j: usize| {
        let rise = if j < 4 { 0.35 } else { 0.2 };
        trunk.pull_at(p).mix(super::wearer::Pull::only(crate::vrm::HumanBone::Neck), rise)
    };
    let fall = Sheet::of(&grid, outward, uv, pull);
    fall.hemmed(&grid, |_| 0.018)
}
