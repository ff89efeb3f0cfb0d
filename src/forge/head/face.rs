//! The face: skin of head and neck, refined at lips and tip of the nose.

use glam::{Vec2, Vec3};

use super::chart::{self, Island, Welded};
use super::shell::Shell;
use crate::forge::ao::{self, Occluder, Sky};
use crate::forge::body::Body;
use crate::forge::data::Quad;
use crate::forge::normals::vertex_normals;
use crate::forge::part::Part;
use crate::forge::subdivide::{Operator, Refined, refine};
use crate::vrm::HumanBone;

/// How far below the neck line of the clothes the skin of the chest reaches, decimeters.
const CHEST: f32 = 2.2;
/// The tip of the nose in the atlas, and its radius there.
const NOSE: (Vec2, f32) = (Vec2::new(0.876, 0.483), 0.016);
/// Share of the lips' mask from which a quad is refined.
const LIPS: f32 = 0.35;

/// The mesh of the face with its texture chart: what painters need to know. Texture coordinates have v downward;
/// the head stands upright in the picture.
#[derive(Debug, Clone)]
pub struct FaceChart {
    /// Vertices in the A-pose, decimeters; where two texture coordinates meet, a vertex stands twice.
    pub points: Vec<Vec3>,
    /// Unit normals.
    pub normals: Vec<Vec3>,
    /// Place in the textures of the face.
    pub uvs: Vec<Vec2>,
    /// Place in the atlas of the data, for [`BodyData::mask`](crate::forge::BodyData::mask); v upward.
    pub atlas: Vec<Vec2>,
    /// Triangles.
    pub triangles: Vec<[u32; 3]>,
    /// The island of the atlas that each triangle belongs to.
    pub islands: Vec<Island>,
    /// Share of the sky that each vertex sees, 0..=1.
    pub occlusion: Vec<f32>,
    vertices: Vec<u32>,
    operator: Operator,
    whole: Vec<[u32; 3]>,
}

impl FaceChart {
    /// The chart of a person. `is_seen` tells for each quad of the group `body`, in order, whether clothes leave it
    /// open to view.
    #[must_use]
    pub fn new(body: &Body, is_seen: &[bool]) -> Self {
        let all: Vec<Quad> = body.data.group("body").copied().collect();
        let islands = chart::islands(&body.data, &all);
        let picked: Vec<usize> = (0..all.len())
            .filter(|index| {
                is_seen.get(*index).copied().unwrap_or(true) && is_face(body, &all[*index], islands[*index])
            })
            .collect();
        let quads: Vec<[u32; 4]> = picked.iter().map(|index| all[*index].vertices).collect();
        let atlas: Vec<[Vec2; 4]> =
            picked.iter().map(|index| all[*index].uvs.map(|uv| body.data.uvs[uv as usize])).collect();
        let selected: Vec<bool> = picked
            .iter()
            .zip(&atlas)
            .map(|(index, corners)| islands[*index] == Island::Head && is_fine(body, corners))
            .collect();
        let Refined { operator, triangles, uvs: corners, source } = refine(body.shape.len(), &quads, &atlas, &selected);
        let points = operator.apply(&body.shape);
        let keep: Vec<usize> = (0..triangles.len()).filter(|t| chart::is_proper(&points, &triangles[*t])).collect();
        let triangles: Vec<[u32; 3]> = keep.iter().map(|t| triangles[*t]).collect();
        let corners: Vec<[Vec2; 3]> = keep.iter().map(|t| corners[*t]).collect();
        let islands: Vec<Island> = keep.iter().map(|t| islands[picked[source[*t] as usize]]).collect();
        let charted: Vec<[Vec2; 3]> = corners
            .iter()
            .zip(&islands)
            .map(|(corners, island)| corners.map(|uv| chart::face_uv(uv, *island)))
            .collect();
        let Welded { vertices, uvs, atlas, triangles: welded } = chart::weld(&triangles, &charted, &corners);
        let normals = vertex_normals(&points, &triangles);
        let pick = |values: &[Vec3]| vertices.iter().map(|vertex| values[*vertex as usize]).collect::<Vec<Vec3>>();
        let (points, normals) = (pick(&points), pick(&normals));
        let occlusion = occlusion(body, &points, &normals, &welded);
        Self {
            points,
            normals,
            uvs,
            atlas,
            triangles: welded,
            islands,
            occlusion,
            vertices,
            operator,
            whole: triangles,
        }
    }

    /// The part of the file.
    pub(super) fn shell<'a>(&'a self, body: &Body) -> Shell<'a> {
        let weights = self.operator.apply_weights(&body.rig.weights);
        Shell {
            part: Part {
                name: "Face".into(),
                material: "face".into(),
                uvs: self.uvs.clone(),
                triangles: self.triangles.clone(),
                is_head: true,
                ..Part::default()
            },
            form: Box::new(|base| {
                let points = self.operator.apply(base);
                let normals = vertex_normals(&points, &self.whole);
                let pick = |values: &[Vec3]| self.vertices.iter().map(|vertex| values[*vertex as usize]).collect();
                (pick(&points), pick(&normals))
            }),
            weights: self.vertices.iter().map(|vertex| weights[*vertex as usize]).collect(),
            has_morphs: true,
        }
    }
}

/// Whether a quad belongs to head, neck or the skin below; the backs of the eye sockets are never seen.
fn is_face(body: &Body, quad: &Quad, island: Island) -> bool {
    let marks = &body.landmarks;
    let center = quad.vertices.iter().map(|vertex| body.shape[*vertex as usize]).sum::<Vec3>() / 4.0;
    if center.y < marks.neck_line - CHEST || matches!(island, Island::LeftHand | Island::RightHand | Island::Foot) {
        return false;
    }
    if island == Island::Trunk {
        // The upper arms reach as high as the chest.
        let arm = [HumanBone::LeftUpperArm, HumanBone::RightUpperArm].map(|bone| body.rig.joint(bone) as u16);
        let on_arm = quad.vertices.iter().flat_map(|vertex| body.rig.weights[*vertex as usize]);
        if on_arm.filter(|(joint, _)| arm.contains(joint)).map(|(_, weight)| weight).sum::<f32>() > 1.2 {
            return false;
        }
    }
    let is_socket = matches!(island, Island::LeftSocket | Island::RightSocket);
    !(is_socket && marks.eyes.iter().any(|eye| center.distance(*eye) < 0.30 && center.z < eye.z + 0.03))
}

/// Whether a quad of the head needs finer geometry.
fn is_fine(body: &Body, corners: &[Vec2; 4]) -> bool {
    let center = corners.iter().sum::<Vec2>() / 4.0;
    center.distance(NOSE.0) < NOSE.1 || body.data.mask("lips").is_some_and(|lips| lips.sample(center) > LIPS)
}

/// Eyes and teeth shade the face, too.
fn occlusion(body: &Body, points: &[Vec3], normals: &[Vec3], triangles: &[[u32; 3]]) -> Vec<f32> {
    let groups = ["helper-l-eye", "helper-r-eye", "helper-upper-teeth", "helper-lower-teeth"];
    let inner: Vec<[u32; 3]> = groups
        .iter()
        .flat_map(|group| body.data.group(group))
        .flat_map(|quad| crate::forge::normals::halve(&[quad.vertices]))
        .collect();
    let occluders = [Occluder { points, triangles }, Occluder { points: &body.shape, triangles: &inner }];
    ao::vertex_ao(points, normals, &occluders, Sky { directions: 64, map: 300, bias: 0.016 })
}
