//! Material properties of 0.x as glTF materials. MToon has a file of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{index, mtoon};
use crate::vrm::finding::{Finding, Findings};
use crate::vrm::{schema, source};

/// A material as Unity stores it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Properties {
    shader: String,
    render_queue: Option<i64>,
    float_properties: HashMap<String, Option<f32>>,
    vector_properties: HashMap<String, Vec<f32>>,
    texture_properties: HashMap<String, i64>,
    keyword_map: HashMap<String, bool>,
}

/// How Unity blends a material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blend {
    Opaque,
    Cutout,
    Transparent,
    TransparentWithZWrite,
}

impl Properties {
    /// A number, or its default.
    pub(super) fn float(&self, name: &str, default: f32) -> f32 {
        self.float_properties.get(name).copied().flatten().filter(|value| value.is_finite()).unwrap_or(default)
    }

    /// A color as Unity shows it, or its default.
    pub(super) fn color(&self, name: &str, default: [f32; 4]) -> [f32; 4] {
        match self.vector_properties.get(name).map(Vec::as_slice) {
            Some(&[r, g, b, ref rest @ ..]) => [r, g, b, rest.first().copied().unwrap_or(1.0)],
            _ => default,
        }
    }

    /// A texture with the transform of the main texture, which holds for all of them.
    pub(super) fn texture(&self, name: &str, textures: usize) -> Option<Value> {
        let mut texture = self.texture_alone(name, textures)?;
        if let Some(&[ox, oy, sx, sy, ..]) = self.vector_properties.get("_MainTex").map(Vec::as_slice) {
            let (scale, offset) = mtoon::uv_transform([sx, sy], [ox, oy]);
            if (scale, offset) != ([1.0, 1.0], [0.0, 0.0]) {
                texture["extensions"] = json!({"KHR_texture_transform": {"scale": scale, "offset": offset}});
            }
        }
        Some(texture)
    }

    /// A texture as it stands.
    pub(super) fn texture_alone(&self, name: &str, textures: usize) -> Option<Value> {
        let texture = index(self.texture_properties.get(name).copied()).filter(|texture| *texture < textures)?;
        Some(json!({"index": texture}))
    }

    pub(super) fn blend(&self) -> Blend {
        let keyword = |name: &str| self.keyword_map.get(name).copied().unwrap_or(false);
        match self.float_properties.get("_BlendMode").copied().flatten() {
            Some(mode) if mode < 0.5 => Blend::Opaque,
            Some(mode) if mode < 1.5 => Blend::Cutout,
            Some(mode) if mode < 2.5 => Blend::Transparent,
            Some(_) => Blend::TransparentWithZWrite,
            None if keyword("_ALPHABLEND_ON") && self.float("_ZWrite", 0.0) > 0.5 => Blend::TransparentWithZWrite,
            None if keyword("_ALPHABLEND_ON") => Blend::Transparent,
            None if keyword("_ALPHATEST_ON") => Blend::Cutout,
            None => Blend::Opaque,
        }
    }
}

/// Rewrites the materials of a document.
pub(super) fn convert(json: &mut Value, vrm: &Value, findings: &mut Findings) {
    let all: Vec<Properties> = schema::list(vrm, "materialProperties", findings);
    let textures = json.get("textures").and_then(Value::as_array).map_or(0, Vec::len);
    let queues = Queues::of(&all);
    let count = json.get("materials").and_then(Value::as_array).map_or(0, Vec::len);
    let (mut has_mtoon, mut has_unlit) = (false, false);
    for (at, properties) in all.iter().enumerate().take(count) {
        let Some(material) = json["materials"][at].as_object_mut() else { continue };
        match properties.shader.as_str() {
            "VRM/MToon" => {
                mtoon::convert(material, properties, textures, queues.offset(properties));
                (has_mtoon, has_unlit) = (true, true);
            }
            shader if shader.starts_with("VRM/Unlit") || shader.starts_with("Unlit/") => {
                unlit(material, properties, textures, queues.offset(properties));
                has_unlit = true;
                has_mtoon |= shader == "VRM/UnlitTransparentZWrite";
            }
            // The material of glTF is what was meant.
            "VRM_USE_GLTFSHADER" | "Standard" | "UniGLTF/UniUnlit" | "" => {}
            other => findings.push(Finding::info(
                format!("VRM.materialProperties[{at}]"),
                format!("the shader {other:?} is unknown; the material of glTF is used"),
            )),
        }
    }
    for (used, name) in
        [(has_mtoon, "VRMC_materials_mtoon"), (has_unlit, "KHR_materials_unlit"), (has_unlit, "KHR_texture_transform")]
    {
        if used {
            source::use_extension(json, name);
        }
    }
}

