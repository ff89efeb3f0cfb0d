//! Spring bones at work: tails that keep their speed, return to their place, fall, and bump into colliders.
//!
//! Positions are kept in model space. The world matters in two places: gravity comes from it, and when the avatar
//! moves in it, tails that have no center stay behind. The size of the avatar in the world does not change how it
//! swings. Steps take place at a fixed rate, each with the pose of its own moment; what is shown after an update is
//! the last step, carried on by the part of the next one that has passed.

use glam::{Affine3A, Quat, Vec3A, Vec4};

use super::collider::{Pushed, Shape, WideBounds, WideKind};
use super::input::Root;
use super::skeleton::Skeleton;
use super::spring_clock::SpringClock;
use super::spring_four::{Four, Group, Up, WideFrame};
#[cfg(test)]
use super::spring_rig::Joint;
use super::spring_rig::{MODEL, SpringRig};
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

/// What changes from step to step.
#[derive(Debug, Clone)]
struct State {
    frames: Vec<WideFrame>,
    /// The tails of each four joints after the last step, and a step before.
    current: Vec<WideVec>,
    previous: Vec<WideVec>,
    /// Local rotations of each four joints.
    rotations: Vec<WideQuat>,
    /// Gravity of each four joints along the world's axes, and along the model's as of `gravity_root`.
    world_gravity: Vec<WideVec>,
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
    /// The nodes of each four joints.
    nodes: Vec<[usize; 4]>,
    fours: Vec<Four>,
    groups: Vec<Group>,
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
        let fours = Four::all(&rig);
        let world_gravity: Vec<WideVec> = rig.joints.as_chunks().0.iter().map(Four::gravity).collect();
        let mut state = State {
            frames: vec![WideFrame::ZERO; fours.len()],
            current: vec![WideVec::ZERO; fours.len()],
            previous: vec![WideVec::ZERO; fours.len()],
            rotations: vec![WideQuat::IDENTITY; fours.len()],
            gravity: world_gravity.clone(),
            world_gravity,
            gravity_root: Quat::IDENTITY,
            last_root: Root::IDENTITY,
            last_centers: around.centers.clone(),
            carries: vec![Carry::STILL; 1 + rig.centers.len()],
        };
        state.settle(&fours, &around);
        let nodes = rig.joints.as_chunks().0.iter().map(|joints| joints.each_ref().map(|joint| joint.node)).collect();
        Self {
            groups: Group::all(&rig),
            rig,
            nodes,
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
            let (joints, anchors) = (&self.rig.joints, self.rig.anchors.len());
            for (four, own) in self.fours.iter_mut().zip(joints.as_chunks().0) {
                *four = Four::new(own, joints, anchors);
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
        // A step at the very end turns the joints for this moment already.
        let ends_on_step = plan.steps > 0 && plan.part_after <= 0.0 && plan.part_of_update(plan.steps - 1) >= 1.0;
        for step in 0..plan.steps {
            let part = plan.part_of_update(step);
            let around = if part < 1.0 {
                self.between.lerp(&self.before, &self.now, part);
                &self.between
            } else {
                &self.now
            };
            let is_shown = ends_on_step && step + 1 == plan.steps;
            self.state.solve::<true>(&self.rig.lists, (&self.groups, &self.fours), around, 1.0, is_shown);
        }
        if !ends_on_step {
            self.state.solve::<false>(&self.rig.lists, (&self.groups, &self.fours), &self.now, plan.part_after, true);
        }
        for (nodes, rotations) in self.nodes.iter().zip(&self.state.rotations) {
            for (&node, rotation) in nodes.iter().zip(rotations.scatter()) {
                skeleton.set_rotation(node, Quat::from_vec4(rotation));
            }
        }
        std::mem::swap(&mut self.before, &mut self.now);
    }

    /// Head and tail of each joint in model space, with the sphere around the tail, as of the last step.
    #[cfg(test)]
    pub(super) fn bones(&self) -> impl Iterator<Item = (&Joint, Vec3A, Vec3A)> + '_ {
        let heads = self.state.frames.iter().flat_map(|frame| frame.head.scatter());
        let tails = self.state.current.iter().flat_map(|tails| tails.scatter());
        let joints = self.rig.joints.iter().zip(heads).zip(tails);
        joints
            .filter(|((joint, _), _)| joint.node != MODEL)
            .map(|((joint, head), tail)| (joint, Vec3A::from_vec4(head), Vec3A::from_vec4(tail)))
    }

    /// The shapes that a joint may bump into, as of the last update.
    #[cfg(test)]
    pub(super) fn shapes(&self, joint: &Joint) -> impl Iterator<Item = &Shape> + '_ {
        self.rig.lists[joint.list].iter().map(|at| &self.before.shapes[*at])
    }
}

/// Brings fours past one shape.
#[inline]
fn bump(fours: &[Four], frames: &mut [WideFrame], push: impl Fn(WideVec, Vec4) -> Pushed) {
    for (four, frame) in fours.iter().zip(frames) {
        frame.bump(four.length, push(frame.tail, four.hit_radius));
    }
}

