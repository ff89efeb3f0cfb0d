//! Cloth in the making: grids of points in the hanging pose that become parts in the bind pose.

use glam::{Vec2, Vec3};

use super::super::part::Part;
use super::super::rig;
use super::wearer::{Pull, Wearer};

/// A grid of points: `across` columns of `along` points each.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub(super) across: usize,
    pub(super) along: usize,
    /// Whether the last column joins the first.
    pub(super) closed: bool,
    /// By column, then along it.
    pub(super) points: Vec<Vec3>,
}

impl Grid {
    /// From columns of equal length.
    pub(super) fn new(columns: Vec<Vec<Vec3>>, closed: bool) -> Self {
        let along = columns.first().map_or(0, Vec::len);
        Self { across: columns.len(), along, closed, points: columns.concat() }
    }

    pub(super) fn at(&self, column: usize, row: usize) -> Vec3 {
        self.points[column * self.along + row]
    }

    /// Corners of every cell, counterclockwise where columns run to the right and rows upward.
    fn cells(&self) -> impl Iterator<Item = [u32; 4]> + '_ {
        let spans = if self.closed { self.across } else { self.across.saturating_sub(1) };
        (0..spans).flat_map(move |i| {
            let next = (i + 1) % self.across;
            (0..self.along.saturating_sub(1)).map(move |j| {
                let [a, b] = [i * self.along + j, next * self.along + j];
                [a, b, b + 1, a + 1].map(|v| v as u32)
            })
        })
    }

    /// The rim of an open grid, once around, counterclockwise like its cells.
    fn rim(&self) -> Vec<u32> {
        let (w, h) = (self.across, self.along);
        let index = |i: usize, j: usize| (i * h + j) as u32;
        let mut rim: Vec<u32> = (0..w).map(|i| index(i, 0)).collect();
        rim.extend((1..h).map(|j| index(w - 1, j)));
        rim.extend((0..w - 1).rev().map(|i| index(i, h - 1)));
        rim.extend((1..h - 1).rev().map(|j| index(0, j)));
        rim
    }
}

/// A piece of cloth in the hanging pose.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub(super) positions: Vec<Vec3>,
    pub(super) normals: Vec<Vec3>,
    pub(super) uvs: Vec<Vec2>,
    pub(super) pulls: Vec<Pull>,
    pub(super) triangles: Vec<[u32; 3]>,
}

impl Sheet {
    /// A grid as cloth with smooth normals. `inside` is turned away from: it decides which side is the outer one.
    /// `uv` and `pull` are asked per point with column and row.
    pub(super) fn of(
        grid: &Grid,
        outward: impl Fn(Vec3) -> Vec3,
        uv: impl Fn(usize, usize) -> Vec2,
        pull: impl Fn(Vec3, usize, usize) -> Pull,
    ) -> Self {
        let mut triangles: Vec<[u32; 3]> = Vec::new();
        for [a, b, c, d] in grid.cells() {
            let p = [a, b, c, d].map(|v| grid.points[v as usize]);
            // The shorter diagonal folds less.
            if p[0].distance_squared(p[2]) <= p[1].distance_squared(p[3]) {
                triangles.extend([[a, b, c], [a, c, d]]);
            } else {
                triangles.extend([[a, b, d], [b, c, d]]);
            }
        }
        let facing: f32 = triangles
            .iter()
            .map(|t| {
                let [a, b, c] = t.map(|v| grid.points[v as usize]);
                (b - a).cross(c - a).dot(outward((a + b + c) / 3.0))
            })
            .sum();
        if facing < 0.0 {
            triangles.iter_mut().for_each(|t| t.swap(1, 2));
        }
        let (mut uvs, mut pulls) = (Vec::new(), Vec::new());
        for i in 0..grid.across {
            for j in 0..grid.along {
                uvs.push(uv(i, j));
                pulls.push(pull(grid.at(i, j), i, j));
            }
        }
        let normals = smooth_normals(&grid.points, &triangles);
        let mut sheet = Self { positions: grid.points.clone(), normals, uvs, pulls, triangles };
        sheet.drop_slivers();
        sheet
    }

