//! Hair that falls from a side part to jaw or shoulders, its tips tapered and turned in.

use glam::{Vec2, Vec3};

use super::Style;
use super::comb::Comb;
use super::lock::{Lock, Locks};
use super::scalp::{Scalp, angles, direction};
use super::sheet::{Knot, join, sheet};
use crate::forge::body::Body;
use crate::forge::noise;
use crate::forge::normals::smooth;
use crate::forge::paint::{Dice, along};
use crate::forge::part::{Part, SpringChain, SpringJoint};
use crate::forge::rig::{Influence, strongest};
use crate::vrm::HumanBone;

/// How long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// To the jaw.
    Bob,
    /// To the shoulders.
    Shoulder,
}

/// Elevation of the part from the forehead over the crown down the back of the head, degrees along the middle plane.
const PART: [(f32, f32); 3] = [(0.0, 0.0), (0.5, 88.0), (1.0, 148.0)];
/// Azimuth where a strand leaves the skull, by its place along the part.
const FALL: [(f32, f32); 5] = [(0.0, 58.0), (0.10, 66.0), (0.28, 84.0), (0.5, 112.0), (1.0, 180.0)];
/// How far left of the middle the part lies at the forehead.
const ASIDE: f32 = 0.24;
/// Degrees inside the hairline where the foremost strands begin: hair sweeps up from its roots before it falls.
const LIFT: f32 = 4.5;
/// Share of a strand's steps that lie on the skull.
const ON_SKULL: f32 = 0.52;
/// Azimuths of the chains on which tips swing.
const CHAINS: [f32; 6] = [-165.0, -118.0, -72.0, 72.0, 118.0, 165.0];

/// Share of its triangles that the inner curtain keeps: hardly anyone sees it.
const INNER: f32 = 0.55;
/// The same for the outer one.
const OUTER: f32 = 0.84;

struct Fall<'a> {
    scalp: &'a Scalp,
    cut: Cut,
    /// Height of the tips at the back.
    end: f32,
    front: f32,
    head: u16,
    first: u16,
}

/// How it runs at its roots.
pub(super) fn comb(scalp: &Scalp) -> Comb<'_> {
    Comb::new(scalp, Vec3::new(0.0, -0.30, -0.95), (0.9, 74.0, 25.0), (0.5, 14.0))
}

/// Hair of a length.
pub(super) fn build(body: &Body, scalp: &Scalp, cut: Cut) -> Style {
    let marks = &body.landmarks;
    let end = match cut {
        Cut::Bob => marks.chin.y + 0.10,
        Cut::Shoulder => marks.chin.y - 0.33,
    };
    let fall = Fall {
        scalp,
        cut,
        end,
        front: scalp.line(12.0) + LIFT,
        head: body.rig.joint(HumanBone::Head) as u16,
        first: body.rig.joints.len() as u16,
    };
    let head = body.rig.only(HumanBone::Head);
    let mut parts = vec![
        join("Hair", [1.0, -1.0].map(|side| fall.curtain(side, true)).into()),
        join("HairLong", [1.0, -1.0].map(|side| fall.curtain(side, false)).into()),
    ];
    parts[0].thin(INNER, |_| false);
    parts[1].thin(OUTER, |_| false);
    let comb = comb(scalp);
    parts.push(edge(scalp, &comb, head));
    parts.push(fall.locks());
    Style { parts, springs: fall.chains() }
}

