//! The cartoon shading of VRM (MToon 1.0) in the engine's renderer. Base color, normal map, emission and alpha are
//! those of the standard material; shade, rim, matcap, outline and moving textures come from the shader.
//!
//! All textures of a material share the transform of its base color texture, as in the standard material.

use bevy::asset::embedded_asset;
use bevy::mesh::MeshVertexBufferLayoutRef;
use bevy::pbr::{ExtendedMaterial, MaterialExtension, MaterialExtensionKey, MaterialExtensionPipeline};
use bevy::prelude::*;
use bevy::reflect::TypePath;
use bevy::render::render_resource::{
    AsBindGroup, Face, RenderPipelineDescriptor, ShaderType, SpecializedMeshPipelineError,
};
use bevy::shader::ShaderRef;

use super::surface::SurfaceHint;
use crate::vrm::{ColorKind, MToon, OutlineWidthMode};

/// A standard material with [`Toon`] over it.
pub(super) type ToonMaterial = ExtendedMaterial<StandardMaterial, Toon>;

/// The parameters as the shader reads them. Colors are linear.
#[derive(ShaderType, Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Numbers {
    /// Shade color; shift of its boundary.
    shade: Vec4,
    /// Factor of the matcap; hardness of the shade's boundary.
    matcap: Vec4,
    /// Rim color; how much lights color it.
    rim: Vec4,
    /// Outline color; how much lights color it.
    outline: Vec4,
    /// Evenness of the room's light, factor of the shift texture, exponent of the rim, its lift.
    mix: Vec4,
    /// Scroll along U and V per second, turn in radians per second, width of the outline.
    motion: Vec4,
}

/// What `toon.wgsl` needs besides the standard material.
#[derive(Asset, AsBindGroup, TypePath, Debug, Clone)]
#[bind_group_data(ToonKey)]
pub(super) struct Toon {
    #[uniform(100)]
    numbers: Numbers,
    #[texture(101)]
    shade_multiply: Option<Handle<Image>>,
    #[texture(102)]
    shading_shift: Option<Handle<Image>>,
    #[texture(103)]
    matcap: Option<Handle<Image>>,
    #[texture(104)]
    rim_multiply: Option<Handle<Image>>,
    #[texture(105, visibility(vertex))]
    outline_width: Option<Handle<Image>>,
    #[texture(106)]
    uv_animation_mask: Option<Handle<Image>>,
    outline: OutlineWidthMode,
    writes_depth: bool,
}

impl Toon {
    fn new(mtoon: &MToon, hint: &SurfaceHint) -> Self {
        let textures = &hint.toon;
        // What is not there adds nothing; the engine puts white in its place.
        let present = |texture: &Option<Handle<Image>>| if texture.is_some() { 1.0 } else { 0.0 };
        Self {
            numbers: Numbers {
                shade: mtoon.shade_color.extend(mtoon.shading_shift),
                matcap: (mtoon.matcap * present(&textures.matcap)).extend(mtoon.shading_toony),
                rim: mtoon.rim_color.extend(mtoon.rim_lighting_mix),
                outline: mtoon.outline_color.extend(mtoon.outline_lighting_mix),
                mix: Vec4::new(
                    mtoon.gi_equalization,
                    mtoon.shading_shift_texture_scale * present(&textures.shading_shift),
                    mtoon.rim_fresnel_power,
                    mtoon.rim_lift,
                ),
                motion: Vec4::new(
                    mtoon.uv_scroll_x_speed,
                    mtoon.uv_scroll_y_speed,
                    mtoon.uv_rotation_speed_rad,
                    mtoon.outline_width,
                ),
            },
            shade_multiply: textures.shade_multiply.clone(),
            shading_shift: textures.shading_shift.clone(),
            matcap: textures.matcap.clone(),
            rim_multiply: textures.rim_multiply.clone(),
            outline_width: textures.outline_width.clone(),
            uv_animation_mask: textures.uv_animation_mask.clone(),
            outline: OutlineWidthMode::None,
            writes_depth: mtoon.transparent_with_z_write,
        }
    }

    /// Sets a color that an expression moves; `false` for those of the standard material and where it has not changed.
    pub(super) fn set_color(&mut self, kind: ColorKind, value: Vec4) -> bool {
        let slot = match kind {
            ColorKind::Shade => &mut self.numbers.shade,
            ColorKind::Matcap if self.matcap.is_some() => &mut self.numbers.matcap,
            ColorKind::Rim => &mut self.numbers.rim,
            ColorKind::Outline => &mut self.numbers.outline,
            ColorKind::Color | ColorKind::Emission | ColorKind::Matcap => return false,
        };
        let value = value.truncate().extend(slot.w);
        let changed = *slot != value;
        *slot = value;
        changed
    }
}

