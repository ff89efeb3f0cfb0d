//! The frame: the only file that orders phases.
//!
//! Data flows one way through a frame: what the desk said is received, becomes conversation, becomes behavior,
//! becomes one pose; the pose is applied to the avatar, cards are placed, and what the customer did is sent.

use bevy::prelude::*;

/// The phases of a frame, in this order.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameSystems {
    /// `PreUpdate`: updates of the sync machine are in the conversation's inbox.
    Receive,
    /// `Update`: the conversation's state is that of this frame.
    Converse,
    /// `Update`: the behavior engine knows what happened and what stands around it.
    Plan,
    /// `Update`: the pose of this frame is final.
    Compose,
    /// `Update`: the interface shows this frame's conversation.
    Show,
    /// `PostUpdate`, before transforms propagate: bones and morph weights carry the pose.
    Apply,
    /// `PostUpdate`, before transforms propagate: cards stand in their places.
    PlaceCards,
    /// `PostUpdate`: what the customer did is in the outbox.
    Send,
}

/// Orders the phases.
pub fn plugin(app: &mut App) {
    app.configure_sets(PreUpdate, FrameSystems::Receive);
    app.configure_sets(
        Update,
        (FrameSystems::Converse, FrameSystems::Plan, FrameSystems::Compose, FrameSystems::Show).chain(),
    );
    app.configure_sets(
        PostUpdate,
        (
            FrameSystems::Apply.before(TransformSystems::Propagate),
            FrameSystems::PlaceCards.before(TransformSystems::Propagate).after(FrameSystems::Apply),
            FrameSystems::Send.after(FrameSystems::PlaceCards),
        ),
    );
}
