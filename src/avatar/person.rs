//! How a human avatar's surfaces take light: standard materials, extended by what glTF cannot express — light inside
//! skin, depth behind the cornea, highlights along strands, sheen and folds of wool, wrinkles that follow the face.

use bevy::asset::embedded_asset;
use bevy::mesh::MeshVertexBufferLayoutRef;
use bevy::pbr::{ExtendedMaterial, MaterialExtension, MaterialExtensionKey, MaterialExtensionPipeline};
use bevy::prelude::*;
use bevy::reflect::TypePath;
use bevy::render::render_resource::{AsBindGroup, RenderPipelineDescriptor, SpecializedMeshPipelineError};
use bevy::shader::ShaderRef;

use super::surface::{SurfaceHint, SurfaceKind};
use crate::stage::Quality;

/// A standard material with [`Person`] over it.
pub(super) type PersonMaterial = ExtendedMaterial<StandardMaterial, Person>;

/// What `person.wgsl` needs besides the standard material.
#[derive(Asset, AsBindGroup, TypePath, Debug, Clone)]
#[bind_group_data(PersonKey)]
pub(super) struct Person {
    /// Of an eye: angle at the texture's edge, exponent, sine of the iris' angle, depth of the iris in radii.
    #[uniform(100)]
    eye: Vec4,
    /// Normals of wrinkles or of folds.
    #[texture(101)]
    fold_normal: Option<Handle<Image>>,
    #[texture(102)]
    wrinkle_mask: Option<Handle<Image>>,
    /// Of folds: what their texture covers of the texture coordinates, corner and size.
    #[uniform(103)]
    fold_chart: Vec4,
    kind: SurfaceKind,
    /// Whether to draw what costs.
    detail: bool,
}

/// Which variant of the shader a surface takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PersonKey {
    kind: SurfaceKind,
    detail: bool,
    wrinkles: bool,
    folds: bool,
}

impl From<&Person> for PersonKey {
    fn from(person: &Person) -> Self {
        let has_normals = person.fold_normal.is_some();
        Self {
            kind: person.kind,
            detail: person.detail,
            wrinkles: has_normals && person.wrinkle_mask.is_some(),
            folds: has_normals && person.kind == SurfaceKind::Cloth,
        }
    }
}

impl MaterialExtension for Person {
    fn fragment_shader() -> ShaderRef {
        "embedded://visavis/avatar/person.wgsl".into()
    }

    fn specialize(
        _: &MaterialExtensionPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        _: &MeshVertexBufferLayoutRef,
        key: MaterialExtensionKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        let Some(fragment) = &mut descriptor.fragment else { return Ok(()) };
        let key = key.bind_group_data;
        let kinds: &[&str] = match key.kind {
            SurfaceKind::Skin => &["SKIN"],
            SurfaceKind::Lips => &["SKIN", "MOIST"],
            SurfaceKind::Eye => &["EYE"],
            SurfaceKind::Cornea => &["CORNEA"],
            SurfaceKind::Hair | SurfaceKind::HairEdge => &["HAIR"],
            SurfaceKind::Teeth => &["MOUTH"],
            SurfaceKind::Cloth => &["CLOTH"],
            SurfaceKind::Plain | SurfaceKind::LidShade | SurfaceKind::Lash => &[],
        };
        let extras = [("DETAIL", key.detail), ("WRINKLES", key.wrinkles), ("FOLDS", key.folds)];
        let extras = extras.iter().filter(|(_, wanted)| *wanted).map(|(name, _)| *name);
        fragment.shader_defs.extend(kinds.iter().copied().chain(extras).map(Into::into));
        Ok(())
    }
}

pub(super) fn plugin(app: &mut App) {
    embedded_asset!(app, "person.wgsl");
    app.add_plugins(MaterialPlugin::<PersonMaterial>::default());
}

/// Layers over the eyeball from the inside out; each is drawn after the one before. Blended surfaces this close
/// together have no reliable depth order of their own.
pub(super) fn depth_bias(kind: SurfaceKind) -> f32 {
    match kind {
        SurfaceKind::LidShade => 20.0,
        SurfaceKind::Cornea => 40.0,
        SurfaceKind::Lash => 60.0,
        SurfaceKind::HairEdge => 80.0,
        _ => 0.0,
    }
}

/// The standard part of a surface of this kind.
pub(super) fn tuned(kind: SurfaceKind, quality: Quality, mut base: StandardMaterial) -> StandardMaterial {
    base.depth_bias = depth_bias(kind);
    // The renderer's own anisotropy turns hair into white and black noise where its texture has no direction.
    base.anisotropy_strength = 0.0;
    match kind {
        // Skin reflects about 2.8 % head-on (index of refraction 1.4), less than the default 4 %.
        SurfaceKind::Skin | SurfaceKind::Lips => base.reflectance = 0.42,
        // What glitters on an eye is the cornea.
        SurfaceKind::Eye => base.reflectance = 0.3,
        // Blending would dim the reflections by the shell's transparency.
        SurfaceKind::Cornea => base.alpha_mode = AlphaMode::Premultiplied,
        SurfaceKind::Lash => base.reflectance = 0.2,
        // The highlight along the strands comes from the shader.
        SurfaceKind::Hair | SurfaceKind::HairEdge => {
            base.reflectance = 0.15;
            base.perceptual_roughness = base.perceptual_roughness.max(0.7);
            if matches!(base.alpha_mode, AlphaMode::Mask(_)) && quality.msaa() != Msaa::Off {
                base.alpha_mode = AlphaMode::AlphaToCoverage;
            }
        }
        SurfaceKind::Teeth => base.reflectance = 0.22,
        // Woven wool has next to no mirror reflection.
        SurfaceKind::Cloth => {
            base.reflectance = 0.25;
            base.perceptual_roughness = base.perceptual_roughness.max(0.8);
        }
        SurfaceKind::Plain | SurfaceKind::LidShade => {}
    }
    base
}

/// Whether the shader asks where on its texture a place lies.
pub(super) fn needs_uv(hint: &SurfaceHint) -> bool {
    matches!(hint.kind, SurfaceKind::Eye | SurfaceKind::Hair | SurfaceKind::HairEdge)
        || hint.wrinkle_normal.is_some()
        || hint.folds.is_some()
}

pub(super) fn person(hint: &SurfaceHint, quality: Quality) -> Person {
    /// How far the iris lies below the surface, in radii of the eye.
    const IRIS_DEPTH: f32 = 0.10;
    let eye = hint.eye;
    let folds = hint.folds.clone().filter(|_| hint.kind == SurfaceKind::Cloth);
    Person {
        eye: Vec4::new(eye.angle_deg.to_radians(), eye.exponent, eye.iris_deg.to_radians().sin(), IRIS_DEPTH),
        fold_normal: folds.as_ref().map(|(texture, _)| texture.clone()).or_else(|| hint.wrinkle_normal.clone()),
        wrinkle_mask: hint.wrinkle_mask.clone(),
        fold_chart: folds.map_or(Vec4::ONE, |(_, chart)| chart),
        kind: hint.kind,
        detail: quality != Quality::Software,
    }
}
