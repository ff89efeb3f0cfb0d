//! First person and look-at of 0.x, which stand in one object there.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Vector, index};
use crate::vrm::finding::{Finding, Findings};
use crate::vrm::scene_graph::SceneGraph;
use crate::vrm::schema;

const PLACE: &str = "VRM.firstPerson";

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Annotation {
    mesh: Option<i64>,
    first_person_flag: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct DegreeMap {
    curve: Vec<f32>,
    x_range: Option<f32>,
    y_range: Option<f32>,
}

/// The object `firstPerson` of 1.0: a flag for every node that shows the mesh.
pub(super) fn first_person(vrm: &Value, graph: &SceneGraph, findings: &mut Findings) -> Value {
    let first_person = vrm.get("firstPerson").unwrap_or(&Value::Null);
    let mut out = Vec::new();
    for (at, annotation) in
        schema::list::<Annotation>(first_person, "meshAnnotations", findings).into_iter().enumerate()
    {
        let kind = match annotation.first_person_flag.to_ascii_lowercase().as_str() {
            "both" => "both",
            "thirdpersononly" => "thirdPersonOnly",
            "firstpersononly" => "firstPersonOnly",
            _ => "auto",
        };
        let before = out.len();
        if before > graph.len() {
            findings.push(Finding::error(PLACE, "has more annotations than nodes, the rest was dropped"));
            break;
        }
        if let Some(mesh) = index(annotation.mesh) {
            out.extend(graph.nodes_of_mesh(mesh).iter().map(|node| json!({"node": node, "type": kind})));
        }
        if out.len() == before {
            // Common: meshes were removed after the flags were set.
            let message = "names no mesh that a node shows, left out";
            findings.push(Finding::info(format!("{PLACE}.meshAnnotations[{at}]"), message));
        }
    }
    json!({"meshAnnotations": out})
}

/// The object `lookAt` of 1.0.
pub(super) fn convert(vrm: &Value, human_bones: &Map<String, Value>, findings: &mut Findings) -> Value {
    let first_person = vrm.get("firstPerson").unwrap_or(&Value::Null);
    let kind = match first_person.get("lookAtTypeName").and_then(Value::as_str) {
        Some(name) if name.eq_ignore_ascii_case("BlendShape") => "expression",
        _ => "bone",
    };
    let bone = first_person.get("firstPersonBone").and_then(Value::as_i64).filter(|bone| *bone >= 0);
    let head = human_bones.get("head").and_then(|head| head.get("node")).and_then(Value::as_i64);
    if bone.is_some() && bone != head {
        let message = "is not the head; its offset is read as one from the head";
        findings.push(Finding::warning(format!("{PLACE}.firstPersonBone"), message));
    }
    let offset = match first_person.get("firstPersonBoneOffset") {
        Some(offset) => {
            schema::part::<Vector>(Some(offset), &format!("{PLACE}.firstPersonBoneOffset"), findings).in_node()
        }
        // What Unity's component of 0.x starts with.
        None => [0.0, 0.06, 0.0],
    };
    let mut range = |key: &str| {
        let place = format!("{PLACE}.{key}");
        let map: DegreeMap = schema::part(first_person.get(key), &place, findings);
        if !is_linear(&map.curve) {
            findings.push(Finding::warning(place, "has a curve, which VRM 1.0 does not know; a straight line is used"));
        }
        let most = if kind == "bone" { 10.0 } else { 1.0 };
        json!({"inputMaxValue": map.x_range.unwrap_or(90.0), "outputScale": map.y_range.unwrap_or(most)})
    };
    json!({
        "type": kind,
        "offsetFromHeadBone": offset,
        "rangeMapHorizontalInner": range("lookAtHorizontalInner"),
        "rangeMapHorizontalOuter": range("lookAtHorizontalOuter"),
        "rangeMapVerticalDown": range("lookAtVerticalDown"),
        "rangeMapVerticalUp": range("lookAtVerticalUp"),
    })
}

/// Keys of four numbers: time, value, tangent in, tangent out. The tangents before the first and behind the last key
/// do nothing.
fn is_linear(curve: &[f32]) -> bool {
    let same = |a: f32, b: f32| (a - b).abs() < 1.0e-3;
    let last = (curve.len() / 4).saturating_sub(1);
    curve.is_empty()
        || curve.len() >= 8
            && curve.chunks_exact(4).enumerate().all(|(at, key)| {
                same(key[0], key[1]) && (at == 0 || same(key[2], 1.0)) && (at == last || same(key[3], 1.0))
            })
}
