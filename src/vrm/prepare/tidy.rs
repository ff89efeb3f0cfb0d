//! References that lead nowhere, which loaders refuse or panic at, and what an avatar must not bring into the room:
//! cameras, lights, animations of its own.

use serde_json::{Map, Value, json};

use super::Parts;
use crate::vrm::accessor_data::AccessorData;
use crate::vrm::finding::Findings;
use crate::vrm::scene_graph::SceneGraph;
use crate::vrm::schema::{self, RawAccessor};

/// Extensions that the engine's loader knows. A file that requires any other is refused, though it draws well
/// enough without.
const KNOWN_TO_ENGINE: &[&str] = &[
    "KHR_lights_punctual",
    "KHR_materials_unlit",
    "KHR_texture_transform",
    "KHR_materials_transmission",
    "KHR_materials_ior",
    "KHR_materials_emissive_strength",
];

pub(super) fn tidy(file: &mut Parts<'_>) {
    let before = file.json.clone();
    extensions(&mut file.json);
    nodes(&mut file.json);
    skins(&mut file.json);
    materials(&mut file.json);
    primitives(&mut file.json);
    bounds(file);
    file.changed |= file.json != before;
}

fn count(json: &Value, key: &str) -> usize {
    json.get(key).and_then(Value::as_array).map_or(0, Vec::len)
}

fn items<'a>(json: &'a mut Value, key: &str) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    json.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

/// Removes an index that is out of range.
fn check(object: &mut Map<String, Value>, key: &str, count: usize) {
    if object.get(key).is_some_and(|index| index.as_u64().is_none_or(|index| index >= count as u64)) {
        object.shift_remove(key);
    }
}

fn extensions(json: &mut Value) {
    let Some(root) = json.as_object_mut() else { return };
    root.shift_remove("animations");
    root.shift_remove("cameras");
    if let Some(extensions) = root.get_mut("extensions").and_then(Value::as_object_mut) {
        extensions.shift_remove("KHR_lights_punctual");
    }
    let Some(required) = root.get_mut("extensionsRequired").and_then(Value::as_array_mut) else {
        root.shift_remove("extensionsRequired");
        return;
    };
    required.retain(|name| name.as_str().is_some_and(|name| KNOWN_TO_ENGINE.contains(&name)));
    // glTF forbids empty lists.
    if required.is_empty() {
        root.shift_remove("extensionsRequired");
    }
}

