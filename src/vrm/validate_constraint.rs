//! Checks `VRMC_node_constraint`: what names nothing, itself, or closes a circle is dropped with a finding.

use std::collections::BTreeSet;

use glam::Vec3;
use serde_json::Value;

use super::constraint::{Constraint, ConstraintKind};
use super::document::Node;
use super::finding::{Finding, Findings};
use super::schedule::Schedule;
use super::spring_schema::{RawConstraint, element};

/// More constraints than any avatar has.
const MAX_CONSTRAINTS: usize = 4_000;
const EXTENSION: &str = "VRMC_node_constraint";

/// All usable constraints by node.
pub(super) fn constraints(json: &Value, nodes: &[Node], findings: &mut Findings) -> Vec<Constraint> {
    let mut out = Vec::new();
    for (node, value) in json.get("nodes").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let Some(raw) = value.get("extensions").and_then(|e| e.get(EXTENSION)) else { continue };
        let place = format!("nodes[{node}].extensions.{EXTENSION}");
        if out.len() >= MAX_CONSTRAINTS {
            findings.push(Finding::error(place, format!("more than {MAX_CONSTRAINTS} constraints, dropped")));
            break;
        }
        if raw.get("specVersion").and_then(Value::as_str) != Some("1.0") {
            findings.push(Finding::warning(format!("{place}.specVersion"), "is not 1.0, read as 1.0"));
        }
        out.extend(constraint(raw, node, nodes.len(), &place, findings));
    }
    let circular = Schedule::new(nodes, &out, &BTreeSet::new()).circular;
    for &at in &circular {
        let Constraint { node, source, .. } = out[at];
        let message = format!("follows node {source}, which depends on it in turn, dropped");
        findings.push(Finding::error(format!("nodes[{node}].extensions.{EXTENSION}"), message));
    }
    let mut at = 0;
    out.retain(|_| {
        at += 1;
        !circular.contains(&(at - 1))
    });
    out
}

fn constraint(raw: &Value, node: usize, nodes: usize, place: &str, findings: &mut Findings) -> Option<Constraint> {
    let kinds = raw.get("constraint");
    let Some((kind, value)) = ["roll", "aim", "rotation"].into_iter().find_map(|kind| Some((kind, kinds?.get(kind)?)))
    else {
        findings.push(Finding::error(place, "is none of roll, aim and rotation, dropped"));
        return None;
    };
    let place = format!("{place}.constraint.{kind}");
    let raw = element::<RawConstraint>(value, &place, findings)?;
    let kind = match kind {
        "roll" => roll_axis(&raw.roll_axis).map(ConstraintKind::Roll),
        "aim" => aim_axis(&raw.aim_axis).map(ConstraintKind::Aim),
        _ => Some(ConstraintKind::Rotation),
    };
    let Some(kind) = kind else {
        let axis = if raw.roll_axis.is_empty() { raw.aim_axis } else { raw.roll_axis };
        findings.push(Finding::error(place, format!("{axis:?} is no axis, dropped")));
        return None;
    };
    let Some(source) = raw.source.filter(|source| *source < nodes) else {
        findings.push(Finding::error(place, "names no source node of the file, dropped"));
        return None;
    };
    if source == node {
        findings.push(Finding::error(place, "follows itself, dropped"));
        return None;
    }
    let stated = raw.weight.unwrap_or(1.0);
    let weight = if stated.is_finite() { stated.clamp(0.0, 1.0) } else { 1.0 };
    if weight != stated {
        findings.push(Finding::error(place, format!("weight {stated} is not within 0..=1, {weight} used")));
    }
    Some(Constraint { node, source, weight, kind })
}

fn roll_axis(name: &str) -> Option<Vec3> {
    match name {
        "X" => Some(Vec3::X),
        "Y" => Some(Vec3::Y),
        "Z" => Some(Vec3::Z),
        _ => None,
    }
}

fn aim_axis(name: &str) -> Option<Vec3> {
    let (sign, axis) = match name.strip_prefix("Positive") {
        Some(axis) => (1.0, axis),
        None => (-1.0, name.strip_prefix("Negative")?),
    };
    Some(roll_axis(axis)? * sign)
}
