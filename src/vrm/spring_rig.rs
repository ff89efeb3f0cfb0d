//! What a spring simulation knows beforehand: constants of every joint in the order of computation, and the nodes
//! that carry joints, colliders and centers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use glam::{Affine3A, Quat, Vec3A};

use super::document::{Document, Local};
use super::skeleton::near_unit;
use super::spring::{Collider, Spring, SpringJoint};
use super::spring_clock::STEP_SECS;

/// Node of what stands still in the model.
pub(super) const MODEL: usize = usize::MAX;
/// A joint farther below another one than this counts as carried by its parent node.
const MAX_BETWEEN: usize = 256;

/// The constants of a joint. Its tail swings around its head at a fixed distance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joint {
    pub(super) node: usize,
    /// The frame that carries it: anchors first, then joints.
    pub(super) up: usize,
    /// Its head in that frame.
    pub(super) offset: Vec3A,
    /// From its own space at rest to that frame.
    pub(super) rest: Quat,
    /// Local rotation at rest.
    pub(super) initial: Quat,
    /// From head to tail in its own space, unit length.
    pub(super) axis: Vec3A,
    /// From head to tail, meters.
    pub(super) length: f32,
    pub(super) hit_radius: f32,
    /// What is left of its speed after a step.
    pub(super) keep: f32,
    /// How far stiffness moves the tail in a step, meters.
    pub(super) stiffness: f32,
    /// How far gravity moves the tail in a step, meters along the world's axes.
    pub(super) gravity: Vec3A,
    /// Its list of colliders.
    pub(super) list: usize,
    /// The space in which it keeps its speed: 0 is the world, then the centers.
    pub(super) space: usize,
}

/// A joint whose place below another joint changes, because nodes between them are posed.
#[derive(Debug, Clone)]
pub(super) struct Bridge {
    pub(super) joint: usize,
    above: Above,
    node: usize,
}

/// How a joint hangs on the node above that moves it.
#[derive(Debug, Clone)]
struct Above {
    /// The nodes between, from above.
    between: Vec<usize>,
    /// Matrix and rotation of the upper node at rest, model space.
    affine: Affine3A,
    rotation: Quat,
}

impl Above {
    /// Head and rest rotation of the joint in the frame of the upper node.
    fn bridge(&self, joint: &Local, local: impl Fn(usize) -> Local) -> (Vec3A, Quat) {
        let (mut affine, mut rotation) = (Affine3A::IDENTITY, Quat::IDENTITY);
        for &node in &self.between {
            let local = local(node);
            affine *= local.affine();
            rotation *= local.rotation;
        }
        let head = affine.transform_point3a(Vec3A::from(joint.translation));
        let offset = self.rotation.inverse() * self.affine.transform_vector3a(head);
        (if offset.is_finite() { offset } else { Vec3A::ZERO }, rotation)
    }
}

/// All joints with what they depend on.
#[derive(Debug, Clone, Default)]
pub(super) struct SpringRig {
    /// Joints that carry others stand before them. Each four of them have one list and one space, and do not depend on
    /// each other; where there are less than four, the last one stands there again as [`MODEL`].
    pub(super) joints: Vec<Joint>,
    pub(super) bridges: Vec<Bridge>,
    /// Nodes that carry chains; [`MODEL`] for chains without a parent node.
    pub(super) anchors: Vec<usize>,
    /// Nodes against which inertia counts.
    pub(super) centers: Vec<usize>,
    /// The colliders that joints bump into.
    pub(super) colliders: Vec<Collider>,
    /// Positions in `colliders`.
    pub(super) lists: Vec<Vec<usize>>,
}

/// A joint before the order is known.
struct Found {
    node: usize,
    tail: usize,
    settings: SpringJoint,
    spring: usize,
}

