//! Small VRM files for tests.

use serde_json::{Value, json};

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

/// A whole file.
pub(crate) fn glb(json: &Value, binary: &[u8]) -> Vec<u8> {
    raw_glb(json.to_string().as_bytes(), binary)
}

/// A whole file around any bytes that should be JSON.
pub(crate) fn raw_glb(json: &[u8], binary: &[u8]) -> Vec<u8> {
    let mut json = json.to_vec();
    json.resize(json.len().next_multiple_of(4), b' ');
    let mut binary = binary.to_vec();
    binary.resize(binary.len().next_multiple_of(4), 0);
    let tail = if binary.is_empty() { 0 } else { 8 + binary.len() };
    let mut out = b"glTF\x02\0\0\0".to_vec();
    out.extend(((20 + json.len() + tail) as u32).to_le_bytes());
    out.extend((json.len() as u32).to_le_bytes());
    out.extend(b"JSON");
    out.extend(&json);
    if tail > 0 {
        out.extend((binary.len() as u32).to_le_bytes());
        out.extend(b"BIN\0");
        out.extend(&binary);
    }
    out
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
