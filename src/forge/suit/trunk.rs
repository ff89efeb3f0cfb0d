//! The draped trunk: a closed vest around hips, waist, chest and shoulders without arms, on which every garment of
//! the upper body is cut.
//!
//! Places on it are an azimuth (0 front, +π/2 the wearer's left) and a height `m` along the surface: below the chest
//! a level above the pivot, above it an elevation seen from the pivot, so that the vest closes over the shoulders.

use std::f32::consts::{PI, TAU};

use glam::Vec3;

use super::chart::{Chart, Corner};
use super::curve::{lerp, ramp};
use super::neck::Neck;
use super::wearer::{Pull, Wearer};
use crate::vrm::HumanBone;

const COLS: usize = 120;
/// Height of a row, decimeters.
const ROW: f32 = 0.08;
/// Decimeters along the surface per radian of elevation.
const DOME: f32 = 1.6;
/// Highest elevation.
const TOP_RAD: f32 = 1.42;
/// Least distance of cloth from skin.
const EASE: f32 = 0.02;

/// A place on the trunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) theta: f32,
    pub(super) m: f32,
}

/// See the module.
pub(super) struct Trunk {
    chart: Chart,
    normals: Vec<Vec3>,
    /// Depth of the axis.
    pub(super) axis_z: f32,
    /// Height of the pivot.
    pub(super) pivot_y: f32,
    /// Lowest `m`.
    pub(super) low: f32,
    /// Size against a medium woman.
    pub(super) scale: f32,
    hips_y: f32,
    neck_y: f32,
}

impl Trunk {
    /// Measures and drapes.
    pub(super) fn new(wearer: &Wearer<'_>, neck: &Neck) -> Self {
        let hips_y = wearer.joint(HumanBone::Hips).y;
        let neck_y = wearer.joint(HumanBone::Neck).y;
        let span = neck_y - hips_y;
        let pivot_y = hips_y + 0.62 * span;
        let torso = |v: u32| wearer.arm(v) < 0.4 && wearer.head(v) < 0.6;
        let depth: Vec<f32> = wearer
            .skin
            .iter()
            .flatten()
            .filter(|v| torso(**v) && (wearer.points[**v as usize].y - (hips_y + 0.4 * span)).abs() < 0.3 * span)
            .map(|v| wearer.points[*v as usize].z)
            .collect();
        let front = depth.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let back = depth.iter().copied().fold(f32::INFINITY, f32::min);
        let axis_z = if front > back { (front + back) * 0.45 } else { 0.3 };
        let low = hips_y - 0.52 * span - pivot_y;
        let rows = ((DOME * TOP_RAD - low) / ROW) as usize + 1;
        let mut trunk = Self {
            chart: Chart { cols: COLS, rows, reach: Vec::new(), pulls: Vec::new() },
            normals: Vec::new(),
            axis_z,
            pivot_y,
            low,
            scale: span / 4.92,
            hips_y,
            neck_y,
        };
        trunk.measure(wearer, neck);
        trunk.drape();
        trunk
    }

    /// Height at a fraction of the way from the hips' joint to the neck's.
    pub(super) fn level(&self, t: f32) -> f32 {
        self.hips_y + t * (self.neck_y - self.hips_y)
    }

    fn measure(&mut self, wearer: &Wearer<'_>, neck: &Neck) {
        // Above the collar plane the vest closes like a lid.
        let cover = |v: u32| wearer.arm(v) < 0.5 && neck.locate(wearer.points[v as usize]).1 < 0.08;
        let corner = |v: u32| {
            let (place, reach) = self.locate(wearer.points[v as usize]);
            let (col, row) = self.cell(place);
            Corner { col, row, reach, pull: wearer.pulls[v as usize] }
        };
        let triangles = wearer.skin.iter().filter(|t| t.iter().all(|v| cover(*v))).map(|t| t.map(corner));
        self.chart = Chart::roll_out(COLS, self.chart.rows, triangles);
        // Both sides alike.
        for row in 0..self.chart.rows {
            for col in 1..COLS / 2 {
                let (a, b) = (self.chart.index(col as i32, row), self.chart.index(-(col as i32), row));
                let reach = if self.chart.reach[a].min(self.chart.reach[b]) < 0.0 {
                    self.chart.reach[a].max(self.chart.reach[b])
                } else {
                    (self.chart.reach[a] + self.chart.reach[b]) * 0.5
                };
                self.chart.reach[a] = reach;
                self.chart.reach[b] = reach;
            }
        }
    }

