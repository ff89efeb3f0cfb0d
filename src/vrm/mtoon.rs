//! The cartoon shading of VRM: all parameters of `VRMC_materials_mtoon` 1.0 as plain data for a renderer. What the
//! file leaves out has the default of the standard; what is unusable is replaced by it with a finding.

use glam::{Vec2, Vec3};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::finding::{Finding, Findings};

/// A texture of a material, with its transform (`KHR_texture_transform`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextureRef {
    /// glTF texture index.
    pub index: usize,
    /// Which set of texture coordinates.
    pub tex_coord: u32,
    /// Factor of the coordinates.
    pub scale: Vec2,
    /// What is added to the coordinates.
    pub offset: Vec2,
    /// Turn of the coordinates, counter-clockwise, radians.
    pub rotation_rad: f32,
}

/// How the width of an outline is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OutlineWidthMode {
    /// There is no outline.
    #[default]
    None,
    /// In meters.
    WorldCoordinates,
    /// As a part of the height of the picture.
    ScreenCoordinates,
}

/// The parameters of MToon. Colors are linear.
#[derive(Debug, Clone, PartialEq)]
pub struct MToon {
    /// Whether a blended material writes depth.
    pub transparent_with_z_write: bool,
    /// Order among blended materials of its kind, -9..=9; higher is later.
    pub render_queue_offset: i32,
    /// Color in the shade.
    pub shade_color: Vec3,
    /// Multiplied into the shade color.
    pub shade_multiply_texture: Option<TextureRef>,
    /// Moves the boundary of the shade, -1..=1.
    pub shading_shift: f32,
    /// Moves it by place; the red channel times the scale.
    pub shading_shift_texture: Option<TextureRef>,
    /// Factor of the shift texture.
    pub shading_shift_texture_scale: f32,
    /// Hardness of the boundary, 0..=1.
    pub shading_toony: f32,
    /// How evenly indirect light falls, 0..=1.
    pub gi_equalization: f32,
    /// Factor of the matcap.
    pub matcap: Vec3,
    /// Matcap, a picture of the light by normal.
    pub matcap_texture: Option<TextureRef>,
    /// Color of the rim light.
    pub rim_color: Vec3,
    /// Multiplied into rim light and matcap.
    pub rim_multiply_texture: Option<TextureRef>,
    /// How much lights color the rim, 0..=1.
    pub rim_lighting_mix: f32,
    /// Exponent of the rim light.
    pub rim_fresnel_power: f32,
    /// Added to the rim light.
    pub rim_lift: f32,
    /// How the outline is measured.
    pub outline_width_mode: OutlineWidthMode,
    /// Width of the outline, in the unit of the mode.
    pub outline_width: f32,
    /// Multiplied into the width; the green channel.
    pub outline_width_multiply_texture: Option<TextureRef>,
    /// Color of the outline.
    pub outline_color: Vec3,
    /// How much lights color the outline, 0..=1.
    pub outline_lighting_mix: f32,
    /// Where the texture moves; the blue channel.
    pub uv_animation_mask_texture: Option<TextureRef>,
    /// Speed along U, per second.
    pub uv_scroll_x_speed: f32,
    /// Speed along V, per second.
    pub uv_scroll_y_speed: f32,
    /// Speed of the turn, radians per second.
    pub uv_rotation_speed_rad: f32,
}

impl Default for MToon {
    fn default() -> Self {
        Self {
            transparent_with_z_write: false,
            render_queue_offset: 0,
            shade_color: Vec3::ONE,
            shade_multiply_texture: None,
            shading_shift: 0.0,
            shading_shift_texture: None,
            shading_shift_texture_scale: 1.0,
            shading_toony: 0.9,
            gi_equalization: 0.9,
            matcap: Vec3::ONE,
            matcap_texture: None,
            rim_color: Vec3::ZERO,
            rim_multiply_texture: None,
            rim_lighting_mix: 1.0,
            rim_fresnel_power: 5.0,
            rim_lift: 0.0,
            outline_width_mode: OutlineWidthMode::None,
            outline_width: 0.0,
            outline_width_multiply_texture: None,
            outline_color: Vec3::ZERO,
            outline_lighting_mix: 1.0,
            uv_animation_mask_texture: None,
            uv_scroll_x_speed: 0.0,
            uv_scroll_y_speed: 0.0,
            uv_rotation_speed_rad: 0.0,
        }
    }
}