impl SpringRig {
    pub(super) fn new(document: &Document) -> Self {
        let rest = RestPose::new(document);
        let mut found: Vec<Found> = Vec::new();
        for (spring, Spring { joints, .. }) in document.springs.iter().enumerate() {
            for pair in joints.windows(2) {
                let (node, tail) = (pair[0].node, pair[1].node);
                // A joint without a length has no direction to swing.
                if rest.arm(node, tail).is_some() {
                    found.push(Found { node, tail, settings: pair[0], spring });
                }
            }
        }
        let mut place = vec![0; document.nodes.len()];
        for (at, &node) in document.order.iter().enumerate() {
            place[node] = at;
        }
        found.sort_by_key(|joint| place[joint.node]);
        let ups = ups(document, &found);
        // Joints of one depth do not depend on each other: they are computed four at a time.
        let mut depths = vec![0_usize; found.len()];
        for (at, (up, _)) in ups.iter().enumerate() {
            depths[at] = up.map_or(0, |up| depths[up] + 1);
        }
        // How far joints go on below: chains of one kind stand by length, so that they keep their lanes to their ends.
        let mut heights = vec![0_usize; found.len()];
        for (at, (up, _)) in ups.iter().enumerate().rev() {
            if let Some(up) = *up {
                heights[up] = heights[up].max(heights[at] + 1);
            }
        }
        let mut out = Self::default();
        let lists = out.lists(document);
        let spaces = out.spaces(document);
        let kind = |at: &usize| (depths[*at], lists[found[*at].spring], spaces[found[*at].spring]);
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by_key(|at| (kind(at), Reverse(heights[*at])));
        // Position among those found, and whether it stands there for the first time.
        let mut filled: Vec<(usize, bool)> = Vec::with_capacity(order.len() * 2);
        for same in order.chunk_by(|a, b| kind(a) == kind(b)) {
            for four in same.chunks(4) {
                filled.extend((0..4).map(|lane| (four[lane.min(four.len() - 1)], lane < four.len())));
            }
        }
        let mut places = vec![0; found.len()];
        let anchors: Vec<Option<usize>> = filled
            .iter()
            .map(|(at, _)| ups[*at].0.is_none().then(|| anchor(document, &mut out.anchors, &found[*at])))
            .collect();
        let driven: BTreeSet<usize> = document
            .humanoid
            .bones()
            .filter_map(|bone| document.humanoid.node(bone))
            .chain(document.constraints.iter().map(|c| c.node))
            .collect();
        for (at, ((index, is_first), anchor)) in filled.into_iter().zip(anchors).enumerate() {
            if is_first {
                places[index] = at;
            }
            let Found { node, tail, settings, spring } = &found[index];
            let (up, between) = &ups[index];
            let upper = up.map_or(document.nodes[*node].parent, |up| Some(found[up].node));
            let above = Above {
                between: between.clone(),
                affine: upper.map_or(Affine3A::IDENTITY, |node| rest.affines[node]),
                rotation: upper.map_or(Quat::IDENTITY, |node| rest.rotations[node]),
            };
            let local = &document.nodes[*node].rest;
            let (offset, between_rotation) = above.bridge(local, |node| document.nodes[node].rest);
            if above.between.iter().any(|node| driven.contains(node)) {
                out.bridges.push(Bridge { joint: at, above, node: *node });
            }
            let Some((axis, length)) = rest.arm(*node, *tail) else { continue };
            out.joints.push(Joint {
                node: if is_first { *node } else { MODEL },
                up: anchor.unwrap_or_else(|| out.anchors.len() + up.map_or(0, |up| places[up])),
                offset,
                rest: between_rotation * local.rotation,
                initial: local.rotation,
                axis,
                length,
                hit_radius: settings.hit_radius,
                keep: 1.0 - settings.drag_force,
                stiffness: settings.stiffness * STEP_SECS,
                gravity: Vec3A::from(settings.gravity_dir) * (settings.gravity_power * STEP_SECS),
                list: lists[*spring],
                space: spaces[*spring],
            });
        }
        out
    }