/// The standard part of a surface.
fn base(mtoon: &MToon, base: &StandardMaterial) -> StandardMaterial {
    StandardMaterial {
        // Files name `KHR_materials_unlit` for readers that know no MToon.
        unlit: false,
        // Of blended surfaces at one distance the higher is drawn later.
        depth_bias: mtoon.render_queue_offset as f32,
        ..base.clone()
    }
}

/// The material of a surface.
pub(super) fn surface(mtoon: &MToon, hint: &SurfaceHint, standard: &StandardMaterial) -> ToonMaterial {
    ToonMaterial { base: base(mtoon, standard), extension: Toon::new(mtoon, hint) }
}

/// The material of its outline: the inside of a hull around the surface. `None` where it has none.
pub(super) fn outline(mtoon: &MToon, hint: &SurfaceHint, standard: &StandardMaterial) -> Option<ToonMaterial> {
    let is_drawn = mtoon.outline_width_mode != OutlineWidthMode::None && mtoon.outline_width > 0.0;
    is_drawn.then(|| ToonMaterial {
        base: StandardMaterial { cull_mode: Some(Face::Front), double_sided: false, ..base(mtoon, standard) },
        extension: Toon { outline: mtoon.outline_width_mode, ..Toon::new(mtoon, hint) },
    })
}

/// Which variant of the shader a surface takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ToonKey {
    outline: OutlineWidthMode,
    writes_depth: bool,
}

impl From<&Toon> for ToonKey {
    fn from(toon: &Toon) -> Self {
        Self { outline: toon.outline, writes_depth: toon.writes_depth }
    }
}

const SHADER: &str = "embedded://visavis/avatar/toon.wgsl";

impl MaterialExtension for Toon {
    fn vertex_shader() -> ShaderRef {
        SHADER.into()
    }

    fn fragment_shader() -> ShaderRef {
        SHADER.into()
    }

    fn specialize(
        _: &MaterialExtensionPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        _: &MeshVertexBufferLayoutRef,
        key: MaterialExtensionKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        let key = key.bind_group_data;
        let definitions: &[&str] = match key.outline {
            OutlineWidthMode::None => &[],
            OutlineWidthMode::WorldCoordinates => &["OUTLINE"],
            OutlineWidthMode::ScreenCoordinates => &["OUTLINE", "OUTLINE_ON_SCREEN"],
        };
        let definitions = definitions.iter().copied().map(Into::into);
        descriptor.vertex.shader_defs.extend(definitions.clone());
        if let Some(fragment) = &mut descriptor.fragment {
            fragment.shader_defs.extend(definitions);
        }
        if key.writes_depth
            && let Some(depth) = &mut descriptor.depth_stencil
        {
            depth.depth_write_enabled = Some(true);
        }
        Ok(())
    }
}

pub(super) fn plugin(app: &mut App) {
    embedded_asset!(app, "toon.wgsl");
    app.add_plugins(MaterialPlugin::<ToonMaterial>::default());
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn mtoon() -> MToon {
        MToon {
            shade_color: Vec3::new(0.1, 0.2, 0.3),
            outline_width_mode: OutlineWidthMode::WorldCoordinates,
            outline_width: 0.002,
            ..MToon::default()
        }
    }

    #[test]
    fn only_a_material_with_a_width_has_an_outline() {
        let (hint, standard) = (SurfaceHint::default(), StandardMaterial::default());
        let line = outline(&mtoon(), &hint, &standard).unwrap();
        assert_eq!(line.base.cull_mode, Some(Face::Front));
        assert!(outline(&MToon { outline_width: 0.0, ..mtoon() }, &hint, &standard).is_none());
        assert!(outline(&MToon::default(), &hint, &standard).is_none());
    }

    #[test]
    fn a_fallback_for_readers_without_cartoon_shading_does_not_count() {
        let standard = StandardMaterial { unlit: true, ..StandardMaterial::default() };
        assert!(!surface(&mtoon(), &SurfaceHint::default(), &standard).base.unlit);
    }

    #[test]
    fn a_matcap_without_a_texture_adds_nothing_whatever_an_expression_asks() {
        let mut toon = Toon::new(&mtoon(), &SurfaceHint::default());
        assert_eq!(toon.numbers.matcap.truncate(), Vec3::ZERO);
        assert!(!toon.set_color(ColorKind::Matcap, Vec4::ONE));
        assert_eq!(toon.numbers.matcap.truncate(), Vec3::ZERO);
    }

    #[test]
    fn a_color_that_stays_is_no_change_and_what_stands_beside_it_is_kept() {
        let mut toon = Toon::new(&MToon { shading_shift: -0.4, ..mtoon() }, &SurfaceHint::default());
        assert!(toon.set_color(ColorKind::Shade, Vec4::new(0.5, 0.5, 0.5, 1.0)));
        assert_eq!(toon.numbers.shade, Vec4::new(0.5, 0.5, 0.5, -0.4));
        assert!(!toon.set_color(ColorKind::Shade, Vec4::new(0.5, 0.5, 0.5, 1.0)));
    }
}
