//! VRM without an engine: maths and plain data, no ECS, no clock, no I/O.
//!
//! [`Document::read`] takes the bytes of a `.vrm` file and checks everything once; [`Runtime`] poses it frame by
//! frame; [`FaceMap`] lets any face be driven by ARKit blend shapes; [`Report`] tells what a file can do and what is
//! wrong with it. [`Animation::read`] takes a `.vrma` file, [`Clip`] fits it to an avatar, [`Mixer`] fades between
//! clips. [`evaluate`] plays scripted inputs. Includes VRM 1.0 humanoid, expressions, look-at, constraints, spring bones
//! and first person, and VRM animations; VRM 0.x and plain GLB files are brought to VRM 1.0 first. [`prepare()`] makes
//! bytes that an engine's glTF loader takes, with the same nodes.

mod accessor;
mod accessor_data;
mod animation;
mod arkit;
mod bind;
mod blend_shape;
mod bone;
mod bone_pose;
mod collider;
mod constraint;
mod document;
pub mod evaluate;
mod expression;
mod finding;
mod first_person;
mod glb;
mod humanoid;
mod image_header;
mod input;
mod inspect;
mod look_at;
mod mixer;
mod mtoon;
mod node_tree;
mod plain;
mod prepare;
mod retarget;
mod runtime;
mod scene_graph;
mod schedule;
mod schema;
mod skeleton;
mod source;
#[doc(hidden)]
pub mod specimen;
mod spring;
mod spring_bone;
mod spring_clock;
mod spring_four;
mod spring_rig;
mod spring_schema;
mod validate;
mod validate_collider;
mod validate_constraint;
mod validate_expression;
mod validate_humanoid;
mod validate_material;
mod validate_spring;
mod vrm0;
mod wide;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod order_tests;
#[cfg(test)]
mod spring_reading_tests;
#[cfg(test)]
mod spring_tests;
#[cfg(test)]
mod tolerance;

pub use animation::Animation;
pub use arkit::FaceMap;
pub use bind::{MaterialColor, NodeMorphs, TextureTransform};
pub use blend_shape::BlendShape;
pub use bone::HumanBone;
pub use constraint::{Constraint, ConstraintKind};
pub use document::{Document, FirstPerson, Image, Local, Material, Mesh, Node, Physics, Primitive, Shading};
pub use expression::{
    ColorBind, ColorKind, Expression, ExpressionName, MorphBind, Override, Preset, TextureBind, VISEMES,
};
pub use finding::{Finding, Severity};
pub use first_person::{HeadSplit, split_heads};
pub use glb::{Glb, GlbError, MAX_FILE_BYTES, MAX_JSON_BYTES};
pub use humanoid::Humanoid;
pub use input::{Input, Root};
pub use inspect::{Capability, Report};
pub use look_at::{EYE_PITCH_MAX_RAD, EYE_YAW_MAX_RAD, EyeDrive, LookAt, LookAtKind, LookWeights, RangeMap, yaw_pitch};
pub use mixer::Mixer;
pub use mtoon::{MToon, OutlineWidthMode, TextureRef};
pub use prepare::prepare;
pub use retarget::{Clip, ClipPose, Repeat};
pub use runtime::{ExpressionHandle, NodePose, Output, Runtime};
pub use schema::Meta;
pub use source::Format;
pub use spring::{Collider, ColliderGroup, ColliderShape, Spring, SpringJoint};

/// The avatar that comes with the program: a `.vrm` file.
pub const BUILT_IN_AVATAR: &[u8] = include_bytes!("../assets/avatars/agent.vrm");