fn unlit(material: &mut Map<String, Value>, properties: &Properties, textures: usize, queue: i64) {
    let mut extensions = json!({"KHR_materials_unlit": {}});
    let mut pbr = json!({"metallicFactor": 0.0, "roughnessFactor": 1.0});
    if let Some(texture) = properties.texture("_MainTex", textures) {
        pbr["baseColorTexture"] = texture;
    }
    // Only this shader of Unity has a color.
    if properties.shader == "Unlit/Color" || properties.shader == "VRM/UnlitTransparentZWrite" {
        pbr["baseColorFactor"] = json!(mtoon::linear_color(properties.color("_Color", [1.0; 4])));
    }
    let mode = match properties.shader.as_str() {
        "VRM/UnlitTransparent" | "VRM/UnlitTransparentZWrite" | "Unlit/Transparent" => "BLEND",
        "VRM/UnlitCutout" | "Unlit/Transparent Cutout" => "MASK",
        _ => "OPAQUE",
    };
    material.insert("alphaMode".into(), json!(mode));
    material.shift_remove("alphaCutoff");
    if mode == "MASK" {
        material.insert("alphaCutoff".into(), json!(properties.float("_Cutoff", 0.5)));
    }
    if properties.shader == "VRM/UnlitTransparentZWrite" {
        // What is neither lit nor shaded has the same color on both sides of the boundary.
        let color = mtoon::linear_color(properties.color("_Color", [1.0; 4]));
        let mut toon = json!({
            "specVersion": "1.0",
            "transparentWithZWrite": true,
            "renderQueueOffsetNumber": queue,
            "shadeColorFactor": color[..3],
        });
        if let Some(texture) = properties.texture("_MainTex", textures) {
            toon["shadeMultiplyTexture"] = texture;
        }
        extensions["VRMC_materials_mtoon"] = toon;
    }
    material.insert("pbrMetallicRoughness".into(), pbr);
    material.insert("extensions".into(), extensions);
}

/// Render queues of 0.x are any numbers; 1.0 has ten steps for either kind of transparency. The order is kept.
struct Queues {
    transparent: BTreeMap<i64, i64>,
    with_z_write: BTreeMap<i64, i64>,
}

impl Queues {
    fn of(all: &[Properties]) -> Self {
        let of = |blend: Blend| -> BTreeSet<i64> {
            all.iter().filter(|p| kind(p) == blend).filter_map(|p| p.render_queue).collect()
        };
        let transparent = of(Blend::Transparent).into_iter().rev().zip(0_i64..).map(|(q, at)| (q, (-at).max(-9)));
        let with_z_write = of(Blend::TransparentWithZWrite).into_iter().zip(0_i64..).map(|(q, at)| (q, at.min(9)));
        Self { transparent: transparent.collect(), with_z_write: with_z_write.collect() }
    }

    fn offset(&self, properties: &Properties) -> i64 {
        let map = match kind(properties) {
            Blend::Transparent => &self.transparent,
            Blend::TransparentWithZWrite => &self.with_z_write,
            Blend::Opaque | Blend::Cutout => return 0,
        };
        properties.render_queue.and_then(|queue| map.get(&queue).copied()).unwrap_or(0)
    }
}

fn kind(properties: &Properties) -> Blend {
    match properties.shader.as_str() {
        "VRM/MToon" => properties.blend(),
        "VRM/UnlitTransparentZWrite" => Blend::TransparentWithZWrite,
        _ => Blend::Opaque,
    }
}
