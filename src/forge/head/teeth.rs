//! Teeth and tongue.
//!
//! Texture coordinates of teeth: u runs along the arch from the wearer's right to left, each of the twelve teeth as
//! wide as [`WIDTHS`] says; v runs in even steps through [`ROWS`]: gum, front of the crown, edge, back. Of the
//! tongue: u across, v from back to tip.

use glam::{Affine3A, Mat3, Quat, Vec2, Vec3};

use super::shell::Shell;
use crate::forge::body::Body;
use crate::forge::normals::{grid, halve, vertex_normals};
use crate::forge::part::Part;
use crate::vrm::HumanBone;

/// Widths of the teeth of half an arch from the middle, upper and lower, relative.
pub(in crate::forge) const WIDTHS: [[f32; 6]; 2] =
    [[0.43, 0.34, 0.38, 0.36, 0.35, 0.50], [0.28, 0.30, 0.35, 0.36, 0.36, 0.55]];
/// Where each row runs: height (0 at the gum, 1 at the edge), distance out of the arch in decimeters, share of the
/// roundness of a tooth.
pub(in crate::forge) const ROWS: [(f32, f32, f32); 8] = [
    (-0.55, -0.004, 0.0),
    (-0.02, -0.001, 0.3),
    (0.12, 0.007, 0.85),
    (0.50, 0.011, 1.0),
    (0.86, 0.007, 1.0),
    (1.0, -0.004, 0.9),
    (0.98, -0.018, 0.6),
    (0.40, -0.034, 0.3),
];
/// Columns of a tooth.
const COLUMNS: usize = 5;
/// Half width of an arch at its ends and its depth, decimeters: upper and lower.
const ARCH: [(f32, f32); 2] = [(0.232, 0.30), (0.215, 0.28)];
/// Height of a crown at the middle, decimeters.
const CROWN: [f32; 2] = [0.098, 0.082];
/// Height of the biting edges against the line where the lips meet, decimeters: the upper teeth overlap the lower.
const EDGE: [f32; 2] = [-0.028, -0.020];
/// How far the edges stand behind that line, decimeters: no tooth comes through closed lips.
const BACK: [f32; 2] = [0.085, 0.108];
/// Light that reaches the teeth: the lower ones stand in the shade of the lip and of the upper ones.
const LIGHT: [f32; 2] = [0.92, 0.66];
/// How high the tongue lies, share of the data's: it rests on the floor of the mouth, and the dark shows above it.
const TONGUE: f32 = 0.66;
/// Outer teeth are shorter by this, share of the crown, from the middle.
const SHORTER: [[f32; 6]; 2] = [[0.0, 0.07, 0.0, 0.10, 0.14, 0.18], [0.04, 0.0, 0.02, 0.10, 0.14, 0.18]];

/// Upper and lower teeth.
pub(super) fn teeth(body: &Body) -> Vec<Shell<'static>> {
    ["helper-upper-teeth", "helper-lower-teeth"].iter().enumerate().map(|(jaw, group)| arch(body, jaw, group)).collect()
}

fn arch(body: &Body, jaw: usize, group: &str) -> Shell<'static> {
    let is_upper = jaw == 0;
    let guides = body.data.group_vertices(group);
    let lips = body.landmarks.lips;
    let front = Vec3::new(0.0, lips.y + EDGE[jaw], lips.z - BACK[jaw]);
    let pick = move |base: &[Vec3]| guides.iter().map(|vertex| base[*vertex as usize]).collect::<Vec<Vec3>>();
    let rest = pick(&body.shape);
    let (own, uvs) = surface(jaw, front);
    let rows = ROWS.len() as u32;
    let columns = own.len() as u32 / rows;
    let quads: Vec<[u32; 4]> = grid(rows, columns)
        .into_iter()
        .map(|[a, b, c, d]| if is_upper { [a, d, c, b] } else { [a, b, c, d] })
        .collect();
    let triangles = halve(&quads);
    let name = if is_upper { "TeethUpper" } else { "TeethLower" };
    let part = Part {
        name: name.into(),
        material: "teeth".into(),
        uvs,
        colors: vec![[LIGHT[jaw]; 3]; own.len()],
        triangles: triangles.clone(),
        is_head: true,
        ..Part::default()
    };
    let weights = vec![body.rig.only(HumanBone::Head); own.len()];
    let form = move |base: &[Vec3]| {
        // The jaw carries its teeth as a rigid body: the movement is read off the data's own teeth.
        let movement = rigid(&rest, &pick(base));
        let points: Vec<Vec3> = own.iter().map(|point| movement.transform_point3(*point)).collect();
        let normals = vertex_normals(&points, &triangles);
        (points, normals)
    };
    Shell { part, form: Box::new(form), weights, has_morphs: true }
}

