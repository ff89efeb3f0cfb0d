//! MToon of 0.x as MToon of 1.0. The numbers mean other things there: widths are centimeters or percents of half the
//! picture, rotations are turns, colors are sRGB, V runs upward.

use std::f32::consts::TAU;

use serde_json::{Map, Value, json};

use super::material::{Blend, Properties};

/// Rewrites a material of the shader `VRM/MToon`. `queue` is the offset of its render queue in 1.0.
pub(super) fn convert(material: &mut Map<String, Value>, properties: &Properties, textures: usize, queue: i64) {
    let float = |name: &str, default: f32| properties.float(name, default);
    let texture = |name: &str| properties.texture(name, textures);
    let color = |name: &str, default: [f32; 4]| linear_color(properties.color(name, default));
    let blend = properties.blend();
    let mut pbr = json!({
        "baseColorFactor": color("_Color", [1.0; 4]),
        "metallicFactor": 0.0,
        "roughnessFactor": 1.0,
    });
    put(&mut pbr, "baseColorTexture", texture("_MainTex"));
    material.insert("pbrMetallicRoughness".into(), pbr);
    let mode = match blend {
        Blend::Opaque => "OPAQUE",
        Blend::Cutout => "MASK",
        Blend::Transparent | Blend::TransparentWithZWrite => "BLEND",
    };
    material.insert("alphaMode".into(), json!(mode));
    material.shift_remove("alphaCutoff");
    if blend == Blend::Cutout {
        material.insert("alphaCutoff".into(), json!(float("_Cutoff", 0.5)));
    }
    // glTF cannot cull the front only.
    let back_faces_culled = float("_CullMode", 2.0) > 1.5;
    material.insert("doubleSided".into(), json!(!back_faces_culled));
    material.shift_remove("normalTexture");
    if let Some(mut normal) = texture("_BumpMap") {
        normal["scale"] = json!(float("_BumpScale", 1.0));
        material.insert("normalTexture".into(), normal);
    }
    let mut extensions = json!({
        "KHR_materials_unlit": {},
        "VRMC_materials_mtoon": toon(properties, textures, blend, queue),
    });
    // The one color that Unity keeps linear, and may be brighter than 1.
    let [r, g, b, _] = properties.color("_EmissionColor", [0.0, 0.0, 0.0, 1.0]);
    let strength = r.max(g).max(b).max(1.0);
    material.insert("emissiveFactor".into(), json!([r / strength, g / strength, b / strength]));
    if strength > 1.0 {
        extensions["KHR_materials_emissive_strength"] = json!({"emissiveStrength": strength});
    }
    material.shift_remove("emissiveTexture");
    if let Some(texture) = texture("_EmissionMap") {
        material.insert("emissiveTexture".into(), texture);
    }
    material.insert("extensions".into(), extensions);
}

