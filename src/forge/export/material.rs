//! A material.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::forge::part::{Alpha, Material};

/// In extras, a text with this beginning stands for the index of a texture.
const TEXTURE: &str = "texture:";

pub(super) fn write(material: &Material, textures: &BTreeMap<String, usize>) -> Value {
    let texture = |name: &Option<String>| name.as_ref().and_then(|name| textures.get(name)).copied();
    let mut pbr = json!({
        "baseColorFactor": material.base_color,
        "metallicFactor": material.metallic,
        "roughnessFactor": material.roughness,
    });
    let mut out = json!({"name": material.name});
    if let Some(index) = texture(&material.base_texture) {
        pbr["baseColorTexture"] = json!({"index": index});
    }
    match texture(&material.orm_texture) {
        Some(index) => {
            pbr["metallicRoughnessTexture"] = json!({"index": index});
            // The texture says all; without a factor for metal its blue would count nothing.
            out["occlusionTexture"] = json!({"index": index, "strength": material.occlusion_strength});
        }
        // Meant as a factor of a texture that was not painted.
        None if material.orm_texture.is_some() && material.roughness >= 1.0 => pbr["roughnessFactor"] = json!(0.5),
        None => {}
    }
    if let Some(index) = texture(&material.normal_texture) {
        out["normalTexture"] = json!({"index": index, "scale": material.normal_scale});
    }
    out["pbrMetallicRoughness"] = pbr;
    match material.alpha {
        Alpha::Opaque => {}
        Alpha::Mask(cutoff) => {
            out["alphaMode"] = json!("MASK");
            out["alphaCutoff"] = json!(cutoff);
        }
        Alpha::Blend => out["alphaMode"] = json!("BLEND"),
    }
    if material.double_sided {
        out["doubleSided"] = json!(true);
    }
    if !material.extras.is_null()
        && let Some(extras) = resolve(&material.extras, textures)
    {
        out["extras"] = extras;
    }
    out
}

/// Names of textures become indices; what names a texture that is not there is left out.
fn resolve(value: &Value, textures: &BTreeMap<String, usize>) -> Option<Value> {
    match value {
        Value::String(text) => match text.strip_prefix(TEXTURE) {
            Some(name) => textures.get(name).map(|index| json!(index)),
            None => Some(value.clone()),
        },
        Value::Object(map) => {
            let fields: serde_json::Map<String, Value> =
                map.iter().filter_map(|(key, value)| Some((key.clone(), resolve(value, textures)?))).collect();
            (map.is_empty() || !fields.is_empty()).then_some(Value::Object(fields))
        }
        Value::Array(list) => Some(Value::Array(list.iter().filter_map(|v| resolve(v, textures)).collect())),
        other => Some(other.clone()),
    }
}
