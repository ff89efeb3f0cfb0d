//! A GLB without VRM as a VRM 1.0 document: bones by their names, expressions by the names of morph targets, a turn
//! and a scale where the figure was made for other axes or units. Arms that hang are lifted in the normalized pose:
//! nodes stay as they are, see [`super::validate_humanoid::rest_corrections`]. Nothing says who may use such a file,
//! so that nothing is permitted.

mod bone_name;
mod face;
mod skeleton;
mod stance;

#[cfg(test)]
mod tests;

use glam::{Quat, Vec3};
use serde_json::{Map, Value, json};

use self::face::Morphs;
use self::skeleton::Bones;
use super::bone::HumanBone;
use super::document::Refusal;
use super::finding::{Finding, Findings};
use super::scene_graph::{self, SceneGraph};
use super::source;
use super::validate_humanoid::REST_CORRECTION;

const MEND: &str = "export it as VRM 1.0, for example with UniVRM or the VRM add-on for Blender";

/// How far eyes of plain files turn: as far as they are told, up to what eyes can do. Degrees.
const EYE_MAX_DEG: (f32, f32) = (35.0, 25.0);

/// Converts a document without VRM data.
pub(super) fn convert(mut json: Value, findings: &mut Findings) -> Result<Value, Refusal> {
    let graph = SceneGraph::read(&json);
    let bones = skeleton::find(&json, &graph);
    let missing: Vec<_> =
        HumanBone::ALL.iter().filter(|b| b.is_required() && !bones.contains_key(b)).map(|b| b.name()).collect();
    if !missing.is_empty() {
        let why = format!(
            "the file is plain glTF without VRM data, and by the names of its nodes these bones were not found: {}",
            missing.join(", ")
        );
        return Err(Refusal::new("nodes", why, MEND));
    }
    let Some(stance) = stance::of(&bones, &graph) else {
        return Err(Refusal::new(
            "nodes",
            "the figure does not stand upright along +Y with its arms at the sides",
            MEND,
        ));
    };
    findings.push(Finding::info("extensions", format!("no VRM data; {} bones found by their names", bones.len())));
    let forward = Quat::from_rotation_y(stance.turn_rad);
    let morphs = Morphs::read(&json, &graph);
    let human_bones = human_bones(&bones, &graph, forward, findings);
    let look_at = look_at(&bones, &graph, &morphs);
    let copyright = json.pointer("/asset/copyright").and_then(Value::as_str).unwrap_or_default();
    let converted = json!({
        "specVersion": "1.0",
        "meta": {"copyrightInformation": copyright},
        "humanoid": {"humanBones": human_bones},
        "expressions": morphs.expressions(),
        "lookAt": look_at,
    });
    if stance.turn_rad != 0.0 || stance.scale != 1.0 {
        let turned = stance.turn_rad.to_degrees().round();
        let message = format!("the figure was turned by {turned}° to face +Z and scaled by {} to meters", stance.scale);
        findings.push(Finding::info("nodes", message));
        scene_graph::put_root_above(&mut json, "plain_root", forward, stance.scale);
    }
    source::set_extension(&mut json, "VRMC_vrm", converted);
    Ok(json)
}

fn human_bones(bones: &Bones, graph: &SceneGraph, forward: Quat, findings: &mut Findings) -> Map<String, Value> {
    let mut out: Map<String, Value> =
        bones.iter().map(|(bone, node)| (bone.name().to_owned(), json!({"node": node}))).collect();
    for (bone, lift) in stance::arm_corrections(bones, graph, forward) {
        let degrees = lift.angle_between(Quat::IDENTITY).to_degrees().round();
        let message = format!("{} stands {degrees}° off the T-pose; lifted in the normalized pose", bone.name());
        findings.push(Finding::warning(format!("nodes[{}]", bones[&bone]), message));
        if let Some(value) = out.get_mut(bone.name()) {
            value["extras"] = json!({REST_CORRECTION: lift.to_array()});
        }
    }
    out
}

fn look_at(bones: &Bones, graph: &SceneGraph, morphs: &Morphs) -> Value {
    let node = |bone: HumanBone| bones.get(&bone).copied();
    let (yaw, pitch) = EYE_MAX_DEG;
    let range = |most: f32, output: f32| json!({"inputMaxValue": most, "outputScale": output});
    let eyes = node(HumanBone::LeftEye).zip(node(HumanBone::RightEye));
    let offset = eyes.zip(node(HumanBone::Head)).map_or(Vec3::new(0.0, 0.06, 0.0), |((left, right), head)| {
        let middle = graph.position(left).midpoint(graph.position(right));
        graph.world[head].inverse().transform_point3(middle)
    });
    let offset = if offset.is_finite() { offset } else { Vec3::ZERO };
    let by_morphs = eyes.is_none() && morphs.can_look();
    let (yaw_out, pitch_out) = if by_morphs { (1.0, 1.0) } else { (yaw, pitch) };
    json!({
        "type": if by_morphs { "expression" } else { "bone" },
        "offsetFromHeadBone": offset.to_array(),
        "rangeMapHorizontalInner": range(yaw, yaw_out),
        "rangeMapHorizontalOuter": range(yaw, yaw_out),
        "rangeMapVerticalDown": range(pitch, pitch_out),
        "rangeMapVerticalUp": range(pitch, pitch_out),
    })
}
