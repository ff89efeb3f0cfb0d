//! Checks the glTF parts: a broken part is dropped or replaced with a finding, a file without a usable humanoid is
//! refused with the reason.

use std::collections::BTreeMap;

use glam::{Vec2, Vec3, Vec4};
use serde_json::Value;

use super::accessor::Accessors;
use super::bone::HumanBone;
use super::document::{FirstPerson, Material, Mesh, Node, Primitive, Refusal, Shading, rest_of};
use super::expression::Expression;
use super::finding::{Finding, Findings};
use super::humanoid::Humanoid;
use super::look_at::{LookAt, LookAtKind, RangeMap};
use super::schema::{self, Meta, RawFirstPerson, RawLookAt, RawMToon, RawMaterial, RawMesh, RawNode, RawRangeMap};

pub(super) use super::validate_expression::expressions;
pub(super) use super::validate_humanoid::human_bones;

/// More morph weights than any avatar has; a file beyond it is meant to fill the memory.
const MAX_MORPH_WEIGHTS: usize = 1_000_000;

/// All meshes with their counts.
pub(super) fn meshes(json: &Value, accessors: &Accessors, findings: &mut Findings) -> Vec<Mesh> {
    let raw: Vec<RawMesh> = schema::list(json, "meshes", findings);
    let materials = json.get("materials").and_then(Value::as_array).map_or(0, Vec::len);
    raw.into_iter()
        .enumerate()
        .map(|(index, mesh)| {
            let place = format!("meshes[{index}]");
            let targets = mesh.primitives.iter().map(|p| p.targets.len()).max().unwrap_or(0);
            let primitives: Vec<_> = mesh
                .primitives
                .iter()
                .enumerate()
                .map(|(at, p)| primitive(p, accessors, materials, &format!("{place}.primitives[{at}]"), findings))
                .collect();
            if mesh.primitives.iter().any(|p| p.targets.len() != targets) {
                findings.push(Finding::error(&place, "its primitives differ in their number of morph targets"));
            }
            Mesh { name: mesh.name, primitives, targets }
        })
        .collect()
}

fn primitive(
    raw: &schema::RawPrimitive,
    accessors: &Accessors,
    materials: usize,
    place: &str,
    findings: &mut Findings,
) -> Primitive {
    let accessor = |value: &Value| value.as_u64().and_then(|index| usize::try_from(index).ok());
    let position = raw.attributes.get("POSITION").and_then(accessor);
    let vertices = position.and_then(|index| accessors.count(index)).unwrap_or(0);
    if vertices == 0 {
        findings.push(Finding::error(place, "has no vertices"));
    }
    let corners = raw.indices.and_then(|index| accessors.count(index)).unwrap_or(vertices);
    let triangles = match raw.mode.unwrap_or(4) {
        4 => corners / 3,
        5 | 6 => corners.saturating_sub(2),
        _ => 0,
    };
    let empty_targets: Vec<usize> = raw
        .targets
        .iter()
        .enumerate()
        .filter(|(_, target)| target.values().filter_map(accessor).all(|index| accessors.is_empty(index)))
        .map(|(at, _)| at)
        .collect();
    if !empty_targets.is_empty() {
        let message = format!("{} of {} morph targets have no data", empty_targets.len(), raw.targets.len());
        findings.push(Finding::info(place, message));
    }
    let material = raw.material.filter(|&index| {
        let known = index < materials;
        if !known {
            findings.push(Finding::error(place, format!("names material {index}, there are {materials}")));
        }
        known
    });
    Primitive { material, vertices, triangles, empty_targets }
}

