//! The encounter: customer and agent face to face. Moves values between the domains, one way through the frame:
//! sync → conversation → behavior → pose, and back only wishes of the customer.
//!
//! Includes the systems that join the pure domains, and the app that window and headless runs share. Does not
//! include any decision: those live in [`crate::conversation`] and [`crate::behavior`].

mod app;
mod link;
mod mind;
mod table;

use bevy::prelude::*;

pub use app::{EncounterConfig, Surface, bare_app, build_app};
pub use link::{Link, LinkNow};
pub use mind::{Behaves, Mind, Musing};

use crate::conversation::{Change, Conversation};
use crate::protocol::{Event, Snapshot};
use crate::schedule::FrameSystems;
use crate::sync::Command;
use crate::words::Words;

/// The conversation as of this frame; written only by [`FrameSystems::Converse`].
#[derive(Resource, Default)]
pub struct Talk(pub Conversation);

/// Something happened in the conversation this frame.
#[derive(Message, Debug, Clone)]
pub struct Happened(pub Change);

/// Something from the desk became part of the conversation this frame, as it came.
#[derive(Message, Debug, Clone)]
pub enum Logged {
    /// An event of the log.
    Event(Box<Event>),
    /// The conversation as it stood when the link came up.
    Snapshot(Box<Snapshot>),
}

/// The customer wants something; sent at the end of the frame.
#[derive(Message, Debug, Clone)]
pub struct SendWish(pub Command);

/// The customer's language; everything on the screen follows it.
#[derive(Resource, Clone)]
pub struct ScreenWords(pub Words);

/// The seat of the service agent.
#[derive(Component)]
pub struct Agent;

/// Joins the domains.
pub struct EncounterPlugin;

impl Plugin for EncounterPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Talk>()
            .init_resource::<LinkNow>()
            .init_resource::<Musing>()
            .add_message::<Happened>()
            .add_message::<Logged>()
            .add_message::<SendWish>()
            .add_systems(PreUpdate, link::receive_updates.in_set(FrameSystems::Receive))
            .add_systems(
                Update,
                (link::converse, table::lay_table, table::share_words, table::follow_desk_time)
                    .chain()
                    .in_set(FrameSystems::Converse),
            )
            .add_systems(
                Update,
                (mind::cue_mind, mind::follow_cards, mind::meet_agent, mind::watch_lexicon)
                    .chain()
                    .in_set(FrameSystems::Plan),
            )
            .add_systems(Update, (mind::compose_pose, mind::hear_mind).chain().in_set(FrameSystems::Compose))
            .add_systems(
                PostUpdate,
                (table::forward_submissions, link::send_wishes).chain().in_set(FrameSystems::Send),
            );
    }
}
