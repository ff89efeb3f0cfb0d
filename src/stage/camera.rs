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
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct Framing {
    /// Whether cards are up, so that both sides of the avatar must be in the picture.
    pub with_cards: bool,
    /// Between the eyes of the avatar at rest, meters; `None` as long as nobody is there to look at.
    pub eyes: Option<Vec3>,
    /// 0 = face to face, 1 = with cards; written only by [`ease_framing`].
    progress: Eased,
    /// Height of the eyes that are looked at, meters.
    height: Eased,
}

/// A number on its way to a goal.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Eased {
    value: f32,
    velocity: f32,
}

impl Eased {
    /// Exact solution of the critically damped spring: the same path at every frame rate. `false` where it is at rest.
    fn toward(&mut self, goal: f32, dt_secs: f32) -> bool {
        let omega = 2.0 / EASE_SECS;
        let offset = self.value - goal;
        if offset.abs() < 1e-4 && self.velocity.abs() < 1e-4 {
            return false;
        }
        let decay = (-omega * dt_secs).exp();
        let drive = self.velocity + omega * offset;
        self.value = goal + (offset + drive * dt_secs) * decay;
        self.velocity = (self.velocity - omega * drive * dt_secs) * decay;
        true
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
/// Height of an avatar's eyes before there is one, meters.
const USUAL_HEIGHT: f32 = 1.50;
/// How far below the avatar's eyes the middle of the picture lies, and from how far it is seen, face to face, meters.
const CLOSE: (f32, f32) = (0.18, 1.46);
/// The same with cards.
const WITH_CARDS: (f32, f32) = (0.26, 1.98);
/// The least and greatest height of eyes that the customer goes along with, meters: a child, and a giant of a mascot.
const HEIGHTS: (f32, f32) = (0.6, 2.2);
/// How far the customer steps to the side for cards, so that the avatar leaves room for them on the right, meters.
const ASIDE: f32 = 0.15;
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
        transform_at(0.0, USUAL_HEIGHT),
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
    let dt = time.delta_secs().min(0.1);
    let framing = framing.bypass_change_detection();
    let goal = framing.eyes.map_or(USUAL_HEIGHT, |eyes| eyes.y.clamp(HEIGHTS.0, HEIGHTS.1));
    if framing.height.value == 0.0 {
        // Nobody has looked yet.
        framing.height.value = goal;
    }
    let moved = framing.progress.toward(if framing.with_cards { 1.0 } else { 0.0 }, dt);
    let rose = framing.height.toward(goal, dt);
    if moved || rose {
        for mut view in &mut views {
            *view = transform_at(framing.progress.value, framing.height.value);
        }
    }
}

fn transform_at(progress: f32, height: f32) -> Transform {
    let below = CLOSE.0 + (WITH_CARDS.0 - CLOSE.0) * progress;
    let distance = CLOSE.1 + (WITH_CARDS.1 - CLOSE.1) * progress;
    let aside = ASIDE * progress;
    Transform::from_xyz(aside, height, distance).looking_at(Vec3::new(aside, height - below, 0.0), Vec3::Y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_does_not_depend_on_the_frame_rate() {
        let at = |rate: usize| {
            let mut eased = Eased::default();
            for _ in 0..rate {
                eased.toward(1.0, 1.0 / rate as f32);
            }
            eased.value
        };
        assert!((at(30) - at(120)).abs() < 1e-4, "{} {}", at(30), at(120));
        assert!(at(60) > 0.85 && at(60) < 1.0, "{}", at(60));
    }

    #[test]
    fn the_eyes_of_any_avatar_are_at_the_same_place_in_the_picture() {
        for height in [0.9, 1.5, 1.8] {
            let view = transform_at(0.0, height);
            let seen = view.compute_affine().inverse().transform_point3(Vec3::new(0.0, height, 0.0));
            let up = (seen.y / -seen.z).atan() / (0.5 * FOV_Y_RAD);
            assert!((0.4..0.55).contains(&up), "{height}: {up}");
        }
    }
}