/// All nodes as a forest, and their order with parents before children.
pub(super) fn nodes(
    json: &Value,
    meshes: &[Mesh],
    findings: &mut Findings,
) -> Result<(Vec<Node>, Vec<usize>), Refusal> {
    let raw: Vec<RawNode> = schema::list(json, "nodes", findings);
    let default_weights: Vec<RawMesh> = schema::list(json, "meshes", &mut Findings::default());
    let mut parents: Vec<Option<usize>> = vec![None; raw.len()];
    for (index, node) in raw.iter().enumerate() {
        for &child in &node.children {
            let place = format!("nodes[{index}].children");
            if child >= raw.len() {
                findings.push(Finding::error(place, format!("names node {child}, there are {}", raw.len())));
            } else if child == index {
                findings.push(Finding::error(place, "names itself, dropped"));
            } else if parents[child].is_some() {
                findings
                    .push(Finding::error(place, format!("names node {child}, which has a parent already, dropped")));
            } else {
                parents[child] = Some(index);
            }
        }
    }
    let order = sort(&mut parents, findings);
    let mut weights_total = 0_usize;
    let mut nodes = Vec::with_capacity(raw.len());
    for (index, (node, parent)) in raw.into_iter().zip(parents).enumerate() {
        let place = format!("nodes[{index}]");
        let rest = rest_of(&node, &place, findings);
        let mesh = node.mesh.filter(|&mesh| {
            if mesh >= meshes.len() {
                findings.push(Finding::error(&place, format!("names mesh {mesh}, there are {}", meshes.len())));
            }
            mesh < meshes.len()
        });
        let targets = mesh.map_or(0, |mesh| meshes[mesh].targets);
        weights_total = weights_total.saturating_add(targets);
        if weights_total > MAX_MORPH_WEIGHTS {
            let why = format!("the meshes need more than {MAX_MORPH_WEIGHTS} morph weights");
            return Err(Refusal::new(place, why, "reduce the morph targets of the avatar"));
        }
        let stated = match (node.weights.as_slice(), mesh.and_then(|mesh| default_weights.get(mesh))) {
            ([], Some(mesh)) => mesh.weights.as_slice(),
            (own, _) => own,
        };
        let mut morph_weights: Vec<f32> =
            stated.iter().take(targets).map(|w| if w.is_finite() { *w } else { 0.0 }).collect();
        morph_weights.resize(targets, 0.0);
        nodes.push(Node { name: node.name, parent, mesh, skin: node.skin, rest, morph_weights });
    }
    Ok((nodes, order))
}

/// Parents before children; links that close a circle are cut.
fn sort(parents: &mut [Option<usize>], findings: &mut Findings) -> Vec<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; parents.len()];
    let mut order = Vec::with_capacity(parents.len());
    let mut path = Vec::new();
    for start in 0..parents.len() {
        let mut at = start;
        path.clear();
        while marks[at] == Mark::New {
            marks[at] = Mark::Open;
            path.push(at);
            match parents[at] {
                Some(parent) if marks[parent] == Mark::Open => {
                    let message = "is its own ancestor; the link to its parent was cut";
                    findings.push(Finding::error(format!("nodes[{at}]"), message));
                    parents[at] = None;
                    break;
                }
                Some(parent) => at = parent,
                None => break,
            }
        }
        for &node in path.iter().rev() {
            marks[node] = Mark::Done;
            order.push(node);
        }
    }
    order
}

