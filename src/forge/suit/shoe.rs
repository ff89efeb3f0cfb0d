//! Shoes: an upper lofted along the foot on a welt, with laces or a saddle strap, a sole and a heel.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

use glam::{Vec2, Vec3};

use super::curve::{lerp, ramp, steps, table};
use super::sheet::{Grid, Sheet};
use super::wearer::{Pull, Side, Wearer};
use crate::vrm::HumanBone;

const SLICES: usize = 22;
/// Columns of the upper: over the foot, and below it where nobody looks.
const OVER: usize = 16;
const UNDER: usize = 4;
/// Shape across the foot: how full the sides are, how arched the top is, how far the sides lean in.
const BULGE: f32 = 0.72;
const ARCH: f32 = 1.1;
const TAPER: f32 = 0.16;
/// Thickness of the sole, and of sole and heel.
const SOLE: f32 = 0.09;
const HEEL: f32 = 0.24;

/// Where laces lie: shares of the length. Each spans this much of the length and of the way over the foot.
const LACES: [f32; 4] = [0.50, 0.545, 0.59, 0.635];
const LACE: (f32, f32) = (0.013, 0.30);
/// A strap across a shoe without laces.
const STRAP: (f32, f32, f32) = (0.60, 0.055, 1.15);
/// How far a lace or strap stands out.
const RAISED: f32 = 0.022;

/// Outline of a foot: middle and half width along it.
pub(super) struct Last {
    side: Side,
    is_pump: bool,
    ball: f32,
    /// Ends along z.
    pub(super) back: f32,
    front: f32,
    /// Middle, half width, height of the foot, by share of the length.
    outline: Vec<(f32, f32, f32)>,
    floor: f32,
}

/// Upper and sole of one shoe.
pub(super) fn shoe(wearer: &Wearer<'_>, side: Side, is_pump: bool) -> (Sheet, Sheet) {
    let last = Last::new(wearer, side, is_pump);
    let mut upper = last.upper();
    if is_pump {
        let (u, half, wide) = STRAP;
        upper.join(last.bar(u, half, wide));
    } else {
        LACES.iter().for_each(|u| upper.join(last.bar(*u, LACE.0, LACE.1)));
    }
    (upper, last.sole())
}

impl Last {
    pub(super) fn new(wearer: &Wearer<'_>, side: Side, is_pump: bool) -> Self {
        let floor = wearer.floor;
        let ankle = wearer.joint(side.bone(HumanBone::LeftFoot)).y;
        let foot: Vec<Vec3> = wearer
            .skin
            .iter()
            .flatten()
            .map(|v| wearer.points[*v as usize])
            .filter(|p| p.x * side.sign() > 0.0 && p.y < ankle + 0.1)
            .collect();
        let reach = |low: bool| {
            let z = foot.iter().filter(|p| p.y < floor + 0.5).map(|p| p.z);
            if low { z.fold(f32::INFINITY, f32::min) } else { z.fold(f32::NEG_INFINITY, f32::max) }
        };
        let (back, front) = (reach(true) - 0.06, reach(false) + 0.20);
        let mut outline: Vec<(f32, f32, f32)> = steps(back, front, SLICES)
            .map(|z| {
                let span = |test: &dyn Fn(&Vec3) -> bool| {
                    let near = foot.iter().filter(|p| (p.z - z).abs() < 0.16 && test(p));
                    near.fold((f32::INFINITY, f32::NEG_INFINITY, floor), |(low, high, top), p| {
                        (low.min(p.x), high.max(p.x), top.max(p.y))
                    })
                };
                let (low, high, _) = span(&|p| p.y < floor + 0.4);
                let (_, _, top) = span(&|_| true);
                if low < high {
                    ((low + high) * 0.5, (high - low) * 0.5 + 0.045, top - floor)
                } else {
                    (f32::NAN, 0.0, 0.0)
                }
            })
            .collect();
        // Beyond heel and toes the foot's last slice goes on.
        let known = outline.iter().position(|o| !o.0.is_nan()).unwrap_or(0);
        let end = outline.iter().rposition(|o| !o.0.is_nan()).unwrap_or(0);
        for i in 0..outline.len() {
            if outline[i].0.is_nan() {
                outline[i] = outline[i.clamp(known, end)];
                if outline[i].0.is_nan() {
                    outline[i] = (0.9 * side.sign(), 0.4, 0.5);
                }
            }
        }
        for _ in 0..3 {
            let before = outline.clone();
            for i in 1..SLICES - 1 {
                let mean = |f: fn(&(f32, f32, f32)) -> f32| {
                    f(&before[i]) * 0.5 + (f(&before[i - 1]) + f(&before[i + 1])) * 0.25
                };
                outline[i] = (mean(|o| o.0), mean(|o| o.1), mean(|o| o.2));
            }
        }
        let ball = wearer.joint(side.bone(HumanBone::LeftToes)).z;
        Self { side, is_pump, ball, back, front, outline, floor }
    }

