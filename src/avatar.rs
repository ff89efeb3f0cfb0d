//! The avatar in Bevy: loads a VRM file, finds its bones by node index, and carries each frame's pose onto bones
//! and morph weights.
//!
//! Includes loading, rig, materials and application. Does not decide anything: the pose comes from
//! [`crate::behavior`], the rules of VRM from [`crate::vrm`].

mod apply;
mod held;
mod load;
mod material;
mod mipmap;
mod rig;
mod surface;
mod texture;
mod wrinkle;

use bevy::prelude::*;

pub use held::{HeldExpressions, Turn};
pub use load::{AvatarFile, AvatarState, register_source};
pub use rig::Rig;

use crate::behavior::Pose;
use crate::schedule::FrameSystems;

/// The pose of this frame; written only by the encounter's composing system, read by [`apply`](self).
#[derive(Resource, Debug, Clone, PartialEq)]
pub struct PoseNow(pub Pose);

impl Default for PoseNow {
    fn default() -> Self {
        Self(Pose::REST)
    }
}

/// Loads and drives the avatar of [`AvatarFile`].
pub struct AvatarPlugin;

impl Plugin for AvatarPlugin {
    fn build(&self, app: &mut App) {
        load::add_handlers(app);
        app.add_plugins(material::plugin)
            .init_resource::<PoseNow>()
            .init_resource::<AvatarState>()
            .init_resource::<HeldExpressions>()
            .init_resource::<Turn>()
            .register_type::<load::NodeIndex>()
            .register_type::<surface::SurfaceHint>()
            .add_systems(Startup, load::spawn_avatar)
            .add_systems(Update, load::watch_loading.in_set(FrameSystems::Converse))
            .add_systems(
                PostUpdate,
                (apply::apply_pose, wrinkle::wrinkle_faces, apply::keep_morphs_live)
                    .chain()
                    .in_set(FrameSystems::Apply),
            )
            .add_observer(rig::build_rig)
            .add_observer(material::tune_materials);
    }
}
