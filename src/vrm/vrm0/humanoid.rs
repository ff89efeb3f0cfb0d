//! Bones of 0.x under their names of 1.0. The thumb moves up by one: its first bone is a metacarpal.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::index;
use crate::vrm::finding::{Finding, Findings};
use crate::vrm::schema;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Bone {
    bone: String,
    node: Option<i64>,
}

/// The object `humanBones` of 1.0.
pub(super) fn convert(vrm: &Value, findings: &mut Findings) -> Map<String, Value> {
    let mut out = Map::new();
    let humanoid = vrm.get("humanoid").unwrap_or(&Value::Null);
    for (at, bone) in schema::list::<Bone>(humanoid, "humanBones", findings).into_iter().enumerate() {
        let place = format!("VRM.humanoid.humanBones[{at}]");
        let Some(node) = index(bone.node) else {
            // Exporters list bones that the avatar lacks.
            findings.push(Finding::info(place, format!("{} names no node, left out", bone.bone)));
            continue;
        };
        let name = rename(&bone.bone);
        if out.contains_key(name) {
            findings.push(Finding::error(place, format!("{} stands there twice, dropped", bone.bone)));
            continue;
        }
        out.insert(name.to_owned(), json!({"node": node}));
    }
    out
}

fn rename(name: &str) -> &str {
    match name {
        "leftThumbProximal" => "leftThumbMetacarpal",
        "leftThumbIntermediate" => "leftThumbProximal",
        "rightThumbProximal" => "rightThumbMetacarpal",
        "rightThumbIntermediate" => "rightThumbProximal",
        other => other,
    }
}
