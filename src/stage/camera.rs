//! The customer's eyes in a window: conversation distance, and a little farther back when cards need room.

use bevy::camera::{RenderTarget, Viewport};
use bevy::core_pipeline::tonemapping::Tonemapping;
use bevy::prelude::*;

/// Marks the camera that stands for the customer's eyes.
#[derive(Component)]
pub struct CustomerView;

/// Where every camera of the customer draws: the window, or an image where there is none.
#[derive(Resource, Debug, Clone, Default)]
pub struct ViewTarget(pub RenderTarget);

/// How much of the scene the customer should see; eased toward, never jumped to.
#[derive(Resource, Debug, Clone, Copy, PartialEq)]
pub struct Framing {
    /// Whether cards are up, so that both sides of the avatar must be in the picture.
    pub with_cards: bool,
    /// 0 = face to face, 1 = with cards; written only by [`ease_framing`].
    progress: f32,
    velocity: f32,
}

impl Default for Framing {
    fn default() -> Self {
        Self { with_cards: false, progress: 0.0, velocity: 0.0 }
    }
}

/// Logical pixels at the edges of the window that the interface covers.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct ViewInsets {
    /// Pixels at the right edge.
    pub right: f32,
}

/// Vertical field of view of the customer, radians.
pub const FOV_Y_RAD: f32 = 30.0 * std::f32::consts::PI / 180.0;
/// Height of the customer's eyes in meters.
const EYE_HEIGHT: f32 = 1.50;
/// Where the customer looks, and from how far, face to face.
const CLOSE: (f32, f32) = (1.32, 1.46);
/// The same with cards.
const WITH_CARDS: (f32, f32) = (1.24, 1.98);
/// How far the customer steps to the side for cards, so that the avatar leaves room for them on the right, meters.
const ASIDE: f32 = 0.13;
/// Time constant of the move between the two, seconds.
const EASE_SECS: f32 = 0.55;

pub(super) fn spawn_camera(mut commands: Commands<'_, '_>, target: Res<'_, ViewTarget>) {
    commands.spawn((
        Name::new("Customer view"),
        CustomerView,
        Camera3d::default(),
        Camera { order: 0, ..default() },
        target.0.clone(),
        Projection::Perspective(PerspectiveProjection { fov: FOV_Y_RAD, near: 0.05, far: 30.0, ..default() }),
        Tonemapping::TonyMcMapface,
        transform_at(0.0),
    ));
}

/// Keeps the picture out of the part of the window that the interface covers.
pub(super) fn fit_viewport(insets: Res<'_, ViewInsets>, mut views: Query<'_, '_, &mut Camera, With<CustomerView>>) {
    for mut camera in &mut views {
        let Some(target) = camera.physical_target_size() else { continue };
        let scale = camera.target_scaling_factor().unwrap_or(1.0);
        let covered = (insets.right * scale).round() as u32;
        let width = target.x.saturating_sub(covered).max(1);
        let size = UVec2::new(width, target.y.max(1));
        if camera.viewport.as_ref().is_none_or(|viewport| viewport.physical_size != size) {
            camera.viewport = Some(Viewport { physical_size: size, ..default() });
        }
    }
}

/// Moves the camera toward the framing, critically damped.
pub(super) fn ease_framing(
    time: Res<'_, Time>,
    mut framing: ResMut<'_, Framing>,
    mut views: Query<'_, '_, &mut Transform, With<CustomerView>>,
) {
    let goal = if framing.with_cards { 1.0 } else { 0.0 };
    let dt = time.delta_secs().min(0.1);
    let omega = 2.0 / EASE_SECS;
    let offset = framing.progress - goal;
    if offset.abs() < 1e-4 && framing.velocity.abs() < 1e-4 {
        return;
    }
    // Exact solution of the critically damped spring: the same path at every frame rate.
    let decay = (-omega * dt).exp();
    let drive = framing.velocity + omega * offset;
    framing.progress = goal + (offset + drive * dt) * decay;
    framing.velocity = (framing.velocity - omega * drive * dt) * decay;
    let transform = transform_at(framing.progress);
    for mut view in &mut views {
        *view = transform;
    }
}

fn transform_at(progress: f32) -> Transform {
    let look = CLOSE.0 + (WITH_CARDS.0 - CLOSE.0) * progress;
    let distance = CLOSE.1 + (WITH_CARDS.1 - CLOSE.1) * progress;
    let aside = ASIDE * progress;
    Transform::from_xyz(aside, EYE_HEIGHT, distance).looking_at(Vec3::new(aside, look, 0.0), Vec3::Y)
}
