//! The jacket's body: one shell from the right front edge around the back to the left one.

use std::f32::consts::{FRAC_PI_2, PI};

use glam::{Vec2, Vec3};

use super::curve::{lerp, ramp};
use super::cut::Cut;
use super::neck::Neck;
use super::seam::{self, Stitch};
use super::sheet::{Grid, Sheet};
use super::sleeve::Armhole;
use super::trunk::{Place, Trunk};
use super::wearer::{Pull, Side};
use crate::vrm::HumanBone;

/// Columns of one half.
const HALF: usize = 28;
const ROWS: usize = 46;
/// Height of the neckline above the collar plane.
const NECKLINE: f32 = -0.03;
/// Least distance of the neckline from the neck, at the sides and at the nape, where the collar's fall must cover it.
const CLEAR: f32 = 0.08;
const CLEAR_NAPE: f32 = 0.025;
/// How near to an armhole's seam, in sizes of the hole, a vertex lies on it.
const SEAM: f32 = 0.04;
/// Tiles of the weave per decimeter.
pub(super) const WEAVE: f32 = 7.0;
/// Decimeters of cloth per radian on the texture, around the trunk and around a sleeve.
pub(super) const TRUNK_TURN: f32 = 1.3;
pub(super) const SLEEVE_TURN: f32 = 0.45;

/// The shell and the seams of its armholes.
pub(super) fn shell(trunk: &Trunk, neck: &Neck, cut: &Cut, holes: &[Armhole; 2]) -> (Sheet, [Vec<Stitch>; 2]) {
    let mut columns = Vec::new();
    let mut places = Vec::new();
    let mut half = |side: Side, columns: &mut Vec<Vec<Vec3>>, range: &mut dyn Iterator<Item = usize>| {
        for i in range {
            let c = i as f32 / HALF as f32;
            let hole = &holes[usize::from(side == Side::Right)];
            let line: Vec<Place> =
                column(trunk, neck, cut, side, c).into_iter().map(|place| hole.snap(place)).collect();
            columns.push(line.iter().map(|place| lay(trunk, cut, *place, side)).collect());
            places.extend(line);
        }
    };
    half(Side::Right, &mut columns, &mut (0..=HALF).rev());
    half(Side::Left, &mut columns, &mut (1..=HALF));
    let grid = Grid::new(columns, false);
    let place = |i: usize, j: usize| places[i * ROWS + j];
    let texture = |i: usize, j: usize| uv(place(i, j), if i <= HALF { Side::Right } else { Side::Left });
    let outward = |p: Vec3| trunk.normal(trunk.locate(p).0);
    let mut sheet = Sheet::of(&grid, outward, texture, |_, i, j| pull(trunk, cut, place(i, j)));
    for hole in holes {
        open_armhole(&mut sheet, &places, hole, |place| (lay(trunk, cut, place, hole.side()), pull(trunk, cut, place)));
    }
    let seams = [&holes[0], &holes[1]]
        .map(|hole| seam::edge(&sheet, |v| (hole.depth(places[v]) < 1.0 + SEAM).then(|| hole.angle(places[v]))));
    // Lapels and collar hide the upper edges.
    (sheet.hemmed(&grid, |p| if p.y > cut.button { 0.008 } else { 0.05 }), seams)
}

/// Texture coordinates of a place on the shell: from the left edge around the back to the right one, also where an edge
/// crosses the middle.
pub(super) fn uv(place: Place, side: Side) -> Vec2 {
    let theta = if side == Side::Right { place.theta + 2.0 * PI } else { place.theta };
    Vec2::new(theta * TRUNK_TURN, -place.m) * WEAVE
}

/// Cuts the armhole, and draws what then is its edge onto the seam.
fn open_armhole(sheet: &mut Sheet, places: &[Place], hole: &Armhole, lay: impl Fn(Place) -> (Vec3, Pull)) {
    let depth: Vec<f32> = places.iter().map(|place| hole.depth(*place)).collect();
    // What reaches past the seam stays.
    sheet.triangles.retain(|t| t.iter().any(|v| depth[*v as usize] > 1.0 + SEAM));
    for (at, place) in places.iter().enumerate() {
        if depth[at] < 1.0 {
            (sheet.positions[at], sheet.pulls[at]) = lay(hole.onto(*place));
        }
    }
}

/// Places of one column from hem to top; `c` runs from the middle of the back (0) to the front edge (1).
fn column(trunk: &Trunk, neck: &Neck, cut: &Cut, side: Side, c: f32) -> Vec<Place> {
    let hem = cut.hem - trunk.pivot_y;
    let corner = trunk.locate(Vec3::new(cut.v_top.0, cut.v_top.1, neck.at(1.31, NECKLINE, CLEAR).z)).0;
    let top_theta = PI + (corner.theta - PI) * c;
    let top = if c >= 1.0 {
        corner.m
    } else {
        neckline(trunk, neck, top_theta, cut.ease, lerp(CLEAR, CLEAR_NAPE, ramp(top_theta.abs(), 2.0, 2.6)))
    };
    (0..ROWS)
        .map(|j| {
            let t = j as f32 / (ROWS - 1) as f32;
            let edge = edge_azimuth(trunk, cut, lerp(hem, corner.m, t));
            let theta = PI + (edge - PI) * c;
            Place { theta: theta * side.sign(), m: lerp(hem, top, t) }
        })
        .collect()
}

