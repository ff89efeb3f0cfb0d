//! A crop: short back and sides that fade into the skin, textured on top, combed forward.

use glam::Vec3;

use super::Style;
use super::comb::Comb;
use super::lock::{Lock, Locks};
use super::scalp::{Scalp, angles};
use super::short::{Short, Spot, clumps, shorn};
use crate::forge::body::Body;
use crate::forge::normals::smooth;
use crate::forge::paint::Dice;
use crate::forge::part::Part;
use crate::vrm::HumanBone;

/// The whorl on the crown, as a direction.
const WHORL: Vec3 = Vec3::new(0.10, 0.82, -0.56);

/// Share of its triangles that the cap keeps: locks cover its top.
const CAP: f32 = 0.62;

/// How it runs.
pub(super) fn comb(scalp: &Scalp) -> Comb<'_> {
    Comb::new(scalp, WHORL, (0.55, 70.0, 22.0), (0.0, 0.0))
}

/// Hair of a person.
pub(super) fn build(body: &Body, scalp: &Scalp) -> Style {
    let comb = comb(scalp);
    let short = Short { scalp, comb: &comb, head: body.rig.only(HumanBone::Head), height };
    let mut cap = short.cap();
    cap.thin(CAP, |_| false);
    let parts = vec![cap, short.edge(), locks(&short)];
    Style { parts, springs: Vec::new() }
}

/// Height over the skin: millimeters at the sides, more than a centimeter on top.
fn height(spot: Spot) -> f32 {
    let (azimuth, elevation) = angles(spot.way);
    let top = smooth(24.0, 52.0, elevation + 12.0 * smooth(66.0, 22.0, azimuth.abs()));
    let full = 0.078 * smooth(0.0, 13.0, spot.inside) + 1.2 * clumps(spot) * smooth(2.0, 14.0, spot.inside);
    shorn(spot, 0.016) + full * top
}

/// Locks combed forward over the top, and the fringe.
fn locks<H: Fn(Spot) -> f32>(short: &Short<'_, H>) -> Part {
    let mut locks = Locks::new("HairLocks");
    let mut dice = Dice::new(83);
    let mut lay = |azimuth: f32, root: f32, long: f32, lift: f32, dice: &mut Dice| {
        let u = short.comb.place(azimuth);
        let strand = short.comb.strand(u);
        let root = root.min(strand.length() * 0.97);
        let tip = (root - long).max(0.5);
        let aside = Vec3::new(dice.normal() * 0.035, 0.0, dice.normal() * 0.02);
        let points = (0..6)
            .map(|k| {
                let t = k as f32 / 5.0;
                let mut spot = short.spot(u, &strand, root + (tip - root) * t);
                spot.way = (spot.way + aside * t).normalize_or(Vec3::Y);
                short.over(spot, 0.010 + lift * t)
            })
            .collect();
        let lock = Lock { points, width: dice.between(0.06, 0.10), light: dice.between(0.90, 1.06) };
        locks.add(&lock, short.scalp.center, dice, |_| short.head);
    };
    for _ in 0..90 {
        let (azimuth, root) = (dice.between(-62.0, 62.0), dice.between(14.0, 72.0));
        lay(azimuth, root, dice.between(12.0, 20.0), dice.between(0.004, 0.014), &mut dice);
    }
    // The fringe.
    for _ in 0..30 {
        let (azimuth, root) = (dice.between(-36.0, 36.0), dice.between(9.0, 15.0));
        lay(azimuth, root, dice.between(7.0, 12.0), dice.between(0.002, 0.008), &mut dice);
    }
    // The crown.
    for index in 0..36 {
        let azimuth = -180.0 + 10.0 * (index as f32 + dice.even());
        lay(azimuth, 400.0, dice.between(12.0, 20.0), dice.between(0.001, 0.006), &mut dice);
    }
    locks.part()
}
