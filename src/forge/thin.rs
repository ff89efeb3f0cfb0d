//! Fewer triangles where nobody misses them: vertices of the smooth, still places of a part go, all others stay as
//! they are, with their normals, texture coordinates and weights.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use glam::Vec3;

use super::part::Part;
use super::rig::Influence;

/// Squared decimeters per unit by which the normals of two vertices differ: shading stays.
const BENT: f32 = 1.0e-4;
/// The same for weights: rings around joints stay.
const PULLED: f32 = 4.0e-4;
/// The same for ambient occlusion.
const SHADED: f32 = 1.0e-4;
/// A triangle may not turn further, cosine.
const TURN: f32 = 0.5;
/// Least share of an equilateral triangle's area for its longest edge.
const SLIVER: f32 = 0.08;

impl Part {
    /// Takes away triangles until `share` of them is left. Edges of the mesh and of its texture chart stay, and so
    /// do vertices that a blend shape moves or that `stays` names.
    pub fn thin(&mut self, share: f32, stays: impl Fn(Vec3) -> bool) {
        let wanted = (self.triangles.len() as f32 * share) as usize;
        let mut fixed: Vec<bool> = self.positions.iter().map(|at| stays(*at)).collect();
        for vertex in self.morphs.iter().flat_map(|morph| &morph.deltas).map(|delta| delta.0) {
            fixed[vertex as usize] = true;
        }
        let mut sides: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        for [a, b] in self.triangles.iter().flat_map(edges) {
            *sides.entry((a.min(b), a.max(b))).or_default() += 1;
        }
        for ((a, b), _) in sides.iter().filter(|(_, count)| **count != 2) {
            fixed[*a as usize] = true;
            fixed[*b as usize] = true;
        }
        let mut mesh = Mesh::new(self, fixed);
        let mut left = self.triangles.len();
        let mut heap: BinaryHeap<Reverse<(u32, u32, u32, u32)>> = BinaryHeap::new();
        (0..self.positions.len() as u32).for_each(|vertex| heap.extend(mesh.best(vertex)));
        while left > wanted {
            let Some(Reverse((_, from, to, version))) = heap.pop() else { break };
            if version != mesh.versions[from as usize] {
                continue;
            }
            left -= 2;
            for vertex in mesh.collapse(from, to) {
                heap.extend(mesh.best(vertex));
            }
        }
        self.triangles = mesh.triangles.into_iter().flatten().collect();
        self.keep(|_| true);
    }
}

fn edges(triangle: &[u32; 3]) -> [[u32; 2]; 3] {
    let [a, b, c] = *triangle;
    [[a, b], [b, c], [c, a]]
}

/// Squared distance to a set of planes, weighted by area.
#[derive(Debug, Clone, Copy, Default)]
struct Quadric {
    /// xx, xy, xz, yy, yz, zz.
    square: [f32; 6],
    line: Vec3,
    constant: f32,
    area: f32,
}

impl Quadric {
    fn plane(normal: Vec3, at: Vec3, area: f32) -> Self {
        let Vec3 { x, y, z } = normal;
        let d = -normal.dot(at);
        Self {
            square: [x * x, x * y, x * z, y * y, y * z, z * z].map(|v| v * area),
            line: normal * d * area,
            constant: d * d * area,
            area,
        }
    }

    fn add(&mut self, other: &Self) {
        self.square.iter_mut().zip(other.square).for_each(|(own, more)| *own += more);
        self.line += other.line;
        self.constant += other.constant;
        self.area += other.area;
    }

    /// Mean squared distance of a point.
    fn at(&self, p: Vec3) -> f32 {
        let [xx, xy, xz, yy, yz, zz] = self.square;
        let turned =
            Vec3::new(xx * p.x + xy * p.y + xz * p.z, xy * p.x + yy * p.y + yz * p.z, xz * p.x + yz * p.y + zz * p.z);
        ((turned.dot(p) + 2.0 * self.line.dot(p) + self.constant) / self.area.max(1.0e-9)).max(0.0)
    }
}

struct Mesh<'a> {
    part: &'a Part,
    /// Positions around the middle, where squares keep their digits.
    points: Vec<Vec3>,
    fixed: Vec<bool>,
    triangles: Vec<Option<[u32; 3]>>,
    around: Vec<Vec<u32>>,
    quadrics: Vec<Quadric>,
    versions: Vec<u32>,
}

impl<'a> Mesh<'a> {
    fn new(part: &'a Part, fixed: Vec<bool>) -> Self {
        let count = part.positions.len();
        let points = part.positions.clone();
        let mut around = vec![Vec::new(); count];
        for (index, triangle) in part.triangles.iter().enumerate() {
            triangle.iter().for_each(|vertex| around[*vertex as usize].push(index as u32));
        }
        let quadrics = vec![Quadric::default(); count];
        let mut mesh = Self {
            part,
            points,
            fixed,
            triangles: part.triangles.iter().copied().map(Some).collect(),
            around,
            quadrics,
            versions: vec![0; count],
        };
        let middle = mesh.points.iter().sum::<Vec3>() / count.max(1) as f32;
        mesh.points.iter_mut().for_each(|point| *point -= middle);
        for triangle in &part.triangles {
            let [a, b, c] = triangle.map(|vertex| mesh.points[vertex as usize]);
            let twice = (b - a).cross(c - a);
            let plane = Quadric::plane(twice.normalize_or_zero(), a, twice.length());
            triangle.iter().for_each(|vertex| mesh.quadrics[*vertex as usize].add(&plane));
        }
        mesh
    }

