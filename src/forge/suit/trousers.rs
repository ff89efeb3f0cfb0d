//! Trousers: two legs that meet on the middle plane above the crotch.

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3};

use super::chart::{Chart, Corner};
use super::curve::{lerp, ramp, table};
use super::cut::Cut;
use super::jacket::WEAVE;
use super::sheet::{Grid, Sheet};
use super::shoe::Last;
use super::trunk::Trunk;
use super::wearer::{Pull, Side, Wearer};
use crate::vrm::HumanBone;

const COLS: usize = 48;
const ROW: f32 = 0.1;
/// Columns of the mesh.
const AROUND: usize = 24;
/// Tiles of the weave around a leg.
pub(super) const TILES: f32 = 4.0 * WEAVE;
/// Where the front of the left leg lies on the texture; that of the right one lies whole turns before.
pub(super) const FRONT_TILES: f32 = 3.0 * TILES;
/// Height of the hem above the floor.
pub(super) const HEM: f32 = 0.34;

/// How far behind the shoe's heel cloth falls: more than the hem turns in.
const HEEL_ROOM: f32 = 0.09;
/// How far above the shoe the hem rests on it.
const REST: f32 = 0.03;

struct Leg {
    side: Side,
    chart: Chart,
    low: f32,
    /// Middle of the leg by height: y, x toward the own side, z.
    axis: Vec<(f32, f32)>,
    axis_z: Vec<(f32, f32)>,
}

/// Where the trousers end above.
pub(super) fn top(trunk: &Trunk) -> f32 {
    trunk.level(0.255)
}

/// The trousers.
pub(super) fn trousers(wearer: &Wearer<'_>, trunk: &Trunk, cut: &Cut) -> Sheet {
    let mut sheet = Sheet::default();
    for side in Side::BOTH {
        sheet.join(Leg::new(wearer, trunk, cut, side).cloth(wearer, trunk, cut.female));
    }
    sheet.welded()
}

impl Leg {
    fn new(wearer: &Wearer<'_>, trunk: &Trunk, cut: &Cut, side: Side) -> Self {
        let sign = side.sign();
        let joint = |left| wearer.joint(side.bone(left)) * Vec3::new(sign, 1.0, 1.0);
        let (hip, knee, ankle) =
            (joint(HumanBone::LeftUpperLeg), joint(HumanBone::LeftLowerLeg), joint(HumanBone::LeftFoot));
        let waist = trunk.level(0.30);
        let axis = vec![(ankle.y, ankle.x), (knee.y, knee.x), (hip.y, hip.x), (waist, hip.x * 0.72)];
        let axis_z = vec![
            (ankle.y, ankle.z + 0.02),
            (knee.y, knee.z - 0.12),
            (hip.y, lerp(hip.z, trunk.axis_z, 0.4)),
            (waist, trunk.axis_z),
        ];
        let low = wearer.floor + 0.3;
        let rows = ((waist - low) / ROW) as usize + 1;
        let mut leg =
            Self { side, chart: Chart { cols: COLS, rows, reach: Vec::new(), pulls: Vec::new() }, low, axis, axis_z };
        let mine = |v: u32| {
            let p = wearer.points[v as usize];
            p.x * sign > -0.05 && p.y < waist + 0.4 && wearer.arm(v) < 0.3
        };
        let corner = |v: u32| {
            let p = wearer.points[v as usize];
            let from = p * Vec3::new(sign, 1.0, 1.0) - leg.middle(p.y);
            Corner {
                col: from.x.atan2(from.z) / TAU * COLS as f32,
                row: (p.y - low) / ROW,
                reach: from.x.hypot(from.z),
                pull: wearer.pulls[v as usize],
            }
        };
        let skin = wearer.skin.iter().filter(|t| t.iter().all(|v| mine(*v)));
        leg.chart = Chart::roll_out(COLS, rows, skin.map(|t| t.map(corner)));
        leg.drape(cut, knee.y, ankle.y, hip.y);
        leg
    }

    fn middle(&self, y: f32) -> Vec3 {
        Vec3::new(table(y, &self.axis), y, table(y, &self.axis_z))
    }

