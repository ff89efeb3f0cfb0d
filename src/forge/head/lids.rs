//! Lashes, and the soft shade and wet line where lids touch the eyeball. Both follow every lid movement.
//!
//! Texture coordinates: u runs from the inner to the outer corner of the eye. Lashes: v runs from root to tip, upper
//! ones in 0.01..=0.46, lower ones in 0.51..=0.96, short of where the roots of the others would bleed in. Shade: v is
//! the angle on the eyeball from the margin of the lid, the upper one's -2..=30° in 0.02..=0.47, the lower one's
//! -4..=9° in 0.53..=0.98.

use std::collections::BTreeMap;

use glam::{Quat, Vec2, Vec3};

use super::shell::Shell;
use crate::forge::body::Body;
use crate::forge::lid_margin::{LidMargin, Place};
use crate::forge::normals::{grid, halve};
use crate::forge::part::Part;
use crate::vrm::HumanBone;

/// Share of the data's strips that lashes keep, upper and lower; men's are shorter.
const LASH_LENGTH: [f32; 2] = [0.92, 0.62];
const MALE_LASHES: f32 = 0.62;
const LASH_COLUMNS: usize = 21;
const SHADE_COLUMNS: usize = 17;
/// Angles of the rows of the shade; the first lies under the lid.
const SHADE_UPPER: [f32; 6] = [-12.0, -2.0, 4.0, 10.0, 18.0, 30.0];
const SHADE_LOWER: [f32; 6] = [-10.0, -4.0, 0.0, 2.2, 4.5, 9.0];
/// The shade floats above the eyeball: radius in eye radii.
const SHADE_RADIUS: f32 = 1.0075;

/// A strip of lashes in the data: rows of vertices from root to tip, columns to the left of the face.
struct Strip {
    rows: Vec<Vec<u32>>,
    /// Front edge of the lid on which they grow.
    margin: Vec<u32>,
    eye: Vec3,
    is_left: bool,
    is_upper: bool,
}

fn strips(body: &Body) -> Vec<Strip> {
    let mut strips = Vec::new();
    let margins = LidMargin::both(&body.data, &body.shape);
    for (LidMargin { is_left, upper, lower, .. }, eye) in margins.into_iter().zip(body.landmarks.eyes) {
        for (is_upper, margin) in [(true, upper), (false, lower)] {
            let side = if is_left { 'l' } else { 'r' };
            let group = format!("helper-{side}-eyelashes-{}", if is_upper { 2 } else { 1 });
            let quads: Vec<[u32; 4]> = body.data.group(&group).map(|quad| quad.vertices).collect();
            if let Some(rows) = rows(&quads, &body.shape, eye) {
                strips.push(Strip { rows, margin, eye, is_left, is_upper });
            }
        }
    }
    strips
}

/// Puts the vertices of a strip of quads in rows; the first is the long side nearest to the eye.
fn rows(quads: &[[u32; 4]], shape: &[Vec3], eye: Vec3) -> Option<Vec<Vec<u32>>> {
    let mut edges: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
    for (face, quad) in quads.iter().enumerate() {
        for corner in 0..4 {
            let (a, b) = (quad[corner], quad[(corner + 1) % 4]);
            edges.entry((a.min(b), a.max(b))).or_default().push(face);
        }
    }
    let mut degree: BTreeMap<u32, usize> = BTreeMap::new();
    let mut border: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for ((a, b), faces) in &edges {
        *degree.entry(*a).or_default() += 1;
        *degree.entry(*b).or_default() += 1;
        if faces.len() == 1 {
            border.entry(*a).or_default().push(*b);
            border.entry(*b).or_default().push(*a);
        }
    }
    // Around the border, cut into four sides at the corners.
    let start = *border.keys().find(|vertex| degree[vertex] == 2)?;
    let mut sides: Vec<Vec<u32>> = vec![vec![start]];
    let (mut before, mut at) = (start, start);
    for _ in 0..border.len() {
        let next = border[&at].iter().copied().find(|next| *next != before)?;
        sides.last_mut()?.push(next);
        if next != start && degree[&next] == 2 {
            sides.push(vec![next]);
        }
        (before, at) = (at, next);
    }
    sides.sort_by_key(|side| std::cmp::Reverse(side.len()));
    sides.truncate(2);
    let distance = |side: &Vec<u32>| side.iter().map(|v| shape[*v as usize].distance(eye)).sum::<f32>();
    let mut root = sides.into_iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    if shape[*root.first()? as usize].x > shape[*root.last()? as usize].x {
        root.reverse();
    }
    // Row by row across the strip.
    let mut rows = vec![root];
    let mut used = vec![false; quads.len()];
    loop {
        let mut next: Vec<u32> = Vec::new();
        for pair in rows.last()?.windows(2) {
            let key = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            let Some(face) = edges.get(&key)?.iter().copied().find(|face| !used[*face]) else { break };
            used[face] = true;
            let across = |vertex: u32, other: u32| {
                let corner = quads[face].iter().position(|v| *v == vertex)?;
                [(corner + 1) % 4, (corner + 3) % 4].map(|k| quads[face][k]).into_iter().find(|v| *v != other)
            };
            if next.is_empty() {
                next.push(across(pair[0], pair[1])?);
            }
            next.push(across(pair[1], pair[0])?);
        }
        if next.len() != rows[0].len() {
            return Some(rows);
        }
        rows.push(next);
    }
}

