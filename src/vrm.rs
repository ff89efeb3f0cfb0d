//! VRM without an engine: maths and plain data, no ECS, no clock, no I/O.
//!
//! [`Document::read`] takes the bytes of a `.vrm` file and checks everything once; [`Runtime`] poses it frame by
//! frame; [`FaceMap`] lets any face be driven by ARKit blend shapes; [`Report`] tells what a file can do and what is
//! wrong with it. Includes VRM 1.0 humanoid, expressions, look-at and first-person flags; VRM 0.x and plain GLB files
//! are brought to VRM 1.0 first. [`prepare`] makes bytes that an engine's glTF loader takes, with the same nodes. Does
//! not include spring bones, node constraints and animations (`.vrma`), which are counted.

mod accessor;
mod accessor_data;
mod arkit;
mod bind;
mod blend_shape;
mod bone;
mod document;
mod expression;
mod finding;
mod first_person;
mod glb;
mod humanoid;
mod image_header;
mod inspect;
mod look_at;
mod mtoon;
mod plain;
mod prepare;
mod runtime;
mod scene_graph;
mod schema;
mod source;
mod validate;
mod validate_expression;
mod validate_humanoid;
mod validate_material;
mod vrm0;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tolerance;

pub use arkit::FaceMap;
pub use bind::{MaterialColor, NodeMorphs, TextureTransform};
pub use blend_shape::BlendShape;
pub use bone::HumanBone;
pub use document::{Document, FirstPerson, Image, Local, Material, Mesh, Node, Physics, Primitive, Shading};
pub use expression::{
    ColorBind, ColorKind, Expression, ExpressionName, MorphBind, Override, Preset, TextureBind, VISEMES,
};
pub use finding::{Finding, Severity};
pub use first_person::{HeadSplit, split_heads};
pub use glb::{Glb, GlbError, MAX_FILE_BYTES, MAX_JSON_BYTES};
pub use humanoid::Humanoid;
pub use inspect::{Capability, Report};
pub use look_at::{EYE_PITCH_MAX_RAD, EYE_YAW_MAX_RAD, EyeDrive, LookAt, LookAtKind, LookWeights, RangeMap, yaw_pitch};
pub use mtoon::{MToon, OutlineWidthMode, TextureRef};
pub use prepare::prepare;
pub use runtime::{ExpressionHandle, Input, NodePose, Output, Runtime};
pub use schema::Meta;
pub use source::Format;

/// The avatar that comes with the program: a `.vrm` file.
pub const BUILT_IN_AVATAR: &[u8] = include_bytes!("../assets/avatars/agent.vrm");
