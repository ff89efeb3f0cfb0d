//! Secondary animation of 0.x as spring bones of 1.0. In 0.x every bone below a root sways toward its first child,
//! and the last one toward a point 7 cm on; 1.0 wants chains with a real node at the end.

use glam::Vec3;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Vector, index};
use crate::vrm::finding::{Finding, Findings};
use crate::vrm::scene_graph::{self, SceneGraph};
use crate::vrm::schema;

/// How far the point at the end of a chain stands off in 0.x, meters.
const TAIL_METERS: f32 = 0.07;

/// Defaults are those of Unity's component of 0.x. The misspelled key is that of the format.
#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct BoneGroup {
    comment: String,
    #[serde(rename = "stiffiness")]
    stiffness: f32,
    gravity_power: f32,
    gravity_dir: Vector,
    drag_force: f32,
    center: Option<i64>,
    hit_radius: f32,
    bones: Vec<i64>,
    collider_groups: Vec<i64>,
}

impl Default for BoneGroup {
    fn default() -> Self {
        Self {
            comment: String::new(),
            stiffness: 1.0,
            gravity_power: 0.0,
            gravity_dir: Vector { x: 0.0, y: -1.0, z: 0.0 },
            drag_force: 0.4,
            center: None,
            hit_radius: 0.02,
            bones: Vec::new(),
            collider_groups: Vec::new(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ColliderGroup {
    node: Option<i64>,
    colliders: Vec<Sphere>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sphere {
    offset: Vector,
    radius: f32,
}

/// The extension `VRMC_springBone`; nothing where the file has no springs. Appends the tails to the nodes.
pub(super) fn convert(json: &mut Value, vrm: &Value, graph: &SceneGraph, findings: &mut Findings) -> Option<Value> {
    let secondary = vrm.get("secondaryAnimation")?;
    let (mut colliders, mut groups) = (Vec::new(), Vec::new());
    for (at, group) in schema::list::<ColliderGroup>(secondary, "colliderGroups", findings).into_iter().enumerate() {
        let first = colliders.len();
        match index(group.node).filter(|node| *node < graph.len()) {
            Some(node) => colliders.extend(group.colliders.iter().map(|sphere| {
                let shape = json!({"sphere": {"offset": sphere.offset.in_node(), "radius": sphere.radius}});
                json!({"node": node, "shape": shape})
            })),
            None => {
                let place = format!("VRM.secondaryAnimation.colliderGroups[{at}]");
                findings.push(Finding::error(place, "names no node, its colliders were dropped"));
            }
        }
        // Springs name groups by index, so that none may be left out.
        groups.push(json!({"colliders": (first..colliders.len()).collect::<Vec<_>>()}));
    }
    let mut springs = Vec::new();
    let mut taken = vec![false; graph.len()];
    for (at, group) in schema::list::<BoneGroup>(secondary, "boneGroups", findings).into_iter().enumerate() {
        let place = format!("VRM.secondaryAnimation.boneGroups[{at}]");
        let used: Vec<usize> =
            group.collider_groups.iter().filter_map(|g| index(Some(*g))).filter(|g| *g < groups.len()).collect();
        if used.len() != group.collider_groups.len() {
            findings.push(Finding::error(&place, "names collider groups that are not there, left out"));
        }
        for &root in &group.bones {
            let Some(root) = index(Some(root)).filter(|root| *root < graph.len()) else {
                findings.push(Finding::error(&place, format!("names node {root}, there are {}", graph.len())));
                continue;
            };
            for chain in chains(root, graph, &mut taken) {
                let mut joints: Vec<Value> = chain.iter().map(|node| group.joint(*node)).collect();
                joints.extend(chain.last().and_then(|last| tail(json, *last, graph)).map(|tail| json!({"node": tail})));
                if joints.len() < 2 {
                    findings.push(Finding::warning(&place, format!("node {root} is too short to sway")));
                    continue;
                }
                let mut spring = json!({"name": group.comment, "joints": joints, "colliderGroups": used});
                if let Some(center) = index(group.center).filter(|center| *center < graph.len()) {
                    spring["center"] = json!(center);
                }
                springs.push(spring);
            }
        }
    }
    (!springs.is_empty())
        .then(|| json!({"specVersion": "1.0", "colliders": colliders, "colliderGroups": groups, "springs": springs}))
}

impl BoneGroup {
    fn joint(&self, node: usize) -> Value {
        json!({
            "node": node,
            "hitRadius": self.hit_radius,
            "stiffness": self.stiffness,
            "gravityPower": self.gravity_power,
            "gravityDir": self.gravity_dir.in_turned_model(),
            "dragForce": self.drag_force,
        })
    }
}

/// The bones below a root as chains: each goes on with the first child, every other child begins a new one. A bone
/// that sways already is left to its first chain.
fn chains(root: usize, graph: &SceneGraph, taken: &mut [bool]) -> Vec<Vec<usize>> {
    let mut out = Vec::new();
    let mut starts = vec![root];
    while let Some(start) = starts.pop() {
        let mut chain = Vec::new();
        let mut next = Some(start);
        while let Some(node) = next.filter(|node| !taken[*node]) {
            taken[node] = true;
            chain.push(node);
            let children = &graph.children[node];
            next = children.first().copied();
            // Back to front, so that chains come out in the order of the file.
            starts.extend(children.iter().skip(1).rev());
        }
        if !chain.is_empty() {
            out.push(chain);
        }
    }
    out
}

/// Appends the end of a chain: on along the last bone. Nothing where a chain was cut or the bone has no direction.
fn tail(json: &mut Value, last: usize, graph: &SceneGraph) -> Option<usize> {
    if !graph.children[last].is_empty() {
        return None;
    }
    let (rotation, translation) = graph.local[last];
    let direction = (rotation.inverse() * translation).try_normalize()?;
    let scale = graph.world[last].matrix3.x_axis.length();
    let meters = if scale > 1.0e-6 { TAIL_METERS / scale } else { TAIL_METERS };
    let offset: Vec3 = direction * meters;
    let name = format!("{}_end", graph.names[last]);
    let tail = scene_graph::append_node(json, json!({"name": name, "translation": offset.to_array()}))?;
    scene_graph::append_child(json, last, tail);
    Some(tail)
}
