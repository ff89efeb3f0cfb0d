//! A shaped person: the base mesh after the recipe, with skeleton, face units and landmarks.

use std::sync::Arc;

use glam::Vec3;

use super::data::{BodyData, Delta};
use super::landmarks::Landmarks;
use super::recipe::Recipe;
use super::rig::Rig;
use super::{face_units, shape};
use crate::vrm::BlendShape;

/// A person, ready to be dressed.
#[derive(Debug, Clone)]
pub struct Body {
    /// Where it comes from.
    pub data: Arc<BodyData>,
    /// What was asked for.
    pub recipe: Recipe,
    /// All base vertices in the A-pose, decimeters.
    pub shape: Vec<Vec3>,
    /// The skeleton in this shape.
    pub rig: Rig,
    /// Places of the face.
    pub landmarks: Landmarks,
    units: Vec<Delta>,
}

impl Body {
    /// Shapes a person.
    #[must_use]
    pub fn new(data: Arc<BodyData>, recipe: Recipe) -> Self {
        let shape = shape::shape(&data, &recipe);
        let (shape, units) = face_units::fit(&data, shape, shape::scale(&recipe));
        let rig = Rig::new(&data, &shape);
        let landmarks = Landmarks::new(&data, &shape);
        Self { data, recipe, shape, rig, landmarks, units }
    }

    /// How an ARKit blend shape moves the base vertices of this person at full weight.
    #[must_use]
    pub fn unit(&self, shape: BlendShape) -> &Delta {
        &self.units[shape.index()]
    }
}