/// A smooth curve through points (Catmull-Rom), at `count` even steps.
fn resample(points: &[Vec3], count: usize) -> Vec<Vec3> {
    let last = points.len() - 1;
    (0..count)
        .map(|step| {
            let along = step as f32 / (count - 1) as f32 * last as f32;
            let k = (along as usize).min(last.saturating_sub(1));
            let t = along - k as f32;
            let at = |offset: isize| points[k.saturating_add_signed(offset).min(last)];
            let (a, b, c, d) = (at(-1), at(0), at(1), at(2));
            0.5 * (2.0 * b
                + (c - a) * t
                + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
                + (3.0 * b - a - 3.0 * c + d) * t * t * t)
        })
        .collect()
}

impl Strip {
    /// Where the columns of a mesh are on the margin, by the root of the strip at rest.
    fn places(&self, shape: &[Vec3], columns: usize) -> Vec<Place> {
        let root = resample(&pick(&self.rows[0], shape), columns);
        root.iter().map(|point| Place::of(&self.margin, shape, point.x)).collect()
    }

    /// These places on a moved face.
    fn on_margin(&self, places: &[Place], base: &[Vec3]) -> Vec<Vec3> {
        places.iter().map(|place| place.on(&self.margin, |vertex| base[vertex as usize])).collect()
    }
}

fn pick(row: &[u32], base: &[Vec3]) -> Vec<Vec3> {
    row.iter().map(|vertex| base[*vertex as usize]).collect()
}

/// The lashes of a lid at rest.
struct Growth {
    /// Where each column grows on the margin.
    places: Vec<Place>,
    /// These places as points.
    edge: Vec<Vec3>,
    /// How far the rows of each column reach from there.
    rows: Vec<Vec<Vec3>>,
}

/// Both eyes' lashes.
pub(super) fn lashes(body: &Body) -> Shell<'static> {
    let strips = strips(body);
    let mut part = Part { name: "Lashes".into(), material: "lash".into(), is_head: true, ..Part::default() };
    let mut first = 0;
    for strip in &strips {
        let rows = strip.rows.len();
        for row in 0..rows {
            let v = row as f32 / (rows - 1) as f32 * 0.45 + if strip.is_upper { 0.01 } else { 0.51 };
            part.uvs.extend(across(LASH_COLUMNS, strip.is_left).map(|u| Vec2::new(u, v)));
        }
        let quads = grid(rows as u32, LASH_COLUMNS as u32);
        part.triangles.extend(halve(&quads).into_iter().map(|t| t.map(|vertex| vertex + first)));
        first += (rows * LASH_COLUMNS) as u32;
    }
    let length = if body.recipe.sex.is_female() { 1.0 } else { MALE_LASHES };
    let weights = vec![body.rig.only(HumanBone::Head); first as usize];
    let grown: Vec<Growth> = strips
        .iter()
        .map(|strip| {
            let places = strip.places(&body.shape, LASH_COLUMNS);
            let edge = strip.on_margin(&places, &body.shape);
            let root = resample(&pick(&strip.rows[0], &body.shape), LASH_COLUMNS);
            let keep = LASH_LENGTH[usize::from(!strip.is_upper)] * length;
            let reach = |row: &Vec<u32>| {
                let full = resample(&pick(row, &body.shape), LASH_COLUMNS);
                full.iter().zip(&root).map(|(tip, root)| (*tip - *root) * keep).collect()
            };
            Growth { rows: strip.rows.iter().map(reach).collect(), places, edge }
        })
        .collect();
    let form = move |base: &[Vec3]| {
        let (mut points, mut normals) = (Vec::new(), Vec::new());
        for (strip, Growth { places, edge, rows }) in strips.iter().zip(&grown) {
            // The data's lashes begin behind the edge of the lid, where one sees their roots from the side; ours
            // grow on the edge and turn with it around the eyeball.
            let moved = strip.on_margin(places, base);
            let pitch = |point: &Vec3| (point.y - strip.eye.y).atan2(point.z - strip.eye.z);
            let turns: Vec<Quat> = (edge.iter().zip(&moved))
                .map(|(rest, moved)| Quat::from_rotation_x(pitch(rest) - pitch(moved)))
                .collect();
            for row in rows {
                for ((moved, turn), reach) in moved.iter().zip(&turns).zip(row) {
                    let point = *moved + *turn * *reach;
                    // Out of the eye rather than across the strip: lashes are shaded softly and evenly.
                    normals.push((point - strip.eye + Vec3::Z * 0.15).normalize_or(Vec3::Z));
                    points.push(point);
                }
            }
        }
        (points, normals)
    };
    Shell { part, form: Box::new(form), weights, has_morphs: true }
}