impl State {
    /// Heads of four joints, and the rotations of the frames that carry them.
    #[inline]
    fn hang(&self, four: &Four, anchors: &[Frame]) -> (WideVec, WideQuat) {
        let up = self.up(four, anchors);
        let position = match four.up {
            Up::Tails(at) => return (self.frames[at].tail, up),
            Up::Four(at) => self.frames[at].head,
            Up::Anchor(at) => WideVec::splat(anchors[at].position),
            Up::Mixed(ups) => WideVec::gather(ups.map(|up| match anchors.get(up) {
                Some(anchor) => anchor.position.extend(0.0),
                None => self.frames[(up - anchors.len()) / 4].head_of((up - anchors.len()) % 4),
            })),
        };
        (position + up.rotate(four.offset), up)
    }

    /// The rotations of the frames that carry four joints.
    #[inline]
    fn up(&self, four: &Four, anchors: &[Frame]) -> WideQuat {
        match four.up {
            Up::Tails(at) | Up::Four(at) => self.frames[at].rotation,
            Up::Anchor(at) => WideQuat::splat(anchors[at].rotation),
            Up::Mixed(ups) => WideQuat::gather(ups.map(|up| match anchors.get(up) {
                Some(anchor) => anchor.rotation.into(),
                None => self.frames[(up - anchors.len()) / 4].rotation_of((up - anchors.len()) % 4),
            })),
        }
    }

    /// Puts all tails where they rest, without speed.
    fn settle(&mut self, fours: &[Four], around: &Around) {
        for (at, four) in fours.iter().enumerate() {
            let (head, up) = self.hang(four, &around.anchors);
            let tail = head + up.rotate(four.direction) * four.length;
            let rotation = four.at_rest(up).near_unit();
            self.frames[at] = WideFrame { head, tail, rotation, ..WideFrame::ZERO };
            self.current[at] = tail;
            self.previous[at] = tail;
            self.rotations[at] = four.local(up, rotation);
        }
    }

    /// Pushes the tails of a group out of the shapes of its list, one shape after the other. Most shapes are out of
    /// reach of all of them.
    fn push(&mut self, fours: &[Four], group: &Group, list: &[usize], shapes: &[Shape]) {
        if list.is_empty() {
            return;
        }
        let (fours, frames) = (&fours[group.fours.clone()], &mut self.frames[group.fours.clone()]);
        let mut bounds = WideBounds::new();
        for (four, frame) in fours.iter().zip(frames.iter()) {
            bounds.grow(frame.head, four.reach);
        }
        let bounds = bounds.bounds();
        for shape in list.iter().map(|shape| &shapes[*shape]).filter(|shape| !shape.is_apart_from(&bounds)) {
            let shape = shape.wide();
            match shape.kind {
                WideKind::Sphere => bump(fours, frames, |tail, hit| shape.push_from_sphere(tail, hit)),
                WideKind::Capsule => bump(fours, frames, |tail, hit| shape.push_from_capsule(tail, hit)),
                WideKind::Inside => bump(fours, frames, |tail, hit| shape.push_inside(tail, hit)),
                WideKind::Plane => bump(fours, frames, |tail, hit| shape.push_from_plane(tail, hit)),
            }
        }
    }

    /// Moves all tails by a part of a step and turns the joints to them. With `COMMIT` the result is where the next
    /// step begins; without it only the rotations count, and they count only where they are shown.
    fn solve<const COMMIT: bool>(
        &mut self,
        lists: &[Vec<usize>],
        (groups, fours): (&[Group], &[Four]),
        around: &Around,
        part: f32,
        is_shown: bool,
    ) {
        self.carries[0] = Carry::against_root(&self.last_root, &around.root);
        for ((carry, last), now) in self.carries[1..].iter_mut().zip(&self.last_centers).zip(&around.centers) {
            *carry = Carry::with_center(last, now);
        }
        if self.gravity_root != around.root.rotation {
            self.gravity_root = around.root.rotation;
            let back = WideQuat::splat(self.gravity_root.inverse());
            for (out, gravity) in self.gravity.iter_mut().zip(&self.world_gravity) {
                *out = back.rotate(*gravity);
            }
        }
        let part = Vec4::splat(part);
        for group in groups {
            let carry = self.carries[group.space];
            for at in group.fours.clone() {
                let four = &fours[at];
                let (head, up) = self.hang(four, &around.anchors);
                let (mut at_last, mut before) = (self.current[at], self.previous[at]);
                if carry.moves {
                    at_last = carry.apply(at_last);
                    before = carry.apply(before);
                }
                let rest_direction = up.rotate(four.direction);
                let way = (at_last - before) * four.keep + rest_direction * four.stiffness + self.gravity[at];
                let direction = (at_last + way * part - head).normalize_or(rest_direction);
                let frame = &mut self.frames[at];
                (frame.head, frame.tail) = (head, head + direction * four.length);
                (frame.direction, frame.rest_direction) = (direction, rest_direction);
                if COMMIT {
                    self.previous[at] = at_last;
                }
            }
            // All of them meet a shape before they meet the next one: they do not wait for each other.
            self.push(fours, group, &lists[group.list], &around.shapes);
            for at in group.fours.clone() {
                let four = &fours[at];
                let WideFrame { direction, rest_direction, tail, .. } = self.frames[at];
                let up = self.up(four, &around.anchors);
                let rotation = (WideQuat::arc(rest_direction, direction) * four.at_rest(up)).normalize();
                self.frames[at].rotation = rotation;
                if is_shown {
                    self.rotations[at] = four.local(up, rotation);
                }
                if COMMIT {
                    self.current[at] = tail;
                }
            }
        }
        if COMMIT {
            self.last_root = around.root;
            self.last_centers.copy_from_slice(&around.centers);
        }
    }
}
