//! A tie or a silk scarf.

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3};

use super::curve::{ramp, spline, steps, table};
use super::cut::Cut;
use super::lapel::ribbon;
use super::neck::Neck;
use super::sheet::{Grid, Sheet};
use super::shirt;
use super::trunk::Trunk;
use super::wearer::Pull;
use crate::vrm::HumanBone;

/// Knot and blade, hanging straight over the breastbone.
pub(super) fn tie(trunk: &Trunk, neck: &Neck, cut: &Cut) -> Sheet {
    let k = cut.scale;
    let top = neck.at(0.0, 0.12, 0.085);
    let knot = top + Vec3::new(0.0, -0.36, 0.13) * k;
    let end = cut.button + 0.06;
    // Height, half width, how much it bulges.
    let rows: Vec<(f32, f32, f32)> =
        [(0.03, 0.14, 0.05), (0.0, 0.165, 0.10), (-0.16, 0.145, 0.13), (-0.32, 0.10, 0.11), (-0.37, 0.078, 0.03)]
            .iter()
            .map(|(y, w, b)| (top.y + y * k, w * k, *b))
            .chain(steps(knot.y - 0.12 * k, end, 10).map(|y| {
                (y, k * table((knot.y - y) / (knot.y - end), &[(0.0, 0.095), (0.25, 0.15), (1.0, 0.225)]), 0.030)
            }))
            .collect();
    // The blade bridges hollows: the upper hull of its profile seen from the side.
    let profile: Vec<Vec2> = rows
        .iter()
        .map(|(y, _, _)| {
            let z = if *y > knot.y {
                top.z + (knot.z - top.z) * (top.y - y) / (top.y - knot.y)
            } else {
                // The tip dives under the fronts.
                trunk.front(0.0, *y, shirt::EASE + 0.02 + 0.035 * ramp(*y, end, end + 0.8)).z
            };
            Vec2::new(*y, z)
        })
        .collect();
    let depth = bridged(&profile);
    let columns = steps(-1.0, 1.0, 9)
        .map(|c| {
            rows.iter()
                .zip(&depth)
                .map(|((y, half, bulge), z)| Vec3::new(c * half, *y, z + bulge * (1.0 - c * c).max(0.0).sqrt() - 0.01))
                .collect()
        })
        .collect();
    ribbon(trunk, Grid::new(columns, false), 0.05)
}

/// The profile raised to where a taut line over it runs.
fn bridged(profile: &[Vec2]) -> Vec<f32> {
    profile
        .iter()
        .enumerate()
        .map(|(i, own)| {
            let mut z = own.y;
            for a in &profile[..i] {
                for c in &profile[i + 1..] {
                    z = z.max(a.y + (c.y - a.y) * (own.x - a.x) / (c.x - a.x));
                }
            }
            z
        })
        .collect()
}

/// A silk scarf: folded once around the neck, knotted at the front, its ends inside the jacket.
pub(super) fn scarf(trunk: &Trunk, neck: &Neck, cut: &Cut) -> Sheet {
    let k = cut.scale;
    let around = 12;
    // Once around: a flat roll that drops toward the knot.
    let columns = (0..=48)
        .map(|i| {
            let phi = (i % 48) as f32 / 48.0 * TAU;
            let front = 0.5 + 0.5 * phi.cos();
            let (height, half) = (0.10 - 0.22 * front * front, 0.17 - 0.05 * front);
            (0..=around)
                .map(|j| {
                    let turn = (j % around) as f32 / around as f32 * TAU;
                    let silk = 0.012 * (turn * 3.0 + phi * 2.0).sin() + 0.008 * (turn * 5.0 - phi * 3.0).cos();
                    let off = 0.075 + 0.02 * front + (0.050 + silk) * turn.cos();
                    neck.at(phi, height + half * turn.sin(), off)
                })
                .collect()
        })
        .collect();
    let grid = Grid::new(columns, false);
    let uv = |i: usize, j: usize| Vec2::new(i as f32 * 0.12, j as f32 * 0.1);
    let core = |p: Vec3| {
        let (phi, _, _) = neck.locate(p);
        p - neck.at(phi, 0.10 - 0.22 * (0.5 + 0.5 * phi.cos()).powi(2), 0.075)
    };
    let pull = |p: Vec3, _: usize, _: usize| trunk.pull_at(p).mix(Pull::only(HumanBone::Neck), 0.35);
    let mut sheet = Sheet::of(&grid, core, uv, pull).welded();
    // The knot.
    let knot = neck.at(0.0, -0.15, 0.16);
    let columns = (0..=12)
        .map(|i| {
            let phi = (i % 12) as f32 / 12.0 * TAU;
            steps(-0.49 * PI, 0.49 * PI, 8)
                .map(|v| {
                    let pinch = 1.0 + 0.10 * (phi * 3.0 + v * 2.0).sin();
                    knot + Vec3::new(v.cos() * phi.sin() * 0.135, v.sin() * 0.15, v.cos() * phi.cos() * 0.10)
                        * pinch
                        * k
                })
                .collect()
        })
        .collect();
    let grid = Grid::new(columns, false);
    sheet.join(
        Sheet::of(&grid, |p| p - knot, |i, j| Vec2::new(i as f32, j as f32) * 0.06, |p, _, _| trunk.pull_at(p))
            .welded(),
    );
    // Two ends that fall into the V.
    for sign in [-1.0, 1.0] {
        let line = spline(
            &[
                knot + Vec3::new(0.02 * sign, -0.05, 0.02) * k,
                trunk.front(0.10 * sign * k, knot.y - 0.45 * k, 0.05),
                trunk.front(0.15 * sign * k, knot.y - 0.95 * k, 0.04),
                trunk.front(0.12 * sign * k, (knot.y - 1.45 * k).max(cut.button + 0.05), 0.02),
            ],
            10,
        );
        let columns = steps(-1.0, 1.0, 9)
            .map(|c| {
                line.iter()
                    .enumerate()
                    .map(|(j, p)| {
                        let half = k * table(j as f32 / 9.0, &[(0.0, 0.06), (0.3, 0.16), (1.0, 0.21)]);
                        let ripple = 0.022 * (c * 5.5 + sign + j as f32 * 0.15).cos() * ramp(j as f32, 0.0, 3.0);
                        let layer = if sign > 0.0 { 0.03 } else { 0.0 };
                        trunk.above(*p + Vec3::new(c * half, -0.05 * c * sign, 0.0), 0.03 + layer)
                            + Vec3::Z * (ripple + 0.02)
                    })
                    .collect()
            })
            .collect();
        sheet.join(ribbon(trunk, Grid::new(columns, false), 0.015));
    }
    sheet
}