fn toon(properties: &Properties, textures: usize, blend: Blend, queue: i64) -> Value {
    let float = |name: &str, default: f32| properties.float(name, default);
    let texture = |name: &str| properties.texture(name, textures);
    let rgb = |name: &str, default: [f32; 3]| {
        let [r, g, b] = default;
        let [r, g, b, _] = linear_color(properties.color(name, [r, g, b, 1.0]));
        json!([r, g, b])
    };
    let (shift, toony) = shading(float("_ShadeShift", 0.0), float("_ShadeToony", 0.9));
    let width = float("_OutlineWidth", 0.5).max(0.0);
    let (width_mode, width) = match float("_OutlineWidthMode", 0.0) {
        mode if (0.5..1.5).contains(&mode) => ("worldCoordinates", width * 0.01),
        mode if (1.5..2.5).contains(&mode) => ("screenCoordinates", width * 0.005),
        _ => ("none", 0.0),
    };
    let lit_outline = float("_OutlineColorMode", 0.0) > 0.5;
    let matcap = properties.texture_alone("_SphereAdd", textures);
    let mut toon = json!({
        "specVersion": "1.0",
        "transparentWithZWrite": blend == Blend::TransparentWithZWrite,
        "renderQueueOffsetNumber": queue,
        "shadeColorFactor": rgb("_ShadeColor", [0.97, 0.81, 0.86]),
        "shadingShiftFactor": shift,
        "shadingToonyFactor": toony,
        "giEqualizationFactor": (1.0 - float("_IndirectLightIntensity", 0.1)).clamp(0.0, 1.0),
        "matcapFactor": if matcap.is_some() { [1.0, 1.0, 1.0] } else { [0.0, 0.0, 0.0] },
        "parametricRimColorFactor": rgb("_RimColor", [0.0; 3]),
        "parametricRimFresnelPowerFactor": float("_RimFresnelPower", 1.0).max(0.0),
        "parametricRimLiftFactor": float("_RimLift", 0.0),
        // 1.0 mixes rim and matcap as one; only the full mix looks well in every light.
        "rimLightingMixFactor": 1.0,
        "outlineWidthMode": width_mode,
        "outlineWidthFactor": width,
        "outlineColorFactor": rgb("_OutlineColor", [0.0; 3]),
        "outlineLightingMixFactor": if lit_outline { float("_OutlineLightingMix", 1.0).clamp(0.0, 1.0) } else { 0.0 },
        "uvAnimationScrollXSpeedFactor": float("_UvAnimScrollX", 0.0),
        "uvAnimationScrollYSpeedFactor": -float("_UvAnimScrollY", 0.0),
        "uvAnimationRotationSpeedFactor": float("_UvAnimRotation", 0.0) * TAU,
    });
    // Makers left the texture of the shade out, since 0.x looked well without.
    put(&mut toon, "shadeMultiplyTexture", texture("_ShadeTexture").or_else(|| texture("_MainTex")));
    put(&mut toon, "matcapTexture", matcap);
    put(&mut toon, "rimMultiplyTexture", texture("_RimTexture"));
    put(&mut toon, "outlineWidthMultiplyTexture", texture("_OutlineWidthTexture"));
    put(&mut toon, "uvAnimationMaskTexture", texture("_UvAnimMaskTexture"));
    toon
}

/// Shift and toony of 1.0. In 0.x the shade ends and the light begins at two values of the cosine; 1.0 has the middle
/// between them, turned round, and what is left of the range.
fn shading(shift: f32, toony: f32) -> (f32, f32) {
    let shade_until = shift;
    let lit_from = 1.0 + (shift - 1.0) * toony.clamp(0.0, 1.0);
    let middle = f32::midpoint(lit_from, shade_until);
    ((-middle).clamp(-1.0, 1.0), ((2.0 - (lit_from - shade_until)) * 0.5).clamp(0.0, 1.0))
}

/// Scale and offset of a texture with V downward, out of Unity's with V upward.
pub(super) fn uv_transform(scale: [f32; 2], offset: [f32; 2]) -> ([f32; 2], [f32; 2]) {
    (scale, [offset[0], 1.0 - scale[1] - offset[1]])
}

/// A component of a color from sRGB to linear light.
pub(super) fn linear(value: f32) -> f32 {
    if value <= 0.040_45 { value.max(0.0) / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// A color from sRGB to linear light; alpha is linear already.
pub(super) fn linear_color([r, g, b, a]: [f32; 4]) -> [f32; 4] {
    [linear(r), linear(g), linear(b), a]
}

fn put(object: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object[key] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shading_of_known_materials() {
        // (shift, toony) of 0.x, (shift, toony) of 1.0: the default, Lambert, half Lambert, and one in between.
        for ((shift, toony), (shift1, toony1)) in [
            ((0.0, 0.9), (-0.05, 0.95)),
            ((0.0, 0.0), (-0.5, 0.5)),
            ((-1.0, 0.0), (0.0, 0.0)),
            ((-0.4, 0.7), (0.19, 0.79)),
        ] {
            let got = shading(shift, toony);
            assert!((got.0 - shift1).abs() < 1.0e-3 && (got.1 - toony1).abs() < 1.0e-3, "{shift} {toony}: {got:?}");
        }
    }

    #[test]
    fn colors_become_linear() {
        assert_eq!(linear(0.0), 0.0);
        assert!((linear(1.0) - 1.0).abs() < 1.0e-6);
        assert!((linear(0.5) - 0.214_04).abs() < 1.0e-4);
        assert_eq!(linear_color([0.0, 0.0, 0.0, 0.5])[3], 0.5);
    }

    #[test]
    fn textures_turn_upside_down() {
        assert_eq!(uv_transform([1.0, 1.0], [0.0, 0.0]), ([1.0, 1.0], [0.0, 0.0]));
        assert_eq!(uv_transform([0.5, 0.25], [0.1, 0.5]), ([0.5, 0.25], [0.1, 0.25]));
    }
}
