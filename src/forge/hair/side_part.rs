//! A man's cut: parted at the side, full on top, short at sides and back.

use std::f32::consts::PI;

use glam::{Vec2, Vec3};

use super::Style;
use super::comb::Comb;
use super::crop::edge;
use super::lock::{Lock, Locks};
use super::scalp::{Scalp, direction};
use super::sheet::{Knot, sheet};
use crate::forge::body::Body;
use crate::forge::noise;
use crate::forge::normals::smooth;
use crate::forge::paint::{Dice, along};
use crate::forge::part::Part;
use crate::forge::rig::Influence;
use crate::vrm::HumanBone;

/// The part, from forehead to crown: azimuth and elevation over the share of its length; the first elevation is the
/// hairline's.
const PART_AZIMUTH: [(f32, f32); 4] = [(0.0, 30.0), (0.35, 42.0), (0.7, 78.0), (1.0, 150.0)];
const PART_ELEVATION: [(f32, f32); 3] = [(0.10, 40.0), (0.35, 61.0), (1.0, 67.0)];
/// Where the top ends on the other side.
const FAR_AZIMUTH: [(f32, f32); 4] = [(0.0, -38.0), (0.35, -84.0), (0.7, -126.0), (1.0, -172.0)];
const FAR_ELEVATION: [(f32, f32); 3] = [(0.12, 20.0), (0.35, 24.0), (1.0, 32.0)];
/// Upper border of the sides: elevation by azimuth, from the part's side around the back.
const RING: [(f32, f32); 12] = [
    (30.0, 34.0),
    (34.0, 46.0),
    (42.0, 60.0),
    (78.0, 67.0),
    (140.0, 74.0),
    (165.0, 76.0),
    (190.0, 64.0),
    (210.0, 50.0),
    (232.0, 41.0),
    (270.0, 33.0),
    (305.0, 29.0),
    (325.0, 22.0),
];

/// Degrees above the hairline below which the sides are shorn: only painted.
const SHORN: f32 = 6.5;

/// Hair of a person.
pub(super) fn build(body: &Body, scalp: &Scalp) -> Style {
    let head = body.rig.only(HumanBone::Head);
    let comb = Comb::new(scalp, Vec3::new(-0.15, 0.85, -0.45), (0.10, 74.0, 25.0), (-0.25, 60.0));
    let parts = vec![top(scalp, head), sides(scalp, head), edge(scalp, &comb, head), locks(scalp, head)];
    Style { parts, springs: Vec::new() }
}

/// A point of the top: `u` from forehead to crown, `q` from the part across.
fn over(scalp: &Scalp, u: f32, q: f32, raise: f32) -> Vec3 {
    let u = u.clamp(0.0, 1.0);
    let near_azimuth = along(&PART_AZIMUTH, u);
    let near_front = scalp.line(near_azimuth) + 3.0;
    let near = direction(near_azimuth, mix(near_front, along(&PART_ELEVATION, u), smooth(0.0, 0.14, u)));
    let far_azimuth = along(&FAR_AZIMUTH, u);
    let far =
        direction(far_azimuth, mix(scalp.line(far_azimuth) + 3.5, along(&FAR_ELEVATION, u), smooth(0.0, 0.14, u)));
    let middle = (near + far).normalize_or(Vec3::Y) + Vec3::Y * 0.10 * smooth(0.1, 0.4, u);
    let p = 1.0 - q;
    let mut way = (near * p * p + middle * 2.0 * p * q + far * q * q).normalize_or(Vec3::Y);
    // The first strands lie on the hairline itself.
    let azimuth = way.x.atan2(way.z).to_degrees();
    let line = direction(azimuth, scalp.line(azimuth) + 3.0);
    way = way.lerp(line, smooth(0.06, 0.0, u)).normalize_or(Vec3::Y);
    scalp.over(way, height(u, q) + raise)
}

fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// Height of the top over the skin: rises from forehead and part, full in front, lying down on the other side.
fn height(u: f32, q: f32) -> f32 {
    let rise = smooth(0.0, 0.17, u) * smooth(-0.02, 0.28, q);
    // In front full, at the crown it lies down.
    let full = 0.135 - 0.045 * smooth(0.2, 0.8, u) - 0.060 * smooth(0.72, 1.0, u);
    let fall = 1.0 - 0.62 * smooth(0.50, 1.0, q);
    let lump = 0.014 * noise::value(71, Vec3::new(u * 11.0, q * 1.6, 0.0))
        + 0.010 * noise::value(72, Vec3::new(u * 26.0, q * 2.0, 3.0));
    0.010 + full * rise * fall + lump * rise
}