    /// Middle and half width at a share of the length; both ends are rounded.
    fn width(&self, u: f32) -> (f32, f32) {
        let at = (u * (SLICES - 1) as f32).clamp(0.0, (SLICES - 1) as f32 - 1.0e-3);
        let (a, b) = (self.outline[at as usize], self.outline[at as usize + 1]);
        let round = (u / 0.11).clamp(0.0, 1.0).powf(0.42) * ((1.0 - u) / 0.24).clamp(0.0, 1.0).powf(0.40);
        (lerp(a.0, b.0, at.fract()), lerp(a.1, b.1, at.fract()) * round.max(0.02))
    }

    /// Height of the ground line of the upper above the floor.
    fn lift(u: f32) -> f32 {
        lerp(HEEL, SOLE, ramp(u, 0.22, 0.48)) + 0.05 * ramp(u, 0.8, 1.0)
    }

    fn pull(&self, p: Vec3) -> Pull {
        let foot = Pull::only(self.side.bone(HumanBone::LeftFoot));
        foot.mix(Pull::only(self.side.bone(HumanBone::LeftToes)), ramp(p.z, self.ball - 0.25, self.ball + 0.3))
    }

    /// Lowest and highest point of the upper above the floor.
    fn span(&self, u: f32) -> (f32, f32) {
        // Height of the top line: high at heel and instep, low toe.
        let tall: &[(f32, f32)] = if self.is_pump {
            &[(0.0, 0.40), (0.10, 0.64), (0.30, 0.60), (0.50, 0.50), (0.68, 0.40), (0.86, 0.30), (1.0, 0.10)]
        } else {
            &[(0.0, 0.42), (0.10, 0.72), (0.38, 0.78), (0.52, 0.70), (0.70, 0.47), (0.86, 0.36), (1.0, 0.12)]
        };
        let low = Self::lift(u) - 0.03;
        (low, low + table(u, tall) * (self.width(u).1 / 0.18).min(1.0).powf(0.6))
    }

    /// A point of the upper: `turn` goes over the foot from one side (0) to the other (π), and back below it.
    fn point(&self, u: f32, turn: f32) -> Vec3 {
        let (middle, half) = self.width(u);
        let (low, high) = self.span(u);
        let (sin, cos) = turn.sin_cos();
        let side = cos.signum() * cos.abs().powf(BULGE);
        // Full at the bottom, arched above, with a cap over the toes.
        let rise = if sin > 0.0 { sin.powf(ARCH) } else { -0.12 * sin.abs() };
        let cap = 0.022 * ramp(u, 0.765, 0.775) * ramp(u, 1.0, 0.9);
        // Laces close two flaps over the instep.
        let apart = (turn - FRAC_PI_2).abs();
        let flap = if self.is_pump { 0.0 } else { 0.020 * ramp(apart, 0.05, 0.09) * ramp(apart, 0.62, 0.54) };
        let flap = flap * ramp(u, 0.675, 0.655);
        let y = self.floor + low + (high - low) * rise + (cap + flap) * rise.max(0.0);
        Vec3::new(middle + half * side * (1.0 - TAPER * rise.max(0.0)), y, lerp(self.back, self.front, u))
    }

    /// Height of the upper's surface over a point, or the floor's beside it.
    pub(super) fn top(&self, point: Vec3) -> f32 {
        let u = (point.z - self.back) / (self.front - self.back);
        if !(0.0..=1.0).contains(&u) {
            return self.floor;
        }
        let (middle, half) = self.width(u);
        let (low, high) = self.span(u);
        // The taper moves the sides in as they rise: a few steps find the turn.
        let mut rise = 1.0_f32;
        for _ in 0..6 {
            let side = ((point.x - middle).abs() / (half * (1.0 - TAPER * rise)).max(1.0e-3)).min(1.0);
            let cos = side.powf(1.0 / BULGE);
            rise = (1.0 - cos * cos).max(0.0).sqrt().powf(ARCH);
        }
        if rise > 0.0 { self.floor + low + (high - low) * rise } else { self.floor }
    }

