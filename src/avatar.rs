//! Avatars in Bevy: load VRM files, find bones by node index, and carry each frame's poses onto bones, morph weights
//! and materials.
//!
//! Includes seats, loading, rig, materials and application; any number of avatars at once. Does not decide anything:
//! poses come from [`crate::behavior`], the rules of VRM from [`crate::vrm`].

mod apply;
mod bind;
mod file;
mod load;
mod material;
mod mipmap;
mod person;
mod rig;
mod seat;
mod surface;
#[cfg(test)]
mod tests;
mod texture;
mod toon;
mod wrinkle;

use bevy::prelude::*;
use bevy::shader::load_shader_library;

pub use file::AvatarFile;
pub use load::register_source;
pub use rig::Rig;
pub use seat::{AvatarState, HeldExpressions, OpenAvatar, PoseNow, Seat, ShowAvatar, seat};

use crate::schedule::FrameSystems;

/// Loads avatars onto [`Seat`]s and drives them.
pub struct AvatarPlugin;

impl Plugin for AvatarPlugin {
    fn build(&self, app: &mut App) {
        load::add_handlers(app);
        load_shader_library!(app, "avatar/light.wgsl");
        app.add_plugins((person::plugin, toon::plugin))
            .register_type::<load::NodeIndex>()
            .register_type::<surface::SurfaceHint>()
            .add_observer(load::show_avatar)
            .add_observer(load::open_avatar)
            .add_observer(load::note_spawned)
            .add_systems(
                Update,
                (
                    load::drop_stale,
                    load::finish_reading,
                    load::watch_loading,
                    rig::build_rigs,
                    material::tune_materials,
                    load::change_places,
                )
                    .chain()
                    .in_set(FrameSystems::Converse),
            )
            .add_systems(
                PostUpdate,
                (apply::apply_pose, bind::bind_materials, wrinkle::wrinkle_faces, apply::keep_morphs_live)
                    .chain()
                    .in_set(FrameSystems::Apply),
            );
    }
}
