//! Checks `VRMC_springBone`: a broken joint or collider is dropped with a finding, the rest swings.

use glam::Vec3;
use serde_json::{Map, Value};

use super::document::Node;
use super::finding::{Finding, Findings};
use super::node_tree::NodeTree;
use super::spring::{Collider, ColliderGroup, Spring, SpringJoint};
use super::spring_schema::{RawColliderGroup, RawSpring, RawSpringJoint, element, elements};
use super::validate_collider::collider;

/// More than any avatar has; beyond, a file is meant to stop the program.
const MAX_COLLIDERS: usize = 1_000;
const MAX_SPRINGS: usize = 4_000;
const MAX_JOINTS: usize = 10_000;
/// Joints times the colliders that they may bump into.
const MAX_CONTACTS: usize = 250_000;
/// Nodes that a chain may skip between two joints.
const MAX_SKIPPED: usize = 256;
const PLACE: &str = "VRMC_springBone";

/// Everything that swings.
#[derive(Debug, Default)]
pub(super) struct SpringBones {
    pub(super) springs: Vec<Spring>,
    pub(super) colliders: Vec<Collider>,
    pub(super) collider_groups: Vec<ColliderGroup>,
}

/// The springs of a file with their colliders.
pub(super) fn spring_bones(
    extensions: &Map<String, Value>,
    nodes: &[Node],
    tree: &NodeTree,
    findings: &mut Findings,
) -> SpringBones {
    let Some(raw) = extensions.get(PLACE) else { return SpringBones::default() };
    if raw.get("specVersion").and_then(Value::as_str) != Some("1.0") {
        findings.push(Finding::warning(format!("{PLACE}.specVersion"), "is not 1.0, read as 1.0"));
    }
    let mut colliders = Vec::new();
    // Where each collider of the file went.
    let kept: Vec<Option<usize>> = elements(raw, "colliders", MAX_COLLIDERS, PLACE, findings)
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let collider = collider(value, nodes.len(), &format!("{PLACE}.colliders[{at}]"), findings)?;
            colliders.push(collider);
            Some(colliders.len() - 1)
        })
        .collect();
    let collider_groups = elements(raw, "colliderGroups", MAX_COLLIDERS, PLACE, findings)
        .iter()
        .enumerate()
        .map(|(at, value)| collider_group(value, &kept, &format!("{PLACE}.colliderGroups[{at}]"), findings))
        .collect();
    let mut out = SpringBones { springs: Vec::new(), colliders, collider_groups };
    springs(raw, nodes, tree, &mut out, findings);
    out
}

/// A group keeps its place even where nothing of it is usable, because springs name it by its place.
fn collider_group(value: &Value, kept: &[Option<usize>], place: &str, findings: &mut Findings) -> ColliderGroup {
    let Some(raw) = element::<RawColliderGroup>(value, place, findings) else { return ColliderGroup::default() };
    let mut colliders = Vec::new();
    let mut is_new = vec![true; kept.len()];
    for (at, index) in raw.colliders.into_iter().enumerate() {
        match kept.get(index) {
            None => {
                let message = format!("names collider {index}, there are {}, dropped", kept.len());
                findings.push(Finding::error(format!("{place}.colliders[{at}]"), message));
            }
            // The finding of a dropped collider stands with the collider.
            Some(None) => {}
            Some(Some(kept)) if std::mem::take(&mut is_new[index]) => colliders.push(*kept),
            Some(Some(_)) => {}
        }
    }
    ColliderGroup { name: raw.name, colliders }
}

fn springs(raw: &Value, nodes: &[Node], tree: &NodeTree, out: &mut SpringBones, findings: &mut Findings) {
    // The chain to which each node belongs, with the nodes that chains skip.
    let mut owners: Vec<Option<usize>> = vec![None; nodes.len()];
    let mut places = Vec::new();
    let (mut joints_left, mut contacts_left) = (MAX_JOINTS, MAX_CONTACTS);
    for (at, value) in elements(raw, "springs", MAX_SPRINGS, PLACE, findings).iter().enumerate() {
        let place = format!("{PLACE}.springs[{at}]");
        let Some(raw) = element::<RawSpring>(value, &place, findings) else { continue };
        let joints = elements(value, "joints", joints_left, &place, findings);
        let joints = chain(joints, nodes, &mut owners, out.springs.len(), &place, findings);
        if joints.is_empty() {
            findings.push(Finding::warning(place, "has no usable joint, dropped"));
            continue;
        }
        if joints.len() == 1 {
            findings.push(Finding::warning(&place, "has a single joint, so that nothing swings"));
        }
        joints_left -= joints.len();
        let mut collider_groups = Vec::new();
        let mut is_new = vec![true; out.collider_groups.len()];
        for (at, group) in raw.collider_groups.into_iter().enumerate() {
            let place = format!("{place}.colliderGroups[{at}]");
            let Some(contacts) = out.collider_groups.get(group).map(|g| g.colliders.len() * joints.len()) else {
                let message = format!("names group {group}, there are {}, dropped", out.collider_groups.len());
                findings.push(Finding::error(place, message));
                continue;
            };
            if contacts > contacts_left {
                findings.push(Finding::error(place, format!("more than {MAX_CONTACTS} contacts, dropped")));
            } else if std::mem::take(&mut is_new[group]) {
                contacts_left -= contacts;
                collider_groups.push(group);
            }
        }
        out.springs.push(Spring { name: raw.name, joints, collider_groups, center: raw.center });
        places.push(place);
    }
    centers(&mut out.springs, &places, nodes, tree, findings);
}