/// The rigid movement that carries points onto others as well as can be.
fn rigid(from: &[Vec3], to: &[Vec3]) -> Affine3A {
    let middle = |points: &[Vec3]| points.iter().sum::<Vec3>() / points.len().max(1) as f32;
    let (old, new) = (middle(from), middle(to));
    let mut turn = Quat::IDENTITY;
    // Each step solves for the small rotation that is left.
    for _ in 0..4 {
        let (mut inertia, mut torque) = (Mat3::ZERO, Vec3::ZERO);
        for (from, to) in from.iter().zip(to) {
            let (arm, wanted) = (turn * (*from - old), *to - new);
            inertia += Mat3::IDENTITY * arm.length_squared() - Mat3::from_cols(arm * arm.x, arm * arm.y, arm * arm.z);
            torque += arm.cross(wanted);
        }
        if inertia.determinant().abs() > 1.0e-12 {
            turn = Quat::from_scaled_axis(inertia.inverse() * torque) * turn;
        }
    }
    Affine3A::from_translation(new) * Affine3A::from_quat(turn.normalize()) * Affine3A::from_translation(-old)
}

/// Points and texture coordinates of an arch of teeth, row by row. `front` is the middle of the biting edge.
fn surface(jaw: usize, front: Vec3) -> (Vec<Vec3>, Vec<Vec2>) {
    let is_upper = jaw == 0;
    let half = WIDTHS[jaw];
    let total: f32 = half.iter().sum::<f32>() * 2.0;
    let widths: Vec<f32> = half.iter().rev().chain(&half).map(|width| width / total).collect();
    let mut columns: Vec<(f32, f32, usize)> = Vec::new();
    let mut start = 0.0;
    for (tooth, width) in widths.iter().enumerate() {
        let from_middle = if tooth < 6 { 5 - tooth } else { tooth - 6 };
        for column in 0..COLUMNS {
            // Denser at the sides of a tooth, where it rounds off.
            let even = column as f32 / COLUMNS as f32;
            let local = 0.5 - 0.5 * (even * std::f32::consts::PI).cos();
            columns.push((start + width * (0.35 * even + 0.65 * local), local, from_middle));
        }
        start += width;
    }
    columns.push((1.0, 0.0, 5));
    let (half_width, depth) = ARCH[jaw];
    // An ellipse-like arch: x over the share of the arch, z falls off behind.
    let place = |s: f32| {
        let t = (2.0 * s - 1.0).clamp(-1.0, 1.0);
        let angle = t * 1.32;
        Vec3::new(half_width * angle.sin() / 1.32_f32.sin(), 0.0, -depth * (1.0 - angle.cos()) / (1.0 - 1.32_f32.cos()))
    };
    let up = if is_upper { 1.0 } else { -1.0 };
    let (mut points, mut uvs) = (Vec::new(), Vec::new());
    for (row, (height, out, roundness)) in ROWS.iter().enumerate() {
        let v = 0.02 + 0.96 * row as f32 / (ROWS.len() - 1) as f32;
        for (s, local, tooth) in &columns {
            let at = place(*s);
            let along = (place((s + 0.01).min(1.0)) - place((s - 0.01).max(0.0))).normalize_or(Vec3::X);
            let outward = along.cross(Vec3::Y).normalize_or(Vec3::Z);
            let outward = if outward.z < 0.0 && at.x.abs() < 0.1 { -outward } else { outward };
            let side = (2.0 * local - 1.0).abs();
            // Between teeth the surface dips and the edge is rounded off: more for outer teeth.
            let dip = -0.013 * roundness * side.powi(4);
            let crown = CROWN[jaw] * (1.0 - SHORTER[jaw][*tooth]);
            let corner = if *height > 0.7 { 0.10 * side.powi(4) } else { 0.0 };
            // The gum rises between teeth to a point.
            let papilla = if *height < 0.2 && *height > -0.3 { 0.10 * side.powi(2) } else { 0.0 };
            let y = up * (CROWN[jaw] - crown + crown * (1.0 - height + corner - papilla));
            let y = y - up * 0.010 * at.x.abs() / half_width;
            points.push(front + at + Vec3::Y * y + outward * (out + dip));
            uvs.push(Vec2::new(*s, v));
        }
    }
    (points, uvs)
}

