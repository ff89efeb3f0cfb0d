//! Hair swept back from the hairline to a knot or a tail, softly parted.

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3};

use super::Style;
use super::comb::Comb;
use super::lock::{Lock, Locks};
use super::scalp::{Scalp, angles};
use super::sheet::{Knot, join, sheet};
use crate::forge::body::Body;
use crate::forge::noise;
use crate::forge::normals::smooth;
use crate::forge::paint::{Dice, bell};
use crate::forge::part::{Part, SpringChain, SpringJoint};
use crate::forge::rig::{Influence, strongest};
use crate::vrm::HumanBone;

/// Where the low knot sits, as a direction from the middle of the skull.
const KNOT: Vec3 = Vec3::new(0.0, -0.30, -0.95);
/// Where the tail is tied.
const TIE: Vec3 = Vec3::new(0.0, 0.10, -0.99);
/// The part is left of the middle, degrees.
const PART: f32 = 20.0;
/// Degrees inside the hairline where the opaque shell begins; edge strands lie below and over it.
const SHELL: f32 = 3.5;
const EDGE: (f32, f32) = (-3.5, 13.0);
/// How deep the rim of the shell lies under where its hair would, decimeters.
const RIM: f32 = 0.022;

/// How hair runs to a low knot.
pub(super) fn bun_comb(scalp: &Scalp) -> Comb<'_> {
    Comb::new(scalp, KNOT, (0.70, 72.0, 24.0), (0.09, PART))
}

/// How hair runs to a tail.
pub(super) fn ponytail_comb(scalp: &Scalp) -> Comb<'_> {
    Comb::new(scalp, TIE, (0.52, 72.0, 26.0), (0.09, PART))
}

/// A low bun.
pub(super) fn bun(body: &Body, scalp: &Scalp) -> Style {
    let head = body.rig.only(HumanBone::Head);
    let comb = bun_comb(scalp);
    let mut parts = cap(scalp, &comb, head);
    parts.push(coil(scalp, head));
    parts.push(loose(scalp, &comb, head));
    Style { parts, springs: Vec::new() }
}

/// A ponytail.
pub(super) fn ponytail(body: &Body, scalp: &Scalp) -> Style {
    let head = body.rig.only(HumanBone::Head);
    let comb = ponytail_comb(scalp);
    let mut parts = cap(scalp, &comb, head);
    let (tail, springs) = tail(body, scalp);
    parts.extend(tail);
    parts.push(loose(scalp, &comb, head));
    Style { parts, springs }
}

/// Height of combed hair over the skin, decimeters; fuller over the forehead and on top.
fn height(scalp: &Scalp, way: Vec3, inside: f32) -> f32 {
    let (azimuth, elevation) = angles(way);
    let front = 0.038 * smooth(2.0, 16.0, inside) * bell(azimuth, 0.0, 62.0) * smooth(10.0, 30.0, elevation);
    // At the sideburn it lies on the skin.
    let side = azimuth.abs();
    let tuck = 0.012 * smooth(50.0, 66.0, side) * smooth(100.0, 84.0, side) * smooth(22.0, -2.0, elevation);
    0.006
        + 0.026 * smooth(0.0, 9.0, inside)
        + 0.060 * smooth(4.0, 30.0, inside)
        + 0.034 * smooth(24.0, 78.0, elevation)
        + front
        - tuck
        - scalp.tuck(way)
}

/// Locks of different fullness around the head.
fn lumps(u: f32, inside: f32) -> f32 {
    let around = Vec2::from_angle(u * TAU);
    let wave =
        |seed: u32, count: f32| noise::value(seed, Vec3::new(around.x * count, around.y * count, inside * 0.012));
    (0.009 * wave(3, 15.0) + 0.007 * wave(4, 34.0)) * smooth(2.0, 16.0, inside)
}

/// Shell and edge strands.
fn cap(scalp: &Scalp, comb: &Comb<'_>, head: Influence) -> Vec<Part> {
    const ROWS: usize = 18;
    const COLUMNS: usize = 97;
    let strands: Vec<_> = (0..COLUMNS).map(|k| comb.strand(k as f32 / (COLUMNS - 1) as f32)).collect();
    let knot = |inside: f32, column: usize, uv: Vec2, raise: f32, light: f32| {
        let way = strands[column].at(inside);
        let u = column as f32 / (COLUMNS - 1) as f32;
        let at = scalp.over(way, height(scalp, way, inside) + lumps(u, inside) + raise);
        Knot { at, uv, light, weight: head }
    };
    let shell = sheet("Hair", "hair", (ROWS, COLUMNS), scalp.center, |row, column| {
        let t = (row as f32 / (ROWS - 1) as f32).powf(1.3);
        let end = strands[column].length() * 0.985;
        let inside = SHELL + (end - SHELL) * t;
        let u = column as f32 / (COLUMNS - 1) as f32;
        // The rim lies under the skin, on which its hairs are painted: no step, no shadow line.
        let rim = -RIM * smooth(SHELL + 5.0, SHELL, inside);
        knot(inside, column, Vec2::new(u * 7.0, inside / 150.0), rim, 0.88 + 0.12 * smooth(0.0, 20.0, inside))
    });
    let edge = sheet("HairEdge", "hairedge", (6, COLUMNS), scalp.center, |row, column| {
        let t = row as f32 / 5.0;
        let u = column as f32 / (COLUMNS - 1) as f32;
        let inside = EDGE.0 + (EDGE.1 - EDGE.0) * t;
        knot(inside, column, Vec2::new(u * 10.0, 0.01 + 0.98 * t), 0.006, 0.95)
    });
    vec![shell, edge]
}