    /// Cloth spans hollows: every point moves toward the middle of its neighbors, but not into the body.
    fn drape(&mut self) {
        let gap = {
            let mut body = self.chart.clone();
            let gap = body.fill_gaps(300);
            self.chart = body;
            gap
        };
        let body = self.chart.reach.clone();
        for pass in 0..140 {
            let before = self.chart.reach.clone();
            for row in 1..self.chart.rows - 1 {
                let m = self.low + row as f32 * ROW;
                // Around the body cloth is taut, along it it follows.
                let upright = lerp(0.10, 0.35, ramp(m, -0.7, 0.7));
                for col in 0..COLS {
                    let at = row * COLS + col;
                    let [left, right, under, over] = self.chart.around(at);
                    let point = |cell: usize| self.point_of(cell, before[cell]);
                    let middle = (point(left) + point(right)) * (0.5 / (1.0 + upright))
                        + (point(under) + point(over)) * (0.5 * upright / (1.0 + upright));
                    let (origin, out) = self.ray(Place { theta: self.theta(col), m });
                    let wanted = (middle - origin).dot(out);
                    let eased = before[at] + (wanted - before[at]) * 0.8;
                    let least = if gap[at] { 0.0 } else { body[at] + EASE * ramp(pass as f32, 0.0, 40.0) };
                    self.chart.reach[at] = eased.max(least);
                }
            }
        }
        // The stop at the body leaves edges: soften them.
        for _ in 0..14 {
            let before = self.chart.reach.clone();
            for at in 0..before.len() {
                let around: f32 = self.chart.around(at).iter().map(|n| before[*n]).sum();
                self.chart.reach[at] = (before[at] * 0.5 + around * 0.125).max(if gap[at] { 0.0 } else { body[at] });
            }
        }
        self.hang();
        self.chart.smooth_pulls(40, |_| true);
        self.normals = (0..self.chart.reach.len()).map(|at| self.slope(at)).collect();
    }

    /// Below the hips cloth hangs from where the body is widest.
    fn hang(&mut self) {
        let from = (self.level(0.10) - self.pivot_y - self.low) / ROW;
        for row in (0..(from as usize).min(self.chart.rows - 1)).rev() {
            for col in 0..COLS {
                let above = self.chart.reach[(row + 1) * COLS + col];
                let own = &mut self.chart.reach[row * COLS + col];
                *own = own.max(above - 0.002);
            }
        }
    }

    fn slope(&self, at: usize) -> Vec3 {
        let [left, right, under, over] = self.chart.around(at);
        let point = |cell: usize| self.point_of(cell, self.chart.reach[cell]);
        let (_, out) = self.ray(self.place_of(at));
        (point(right) - point(left)).cross(point(over) - point(under)).normalize_or(out)
    }

    fn theta(&self, col: usize) -> f32 {
        let turn = col as f32 / COLS as f32 * TAU;
        if turn > PI { turn - TAU } else { turn }
    }

    fn place_of(&self, at: usize) -> Place {
        Place { theta: self.theta(at % COLS), m: self.low + (at / COLS) as f32 * ROW }
    }

    fn point_of(&self, at: usize, reach: f32) -> Vec3 {
        let (origin, out) = self.ray(self.place_of(at));
        origin + out * reach
    }

    fn cell(&self, place: Place) -> (f32, f32) {
        (place.theta / TAU * COLS as f32, (place.m - self.low) / ROW)
    }

    /// Where a place is seen from, and in which direction.
    fn ray(&self, place: Place) -> (Vec3, Vec3) {
        let elevation = (place.m / DOME).max(0.0);
        let out = Vec3::new(elevation.cos() * place.theta.sin(), elevation.sin(), elevation.cos() * place.theta.cos());
        (Vec3::new(0.0, self.pivot_y + place.m.min(0.0), self.axis_z), out)
    }

