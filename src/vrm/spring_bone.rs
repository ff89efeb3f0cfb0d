//! Spring bones at work: tails that keep their speed, return to their place, fall, and bump into colliders.
//!
//! Positions are kept in model space. The world matters in two places: gravity comes from it, and when the avatar
//! moves in it, tails that have no center stay behind. The size of the avatar in the world does not change how it
//! swings. Steps take place at a fixed rate, each with the pose of its own moment; what is shown after an update is
//! the last step, carried on by the part of the next one that has passed.

use glam::{Quat, Vec3, Vec3A};

use super::collider::Shape;
use super::input::Root;
use super::skeleton::{Skeleton, near_unit};
use super::spring_clock::SpringClock;
#[cfg(test)]
use super::spring_rig::Joint;
use super::spring_rig::{MODEL, SpringRig};

/// A place and a direction, without scale.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    position: Vec3A,
    rotation: Quat,
}

impl Frame {
    const IDENTITY: Self = Self { position: Vec3A::ZERO, rotation: Quat::IDENTITY };

    /// Part of the way to a later frame.
    fn lerp(&self, later: &Self, part: f32) -> Self {
        Self { position: self.position.lerp(later.position, part), rotation: self.rotation.lerp(later.rotation, part) }
    }
}

/// Everything around the joints at one moment, model space but for the root.
#[derive(Debug, Clone)]
struct Around {
    /// The avatar in the world.
    root: Root,
    anchors: Vec<Frame>,
    centers: Vec<Frame>,
    shapes: Vec<Shape>,
}

impl Around {
    fn read(&mut self, slots: &Slots, rig: &SpringRig, skeleton: &Skeleton, root: &Root) {
        let frame =
            |slot: usize| Frame { position: skeleton.affine(slot).translation, rotation: skeleton.rotation(slot) };
        self.root = *root;
        for (out, &slot) in self.anchors.iter_mut().zip(&slots.anchors) {
            *out = frame(slot);
        }
        for (out, &slot) in self.centers.iter_mut().zip(&slots.centers) {
            *out = frame(slot);
        }
        for ((out, collider), &slot) in self.shapes.iter_mut().zip(&rig.colliders).zip(&slots.colliders) {
            *out = Shape::new(collider, &skeleton.affine(slot));
        }
    }

    /// Becomes another moment of the same avatar.
    fn copy_from(&mut self, other: &Self) {
        self.root = other.root;
        self.anchors.copy_from_slice(&other.anchors);
        self.centers.copy_from_slice(&other.centers);
        self.shapes.copy_from_slice(&other.shapes);
    }

    /// Becomes what lies between two moments.
    fn lerp(&mut self, before: &Self, after: &Self, part: f32) {
        self.root = before.root.lerp(&after.root, part);
        for (out, (before, after)) in self.anchors.iter_mut().zip(before.anchors.iter().zip(&after.anchors)) {
            *out = before.lerp(after, part);
        }
        for (out, (before, after)) in self.centers.iter_mut().zip(before.centers.iter().zip(&after.centers)) {
            *out = before.lerp(after, part);
        }
        for (out, (before, after)) in self.shapes.iter_mut().zip(before.shapes.iter().zip(&after.shapes)) {
            *out = before.lerp(after, part);
        }
    }
}

/// Where the skeleton keeps what the springs ask for.
#[derive(Debug, Clone)]
struct Slots {
    anchors: Vec<usize>,
    centers: Vec<usize>,
    colliders: Vec<usize>,
}

/// Moves positions of the last step so that they stay where they were in their space.
#[derive(Debug, Clone, Copy)]
struct Carry {
    rotation: Quat,
    offset: Vec3A,
    scale: f32,
    moves: bool,
}

impl Carry {
    const STILL: Self = Self { rotation: Quat::IDENTITY, offset: Vec3A::ZERO, scale: 1.0, moves: false };

    /// A center moved in the model: what is at rest in it moves along.
    fn with_center(last: &Frame, now: &Frame) -> Self {
        if last == now {
            return Self::STILL;
        }
        let rotation = now.rotation * last.rotation.inverse();
        Self { rotation, offset: now.position - rotation * last.position, scale: 1.0, moves: true }
    }

    /// The model moved in the world: what is at rest there moves the other way.
    fn against_root(last: &Root, now: &Root) -> Self {
        if last == now {
            return Self::STILL;
        }
        let back = now.rotation.inverse();
        let offset = Vec3A::from(back * (last.translation - now.translation)) / now.scale;
        Self { rotation: back * last.rotation, offset, scale: last.scale / now.scale, moves: true }
    }

    fn apply(&self, position: Vec3A) -> Vec3A {
        self.rotation * (position * self.scale) + self.offset
    }
}

