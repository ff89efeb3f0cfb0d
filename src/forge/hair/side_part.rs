//! A man's cut: full on top, combed up from the forehead and aside from a soft part, short at sides and back.

use std::f32::consts::PI;

use glam::Vec3;

use super::Style;
use super::comb::Comb;
use super::lock::{Lock, Locks};
use super::scalp::{Scalp, angles};
use super::short::{Short, Spot, clumps, shorn};
use crate::forge::body::Body;
use crate::forge::normals::smooth;
use crate::forge::paint::{Dice, bell};
use crate::forge::part::Part;
use crate::vrm::HumanBone;

/// The whorl on the crown, as a direction.
const WHORL: Vec3 = Vec3::new(-0.08, 0.80, -0.58);
/// Azimuth of the part at the hairline, degrees: at the wearer's left.
const PART: f32 = 34.0;

/// How it runs.
pub(super) fn comb(scalp: &Scalp) -> Comb<'_> {
    Comb::new(scalp, WHORL, (0.55, 70.0, 22.0), (0.30, PART))
}

/// Hair of a person.
pub(super) fn build(body: &Body, scalp: &Scalp) -> Style {
    let comb = comb(scalp);
    let head = body.rig.only(HumanBone::Head);
    let short = Short { scalp, comb: &comb, head, height };
    let parts = vec![short.cap(), short.edge(), locks(&short)];
    Style { parts, springs: Vec::new() }
}

/// Height over the skin: millimeters at the sides, a few centimeters over the forehead, less at the crown.
fn height(spot: Spot) -> f32 {
    let (azimuth, elevation) = angles(spot.way);
    // Long hair reaches further down at the side to which it is combed.
    let border = 23.0 + 5.0 * azimuth.to_radians().sin();
    let top = smooth(border, border + 30.0, elevation + 14.0 * smooth(70.0, 25.0, azimuth.abs()));
    let crest = bell(spot.root, -6.0, 36.0) * smooth(1.0, 20.0, spot.inside) * smooth(0.72, 0.15, spot.share);
    // Lower along the part and beyond it.
    let near = smooth(0.75, 0.35, spot.share);
    let groove = bell(spot.root, PART, 5.0) * smooth(2.0, 7.0, spot.inside) * near;
    let beyond = smooth(PART - 3.0, PART + 9.0, spot.root) * smooth(110.0, 80.0, spot.root) * near;
    let full = (0.080 * smooth(0.0, 20.0, spot.inside) + clumps(spot) * smooth(2.0, 14.0, spot.inside)) * top;
    shorn(spot, 0.022) + (full + 0.058 * crest) * (1.0 - 0.50 * groove) * (1.0 - 0.40 * beyond)
}

/// Locks over the top.
fn locks<H: Fn(Spot) -> f32>(short: &Short<'_, H>) -> Part {
    let mut locks = Locks::new("HairLocks");
    let mut dice = Dice::new(81);
    // Share of a strand's length at which a lock begins and ends.
    let mut lay = |azimuth: f32, from: f32, to: f32, raise: f32, width: f32, dice: &mut Dice| {
        let u = short.comb.place(azimuth);
        let strand = short.comb.strand(u);
        let aside = Vec3::new(dice.normal(), 0.0, dice.normal() * 0.4) * 0.016;
        let points = (0..8)
            .map(|k| {
                let t = k as f32 / 7.0;
                let mut spot = short.spot(u, &strand, strand.length() * (from + (to - from) * t));
                spot.way = (spot.way + aside * t).normalize_or(Vec3::Y);
                // Tips lie down into the rest: nothing stands off the outline.
                let tip = 0.016 * smooth(0.55, 1.0, t);
                short.over(spot, 0.010 - tip + raise * (0.4 + 0.6 * (t * PI).sin()))
            })
            .collect();
        let lock = Lock { points, width, light: dice.between(0.92, 1.06) };
        locks.add(&lock, short.scalp.center, dice, |_| short.head);
    };
    // Up from the forehead and aside.
    for index in 0..46 {
        let azimuth = -44.0 + 74.0 * (index as f32 + dice.even()) / 46.0;
        let from = dice.between(0.02, 0.22);
        let (to, raise) = (from + dice.between(0.30, 0.50), dice.between(0.002, 0.011));
        lay(azimuth, from, to, raise, dice.between(0.08, 0.13), &mut dice);
    }
    // Over the crown, away from the whorl.
    for index in 0..36 {
        let azimuth = -180.0 + 360.0 * (index as f32 + dice.even()) / 36.0;
        let to = dice.between(0.55, 0.75);
        lay(azimuth, 1.02, to, dice.between(0.001, 0.006), dice.between(0.07, 0.11), &mut dice);
    }
    locks.part()
}