/// The tongue of the data, a little smaller and further back.
pub(super) fn tongue(body: &Body) -> Shell<'static> {
    let vertices = body.data.group_vertices("helper-tongue");
    let own = |vertex: u32| vertices.binary_search(&vertex).unwrap_or(0) as u32;
    let quads: Vec<[u32; 4]> = body.data.group("helper-tongue").map(|quad| quad.vertices.map(own)).collect();
    let triangles = halve(&quads);
    let rest: Vec<Vec3> = vertices.iter().map(|vertex| body.shape[*vertex as usize]).collect();
    let back = rest.iter().map(|point| point.z).fold(f32::INFINITY, f32::min);
    let tip = rest.iter().map(|point| point.z).fold(f32::NEG_INFINITY, f32::max);
    let triangles: Vec<[u32; 3]> = triangles.into_iter().filter(|t| super::chart::is_proper(&rest, t)).collect();
    let part = Part {
        name: "Tongue".into(),
        material: "tongue".into(),
        uvs: rest.iter().map(|p| Vec2::new((p.x + 0.4) / 0.8, (p.z - back) / (tip - back).max(1.0e-3))).collect(),
        triangles: triangles.clone(),
        is_head: true,
        ..Part::default()
    };
    let weights = vec![body.rig.only(HumanBone::Head); vertices.len()];
    let height = |vertex: &&u32| body.shape[**vertex as usize].y;
    let floor = vertices.iter().min_by(|a, b| height(a).total_cmp(&height(b))).copied().unwrap_or(0);
    let form = move |base: &[Vec3]| {
        let low = base[floor as usize].y;
        let place = |vertex: &u32| {
            let at = base[*vertex as usize];
            Vec3::new(at.x * 0.85, low + (at.y - low) * TONGUE - 0.045, at.z - 0.13)
        };
        let points: Vec<Vec3> = vertices.iter().map(place).collect();
        let normals = vertex_normals(&points, &triangles);
        (points, normals)
    };
    Shell { part, form: Box::new(form), weights, has_morphs: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rigid_movement_is_found() {
        let from: Vec<Vec3> = (0..9).map(|i| Vec3::new((i % 3) as f32, (i / 3) as f32 * 0.2, (i % 2) as f32)).collect();
        let movement = Affine3A::from_rotation_translation(Quat::from_rotation_x(0.4), Vec3::new(0.1, -0.5, 0.2));
        let to: Vec<Vec3> = from.iter().map(|point| movement.transform_point3(*point)).collect();
        let found = rigid(&from, &to);
        assert!(from.iter().zip(&to).all(|(from, to)| found.transform_point3(*from).distance(*to) < 1.0e-4));
        assert_eq!(rigid(&[], &[]), Affine3A::IDENTITY);
    }
}
