//! VRM without an engine: maths and plain data, no ECS, no clock, no I/O.

mod blend_shape;
mod bone;

pub use blend_shape::BlendShape;
pub use bone::HumanBone;