/// Reads the extension of a material. `textures` is how many the file has.
pub(super) fn read(extension: &Value, textures: usize, place: &str, findings: &mut Findings) -> MToon {
    let mut fields = Fields { extension, textures, place, findings };
    let default = MToon::default();
    let shift = extension.pointer("/shadingShiftTexture/scale").and_then(|scale| f32::deserialize(scale).ok());
    let any = f32::MIN..=f32::MAX;
    MToon {
        transparent_with_z_write: fields.get("transparentWithZWrite", false),
        render_queue_offset: fields.get::<i32>("renderQueueOffsetNumber", 0).clamp(-9, 9),
        shade_color: fields.color("shadeColorFactor", default.shade_color),
        shade_multiply_texture: fields.texture("shadeMultiplyTexture"),
        shading_shift: fields.number("shadingShiftFactor", default.shading_shift, -1.0..=1.0),
        shading_shift_texture: fields.texture("shadingShiftTexture"),
        shading_shift_texture_scale: shift.filter(|s| s.is_finite()).unwrap_or(default.shading_shift_texture_scale),
        shading_toony: fields.number("shadingToonyFactor", default.shading_toony, 0.0..=1.0),
        gi_equalization: fields.number("giEqualizationFactor", default.gi_equalization, 0.0..=1.0),
        matcap: fields.color("matcapFactor", default.matcap),
        matcap_texture: fields.texture("matcapTexture"),
        rim_color: fields.color("parametricRimColorFactor", default.rim_color),
        rim_multiply_texture: fields.texture("rimMultiplyTexture"),
        rim_lighting_mix: fields.number("rimLightingMixFactor", default.rim_lighting_mix, 0.0..=1.0),
        rim_fresnel_power: fields.number("parametricRimFresnelPowerFactor", default.rim_fresnel_power, 0.0..=f32::MAX),
        rim_lift: fields.number("parametricRimLiftFactor", default.rim_lift, any.clone()),
        outline_width_mode: fields.outline_width_mode(),
        outline_width: fields.number("outlineWidthFactor", default.outline_width, 0.0..=f32::MAX),
        outline_width_multiply_texture: fields.texture("outlineWidthMultiplyTexture"),
        outline_color: fields.color("outlineColorFactor", default.outline_color),
        outline_lighting_mix: fields.number("outlineLightingMixFactor", default.outline_lighting_mix, 0.0..=1.0),
        uv_animation_mask_texture: fields.texture("uvAnimationMaskTexture"),
        uv_scroll_x_speed: fields.number("uvAnimationScrollXSpeedFactor", 0.0, any.clone()),
        uv_scroll_y_speed: fields.number("uvAnimationScrollYSpeedFactor", 0.0, any.clone()),
        uv_rotation_speed_rad: fields.number("uvAnimationRotationSpeedFactor", 0.0, any),
    }
}

struct Fields<'a> {
    extension: &'a Value,
    textures: usize,
    place: &'a str,
    findings: &'a mut Findings,
}

