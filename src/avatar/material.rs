//! How the avatar's surfaces take light: standard materials, extended by what glTF cannot express — light inside skin,
//! depth behind the cornea, highlights along strands, sheen on wool, wrinkles that follow the face.

use std::collections::HashMap;

use bevy::asset::embedded_asset;
use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::mesh::MeshVertexBufferLayoutRef;
use bevy::pbr::{ExtendedMaterial, MaterialExtension, MaterialExtensionKey, MaterialExtensionPipeline};
use bevy::prelude::*;
use bevy::reflect::TypePath;
use bevy::render::render_resource::{AsBindGroup, RenderPipelineDescriptor, SpecializedMeshPipelineError};
use bevy::render::renderer::RenderAdapterInfo;
use bevy::shader::ShaderRef;
use bevy::world_serialization::WorldInstanceReady;

use super::load::{AvatarFile, AvatarRoot, NodeIndex};
use super::surface::{SurfaceHint, SurfaceKind};
use super::texture::{Textures, Use};
use super::wrinkle::Wrinkled;
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
    #[texture(101)]
    wrinkle_normal: Option<Handle<Image>>,
    #[texture(102)]
    wrinkle_mask: Option<Handle<Image>>,
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
}

impl From<&Person> for PersonKey {
    fn from(person: &Person) -> Self {
        Self { kind: person.kind, detail: person.detail, wrinkles: person.wrinkle_normal.is_some() }
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
        let extras = [("DETAIL", key.detail), ("WRINKLES", key.wrinkles)];
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
fn depth_bias(kind: SurfaceKind) -> f32 {
    match kind {
        SurfaceKind::LidShade => 20.0,
        SurfaceKind::Cornea => 40.0,
        SurfaceKind::Lash => 60.0,
        SurfaceKind::HairEdge => 80.0,
        _ => 0.0,
    }
}

/// The standard part of a surface of this kind.
fn tuned(kind: SurfaceKind, quality: Quality, mut base: StandardMaterial) -> StandardMaterial {
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
            base.reflectance = 0.25;
            base.perceptual_roughness = base.perceptual_roughness.max(0.7);
            if matches!(base.alpha_mode, AlphaMode::Mask(_)) && quality.msaa() != Msaa::Off {
                base.alpha_mode = AlphaMode::AlphaToCoverage;
            }
        }
        SurfaceKind::Teeth => base.reflectance = 0.4,
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
fn needs_uv(hint: &SurfaceHint) -> bool {
    matches!(hint.kind, SurfaceKind::Eye | SurfaceKind::Hair | SurfaceKind::HairEdge) || hint.wrinkle_normal.is_some()
}

fn person(hint: &SurfaceHint, quality: Quality) -> Person {
    /// How far the iris lies below the surface, in radii of the eye.
    const IRIS_DEPTH: f32 = 0.10;
    let eye = hint.eye;
    Person {
        eye: Vec4::new(eye.angle_deg.to_radians(), eye.exponent, eye.iris_deg.to_radians().sin(), IRIS_DEPTH),
        wrinkle_normal: hint.wrinkle_normal.clone(),
        wrinkle_mask: hint.wrinkle_mask.clone(),
        kind: hint.kind,
        detail: quality != Quality::Software,
    }
}

/// Runs once when the avatar's entities exist: gives every surface its material, and every texture its levels.
pub(super) fn tune_materials(
    ready: On<'_, '_, WorldInstanceReady>,
    roots: Query<'_, '_, (), With<AvatarRoot>>,
    children: Query<'_, '_, &Children>,
    surfaces: Query<'_, '_, (&MeshMaterial3d<StandardMaterial>, Option<&SurfaceHint>, &Mesh3d, &ChildOf)>,
    nodes: Query<'_, '_, &NodeIndex>,
    file: Res<'_, AvatarFile>,
    quality: Option<Res<'_, Quality>>,
    adapter: Option<Res<'_, RenderAdapterInfo>>,
    standards: Res<'_, Assets<StandardMaterial>>,
    mut persons: ResMut<'_, Assets<PersonMaterial>>,
    mut images: ResMut<'_, Assets<Image>>,
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut commands: Commands<'_, '_>,
) {
    if !roots.contains(ready.entity) {
        return;
    }
    let quality = quality.map_or(Quality::Software, |quality| *quality);
    let mut made: HashMap<AssetId<StandardMaterial>, Handle<PersonMaterial>> = HashMap::new();
    let mut textures = Textures::default();
    for entity in children.iter_descendants(ready.entity) {
        let Ok((handle, hint, mesh, parent)) = surfaces.get(entity) else { continue };
        let Some(base) = standards.get(&handle.0) else { continue };
        note_textures(&mut textures, base, hint);
        let has_uv = meshes.get(&mesh.0).is_some_and(|mesh| mesh.contains_attribute(Mesh::ATTRIBUTE_UV_0));
        let Some(hint) = hint.filter(|hint| hint.kind != SurfaceKind::Plain && (has_uv || !needs_uv(hint))) else {
            continue;
        };
        let material = made.entry(handle.0.id()).or_insert_with(|| {
            let base = tuned(hint.kind, quality, base.clone());
            persons.add(PersonMaterial { base, extension: person(hint, quality) })
        });
        let mut entity = commands.entity(entity);
        entity.remove::<MeshMaterial3d<StandardMaterial>>().insert(MeshMaterial3d(material.clone()));
        if depth_bias(hint.kind) > 0.0 {
            entity.insert(NotShadowCaster);
        }
        // The eye lies in the shadow that the lids paint; the shadow map is too coarse for it.
        if matches!(
            hint.kind,
            SurfaceKind::Eye | SurfaceKind::Cornea | SurfaceKind::LidShade | SurfaceKind::Lash | SurfaceKind::Teeth
        ) {
            entity.insert(NotShadowReceiver);
        }
        if hint.wrinkle_normal.is_some()
            && let Ok(node) = nodes.get(parent.parent())
        {
            entity.insert(Wrinkled::new(&file.document, node.0, parent.parent()));
        }
        if matches!(hint.kind, SurfaceKind::Hair | SurfaceKind::HairEdge) || hint.wrinkle_normal.is_some() {
            add_tangents(&mut meshes, &mesh.0);
        }
    }
    // A processor walks every texel that a sample at a grazing angle may cover; a sliver covers the whole texture.
    let processor = adapter.is_some_and(|adapter| format!("{:?}", adapter.device_type) == "Cpu");
    textures.finish(&mut images, if processor { 1 } else { quality.anisotropy() });
}

/// Directions along the texture; a mesh that cannot have them is drawn without.
fn add_tangents(meshes: &mut Assets<Mesh>, mesh: &Handle<Mesh>) {
    let lacks = meshes.get(mesh).is_some_and(|mesh| !mesh.contains_attribute(Mesh::ATTRIBUTE_TANGENT));
    if lacks
        && let Some(mut mesh) = meshes.get_mut(mesh)
        && let Err(error) = mesh.generate_tangents()
    {
        debug!("no tangents: {error}");
    }
}

fn note_textures(textures: &mut Textures, base: &StandardMaterial, hint: Option<&SurfaceHint>) {
    let cutoff = match base.alpha_mode {
        AlphaMode::Mask(cutoff) => Some(cutoff),
        _ => None,
    };
    textures.note(base.base_color_texture.as_ref(), Use { cutoff, ..Use::COLOR });
    textures.note(base.emissive_texture.as_ref(), Use::COLOR);
    textures.note(base.normal_map_texture.as_ref(), Use::NORMAL);
    textures.note(base.metallic_roughness_texture.as_ref(), Use::DATA);
    textures.note(base.occlusion_texture.as_ref(), Use::DATA);
    if let Some(hint) = hint {
        textures.note(hint.wrinkle_normal.as_ref(), Use::NORMAL);
        textures.note(hint.wrinkle_mask.as_ref(), Use::DATA);
    }
}
