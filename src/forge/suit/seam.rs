//! The seam of a sleeve: the shell's edge around an armhole, and the cloth between it and the sleeve.

use std::collections::BTreeMap;
use std::f32::consts::TAU;

use glam::{Vec2, Vec3};

use super::curve::ramp;
use super::sheet::{Sheet, smooth_normals};
use super::wearer::Pull;

/// Radians within which two points of the seam are one.
const SAME: f32 = 1.0e-3;
/// How far from a seam cloth is evened out, decimeters, and how often.
const EVENED: f32 = 0.34;
const PASSES: usize = 10;
/// The same of what pulls it.
const PULLS_EVENED: f32 = 0.40;
const PULL_PASSES: usize = 10;

/// A point of the seam, at its angle around the sleeve.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stitch {
    pub(super) phi: f32,
    pub(super) at: Vec3,
    pub(super) pull: Pull,
}

/// The points at which an opening of a sheet ends, once around. `angle` knows those of the opening.
pub(super) fn edge(sheet: &Sheet, angle: impl Fn(usize) -> Option<f32>) -> Vec<Stitch> {
    let mut sides: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for [a, b, c] in &sheet.triangles {
        for (a, b) in [(a, b), (b, c), (c, a)] {
            *sides.entry((*a.min(b), *a.max(b))).or_default() += 1;
        }
    }
    let mut ends: Vec<u32> = sides.into_iter().filter(|(_, n)| *n == 1).flat_map(|((a, b), _)| [a, b]).collect();
    ends.sort_unstable();
    ends.dedup();
    let stitch = |v: u32| {
        let v = v as usize;
        Some(Stitch { phi: angle(v)?.rem_euclid(TAU), at: sheet.positions[v], pull: sheet.pulls[v] })
    };
    let mut seam: Vec<Stitch> = ends.into_iter().filter_map(stitch).collect();
    seam.sort_by(|a, b| a.phi.total_cmp(&b.phi));
    seam.dedup_by(|a, b| a.phi - b.phi < SAME);
    // The one nearest to the top comes first, and once more at the end.
    if let Some(last) = seam.last().copied()
        && seam[0].phi > TAU - last.phi
    {
        seam.rotate_right(1);
        seam[0].phi -= TAU;
    }
    if let Some(first) = seam.first().copied() {
        seam.push(Stitch { phi: first.phi + TAU, ..first });
    }
    seam
}

/// Sews a sleeve's first ring, vertices at rising angles once around, to a seam. `uv` is asked per angle.
pub(super) fn sew(sheet: &mut Sheet, ring: &[(u32, f32)], seam: &[Stitch], outward: Vec3, uv: impl Fn(f32) -> Vec2) {
    let first = sheet.positions.len() as u32;
    for stitch in seam {
        sheet.positions.push(stitch.at);
        sheet.uvs.push(uv(stitch.phi));
        sheet.pulls.push(stitch.pull);
    }
    let (mut i, mut j) = (0, 0);
    let mut new = Vec::new();
    while i + 1 < seam.len() || j + 1 < ring.len() {
        let upper = seam.get(i + 1).map_or(f32::INFINITY, |stitch| stitch.phi);
        let lower = ring.get(j + 1).map_or(f32::INFINITY, |(_, phi)| *phi);
        let (a, b) = (first + i as u32, ring[j].0);
        if upper + seam[i].phi < lower + ring[j].1 {
            new.push([a, b, a + 1]);
            i += 1;
        } else {
            new.push([a, b, ring[j + 1].0]);
            j += 1;
        }
    }
    let facing: f32 = new
        .iter()
        .map(|t| {
            let [a, b, c] = t.map(|v| sheet.positions[v as usize]);
            (b - a).cross(c - a).dot((a + b + c) / 3.0 - outward)
        })
        .sum();
    if facing < 0.0 {
        new.iter_mut().for_each(|t| t.swap(1, 2));
    }
    sheet.triangles.extend(new);
    sheet.normals = smooth_normals(&sheet.positions, &sheet.triangles);
}

