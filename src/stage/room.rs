//! The room: a seamless backdrop that curves into the floor, drawn with exact colors (no light, no tone curve),
//! and a soft contact shadow where the avatar stands.

use bevy::asset::{RenderAssetUsages, embedded_asset};
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::prelude::*;
use bevy::reflect::TypePath;
use bevy::render::render_resource::AsBindGroup;
use bevy::shader::ShaderRef;

/// The backdrop's color at the edge of the view, also the clear color.
pub(super) const BACKDROP_EDGE: Color = Color::srgb(0.655, 0.68, 0.70);

/// Draws the backdrop: a soft pool of light behind the head, darker to the edges, floor with contact shadow.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
pub(super) struct BackdropMaterial {
    /// Linear color in the pool of light.
    #[uniform(0)]
    center: LinearRgba,
    /// Linear color at the edge.
    #[uniform(0)]
    edge: LinearRgba,
    /// Linear color of the floor.
    #[uniform(0)]
    floor: LinearRgba,
    /// Linear color of the wooden panels.
    #[uniform(0)]
    panel: LinearRgba,
}

impl Material for BackdropMaterial {
    fn fragment_shader() -> ShaderRef {
        "embedded://visavis/stage/backdrop.wgsl".into()
    }

    fn enable_prepass() -> bool {
        false
    }

    fn enable_shadows() -> bool {
        false
    }
}

pub(super) fn embed_shader(app: &mut App) {
    embedded_asset!(app, "backdrop.wgsl");
}

pub(super) fn spawn_room(
    mut commands: Commands<'_, '_>,
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut materials: ResMut<'_, Assets<BackdropMaterial>>,
) {
    commands.spawn((
        Name::new("Backdrop"),
        Mesh3d(meshes.add(cyclorama())),
        MeshMaterial3d(materials.add(BackdropMaterial {
            center: Color::srgb(0.90, 0.905, 0.90).into(),
            edge: BACKDROP_EDGE.into(),
            floor: Color::srgb(0.70, 0.685, 0.665).into(),
            panel: Color::srgb(0.79, 0.765, 0.73).into(),
        })),
        Transform::IDENTITY,
    ));
}

/// Wall 2.2 m behind the avatar, floor in front, a quarter round of 1 m between them.
fn cyclorama() -> Mesh {
    const HALF_WIDTH: f32 = 6.0;
    const WALL_Z: f32 = -2.2;
    const RADIUS: f32 = 1.0;
    const ARC_STEPS: usize = 12;
    let mut profile = vec![Vec2::new(4.0, 0.0)];
    for step in 0..=ARC_STEPS {
        let angle = std::f32::consts::FRAC_PI_2 * step as f32 / ARC_STEPS as f32;
        profile.push(Vec2::new(WALL_Z + RADIUS - RADIUS * angle.sin(), RADIUS - RADIUS * angle.cos()));
    }
    profile.push(Vec2::new(WALL_Z, 5.0));
    let mut positions = Vec::new();
    let mut normals = Vec::new();
    let mut indices = Vec::new();
    for (row, point) in profile.iter().enumerate() {
        for x in [-HALF_WIDTH, HALF_WIDTH] {
            positions.push([x, point.y, point.x]);
            normals.push([0.0, 1.0, 0.0]);
        }
        if row > 0 {
            let base = (row as u32 - 1) * 2;
            indices.extend([base, base + 1, base + 2, base + 2, base + 1, base + 3]);
        }
    }
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, normals)
        .with_inserted_indices(Indices::U32(indices))
}
