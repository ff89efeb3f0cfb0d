//! The JSON of `VRMC_springBone`, its extended colliders, and `VRMC_node_constraint`.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::finding::{Finding, Findings};

/// Reads one element of a list; `None` with a finding where it is unreadable.
pub(super) fn element<T: DeserializeOwned>(value: &Value, place: &str, findings: &mut Findings) -> Option<T> {
    T::deserialize(value)
        .map_err(|error| findings.push(Finding::error(place, format!("unreadable, dropped: {error}"))))
        .ok()
}

/// The elements of a list in an object, up to a limit.
pub(super) fn elements<'a>(
    object: &'a Value,
    key: &str,
    limit: usize,
    place: &str,
    findings: &mut Findings,
) -> &'a [Value] {
    let list = match object.get(key) {
        None | Some(Value::Null) => &[],
        Some(Value::Array(list)) => list.as_slice(),
        Some(_) => {
            findings.push(Finding::error(format!("{place}.{key}"), "is not a list, ignored"));
            &[]
        }
    };
    if list.len() > limit {
        let message = format!("has {} entries, those beyond {limit} are dropped", list.len());
        findings.push(Finding::error(format!("{place}.{key}"), message));
    }
    &list[..list.len().min(limit)]
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawCollider {
    pub(super) node: Option<usize>,
    pub(super) shape: Map<String, Value>,
    pub(super) extensions: Map<String, Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawShape {
    pub(super) offset: Option<[f32; 3]>,
    pub(super) tail: Option<[f32; 3]>,
    pub(super) radius: Option<f32>,
    pub(super) normal: Option<[f32; 3]>,
    pub(super) inside: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawColliderGroup {
    pub(super) name: String,
    pub(super) colliders: Vec<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawSpring {
    pub(super) name: String,
    pub(super) collider_groups: Vec<usize>,
    pub(super) center: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawSpringJoint {
    pub(super) node: Option<usize>,
    pub(super) hit_radius: Option<f32>,
    pub(super) stiffness: Option<f32>,
    pub(super) gravity_power: Option<f32>,
    pub(super) gravity_dir: Option<[f32; 3]>,
    pub(super) drag_force: Option<f32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawConstraint {
    pub(super) source: Option<usize>,
    pub(super) roll_axis: String,
    pub(super) aim_axis: String,
    pub(super) weight: Option<f32>,
}
