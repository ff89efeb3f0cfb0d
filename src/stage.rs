//! The service room: backdrop, light, camera, and how much of it this machine can afford.
//!
//! Includes everything that stands around the avatar. Does not include the avatar, cards or interface.
//! The avatar stands at the origin and faces +Z; the customer looks along −Z.

mod adapter;
pub mod camera;
mod environment;
mod light;
mod quality;
mod room;

use bevy::prelude::*;

pub use adapter::{Adapter, adapter};
pub use camera::{CustomerView, FOV_Y_RAD, Framing, ViewInsets, ViewTarget};
pub use quality::Quality;

use crate::schedule::FrameSystems;
use crate::settings::QualityChoice;

/// Adds room, light, customer camera and quality tiers.
pub struct StagePlugin {
    /// What the settings ask for.
    pub quality: QualityChoice,
}

impl Plugin for StagePlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(quality::QualitySetting(self.quality))
            .init_resource::<Framing>()
            .init_resource::<ViewInsets>()
            .init_resource::<ViewTarget>()
            .insert_resource(ClearColor(room::BACKDROP_EDGE))
            .add_plugins(MaterialPlugin::<room::BackdropMaterial>::default())
            .add_systems(
                Startup,
                (quality::choose_quality, room::spawn_room, light::spawn_lights, camera::spawn_camera).chain(),
            )
            .add_systems(Update, (camera::fit_viewport, camera::ease_framing).chain().in_set(FrameSystems::Compose))
            .add_systems(Update, quality::apply_quality.run_if(resource_changed::<Quality>))
            .add_systems(Last, quality::report_pace);
        room::embed_shader(app);
    }
}
