//! The hands, as far as sleeves leave them open.

use glam::{Vec2, Vec3};

use super::chart::{self, Island, Welded};
use super::shell::Shell;
use crate::forge::body::Body;
use crate::forge::data::Quad;
use crate::forge::normals::{halve, vertex_normals};
use crate::forge::part::Part;

/// How far from the middle of the body hands and wrists begin in the A-pose, decimeters.
const WRIST: f32 = 3.6;

/// Both hands in one part.
pub(super) fn hands<'a>(body: &'a Body, is_seen: &[bool]) -> Shell<'a> {
    let all: Vec<Quad> = body.data.group("body").copied().collect();
    let islands = chart::islands(&body.data, &all);
    let picked: Vec<usize> = (0..all.len())
        .filter(|index| {
            let center = all[*index].vertices.iter().map(|v| body.shape[*v as usize]).sum::<Vec3>() / 4.0;
            let is_hand = matches!(islands[*index], Island::LeftHand | Island::RightHand);
            let is_wrist = islands[*index] == Island::Trunk && center.x.abs() > WRIST;
            (is_hand || is_wrist) && is_seen.get(*index).copied().unwrap_or(true)
        })
        .collect();
    let quads: Vec<[u32; 4]> = picked.iter().map(|index| all[*index].vertices).collect();
    let triangles = halve(&quads);
    let corners = picked.iter().flat_map(|index| {
        let [a, b, c, d] = all[*index].uvs.map(|uv| body.data.uvs[uv as usize]);
        [[a, b, c], [a, c, d]]
    });
    let corners: Vec<[Vec2; 3]> = corners.collect();
    let keep: Vec<usize> = (0..triangles.len()).filter(|t| chart::is_proper(&body.shape, &triangles[*t])).collect();
    let charted: Vec<[Vec2; 3]> =
        keep.iter().map(|t| corners[*t].map(|uv| chart::hand_uv(uv, islands[picked[*t / 2]]))).collect();
    let triangles: Vec<[u32; 3]> = keep.iter().map(|t| triangles[*t]).collect();
    let corners: Vec<[Vec2; 3]> = keep.iter().map(|t| corners[*t]).collect();
    let Welded { vertices, uvs, triangles: welded, .. } = chart::weld(&triangles, &charted, &corners);
    let weights = vertices.iter().map(|vertex| body.rig.weights[*vertex as usize]).collect();
    Shell {
        part: Part { name: "Hands".into(), material: "hands".into(), uvs, triangles: welded, ..Part::default() },
        form: Box::new(move |base| {
            let normals = vertex_normals(base, &triangles);
            let pick = |values: &[Vec3]| vertices.iter().map(|vertex| values[*vertex as usize]).collect();
            (pick(base), pick(&normals))
        }),
        weights,
        has_morphs: false,
    }
}
