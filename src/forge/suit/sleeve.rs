//! Sleeves set into the armholes, and the shirt's cuffs below them.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3};

use super::arm::Arm;
use super::curve::{hermite, lerp, ramp};
use super::cut::Cut;
use super::folds::SLEEVE_TILES;
use super::jacket::{self, WEAVE};
use super::seam::{self, Stitch};
use super::sheet::{Grid, Sheet};
use super::trunk::{Place, Trunk};
use super::wearer::{Pull, Side, Wearer};
use crate::vrm::HumanBone;

const AROUND: usize = 28;
/// Rows of the cap, from the armhole to the tube.
const CAP: usize = 9;
const TUBE: usize = 26;
/// Way down the arm at which the cap has become a tube, times the size.
const CAP_END: f32 = 1.25;

/// How near to the seam, in sizes of the hole, the shell is drawn onto it.
const SNAP: f32 = 0.15;
/// What remains of the arm's share in the body's pull below the armpit.
const PIT_SHARE: f32 = 0.75;
/// Way down the arm at which cloth of the inner side is the arm's alone, times the size.
const PIT_END: f32 = 1.8;
/// How much fuller the head of a sleeve is.
const HEAD_EASE: f32 = 0.012;

/// Where a sleeve is sewn in: an oval on the drape around the shoulder.
pub(super) struct Armhole {
    middle: Place,
    half: Place,
    sign: f32,
}

impl Armhole {
    /// From shoulder point to below the armpit.
    pub(super) fn new(trunk: &Trunk, wearer: &Wearer<'_>, arm: &Arm) -> Self {
        let joint = wearer.joint(arm.side.bone(HumanBone::LeftUpperArm));
        let k = trunk.scale;
        let theta = joint.x.abs().atan2(joint.z - trunk.axis_z);
        let width = |m: f32| trunk.at(Place { theta, m }, 0.0).x;
        let levels = || (0..170).map(|i| 2.0 - i as f32 * 0.01);
        let widest = levels().map(width).fold(0.0, f32::max);
        let seam = (joint.x.abs() + 0.02 * k).min(0.965 * widest);
        // Down the side from the top: the shoulder seam ends where it is far enough out.
        let top = levels().find(|m| width(*m) >= seam).unwrap_or(1.2);
        let low = joint.y - 0.74 * k - trunk.pivot_y;
        Self {
            middle: Place { theta: theta - 0.03, m: (top + low) * 0.5 },
            half: Place { theta: 0.40, m: (top - low) * 0.5 },
            sign: arm.side.sign(),
        }
    }

    /// A place on the seam; the angle is that of the sleeve: 0 top, π/2 front, π below.
    fn place(&self, phi: f32) -> Place {
        // An armhole is fuller below, and scooped to the front.
        let theta = self.middle.theta - self.half.theta * phi.sin() * (1.0 - 0.12 * phi.cos());
        Place { theta: theta * self.sign, m: self.middle.m + self.half.m * phi.cos() }
    }

    /// Height of the armpit on the drape.
    pub(super) fn low(&self) -> f32 {
        self.middle.m - self.half.m
    }

    /// The angle of a place, seen from the middle of the hole.
    pub(super) fn angle(&self, place: Place) -> f32 {
        let cos = self.rise(place);
        let sin = (self.middle.theta - place.theta * self.sign) / self.half.theta;
        (sin / (1.0 - 0.12 * cos.clamp(-1.0, 1.0))).atan2(cos)
    }

    /// How far a place is from the middle of the hole: 1 on the seam.
    pub(super) fn depth(&self, place: Place) -> f32 {
        let m = (place.m - self.middle.m) / self.half.m;
        let theta = (place.theta * self.sign - self.middle.theta) / self.half.theta;
        (theta / (1.0 - 0.12 * m.clamp(-1.0, 1.0))).hypot(m)
    }

    /// Where a place is between the armpit (-1) and the shoulder point (1).
    pub(super) fn rise(&self, place: Place) -> f32 {
        (place.m - self.middle.m) / self.half.m
    }

    /// The body's side.
    pub(super) fn side(&self) -> Side {
        if self.sign > 0.0 { Side::Left } else { Side::Right }
    }

    /// Cloth below the armpit stays at the body's side when the arm rises, all the more the farther it is from the
    /// seam: takes the arm's share out of what pulls there.
    pub(super) fn drawn(&self, pull: Pull, place: Place) -> Pull {
        let below = ramp(self.rise(place), 0.4, -0.8);
        let beyond = ((self.depth(place) - 1.0).max(0.0) / 0.75).powi(2);
        pull.without(self.side().bone(HumanBone::LeftUpperArm), below * (1.0 - PIT_SHARE * (-beyond).exp()))
    }

