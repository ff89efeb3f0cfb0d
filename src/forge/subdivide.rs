//! Local Catmull-Clark subdivision as a sparse linear operator: positions, blend shapes and weights are refined by
//! the same matrix.

use std::collections::BTreeMap;

use glam::{Vec2, Vec3};

use super::rig::{Influence, strongest};

/// New vertices as weighted sums of old ones; the first are the old ones, perhaps moved.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Operator {
    starts: Vec<u32>,
    entries: Vec<(u32, f32)>,
}

impl Operator {
    fn push(&mut self, row: impl IntoIterator<Item = (u32, f32)>) -> u32 {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.entries.extend(row);
        self.starts.push(self.entries.len() as u32);
        self.starts.len() as u32 - 2
    }

    /// The sum of one new vertex.
    #[must_use]
    pub fn row(&self, index: usize) -> &[(u32, f32)] {
        let end = self.starts.get(index + 1).map_or(0, |end| *end as usize);
        self.entries.get(self.starts.get(index).map_or(0, |start| *start as usize)..end).unwrap_or_default()
    }

    /// How many new vertices.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// New positions, or new movements from old movements.
    #[must_use]
    pub fn apply(&self, points: &[Vec3]) -> Vec<Vec3> {
        let sum = |row: &[(u32, f32)]| row.iter().map(|(vertex, weight)| points[*vertex as usize] * *weight).sum();
        (0..self.len()).map(|index| sum(self.row(index))).collect()
    }

    /// New weights, cut to the strongest four.
    #[must_use]
    pub fn apply_weights(&self, weights: &[Influence]) -> Vec<Influence> {
        (0..self.len())
            .map(|index| {
                let scaled = self.row(index).iter().flat_map(|(vertex, share)| {
                    weights[*vertex as usize].iter().map(move |(joint, weight)| (*joint, weight * share))
                });
                strongest(scaled.collect())
            })
            .collect()
    }
}

/// A refined mesh.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Refined {
    /// From old vertices to new ones.
    pub operator: Operator,
    /// Triangles of new vertices.
    pub triangles: Vec<[u32; 3]>,
    /// Texture coordinates of the corners of each triangle.
    pub uvs: Vec<[Vec2; 3]>,
    /// The quad that each triangle comes from.
    pub source: Vec<u32>,
}

/// Refines the selected quads of a mesh of `count` vertices once. The border of the selection stays where it is and
/// the quads beyond it are fanned around the new midpoints, so that there is no crack.
#[must_use]
pub fn refine(count: usize, quads: &[[u32; 4]], uvs: &[[Vec2; 4]], selected: &[bool]) -> Refined {
    let mut edges: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
    let mut faces_of: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (face, quad) in quads.iter().enumerate() {
        for corner in 0..4 {
            edges.entry(edge(quad, corner)).or_default().push(face);
            faces_of[quad[corner] as usize].push(face);
        }
    }
    let mut edges_of: Vec<Vec<(u32, u32)>> = vec![Vec::new(); count];
    for key in edges.keys() {
        edges_of[key.0 as usize].push(*key);
        edges_of[key.1 as usize].push(*key);
    }
    let mut operator = Operator::default();
    for vertex in 0..count {
        let (faces, around) = (&faces_of[vertex], &edges_of[vertex]);
        let is_inner = !faces.is_empty()
            && faces.iter().all(|face| selected[*face])
            && around.iter().all(|key| edges[key].len() == 2);
        if !is_inner {
            operator.push([(vertex as u32, 1.0)]);
            continue;
        }
        let k = around.len() as f32;
        let mut row = BTreeMap::from([(vertex as u32, (k - 3.0) / k)]);
        for corner in faces.iter().flat_map(|face| quads[*face]) {
            *row.entry(corner).or_default() += 0.25 / (k * k);
        }
        for end in around.iter().flat_map(|key| [key.0, key.1]) {
            *row.entry(end).or_default() += 1.0 / (k * k);
        }
        operator.push(row);
    }
    let centers: Vec<u32> = quads
        .iter()
        .zip(selected)
        .map(|(quad, is_selected)| if *is_selected { operator.push(quad.map(|v| (v, 0.25))) } else { u32::MAX })
        .collect();
    let mut middles: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for (key, faces) in &edges {
        if !faces.iter().any(|face| selected[*face]) {
            continue;
        }
        let is_inner = faces.len() == 2 && faces.iter().all(|face| selected[*face]);
        let new = if is_inner {
            let mut row = BTreeMap::from([(key.0, 0.25), (key.1, 0.25)]);
            for corner in faces.iter().flat_map(|face| quads[*face]) {
                *row.entry(corner).or_default() += 0.0625;
            }
            operator.push(row)
        } else {
            operator.push([(key.0, 0.5), (key.1, 0.5)])
        };
        middles.insert(*key, new);
    }
    let mut refined = Refined { operator, ..Refined::default() };
    for (face, quad) in quads.iter().enumerate() {
        let uv = &uvs[face];
        let middle_uv = |corner: usize| (uv[corner] + uv[(corner + 1) % 4]) / 2.0;
        let found = [0, 1, 2, 3].map(|corner| middles.get(&edge(quad, corner)).copied());
        if selected[face] {
            let center_uv = (uv[0] + uv[1] + uv[2] + uv[3]) / 4.0;
            for corner in 0..4 {
                let before = (corner + 3) % 4;
                let (Some(next), Some(last)) = (found[corner], found[before]) else { continue };
                refined.fan(
                    face,
                    &[
                        (quad[corner], uv[corner]),
                        (next, middle_uv(corner)),
                        (centers[face], center_uv),
                        (last, middle_uv(before)),
                    ],
                );
            }
            continue;
        }
        let mut polygon = Vec::with_capacity(8);
        let mut first = None;
        for corner in 0..4 {
            polygon.push((quad[corner], uv[corner]));
            if let Some(middle) = found[corner] {
                first.get_or_insert(polygon.len());
                polygon.push((middle, middle_uv(corner)));
            }
        }
        // A fan from a midpoint has no slivers.
        polygon.rotate_left(first.unwrap_or(0));
        refined.fan(face, &polygon);
    }
    refined
}

