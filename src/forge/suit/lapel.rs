//! Lapels and the jacket's collar: ribbons laid on the shell along the roll line.

use std::f32::consts::PI;

use glam::{Vec2, Vec3};

use super::curve::{lerp, soften, spline, table};
use super::cut::Cut;
use super::neck::Neck;
use super::sheet::{Grid, Sheet};
use super::trunk::Trunk;
use super::wearer::{Pull, Side};

const LAPEL_ROWS: usize = 17;
/// Shares of a lapel's width at which its columns run; the first tucks the roll under the edge.
const ACROSS: [f32; 6] = [-0.015, 0.0, 0.09, 0.36, 0.72, 1.0];
/// Height of those columns above the shell.
const RISE: [f32; 6] = [-0.02, 0.045, 0.070, 0.062, 0.045, 0.032];
const COLLAR_COLS: usize = 24;
/// How far the collar's end goes down under the lapel, decimeters.
const TUCK: f32 = 0.11;
/// Takes texture coordinates out of the chart of the folds, whole tiles of the weave away.
const PLAIN: Vec2 = Vec2::new(0.0, -256.0);

/// Where the roll line meets the gorge, front view, toward the own side.
fn gorge(cut: &Cut) -> Vec2 {
    let y = cut.gorge + 0.12 * cut.scale;
    Vec2::new(cut.edge(y) - 0.01, y)
}

/// Tip of the lapel, front view.
fn tip(cut: &Cut) -> Vec2 {
    Vec2::new(cut.edge(cut.gorge) + cut.lapel_width, cut.gorge - 0.03 * cut.scale)
}

/// A lapel.
pub(super) fn lapel(trunk: &Trunk, cut: &Cut, side: Side) -> Sheet {
    let sign = side.sign();
    let layer = if side == cut.over { 0.040 } else { -0.004 };
    let (gorge, tip) = (gorge(cut), tip(cut));
    let bottom = cut.button - if side == cut.over { 0.0 } else { -0.02 };
    let mut columns = vec![Vec::new(); ACROSS.len()];
    for j in 0..LAPEL_ROWS {
        let t = j as f32 / (LAPEL_ROWS - 1) as f32;
        let y = lerp(bottom, gorge.y, t);
        let roll = Vec2::new(cut.edge(y), y);
        let belly = Vec2::new(0.085, -0.05) * cut.scale * (PI * t.powf(0.85)).sin();
        let outer = Vec2::new(lerp(cut.edge(bottom) + 0.012, tip.x, t), lerp(bottom - 0.02, tip.y, t)) + belly;
        let swell = (0.35 + 3.0 * t).min(1.0);
        for (column, (share, rise)) in columns.iter_mut().zip(ACROSS.iter().zip(RISE)) {
            let at = roll.lerp(outer, *share);
            column.push(trunk.front(at.x * sign, at.y, cut.ease + layer * (1.0 - 0.5 * t) + rise * swell));
        }
    }
    ribbon(trunk, Grid::new(columns, false), 0.035)
}

/// The collar: from the gorge around the neck to the other gorge.
/// `is_snug` where it lies on the skin, without a shirt's collar between.
pub(super) fn collar(trunk: &Trunk, neck: &Neck, cut: &Cut, is_snug: bool) -> Sheet {
    let half = collar_half(trunk, neck, cut, is_snug);
    let mirrored = half.iter().skip(1).rev().map(|c| c.iter().map(|p| *p * Vec3::new(-1.0, 1.0, 1.0)).collect());
    let grid = Grid::new(mirrored.chain(half.iter().cloned()).collect(), false);
    ribbon(trunk, grid, 0.030)
}

