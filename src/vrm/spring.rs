//! What a file says about swinging parts: chains of joints, what they bump into, in which space they swing.

use glam::Vec3;

/// A chain of joints that swings.
#[derive(Debug, Clone, PartialEq)]
pub struct Spring {
    /// Name; may be empty.
    pub name: String,
    /// Joints from the root to the tip, each below the one before, though not always directly. The last one is only
    /// the tail of the one before: it does not turn.
    pub joints: Vec<SpringJoint>,
    /// Positions in [`Document::collider_groups`](super::Document::collider_groups).
    pub collider_groups: Vec<usize>,
    /// The node against which inertia counts; `None` for the world.
    pub center: Option<usize>,
}

/// A joint of a chain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpringJoint {
    /// Node index.
    pub node: usize,
    /// Radius of the sphere around its tail that bumps into colliders, meters.
    pub hit_radius: f32,
    /// How fast the tail moves back to its place, meters per second; not negative.
    pub stiffness: f32,
    /// How fast the tail moves along `gravity_dir`, meters per second.
    pub gravity_power: f32,
    /// Direction of gravity in the world. Its length counts.
    pub gravity_dir: Vec3,
    /// The part of its speed that the tail loses in a step, 0..=1.
    pub drag_force: f32,
}

impl SpringJoint {
    /// A joint of which the file says nothing but the node.
    #[must_use]
    pub fn new(node: usize) -> Self {
        Self { node, hit_radius: 0.0, stiffness: 1.0, gravity_power: 0.0, gravity_dir: Vec3::NEG_Y, drag_force: 0.5 }
    }
}

/// Colliders that springs name together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColliderGroup {
    /// Name; may be empty.
    pub name: String,
    /// Positions in [`Document::colliders`](super::Document::colliders).
    pub colliders: Vec<usize>,
}

/// Something that joints bump into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Collider {
    /// The node that carries it.
    pub node: usize,
    /// Its shape in the space of the node.
    pub shape: ColliderShape,
}

/// The shape of a collider, meters in the space of its node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ColliderShape {
    /// A ball.
    Sphere {
        /// Its middle.
        offset: Vec3,
        /// Its radius.
        radius: f32,
        /// Whether joints are kept inside instead of outside.
        inside: bool,
    },
    /// A ball drawn along a line.
    Capsule {
        /// One end of the line.
        offset: Vec3,
        /// The other end.
        tail: Vec3,
        /// The radius.
        radius: f32,
        /// Whether joints are kept inside instead of outside.
        inside: bool,
    },
    /// A plane without an end; joints are kept on the side of the normal.
    Plane {
        /// A point of it.
        offset: Vec3,
        /// Unit vector.
        normal: Vec3,
    },
}