    /// The place under a point, and how far out the point is.
    pub(super) fn locate(&self, point: Vec3) -> (Place, f32) {
        let theta = point.x.atan2(point.z - self.axis_z);
        let level = point.x.hypot(point.z - self.axis_z);
        let up = point.y - self.pivot_y;
        if up <= 0.0 {
            (Place { theta, m: up }, level)
        } else {
            (Place { theta, m: DOME * up.atan2(level) }, up.hypot(level))
        }
    }

    /// The point at a place, `off` outside the drape.
    pub(super) fn at(&self, place: Place, off: f32) -> Vec3 {
        let (col, row) = self.cell(place);
        let (origin, out) = self.ray(place);
        origin + out * self.chart.sample(col, row) + self.normal(place) * off
    }

    /// Unit normal of the drape.
    pub(super) fn normal(&self, place: Place) -> Vec3 {
        let (col, row) = self.cell(place);
        let row = row.clamp(0.0, (self.chart.rows - 1) as f32);
        let (c0, r0) = (col.floor(), row.floor());
        let (u, v) = (col - c0, row - r0);
        let (c0, r0) = (c0 as i32, r0 as usize);
        let r1 = (r0 + 1).min(self.chart.rows - 1);
        let n = |c: i32, r: usize| self.normals[self.chart.index(c, r)];
        n(c0, r0).lerp(n(c0 + 1, r0), u).lerp(n(c0, r1).lerp(n(c0 + 1, r1), u), v).normalize_or(Vec3::Z)
    }

    /// What pulls cloth at a place.
    pub(super) fn pull(&self, place: Place) -> Pull {
        let (col, row) = self.cell(place);
        self.chart.pull(col, row)
    }

    /// Changes what pulls everywhere.
    pub(super) fn redraw(&mut self, draw: impl Fn(Pull, Place) -> Pull) {
        for at in 0..self.chart.pulls.len() {
            self.chart.pulls[at] = draw(self.chart.pulls[at], self.place_of(at));
        }
    }

    /// What pulls cloth at a point.
    pub(super) fn pull_at(&self, point: Vec3) -> Pull {
        self.pull(self.locate(point).0)
    }

    /// How far outside the drape a point is.
    pub(super) fn height(&self, point: Vec3) -> f32 {
        let place = self.locate(point).0;
        (point - self.at(place, 0.0)).dot(self.normal(place))
    }

    /// The point moved along the normal to be `off` outside the drape.
    pub(super) fn laid(&self, point: Vec3, off: f32) -> Vec3 {
        let mut out = point;
        for _ in 0..3 {
            let place = self.locate(out).0;
            out += self.normal(place) * (off - self.height(out));
        }
        out
    }

    /// The point moved outward, if needed, to be at least `off` outside the drape.
    pub(super) fn above(&self, point: Vec3, off: f32) -> Vec3 {
        if self.height(point) < off { self.laid(point, off) } else { point }
    }

    /// The point of the front at `x` and `y`, `off` in front of the drape.
    pub(super) fn front(&self, x: f32, y: f32, off: f32) -> Vec3 {
        let mut z = self.axis_z + 1.0;
        for _ in 0..12 {
            let place = self.locate(Vec3::new(x, y, z)).0;
            let (surface, normal) = (self.at(place, off), self.normal(place));
            let next = surface.z - (normal.x * (x - surface.x) + normal.y * (y - surface.y)) / normal.z.max(0.25);
            z += (next.clamp(self.axis_z - 0.6, self.axis_z + 3.0) - z) * 0.8;
        }
        Vec3::new(x, y, z)
    }

    /// The azimuth at which the drape has this `x` at `m`, toward the front.
    pub(super) fn azimuth(&self, x: f32, m: f32, off: f32) -> f32 {
        let mut theta = 0.0_f32;
        for _ in 0..14 {
            let point = self.at(Place { theta, m }, off);
            let level = point.x.hypot(point.z - self.axis_z).max(0.2);
            let next = (x / level).clamp(-0.999, 0.999).asin();
            theta += (next - theta) * 0.7;
        }
        theta.clamp(-PI, PI)
    }
}