/// What changes from step to step.
#[derive(Debug, Clone)]
struct State {
    /// Head and rotation of anchors, then of joints.
    frames: Vec<Frame>,
    /// The tail of each joint after the last step, and a step before.
    current: Vec<Vec3A>,
    previous: Vec<Vec3A>,
    /// Local rotation of each joint.
    rotations: Vec<Quat>,
    /// Gravity of each joint along the model's axes, as of `gravity_root`.
    gravity: Vec<Vec3A>,
    gravity_root: Quat,
    /// Where root and centers were at the last step.
    last_root: Root,
    last_centers: Vec<Frame>,
    carries: Vec<Carry>,
}

/// All spring bones of an avatar.
#[derive(Debug, Clone)]
pub(super) struct SpringBones {
    rig: SpringRig,
    slots: Slots,
    clock: SpringClock,
    state: State,
    before: Around,
    now: Around,
    between: Around,
    /// At the next update the root counts as not having moved.
    teleported: bool,
    /// At the next update all joints come to rest in their places.
    settles: bool,
}

impl SpringBones {
    /// At rest in the rest pose. The skeleton must hold what the rig wants.
    pub(super) fn new(rig: SpringRig, skeleton: &Skeleton) -> Self {
        let slot = |node: &usize| if *node == MODEL { MODEL } else { skeleton.slot(*node).unwrap_or(MODEL) };
        let slots = Slots {
            anchors: rig.anchors.iter().map(slot).collect(),
            centers: rig.centers.iter().map(slot).collect(),
            colliders: rig.colliders.iter().map(|collider| slot(&collider.node)).collect(),
        };
        let mut around = Around {
            root: Root::IDENTITY,
            anchors: vec![Frame::IDENTITY; rig.anchors.len()],
            centers: vec![Frame::IDENTITY; rig.centers.len()],
            shapes: rig.colliders.iter().map(|c| Shape::new(c, &glam::Affine3A::IDENTITY)).collect(),
        };
        around.read(&slots, &rig, skeleton, &Root::IDENTITY);
        let count = rig.joints.len();
        let mut state = State {
            frames: vec![Frame::IDENTITY; rig.anchors.len() + count],
            current: vec![Vec3A::ZERO; count],
            previous: vec![Vec3A::ZERO; count],
            rotations: rig.joints.iter().map(|joint| joint.initial).collect(),
            gravity: rig.joints.iter().map(|joint| joint.gravity).collect(),
            gravity_root: Quat::IDENTITY,
            last_root: Root::IDENTITY,
            last_centers: around.centers.clone(),
            carries: vec![Carry::STILL; 1 + rig.centers.len()],
        };
        state.settle(&rig, &around);
        Self {
            rig,
            slots,
            clock: SpringClock::default(),
            state,
            before: around.clone(),
            now: around.clone(),
            between: around,
            teleported: true,
            settles: false,
        }
    }

    /// The nodes that springs turn.
    pub(super) fn nodes(&self) -> impl Iterator<Item = usize> + '_ {
        self.rig.joints.iter().map(|joint| joint.node)
    }

    pub(super) fn teleport(&mut self) {
        self.teleported = true;
    }

    pub(super) fn settle(&mut self) {
        self.settles = true;
    }

    /// Lets time pass after the rest of the avatar was posed, and turns the joints.
    pub(super) fn update(&mut self, skeleton: &mut Skeleton, root: &Root, dt_secs: f32) {
        if self.rig.joints.is_empty() {
            return;
        }
        if !self.rig.bridges.is_empty() {
            self.rig.rebridge(|node| skeleton.local(node));
        }
        self.now.read(&self.slots, &self.rig, skeleton, root);
        if std::mem::take(&mut self.teleported) {
            self.before.root = *root;
            self.state.last_root = *root;
        }
        if std::mem::take(&mut self.settles) {
            self.before.copy_from(&self.now);
            self.state.last_root = *root;
            self.state.last_centers.copy_from_slice(&self.now.centers);
            self.state.settle(&self.rig, &self.now);
        }
        let plan = self.clock.advance(dt_secs);
        for step in 0..plan.steps {
            let part = plan.part_of_update(step);
            let around = if part < 1.0 {
                self.between.lerp(&self.before, &self.now, part);
                &self.between
            } else {
                &self.now
            };
            self.state.solve::<true>(&self.rig, around, 1.0);
        }
        // A step at the very end has turned the joints for this moment already.
        if plan.steps == 0 || plan.part_after > 0.0 || plan.part_of_update(plan.steps - 1) < 1.0 {
            self.state.solve::<false>(&self.rig, &self.now, plan.part_after);
        }
        for (joint, &rotation) in self.rig.joints.iter().zip(&self.state.rotations) {
            skeleton.set_rotation(joint.node, rotation);
        }
        std::mem::swap(&mut self.before, &mut self.now);
    }

    /// Head and tail of each joint in model space, with the sphere around the tail, as of the last step.
    #[cfg(test)]
    pub(super) fn bones(&self) -> impl Iterator<Item = (&Joint, Vec3A, Vec3A)> + '_ {
        let heads = &self.state.frames[self.rig.anchors.len()..];
        let joints = self.rig.joints.iter().zip(heads).zip(&self.state.current);
        joints.map(|((joint, head), tail)| (joint, head.position, *tail))
    }

    /// The shapes that a joint may bump into, as of the last update.
    #[cfg(test)]
    pub(super) fn shapes(&self, joint: &Joint) -> impl Iterator<Item = &Shape> + '_ {
        self.rig.lists[joint.list].iter().map(|at| &self.before.shapes[*at])
    }
}