/// Shade and tear line of both eyes.
pub(super) fn shade(body: &Body) -> Shell<'static> {
    let strips = strips(body);
    let radius = body.landmarks.eye_radius * SHADE_RADIUS;
    let mut part = Part { name: "LidShade".into(), material: "lidshade".into(), is_head: true, ..Part::default() };
    let mut first = 0;
    let angles = |is_upper: bool| if is_upper { SHADE_UPPER } else { SHADE_LOWER };
    for strip in &strips {
        let angles = angles(strip.is_upper);
        let (low, high) = if strip.is_upper { (0.02, 0.47) } else { (0.53, 0.98) };
        for angle in angles {
            // The picture begins at the second row.
            let share = (angle - angles[1]) / (angles[angles.len() - 1] - angles[1]);
            let v = low + share.max(0.0) * (high - low);
            part.uvs.extend(across(SHADE_COLUMNS, strip.is_left).map(|u| Vec2::new(u, v)));
        }
        let quads = grid(angles.len() as u32, SHADE_COLUMNS as u32);
        // Rows of the upper lid go down.
        let turned = quads.into_iter().map(|[a, b, c, d]| if strip.is_upper { [a, d, c, b] } else { [a, b, c, d] });
        let quads: Vec<[u32; 4]> = turned.collect();
        part.triangles.extend(halve(&quads).into_iter().map(|t| t.map(|vertex| vertex + first)));
        first += (angles.len() * SHADE_COLUMNS) as u32;
    }
    let weights = vec![body.rig.only(HumanBone::Head); first as usize];
    let places: Vec<_> = strips.iter().map(|strip| strip.places(&body.shape, SHADE_COLUMNS)).collect();
    let form = move |base: &[Vec3]| {
        let (mut points, mut normals) = (Vec::new(), Vec::new());
        for (strip, places) in strips.iter().zip(&places) {
            let margin = strip.on_margin(places, base);
            for angle in angles(strip.is_upper) {
                let angle = angle.to_radians() * if strip.is_upper { -1.0 } else { 1.0 };
                for point in &margin {
                    // From the margin over the eyeball, about a level axis.
                    let out = (*point - strip.eye).normalize_or(Vec3::Z);
                    let axis = out.cross(Vec3::Y).normalize_or(Vec3::NEG_X);
                    let normal = Quat::from_axis_angle(axis, angle) * out;
                    normals.push(normal);
                    points.push(strip.eye + normal * radius);
                }
            }
        }
        (points, normals)
    };
    Shell { part, form: Box::new(form), weights, has_morphs: true }
}

/// u of columns: from the inner corner of the eye to the outer one.
fn across(columns: usize, is_left: bool) -> impl Iterator<Item = f32> {
    (0..columns).map(move |column| {
        let u = column as f32 / (columns - 1) as f32;
        if is_left { u } else { 1.0 - u }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::test_body;

    #[test]
    fn all_four_strips_are_found_and_lie_in_rows() {
        let body = test_body();
        let strips = strips(body);
        assert_eq!(strips.len(), 4);
        for strip in &strips {
            assert!(strip.rows.len() >= 3, "{} rows", strip.rows.len());
            for row in &strip.rows {
                assert_eq!(row.len(), strip.rows[0].len());
            }
            let root = pick(&strip.rows[0], &body.shape);
            let on_lid = root.iter().all(|p| (p.distance(strip.eye) / body.landmarks.eye_radius - 1.0).abs() < 0.35);
            assert!(on_lid, "the root lies on the margin of the lid");
        }
    }
}