/// Nodes as the forest that [`super::super::Document`] has: no child twice, none in a circle.
fn nodes(json: &mut Value) {
    let graph = SceneGraph::read(json);
    let (meshes, skins) = (count(json, "meshes"), count(json, "skins"));
    for (at, node) in json.get_mut("nodes").and_then(Value::as_array_mut).into_iter().flatten().enumerate() {
        let Some(node) = node.as_object_mut() else {
            *node = json!({});
            continue;
        };
        check(node, "mesh", meshes);
        check(node, "skin", skins);
        node.shift_remove("camera");
        if let Some(extensions) = node.get_mut("extensions").and_then(Value::as_object_mut) {
            extensions.shift_remove("KHR_lights_punctual");
        }
        let children = json!(graph.children[at]);
        if node.get("children").is_some_and(|stated| *stated != children) {
            if graph.children[at].is_empty() {
                node.shift_remove("children");
            } else {
                node.insert("children".into(), children);
            }
        }
    }
    for scene in items(json, "scenes") {
        let listed = scene.get("nodes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut roots: Vec<usize> = Vec::new();
        for node in listed.iter().filter_map(|node| usize::try_from(node.as_u64()?).ok()) {
            if node < graph.len() && graph.parents[node].is_none() && !roots.contains(&node) {
                roots.push(node);
            }
        }
        if scene.contains_key("nodes") {
            scene.insert("nodes".into(), json!(roots));
        }
    }
    let Some(root) = json.as_object_mut() else { return };
    let scene = root.get("scene").and_then(Value::as_u64).and_then(|scene| usize::try_from(scene).ok()).unwrap_or(0);
    match root.get_mut("scenes").and_then(Value::as_array_mut).filter(|scenes| !scenes.is_empty()) {
        // The engine draws the first one.
        Some(scenes) if scene < scenes.len() => scenes.swap(0, scene),
        Some(_) => {}
        None => {
            let roots: Vec<usize> = (0..graph.len()).filter(|node| graph.parents[*node].is_none()).collect();
            root.insert("scenes".into(), json!([{"nodes": roots}]));
        }
    }
    if root.contains_key("scene") {
        root.insert("scene".into(), json!(0));
    }
}

fn skins(json: &mut Value) {
    let nodes = count(json, "nodes");
    let accessors: Vec<RawAccessor> = schema::list(json, "accessors", &mut Findings::default());
    let matrices = |index: &Value| {
        let accessor = index.as_u64().and_then(|index| accessors.get(usize::try_from(index).ok()?));
        accessor.is_some_and(|a| a.kind == "MAT4" && a.component_type == 5126)
    };
    for skin in items(json, "skins") {
        if skin.get("inverseBindMatrices").is_some_and(|index| !matrices(index)) {
            skin.shift_remove("inverseBindMatrices");
        }
        check(skin, "skeleton", nodes);
        // Vertices name joints by position, so that none may be left out.
        for joint in skin.get_mut("joints").and_then(Value::as_array_mut).into_iter().flatten() {
            if joint.as_u64().is_none_or(|joint| joint >= nodes as u64) {
                *joint = json!(0);
            }
        }
    }
}

fn materials(json: &mut Value) {
    let textures = count(json, "textures");
    let lost =
        |texture: &Value| texture.get("index").and_then(Value::as_u64).is_none_or(|index| index >= textures as u64);
    for material in items(json, "materials") {
        for key in ["normalTexture", "occlusionTexture", "emissiveTexture"] {
            if material.get(key).is_some_and(lost) {
                material.shift_remove(key);
            }
        }
        let Some(pbr) = material.get_mut("pbrMetallicRoughness").and_then(Value::as_object_mut) else { continue };
        for key in ["baseColorTexture", "metallicRoughnessTexture"] {
            if pbr.get(key).is_some_and(lost) {
                pbr.shift_remove(key);
            }
        }
    }
}

/// References of primitives. Loaders trust the types of accessors, and panic at others.
fn primitives(json: &mut Value) {
    let accessors: Vec<RawAccessor> = schema::list(json, "accessors", &mut Findings::default());
    let materials = count(json, "materials");
    let find = |index: &Value| accessors.get(usize::try_from(index.as_u64()?).ok()?);
    let vectors = |index: &Value| find(index).filter(|a| a.kind == "VEC3" && a.component_type == 5126);
    for mesh in items(json, "meshes") {
        for primitive in mesh.get_mut("primitives").and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(primitive) = primitive.as_object_mut() else { continue };
            check(primitive, "material", materials);
            let attributes = primitive.entry("attributes").or_insert_with(|| json!({}));
            if !attributes.is_object() {
                *attributes = json!({});
            }
            let mut vertices = None;
            if let Some(attributes) = attributes.as_object_mut() {
                attributes
                    .retain(|name, index| if name == "POSITION" { vectors(index) } else { find(index) }.is_some());
                vertices = attributes.get("POSITION").and_then(vectors).map(|a| a.count);
            }
            let corners = primitive.get("indices").map(|index| find(index).is_some_and(is_index));
            if corners == Some(false) || vertices.is_none() {
                primitive.shift_remove("indices");
            }
            for target in primitive.get_mut("targets").and_then(Value::as_array_mut).into_iter().flatten() {
                match (target.as_object_mut(), vertices) {
                    (Some(target), Some(count)) => {
                        target.retain(|_, index| vectors(index).is_some_and(|a| a.count == count));
                    }
                    _ => *target = json!({}),
                }
            }
        }
    }
}

fn is_index(accessor: &RawAccessor) -> bool {
    accessor.kind == "SCALAR" && matches!(accessor.component_type, 5121 | 5123 | 5125)
}

/// Bounds of positions, which loaders insist on.
fn bounds(file: &mut Parts<'_>) {
    let mut unbounded: Vec<usize> = Vec::new();
    for mesh in file.json.get("meshes").and_then(Value::as_array).into_iter().flatten() {
        for primitive in mesh.get("primitives").and_then(Value::as_array).into_iter().flatten() {
            let position = primitive.pointer("/attributes/POSITION").and_then(Value::as_u64);
            let Some(at) = position.and_then(|at| usize::try_from(at).ok()) else { continue };
            let accessor = &file.json["accessors"][at];
            let has = |key: &str| accessor.get(key).and_then(Value::as_array).is_some_and(|list| list.len() == 3);
            if !(has("min") && has("max")) {
                unbounded.push(at);
            }
        }
    }
    unbounded.sort_unstable();
    unbounded.dedup();
    for at in unbounded {
        let positions = AccessorData::new(&file.json, &file.binary).floats(at).unwrap_or_default();
        let (mut min, mut max) = ([f32::MAX; 3], [f32::MIN; 3]);
        for position in positions.chunks_exact(3) {
            for axis in 0..3 {
                min[axis] = min[axis].min(position[axis]);
                max[axis] = max[axis].max(position[axis]);
            }
        }
        if min[0] > max[0] {
            (min, max) = ([0.0; 3], [0.0; 3]);
        }
        if let Some(accessor) = file.json["accessors"][at].as_object_mut() {
            accessor.insert("min".into(), json!(min));
            accessor.insert("max".into(), json!(max));
        }
    }
}