/// All materials with the values that expressions may change.
pub(super) fn materials(json: &Value, findings: &mut Findings) -> Vec<Material> {
    let raw: Vec<RawMaterial> = schema::list(json, "materials", findings);
    let rgb = |color: Option<[f32; 3]>, default: Vec3| {
        let color = color.map_or(default, Vec3::from);
        if color.is_finite() { color.extend(1.0) } else { default.extend(1.0) }
    };
    raw.into_iter()
        .enumerate()
        .map(|(index, raw)| {
            let place = format!("materials[{index}].extensions");
            let mtoon = raw.extensions.get("VRMC_materials_mtoon");
            let shading = match mtoon {
                Some(_) => Shading::MToon,
                None if raw.extensions.contains_key("KHR_materials_unlit") => Shading::Unlit,
                None => Shading::Pbr,
            };
            let mtoon: RawMToon = schema::part(mtoon, &format!("{place}.VRMC_materials_mtoon"), findings);
            let texture = raw.pbr_metallic_roughness.base_color_texture.unwrap_or_default();
            let transform: schema::RawTextureTransform =
                schema::part(texture.extensions.get("KHR_texture_transform"), &place, findings);
            let base = raw.pbr_metallic_roughness.base_color_factor.map_or(Vec4::ONE, Vec4::from);
            let pair =
                |value: Option<[f32; 2]>, default| value.map(Vec2::from).filter(|v| v.is_finite()).unwrap_or(default);
            Material {
                name: raw.name,
                shading,
                colors: [
                    if base.is_finite() { base } else { Vec4::ONE },
                    rgb(raw.emissive_factor, Vec3::ZERO),
                    rgb(mtoon.shade_color_factor, Vec3::ONE),
                    rgb(mtoon.matcap_factor, Vec3::ONE),
                    rgb(mtoon.parametric_rim_color_factor, Vec3::ZERO),
                    rgb(mtoon.outline_color_factor, Vec3::ZERO),
                ],
                texture_scale: pair(transform.scale, Vec2::ONE),
                texture_offset: pair(transform.offset, Vec2::ZERO),
            }
        })
        .collect()
}

/// License and authors; what is missing stays forbidden.
pub(super) fn meta(vrm: &Value, findings: &mut Findings) -> Meta {
    const PLACE: &str = "VRMC_vrm.meta";
    if vrm.get("meta").is_none() {
        findings.push(Finding::error(PLACE, "is missing, so nothing is permitted"));
    }
    let meta: Meta = schema::part(vrm.get("meta"), PLACE, findings);
    for (key, missing) in [
        ("name", meta.name.is_empty()),
        ("authors", meta.authors.iter().all(String::is_empty)),
        ("licenseUrl", meta.license_url.is_empty()),
    ] {
        if missing {
            findings.push(Finding::warning(format!("{PLACE}.{key}"), "is required but empty"));
        }
    }
    if !meta.license_url.is_empty() && url::Url::parse(&meta.license_url).is_err() {
        findings.push(Finding::warning(format!("{PLACE}.licenseUrl"), "is not an address"));
    }
    for (key, value, known) in [
        ("avatarPermission", &meta.avatar_permission, &["onlyAuthor", "onlySeparatelyLicensedPerson", "everyone"][..]),
        ("commercialUsage", &meta.commercial_usage, &["personalNonProfit", "personalProfit", "corporation"][..]),
        ("creditNotation", &meta.credit_notation, &["required", "unnecessary"][..]),
        ("modification", &meta.modification, &["prohibited", "allowModification", "allowModificationRedistribution"]),
    ] {
        if !known.contains(&value.as_str()) {
            let message = format!("{value:?} is none of {}; read it as not permitted", known.join(", "));
            findings.push(Finding::error(format!("{PLACE}.{key}"), message));
        }
    }
    if meta.commercial_usage != "corporation" {
        let message = format!("`{}` does not permit use by a company", meta.commercial_usage);
        findings.push(Finding::warning(format!("{PLACE}.commercialUsage"), message));
    }
    if meta.avatar_permission != "everyone" {
        let message = format!("`{}` does not permit use by anybody else", meta.avatar_permission);
        findings.push(Finding::warning(format!("{PLACE}.avatarPermission"), message));
    }
    meta
}

