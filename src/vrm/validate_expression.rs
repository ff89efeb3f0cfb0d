//! The expressions of a file; binds that point at nothing are dropped.

use glam::{Vec2, Vec4};
use serde_json::Value;

use super::document::Node;
use super::expression::{ColorBind, ColorKind, Expression, ExpressionName, MorphBind, Override, Preset, TextureBind};
use super::finding::{Finding, Findings};
use super::schema::{self, RawExpression};

/// More expressions than any avatar has.
const MAX_EXPRESSIONS: usize = 2_000;

/// Presets, then customs in order of the file.
pub(super) fn expressions(vrm: &Value, nodes: &[Node], materials: usize, findings: &mut Findings) -> Vec<Expression> {
    let mut out = Vec::new();
    let groups = vrm.get("expressions");
    for group in ["preset", "custom"] {
        let Some(items) = groups.and_then(|g| g.get(group)).and_then(Value::as_object) else { continue };
        for (name, value) in items {
            let place = format!("VRMC_vrm.expressions.{group}.{name}");
            let name = match (group, Preset::from_name(name)) {
                ("preset", Some(preset)) => ExpressionName::Preset(preset),
                ("preset", None) => {
                    findings.push(Finding::warning(&place, "is not a preset of VRM 1.0, read as custom"));
                    ExpressionName::Custom(name.clone())
                }
                (_, Some(_)) => {
                    findings.push(Finding::error(place, "has the name of a preset, dropped"));
                    continue;
                }
                (_, None) => ExpressionName::Custom(name.clone()),
            };
            if out.len() >= MAX_EXPRESSIONS {
                findings.push(Finding::error(place, format!("more than {MAX_EXPRESSIONS} expressions, dropped")));
                return out;
            }
            if out.iter().any(|e: &Expression| e.name == name) {
                findings.push(Finding::error(place, "stands there twice, dropped"));
                continue;
            }
            let raw: RawExpression = schema::part(Some(value), &place, findings);
            out.push(expression(name, raw, nodes, materials, &place, findings));
        }
    }
    out
}

fn expression(
    name: ExpressionName,
    raw: RawExpression,
    nodes: &[Node],
    materials: usize,
    place: &str,
    findings: &mut Findings,
) -> Expression {
    let mut overriding = |text: &str, key: &str| match text {
        "none" | "" => Override::None,
        "block" => Override::Block,
        "blend" => Override::Blend,
        other => {
            findings.push(Finding::error(format!("{place}.{key}"), format!("{other:?} is unknown, read as none")));
            Override::None
        }
    };
    let (blink, look_at, mouth) = (
        overriding(&raw.override_blink, "overrideBlink"),
        overriding(&raw.override_look_at, "overrideLookAt"),
        overriding(&raw.override_mouth, "overrideMouth"),
    );
    let mut morphs = Vec::with_capacity(raw.morph_target_binds.len());
    for (at, bind) in raw.morph_target_binds.iter().enumerate() {
        let place = format!("{place}.morphTargetBinds[{at}]");
        let (Some(node), Some(index)) = (bind.node, bind.index) else {
            findings.push(Finding::error(place, "names no node or no morph target, dropped"));
            continue;
        };
        let Some(targets) = nodes.get(node).map(|n| n.morph_weights.len()) else {
            findings.push(Finding::error(place, format!("names node {node}, there are {}, dropped", nodes.len())));
            continue;
        };
        if index >= targets {
            let message = format!("names morph target {index}, node {node} has {targets}, dropped");
            findings.push(Finding::error(place, message));
            continue;
        }
        let stated = bind.weight.filter(|w| w.is_finite()).unwrap_or(1.0);
        let weight = stated.clamp(0.0, 1.0);
        if bind.weight != Some(weight) {
            findings.push(Finding::warning(place, format!("has no weight in 0..=1, {weight} used")));
        }
        morphs.push(MorphBind { node, index, weight });
    }
    let mut colors = Vec::new();
    for (at, bind) in raw.material_color_binds.iter().enumerate() {
        let place = format!("{place}.materialColorBinds[{at}]");
        let material = bind.material.filter(|m| *m < materials);
        let (Some(material), Some(kind)) = (material, ColorKind::from_name(&bind.kind)) else {
            findings.push(Finding::error(place, "names no material or no color of it, dropped"));
            continue;
        };
        let value = |at: usize| bind.target_value.get(at).copied().unwrap_or(1.0);
        let target = Vec4::new(value(0), value(1), value(2), value(3));
        if bind.target_value.len() < 3 || !target.is_finite() {
            findings.push(Finding::error(place, "has no usable color, dropped"));
            continue;
        }
        colors.push(ColorBind { material, kind, target });
    }
    let mut textures = Vec::new();
    for (at, bind) in raw.texture_transform_binds.iter().enumerate() {
        let scale = bind.scale.map_or(Vec2::ONE, Vec2::from);
        let offset = bind.offset.map_or(Vec2::ZERO, Vec2::from);
        match bind.material.filter(|m| *m < materials && scale.is_finite() && offset.is_finite()) {
            Some(material) => textures.push(TextureBind { material, scale, offset }),
            None => findings.push(Finding::error(
                format!("{place}.textureTransformBinds[{at}]"),
                "names no material or has no usable numbers, dropped",
            )),
        }
    }
    Expression {
        name,
        is_binary: raw.is_binary,
        override_blink: blink,
        override_look_at: look_at,
        override_mouth: mouth,
        morphs,
        colors,
        textures,
    }
}
