//! Real zeros for accessors without data. glTF allows to leave zeros out, but the engine's loader refuses such
//! accessors, and leaves morph targets without data out, which moves all later ones.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Parts;
use crate::vrm::document::Refusal;
use crate::vrm::finding::Findings;
use crate::vrm::schema::{self, RawAccessor};

/// More zeros than any avatar needs, bytes.
const MAX_ZEROS: u64 = 64 << 20;

/// Gives every accessor data and every primitive all morph targets of its mesh.
pub(super) fn fill(file: &mut Parts<'_>) -> Result<(), Refusal> {
    let accessors: Vec<RawAccessor> = schema::list(&file.json, "accessors", &mut Findings::default());
    let empty: Vec<usize> = (0..accessors.len())
        .filter(|at| accessors[*at].buffer_view.is_none() && accessors[*at].sparse.is_none())
        .collect();
    let missing = missing(&file.json, &accessors);
    let vertices = |count: u64| count.saturating_mul(12);
    let needed = empty.iter().map(|at| (bytes(&accessors[*at]), *at));
    let needed = needed.chain(missing.iter().map(|(count, _)| (vertices(*count), accessors.len())));
    let Some((length, at)) = needed.max() else { return Ok(()) };
    if length > MAX_ZEROS {
        let why = format!("has {length} bytes of nothing but zeros");
        return Err(Refusal::new(format!("accessors[{at}]"), why, "export the avatar again; the file is damaged"));
    }
    let zeros = vec![0; usize::try_from(length.max(4)).unwrap_or(4)];
    let Some(view) = file.append(&zeros) else { return Ok(()) };
    for at in empty {
        let accessor = &mut file.json["accessors"][at];
        accessor["bufferView"] = json!(view);
        accessor["byteOffset"] = json!(0);
    }
    let mut by_count: BTreeMap<u64, Vec<Place>> = BTreeMap::new();
    for (count, place) in missing {
        by_count.entry(count).or_default().push(place);
    }
    for (count, places) in by_count {
        let Some(index) = append_accessor(&mut file.json, view, count) else { continue };
        for Place { mesh, primitive, target } in places {
            let primitive = &mut file.json["meshes"][mesh]["primitives"][primitive];
            let Some(target) = target else {
                primitive["attributes"] = json!({"POSITION": index});
                continue;
            };
            if !primitive["targets"].is_array() {
                primitive["targets"] = json!([]);
            }
            let Some(targets) = primitive["targets"].as_array_mut() else { continue };
            while targets.len() <= target {
                targets.push(json!({}));
            }
            if !targets[target].is_object() {
                targets[target] = json!({});
            }
            targets[target]["POSITION"] = json!(index);
        }
    }
    Ok(())
}

struct Place {
    mesh: usize,
    primitive: usize,
    /// The morph target; `None` for the positions themselves.
    target: Option<usize>,
}

/// Primitives without positions, and morph targets that move nothing at all, with the number of vertices of their
/// primitive. Targets whose accessors have no data get it with the accessors.
fn missing(json: &Value, accessors: &[RawAccessor]) -> Vec<(u64, Place)> {
    let mut out = Vec::new();
    for (mesh, value) in json.get("meshes").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let primitives = value.get("primitives").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let targets = |primitive: &Value| primitive.get("targets").and_then(Value::as_array).map_or(0, Vec::len);
        let most = primitives.iter().map(targets).max().unwrap_or(0);
        for (at, primitive) in primitives.iter().enumerate().filter(|(_, primitive)| primitive.is_object()) {
            let position = primitive.pointer("/attributes/POSITION").and_then(Value::as_u64);
            let positions = position.and_then(|p| accessors.get(usize::try_from(p).ok()?)).map(|a| a.count);
            if positions.is_none() {
                out.push((1, Place { mesh, primitive: at, target: None }));
            }
            for target in 0..most {
                let stated = primitive.get("targets").and_then(|targets| targets.get(target)?.as_object());
                if stated.is_none_or(serde_json::Map::is_empty) {
                    out.push((positions.unwrap_or(1), Place { mesh, primitive: at, target: Some(target) }));
                }
            }
        }
    }
    out
}

fn bytes(accessor: &RawAccessor) -> u64 {
    let component = match accessor.component_type {
        5120 | 5121 => 1,
        5122 | 5123 => 2,
        _ => 4,
    };
    let components = match accessor.kind.as_str() {
        "SCALAR" => 1,
        "VEC2" => 2,
        "VEC3" => 3,
        "VEC4" | "MAT2" => 4,
        "MAT3" => 9,
        _ => 16,
    };
    accessor.count.saturating_mul(component * components)
}

fn append_accessor(json: &mut Value, view: usize, count: u64) -> Option<usize> {
    let accessors = json.as_object_mut()?.entry("accessors").or_insert_with(|| json!([]));
    if !accessors.is_array() {
        *accessors = json!([]);
    }
    let accessors = accessors.as_array_mut()?;
    accessors.push(json!({
        "bufferView": view, "byteOffset": 0, "componentType": 5126, "type": "VEC3", "count": count,
        "min": [0.0, 0.0, 0.0], "max": [0.0, 0.0, 0.0],
    }));
    Some(accessors.len() - 1)
}