    /// The nodes whose model-space transforms the simulation needs.
    pub(super) fn wanted(&self) -> BTreeSet<usize> {
        let nodes = self.anchors.iter().chain(&self.centers).copied().chain(self.colliders.iter().map(|c| c.node));
        nodes.filter(|node| *node != MODEL).collect()
    }

    /// Puts joints below posed nodes in their places.
    pub(super) fn rebridge<'a>(&mut self, local: impl Fn(usize) -> Option<&'a Local>) {
        let local = |node: usize| local(node).copied().unwrap_or(Local::IDENTITY);
        for Bridge { joint, above, node } in &self.bridges {
            let joint = &mut self.joints[*joint];
            let (offset, between) = above.bridge(&local(*node), local);
            joint.offset = offset;
            joint.rest = near_unit(between * joint.initial);
        }
    }

    /// The list of colliders of each spring; springs with the same colliders share one.
    fn lists(&mut self, document: &Document) -> Vec<usize> {
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        let mut known: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let mut out = Vec::new();
        for spring in &document.springs {
            let mut list = Vec::new();
            for &index in spring.collider_groups.iter().flat_map(|group| &document.collider_groups[*group].colliders) {
                let place = *places.entry(index).or_insert_with(|| {
                    self.colliders.push(document.colliders[index]);
                    self.colliders.len() - 1
                });
                if !list.contains(&place) {
                    list.push(place);
                }
            }
            out.push(*known.entry(list).or_insert_with_key(|list| {
                self.lists.push(list.clone());
                self.lists.len() - 1
            }));
        }
        out
    }

    /// The space of each spring.
    fn spaces(&mut self, document: &Document) -> Vec<usize> {
        let mut space = |center: usize| {
            let known = self.centers.iter().position(|other| *other == center);
            known.unwrap_or_else(|| {
                self.centers.push(center);
                self.centers.len() - 1
            })
        };
        document.springs.iter().map(|spring| spring.center.map_or(0, |center| 1 + space(center))).collect()
    }
}

fn anchor(document: &Document, anchors: &mut Vec<usize>, joint: &Found) -> usize {
    let node = document.nodes[joint.node].parent.unwrap_or(MODEL);
    anchors.iter().position(|other| *other == node).unwrap_or_else(|| {
        anchors.push(node);
        anchors.len() - 1
    })
}

/// The joint that carries each joint, if one does, with the nodes between them from above.
fn ups(document: &Document, found: &[Found]) -> Vec<(Option<usize>, Vec<usize>)> {
    let joints: BTreeMap<usize, usize> = found.iter().enumerate().map(|(at, joint)| (joint.node, at)).collect();
    found
        .iter()
        .map(|joint| {
            let mut between = Vec::new();
            let mut at = document.nodes[joint.node].parent;
            while let Some(node) = at.filter(|_| between.len() <= MAX_BETWEEN) {
                if let Some(&up) = joints.get(&node) {
                    between.reverse();
                    return (Some(up), between);
                }
                between.push(node);
                at = document.nodes[node].parent;
            }
            (None, Vec::new())
        })
        .collect()
}

/// All nodes at rest in model space.
struct RestPose {
    affines: Vec<Affine3A>,
    rotations: Vec<Quat>,
}

impl RestPose {
    fn new(document: &Document) -> Self {
        let mut rotations = vec![Quat::IDENTITY; document.nodes.len()];
        for &node in &document.order {
            let local = document.nodes[node].rest.rotation;
            rotations[node] = document.nodes[node].parent.map_or(local, |parent| near_unit(rotations[parent] * local));
        }
        Self { affines: document.rest_world(), rotations }
    }

    /// Direction in the space of `head`, and length, from one node to another; `None` where there is none.
    fn arm(&self, head: usize, tail: usize) -> Option<(Vec3A, f32)> {
        let arm = self.affines[tail].translation - self.affines[head].translation;
        let length = arm.length();
        // A tenth of the thickness of a hair; and farther than any avatar reaches.
        (length > 1.0e-5 && length < 1.0e4).then(|| (self.rotations[head].inverse() * (arm / length), length))
    }
}
