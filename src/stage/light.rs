//! Three-point light: a warm key from the customer's left, a cool fill, a rim that lifts hair and shoulders
//! off the backdrop, and an even ambient so that no side of a face falls into black.

use bevy::light::{CascadeShadowConfig, CascadeShadowConfigBuilder};
use bevy::prelude::*;

/// A light that casts shadows where the machine affords them.
#[derive(Component)]
pub(super) struct ShadowCaster {
    /// Illuminance with shadows, lux.
    pub(super) shadowed: f32,
    /// Without: light from behind that nothing stops would shine through heads onto noses and lips.
    pub(super) bare: f32,
}

/// One cascade over the avatar alone: the room has no caster.
fn over_the_avatar() -> CascadeShadowConfig {
    CascadeShadowConfigBuilder { num_cascades: 1, minimum_distance: 0.3, maximum_distance: 4.0, ..default() }.build()
}

/// Lux of the key light; the others are set in proportion to it.
const KEY_LUX: f32 = 5200.0;
/// What comes evenly from everywhere, in cd/m², where the room has no map.
pub(super) const AMBIENT_LUMINANCE: f32 = 520.0;

pub(super) fn spawn_lights(mut commands: Commands<'_, '_>) {
    let chest = Vec3::new(0.0, 1.3, 0.0);
    commands.insert_resource(GlobalAmbientLight {
        color: Color::srgb(0.98, 0.97, 1.0),
        brightness: AMBIENT_LUMINANCE,
        ..default()
    });
    commands.spawn((
        Name::new("Key light"),
        ShadowCaster { shadowed: KEY_LUX, bare: KEY_LUX },
        DirectionalLight {
            color: Color::srgb(1.0, 0.955, 0.90),
            shadow_maps_enabled: false,
            shadow_depth_bias: 0.012,
            shadow_normal_bias: 0.9,
            ..default()
        },
        over_the_avatar(),
        Transform::from_xyz(-1.5, 2.7, 2.3).looking_at(chest, Vec3::Y),
    ));
    commands.spawn((
        Name::new("Fill light"),
        DirectionalLight {
            color: Color::srgb(0.90, 0.94, 1.0),
            illuminance: KEY_LUX * 0.22,
            shadow_maps_enabled: false,
            ..default()
        },
        Transform::from_xyz(2.2, 1.5, 1.9).looking_at(chest, Vec3::Y),
    ));
    commands.spawn((
        Name::new("Rim light"),
        ShadowCaster { shadowed: KEY_LUX * 0.70, bare: KEY_LUX * 0.25 },
        DirectionalLight {
            color: Color::srgb(1.0, 0.98, 0.96),
            shadow_maps_enabled: false,
            shadow_depth_bias: 0.012,
            shadow_normal_bias: 0.9,
            ..default()
        },
        over_the_avatar(),
        Transform::from_xyz(0.85, 2.7, -2.7).looking_at(chest, Vec3::Y),
    ));
}