    /// Folds the rim of an open grid inward: cloth has a thickness. `depth` is asked per point; the edge stays soft.
    pub(super) fn hemmed(mut self, grid: &Grid, depth: impl Fn(Vec3) -> f32) -> Self {
        let rim = grid.rim();
        let first = self.positions.len() as u32;
        for vertex in &rim {
            let v = *vertex as usize;
            let depth = depth(self.positions[v]);
            self.positions.push(self.positions[v] - self.normals[v] * depth);
            self.normals.push(self.normals[v]);
            self.uvs.push(self.uvs[v] + Vec2::splat(depth * 0.1));
            self.pulls.push(self.pulls[v]);
        }
        let flipped = self.winding_differs(&rim);
        for (k, vertex) in rim.iter().enumerate() {
            let next = (k + 1) % rim.len();
            let (a, c) = (*vertex, rim[next]);
            let (a2, c2) = (first + k as u32, first + next as u32);
            let new = [[a, a2, c2], [a, c2, c]];
            self.triangles.extend(if flipped { new.map(|[x, y, z]| [x, z, y]) } else { new });
        }
        self.normals = smooth_normals(&self.positions, &self.triangles);
        self.drop_slivers();
        self
    }

    /// Whether triangles run along the rim the other way than the rim itself does.
    fn winding_differs(&self, rim: &[u32]) -> bool {
        let edge = |k: usize| (rim[k], rim[(k + 1) % rim.len()]);
        (0..rim.len()).map(edge).find_map(|(a, c)| {
            self.triangles
                .iter()
                .flat_map(|t| [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])])
                .find_map(|pair| if pair == (a, c) { Some(false) } else { (pair == (c, a)).then_some(true) })
        }) == Some(true)
    }

    /// Averages the normals of points at the same place: no seam shows where a part closes on itself.
    #[must_use]
    pub(super) fn welded(mut self) -> Self {
        let mut order: Vec<usize> = (0..self.positions.len()).collect();
        let key = |p: Vec3| (p * 2000.0).round().as_ivec3().to_array();
        order.sort_by_key(|v| key(self.positions[*v]));
        for same in order.chunk_by(|a, b| key(self.positions[*a]) == key(self.positions[*b])) {
            let sum: Vec3 = same.iter().map(|v| self.normals[*v]).sum();
            for v in same {
                self.normals[*v] = sum.normalize_or(self.normals[*v]);
            }
        }
        self
    }

    /// Takes in another piece.
    pub(super) fn join(&mut self, other: Self) {
        let first = self.positions.len() as u32;
        self.positions.extend(other.positions);
        self.normals.extend(other.normals);
        self.uvs.extend(other.uvs);
        self.pulls.extend(other.pulls);
        self.triangles.extend(other.triangles.iter().map(|t| t.map(|v| v + first)));
    }

    fn drop_slivers(&mut self) {
        let positions = &self.positions;
        self.triangles.retain(|t| {
            let [a, b, c] = t.map(|v| positions[v as usize]);
            (b - a).cross(c - a).length() > 2.0e-6
        });
    }

    /// The part for the file: into the bind pose, without vertices that nothing uses. `shades` darken each vertex.
    pub(super) fn part(self, name: &str, material: &str, wearer: &Wearer<'_>, shades: &[f32]) -> Part {
        let mut new = vec![u32::MAX; self.positions.len()];
        let mut used = Vec::new();
        let triangles = self
            .triangles
            .iter()
            .map(|t| {
                t.map(|v| {
                    if new[v as usize] == u32::MAX {
                        new[v as usize] = used.len() as u32;
                        used.push(v as usize);
                    }
                    new[v as usize]
                })
            })
            .collect();
        let weights: Vec<_> = used.iter().map(|v| wearer.influence(&self.pulls[*v])).collect();
        let positions: Vec<Vec3> = used.iter().map(|v| self.positions[*v]).collect();
        let normals: Vec<Vec3> = used.iter().map(|v| self.normals[*v].normalize_or(Vec3::Y)).collect();
        Part {
            name: name.to_owned(),
            material: material.to_owned(),
            positions: rig::unskin(&positions, &weights, &wearer.from_t),
            normals: rig::unskin_normals(&normals, &weights, &wearer.from_t),
            uvs: used.iter().map(|v| self.uvs[*v]).collect(),
            colors: used.iter().map(|v| [shades[*v]; 3]).collect(),
            triangles,
            weights,
            ..Part::default()
        }
    }
}

/// Normals by the areas around each point.
pub(super) fn smooth_normals(positions: &[Vec3], triangles: &[[u32; 3]]) -> Vec<Vec3> {
    let mut normals = vec![Vec3::ZERO; positions.len()];
    for t in triangles {
        let [a, b, c] = t.map(|v| positions[v as usize]);
        let area = (b - a).cross(c - a);
        for v in t {
            normals[*v as usize] += area;
        }
    }
    normals.into_iter().map(|n| n.normalize_or(Vec3::Y)).collect()
}