/// How the eyes turn.
pub(super) fn look_at(vrm: &Value, humanoid: &Humanoid, expressions: &[Expression], findings: &mut Findings) -> LookAt {
    const PLACE: &str = "VRMC_vrm.lookAt";
    let raw: RawLookAt = schema::part(vrm.get("lookAt"), PLACE, findings);
    let kind = match raw.kind.as_str() {
        "bone" | "" => LookAtKind::Bone,
        "expression" => LookAtKind::Expression,
        other => {
            findings.push(Finding::error(format!("{PLACE}.type"), format!("{other:?} is unknown, read as bone")));
            LookAtKind::Bone
        }
    };
    let mut range = |raw: RawRangeMap, key: &str| {
        let place = format!("{PLACE}.{key}");
        let mut number = |value: Option<f32>, default: f32| match value {
            Some(value) if value.is_finite() && value >= 0.0 => value,
            Some(value) => {
                findings.push(Finding::error(&place, format!("{value} is not a usable number, {default} used")));
                default
            }
            None => default,
        };
        let input_max_rad = number(raw.input_max_value, 90.0).to_radians();
        let output = match kind {
            LookAtKind::Bone => number(raw.output_scale, 10.0).to_radians(),
            LookAtKind::Expression => number(raw.output_scale, 1.0),
        };
        RangeMap { input_max_rad, output }
    };
    let (inner, outer, down, up) = (
        range(raw.range_map_horizontal_inner, "rangeMapHorizontalInner"),
        range(raw.range_map_horizontal_outer, "rangeMapHorizontalOuter"),
        range(raw.range_map_vertical_down, "rangeMapVerticalDown"),
        range(raw.range_map_vertical_up, "rangeMapVerticalUp"),
    );
    let eyes = humanoid.has(HumanBone::LeftEye) || humanoid.has(HumanBone::RightEye);
    if kind == LookAtKind::Bone && !eyes {
        findings.push(Finding::warning(PLACE, "turns eye bones, but the avatar has none: the eyes stay still"));
    }
    if kind == LookAtKind::Expression && !expressions.iter().any(|e| e.name.is_look_at()) {
        findings.push(Finding::warning(PLACE, "uses look expressions, but the avatar has none: the eyes stay still"));
    }
    let offset = raw.offset_from_head_bone.map_or(Vec3::ZERO, Vec3::from);
    let offset_from_head = if offset.is_finite() && offset.abs().max_element() < 10.0 { offset } else { Vec3::ZERO };
    LookAt { kind, offset_from_head, inner, outer, down, up }
}

/// First-person flags by node.
pub(super) fn first_person(vrm: &Value, nodes: &[Node], findings: &mut Findings) -> BTreeMap<usize, FirstPerson> {
    let raw: RawFirstPerson = schema::part(vrm.get("firstPerson"), "VRMC_vrm.firstPerson", findings);
    let mut flags = BTreeMap::new();
    for (at, annotation) in raw.mesh_annotations.into_iter().enumerate() {
        let place = format!("VRMC_vrm.firstPerson.meshAnnotations[{at}]");
        let flag = match annotation.kind.or(annotation.flag).as_deref() {
            Some("auto") | None => FirstPerson::Auto,
            Some("both") => FirstPerson::Both,
            Some("thirdPersonOnly") => FirstPerson::ThirdPersonOnly,
            Some("firstPersonOnly") => FirstPerson::FirstPersonOnly,
            Some(other) => {
                findings.push(Finding::error(&place, format!("{other:?} is unknown, read as auto")));
                FirstPerson::Auto
            }
        };
        match annotation.node {
            Some(node) if nodes.get(node).is_some_and(|n| n.mesh.is_some()) => {
                flags.insert(node, flag);
            }
            _ => findings.push(Finding::error(place, "names no node with a mesh, dropped")),
        }
    }
    flags
}

/// Joint nodes of each skin.
pub(super) fn skins(json: &Value, nodes: usize, findings: &mut Findings) -> Vec<Vec<usize>> {
    let raw: Vec<schema::RawSkin> = schema::list(json, "skins", findings);
    for (index, skin) in raw.iter().enumerate() {
        if skin.joints.is_empty() || skin.joints.iter().any(|joint| *joint >= nodes) {
            findings.push(Finding::error(format!("skins[{index}].joints"), "is empty or names missing nodes"));
        }
    }
    raw.into_iter().map(|skin| skin.joints.into_iter().filter(|joint| *joint < nodes).collect()).collect()
}
