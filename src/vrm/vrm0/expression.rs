//! Blend shape groups of 0.x as expressions of 1.0.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::index;
use super::mtoon::{linear, uv_transform};
use crate::vrm::expression::Preset;
use crate::vrm::finding::{Finding, Findings};
use crate::vrm::scene_graph::SceneGraph;
use crate::vrm::schema;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Group {
    name: String,
    preset_name: String,
    binds: Vec<Bind>,
    material_values: Vec<MaterialValue>,
    is_binary: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Bind {
    mesh: Option<i64>,
    index: Option<i64>,
    weight: Option<f32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct MaterialValue {
    material_name: String,
    property_name: String,
    target_value: Vec<f32>,
}

/// More binds than any avatar has; a bind counts once for every node or material that it reaches.
const MAX_BINDS: usize = 200_000;

/// More groups than any avatar has.
const MAX_CUSTOMS: usize = 2_000;

/// The object `expressions` of 1.0. `json` already has the materials of 1.0.
pub(super) fn convert(vrm: &Value, json: &Value, graph: &SceneGraph, findings: &mut Findings) -> Value {
    let (mut presets, mut customs) = (Map::new(), Map::new());
    let mut binds_left = MAX_BINDS;
    let master = vrm.get("blendShapeMaster").unwrap_or(&Value::Null);
    for (at, group) in schema::list::<Group>(master, "blendShapeGroups", findings).into_iter().enumerate() {
        let place = format!("VRM.blendShapeMaster.blendShapeGroups[{at}]");
        if customs.len() >= MAX_CUSTOMS {
            findings.push(Finding::error(place, format!("more than {MAX_CUSTOMS} groups, the rest was dropped")));
            break;
        }
        let expression = expression(&group, json, graph, &place, &mut binds_left, findings);
        match preset(&group) {
            Some(preset) if !presets.contains_key(preset.name()) => {
                presets.insert(preset.name().to_owned(), expression);
            }
            taken => {
                let name = free_name(&group.name, &customs);
                if let Some(preset) = taken {
                    let message = format!("is a second {}, kept as custom {name:?}", preset.name());
                    findings.push(Finding::warning(place, message));
                } else if name != group.name {
                    findings.push(Finding::warning(place, format!("{:?} became custom {name:?}", group.name)));
                }
                customs.insert(name, expression);
            }
        }
    }
    json!({"preset": presets, "custom": customs})
}

fn preset(group: &Group) -> Option<Preset> {
    Some(match group.preset_name.to_ascii_lowercase().as_str() {
        "neutral" => Preset::Neutral,
        "a" => Preset::Aa,
        "i" => Preset::Ih,
        "u" => Preset::Ou,
        "e" => Preset::Ee,
        "o" => Preset::Oh,
        "blink" => Preset::Blink,
        "blink_l" => Preset::BlinkLeft,
        "blink_r" => Preset::BlinkRight,
        "joy" => Preset::Happy,
        "angry" => Preset::Angry,
        "sorrow" => Preset::Sad,
        "fun" => Preset::Relaxed,
        "lookup" => Preset::LookUp,
        "lookdown" => Preset::LookDown,
        "lookleft" => Preset::LookLeft,
        "lookright" => Preset::LookRight,
        // 0.x has no preset for surprise, so that makers give one of their own this name.
        _ if group.name.eq_ignore_ascii_case("surprised") => Preset::Surprised,
        _ => return None,
    })
}

/// A custom may not have the name of a preset, and no name twice.
fn free_name(name: &str, customs: &Map<String, Value>) -> String {
    let name = if name.is_empty() { "unnamed" } else { name };
    let taken = |name: &str| customs.contains_key(name) || Preset::from_name(name).is_some();
    if !taken(name) {
        return name.to_owned();
    }
    (2..).map(|number| format!("{name} {number}")).find(|name| !taken(name)).unwrap_or_default()
}

fn expression(
    group: &Group,
    json: &Value,
    graph: &SceneGraph,
    place: &str,
    binds_left: &mut usize,
    findings: &mut Findings,
) -> Value {
    let mut morphs = Vec::new();
    for (at, bind) in group.binds.iter().enumerate() {
        let place = format!("{place}.binds[{at}]");
        let (Some(mesh), Some(target)) = (index(bind.mesh), index(bind.index)) else {
            findings.push(Finding::error(place, "names no mesh or no morph target, dropped"));
            continue;
        };
        let nodes = graph.nodes_of_mesh(mesh);
        if nodes.is_empty() {
            findings.push(Finding::warning(place, format!("names mesh {mesh}, which no node shows, dropped")));
        } else if take(binds_left, nodes.len()) {
            let weight = bind.weight.unwrap_or(100.0) / 100.0;
            morphs.extend(nodes.iter().map(|node| json!({"node": node, "index": target, "weight": weight})));
        } else {
            findings.push(Finding::error(place, format!("more than {MAX_BINDS} binds, dropped")));
        }
    }
    let (mut colors, mut textures) = (Vec::new(), Vec::new());
    for (at, value) in group.material_values.iter().enumerate() {
        let place = format!("{place}.materialValues[{at}]");
        let materials: Vec<usize> = materials_named(json, &value.material_name).collect();
        if materials.is_empty() {
            findings.push(Finding::warning(place, format!("names no material: {:?}, dropped", value.material_name)));
            continue;
        }
        if !take(binds_left, materials.len()) {
            findings.push(Finding::error(place, format!("more than {MAX_BINDS} binds, dropped")));
            continue;
        }
        let property = value.property_name.as_str();
        if let Some(kind) = color_kind(property) {
            let Some(target) = color(kind, &value.target_value) else {
                findings.push(Finding::error(place, "has no color, dropped"));
                continue;
            };
            colors.extend(materials.iter().map(|m| json!({"material": m, "type": kind, "targetValue": target})));
        } else if let (true, &[sx, sy, ox, oy, ..]) = (property.contains("_ST"), value.target_value.as_slice()) {
            for material in materials {
                let (rest_scale, rest_offset) = rest_transform(json, material);
                let (scale, offset) = uv_transform([sx, sy], [ox, oy]);
                // The short forms move one direction only.
                let (scale, offset) = if property.ends_with("_ST_S") {
                    ([scale[0], rest_scale[1]], [offset[0], rest_offset[1]])
                } else if property.ends_with("_ST_T") {
                    ([rest_scale[0], scale[1]], [rest_offset[0], offset[1]])
                } else {
                    (scale, offset)
                };
                textures.push(json!({"material": material, "scale": scale, "offset": offset}));
            }
        } else {
            findings.push(Finding::warning(place, format!("{property} has no counterpart in VRM 1.0, dropped")));
        }
    }
    json!({
        "isBinary": group.is_binary,
        "morphTargetBinds": morphs,
        "materialColorBinds": colors,
        "textureTransformBinds": textures,
    })
}

fn take(left: &mut usize, count: usize) -> bool {
    let enough = *left >= count;
    *left = left.saturating_sub(count);
    enough
}

fn materials_named<'a>(json: &'a Value, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let materials = json.get("materials").and_then(Value::as_array).into_iter().flatten();
    materials.enumerate().filter(move |(_, m)| m.get("name").is_some_and(|n| n == name)).map(|(at, _)| at)
}

fn color_kind(property: &str) -> Option<&'static str> {
    match property {
        "_Color" => Some("color"),
        "_EmissionColor" => Some("emissionColor"),
        "_ShadeColor" => Some("shadeColor"),
        "_RimColor" => Some("rimColor"),
        "_OutlineColor" => Some("outlineColor"),
        _ => None,
    }
}

/// 0.x keeps colors as Unity shows them, in sRGB; only the emission is linear there.
fn color(kind: &str, value: &[f32]) -> Option<[f32; 4]> {
    let &[r, g, b, ref rest @ ..] = value else { return None };
    let alpha = rest.first().copied().unwrap_or(1.0);
    Some(if kind == "emissionColor" { [r, g, b, alpha] } else { [linear(r), linear(g), linear(b), alpha] })
}

/// Scale and offset of the base color texture of a material.
fn rest_transform(json: &Value, material: usize) -> ([f32; 2], [f32; 2]) {
    let transform = json.pointer(&format!(
        "/materials/{material}/pbrMetallicRoughness/baseColorTexture/extensions/KHR_texture_transform"
    ));
    let pair = |key: &str| transform.and_then(|t| <[f32; 2]>::deserialize(t.get(key)?).ok());
    (pair("scale").unwrap_or([1.0, 1.0]), pair("offset").unwrap_or([0.0, 0.0]))
}