    fn upper(&self) -> Sheet {
        let turn = |i: usize| match i {
            i if i <= OVER => PI * i as f32 / OVER as f32,
            i => PI + PI * (i - OVER) as f32 / UNDER as f32,
        };
        let column = |i: usize| spread().map(|u| self.point(u, turn(i))).collect();
        let grid = Grid::new((0..=OVER + UNDER).map(column).collect(), false);
        self.leather(&grid).welded()
    }

    /// A rounded bar across the instep: half of its length along the foot, and half of its turn over it.
    fn bar(&self, u: f32, half: f32, wide: f32) -> Sheet {
        let rows = [(-1.0, -0.4), (-0.7, 1.0), (0.7, 1.0), (1.0, -0.4)];
        let columns = steps(-1.0, 1.0, if wide > 0.5 { 9 } else { 4 })
            .map(|across| {
                let point = |(along, up): (f32, f32)| {
                    let p = self.point(u + along * half, FRAC_PI_2 + across * wide);
                    // The ends of a lace disappear in their eyelets.
                    let end = if across.abs() > 0.99 { -0.5 } else { 1.0 };
                    p + (p - self.inside(p)).normalize_or(Vec3::Y) * RAISED * (up * end + 0.4)
                };
                rows.map(point).to_vec()
            })
            .collect();
        self.leather(&Grid::new(columns, false))
    }

    fn inside(&self, p: Vec3) -> Vec3 {
        Vec3::new(self.width((p.z - self.back) / (self.front - self.back)).0, self.floor + 0.3, p.z)
    }

    fn leather(&self, grid: &Grid) -> Sheet {
        let uv = |i: usize, j: usize| Vec2::new(i as f32, j as f32) * 0.2;
        Sheet::of(grid, |p| p - self.inside(p), uv, |p, _, _| self.pull(p))
    }

    fn sole(&self) -> Sheet {
        // Across the edge: under the foot, out to the welt, down, and under.
        let ring = [(0.80, 1.0), (1.10, 1.0), (1.12, 0.85), (1.09, 0.0), (0.0, 0.0)];
        let count = 40;
        let outline: Vec<(f32, f32)> = (0..count)
            .map(|i| {
                // Once around: share of the length and side.
                let turn = i as f32 / count as f32 * TAU;
                (0.5 - 0.5 * turn.cos(), if turn < TAU * 0.5 { 1.0 } else { -1.0 })
            })
            .collect();
        let columns = (0..=count)
            .map(|i| {
                let (u, sign) = outline[i % count];
                let (middle, half) = self.width(u);
                let z = lerp(self.back, self.front, u);
                let out = if u < 0.1 {
                    -0.03
                } else if u > 0.9 {
                    0.03
                } else {
                    0.0
                };
                ring.iter()
                    .map(|(wide, up)| {
                        let lift = Self::lift(u);
                        // Before the heel the sole is arched.
                        let under = if u < 0.27 { 0.0 } else { (lift - SOLE).max(0.0) + 0.05 * ramp(u, 0.8, 1.0) };
                        let x = middle + sign * half * wide;
                        Vec3::new(x, self.floor + lerp(under, lift, *up), z + out * wide)
                    })
                    .collect()
            })
            .collect();
        let grid = Grid::new(columns, false);
        let sign = self.side.sign();
        let outward = |p: Vec3| {
            let u = ((p.z - self.back) / (self.front - self.back)).clamp(0.0, 1.0);
            Vec3::new((p.x - self.width(u).0) * sign * sign, (p.y - self.floor - Self::lift(u) * 0.5) * 0.5, 0.0)
        };
        Sheet::of(&grid, outward, |i, j| Vec2::new(i as f32, j as f32) * 0.2, |p, _, _| self.pull(p)).welded()
    }
}

/// Shares of the length, closer at both ends.
fn spread() -> impl Iterator<Item = f32> {
    steps(0.0, 1.0, SLICES).map(|t| {
        let round = 0.5 - 0.5 * (t * std::f32::consts::PI).cos();
        lerp(t, round, 0.97)
    })
}