/// The usable joints of a chain, up to the first that breaks it.
fn chain(
    raw: &[Value],
    nodes: &[Node],
    owners: &mut [Option<usize>],
    spring: usize,
    place: &str,
    findings: &mut Findings,
) -> Vec<SpringJoint> {
    let mut joints: Vec<SpringJoint> = Vec::new();
    for (at, value) in raw.iter().enumerate() {
        let place = format!("{place}.joints[{at}]");
        let Some(raw) = element::<RawSpringJoint>(value, &place, findings) else { continue };
        let Some(node) = raw.node.filter(|node| *node < nodes.len()) else {
            findings.push(Finding::error(place, "names no node of the file, dropped"));
            continue;
        };
        if owners[node].is_some_and(|owner| owner != spring) {
            findings.push(Finding::error(place, format!("node {node} belongs to another spring already, dropped")));
            continue;
        }
        if let Some(before) = joints.last() {
            let Some(between) = path(nodes, before.node, node) else {
                let message = format!("node {node} does not stand below node {}, the chain ends here", before.node);
                findings.push(Finding::error(place, message));
                break;
            };
            if between.iter().any(|node| owners[*node].is_some()) {
                findings.push(Finding::error(place, "nodes above belong to another spring, the chain ends here"));
                break;
            }
            for node in between {
                owners[node] = Some(spring);
            }
        }
        owners[node] = Some(spring);
        joints.push(joint(&raw, node, &place, findings));
    }
    joints
}

/// The nodes between a node and one above it; `None` where it is not above, or too far.
fn path(nodes: &[Node], above: usize, node: usize) -> Option<Vec<usize>> {
    let mut between = Vec::new();
    let mut at = nodes[node].parent?;
    while at != above {
        if between.len() >= MAX_SKIPPED {
            return None;
        }
        between.push(at);
        at = nodes[at].parent?;
    }
    Some(between)
}

fn joint(raw: &RawSpringJoint, node: usize, place: &str, findings: &mut Findings) -> SpringJoint {
    /// Stronger than this is no avatar but an overflow.
    const MANY: f32 = 1.0e4;
    let default = SpringJoint::new(node);
    let mut number = |value: Option<f32>, default: f32, least: f32, most: f32, key: &str| match value {
        None => default,
        Some(value) if (least..=most).contains(&value) => value,
        Some(value) => {
            let used = if value.is_finite() { value.clamp(least, most) } else { default };
            let message = format!("{value} is not within {least}..={most}, {used} used");
            findings.push(Finding::error(format!("{place}.{key}"), message));
            used
        }
    };
    let hit_radius = number(raw.hit_radius, default.hit_radius, 0.0, MANY, "hitRadius");
    let stiffness = number(raw.stiffness, default.stiffness, 0.0, MANY, "stiffness");
    let gravity_power = number(raw.gravity_power, default.gravity_power, -MANY, MANY, "gravityPower");
    let drag_force = number(raw.drag_force, default.drag_force, 0.0, 1.0, "dragForce");
    let gravity_dir = match raw.gravity_dir.map(Vec3::from) {
        None => default.gravity_dir,
        Some(direction) if direction.is_finite() && direction.length() < MANY => direction,
        Some(direction) => {
            let message = format!("{direction} is not a usable direction, down used");
            findings.push(Finding::error(format!("{place}.gravityDir"), message));
            default.gravity_dir
        }
    };
    SpringJoint { node, hit_radius, stiffness, gravity_power, gravity_dir, drag_force }
}

/// Drops centers that the standard does not allow. Only now all joints are known.
fn centers(springs: &mut [Spring], places: &[String], nodes: &[Node], tree: &NodeTree, findings: &mut Findings) {
    let mut is_joint = vec![false; nodes.len()];
    for joint in springs.iter().flat_map(|spring| &spring.joints) {
        is_joint[joint.node] = true;
    }
    for (spring, place) in springs.iter_mut().zip(places) {
        let Some(center) = spring.center else { continue };
        let first = spring.joints.first().map(|joint| joint.node);
        let why = if center >= nodes.len() {
            "names no node of the file"
        } else if !first.is_some_and(|first| tree.is_within(first, center)) {
            "is neither the first joint nor above it"
        } else if (is_joint[center] && first != Some(center)) || below(nodes, &is_joint, center) {
            "is a joint of another spring or stands below one"
        } else {
            continue;
        };
        findings.push(Finding::error(format!("{place}.center"), format!("{why}, dropped")));
        spring.center = None;
    }
}

/// Whether a node stands below a marked one. Walks at most as far as any avatar is deep.
fn below(nodes: &[Node], marked: &[bool], node: usize) -> bool {
    std::iter::successors(nodes[node].parent, |at| nodes[*at].parent).take(MAX_SKIPPED).any(|at| marked[at])
}