    /// The place on the seam in the direction of a place.
    pub(super) fn onto(&self, place: Place) -> Place {
        let depth = self.depth(place).max(1.0e-3);
        let theta = place.theta * self.sign - self.middle.theta;
        Place {
            theta: (self.middle.theta + theta / depth) * self.sign,
            m: self.middle.m + (place.m - self.middle.m) / depth,
        }
    }

    /// A place near the seam is drawn onto it, so that the shell ends there in a clean line.
    pub(super) fn snap(&self, place: Place) -> Place {
        if (self.depth(place) - 1.0).abs() > SNAP { place } else { self.onto(place) }
    }
}

/// A jacket's sleeve.
pub(super) fn sleeve(trunk: &Trunk, cut: &Cut, arm: &Arm, hole: &Armhole, seam: &[Stitch]) -> Sheet {
    let k = cut.scale;
    let end = CAP_END * k;
    let last = arm.wrist - 0.02;
    let mut columns = Vec::new();
    let mut ways: Vec<f32> = Vec::new();
    let mut seam_way = 0.0;
    for i in 0..AROUND {
        let phi = i as f32 / AROUND as f32 * TAU;
        let top = phi.cos();
        let start = hole.place(phi);
        let from = trunk.at(start, cut.ease + jacket::pad(trunk, cut, start));
        let to = tube(arm, cut, end, phi);
        let reach = from.distance(to);
        // Out of the seam along the shoulder line at the top, straight down below.
        let out = Vec3::X * hole.sign;
        let low = (1.0 - top) * 0.5;
        let along = arm.along(end);
        let leave = out * lerp(0.98, 0.15, low) + along * lerp(0.30, 1.0, low);
        // It flows out of the shell rather than standing off it.
        let normal = trunk.normal(start);
        let leave = (leave - normal * (0.9 * leave.dot(normal))).normalize_or(along);
        let depart = lerp(0.85, 0.55, low) * reach;
        let arrive = lerp(1.35, 0.8, low) * reach;
        // The first row is the seam itself.
        let mut column: Vec<Vec3> = (1..CAP)
            .map(|j| {
                let t = j as f32 / CAP as f32;
                let point = hermite(from, leave * depart, to, along * arrive, t);
                // The head of the sleeve is a little fuller than the hole.
                let full = HEAD_EASE * ramp(t, 0.0, 0.2) * ramp(t, 0.9, 0.25);
                let radial = (point - arm.center(0.3)).normalize_or(Vec3::X * hole.sign);
                point + radial * full + fold_at(arm, cut, end * t * t, phi, point) * ramp(t, 0.3, 1.0)
            })
            .collect();
        for j in 0..TUBE {
            let s = lerp(end, last, way(j as f32 / (TUBE - 1) as f32));
            let point = tube(arm, cut, s, phi);
            column.push(point + fold_at(arm, cut, s, phi, point));
        }
        // The hem turns in.
        for (inward, back) in [(0.03, 0.0), (0.05, 0.12), (0.06, 0.45)] {
            let s = last - back;
            let point = tube(arm, cut, s, phi);
            column.push(point + (arm.center(s) - point).normalize_or(Vec3::Y) * inward);
        }
        if i == 0 {
            let mut way = from.distance(column[0]);
            ways.push(way);
            for pair in column.windows(2) {
                way += pair[0].distance(pair[1]);
                ways.push(way);
            }
            // Down the tube it is the way along the arm.
            seam_way = end - ways[CAP - 1];
            ways.iter_mut().for_each(|way| *way += seam_way);
        }
        columns.push(column);
    }
    // The seam of the texture: the first column again.
    columns.push(columns[0].clone());
    let grid = Grid::new(columns, false);
    let phi = |i: usize| i as f32 / AROUND as f32 * TAU;
    let uv = |phi: f32, way: f32| Vec2::new(phi * jacket::SLEEVE_TURN, way) * WEAVE + Vec2::X * SLEEVE_TILES;
    let pull = |point: Vec3, i: usize, j: usize| {
        let j = j + 1;
        let start = trunk.pull(hole.place(phi(i % AROUND)));
        let (s, _, _) = arm.locate(point);
        let over = ramp(j as f32 / CAP as f32, 0.0, 1.1);
        // Below the armpit cloth leaves the body at once, and then follows for long: raised, it spans a smooth web.
        let from = arm.locate(trunk.at(hole.place(phi(i % AROUND)), cut.ease)).0;
        let way = ((s - from) / (PIT_END * k - from).max(0.1)).clamp(0.0, 1.0);
        let under = 1.0 - (1.0 - way).powf(2.6);
        start.mix(arm.pull(s), lerp(over, under, ramp(phi(i).cos(), 0.3, -0.7)))
    };
    let mut sheet = Sheet::of(&grid, |p| p - arm.center(arm.locate(p).0), |i, j| uv(phi(i), ways[j]), pull);
    let ring: Vec<(u32, f32)> = (0..=AROUND).map(|i| ((i * grid.along) as u32, phi(i))).collect();
    seam::sew(&mut sheet, &ring, seam, arm.center(end * 0.5), |phi| uv(phi, seam_way));
    sheet.welded()
}

