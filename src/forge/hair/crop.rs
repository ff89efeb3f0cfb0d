//! A crop: short back and sides that fade into the skin, textured on top, combed forward.

use glam::{Vec2, Vec3};

use super::Style;
use super::comb::Comb;
use super::lock::{Lock, Locks};
use super::scalp::{Scalp, angles};
use super::sheet::{Knot, sheet};
use crate::forge::body::Body;
use crate::forge::noise;
use crate::forge::normals::smooth;
use crate::forge::paint::Dice;
use crate::forge::part::Part;
use crate::forge::rig::Influence;
use crate::vrm::HumanBone;

/// The whorl on the crown, as a direction.
const WHORL: Vec3 = Vec3::new(0.10, 0.82, -0.56);
const COLUMNS: usize = 97;

/// Hair of a person.
pub(super) fn build(body: &Body, scalp: &Scalp) -> Style {
    let head = body.rig.only(HumanBone::Head);
    let comb = Comb::new(scalp, WHORL, (0.12, 74.0, 25.0), (0.0, 0.0));
    let parts = vec![cap(scalp, &comb, head), edge(scalp, &comb, head), locks(scalp, &comb, head)];
    Style { parts, springs: Vec::new() }
}

/// Height over the skin: millimeters at the sides, more than a centimeter on top.
fn height(way: Vec3, inside: f32) -> f32 {
    let (azimuth, elevation) = angles(way);
    let top = smooth(24.0, 52.0, elevation + 10.0 * smooth(60.0, 20.0, azimuth.abs()));
    let lump = noise::value(77, way * 7.0) * 0.012 + noise::value(78, way * 15.0) * 0.006;
    0.007 + 0.016 * smooth(0.0, 22.0, inside) + (0.082 * smooth(0.0, 15.0, inside) + lump) * top
}

fn cap(scalp: &Scalp, comb: &Comb<'_>, head: Influence) -> Part {
    const ROWS: usize = 18;
    let strands: Vec<_> = (0..COLUMNS).map(|k| comb.strand(k as f32 / (COLUMNS - 1) as f32)).collect();
    sheet("Hair", "hair", (ROWS, COLUMNS), scalp.center, |row, column| {
        let t = (row as f32 / (ROWS - 1) as f32).powf(1.25);
        let u = column as f32 / (COLUMNS - 1) as f32;
        // The shell begins further inside at the sides, where hair is shortest.
        let front = smooth(60.0, 30.0, comb.azimuth(u).abs());
        let start = 11.0 - 7.5 * front;
        let inside = start + (strands[column].length() * 0.99 - start) * t;
        let way = strands[column].at(inside);
        let at = scalp.over(way, height(way, inside));
        Knot {
            at,
            uv: Vec2::new(u * 8.0, inside / 110.0),
            light: 0.84 + 0.16 * smooth(0.0, 30.0, inside),
            weight: head,
        }
    })
}

/// Fine strands across the hairline, for short styles.
pub(super) fn edge(scalp: &Scalp, comb: &Comb<'_>, head: Influence) -> Part {
    let strands: Vec<_> = (0..COLUMNS).map(|k| comb.strand(k as f32 / (COLUMNS - 1) as f32)).collect();
    sheet("HairEdge", "hairedge", (6, COLUMNS), scalp.center, |row, column| {
        let t = row as f32 / 5.0;
        let inside = -2.5 + 15.5 * t;
        let way = strands[column].at(inside);
        let at = scalp.over(way, 0.006 + height(way, inside) * smooth(-2.0, 4.0, inside));
        let u = column as f32 / (COLUMNS - 1) as f32;
        // Shorn sides and nape thin out instead of closing.
        let dense = 0.50 + 0.48 * smooth(72.0, 50.0, comb.azimuth(u).abs());
        let uv = Vec2::new(u * 12.0, 0.01 + dense * t);
        Knot { at, uv, light: 0.95, weight: head }
    })
}

fn locks(scalp: &Scalp, comb: &Comb<'_>, head: Influence) -> Part {
    let mut locks = Locks::new("HairLocks");
    let mut dice = Dice::new(83);
    let mut lay = |azimuths: (f32, f32), starts: (f32, f32), long: (f32, f32), lift: f32, dice: &mut Dice| {
        let azimuth = dice.between(azimuths.0, azimuths.1);
        let u = (0..=720).map(|k| k as f32 / 720.0).find(|u| comb.azimuth(*u) >= azimuth).unwrap_or(1.0);
        let strand = comb.strand(u);
        let root = dice.between(starts.0, starts.1).min(strand.length() * 0.96);
        let tip = (root - dice.between(long.0, long.1)).max(-1.6);
        let aside = Vec3::new(dice.normal() * 0.045, 0.0, dice.normal() * 0.02);
        let up = lift * dice.between(0.4, 1.3);
        let points: Vec<Vec3> = (0..6)
            .map(|k| {
                let t = k as f32 / 5.0;
                let inside = root + (tip - root) * t;
                let way = (strand.at(inside) + aside * t).normalize_or(Vec3::Y);
                scalp.over(way, height(way, inside).max(0.012 + 0.5 * up * t) + 0.004 + up * t)
            })
            .collect();
        let lock = Lock { points, width: dice.between(0.055, 0.10), light: dice.between(0.86, 1.10) };
        locks.add(&lock, scalp.center, dice, |_| head);
    };
    for _ in 0..130 {
        lay((-62.0, 62.0), (10.0, 70.0), (12.0, 20.0), 0.020, &mut dice);
    }
    // The fringe.
    for _ in 0..46 {
        lay((-34.0, 34.0), (8.0, 15.0), (8.0, 15.0), 0.012, &mut dice);
    }
    for _ in 0..60 {
        lay((100.0, 180.0), (26.0, 75.0), (10.0, 16.0), 0.006, &mut dice);
        lay((-180.0, -100.0), (26.0, 75.0), (10.0, 16.0), 0.006, &mut dice);
    }
    locks.part()
}
