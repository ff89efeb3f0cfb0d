//! Small VRM files for tests.

use serde_json::{Value, json};

pub(crate) use super::specimen::{glb, raw_glb};
use super::{Document, HumanBone};

/// The bones of the fixture: the required ones, a neck, and both eyes.
const BONES: &[HumanBone] = &[
    HumanBone::Hips,
    HumanBone::Spine,
    HumanBone::Neck,
    HumanBone::Head,
    HumanBone::LeftEye,
    HumanBone::RightEye,
    HumanBone::LeftUpperLeg,
    HumanBone::LeftLowerLeg,
    HumanBone::LeftFoot,
    HumanBone::RightUpperLeg,
    HumanBone::RightLowerLeg,
    HumanBone::RightFoot,
    HumanBone::LeftUpperArm,
    HumanBone::LeftLowerArm,
    HumanBone::LeftHand,
    HumanBone::RightUpperArm,
    HumanBone::RightLowerArm,
    HumanBone::RightHand,
];

/// The node of a bone in [`vrm`].
pub(crate) fn node_of(bone: HumanBone) -> usize {
    BONES.iter().position(|b| *b == bone).unwrap_or(usize::MAX)
}

/// The node that carries the mesh in [`vrm`]; its mesh has eight morph targets and one material.
pub(crate) fn mesh_node() -> usize {
    BONES.len()
}

/// A VRM 1.0 document: a stick figure, every bone 0.1 m above its parent, one mesh.
pub(crate) fn vrm() -> Value {
    let mut nodes: Vec<Value> =
        BONES.iter().map(|b| json!({"name": b.name(), "translation": [0.0, 0.1, 0.0], "children": []})).collect();
    let mut bones = serde_json::Map::new();
    for (index, bone) in BONES.iter().enumerate() {
        bones.insert(bone.name().into(), json!({"node": index}));
        let mut parent = bone.parent();
        while let Some(p) = parent {
            if let Some(at) = BONES.iter().position(|b| *b == p) {
                if let Some(children) = nodes[at]["children"].as_array_mut() {
                    children.push(json!(index));
                }
                break;
            }
            parent = p.parent();
        }
    }
    nodes.push(json!({"name": "Face", "mesh": 0}));
    let target = json!({"POSITION": 0});
    json!({
        "asset": {"version": "2.0"},
        "accessors": [{"componentType": 5126, "type": "VEC3", "count": 3}],
        "nodes": nodes,
        "meshes": [{"primitives": [{
            "attributes": {"POSITION": 0}, "material": 0, "targets": vec![target; 8],
        }]}],
        "materials": [{"name": "skin", "pbrMetallicRoughness": {"baseColorFactor": [0.5, 0.5, 0.5, 1.0]}}],
        "extensionsUsed": ["VRMC_vrm"],
        "extensions": {"VRMC_vrm": {
            "specVersion": "1.0",
            "meta": {"name": "Stick", "authors": ["test"], "licenseUrl": "https://vrm.dev/licenses/1.0/"},
            "humanoid": {"humanBones": bones},
        }},
    })
}

/// Puts presets and customs of the expressions into a document from [`vrm`].
pub(crate) fn with_expressions(preset: Value, custom: Value) -> Value {
    let mut vrm = vrm();
    vrm["extensions"]["VRMC_vrm"]["expressions"] = json!({"preset": preset, "custom": custom});
    vrm
}

/// Loads a document that must load.
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
pub(crate) fn load(json: &Value) -> Document {
    Document::read(&glb(json, &[]), "fixture.vrm").unwrap()
}

/// This project's avatar.
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
pub(crate) fn agent() -> Document {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/avatars/agent.vrm");
    Document::read(&std::fs::read(path).unwrap(), "agent.vrm").unwrap()
}

/// Adds a node below another one, with any other properties of a glTF node.
pub(crate) fn add_node(vrm: &mut Value, parent: usize, mut node: Value) -> usize {
    node["children"] = json!([]);
    let nodes = vrm["nodes"].as_array_mut();
    let index = nodes.as_ref().map_or(0, |nodes| nodes.len());
    if let Some(nodes) = nodes {
        nodes.push(node);
    }
    if let Some(children) = vrm["nodes"][parent]["children"].as_array_mut() {
        children.push(json!(index));
    }
    index
}

/// Adds nodes one below the other, each 0.1 m along -Y; the first below `parent`.
pub(crate) fn add_chain(vrm: &mut Value, parent: usize, count: usize) -> Vec<usize> {
    let mut at = parent;
    let mut add = || {
        at = add_node(vrm, at, json!({"translation": [0.0, -0.1, 0.0]}));
        at
    };
    (0..count).map(|_| add()).collect()
}

/// Joints of a spring, all with the same settings.
pub(crate) fn joints(nodes: &[usize], settings: &Value) -> Value {
    let joint = |node: &usize| {
        let mut joint = settings.clone();
        joint["node"] = json!(node);
        joint
    };
    Value::Array(nodes.iter().map(joint).collect())
}

/// Puts springs and colliders, all colliders in one group, into a document.
pub(crate) fn set_springs(vrm: &mut Value, springs: Value, colliders: Value) {
    let all: Vec<usize> = (0..colliders.as_array().map_or(0, Vec::len)).collect();
    vrm["extensions"]["VRMC_springBone"] = json!({
        "specVersion": "1.0", "springs": springs, "colliders": colliders, "colliderGroups": [{"colliders": all}],
    });
}

/// Puts a constraint on a node.
pub(crate) fn constrain(vrm: &mut Value, node: usize, constraint: Value) {
    let extension = json!({"specVersion": "1.0", "constraint": constraint});
    vrm["nodes"][node]["extensions"]["VRMC_node_constraint"] = extension;
}