    /// From the widest part of thigh and calf cloth hangs straight.
    fn drape(&mut self, cut: &Cut, knee: f32, ankle: f32, hip: f32) {
        self.chart.fill_gaps(40);
        let k = cut.scale.sqrt();
        let (foot, middle, thigh) = if cut.female { (0.50, 0.58, 0.76) } else { (0.56, 0.63, 0.80) };
        let rows = self.chart.rows;
        let mut least = self.chart.reach.clone();
        for row in 0..rows {
            let y = self.low + row as f32 * ROW;
            let below = ramp(y, hip - 0.9, hip - 1.6);
            let tube = k * table(y, &[(ankle, foot), (knee, middle), (hip - 1.0, thigh)]);
            for col in 0..COLS {
                let at = row * COLS + col;
                let theta = col as f32 / COLS as f32 * TAU;
                let ease = lerp(0.012, 0.045, ramp(y, cut.hem + 0.3, cut.hem - 0.5));
                let body = if y < ankle + 0.5 { 0.0 } else { self.chart.reach[at] + ease };
                let round = tube * (1.0 + 0.07 * theta.cos().powi(2));
                least[at] = body.max(round * below);
            }
        }
        self.chart.reach.clone_from(&least);
        for _ in 0..60 {
            let before = self.chart.reach.clone();
            for row in 0..rows {
                for col in 0..COLS {
                    let at = row * COLS + col;
                    let [left, right, under, over] = self.chart.around(at);
                    let eased =
                        before[at] * 0.5 + (before[left] + before[right] + before[under] + before[over]) * 0.125;
                    self.chart.reach[at] = eased.max(least[at]);
                }
            }
        }
        for _ in 0..6 {
            let before = self.chart.reach.clone();
            for at in 0..before.len() {
                let around: f32 = self.chart.around(at).iter().map(|n| before[*n]).sum();
                self.chart.reach[at] = before[at] * 0.5 + around * 0.125;
            }
        }
        self.chart.smooth_pulls(24, |_| true);
    }

    fn point(&self, theta: f32, y: f32, more: f32) -> Vec3 {
        let middle = self.middle(y);
        let reach = self.chart.sample(theta / TAU * COLS as f32, (y - self.low) / ROW) + more;
        // No leg crosses the middle plane.
        let inward = -theta.sin();
        let reach = if inward > 1.0e-3 { reach.min(middle.x / inward) } else { reach };
        let point = middle + Vec3::new(theta.sin(), 0.0, theta.cos()) * reach;
        Vec3::new(point.x.max(0.0) * self.side.sign(), point.y, point.z)
    }

    /// How much higher or lower the hem is around the leg: low at the heel, and in front it rests on the shoe.
    fn slopes(&self, hem: f32, shoe: &Last) -> [f32; AROUND] {
        let mut slopes: [f32; AROUND] = std::array::from_fn(|i| {
            let theta = i as f32 / AROUND as f32 * TAU;
            let heel = -0.12 * (0.5 - 0.5 * theta.cos());
            let over = [-0.045, 0.0].map(|inward| shoe.top(self.point(theta, hem, inward)) + REST);
            // The heel is inside.
            lerp(heel, heel.max(over[0].max(over[1]) - hem), ramp(theta.cos(), -0.25, 0.15))
        });
        for _ in 0..2 {
            let before = slopes;
            for (i, slope) in slopes.iter_mut().enumerate() {
                let around = (before[(i + 1) % AROUND] + before[(i + AROUND - 1) % AROUND]) * 0.5;
                *slope = slope.max(around);
            }
        }
        slopes
    }

    /// A step away from the leg's middle.
    fn inward(&self, theta: f32, way: f32) -> Vec3 {
        Vec3::new(theta.sin() * self.side.sign(), 0.0, theta.cos()) * way
    }

