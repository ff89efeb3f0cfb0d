//! Spring bones at work: tails that keep their speed, return to their place, fall, and bump into colliders.
//!
//! Positions are kept in model space. The world matters in two places: gravity comes from it, and when the avatar
//! moves in it, tails that have no center stay behind. The size of the avatar in the world does not change how it
//! swings. Steps take place at a fixed rate, each with the pose of its own moment; what is shown after an update is
//! the last step, carried on by the part of the next one that has passed.

use glam::{Affine3A, Quat, Vec3A, Vec4};

use super::collider::Shape;
use super::input::Root;
use super::skeleton::Skeleton;
use super::spring_clock::SpringClock;
use super::spring_rig::{Joint, MODEL, SpringRig};
use super::wide::{WideQuat, WideVec};

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

    /// Where the tails of four joints end up among the shapes of their list, one after the other.
    fn push(&self, list: &[usize], four: &Four, head: WideVec, mut direction: WideVec) -> (WideVec, WideVec) {
        let mut tail = head + direction * four.length;
        for &shape in list {
            if let Some((touches, pushed)) = self.shapes[shape].push(tail, four.hit_radius) {
                direction = WideVec::select(touches, (pushed - head).normalize_or(direction), direction);
                tail = head + direction * four.length;
            }
        }
        (direction, tail)
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

    fn apply(&self, positions: WideVec) -> WideVec {
        WideQuat::splat(self.rotation).rotate(positions * Vec4::splat(self.scale)) + WideVec::splat(self.offset)
    }
}

/// Four joints that do not depend on each other: their constants side by side.
#[derive(Debug, Clone, Copy)]
struct Four {
    /// Frames that carry them.
    up: [usize; 4],
    offset: WideVec,
    rest: WideQuat,
    initial: WideQuat,
    axis: WideVec,
    length: Vec4,
    hit_radius: Vec4,
    keep: Vec4,
    stiffness: Vec4,
    gravity: WideVec,
    list: usize,
    space: usize,
}

impl Four {
    /// The rig sees to it that there are four.
    fn new(joints: &[Joint; 4]) -> Self {
        let vector = |of: fn(&Joint) -> Vec3A| WideVec::gather(joints.each_ref().map(|joint| of(joint).extend(0.0)));
        let rotation = |of: fn(&Joint) -> Quat| WideQuat::gather(joints.each_ref().map(|joint| of(joint).into()));
        let number = |of: fn(&Joint) -> f32| Vec4::from_array(joints.each_ref().map(of));
        Self {
            up: joints.each_ref().map(|joint| joint.up),
            offset: vector(|joint| joint.offset),
            rest: rotation(|joint| joint.rest),
            initial: rotation(|joint| joint.initial),
            axis: vector(|joint| joint.axis),
            length: number(|joint| joint.length),
            hit_radius: number(|joint| joint.hit_radius),
            keep: number(|joint| joint.keep),
            stiffness: number(|joint| joint.stiffness),
            gravity: vector(|joint| joint.gravity),
            list: joints[0].list,
            space: joints[0].space,
        }
    }
}

/// What changes from step to step.
#[derive(Debug, Clone)]
struct State {
    /// Head and rotation of anchors, then of joints.
    frames: Vec<Frame>,
    /// The tails of each four joints after the last step, and a step before.
    current: Vec<WideVec>,
    previous: Vec<WideVec>,
    /// Local rotation of each joint.
    rotations: Vec<Quat>,
    /// Gravity of each four joints along the model's axes, as of `gravity_root`.
    gravity: Vec<WideVec>,
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
    fours: Vec<Four>,
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
            shapes: rig.colliders.iter().map(|c| Shape::new(c, &Affine3A::IDENTITY)).collect(),
        };
        around.read(&slots, &rig, skeleton, &Root::IDENTITY);
        let count = rig.joints.len();
        let fours: Vec<Four> = rig.joints.as_chunks().0.iter().map(Four::new).collect();
        let mut state = State {
            frames: vec![Frame::IDENTITY; rig.anchors.len() + count],
            current: vec![WideVec::ZERO; fours.len()],
            previous: vec![WideVec::ZERO; fours.len()],
            rotations: rig.joints.iter().map(|joint| joint.initial).collect(),
            gravity: fours.iter().map(|four| four.gravity).collect(),
            gravity_root: Quat::IDENTITY,
            last_root: Root::IDENTITY,
            last_centers: around.centers.clone(),
            carries: vec![Carry::STILL; 1 + rig.centers.len()],
        };
        state.settle(&fours, &around);
        Self {
            rig,
            fours,
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
        self.rig.joints.iter().map(|joint| joint.node).filter(|node| *node != MODEL)
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
            for (four, joints) in self.fours.iter_mut().zip(self.rig.joints.as_chunks().0) {
                *four = Four::new(joints);
            }
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
            self.state.settle(&self.fours, &self.now);
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
            self.state.solve::<true>(&self.rig.lists, &self.fours, around, 1.0);
        }
        // A step at the very end has turned the joints for this moment already.
        if plan.steps == 0 || plan.part_after > 0.0 || plan.part_of_update(plan.steps - 1) < 1.0 {
            self.state.solve::<false>(&self.rig.lists, &self.fours, &self.now, plan.part_after);
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
        let tails = self.state.current.iter().flat_map(|tails| tails.scatter());
        let joints = self.rig.joints.iter().zip(heads).zip(tails);
        joints
            .filter(|((joint, _), _)| joint.node != MODEL)
            .map(|((joint, head), tail)| (joint, head.position, Vec3A::from_vec4(tail)))
    }

    /// The shapes that a joint may bump into, as of the last update.
    #[cfg(test)]
    pub(super) fn shapes(&self, joint: &Joint) -> impl Iterator<Item = &Shape> + '_ {
        self.rig.lists[joint.list].iter().map(|at| &self.before.shapes[*at])
    }
}