/// Columns of the left half, from the middle of the back; rows from inside the stand over the roll to the edge.
fn collar_half(trunk: &Trunk, neck: &Neck, cut: &Cut, is_snug: bool) -> Vec<Vec<Vec3>> {
    let k = cut.scale;
    let off = if is_snug { [0.075, 0.085, 0.13] } else { [0.17, 0.19, 0.21] };
    let roll_at = |a: f32| {
        let phi = PI - a * (PI - 62_f32.to_radians());
        let height = table(a, &[(0.0, 0.20), (0.6, 0.16), (1.0, -0.01)]);
        neck.at(phi, height, table(a, &[(0.0, off[0]), (0.6, off[1]), (1.0, off[2])]))
    };
    let (gorge, tip) = (gorge(cut), tip(cut));
    let end = trunk.front(gorge.x, gorge.y, cut.ease + 0.05);
    let mut knots: Vec<Vec3> = (0..=5).map(|i| roll_at(i as f32 * 0.15)).collect();
    knots.push(roll_at(0.87));
    knots.push(roll_at(0.9).lerp(end, 0.5) + Vec3::new(0.02, 0.0, 0.0));
    knots.push(end);
    let roll = spline(&knots, COLLAR_COLS);
    // The outer edge lies on the shoulders; at the front a notch opens between it and the lapel.
    let along = (tip - gorge).normalize_or(Vec2::X);
    let notch = gorge + along * cut.lapel_width * 0.52;
    let point = notch + Vec2::new(0.16, 0.20) * cut.lapel_width;
    let (notch3, point3) =
        (trunk.front(notch.x, notch.y, cut.ease + 0.05), trunk.front(point.x, point.y, cut.ease + 0.05));
    let out = |p: Vec3| {
        let from = p - neck.center;
        (from - neck.up * from.dot(neck.up)).normalize_or(Vec3::NEG_Z)
    };
    let drop = |i: usize| {
        let p = roll[i] + out(roll[i]) * 0.15 - neck.up * (cut.collar_width + if i < 6 { 0.08 } else { 0.02 });
        trunk.above(p, cut.ease + 0.04)
    };
    let middle = trunk.above(drop(12).lerp(point3, 0.45) + Vec3::new(0.06, 0.05, 0.03), cut.ease + 0.045);
    let mut edge = spline(&[drop(0), drop(4), drop(8), drop(11).lerp(middle, 0.2), middle, point3], COLLAR_COLS);
    for p in edge.iter_mut().take(COLLAR_COLS - 1) {
        *p = trunk.laid(*p, cut.ease + 0.045);
    }
    soften(&mut edge, 3);
    let shares = [0.0, 0.08, 0.3, 0.55, 0.8, 1.0];
    let front_end = super::curve::resample(&[roll[COLLAR_COLS - 1], notch3, point3], 11);
    let front_end = [0, 1, 3, 6, 8, 10].map(|i: usize| front_end[i]);
    let mut columns: Vec<Vec<Vec3>> = (0..COLLAR_COLS)
        .map(|i| {
            let turn = [1.0, 0.55, 0.25, 0.08].get(COLLAR_COLS - 1 - i).copied().unwrap_or(0.0);
            shares
                .iter()
                .zip(front_end)
                .map(|(v, last)| {
                    let p = roll[i].lerp(edge[i], *v);
                    let moved = last + (roll[i] - roll[COLLAR_COLS - 1]) * (1.0 - v);
                    // The fall arches over the stand.
                    let arch = 0.07 * (PI * v).sin() * (1.0 - i as f32 / COLLAR_COLS as f32);
                    let p = p.lerp(moved, turn) + out(roll[i]) * arch;
                    if *v > 0.0 { trunk.above(p, cut.ease + 0.045 + 0.04 * (PI * v).sin()) } else { p }
                })
                .collect()
        })
        .collect();
    for row in 1..shares.len() {
        let mut line: Vec<Vec3> = columns.iter().map(|c| c[row]).collect();
        soften(&mut line, 2);
        columns.iter_mut().zip(line).for_each(|(c, p)| c[row] = p);
    }
    // The end slips under the lapel, behind its edge, which runs inward as it goes down.
    let low = gorge.y - TUCK;
    let under = Vec3::new(cut.edge(low) - cut.edge(gorge.y) + 0.03, -TUCK, 0.0);
    let mut tuck = columns[COLLAR_COLS - 1].clone();
    for ((p, off), amount) in
        tuck.iter_mut().zip([-0.02, 0.0, 0.01, 0.015, 0.03, 0.045]).zip([1.0, 1.0, 1.0, 0.9, 0.35, 0.0])
    {
        *p = trunk.laid(*p + under * amount, cut.ease + off);
    }
    columns.push(tuck);
    // The stand goes down inside the jacket.
    let count = columns.len();
    for (i, column) in columns.iter_mut().enumerate() {
        let u = i as f32 / (count - 1) as f32;
        let down = 0.34 * k * table(u, &[(0.0, 1.0), (0.55, 0.9), (0.9, 0.4), (1.0, 0.15)]);
        let inner = column[0] - out(column[0]) * if is_snug { 0.045 } else { 0.07 } - neck.up * down;
        column.insert(0, inner);
    }
    columns[0].iter_mut().for_each(|p| p.x = 0.0);
    columns
}

/// A grid laid on the trunk as cloth with a turned rim, without the folds of the garment.
pub(super) fn ribbon(trunk: &Trunk, grid: Grid, depth: f32) -> Sheet {
    let uv = |i: usize, j: usize| {
        let p = grid.at(i, j);
        Vec2::new(p.x + 0.3 * p.z, -p.y) * super::jacket::WEAVE + PLAIN
    };
    let outward = |p: Vec3| trunk.normal(trunk.locate(p).0);
    let pull = |p: Vec3, _: usize, _: usize| -> Pull { trunk.pull_at(p) };
    Sheet::of(&grid, outward, uv, pull).hemmed(&grid, |_| depth)
}
