//! A part of the head as a function of the base vertices: blend shapes follow from it.

use glam::Vec3;
use rayon::prelude::*;

use crate::forge::body::Body;
use crate::forge::part::{Morph, Part};
use crate::forge::rig::{DesignPose, Influence, skin, skin_normals};
use crate::vrm::BlendShape;

/// Movements that no vertex exceeds are left out, decimeters.
const LEAST_MOVE: f32 = 2.0e-4;
/// A vertex that moves or turns less stays out of a blend shape, decimeters.
const LEAST_POSITION: f32 = 1.0e-4;
/// The same for normals.
const LEAST_NORMAL: f32 = 2.5e-2;

/// Positions and unit normals.
pub(super) type Form = (Vec<Vec3>, Vec<Vec3>);

/// A part whose form follows the base vertices.
pub(super) struct Shell<'a> {
    /// Everything that does not follow the base vertices; positions, normals and morphs are still empty.
    pub(super) part: Part,
    /// Positions and normals for any positions of the base vertices.
    pub(super) form: Box<dyn Fn(&[Vec3]) -> Form + Sync + 'a>,
    /// Weights of the vertices.
    pub(super) weights: Vec<Influence>,
    /// Whether blend shapes move it.
    pub(super) has_morphs: bool,
}

impl Shell<'_> {
    /// The part in the T-pose with its blend shapes.
    pub(super) fn finish(self, body: &Body) -> Part {
        let rest = (self.form)(&body.shape);
        let morphs = if self.has_morphs {
            BlendShape::ALL.par_iter().filter_map(|shape| self.morph(body, *shape, &rest)).collect()
        } else {
            Vec::new()
        };
        let matrices = body.rig.pose(DesignPose::T);
        Part {
            positions: skin(&rest.0, &self.weights, &matrices),
            normals: skin_normals(&rest.1, &self.weights, &matrices),
            weights: self.weights,
            morphs,
            ..self.part
        }
    }

    fn morph(&self, body: &Body, shape: BlendShape, rest: &Form) -> Option<Morph> {
        let mut base = body.shape.clone();
        for (vertex, offset) in body.unit(shape) {
            base[*vertex as usize] += *offset;
        }
        let moved = (self.form)(&base);
        let deltas: Vec<(u32, Vec3, Vec3)> = rest
            .0
            .iter()
            .zip(&moved.0)
            .zip(rest.1.iter().zip(&moved.1))
            .enumerate()
            .map(|(vertex, ((from, to), (normal, turned)))| (vertex as u32, *to - *from, *turned - *normal))
            .filter(|(_, offset, turn)| offset.length() > LEAST_POSITION || turn.length() > LEAST_NORMAL)
            .collect();
        let largest = deltas.iter().map(|(_, offset, _)| offset.length()).fold(0.0, f32::max);
        (largest > LEAST_MOVE).then_some(Morph { shape, deltas })
    }
}
