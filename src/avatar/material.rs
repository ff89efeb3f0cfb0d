//! Gives every surface of an avatar its material — the engine's own, that of human surfaces, or the cartoon shading of
//! VRM — and every texture its levels.

use std::collections::HashMap;

use bevy::asset::AssetMut;
use bevy::camera::visibility::DynamicSkinnedMeshBounds;
use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::mesh::morph::MeshMorphWeights;
use bevy::mesh::skinning::SkinnedMesh;
use bevy::prelude::*;
use bevy::render::renderer::RenderAdapterInfo;

use super::load::{Candidate, NodeIndex, Spawned};
use super::person::{PersonMaterial, depth_bias, needs_uv, person, tuned};
use super::surface::{SurfaceHint, SurfaceKind};
use super::texture::{Textures, Use};
use super::toon::{self, ToonMaterial};
use super::wrinkle::Wrinkled;
use crate::stage::Quality;
use crate::vrm::{Document, MToon};

/// The material of a surface.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Surface {
    Standard(Handle<StandardMaterial>),
    Person(Handle<PersonMaterial>),
    Toon(Handle<ToonMaterial>),
}

/// On the root of an avatar: its materials with their glTF index, outlines included, and what they were at rest.
#[derive(Component, Debug, Default)]
pub(super) struct Surfaces {
    pub(super) all: Vec<(usize, Surface)>,
}

/// What becomes of a standard material of the file.
#[derive(Clone)]
enum Made {
    Kept,
    Person(Handle<PersonMaterial>),
    Toon { surface: Handle<ToonMaterial>, outline: Option<Handle<ToonMaterial>> },
}