impl Fall<'_> {
    /// A point of the strand that leaves the part at `t` (forehead 0, nape 1) on a side, `s` of its way, raised.
    fn point(&self, side: f32, t: f32, s: f32, raise: f32, shorter: f32) -> Vec3 {
        let scalp = self.scalp;
        let elevation = along(&PART, t) + self.front * (1.0 - smooth(0.0, 0.5, t));
        let (up, forth) = elevation.to_radians().sin_cos();
        let root = Vec3::new(ASIDE * (1.0 - smooth(0.40, 0.80, t)), up, forth).normalize_or(Vec3::Y);
        let azimuth = along(&FALL, t);
        let leave = direction(azimuth * side, -6.0);
        let middle = (root + leave + Vec3::new(0.0, 0.42 + 0.09 * smooth(0.3, 0.0, t), 0.18 * smooth(0.3, 0.0, t)))
            .normalize_or(Vec3::Y);
        let lump = 0.016 * noise::value(40, Vec3::new(t * 9.0, side * 7.0, s * 1.2))
            + 0.009 * noise::value(41, Vec3::new(t * 22.0, side * 7.0, s * 1.6));
        let on_skull = |q: f32| {
            let p = 1.0 - q;
            let way = (root * p * p + middle * 2.0 * p * q + leave * q * q).normalize_or(Vec3::Y);
            // The strands along the forehead lie close.
            let rim = 0.30 + 0.70 * smooth(0.0, 0.16, t + 0.10 * q);
            let full = 0.012
                + 0.022 * smooth(0.05, 0.30, t)
                + (0.085 * smooth(0.0, 0.40, q) + 0.030 * smooth(0.55, 1.0, q)) * rim;
            let full = (full + lump * smooth(0.05, 0.5, q)).max(0.012);
            scalp.over(way, full + raise)
        };
        if s <= ON_SKULL {
            return on_skull(s / ON_SKULL);
        }
        let q = (s - ON_SKULL) / (1.0 - ON_SKULL);
        let base = on_skull(1.0);
        // Toward the face a little longer.
        let end =
            self.end + shorter - 0.09 * smooth(0.5, 0.0, t) + 0.03 * noise::value(44, Vec3::new(t * 30.0, side, 0.0));
        let out = Vec3::new(base.x - scalp.center.x, 0.0, base.z - scalp.center.z).normalize_or(Vec3::Z);
        let (swell, curl) = match self.cut {
            Cut::Bob => (0.055, 0.20),
            Cut::Shoulder => (0.055, 0.12),
        };
        let shape = swell * (q * 2.6).sin() - curl * smooth(0.50, 1.05, q) * q - 0.06 * q * smooth(0.4, 1.0, t);
        let level = base + out * (shape + 0.8 * lump * q);
        Vec3::new(level.x, base.y + (end - base.y) * q, level.z)
    }

    fn curtain(&self, side: f32, is_inner: bool) -> Part {
        const ROWS: usize = 22;
        let columns = if is_inner { 30 } else { 46 };
        let material = if is_inner { "hair" } else { "hairlong" };
        let (sunk, shorter, light) = if is_inner { (0.030, 0.22, 0.55) } else { (0.0, 0.0, 1.0) };
        let strands: Vec<Vec<Vec3>> = (0..columns)
            .map(|column| {
                let t = column as f32 / (columns - 1) as f32;
                (0..ROWS)
                    .map(|row| {
                        let s = row as f32 / (ROWS - 1) as f32;
                        self.point(side, t, s, -sunk * smooth(0.02, 0.22, s), shorter)
                    })
                    .collect()
            })
            .collect();
        let lengths: Vec<Vec<f32>> = strands.iter().map(|strand| shares(strand)).collect();
        sheet("Hair", material, (ROWS, columns), self.scalp.center, |row, column| {
            let at = strands[column][row];
            let u = column as f32 / (columns - 1) as f32 * 5.0;
            let v = lengths[column][row];
            // Shaded at the part and, inside, below.
            let shade = 0.82 + 0.18 * smooth(0.0, 0.12, v);
            Knot { at, uv: Vec2::new(u, 0.005 + 0.99 * v), light: light * shade, weight: self.weight(at) }
        })
    }

    /// Locks of different lengths over the curtain.
    fn locks(&self) -> Part {
        let mut locks = Locks::new("HairLocks");
        let mut dice = Dice::new(61);
        for side in [1.0, -1.0] {
            for index in 0..44 {
                let t = (index as f32 + dice.even()) / 44.0;
                let from = dice.between(0.02, 0.45);
                let to = dice.between(0.90, 1.0);
                let raise = dice.between(0.004, 0.013);
                let shorter = dice.between(-0.03, 0.10);
                let drift = dice.normal() * 0.012;
                let points: Vec<Vec3> = (0..11)
                    .map(|k| {
                        let s = from + (to - from) * k as f32 / 10.0;
                        let t = (t + drift * s).clamp(0.0, 1.0);
                        // A ribbon is straight across and must clear the round skull.
                        let raise = 0.006 + raise * smooth(0.0, 0.15, s - from + 0.03);
                        self.point(side, t, s, raise, shorter)
                    })
                    .collect();
                let lock = Lock { points, width: dice.between(0.10, 0.18), light: dice.between(0.90, 1.08) };
                locks.add(&lock, self.scalp.center, &mut dice, |at| self.weight(at));
            }
        }
        locks.part()
    }

    /// Where hair begins to swing.
    fn top(&self) -> f32 {
        self.scalp.center.y - 0.35
    }

    /// From the skull down, hair follows the two nearest chains.
    fn weight(&self, at: Vec3) -> Influence {
        let q = ((self.top() - at.y) / (self.top() - self.end)).clamp(0.0, 1.0);
        let free = smooth(0.0, 0.35, q);
        let deep = smooth(0.40, 0.75, q);
        let azimuth = (at.x - self.scalp.center.x).atan2(at.z - self.scalp.center.z).to_degrees();
        let mut near: Vec<(usize, f32)> = CHAINS
            .iter()
            .enumerate()
            .map(|(index, chain)| {
                let apart = (azimuth - chain).abs();
                (index, smooth(47.0, 0.0, apart.min(360.0 - apart)) + 1.0e-4)
            })
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1));
        near.truncate(2);
        let total: f32 = near.iter().map(|(_, share)| share).sum();
        let mut all = vec![(self.head, 1.0 - free)];
        for (chain, share) in near {
            let joint = self.first + 3 * chain as u16;
            all.push((joint, free * (1.0 - deep) * share / total));
            all.push((joint + 1, free * deep * share / total));
        }
        strongest(all)
    }

    fn chains(&self) -> Vec<SpringChain> {
        CHAINS
            .iter()
            .enumerate()
            .map(|(index, azimuth)| {
                let side = azimuth.signum();
                let t = (0..=50).map(|k| k as f32 / 50.0).find(|t| along(&FALL, *t) >= azimuth.abs()).unwrap_or(1.0);
                let joints = (0..3)
                    .map(|k| {
                        let wanted = self.top() + (self.end - self.top()) * k as f32 / 2.0;
                        let steps = (0..=60).map(|step| self.point(side, t, 0.4 + 0.01 * step as f32, 0.0, 0.0));
                        let rest = steps
                            .min_by(|a, b| (a.y - wanted).abs().total_cmp(&(b.y - wanted).abs()))
                            .unwrap_or(self.scalp.center);
                        SpringJoint {
                            name: format!("hair_{index}_{k}"),
                            parent: "head".into(),
                            rest,
                            hit_radius: 0.08,
                            stiffness: 2.2,
                            gravity: 0.12,
                            drag: 0.55,
                        }
                    })
                    .collect();
                SpringChain { name: format!("hair_{index}"), joints }
            })
            .collect()
    }
}