    fn cloth(&self, wearer: &Wearer<'_>, trunk: &Trunk, is_female: bool) -> Sheet {
        let joint = |left| wearer.joint(self.side.bone(left));
        let (knee, ankle) = (joint(HumanBone::LeftLowerLeg).y, joint(HumanBone::LeftFoot));
        let top = top(trunk);
        let crotch = trunk.level(-0.22);
        let hem = wearer.floor + HEM;
        let calf = ankle.y + 0.9;
        let mut heights: Vec<f32> = Vec::new();
        heights.extend((0..7).map(|i| lerp(hem, calf, i as f32 / 7.0)));
        heights.extend((0..12).map(|i| lerp(calf, crotch - 0.4, i as f32 / 12.0)));
        let shoe = Last::new(wearer, self.side, is_female);
        let slopes = self.slopes(hem, &shoe);
        // Toward the hem cloth falls behind the heel.
        let clear = |p: Vec3, theta: f32| {
            let behind = p.z.min(shoe.back - HEEL_ROOM);
            Vec3 { z: lerp(p.z, behind, ramp(p.y, calf, hem + 0.3) * ramp(theta.cos(), -0.5, -1.0)), ..p }
        };
        let columns: Vec<Vec<Vec3>> = (0..=AROUND)
            .map(|i| {
                let theta = (i % AROUND) as f32 / AROUND as f32 * TAU;
                let mut column: Vec<Vec3> = Vec::new();
                let slope = slopes[i % AROUND];
                // The hem turns in.
                for (up, inward) in [(0.25, -0.06), (0.0, -0.045)] {
                    column.push(
                        clear(self.point(theta, hem + up, 0.0), theta) + self.inward(theta, inward) + Vec3::Y * slope,
                    );
                }
                // Under the jacket it reaches up only where the fronts part.
                let waist = lerp(trunk.level(0.02), top, ramp(theta.cos(), 0.2, 0.75));
                let upper = (0..12).map(|i| lerp(crotch - 0.4, waist, i as f32 / 11.0));
                for y in heights.iter().copied().chain(upper) {
                    let low =
                        if slope > 0.0 { (calf - y).clamp(0.0, calf - hem) / (calf - hem) } else { ramp(y, calf, hem) };
                    let crease = 0.022
                        * ramp(y, crotch - 0.2, crotch - 1.0)
                        * ((-(wrap(theta) / 0.13).powi(2)).exp() + (-(wrap(theta - PI) / 0.13).powi(2)).exp());
                    let fold = folds(theta, y, knee, hem, crotch);
                    column.push(clear(self.point(theta, y, crease + fold), theta) + Vec3::Y * (slope * low));
                }
                column
            })
            .collect();
        let grid = Grid::new(columns, false);
        let uv = |i: usize, j: usize| {
            Vec2::new(
                i as f32 / AROUND as f32 * TILES + FRONT_TILES * self.side.sign(),
                (top - grid.at(i, j).y) * WEAVE,
            )
        };
        let sign = self.side.sign();
        let outward = |p: Vec3| p - self.middle(p.y) * Vec3::new(sign, 1.0, 1.0);
        let pull = |p: Vec3, _: usize, _: usize| -> Pull {
            let from = p * Vec3::new(sign, 1.0, 1.0) - self.middle(p.y);
            let pull = self.chart.pull(from.x.atan2(from.z) / TAU * COLS as f32, (p.y - self.low) / ROW);
            // On the middle plane both legs pull alike.
            let mut even = pull;
            for at in [14, 16] {
                let mean = (pull.0[at] + pull.0[at + 1]) * 0.5;
                (even.0[at], even.0[at + 1]) = (mean, mean);
            }
            let shin = Pull::only(self.side.bone(HumanBone::LeftLowerLeg));
            pull.mix(even, ramp(p.x.abs(), 0.25, 0.0) * ramp(p.y, crotch - 0.3, crotch))
                .mix(shin, ramp(p.y, ankle.y + 0.8, ankle.y + 0.3))
        };
        Sheet::of(&grid, outward, uv, pull)
    }
}

/// Folds at the knee and where the hem breaks over the shoe.
fn folds(theta: f32, y: f32, knee: f32, hem: f32, crotch: f32) -> f32 {
    let back = 0.5 - 0.5 * theta.cos();
    let bend = (y - knee) / 0.6;
    let behind = (bend * 6.0 + theta.sin() * 1.5).cos() * (-(bend * bend)).exp() * back * 0.016;
    let broken = (y - hem - 0.42) / 0.30;
    let front = (broken * 4.5 + theta.sin()).cos() * (-(broken * broken)).exp() * (1.0 - 0.7 * back) * 0.024;
    let lap = (y - crotch + 0.1) / 0.5;
    let inner = (0.5 - 0.5 * (theta - 0.5 * PI).sin()).powi(2);
    behind + front + (lap * 5.0 + theta * 2.0).cos() * (-(lap * lap)).exp() * inner * 0.014
}

fn wrap(theta: f32) -> f32 {
    (theta + PI).rem_euclid(TAU) - PI
}
