//! Buttons, pocket flaps, the welt of the breast pocket and the name badge.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3};

use super::curve::{lerp, steps};
use super::cut::Cut;
use super::jacket;
use super::lapel::ribbon;
use super::sheet::{Grid, Sheet};
use super::trunk::{Place, Trunk};
use super::wearer::{Pull, Side};

/// A domed button with a sunk middle.
pub(super) fn button(middle: Vec3, outward: Vec3, radius: f32, pull: Pull) -> Sheet {
    let outward = outward.normalize_or(Vec3::Z);
    let right = Vec3::Y.cross(outward).normalize_or(Vec3::X);
    let up = outward.cross(right);
    let profile = [(1.0, -0.1), (1.0, 0.16), (0.86, 0.30), (0.62, 0.22), (0.02, 0.20)];
    let columns = (0..=12)
        .map(|i| {
            let (sin, cos) = ((i % 12) as f32 / 12.0 * TAU).sin_cos();
            let spoke = right * cos + up * sin;
            profile.iter().map(|(r, h)| middle + spoke * (r * radius) + outward * (h * radius)).collect()
        })
        .collect();
    let grid = Grid::new(columns, false);
    Sheet::of(&grid, |p| p - middle + outward * radius, |_, _| Vec2::ZERO, |_, _, _| pull).welded()
}

/// The two buttons that close the front.
pub(super) fn front_buttons(trunk: &Trunk, cut: &Cut) -> Sheet {
    let mut sheet = Sheet::default();
    for y in [cut.button - 0.10, cut.second_button] {
        let point = trunk.front(0.0, y, cut.ease + 0.038);
        let place = trunk.locate(point).0;
        sheet.join(button(point, trunk.normal(place), 0.085 * cut.scale, trunk.pull(place)));
    }
    sheet
}

/// A pocket flap on the hip. It takes the texture of the cloth below, folds included.
pub(super) fn flap(trunk: &Trunk, cut: &Cut, side: Side, pull: impl Fn(Place) -> Pull) -> Sheet {
    let top = trunk.level(if cut.female { 0.085 } else { 0.07 });
    let rows = [(0.0, 0.005), (0.05, 0.024), (0.5, 0.030), (1.0, 0.024)];
    let places: Vec<Vec<Place>> = steps(0.60, 1.16, 9)
        .enumerate()
        .map(|(i, theta)| {
            let round = 1.0 - 0.12 * ((i as f32 - 4.0).abs() / 4.0).powi(5);
            let slant = 0.09 * i as f32 / 8.0;
            let height = |v: f32| top - slant - 0.40 * cut.scale * v * round;
            rows.iter().map(|(v, _)| Place { theta: theta * side.sign(), m: height(*v) - trunk.pivot_y }).collect()
        })
        .collect();
    let lay = |place: &Place, rise: f32| {
        let swing = 0.06 * super::curve::ramp(place.m + trunk.pivot_y, cut.second_button, cut.hem);
        trunk.at(*place, cut.ease + rise + swing)
    };
    let columns = places.iter().map(|line| line.iter().zip(rows).map(|(place, (_, rise))| lay(place, rise)).collect());
    let grid = Grid::new(columns.collect(), false);
    let outward = |p: Vec3| trunk.normal(trunk.locate(p).0);
    let uv = |i: usize, j: usize| jacket::uv(places[i][j], side);
    Sheet::of(&grid, outward, uv, |_, i, j| pull(places[i][j])).hemmed(&grid, |_| 0.03)
}

/// The breast pocket's welt, on the wearer's left beside the lapel.
pub(super) fn welt(trunk: &Trunk, cut: &Cut) -> Sheet {
    let (x0, y0) = breast(trunk, cut);
    let columns = (0..6)
        .map(|i| {
            let u = i as f32 / 5.0;
            let (x, y) = (x0 + u * 0.44 * cut.scale, y0 + u * 0.05);
            [(0.105, 0.0), (0.095, 0.020), (0.0, 0.020), (-0.01, 0.0)]
                .iter()
                .map(|(dy, rise)| trunk.front(x, y + dy * cut.scale, cut.ease + rise))
                .collect()
        })
        .collect();
    ribbon(trunk, Grid::new(columns, false), 0.02)
}

/// Lower inner corner of the welt, front view.
fn breast(trunk: &Trunk, cut: &Cut) -> (f32, f32) {
    let y = trunk.level(0.61);
    (lapel_end(cut, y) + 0.17, y)
}

/// How far from the middle the lapel reaches at a height.
fn lapel_end(cut: &Cut, y: f32) -> f32 {
    let t = (y - cut.button) / (cut.gorge - cut.button);
    lerp(cut.edge(cut.button), cut.edge(cut.gorge) + cut.lapel_width, t) + 0.10 * cut.scale
}

/// The badge: a thin plate above the welt. Its face has texture coordinates 0..=1, the sides a corner's.
pub(super) fn badge(trunk: &Trunk, cut: &Cut) -> Sheet {
    let (half_w, half_h) = (0.30, 0.095);
    let y = breast(trunk, cut).1 + 0.40 * cut.scale;
    // Beside the lapel, also with its upper corner.
    let middle = trunk.front(lapel_end(cut, y + half_h) + half_w + 0.04, y, cut.ease);
    let place = trunk.locate(middle).0;
    let out = trunk.normal(place);
    let right = Vec3::Y.cross(out).normalize_or(Vec3::X);
    let up = out.cross(right);
    let corner = |(a, b): (f32, f32)| middle + right * (a * half_w) + up * (b * half_h);
    let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
    // A stiff plate on a round chest: out far enough that no corner sinks in.
    let sunk = corners.map(|c| trunk.height(corner(c)) - cut.ease).into_iter().fold(0.0, f32::min);
    let face = corners.map(|c| corner(c) + out * (0.04 - sunk));
    let back = face.map(|p| p - out * 0.05);
    // It bends a little with the cloth under its corners rather than sink in when an arm lifts the chest.
    let pulls = corners.map(|c| trunk.pull_at(corner(c)));
    let mut sheet = Sheet { pulls: pulls.to_vec(), ..Sheet::default() };
    sheet.positions.extend(face);
    sheet.normals.extend([out; 4]);
    sheet.uvs.extend([Vec2::new(0.0, 1.0), Vec2::new(1.0, 1.0), Vec2::new(1.0, 0.0), Vec2::new(0.0, 0.0)]);
    sheet.triangles.extend([[0, 1, 2], [0, 2, 3]]);
    for i in 0..4 {
        let j = (i + 1) % 4;
        let first = sheet.positions.len() as u32;
        let side = (face[i] + face[j]) * 0.5 - (middle + out * 0.04);
        sheet.positions.extend([face[i], face[j], back[j], back[i]]);
        sheet.normals.extend([side.normalize_or(out); 4]);
        sheet.uvs.extend([Vec2::splat(0.02); 4]);
        sheet.pulls.extend([pulls[i], pulls[j], pulls[j], pulls[i]]);
        sheet.triangles.extend([[first, first + 3, first + 2], [first, first + 2, first + 1]]);
    }
    sheet
}