impl State {
    /// Heads and rotations of the frames that carry four joints.
    fn up(&self, four: &Four) -> (WideVec, WideQuat) {
        let frames = four.up.map(|up| &self.frames[up]);
        (WideVec::gather(frames.map(|f| f.position.extend(0.0))), WideQuat::gather(frames.map(|f| f.rotation.into())))
    }

    fn set_frames(&mut self, first: usize, heads: WideVec, rotations: WideQuat) {
        let frames = heads.scatter().into_iter().zip(rotations.scatter());
        for (out, (head, rotation)) in self.frames[first..].iter_mut().zip(frames) {
            *out = Frame { position: Vec3A::from_vec4(head), rotation: Quat::from_vec4(rotation) };
        }
    }

    /// Puts all tails where they rest, without speed.
    fn settle(&mut self, fours: &[Four], around: &Around) {
        let anchors = around.anchors.len();
        self.frames[..anchors].copy_from_slice(&around.anchors);
        for (at, four) in fours.iter().enumerate() {
            let (position, up) = self.up(four);
            let head = position + up.rotate(four.offset);
            let rotation = (up * four.rest).near_unit();
            let tail = head + rotation.rotate(four.axis) * four.length;
            self.set_frames(anchors + 4 * at, head, rotation);
            self.current[at] = tail;
            self.previous[at] = tail;
            for (out, initial) in self.rotations[4 * at..].iter_mut().zip(four.initial.scatter()) {
                *out = Quat::from_vec4(initial);
            }
        }
    }

    /// Moves all tails by a part of a step and turns the joints to them. With `COMMIT` the result is where the next
    /// step begins; without it only the rotations count.
    fn solve<const COMMIT: bool>(&mut self, lists: &[Vec<usize>], fours: &[Four], around: &Around, part: f32) {
        self.carries[0] = Carry::against_root(&self.last_root, &around.root);
        for ((carry, last), now) in self.carries[1..].iter_mut().zip(&self.last_centers).zip(&around.centers) {
            *carry = Carry::with_center(last, now);
        }
        if self.gravity_root != around.root.rotation {
            self.gravity_root = around.root.rotation;
            let back = WideQuat::splat(self.gravity_root.inverse());
            for (out, four) in self.gravity.iter_mut().zip(fours) {
                *out = back.rotate(four.gravity);
            }
        }
        let anchors = around.anchors.len();
        self.frames[..anchors].copy_from_slice(&around.anchors);
        for (at, four) in fours.iter().enumerate() {
            let (position, up) = self.up(four);
            let head = position + up.rotate(four.offset);
            let rest = up * four.rest;
            let rest_direction = rest.rotate(four.axis);
            let (mut at_last, mut before) = (self.current[at], self.previous[at]);
            let carry = &self.carries[four.space];
            if carry.moves {
                at_last = carry.apply(at_last);
                before = carry.apply(before);
            }
            let way = (at_last - before) * four.keep + rest_direction * four.stiffness + self.gravity[at];
            let direction = (at_last + way * Vec4::splat(part) - head).normalize_or(rest_direction);
            let (direction, tail) = around.push(&lists[four.list], four, head, direction);
            let turn = WideQuat::arc(four.axis, rest.inverse().rotate(direction));
            for (out, rotation) in self.rotations[4 * at..].iter_mut().zip((four.initial * turn).near_unit().scatter())
            {
                *out = Quat::from_vec4(rotation);
            }
            self.set_frames(anchors + 4 * at, head, (rest * turn).near_unit());
            if COMMIT {
                self.previous[at] = at_last;
                self.current[at] = tail;
            }
        }
        if COMMIT {
            self.last_root = around.root;
            self.last_centers.copy_from_slice(&around.centers);
        }
    }
}
