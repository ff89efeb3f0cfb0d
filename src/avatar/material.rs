//! Small corrections that glTF cannot express: the order of the thin layers over the eye, and softer skin.

use bevy::gltf::GltfMaterialName;
use bevy::prelude::*;
use bevy::world_serialization::WorldInstanceReady;

use super::load::AvatarRoot;

/// Layers over the eyeball from the inside out; each is drawn after the one before. Blended surfaces this close
/// together have no reliable depth order of their own.
const EYE_LAYERS: &[(&str, f32)] = &[("lidshade", 20.0), ("cornea", 40.0), ("lash", 60.0), ("hairedge", 80.0)];

pub(super) fn tune_materials(
    ready: On<'_, '_, WorldInstanceReady>,
    roots: Query<'_, '_, (), With<AvatarRoot>>,
    children: Query<'_, '_, &Children>,
    surfaces: Query<'_, '_, (&GltfMaterialName, &MeshMaterial3d<StandardMaterial>)>,
    mut materials: ResMut<'_, Assets<StandardMaterial>>,
) {
    if !roots.contains(ready.entity) {
        return;
    }
    for entity in children.iter_descendants(ready.entity) {
        let Ok((name, handle)) = surfaces.get(entity) else { continue };
        let Some(mut material) = materials.get_mut(&handle.0) else { continue };
        if let Some((_, bias)) = EYE_LAYERS.iter().find(|(layer, _)| *layer == name.0) {
            material.depth_bias = *bias;
        }
        // The renderer's anisotropy turns hair into white and black noise where its texture has no direction.
        material.anisotropy_strength = 0.0;
        match name.0.as_str() {
            // Skin reflects about 2.8 % head-on (index of refraction 1.4), less than the default 4 %.
            "face" | "hands" => material.reflectance = 0.42,
            // Hair without the anisotropy that would spread its highlight must be duller, or it looks like plastic.
            "hair" | "hairedge" => material.reflectance = 0.3,
            // Woven wool has next to no mirror reflection.
            "jacket" | "lapel" | "trouser" | "shirt" => material.reflectance = 0.25,
            _ => {}
        }
    }
}