impl State {
    /// Puts all tails where they rest, without speed.
    fn settle(&mut self, rig: &SpringRig, around: &Around) {
        let (anchors, joints) = self.frames.split_at_mut(around.anchors.len());
        anchors.copy_from_slice(&around.anchors);
        for (at, joint) in rig.joints.iter().enumerate() {
            let up = if joint.up < anchors.len() { anchors[joint.up] } else { joints[joint.up - anchors.len()] };
            let head = up.position + up.rotation * joint.offset;
            let rotation = near_unit(up.rotation * joint.rest);
            let tail = head + rotation * joint.axis * joint.length;
            joints[at] = Frame { position: head, rotation };
            self.current[at] = tail;
            self.previous[at] = tail;
            self.rotations[at] = joint.initial;
        }
    }

    /// Moves all tails by a part of a step and turns the joints to them. With `COMMIT` the result is where the next
    /// step begins; without it only the rotations count.
    fn solve<const COMMIT: bool>(&mut self, rig: &SpringRig, around: &Around, part: f32) {
        self.carries[0] = Carry::against_root(&self.last_root, &around.root);
        for ((carry, last), now) in self.carries[1..].iter_mut().zip(&self.last_centers).zip(&around.centers) {
            *carry = Carry::with_center(last, now);
        }
        if self.gravity_root != around.root.rotation {
            self.gravity_root = around.root.rotation;
            let back = self.gravity_root.inverse();
            for (out, joint) in self.gravity.iter_mut().zip(&rig.joints) {
                *out = back * joint.gravity;
            }
        }
        let anchors = around.anchors.len();
        self.frames[..anchors].copy_from_slice(&around.anchors);
        let states = self.current.iter_mut().zip(&mut self.previous).zip(&self.gravity).zip(&mut self.rotations);
        for (at, (joint, (((current, previous), gravity), out))) in rig.joints.iter().zip(states).enumerate() {
            let up = self.frames[joint.up];
            let head = up.position + up.rotation * joint.offset;
            let rest = up.rotation * joint.rest;
            let rest_direction = rest * joint.axis;
            let (mut at_last, mut before) = (*current, *previous);
            let carry = &self.carries[joint.space];
            if carry.moves {
                at_last = carry.apply(at_last);
                before = carry.apply(before);
            }
            let way = (at_last - before) * joint.keep + rest_direction * joint.stiffness + *gravity;
            let mut direction = toward(at_last + way * part - head, rest_direction);
            let mut tail = head + direction * joint.length;
            for &shape in &rig.lists[joint.list] {
                if let Some(pushed) = around.shapes[shape].push(tail, joint.hit_radius) {
                    direction = toward(pushed - head, direction);
                    tail = head + direction * joint.length;
                }
            }
            let turn = arc(joint.axis, rest.inverse() * direction);
            *out = near_unit(joint.initial * turn);
            self.frames[anchors + at] = Frame { position: head, rotation: near_unit(rest * turn) };
            if COMMIT {
                *previous = at_last;
                *current = tail;
            }
        }
        if COMMIT {
            self.last_root = around.root;
            self.last_centers.copy_from_slice(&around.centers);
        }
    }
}

/// The unit vector along `way`; `otherwise` where there is none.
fn toward(way: Vec3A, otherwise: Vec3A) -> Vec3A {
    let square = way.length_squared();
    if square > 1.0e-20 && square < 1.0e30 { way * (1.0 / square.sqrt()) } else { otherwise }
}

/// The smallest rotation from one unit vector to another.
fn arc(from: Vec3A, to: Vec3A) -> Quat {
    let cosine = from.dot(to);
    if cosine > -0.999 {
        Quat::from_vec4(from.cross(to).extend(1.0 + cosine)).normalize()
    } else {
        Quat::from_rotation_arc(Vec3::from(from), Vec3::from(to).normalize_or(Vec3::from(from)))
    }
}
