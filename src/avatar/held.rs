//! What portraits ask of the avatar beyond a pose: expressions of the file held by hand, and a turn of the body.

use bevy::prelude::*;

use crate::problem::Problem;
use crate::vrm::{Document, ExpressionName};

/// Expressions of the avatar's file held at a weight over what the pose does; none in a conversation.
#[derive(Resource, Debug, Clone, PartialEq, Default)]
pub struct HeldExpressions(pub Vec<(ExpressionName, f32)>);

impl HeldExpressions {
    /// Whether the file has all of them.
    ///
    /// # Errors
    /// Names the first that is missing, and those that there are.
    pub fn check(&self, document: &Document) -> Result<(), Problem> {
        let has = |name: &ExpressionName| document.expressions.iter().any(|expression| expression.name == *name);
        let Some((missing, _)) = self.0.iter().find(|(name, _)| !has(name)) else { return Ok(()) };
        let names: Vec<&str> = document.expressions.iter().map(|expression| expression.name.as_str()).collect();
        Err(Problem::new(
            "cannot show expression",
            missing.as_str(),
            format!("the avatar has no such expression; it has {}", names.join(", ")),
            "choose one of them",
        ))
    }
}

/// How far the whole avatar is turned to its left, radians; read when it is spawned.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct Turn(pub f32);
