//! Eyeballs and corneas.
//!
//! Texture coordinates of the eyeball: around the gaze axis, the distance from the middle of the picture is
//! `0.496 * (angle / 100°) ^ 0.75`; the iris ends at [`IRIS_DEG`], the pupil at [`PUPIL_DEG`]. Of the cornea: linear
//! from the middle to the border at 36°.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3};

use super::shell::Shell;
use crate::forge::body::Body;
use crate::forge::normals::{grid, halve, vertex_normals};
use crate::forge::part::Part;
use crate::vrm::HumanBone;

/// Angle of the border of the iris from the gaze axis.
pub(in crate::forge) const IRIS_DEG: f32 = 26.0;
/// Angle of the border of the pupil.
pub(in crate::forge) const PUPIL_DEG: f32 = 9.5;
/// Where the eyeball ends, hidden behind lids.
const EDGE_DEG: f32 = 100.0;
/// How deep the iris is dished against the plane of its border, share of the eye's radius.
const DISH: f32 = 0.035;
const EYE_RINGS: [f32; 13] = [0.0, 5.0, PUPIL_DEG, 14.0, 20.0, 24.8, 26.6, 30.0, 36.0, 46.0, 60.0, 78.0, EDGE_DEG];
const CORNEA_RINGS: [f32; 7] = [0.0, 8.0, 15.0, 21.0, 26.0, 31.0, 36.0];
const SECTORS: usize = 24;

/// Both eyeballs.
pub(super) fn eyeballs(body: &Body) -> Shell<'static> {
    let profile = |degrees: f32| {
        let (angle, iris) = (degrees.to_radians(), IRIS_DEG.to_radians());
        let t = angle / iris;
        let (out, forward) = if angle < iris {
            (t * iris.sin(), iris.cos() - DISH * (1.0 - t.powi(4)))
        } else {
            (angle.sin(), angle.cos())
        };
        (out, forward, 0.496 * (degrees / EDGE_DEG).powf(0.75))
    };
    pair(body, "Eyes", "eye", &EYE_RINGS, profile)
}

/// Both corneas: clear shells that bulge over the irises and carry the highlight.
pub(super) fn corneas(body: &Body) -> Shell<'static> {
    let edge = CORNEA_RINGS[CORNEA_RINGS.len() - 1];
    let profile = |degrees: f32| {
        let t = degrees / edge;
        let radius = 1.004 + 0.041 * (1.0 - t * t).max(0.0).powf(1.5);
        (degrees.to_radians().sin() * radius, degrees.to_radians().cos() * radius, 0.5 * t)
    };
    pair(body, "Corneas", "cornea", &CORNEA_RINGS, profile)
}

/// Two bodies of revolution about the gaze axes. `profile` gives for an angle the distance from the axis and the
/// height along it in radii, and the distance from the middle of the texture.
fn pair(
    body: &Body,
    name: &str,
    material: &str,
    rings: &[f32],
    profile: impl Fn(f32) -> (f32, f32, f32),
) -> Shell<'static> {
    let marks = &body.landmarks;
    let columns = SECTORS + 1;
    let quads: Vec<[u32; 4]> =
        grid(rings.len() as u32, columns as u32).into_iter().map(|[a, b, c, d]| [a, d, c, b]).collect();
    let mut part = Part { name: name.into(), material: material.into(), is_head: true, ..Part::default() };
    let (mut points, mut normals, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for (center, bone) in marks.eyes.iter().zip([HumanBone::LeftEye, HumanBone::RightEye]) {
        let first = points.len() as u32;
        let mut own = Vec::new();
        for degrees in rings {
            let (out, forward, uv) = profile(*degrees);
            for sector in 0..columns {
                let turn = TAU * sector as f32 / SECTORS as f32;
                let around = Vec2::from_angle(turn);
                own.push(*center + Vec3::new(around.x * out, around.y * out, forward) * marks.eye_radius);
                part.uvs.push(Vec2::splat(0.5) + Vec2::new(around.x, -around.y) * uv);
            }
        }
        // The first ring is a point: one triangle of each of its quads has no area.
        let triangles: Vec<[u32; 3]> = halve(&quads).into_iter().filter(|t| super::chart::is_proper(&own, t)).collect();
        let mut own_normals = vertex_normals(&own, &triangles);
        for ring in 0..rings.len() {
            let (start, end) = (ring * columns, ring * columns + SECTORS);
            let seam = (own_normals[start] + own_normals[end]).normalize_or(Vec3::Z);
            (own_normals[start], own_normals[end]) = (seam, seam);
        }
        own_normals[..columns].fill(Vec3::Z);
        part.triangles.extend(triangles.into_iter().map(|t| t.map(|vertex| vertex + first)));
        weights.resize(weights.len() + own.len(), body.rig.only(bone));
        points.append(&mut own);
        normals.append(&mut own_normals);
    }
    Shell { part, form: Box::new(move |_| (points.clone(), normals.clone())), weights, has_morphs: false }
}