    fn neighbors(&self, vertex: u32) -> Vec<u32> {
        let faces = self.around[vertex as usize].iter().filter_map(|face| self.triangles[*face as usize]);
        let mut all: Vec<u32> = faces.flatten().filter(|other| *other != vertex).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The cheapest way to take a vertex away, for the heap: cost, vertex, where it goes, version.
    fn best(&self, from: u32) -> Option<Reverse<(u32, u32, u32, u32)>> {
        if self.fixed[from as usize] || self.around[from as usize].is_empty() {
            return None;
        }
        let near = self.neighbors(from);
        let mut options: Vec<(u32, u32)> = near.iter().map(|to| (self.cost(from, *to).to_bits(), *to)).collect();
        options.sort_unstable();
        let (cost, to) = options.into_iter().find(|(_, to)| self.is_sound(from, *to, &near))?;
        Some(Reverse((cost, from, to, self.versions[from as usize])))
    }

    fn cost(&self, from: u32, to: u32) -> f32 {
        let (a, b) = (from as usize, to as usize);
        let bent = self.part.normals[a].distance_squared(self.part.normals[b]);
        let shaded = match (self.part.colors.get(a), self.part.colors.get(b)) {
            (Some(x), Some(y)) => (x[0] - y[0]).powi(2),
            _ => 0.0,
        };
        let pulled = apart(&self.part.weights[a], &self.part.weights[b]);
        let way = self.points[a].distance_squared(self.points[b]);
        self.quadrics[a].at(self.points[b]) + 0.0005 * way + BENT * bent + PULLED * pulled + SHADED * shaded
    }

    /// Whether the mesh stays whole and no triangle folds or degenerates.
    fn is_sound(&self, from: u32, to: u32, near: &[u32]) -> bool {
        let shared = self.neighbors(to).into_iter().filter(|other| near.binary_search(other).is_ok()).count();
        let at = |vertex: u32| self.points[vertex as usize];
        let faces = self.around[from as usize].iter().filter_map(|face| self.triangles[*face as usize]);
        shared == 2
            && faces.filter(|triangle| !triangle.contains(&to)).all(|triangle| {
                let [a, b, c] = triangle.map(at);
                let [x, y, z] = triangle.map(|vertex| at(if vertex == from { to } else { vertex }));
                let (before, after) = ((b - a).cross(c - a), (y - x).cross(z - x));
                let longest = (y - x).length_squared().max((z - y).length_squared()).max((x - z).length_squared());
                before.normalize_or_zero().dot(after.normalize_or_zero()) > TURN && after.length() > SLIVER * longest
            })
    }

    /// Takes a vertex away; those whose surroundings changed are given back.
    fn collapse(&mut self, from: u32, to: u32) -> Vec<u32> {
        let changed = self.neighbors(from);
        for face in std::mem::take(&mut self.around[from as usize]) {
            let Some(triangle) = &mut self.triangles[face as usize] else { continue };
            if triangle.contains(&to) {
                self.triangles[face as usize] = None;
            } else {
                triangle.iter_mut().filter(|vertex| **vertex == from).for_each(|vertex| *vertex = to);
                self.around[to as usize].push(face);
            }
        }
        let moved = self.quadrics[from as usize];
        self.quadrics[to as usize].add(&moved);
        self.versions[from as usize] += 1;
        for vertex in &changed {
            self.versions[*vertex as usize] += 1;
            let triangles = &self.triangles;
            self.around[*vertex as usize].retain(|face| triangles[*face as usize].is_some());
        }
        changed
    }
}

/// How differently two vertices are pulled.
fn apart(a: &Influence, b: &Influence) -> f32 {
    let weight = |of: &Influence, joint: u16| of.iter().filter(|(j, _)| *j == joint).map(|(_, w)| w).sum::<f32>();
    let joints = a.iter().chain(b).map(|(joint, _)| *joint);
    joints.map(|joint| (weight(a, joint) - weight(b, joint)).powi(2)).sum::<f32>() * 0.5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::normals::{grid, halve};

    /// A plane of 12 × 12 vertices with a bump.
    fn plane() -> Part {
        let at = |i: usize| Vec3::new((i % 12) as f32 * 0.1, (i / 12) as f32 * 0.1, if i == 65 { 0.1 } else { 0.0 });
        Part {
            positions: (0..144).map(at).collect(),
            normals: vec![Vec3::Z; 144],
            uvs: (0..144).map(|i| at(i).truncate()).collect(),
            weights: vec![[(0, 1.0), (0, 0.0), (0, 0.0), (0, 0.0)]; 144],
            triangles: halve(&grid(12, 12)),
            ..Part::default()
        }
    }

    fn area(part: &Part) -> f32 {
        let twice = |t: &[u32; 3]| {
            let [a, b, c] = t.map(|v| part.positions[v as usize]);
            (b - a).cross(c - a).z
        };
        assert!(part.triangles.iter().all(|t| twice(t) > 0.0));
        part.triangles.iter().map(twice).sum::<f32>() / 2.0
    }

    #[test]
    fn a_thinned_plane_keeps_its_border_and_its_bump_and_has_no_fold() {
        let (whole, mut part) = (plane(), plane());
        part.thin(0.5, |_| false);
        assert!(part.triangles.len() <= whole.triangles.len() / 2 + 1);
        assert!((area(&part) - area(&whole)).abs() < 1.0e-5);
        assert!(part.positions.contains(&whole.positions[65]));
        assert_eq!(part.uvs.len(), part.positions.len());
    }

    #[test]
    fn what_must_stay_stays() {
        let mut part = plane();
        let whole = part.clone();
        part.thin(0.1, |_| true);
        assert_eq!(part, whole);
        part.thin(0.1, |at| at.x > 0.55);
        for at in whole.positions.iter().filter(|at| at.x > 0.55) {
            assert!(part.positions.contains(at));
        }
        let mut again = plane();
        again.thin(0.1, |at| at.x > 0.55);
        assert_eq!(part, again);
    }
}
