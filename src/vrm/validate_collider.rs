//! The colliders of a file: the core shapes and the extended ones, which stand in their place.

use glam::Vec3;
use serde_json::{Map, Value};

use super::finding::{Finding, Findings};
use super::spring::{Collider, ColliderShape};
use super::spring_schema::{RawCollider, RawShape, element};

const EXTENDED: &str = "VRMC_springBone_extended_collider";

/// A collider; `None` with a finding where it is of no use.
pub(super) fn collider(value: &Value, nodes: usize, place: &str, findings: &mut Findings) -> Option<Collider> {
    let raw = element::<RawCollider>(value, place, findings)?;
    let Some(node) = raw.node.filter(|node| *node < nodes) else {
        findings.push(Finding::error(place, "names no node of the file, dropped"));
        return None;
    };
    let shape = raw
        .extensions
        .get(EXTENDED)
        .and_then(|extension| extended_shape(extension, &format!("{place}.extensions.{EXTENDED}"), findings))
        .or_else(|| shape(&raw.shape, false, &format!("{place}.shape"), "the collider is dropped", findings))?;
    Some(Collider { node, shape })
}

fn extended_shape(extension: &Value, place: &str, findings: &mut Findings) -> Option<ColliderShape> {
    let version = extension.get("specVersion").and_then(Value::as_str);
    // Files made before the extension was finished say draft; nothing has changed since.
    if !matches!(version, Some("1.0" | "1.0-draft")) {
        findings.push(Finding::warning(format!("{place}.specVersion"), "is not 1.0, read as 1.0"));
    }
    let place = format!("{place}.shape");
    match extension.get("shape").and_then(Value::as_object) {
        Some(raw) => shape(raw, true, &place, "the core shape is used", findings),
        None => {
            findings.push(Finding::error(place, "is missing, the core shape is used"));
            None
        }
    }
}

fn shape(
    raw: &Map<String, Value>,
    is_extended: bool,
    place: &str,
    instead: &str,
    findings: &mut Findings,
) -> Option<ColliderShape> {
    let kinds: &[&str] = if is_extended { &["sphere", "capsule", "plane"] } else { &["sphere", "capsule"] };
    let Some((kind, value)) = kinds.iter().find_map(|kind| Some((*kind, raw.get(*kind)?))) else {
        findings.push(Finding::error(place, format!("is none of {}: {instead}", kinds.join(", "))));
        return None;
    };
    let place = format!("{place}.{kind}");
    let raw = element::<RawShape>(value, &place, findings)?;
    let shape = usable(kind, &raw, is_extended);
    if shape.is_none() {
        findings.push(Finding::error(place, format!("has no usable numbers: {instead}")));
    }
    shape
}

fn usable(kind: &str, raw: &RawShape, is_extended: bool) -> Option<ColliderShape> {
    /// A fallback for older programs stands ten kilometers away; farther is a broken file.
    const FAR: f32 = 1.0e5;
    let point = |value: Option<[f32; 3]>| {
        Some(value.map_or(Vec3::ZERO, Vec3::from)).filter(|v| v.is_finite() && v.abs().max_element() < FAR)
    };
    let offset = point(raw.offset)?;
    if kind == "plane" {
        let normal = raw.normal.map_or(Vec3::Z, Vec3::from).try_normalize()?;
        return Some(ColliderShape::Plane { offset, normal });
    }
    let radius = Some(raw.radius.unwrap_or(0.0)).filter(|radius| (0.0..FAR).contains(radius))?;
    let inside = is_extended && raw.inside;
    Some(match kind {
        "capsule" => ColliderShape::Capsule { offset, tail: point(raw.tail)?, radius, inside },
        _ => ColliderShape::Sphere { offset, radius, inside },
    })
}