/// Rows are closer at the elbow.
fn way(t: f32) -> f32 {
    t - 0.06 * (t * TAU).sin()
}

/// A point of the plain tube.
fn tube(arm: &Arm, cut: &Cut, s: f32, phi: f32) -> Vec3 {
    let t = s / arm.wrist;
    arm.at(s, phi, cut.ease * 0.75, lerp(0.48, 0.315, t) * cut.scale.sqrt())
}

/// Folds: in the crook of the elbow, along the lower arm, below the armpit.
fn fold_at(arm: &Arm, cut: &Cut, s: f32, phi: f32, point: Vec3) -> Vec3 {
    let radial = (point - arm.center(s)).normalize_or(Vec3::X);
    let bend = (s - arm.elbow) / 0.55;
    let crook = (phi - 1.1).cos().max(0.0).powf(1.5);
    // Diagonal lines meet in the crook.
    let slant = (phi - 1.1).sin();
    let elbow = (bend * 6.5 + slant * 2.2 * bend.signum()).cos() * (-(bend * bend)).exp() * crook * 0.050;
    let outer = (bend * 5.0 + slant * 1.6).cos() * (-(bend * bend) * 0.8).exp() * (1.0 - crook) * 0.012;
    let pit = (s - 1.3 * cut.scale) / 0.5;
    let inner = (0.5 - 0.5 * phi.cos()).powf(1.5);
    let below = (pit * 4.0 + phi * 2.0).sin() * (-(pit * pit)).exp() * inner * 0.030;
    let cuff = arm.wrist - s;
    let rest = (cuff * 7.0 + (phi * 2.0 + 0.7).cos() * 1.4).sin()
        * ramp(cuff, 0.15, 0.6)
        * ramp(cuff, 2.0, 0.9)
        * (0.4 + 0.6 * (phi * 1.5 + 1.0).sin().abs())
        * 0.019;
    radial * (elbow + outer + below + rest)
}

/// A shirt's cuff: a tube from inside the sleeve to a finger's breadth past it.
pub(super) fn cuff(arm: &Arm, cut: &Cut) -> Sheet {
    let end = arm.wrist - 0.02;
    let rows =
        [(-0.55, 0.045), (-0.06, 0.042), (0.05, 0.040), (0.125, 0.040), (0.135, 0.052), (0.05, 0.070), (-0.3, 0.085)];
    let columns = (0..=AROUND)
        .map(|i| {
            let phi = (i % AROUND) as f32 / AROUND as f32 * TAU;
            rows.iter()
                .map(|(beyond, inward)| {
                    let s = end + beyond;
                    // Past the sleeve it keeps the sleeve's shape.
                    let point = tube(arm, cut, s.min(end), phi) + arm.along(end) * (s - end).max(0.0);
                    let middle = arm.center(s.min(end)) + arm.along(end) * (s - end).max(0.0);
                    point + (middle - point).normalize_or(Vec3::Y) * *inward
                })
                .collect()
        })
        .collect();
    let grid = Grid::new(columns, false);
    let uv = |i: usize, j: usize| Vec2::new(i as f32 / AROUND as f32 * 2.1, rows[j].0) * WEAVE;
    let outward = |p: Vec3| p - arm.center(arm.locate(p).0);
    Sheet::of(&grid, outward, uv, |p, _, _| cuff_pull(arm, p)).welded()
}

fn cuff_pull(arm: &Arm, point: Vec3) -> Pull {
    let (s, _, _) = arm.locate(point);
    arm.pull(s.min(arm.wrist - 0.3))
}

/// Buttons at the back seam above the hem: middle and outward direction of each.
pub(super) fn button_places(arm: &Arm, cut: &Cut) -> [(Vec3, Vec3); 3] {
    std::array::from_fn(|i| {
        let s = arm.wrist - 0.30 - 0.21 * i as f32;
        // The seam runs at the back, a little outward.
        let phi = -1.25;
        let point = tube(arm, cut, s, phi);
        (point, (point - arm.center(s)).normalize_or(Vec3::NEG_Z))
    })
}