/// Locks that lie over the shell.
fn loose(scalp: &Scalp, comb: &Comb<'_>, head: Influence) -> Part {
    let mut dice = Dice::new(90);
    let mut locks = Locks::new("HairLocks");
    for _ in 0..72 {
        let u = dice.even();
        // Over the ear hair lies smooth.
        if (comb.azimuth(u).abs() - 80.0).abs() < 17.0 {
            continue;
        }
        let strand = comb.strand(u);
        let start = dice.between(3.5, (strand.length() * 0.55).max(5.0));
        let end = (start + dice.between(28.0, 62.0)).min(strand.length() * 0.97);
        let raise = dice.between(0.003, 0.010);
        let drift = dice.normal() * 0.018;
        let points: Vec<Vec3> = (0..8)
            .map(|k| {
                let t = k as f32 / 7.0;
                let inside = start + (end - start) * t;
                let way =
                    (strand.at(inside) + Vec3::new(drift, drift * 0.5, 0.0) * (t * PI).sin()).normalize_or(Vec3::Y);
                let swell = raise * (t * PI).sin().max(0.0) + 0.007;
                scalp.over(way, height(scalp, way, inside) + lumps(u, inside) + swell)
            })
            .collect();
        let light = dice.between(0.90, 1.08);
        locks.add(&Lock { points, width: dice.between(0.07, 0.13), light }, scalp.center, &mut dice, |_| head);
    }
    locks.part()
}

/// The knot: a rope of hair laid in a flat spiral over a core.
fn coil(scalp: &Scalp, head: Influence) -> Part {
    let axis = KNOT.normalize_or(Vec3::NEG_Z);
    let across = Vec3::Y.cross(axis).normalize_or(Vec3::X);
    let up = axis.cross(across);
    let center = scalp.over(axis, 0.15);
    const ALONG: usize = 48;
    const AROUND: usize = 12;
    let spine = |t: f32| {
        let turn = TAU * 2.15 * t + 0.6;
        let wide = 0.255 * (1.0 - t).powf(0.75) + 0.02;
        let out = 0.02 + 0.20 * smooth(0.0, 1.0, t);
        center + (across * turn.cos() + up * turn.sin() * 0.94) * wide + axis * out
    };
    let thick = |t: f32| 0.152 * smooth(-0.08, 0.10, t) * (1.0 - 0.45 * t);
    let rope = sheet("Bun", "hair", (ALONG, AROUND), center, |row, column| {
        let t = row as f32 / (ALONG - 1) as f32;
        let way = (spine((t + 0.01).min(1.0)) - spine((t - 0.01).max(0.0))).normalize_or(across);
        let out = (axis - way * axis.dot(way)).normalize_or(axis);
        let side = way.cross(out);
        let turn = TAU * column as f32 / (AROUND - 1) as f32;
        // Twisted a little, with the ridges of its locks.
        let ridge = 1.0 + 0.07 * (3.0 * turn + 14.0 * t).sin() + 0.03 * (7.0 * turn + 31.0 * t).sin();
        let close = if row == ALONG - 1 { 0.05 } else { 1.0 };
        let at = spine(t) + (side * turn.cos() + out * turn.sin()) * thick(t) * ridge * close;
        let light = 0.72 + 0.30 * smooth(-0.4, 0.9, turn.sin());
        Knot { at, uv: Vec2::new(turn / TAU * 2.0 + 0.5 * t, t * 3.4), light, weight: head }
    });
    let core = sheet("BunCore", "hair", (7, 15), center, |row, column| {
        let (tilt, turn) = (PI * row as f32 / 6.0, TAU * column as f32 / 14.0);
        let flat = (across * turn.cos() + up * turn.sin()) * tilt.sin() * 0.30 + axis * tilt.cos() * 0.21;
        let uv = Vec2::new(turn / TAU * 3.0, tilt * 0.5);
        Knot { at: center + flat + axis * 0.01, uv, light: 0.70, weight: head }
    });
    join("Bun", vec![rope, core])
}