impl Refined {
    fn fan(&mut self, face: usize, polygon: &[(u32, Vec2)]) {
        for pair in polygon.windows(2).skip(1) {
            self.triangles.push([polygon[0].0, pair[0].0, pair[1].0]);
            self.uvs.push([polygon[0].1, pair[0].1, pair[1].1]);
            self.source.push(face as u32);
        }
    }
}

fn edge(quad: &[u32; 4], corner: usize) -> (u32, u32) {
    let (a, b) = (quad[corner], quad[(corner + 1) % 4]);
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::super::normals::grid;
    use super::*;

    fn refined(selected: impl Fn(usize) -> bool) -> (Vec<Vec3>, Refined) {
        let quads = grid(5, 5);
        let points: Vec<Vec3> = (0..25).map(|i| Vec3::new((i % 5) as f32, (i / 5) as f32, 0.0)).collect();
        let uvs: Vec<[Vec2; 4]> = quads.iter().map(|q| q.map(|v| points[v as usize].truncate())).collect();
        let selected: Vec<bool> = (0..quads.len()).map(selected).collect();
        let refined = refine(25, &quads, &uvs, &selected);
        (refined.operator.apply(&points), refined)
    }

    fn area(points: &[Vec3], triangles: &[[u32; 3]]) -> f32 {
        let twice = |[a, b, c]: [Vec3; 3]| (b - a).cross(c - a).z;
        triangles.iter().map(|t| twice(t.map(|v| points[v as usize])) / 2.0).sum()
    }

    #[test]
    fn a_partly_refined_plane_has_no_crack_and_no_fold() {
        for pick in [|_| true, |f| f == 5 || f == 6, |f| f % 3 == 0, |_| false] as [fn(usize) -> bool; 4] {
            let (points, refined) = refined(pick);
            assert!((area(&points, &refined.triangles) - 16.0).abs() < 1.0e-4);
            assert!(refined.triangles.iter().all(|t| area(&points, &[*t]) > 1.0e-4));
            let mut open: BTreeMap<(u32, u32), i32> = BTreeMap::new();
            for t in &refined.triangles {
                for k in 0..3 {
                    let (a, b) = (t[k], t[(k + 1) % 3]);
                    *open.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
                }
            }
            let inner = |v: u32| {
                let p = points[v as usize];
                p.x > 0.01 && p.x < 3.99 && p.y > 0.01 && p.y < 3.99
            };
            assert!(open.iter().all(|((a, b), sides)| *sides == 0 || !(inner(*a) || inner(*b))));
        }
    }

    #[test]
    fn rows_sum_to_one_and_weights_stay_whole() {
        let (_, refined) = refined(|face| face > 4);
        for index in 0..refined.operator.len() {
            let sum: f32 = refined.operator.row(index).iter().map(|(_, weight)| weight).sum();
            assert!((sum - 1.0).abs() < 1.0e-5);
        }
        let weights: Vec<Influence> = (0..25).map(|v| strongest(vec![(v % 5, 0.6), ((v + 1) % 5, 0.4)])).collect();
        for influence in refined.operator.apply_weights(&weights) {
            assert!((influence.iter().map(|(_, weight)| weight).sum::<f32>() - 1.0).abs() < 1.0e-5);
        }
    }
}
