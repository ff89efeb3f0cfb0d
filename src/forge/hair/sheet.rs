//! Surfaces of strands: grids whose columns are strands and whose rows run across them.

use glam::{Vec2, Vec3};

use crate::forge::normals::{grid, halve, vertex_normals};
use crate::forge::part::Part;
use crate::forge::rig::Influence;

/// The first and the last column are one when they are nearer than this, decimeters.
const SEAM: f32 = 2.0e-3;

/// A vertex of a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Knot {
    pub(super) at: Vec3,
    pub(super) uv: Vec2,
    /// How much light reaches it, 0..=1.
    pub(super) light: f32,
    pub(super) weight: Influence,
}

/// A grid of `rows` × `columns` vertices made by a function of row and column, facing away from `center`.
pub(super) fn sheet(
    name: &str,
    material: &str,
    (rows, columns): (usize, usize),
    center: Vec3,
    knot: impl Fn(usize, usize) -> Knot,
) -> Part {
    let knots: Vec<Knot> = (0..rows * columns).map(|index| knot(index / columns, index % columns)).collect();
    let mut positions: Vec<Vec3> = knots.iter().map(|knot| knot.at).collect();
    // Closed sheets meet exactly: no light comes through the seam.
    for row in 0..rows {
        let (first, last) = (row * columns, row * columns + columns - 1);
        if positions[first].distance(positions[last]) < SEAM {
            positions[last] = positions[first];
        }
    }
    let mut triangles = halve(&grid(rows as u32, columns as u32));
    let mut normals = vertex_normals(&positions, &triangles);
    let outward: f32 = positions.iter().zip(&normals).map(|(at, normal)| (*at - center).dot(*normal)).sum();
    if outward < 0.0 {
        triangles.iter_mut().for_each(|triangle| triangle.swap(1, 2));
        normals.iter_mut().for_each(|normal| *normal = -*normal);
    }
    for row in 0..rows {
        let (first, last) = (row * columns, row * columns + columns - 1);
        if positions[first] == positions[last] {
            let seam = (normals[first] + normals[last]).normalize_or(normals[first]);
            (normals[first], normals[last]) = (seam, seam);
        }
    }
    Part {
        name: name.into(),
        material: material.into(),
        positions,
        normals,
        uvs: knots.iter().map(|knot| knot.uv).collect(),
        colors: knots.iter().map(|knot| [knot.light; 3]).collect(),
        triangles,
        weights: knots.iter().map(|knot| knot.weight).collect(),
        morphs: Vec::new(),
        is_head: true,
    }
}

/// Parts of one material become one part.
pub(super) fn join(name: &str, parts: Vec<Part>) -> Part {
    let mut whole = Part { name: name.into(), is_head: true, ..Part::default() };
    for part in parts {
        let first = whole.positions.len() as u32;
        whole.material = part.material;
        whole.positions.extend(part.positions);
        whole.normals.extend(part.normals);
        whole.uvs.extend(part.uvs);
        whole.colors.extend(part.colors);
        whole.weights.extend(part.weights);
        whole.triangles.extend(part.triangles.into_iter().map(|triangle| triangle.map(|vertex| vertex + first)));
    }
    whole
}
