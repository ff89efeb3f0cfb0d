//! VRM 0.x as a VRM 1.0 document, JSON to JSON. Nodes keep their indices; the tails of spring bones and a root that
//! turns the figure to +Z stand behind them. 0.x stores vectors as Unity has them (left-handed): along a bone they
//! become (x, y, -z), in the turned model (-x, y, z).

mod expression;
mod humanoid;
mod look_at;
mod material;
mod meta;
mod mtoon;
mod spring;

#[cfg(test)]
pub(super) mod fixture;
#[cfg(test)]
mod tests;

use glam::Quat;
use serde::Deserialize;
use serde_json::{Value, json};

use super::document::Refusal;
use super::finding::{Finding, Findings};
use super::scene_graph::{self, SceneGraph};
use super::source;

/// A vector as 0.x writes it; any part may be missing.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct Vector {
    x: f32,
    y: f32,
    z: f32,
}

impl Vector {
    /// Along the axes of a node of the file.
    fn in_node(self) -> [f32; 3] {
        [self.x, self.y, -self.z]
    }

    /// Along the axes of the model after it was turned.
    fn in_turned_model(self) -> [f32; 3] {
        [-self.x, self.y, self.z]
    }
}

/// An index as 0.x writes it: -1 is none.
fn index(value: Option<i64>) -> Option<usize> {
    value.and_then(|value| usize::try_from(value).ok())
}

/// Converts a document whose extension `VRM` is an object.
pub(super) fn convert(mut json: Value, findings: &mut Findings) -> Result<Value, Refusal> {
    let vrm = json.pointer_mut("/extensions/VRM").map(Value::take).unwrap_or_default();
    source::remove_extension(&mut json, "VRM");
    let exporter = vrm.get("exporterVersion").and_then(Value::as_str).unwrap_or("an unknown exporter");
    findings.push(Finding::info("VRM", format!("VRM 0.x by {exporter}, converted to VRM 1.0 while reading")));
    let graph = SceneGraph::read(&json);
    let human_bones = humanoid::convert(&vrm, findings);
    let meta = meta::convert(&vrm, &json, findings);
    material::convert(&mut json, &vrm, findings);
    let expressions = expression::convert(&vrm, &json, &graph, findings);
    let first_person = look_at::first_person(&vrm, &graph, findings);
    let look_at = look_at::convert(&vrm, &human_bones, findings);
    let springs = spring::convert(&mut json, &vrm, &graph, findings);
    scene_graph::put_root_above(&mut json, "vrm0_root", Quat::from_xyzw(0.0, 1.0, 0.0, 0.0), 1.0);
    let converted = json!({
        "specVersion": "1.0",
        "meta": meta,
        "humanoid": {"humanBones": human_bones},
        "expressions": expressions,
        "firstPerson": first_person,
        "lookAt": look_at,
    });
    source::set_extension(&mut json, "VRMC_vrm", converted);
    if let Some(springs) = springs {
        source::set_extension(&mut json, "VRMC_springBone", springs);
    }
    Ok(json)
}
