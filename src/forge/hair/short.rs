//! Short hair: a shell that tapers into painted stubble at sides and nape, and fine strands across the hairline.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3};

use super::comb::{Comb, Strand};
use super::scalp::Scalp;
use super::sheet::{Knot, sheet};
use crate::forge::noise;
use crate::forge::normals::smooth;
use crate::forge::part::Part;
use crate::forge::rig::Influence;

const ROWS: usize = 22;
const COLUMNS: usize = 121;
const EDGE_ROWS: usize = 9;

/// A place in the hair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// From the middle of the skull.
    pub(super) way: Vec3,
    /// Which strand, 0..=1 around the head.
    pub(super) u: f32,
    /// Azimuth of its root in degrees.
    pub(super) root: f32,
    /// Degrees from the hairline along it.
    pub(super) inside: f32,
    /// Share of its length.
    pub(super) share: f32,
}

/// A cut: strands combed over the scalp, `height` over the skin.
pub(super) struct Short<'a, H: Fn(Spot) -> f32> {
    pub(super) scalp: &'a Scalp,
    pub(super) comb: &'a Comb<'a>,
    pub(super) head: Influence,
    pub(super) height: H,
}

impl<H: Fn(Spot) -> f32> Short<'_, H> {
    fn strands(&self) -> Vec<(f32, Strand)> {
        let place = |column: usize| column as f32 / (COLUMNS - 1) as f32;
        (0..COLUMNS).map(|column| (place(column), self.comb.strand(place(column)))).collect()
    }

    /// A place on a strand.
    pub(super) fn spot(&self, u: f32, strand: &Strand, inside: f32) -> Spot {
        let share = (inside / strand.length().max(1.0)).clamp(0.0, 1.0);
        Spot { way: strand.at(inside), u, root: self.comb.azimuth(u), inside, share }
    }

    /// A point `raise` over the hair at a place.
    pub(super) fn over(&self, spot: Spot, raise: f32) -> Vec3 {
        self.scalp.over(spot.way, (self.height)(spot) + raise - self.scalp.tuck(spot.way))
    }

    /// How far to the side of the head a root lies: the forehead 0, sides and nape 1.
    fn aside(&self, u: f32) -> f32 {
        smooth(36.0, 60.0, self.comb.azimuth(u).abs())
    }

    /// How far to the back of the head a root lies.
    fn behind(&self, u: f32) -> f32 {
        smooth(100.0, 140.0, self.comb.azimuth(u).abs())
    }

    /// The opaque shell; at sides and nape, where hair is shortest, it begins further inside.
    pub(super) fn cap(&self) -> Part {
        let strands = self.strands();
        sheet("Hair", "hair", (ROWS, COLUMNS), self.scalp.center, |row, column| {
            let (u, strand) = &strands[column];
            let t = (row as f32 / (ROWS - 1) as f32).powf(1.25);
            let ragged = 2.5 * self.behind(*u) * around(80, *u, 9.0);
            let start = 3.5 + 8.5 * self.aside(*u) + 14.0 * self.behind(*u) + ragged;
            let inside = start + (strand.length() * 0.997 - start) * t;
            let spot = self.spot(*u, strand, inside);
            let light = 0.84 + 0.14 * smooth(0.0, 26.0, inside) + 3.0 * clumps(spot);
            let uv = Vec2::new(u * 8.0, inside / 120.0);
            // The rim lies under the skin, on which its hairs are painted: no step, no shadow line.
            let rim = -0.026 * smooth(start + 6.0 + 4.0 * self.aside(*u), start, inside);
            Knot { at: self.over(spot, rim), uv, light: light.clamp(0.0, 1.0), weight: self.head }
        })
    }

    /// Fine strands across the hairline that thin out at sides and nape instead of closing at once.
    pub(super) fn edge(&self) -> Part {
        let strands = self.strands();
        sheet("HairEdge", "hairedge", (EDGE_ROWS, COLUMNS), self.scalp.center, |row, column| {
            let (u, strand) = &strands[column];
            let t = row as f32 / (EDGE_ROWS - 1) as f32;
            let (aside, behind) = (self.aside(*u), self.behind(*u));
            let inside = -2.6 + 1.2 * around(79, *u, 4.0) + (11.8 + 6.8 * aside + 16.0 * behind) * t;
            let spot = self.spot(*u, strand, inside);
            let height = 0.007 - self.scalp.tuck(spot.way) + (self.height)(spot) * smooth(-2.0, 4.0, inside);
            let uv = Vec2::new(u * 12.0, 0.01 + (0.98 - 0.30 * aside) * t);
            Knot { at: self.scalp.over(spot.way, height), uv, light: 0.94, weight: self.head }
        })
    }
}

/// Height of shorn hair: it grows with the distance from the hairline, slowly at the nape.
pub(super) fn shorn(spot: Spot, long: f32) -> f32 {
    let nape = 24.0 + 26.0 * smooth(100.0, 140.0, spot.root.abs());
    0.008 + long * smooth(0.0, nape, spot.inside)
}

/// Noise around the head, -1..=1, without a seam.
fn around(seed: u32, u: f32, count: f32) -> f32 {
    let (sin, cos) = (TAU * u).sin_cos();
    noise::value(seed, Vec3::new(cos * count, sin * count, 0.5))
}

/// Strands gather in clumps: by how much they rise, decimeters.
pub(super) fn clumps(spot: Spot) -> f32 {
    let (sin, cos) = (TAU * (spot.u + 0.0006 * spot.inside)).sin_cos();
    let wave = |seed: u32, count: f32| noise::value(seed, Vec3::new(cos * count, sin * count, spot.inside * 0.014));
    0.015 * wave(71, 5.0) + 0.007 * wave(72, 9.0)
}