/// The tail hangs from its tie over the nape and swings on one chain.
fn tail(body: &Body, scalp: &Scalp) -> (Vec<Part>, Vec<SpringChain>) {
    let head = body.rig.only(HumanBone::Head);
    let head_joint = body.rig.joint(HumanBone::Head) as u16;
    let first = body.rig.joints.len() as u16;
    let axis = TIE.normalize_or(Vec3::NEG_Z);
    let tie = scalp.over(axis, 0.035);
    let collar = body.landmarks.neck_line;
    let length = (tie.y - (collar - 0.10)).max(0.8);
    // Out, over, down: clear of the neck.
    let spine = |t: f32| {
        let out = 0.25 * smooth(0.0, 0.20, t) - 0.12 * smooth(0.40, 1.0, t);
        tie + axis * out + Vec3::Y * (0.05 * (t * 8.0).min(1.0) * (1.0 - t) - length * smooth(0.02, 1.0, t.powf(1.1)))
    };
    let wide = |t: f32| 0.09 + 0.13 * smooth(0.0, 0.30, t) - 0.10 * smooth(0.55, 1.0, t);
    const JOINTS: usize = 4;
    let joints = (0..=JOINTS)
        .map(|k| SpringJoint {
            name: format!("ponytail_{k}"),
            parent: "head".into(),
            rest: spine(0.06 + 0.94 * k as f32 / JOINTS as f32),
            hit_radius: 0.10,
            stiffness: 1.6 - 0.25 * k as f32,
            gravity: 0.25,
            drag: 0.45,
        })
        .collect();
    let weight = move |t: f32| {
        let along = ((t - 0.06) / 0.94).max(0.0) * JOINTS as f32;
        let low = (along as usize).min(JOINTS - 1);
        // Each vertex follows its segment and, near the joint, the one before.
        let next = smooth(0.0, 0.6, along - low as f32);
        let before = if low == 0 { head_joint } else { first + low as u16 - 1 };
        strongest(vec![(before, 1.0 - next), (first + low as u16, next)])
    };
    let tube = |name: &str, scale: f32, material: &str, light: f32| {
        sheet(name, material, (18, 15), spine(0.4), |row, column| {
            let t = row as f32 / 17.0;
            let way = (spine((t + 0.02).min(1.0)) - spine((t - 0.02).max(0.0))).normalize_or(Vec3::NEG_Y);
            let side = Vec3::X;
            let out = side.cross(way).normalize_or(axis);
            let turn = TAU * column as f32 / 14.0;
            let ridge = 1.0 + 0.06 * (5.0 * turn + 3.0 * t).sin();
            let at = spine(t) + (side * turn.cos() * 1.15 + out * turn.sin() * 0.8) * wide(t) * scale * ridge;
            Knot { at, uv: Vec2::new(turn / TAU * 2.0, 0.01 + 0.98 * t), light, weight: weight(t) }
        })
    };
    let mut locks = Locks::new("TailLocks");
    let mut dice = Dice::new(33);
    for _ in 0..36 {
        let turn = dice.even() * TAU;
        let from = dice.between(0.05, 0.45);
        let to = dice.between(0.85, 1.02);
        let points: Vec<Vec3> = (0..9)
            .map(|k| {
                let t = from + (to - from) * k as f32 / 8.0;
                spine(t.min(1.0)) + (Vec3::X * turn.cos() * 1.15 + axis * turn.sin() * 0.8) * (wide(t.min(1.0)) + 0.010)
                    - Vec3::Y * (t - 1.0).max(0.0) * length
            })
            .collect();
        let width = dice.between(0.08, 0.13);
        let top = tie.y;
        let middle = spine(0.5);
        locks.add(&Lock { points, width, light: 1.0 }, middle, &mut dice, |at| {
            weight(((top - at.y) / length).clamp(0.0, 1.0))
        });
    }
    let band = sheet("Tie", "hair", (5, 15), tie + axis * 0.06, |row, column| {
        let turn = TAU * column as f32 / 14.0;
        let t = row as f32 / 4.0;
        let across = Vec3::Y.cross(axis).normalize_or(Vec3::X);
        let ring = 0.105 + 0.02 * (t * PI).sin();
        let at = tie + axis * (0.03 + 0.06 * t) + (across * turn.cos() + axis.cross(across) * turn.sin()) * ring;
        Knot { at, uv: Vec2::new(t, turn / TAU), light: 0.35, weight: head }
    });
    let tubes = join("Tail", vec![tube("Tail", 1.0, "hairlong", 0.96)]);
    let core = tube("TailCore", 0.72, "hairlong", 0.55);
    let chain = SpringChain { name: "ponytail".into(), joints };
    (vec![tubes, core, locks.part(), band], vec![chain])
}
