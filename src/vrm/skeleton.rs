//! The node transforms of an avatar at work: local ones for all nodes, those in model space for the nodes that
//! something depends on. Constraints are computed on the way, so that every transform is computed once.

use std::collections::BTreeSet;

use glam::{Affine3A, Quat, Vec3, Vec3A};

use super::constraint::ConstraintRule;
use super::document::{Document, Local};
use super::schedule::{Schedule, Step};

/// Transforms of all nodes as of the last update.
#[derive(Debug, Clone)]
pub(super) struct Skeleton {
    locals: Vec<Local>,
    steps: Vec<Step>,
    /// By slot: node, slot of the parent ([`NO_PARENT`] at a root), and the transform in model space. The rotation
    /// stands apart because scales shear the matrix.
    nodes: Vec<usize>,
    parents: Vec<usize>,
    affines: Vec<Affine3A>,
    rotations: Vec<Quat>,
    constraints: Vec<ConstraintRule>,
    /// By constraint: slots of source and parent node, where it aims.
    aims: Vec<(usize, usize)>,
    /// By constraint: what it last went by, and what came of it. Limbs are often still.
    known: Vec<(Seen, Quat)>,
}

const NO_PARENT: usize = usize::MAX;

/// What a constraint goes by.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Seen {
    Nothing,
    /// The rotation of the parent node and the way to the source, model space.
    Aim(Quat, Vec3),
    /// The rotation of the source.
    Follow(Quat),
}

impl Skeleton {
    /// For the nodes whose transforms in model space are wanted.
    pub(super) fn new(document: &Document, wanted: &BTreeSet<usize>) -> Self {
        let schedule = Schedule::new(&document.nodes, &document.constraints, wanted);
        let slot = |node: Option<usize>| node.and_then(|node| schedule.slots.get(&node).copied()).unwrap_or(NO_PARENT);
        let constraints: Vec<_> =
            document.constraints.iter().map(|c| ConstraintRule::new(*c, &document.nodes)).collect();
        let mut out = Self {
            locals: document.nodes.iter().map(|n| n.rest).collect(),
            parents: schedule.nodes.iter().map(|node| slot(document.nodes[*node].parent)).collect(),
            affines: vec![Affine3A::IDENTITY; schedule.nodes.len()],
            rotations: vec![Quat::IDENTITY; schedule.nodes.len()],
            aims: constraints.iter().map(|c| (slot(Some(c.source())), slot(document.nodes[c.node()].parent))).collect(),
            known: vec![(Seen::Nothing, Quat::IDENTITY); constraints.len()],
            constraints,
            steps: schedule.steps,
            nodes: schedule.nodes,
        };
        out.place_all();
        out
    }

    /// The slot of a wanted node.
    pub(super) fn slot(&self, node: usize) -> Option<usize> {
        self.nodes.iter().position(|other| *other == node)
    }

    /// The transform of a node against its parent.
    pub(super) fn local(&self, node: usize) -> Option<&Local> {
        self.locals.get(node)
    }

    pub(super) fn set_rotation(&mut self, node: usize, rotation: Quat) {
        if let Some(local) = self.locals.get_mut(node) {
            local.rotation = rotation;
        }
    }

    pub(super) fn set_translation(&mut self, node: usize, translation: Vec3) {
        if let Some(local) = self.locals.get_mut(node) {
            local.translation = translation;
        }
    }

    /// The transform of a slot in model space.
    pub(super) fn affine(&self, slot: usize) -> Affine3A {
        self.affines.get(slot).copied().unwrap_or(Affine3A::IDENTITY)
    }

    /// The rotation of a slot in model space.
    pub(super) fn rotation(&self, slot: usize) -> Quat {
        self.rotations.get(slot).copied().unwrap_or(Quat::IDENTITY)
    }

    /// Computes constraints and model-space transforms from the local ones.
    pub(super) fn update(&mut self) {
        for at in 0..self.steps.len() {
            match self.steps[at] {
                Step::Place(slot) => self.place(slot),
                Step::Constrain(at) => self.constrain(at),
            }
        }
    }

    /// As [`Self::update`], with constrained nodes as they are.
    fn place_all(&mut self) {
        for at in 0..self.steps.len() {
            if let Step::Place(slot) = self.steps[at] {
                self.place(slot);
            }
        }
    }

    fn place(&mut self, slot: usize) {
        let local = &self.locals[self.nodes[slot]];
        let (affine, rotation) = match self.parents[slot] {
            NO_PARENT => (local.affine(), local.rotation),
            parent => (self.affines[parent] * local.affine(), near_unit(self.rotations[parent] * local.rotation)),
        };
        self.affines[slot] = affine;
        self.rotations[slot] = rotation;
    }

    fn constrain(&mut self, at: usize) {
        let rule = &self.constraints[at];
        let seen = if rule.is_aim() {
            let (source, parent) = self.aims[at];
            let own = self.affine(parent).transform_point3a(Vec3A::from(self.locals[rule.node()].translation));
            Seen::Aim(self.rotation(parent), Vec3::from(self.affine(source).translation - own))
        } else {
            Seen::Follow(self.locals[rule.source()].rotation)
        };
        let known = &mut self.known[at];
        if known.0 != seen {
            let rotation = match seen {
                Seen::Aim(parent, direction) => rule.aim(parent, direction),
                Seen::Follow(source) => rule.follow(source),
                Seen::Nothing => return,
            };
            *known = (seen, rotation);
        }
        let rotation = known.1;
        self.locals[rule.node()].rotation = rotation;
    }
}

/// Brings a rotation that is nearly of unit length nearer, without a root.
pub(super) fn near_unit(rotation: Quat) -> Quat {
    rotation * (1.5 - 0.5 * rotation.length_squared())
}