impl Fields<'_> {
    fn get<T: DeserializeOwned>(&mut self, key: &str, default: T) -> T {
        match self.extension.get(key) {
            None | Some(Value::Null) => default,
            Some(value) => T::deserialize(value).unwrap_or_else(|error| {
                self.complain(key, &format!("unreadable, replaced by its default: {error}"));
                default
            }),
        }
    }

    fn complain(&mut self, key: &str, message: &str) {
        self.findings.push(Finding::error(format!("{}.{key}", self.place), message));
    }

    fn number(&mut self, key: &str, default: f32, range: std::ops::RangeInclusive<f32>) -> f32 {
        let stated: f32 = self.get(key, default);
        if range.contains(&stated) {
            return stated;
        }
        let used = if stated.is_finite() { stated.clamp(*range.start(), *range.end()) } else { default };
        self.complain(key, &format!("{stated} is out of range, {used} used"));
        used
    }

    /// Colors brighter than 1 occur and do no harm.
    fn color(&mut self, key: &str, default: Vec3) -> Vec3 {
        let stated = Vec3::from(self.get::<[f32; 3]>(key, default.to_array()));
        if stated.is_finite() && stated.min_element() >= 0.0 {
            return stated;
        }
        self.complain(key, "is no color, replaced by its default");
        default
    }

    fn texture(&mut self, key: &str) -> Option<TextureRef> {
        let texture = self.extension.get(key).filter(|texture| !texture.is_null())?;
        let found = texture_ref(texture, self.textures);
        if found.is_none() {
            self.complain(key, &format!("names no texture, there are {}; left out", self.textures));
        }
        found
    }

    fn outline_width_mode(&mut self) -> OutlineWidthMode {
        match self.get::<String>("outlineWidthMode", String::new()).as_str() {
            "none" | "" => OutlineWidthMode::None,
            "worldCoordinates" => OutlineWidthMode::WorldCoordinates,
            "screenCoordinates" => OutlineWidthMode::ScreenCoordinates,
            other => {
                self.complain("outlineWidthMode", &format!("{other:?} is unknown, read as none"));
                OutlineWidthMode::None
            }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RawTextureTransform {
    offset: Option<[f32; 2]>,
    scale: Option<[f32; 2]>,
    rotation: Option<f32>,
    tex_coord: Option<u32>,
}

/// A texture reference of glTF; `None` where it names no texture of the file.
fn texture_ref(value: &Value, textures: usize) -> Option<TextureRef> {
    let index = value.get("index").and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok())?;
    let transform = value.pointer("/extensions/KHR_texture_transform");
    let transform = transform.and_then(|value| RawTextureTransform::deserialize(value).ok()).unwrap_or_default();
    let pair = |value: Option<[f32; 2]>, default| value.map(Vec2::from).filter(|v| v.is_finite()).unwrap_or(default);
    let tex_coord = value.get("texCoord").and_then(Value::as_u64).and_then(|set| u32::try_from(set).ok());
    (index < textures).then(|| TextureRef {
        index,
        tex_coord: transform.tex_coord.or(tex_coord).unwrap_or(0),
        scale: pair(transform.scale, Vec2::ONE),
        offset: pair(transform.offset, Vec2::ZERO),
        rotation_rad: transform.rotation.filter(|r| r.is_finite()).unwrap_or(0.0),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read_quietly(extension: &Value) -> (MToon, usize) {
        let mut findings = Findings::default();
        let mtoon = read(extension, 3, "materials[0]", &mut findings);
        (mtoon, findings.into_vec().len())
    }

    #[test]
    fn an_empty_extension_has_the_defaults_of_the_standard() {
        assert_eq!(read_quietly(&json!({"specVersion": "1.0"})), (MToon::default(), 0));
    }

    #[test]
    fn every_field_is_read() {
        let transform = json!({"offset": [0.1, 0.2], "scale": [2, 3], "rotation": 0.5, "texCoord": 1});
        let texture = json!({"index": 2, "extensions": {"KHR_texture_transform": transform}});
        let (mtoon, findings) = read_quietly(&json!({
            "transparentWithZWrite": true, "renderQueueOffsetNumber": 4, "shadeColorFactor": [0.1, 0.2, 0.3],
            "shadeMultiplyTexture": texture, "shadingShiftFactor": -0.2,
            "shadingShiftTexture": {"index": 1, "texCoord": 1, "scale": 0.5}, "shadingToonyFactor": 0.7,
            "giEqualizationFactor": 0.3, "matcapFactor": [0.4, 0.5, 0.6], "matcapTexture": {"index": 0},
            "parametricRimColorFactor": [0.7, 0.8, 0.9], "rimMultiplyTexture": {"index": 1},
            "rimLightingMixFactor": 0.1, "parametricRimFresnelPowerFactor": 2.0, "parametricRimLiftFactor": 0.2,
            "outlineWidthMode": "screenCoordinates", "outlineWidthFactor": 0.01,
            "outlineWidthMultiplyTexture": {"index": 2}, "outlineColorFactor": [1, 0, 0],
            "outlineLightingMixFactor": 0.4, "uvAnimationMaskTexture": {"index": 0},
            "uvAnimationScrollXSpeedFactor": 1.0, "uvAnimationScrollYSpeedFactor": -1.0,
            "uvAnimationRotationSpeedFactor": 3.0,
        }));
        let plain = |index, tex_coord| {
            Some(TextureRef { index, tex_coord, scale: Vec2::ONE, offset: Vec2::ZERO, rotation_rad: 0.0 })
        };
        let shade = TextureRef {
            index: 2,
            tex_coord: 1,
            scale: Vec2::new(2.0, 3.0),
            offset: Vec2::new(0.1, 0.2),
            rotation_rad: 0.5,
        };
        let expected = MToon {
            transparent_with_z_write: true,
            render_queue_offset: 4,
            shade_color: Vec3::new(0.1, 0.2, 0.3),
            shade_multiply_texture: Some(shade),
            shading_shift: -0.2,
            shading_shift_texture: plain(1, 1),
            shading_shift_texture_scale: 0.5,
            shading_toony: 0.7,
            gi_equalization: 0.3,
            matcap: Vec3::new(0.4, 0.5, 0.6),
            matcap_texture: plain(0, 0),
            rim_color: Vec3::new(0.7, 0.8, 0.9),
            rim_multiply_texture: plain(1, 0),
            rim_lighting_mix: 0.1,
            rim_fresnel_power: 2.0,
            rim_lift: 0.2,
            outline_width_mode: OutlineWidthMode::ScreenCoordinates,
            outline_width: 0.01,
            outline_width_multiply_texture: plain(2, 0),
            outline_color: Vec3::X,
            outline_lighting_mix: 0.4,
            uv_animation_mask_texture: plain(0, 0),
            uv_scroll_x_speed: 1.0,
            uv_scroll_y_speed: -1.0,
            uv_rotation_speed_rad: 3.0,
        };
        assert_eq!((mtoon, findings), (expected, 0));
    }

    #[test]
    fn one_broken_field_spoils_no_other() {
        let (mtoon, findings) = read_quietly(&json!({
            "shadingToonyFactor": 7, "shadeColorFactor": "red", "matcapTexture": {"index": 3},
            "outlineWidthMode": "thick", "outlineWidthFactor": -1, "rimLightingMixFactor": 0.5,
        }));
        assert_eq!(findings, 5);
        let expected = MToon { shading_toony: 1.0, rim_lighting_mix: 0.5, ..MToon::default() };
        assert_eq!(mtoon, expected);
    }

    proptest! {
        #[test]
        fn whatever_stands_there_the_numbers_are_usable(number in any::<f64>(), text in "[a-z]{0,4}", which in 0..6_u8) {
            let value = match which {
                0 => json!(number),
                1 => json!(text),
                2 => json!([number, number, number]),
                3 => json!({"index": number, "scale": number}),
                4 => json!([]),
                _ => Value::Null,
            };
            let keys = ["shadeColorFactor", "shadingShiftFactor", "shadingShiftTexture", "outlineWidthFactor",
                "renderQueueOffsetNumber", "uvAnimationRotationSpeedFactor", "transparentWithZWrite", "matcapTexture"];
            let extension: Value = keys.iter().map(|key| ((*key).to_owned(), value.clone())).collect();
            let (mtoon, _) = read_quietly(&extension);
            prop_assert!(mtoon.shade_color.is_finite() && mtoon.outline_width.is_finite() && mtoon.outline_width >= 0.0);
            prop_assert!(mtoon.shading_shift.abs() <= 1.0 && mtoon.uv_rotation_speed_rad.is_finite());
            prop_assert!(mtoon.shading_shift_texture_scale.is_finite());
        }
    }
}
