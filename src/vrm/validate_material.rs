//! Checks the materials: the values that expressions may change, and what a renderer of VRM needs beyond glTF.

use glam::{Vec2, Vec3, Vec4};
use serde_json::Value;

use super::document::{Material, Shading};
use super::finding::{Finding, Findings};
use super::mtoon;
use super::schema::{self, RawMaterial};

/// All materials.
pub(super) fn materials(json: &Value, findings: &mut Findings) -> Vec<Material> {
    let raw: Vec<RawMaterial> = schema::list(json, "materials", findings);
    let textures = json.get("textures").and_then(Value::as_array).map_or(0, Vec::len);
    raw.into_iter()
        .enumerate()
        .map(|(at, raw)| material(raw, textures, &format!("materials[{at}]"), findings))
        .collect()
}

fn material(raw: RawMaterial, textures: usize, place: &str, findings: &mut Findings) -> Material {
    let place = format!("{place}.extensions");
    let toon = raw
        .extensions
        .get("VRMC_materials_mtoon")
        .map(|extension| mtoon::read(extension, textures, &format!("{place}.VRMC_materials_mtoon"), findings));
    let shading = match &toon {
        Some(_) => Shading::MToon,
        None if raw.extensions.contains_key("KHR_materials_unlit") => Shading::Unlit,
        None => Shading::Pbr,
    };
    let shown = toon.clone().unwrap_or_default();
    let texture = raw.pbr_metallic_roughness.base_color_texture.unwrap_or_default();
    let transform: schema::RawTextureTransform =
        schema::part(texture.extensions.get("KHR_texture_transform"), &place, findings);
    let base = raw.pbr_metallic_roughness.base_color_factor.map_or(Vec4::ONE, Vec4::from);
    let emissive = raw.emissive_factor.map_or(Vec3::ZERO, Vec3::from);
    let pair = |value: Option<[f32; 2]>, default| value.map(Vec2::from).filter(|v| v.is_finite()).unwrap_or(default);
    Material {
        name: raw.name,
        shading,
        colors: [
            if base.is_finite() { base } else { Vec4::ONE },
            (if emissive.is_finite() { emissive } else { Vec3::ZERO }).extend(1.0),
            shown.shade_color.extend(1.0),
            shown.matcap.extend(1.0),
            shown.rim_color.extend(1.0),
            shown.outline_color.extend(1.0),
        ],
        texture_scale: pair(transform.scale, Vec2::ONE),
        texture_offset: pair(transform.offset, Vec2::ZERO),
        emissive_strength: emissive_strength(&raw.extensions, &place, findings),
        mtoon: toon,
    }
}

/// The standard's extension; VRM's own, older one where that is missing.
fn emissive_strength(extensions: &serde_json::Map<String, Value>, place: &str, findings: &mut Findings) -> f32 {
    for (name, key) in [
        ("KHR_materials_emissive_strength", "emissiveStrength"),
        ("VRMC_materials_hdr_emissiveMultiplier", "emissiveMultiplier"),
    ] {
        let Some(extension) = extensions.get(name) else { continue };
        match extension.get(key).and_then(Value::as_f64).map(|strength| strength as f32) {
            Some(strength) if strength.is_finite() && strength >= 0.0 => return strength,
            None if extension.get(key).is_none() => return 1.0,
            _ => findings.push(Finding::error(format!("{place}.{name}.{key}"), "is no usable strength, 1 used")),
        }
    }
    1.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fixture;
    use super::*;

    #[test]
    fn both_extensions_of_bright_emission_are_read() {
        for (extensions, expected) in [
            (json!({}), 1.0),
            (json!({"KHR_materials_emissive_strength": {"emissiveStrength": 3.0}}), 3.0),
            (json!({"VRMC_materials_hdr_emissiveMultiplier": {"emissiveMultiplier": 2.0}}), 2.0),
            (
                json!({
                    "VRMC_materials_hdr_emissiveMultiplier": {"emissiveMultiplier": 2.0},
                    "KHR_materials_emissive_strength": {"emissiveStrength": 4.0},
                }),
                4.0,
            ),
            (json!({"KHR_materials_emissive_strength": {"emissiveStrength": -1.0}}), 1.0),
            (json!({"KHR_materials_emissive_strength": {}}), 1.0),
        ] {
            let mut vrm = fixture::vrm();
            vrm["materials"][0]["extensions"] = extensions;
            assert_eq!(fixture::load(&vrm).materials[0].emissive_strength, expected);
        }
    }

    #[test]
    fn only_toon_materials_have_toon_parameters() {
        let mut vrm = fixture::vrm();
        assert_eq!(fixture::load(&vrm).materials[0].mtoon, None);
        vrm["materials"][0]["extensions"] = json!({"VRMC_materials_mtoon": {"shadeColorFactor": [0.1, 0.2, 0.3]}});
        let document = fixture::load(&vrm);
        assert_eq!(document.materials[0].shading, Shading::MToon);
        assert_eq!(document.materials[0].colors[2], Vec4::new(0.1, 0.2, 0.3, 1.0));
        assert!(document.materials[0].mtoon.is_some());
    }
}
