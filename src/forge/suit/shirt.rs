//! What is under the jacket: a shirt with a collar, or a blouse with a V neck.

use std::f32::consts::PI;

use glam::{Vec2, Vec3};

use super::curve::{lerp, ramp, steps, table};
use super::cut::Cut;
use super::jacket::{WEAVE, neckline};
use super::neck::Neck;
use super::sheet::{Grid, Sheet};
use super::trunk::{Place, Trunk};
use super::wearer::Pull;
use crate::vrm::HumanBone;

/// How far around the front reaches to each side: under the jacket's shoulders.
const REACH: f32 = 1.5;
/// How far around it reaches further down.
const WAIST_REACH: f32 = 0.8;
/// Distance from the drape.
pub(super) const EASE: f32 = 0.012;

/// Least distance of the upper edge from the throat: it ends under the collar, with no gap below the knot of a tie.
const CLEAR: f32 = 0.015;

/// Where an open collar ends, from the front.
const OPEN_END_DEG: f32 = 27.0;
/// Lower edge of a collar's stand above the collar plane.
const STAND_LOW: f32 = -0.14;

/// Rows of the band inside the collar.
const BAND: usize = 3;

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
            Self::V => pit - 0.62 * neck.scale,
        }
    }

    /// Whether a front-view point lies in the opening, as a height above its edge.
    pub(super) fn above(self, neck: &Neck, point: Vec3) -> f32 {
        let low = self.low(neck);
        let top = neck.at(1.15, 0.0, 0.05);
        let aside = point.x.abs();
        let edge = if self == Self::V {
            low + (top.y - low) * (aside / top.x).powf(1.15)
        } else {
            // Up to the ends of the collar's stand, and on behind it.
            let end = neck.at(OPEN_END_DEG.to_radians(), STAND_LOW + 0.10, 0.02);
            table(aside, &[(0.0, low), (end.x, end.y), (top.x.max(end.x + 0.05), top.y.max(end.y))])
        };
        point.y - edge
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
    let rises = if opening == Opening::Closed { BAND } else { 0 };
    let grid = Grid::new(
        columns
            .iter()
            .map(|c| {
                let mut line: Vec<Vec3> = c.iter().enumerate().map(lay).collect();
                let top = line[line.len() - 1];
                line.extend((1..=rises).map(|k| band(neck, top, k as f32 / rises as f32)));
                line
            })
            .collect(),
        false,
    );
    let place = |i: usize, j: usize| {
        let top = columns[i][j.min(19)];
        Place { m: top.m + 0.05 * j.saturating_sub(19) as f32, ..top }
    };
    let uv = |i: usize, j: usize| Vec2::new(place(i, j).theta * 1.3, -place(i, j).m) * WEAVE;
    let outward = |p: Vec3| trunk.normal(trunk.locate(p).0);
    let pull = |_: Vec3, i: usize, j: usize| {
        let share = 0.12 * j.saturating_sub(19) as f32;
        trunk.pull(columns[i][j.min(19)]).mix(Pull::only(HumanBone::Neck), share)
    };
    Sheet::of(&grid, outward, uv, pull).hemmed(&grid, |_| 0.02)
}

/// Above a closed front, a band rises along the neck behind the collar: no gap opens below the knot of a tie.
fn band(neck: &Neck, top: Vec3, t: f32) -> Vec3 {
    let (phi, height, reach) = neck.locate(top);
    let gap = (reach - neck.skin(phi, height)).max(0.012);
    let off = lerp(gap, lerp(gap, 0.012, ramp(phi.abs(), 0.8, 0.4)), t);
    let high = lerp(height, height.max(0.0), ramp(phi.abs(), 0.8, 0.4));
    neck.at(phi, lerp(height, high, t), off)
}

/// Soft folds that fall from the bust.
fn gather(place: Place) -> f32 {
    let fall = ramp(place.m, 0.6, -0.4);
    (place.theta * 21.0 + (place.m * 2.0).sin()).cos() * 0.006 * fall
}

/// Where the front ends at an azimuth: at the neckline or lower, at the opening.
fn top_of(trunk: &Trunk, neck: &Neck, opening: Opening, theta: f32) -> f32 {
    // At the sides it stays clear of the jacket's collar; a blouse runs up beside the neck to disappear under it.
    let aside = if opening == Opening::V { 0.02 } else { 0.08 };
    // An open front goes on behind the ends of the collar.
    let from = if opening == Opening::Open { 0.75 } else { 0.3 };
    let clear = lerp(CLEAR, aside, ramp(theta.abs(), from, from + 0.4));
    let highest = neckline(trunk, neck, theta, EASE, clear);
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
    let first = if is_open { OPEN_END_DEG } else { 2.5 }.to_radians();
    let count = 45;
    let columns = steps(first, 2.0 * PI - first, count)
        .map(|turn| {
            let phi = if turn > PI { turn - 2.0 * PI } else { turn };
            let front = ramp(PI - phi.abs(), 95_f32.to_radians(), PI - first);
            let top = 0.29 - if is_open { 0.17 } else { 0.15 } * front;
            let point = 0.36 * front.powf(1.6);
            let rows = [
                // The ends of an open collar go down behind the front.
                (STAND_LOW - if is_open { 0.16 * front } else { 0.0 }, 0.020, 0.0),
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
                    if row < 4 {
                        return p;
                    }
                    let over = trunk.above(p, 0.058);
                    // The wings of an open collar lie down on the front.
                    let lying = if is_open { front * [0.45, 0.85, 1.0][row - 4] } else { 0.0 };
                    over.lerp(trunk.laid(p, 0.062), lying)
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
        trunk.pull_at(p).mix(Pull::only(HumanBone::Neck), rise)
    };
    let fall = Sheet::of(&grid, outward, uv, pull);
    fall.hemmed(&grid, |_| 0.018)
}