/// Evens out the cloth along the upper part of a seam: no dent where the sleeve begins.
pub(super) fn even(sheet: &mut Sheet, seam: &[Stitch]) {
    let cloth = Cloth::around(sheet, |at| {
        let share = |s: &Stitch| (-at.distance_squared(s.at) / EVENED.powi(2)).exp() * ramp(s.phi.cos(), -0.2, 0.5);
        0.6 * seam.iter().map(share).fold(0.0, f32::max)
    });
    let mut points = cloth.gather(&sheet.positions, Vec3::ZERO);
    for _ in 0..PASSES {
        points = cloth.relaxed(&points, |own, near, share| {
            own.lerp(near.iter().map(|v| points[*v]).sum::<Vec3>() / near.len() as f32, share)
        });
    }
    cloth.scatter(&points, &mut sheet.positions);
    sheet.normals = smooth_normals(&sheet.positions, &sheet.triangles);
}

/// Evens out what pulls the cloth around a seam: no pocket below the armpit when the arm rises.
pub(super) fn even_pulls(sheet: &mut Sheet, seam: &[Stitch]) {
    let cloth = Cloth::around(sheet, |at| {
        let nearest = seam.iter().map(|s| at.distance_squared(s.at)).fold(f32::INFINITY, f32::min);
        0.8 * (-nearest / PULLS_EVENED.powi(2)).exp()
    });
    let mut pulls = cloth.gather(&sheet.pulls, Pull::default());
    for _ in 0..PULL_PASSES {
        pulls = cloth.relaxed(&pulls, |own, near, share| {
            let mut middle = Pull::default();
            near.iter().for_each(|v| middle.add(&pulls[*v], 1.0 / near.len() as f32));
            own.mix(middle, share)
        });
    }
    cloth.scatter(&pulls, &mut sheet.pulls);
}

/// The part of a sheet that is evened out: vertices at one place are one point.
struct Cloth {
    /// The point of every vertex.
    point: Vec<usize>,
    /// How far each point goes to the middle of its neighbors in a pass.
    shares: Vec<f32>,
    /// Neighbors of the points that move.
    neighbors: Vec<Vec<usize>>,
}

impl Cloth {
    fn around(sheet: &Sheet, share: impl Fn(Vec3) -> f32) -> Self {
        let mut ids: BTreeMap<[i32; 3], usize> = BTreeMap::new();
        let mut shares = Vec::new();
        let place = |at: Vec3| (at * 2000.0).round().as_ivec3().to_array();
        let mut id = |at: &Vec3| {
            *ids.entry(place(*at)).or_insert_with(|| {
                shares.push(share(*at));
                shares.len() - 1
            })
        };
        let point: Vec<usize> = sheet.positions.iter().map(&mut id).collect();
        let mut neighbors: Vec<Vec<usize>> = vec![Vec::new(); shares.len()];
        for triangle in &sheet.triangles {
            let [a, b, c] = triangle.map(|v| point[v as usize]);
            for (a, b) in [(a, b), (b, c), (c, a)] {
                if shares[a] > 0.01 {
                    neighbors[a].push(b);
                }
                if shares[b] > 0.01 {
                    neighbors[b].push(a);
                }
            }
        }
        Self { point, shares, neighbors }
    }

    /// A value for every point from those of the vertices.
    fn gather<T: Copy>(&self, values: &[T], empty: T) -> Vec<T> {
        let mut points = vec![empty; self.shares.len()];
        self.point.iter().zip(values).for_each(|(point, value)| points[*point] = *value);
        points
    }

    /// Every value after one pass; `relax` is given the value, its neighbors and the point's share.
    fn relaxed<T: Copy>(&self, values: &[T], relax: impl Fn(T, &[usize], f32) -> T) -> Vec<T> {
        let value = |at: usize| match self.neighbors[at].as_slice() {
            [] => values[at],
            near => relax(values[at], near, self.shares[at]),
        };
        (0..values.len()).map(value).collect()
    }

    fn scatter<T: Copy>(&self, points: &[T], values: &mut [T]) {
        values.iter_mut().zip(&self.point).for_each(|(value, point)| *value = points[*point]);
    }
}