/// Shares of the length of a curve at its points.
fn shares(points: &[Vec3]) -> Vec<f32> {
    let mut lengths = vec![0.0];
    for pair in points.windows(2) {
        lengths.push(lengths[lengths.len() - 1] + pair[0].distance(pair[1]));
    }
    let total = lengths[lengths.len() - 1].max(1.0e-6);
    lengths.into_iter().map(|length| length / total).collect()
}

/// Fine strands across the hairline.
fn edge(scalp: &Scalp, comb: &Comb<'_>, head: Influence) -> Part {
    const COLUMNS: usize = 97;
    let strands: Vec<_> = (0..COLUMNS).map(|k| comb.strand(k as f32 / (COLUMNS - 1) as f32)).collect();
    sheet("HairEdge", "hairedge", (7, COLUMNS), scalp.center, |row, column| {
        let t = row as f32 / 6.0;
        let inside = -3.5 + 16.0 * t;
        let way = strands[column].at(inside);
        let (_, elevation) = angles(way);
        let at = scalp.over(way, 0.005 + 0.02 * smooth(0.0, 12.0, inside) * smooth(-20.0, 10.0, elevation));
        let uv = Vec2::new(column as f32 / (COLUMNS - 1) as f32 * 10.0, 0.01 + 0.98 * t);
        Knot { at, uv, light: 0.95, weight: head }
    })
}