fn top(scalp: &Scalp, head: Influence) -> Part {
    const ROWS: usize = 18;
    const COLUMNS: usize = 46;
    sheet("HairTop", "hair", (ROWS, COLUMNS), scalp.center, |row, column| {
        let (q, u) = (row as f32 / (ROWS - 1) as f32, (column as f32 / (COLUMNS - 1) as f32).powf(1.25));
        let light = 0.80 + 0.20 * smooth(0.0, 0.2, q);
        Knot { at: over(scalp, u, q, 0.0), uv: Vec2::new(u * 4.0, q * 0.9), light, weight: head }
    })
}

/// Height of the sides by degrees above the hairline.
fn side_height(above: f32, azimuth: f32) -> f32 {
    let lump = 0.005 * noise::value(75, Vec3::new(azimuth * 0.16, above * 0.05, 0.0));
    0.006 + 0.024 * smooth(0.0, 30.0, above) + 0.018 * smooth(22.0, 60.0, above) + lump * smooth(3.0, 20.0, above)
}

/// From the part's side around the back to the other temple, combed down.
fn side_point(scalp: &Scalp, turn: f32, t: f32, low: f32, raise: f32) -> (Vec3, f32) {
    let azimuth = if turn > 180.0 { turn - 360.0 } else { turn };
    let line = scalp.line(azimuth);
    let elevation = mix(along(&RING, turn).max(line + 1.0), line + low, t);
    let under = 0.012 * smooth(0.25, 0.0, t);
    let above = elevation - line;
    (scalp.over(direction(azimuth, elevation), (side_height(above, turn) + raise - under).max(0.004)), above)
}

fn sides(scalp: &Scalp, head: Influence) -> Part {
    const ROWS: usize = 13;
    const COLUMNS: usize = 68;
    sheet("HairSides", "hair", (ROWS, COLUMNS), scalp.center, |row, column| {
        let turn = 30.0 + 295.0 * column as f32 / (COLUMNS - 1) as f32;
        let (at, above) = side_point(scalp, turn, row as f32 / (ROWS - 1) as f32, SHORN, 0.0);
        let uv = Vec2::new(turn / 46.0, 1.0 - above / 100.0);
        Knot { at, uv, light: 0.84 + 0.10 * smooth(0.0, 20.0, above), weight: head }
    })
}

fn locks(scalp: &Scalp, head: Influence) -> Part {
    let mut locks = Locks::new("HairLocks");
    let mut dice = Dice::new(81);
    // Over the top, combed aside; the tips fall over the side.
    for index in 0..105 {
        let u = 0.02 + 0.96 * ((index as f32 + dice.even()) / 105.0).powf(1.2);
        let from = dice.between(0.0, 0.50);
        let to = (from + dice.between(0.38, 0.62)).min(1.06);
        let raise = dice.between(0.006, 0.026);
        let drift = dice.normal() * 0.035 - 0.02;
        let points: Vec<Vec3> = (0..8)
            .map(|k| {
                let t = k as f32 / 7.0;
                let q = from + (to - from) * t;
                let lifted = raise * (0.25 + (t * PI).sin()).min(1.0) + 0.012 * t * t;
                over(scalp, u + drift * t, q, lifted)
            })
            .collect();
        let lock = Lock { points, width: dice.between(0.08, 0.14), light: dice.between(0.88, 1.10) };
        locks.add(&lock, scalp.center, &mut dice, |_| head);
    }
    // Up from the forehead, then aside.
    for index in 0..34 {
        let q0 = 0.04 + 0.90 * (index as f32 + dice.even()) / 34.0;
        let deep = dice.between(0.16, 0.30);
        let points: Vec<Vec3> = (0..7)
            .map(|k| {
                let t = k as f32 / 6.0;
                over(scalp, 0.004 + deep * t, q0 + 0.22 * t * t, 0.008 + 0.012 * (t * PI).sin())
            })
            .collect();
        let lock = Lock { points, width: dice.between(0.07, 0.11), light: dice.between(0.88, 1.06) };
        locks.add(&lock, scalp.center, &mut dice, |_| head);
    }
    // Down the sides.
    for index in 0..96 {
        let turn = 36.0 + 284.0 * (index as f32 + dice.even()) / 96.0;
        let from = dice.between(0.05, 0.60);
        let to = (from + dice.between(0.25, 0.40)).min(0.98);
        let raise = dice.between(0.003, 0.010);
        let drift = dice.normal() * 2.0 - 3.0 * (turn - 180.0).signum();
        let points: Vec<Vec3> = (0..6)
            .map(|k| {
                let t = k as f32 / 5.0;
                side_point(
                    scalp,
                    (turn - drift * t).clamp(30.0, 325.0),
                    from + (to - from) * t,
                    SHORN,
                    raise * (0.3 + t),
                )
                .0
            })
            .collect();
        let lock = Lock { points, width: dice.between(0.06, 0.10), light: dice.between(0.86, 1.04) };
        locks.add(&lock, scalp.center, &mut dice, |_| head);
    }
    locks.part()
}