/// Runs once for an avatar, when its entities exist.
pub(super) fn tune_materials(
    avatars: Query<'_, '_, (Entity, &Candidate), (With<Spawned>, Without<Surfaces>)>,
    children: Query<'_, '_, &Children>,
    parts: Query<
        '_,
        '_,
        (
            (&MeshMaterial3d<StandardMaterial>, Option<&SurfaceHint>, &Mesh3d, &ChildOf, &Transform),
            (Option<&SkinnedMesh>, Option<&MeshMorphWeights>, Has<DynamicSkinnedMeshBounds>),
        ),
    >,
    nodes: Query<'_, '_, &NodeIndex>,
    quality: Option<Res<'_, Quality>>,
    adapter: Option<Res<'_, RenderAdapterInfo>>,
    mut standards: ResMut<'_, Assets<StandardMaterial>>,
    mut persons: ResMut<'_, Assets<PersonMaterial>>,
    mut toons: ResMut<'_, Assets<ToonMaterial>>,
    mut images: ResMut<'_, Assets<Image>>,
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut commands: Commands<'_, '_>,
) {
    let quality = quality.map_or(Quality::Software, |quality| *quality);
    for (root, Candidate { file, .. }) in &avatars {
        let mut made: HashMap<AssetId<StandardMaterial>, Made> = HashMap::new();
        let mut textures = Textures::default();
        let mut surfaces = Surfaces::default();
        for entity in children.iter_descendants(root) {
            let Ok(((handle, hint, mesh, parent, place), (skin, morphs, bounded))) = parts.get(entity) else {
                continue;
            };
            let Some(base) = standards.get(&handle.0) else { continue };
            let has_uv = meshes.get(&mesh.0).is_some_and(|mesh| mesh.contains_attribute(Mesh::ATTRIBUTE_UV_0));
            let index = hint.and_then(|hint| hint.material);
            let made = made.entry(handle.0.id()).or_insert_with(|| {
                note_textures(&mut textures, base, hint);
                let made = match (mtoon(&file.document, index), hint) {
                    (Some(mtoon), Some(hint)) => {
                        let surface = toons.add(toon::surface(mtoon, hint, base));
                        let outline = toon::outline(mtoon, hint, base).map(|outline| toons.add(outline));
                        Made::Toon { surface, outline }
                    }
                    (None, Some(hint)) if hint.kind != SurfaceKind::Plain && (has_uv || !needs_uv(hint)) => {
                        let base = tuned(hint.kind, quality, base.clone());
                        Made::Person(persons.add(PersonMaterial { base, extension: person(hint, quality) }))
                    }
                    _ => Made::Kept,
                };
                if let Some(index) = index {
                    surfaces.all.extend(made.surfaces(&handle.0).map(|surface| (index, surface)));
                }
                made
            });
            let mut part = commands.entity(entity);
            match made {
                Made::Kept => continue,
                Made::Person(material) => {
                    part.remove::<MeshMaterial3d<StandardMaterial>>().insert(MeshMaterial3d(material.clone()));
                }
                Made::Toon { surface, outline } => {
                    part.remove::<MeshMaterial3d<StandardMaterial>>().insert(MeshMaterial3d(surface.clone()));
                    if let Some(outline) = outline {
                        let mut line = commands.spawn((
                            Name::new("Outline"),
                            ChildOf(parent.parent()),
                            mesh.clone(),
                            *place,
                            MeshMaterial3d(outline.clone()),
                            NotShadowCaster,
                        ));
                        if let Some(skin) = skin {
                            line.insert(skin.clone());
                        }
                        if let Some(morphs) = morphs {
                            line.insert(morphs.clone());
                        }
                        if bounded {
                            line.insert(DynamicSkinnedMeshBounds);
                        }
                    }
                    continue;
                }
            }
            let Some(hint) = hint else { continue };
            if depth_bias(hint.kind) > 0.0 {
                part.insert(NotShadowCaster);
            }
            // The eye lies in the shadow that the lids paint; the shadow map is too coarse for it.
            if matches!(
                hint.kind,
                SurfaceKind::Eye | SurfaceKind::Cornea | SurfaceKind::LidShade | SurfaceKind::Lash | SurfaceKind::Teeth
            ) {
                part.insert(NotShadowReceiver);
            }
            if hint.wrinkle_normal.is_some()
                && let Ok(node) = nodes.get(parent.parent())
            {
                part.insert(Wrinkled::new(&file.document, node.0, parent.parent()));
            }
            let bends = hint.wrinkle_normal.is_some() || hint.folds.is_some();
            if matches!(hint.kind, SurfaceKind::Hair | SurfaceKind::HairEdge) || bends {
                add_tangents(&mut meshes, &mesh.0);
            }
        }
        // A processor walks every texel that a sample at a grazing angle may cover; a sliver covers the whole texture.
        let processor = adapter.as_ref().is_some_and(|adapter| format!("{:?}", adapter.device_type) == "Cpu");
        textures.finish(&mut images, if processor { 1 } else { quality.anisotropy() });
        // A material keeps the textures that it was drawn with first; one of the file's own must look again.
        for (id, _) in made.iter().filter(|(_, made)| matches!(made, Made::Kept)) {
            standards.get_mut(*id).map(AssetMut::into_inner);
        }
        commands.entity(root).try_insert(surfaces);
    }
}

impl Made {
    fn surfaces(&self, standard: &Handle<StandardMaterial>) -> impl Iterator<Item = Surface> {
        let (first, second) = match self {
            Self::Kept => (Surface::Standard(standard.clone()), None),
            Self::Person(person) => (Surface::Person(person.clone()), None),
            Self::Toon { surface, outline } => (Surface::Toon(surface.clone()), outline.clone().map(Surface::Toon)),
        };
        std::iter::once(first).chain(second)
    }
}

fn mtoon(document: &Document, material: Option<usize>) -> Option<&MToon> {
    document.materials.get(material?)?.mtoon.as_ref()
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
    let Some(hint) = hint else { return };
    textures.note(hint.wrinkle_normal.as_ref(), Use::NORMAL);
    textures.note(hint.folds.as_ref().map(|(texture, _)| texture), Use::NORMAL);
    textures.note(hint.wrinkle_mask.as_ref(), Use::DATA);
    for (texture, used) in [
        (&hint.toon.shade_multiply, Use::COLOR),
        (&hint.toon.matcap, Use::COLOR),
        (&hint.toon.rim_multiply, Use::COLOR),
        (&hint.toon.shading_shift, Use::DATA),
        (&hint.toon.outline_width, Use::DATA),
        (&hint.toon.uv_animation_mask, Use::DATA),
    ] {
        textures.note(texture.as_ref(), used);
    }
}