/// Azimuth of a front's edge at a height, toward its own side.
fn edge_azimuth(trunk: &Trunk, cut: &Cut, m: f32) -> f32 {
    let mut theta = 0.2;
    for _ in 0..6 {
        let y = trunk.at(Place { theta, m }, cut.ease).y;
        theta = trunk.azimuth(cut.edge(y), m, cut.ease);
    }
    theta
}

/// Where the drape at an azimuth meets the neckline or comes as near as `clear` to the neck.
pub(super) fn neckline(trunk: &Trunk, neck: &Neck, theta: f32, off: f32, clear: f32) -> f32 {
    let (mut low, mut high) = (0.6, 2.2);
    for _ in 0..24 {
        let middle = (low + high) * 0.5;
        let (phi, height, reach) = neck.locate(trunk.at(Place { theta, m: middle }, off));
        let is_below = height < NECKLINE && reach > neck.skin(phi, height) + clear;
        if is_below { low = middle } else { high = middle }
    }
    low
}

/// A point of the shell: ease, a thin pad at the shoulder, lap of the fronts, folds.
fn lay(trunk: &Trunk, cut: &Cut, place: Place, side: Side) -> Vec3 {
    let base = trunk.at(place, cut.ease);
    let near_edge = 1.0 - ramp(base.x.abs(), 0.1, 0.6);
    let front = ramp(place.theta.abs(), 1.2, 0.8) * ramp(base.y, cut.button + 0.5, cut.button);
    let lap = front * near_edge * if side == cut.over { 0.030 } else { -0.030 };
    // The skirt swings out a little.
    let flare = 0.06 * ramp(base.y, cut.second_button, cut.hem);
    // The fronts give way to the wings of a shirt's collar, which lie on them.
    let near_roll = 1.0 - ramp(base.x.abs() - cut.edge(base.y), 0.05, 0.30);
    let wing = near_roll * ramp(base.y, cut.gorge, cut.gorge + 0.25) * ramp(place.theta.abs(), 1.6, 1.2);
    let wing = if cut.has_wings { 0.065 * wing } else { 0.0 };
    trunk.at(place, cut.ease + pad(trunk, cut, place) + lap + flare - wing + folds(cut, place, base))
}

/// Thickness of the pad at a place: the shoulder line is clean, but natural.
pub(super) fn pad(trunk: &Trunk, cut: &Cut, place: Place) -> f32 {
    let shoulder = (-((place.theta.abs() - FRAC_PI_2) / 0.5).powi(2)).exp() * ramp(place.m, 0.7, 1.1);
    let out = ramp(trunk.at(place, 0.0).x.abs(), 0.8 * cut.scale, 1.4 * cut.scale);
    shoulder * out * if cut.female { 0.02 } else { 0.036 }
}

/// Drag lines from the button and at the small of the back, millimeters deep.
fn folds(cut: &Cut, place: Place, base: Vec3) -> f32 {
    let drop = (base.y - cut.button) / (0.55 * cut.scale);
    let side = ramp(place.theta.abs(), 0.15, 0.5) * ramp(place.theta.abs(), 1.5, 0.9);
    let drag = (drop * 4.2 - place.theta.abs() * drop * 1.8).cos() * (-(drop * drop)).exp() * side * 0.012;
    let waist = (base.y - lerp(cut.second_button, cut.button, 0.6)) / (0.6 * cut.scale);
    let back = ramp(place.theta.abs(), 1.7, 2.3);
    drag + (waist * 5.0 + (place.theta * 2.0).cos()).cos() * (-(waist * waist)).exp() * back * 0.009
}

/// What pulls the shell: below the hips the pelvis, and a share of the legs that grows toward the hem.
pub(super) fn pull(trunk: &Trunk, cut: &Cut, place: Place) -> Pull {
    let base = trunk.pull(place);
    let point = trunk.at(place, 0.0);
    let start = trunk.level(-0.02);
    let legs = 0.42 * ((start - point.y) / (start - cut.hem)).clamp(0.0, 1.0);
    let left = ramp(point.x, -0.9, 0.9);
    let skirt = Pull::only(HumanBone::Hips)
        .mix(Pull::only(HumanBone::LeftUpperLeg).mix(Pull::only(HumanBone::RightUpperLeg), 1.0 - left), legs);
    base.mix(skirt, ramp(start + 0.15 - point.y, 0.0, 0.35))
}
