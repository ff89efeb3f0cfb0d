//! Seats: where avatars stand, each with what drives the one that stands there.
//!
//! A seat is asked for an avatar by [`ShowAvatar`] or [`OpenAvatar`]. Every request has a number, and only the last
//! one counts: what comes late for an earlier one is thrown away. The avatar that stands there stays until the next
//! is complete; then they change places within one frame.

use std::sync::Arc;

use bevy::prelude::*;

use super::file::AvatarFile;
use crate::behavior::Pose;
use crate::problem::Problem;
use crate::vrm::{Document, ExpressionName};

/// A place in the room where one avatar stands.
#[derive(Component, Debug, Default)]
#[require(PoseNow, HeldExpressions, AvatarState, Transform, Visibility)]
pub struct Seat {
    /// Number of the last request; 0 before the first.
    pub(super) latest: u64,
    /// Root of the avatar that stands here.
    pub(super) shown: Option<Entity>,
    /// Its document.
    pub(super) document: Option<Arc<Document>>,
}

impl Seat {
    /// Whether an avatar stands here.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.shown.is_some()
    }

    /// Between the eyes of the avatar that stands here, at rest, in the seat's space, meters.
    #[must_use]
    pub fn eyes(&self) -> Option<Vec3> {
        self.document.as_ref().map(|document| document.eyes_at_rest())
    }

    /// The document of the avatar that stands here.
    #[must_use]
    pub fn document(&self) -> Option<&Document> {
        self.document.as_deref()
    }
}

/// The pose of this frame of the avatar on a seat; written by one system only, before
/// [`FrameSystems::Apply`](crate::schedule::FrameSystems::Apply).
#[derive(Component, Debug, Clone, PartialEq)]
pub struct PoseNow(pub Pose);

impl Default for PoseNow {
    fn default() -> Self {
        Self(Pose::REST)
    }
}

/// How far the avatar that a seat was asked for is.
#[derive(Component, Debug, Clone, PartialEq, Default)]
pub enum AvatarState {
    /// Being read or loaded, or not asked for yet.
    #[default]
    Loading,
    /// Stands there.
    Ready,
    /// Could not be loaded; said to the customer with a way on. Who stood there before still does.
    Failed(Problem),
}

/// Expressions of the avatar's file held at a weight over what the pose does; none in a conversation.
#[derive(Component, Debug, Clone, PartialEq, Default)]
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

/// Asks a seat for an avatar that was read.
#[derive(EntityEvent)]
pub struct ShowAvatar {
    /// The seat.
    #[event_target]
    pub seat: Entity,
    /// The avatar.
    pub file: AvatarFile,
}

/// Asks a seat for the avatar in a file, which is read beside the frames.
#[derive(EntityEvent)]
pub struct OpenAvatar {
    /// The seat.
    #[event_target]
    pub seat: Entity,
    /// The file.
    pub path: std::path::PathBuf,
}

/// Sets up a seat with an avatar.
pub fn seat(world: &mut World, place: Transform, file: AvatarFile) -> Entity {
    let seat = world.spawn((Name::new("Seat"), Seat::default(), place)).id();
    world.trigger(ShowAvatar { seat, file });
    seat
}
