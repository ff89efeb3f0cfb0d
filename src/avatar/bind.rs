//! Carries the material colors and texture transforms that expressions move onto an avatar's materials.

use bevy::math::Affine2;
use bevy::prelude::*;

use super::material::{Surface, Surfaces};
use super::person::PersonMaterial;
use super::rig::Rig;
use super::toon::ToonMaterial;
use crate::vrm::{ColorKind, Material, MaterialColor, TextureTransform};

/// Writes what differs from the materials; a material that is not touched is not sent to the GPU again.
pub(super) fn bind_materials(
    avatars: Query<'_, '_, (&Rig, &Surfaces)>,
    mut standards: ResMut<'_, Assets<StandardMaterial>>,
    mut persons: ResMut<'_, Assets<PersonMaterial>>,
    mut toons: ResMut<'_, Assets<ToonMaterial>>,
) {
    for (rig, surfaces) in &avatars {
        let output = rig.runtime.output();
        let materials = &rig.runtime.document().materials;
        let is_moved = |index: usize| {
            output.colors.iter().any(|color| color.material == index)
                || output.textures.iter().any(|texture| texture.material == index)
        };
        for (index, surface) in surfaces.all.iter().filter(|(index, _)| is_moved(*index)) {
            let Some(material) = materials.get(*index) else { continue };
            let moved = Moved { material, colors: &output.colors, texture: &output.textures, index: *index };
            match surface {
                Surface::Standard(handle) => renew(&mut standards, handle, |next| moved.apply(next, |_| false)),
                Surface::Person(handle) => renew(&mut persons, handle, |next| moved.apply(&mut next.base, |_| false)),
                Surface::Toon(handle) => renew(&mut toons, handle, |ToonMaterial { base, extension }| {
                    moved.apply(base, |color| extension.set_color(color.kind, color.value))
                }),
            }
        }
    }
}

/// Changes an asset where `change` says that it did.
fn renew<A: Asset + Clone>(assets: &mut Assets<A>, handle: &Handle<A>, change: impl FnOnce(&mut A) -> bool) {
    let Some(mut next) = assets.get(handle).cloned() else { return };
    if change(&mut next)
        && let Some(mut asset) = assets.get_mut(handle)
    {
        *asset = next;
    }
}

/// What expressions do to one material.
struct Moved<'a> {
    index: usize,
    material: &'a Material,
    colors: &'a [MaterialColor],
    texture: &'a [TextureTransform],
}

impl Moved<'_> {
    /// Whether anything changed. `extra` sets the colors that a standard material has not.
    fn apply(&self, base: &mut StandardMaterial, mut extra: impl FnMut(&MaterialColor) -> bool) -> bool {
        let mut changed = false;
        for color in self.colors.iter().filter(|color| color.material == self.index) {
            changed |= match color.kind {
                ColorKind::Color => {
                    let value = color.value;
                    set(&mut base.base_color, Color::linear_rgba(value.x, value.y, value.z, value.w))
                }
                ColorKind::Emission => {
                    let Vec3 { x, y, z } = color.value.truncate() * self.material.emissive_strength;
                    let alpha = base.emissive.alpha;
                    set(&mut base.emissive, LinearRgba::new(x, y, z, alpha))
                }
                _ => extra(color),
            };
        }
        if let Some(texture) = self.texture.iter().find(|texture| texture.material == self.index) {
            let (_, angle, _) = base.uv_transform.to_scale_angle_translation();
            let next = Affine2::from_scale_angle_translation(texture.scale, angle, texture.offset);
            let near = next.abs_diff_eq(base.uv_transform, 1.0e-6);
            if !near {
                base.uv_transform = next;
            }
            changed |= !near;
        }
        changed
    }
}

fn set<T: PartialEq>(slot: &mut T, value: T) -> bool {
    let changed = *slot != value;
    *slot = value;
    changed
}

#[cfg(test)]
mod tests {
    use bevy::math::Vec2;

    use super::*;

    fn material() -> Material {
        Material {
            name: String::new(),
            shading: crate::vrm::Shading::Pbr,
            colors: [Vec4::ONE; 6],
            texture_scale: Vec2::ONE,
            texture_offset: Vec2::ZERO,
            emissive_strength: 3.0,
            mtoon: None,
        }
    }

    #[test]
    fn colors_and_transforms_of_the_own_material_arrive_once() {
        let material = material();
        let color = |index, kind, x| MaterialColor { material: index, kind, value: Vec4::new(x, 0.0, 0.0, 1.0) };
        let colors =
            [color(2, ColorKind::Color, 0.5), color(1, ColorKind::Color, 0.1), color(2, ColorKind::Emission, 0.2)];
        let texture = [TextureTransform { material: 2, scale: Vec2::splat(2.0), offset: Vec2::new(0.25, 0.0) }];
        let moved = Moved { index: 2, material: &material, colors: &colors, texture: &texture };
        let mut base = StandardMaterial { uv_transform: Affine2::from_angle(0.5), ..StandardMaterial::default() };
        assert!(moved.apply(&mut base, |_| false));
        assert_eq!(base.base_color, Color::linear_rgba(0.5, 0.0, 0.0, 1.0));
        assert!((base.emissive.red - 0.6).abs() < 1.0e-6, "{:?}", base.emissive);
        let (scale, angle, offset) = base.uv_transform.to_scale_angle_translation();
        assert!(scale.abs_diff_eq(Vec2::splat(2.0), 1.0e-5) && (angle - 0.5).abs() < 1.0e-5, "{scale} {angle}");
        assert_eq!(offset, Vec2::new(0.25, 0.0));
        assert!(!moved.apply(&mut base, |_| false), "nothing is new the second time");
    }

    #[test]
    fn colors_that_only_cartoons_have_go_to_the_extension() {
        let material = material();
        let colors = [MaterialColor { material: 0, kind: ColorKind::Rim, value: Vec4::ONE }];
        let moved = Moved { index: 0, material: &material, colors: &colors, texture: &[] };
        let mut seen = Vec::new();
        assert!(moved.apply(&mut StandardMaterial::default(), |color| {
            seen.push(color.kind);
            true
        }));
        assert_eq!(seen, [ColorKind::Rim]);
    }
}
