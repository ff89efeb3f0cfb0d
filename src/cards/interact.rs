//! Pointing at cards: the cursor's ray meets a quad, and a pointer of its own acts on the card's interface.

use bevy::asset::uuid::Uuid;
use bevy::camera::NormalizedRenderTarget;
use bevy::input::ButtonState;
use bevy::picking::pointer::{Location, PointerAction, PointerButton, PointerId, PointerInput};
use bevy::prelude::*;
use bevy::window::{PrimaryWindow, WindowEvent};

use super::panel::{CARD_MAX_HEIGHT_PX, CARD_WIDTH_PX, CardPanel};
use crate::stage::CustomerView;

/// The pointer that acts on card interfaces.
pub(super) const CARD_POINTER: PointerId =
    PointerId::Custom(Uuid::from_u128(0x5649_5341_5649_5343_4152_4453_0000_0001));

pub(super) fn spawn_pointer(mut commands: Commands<'_, '_>) {
    commands.spawn(CARD_POINTER);
}

/// Where a ray meets a quad: position on it, (0, 0) top left to (1, 1) bottom right.
#[must_use]
pub(super) fn quad_hit(ray: Ray3d, quad: &Transform) -> Option<Vec2> {
    let normal = quad.rotation * Vec3::Z;
    let distance = ray.intersect_plane(quad.translation, InfinitePlane3d::new(normal))?;
    let local = quad.rotation.inverse() * (ray.get_point(distance) - quad.translation);
    let uv = Vec2::new(local.x / quad.scale.x + 0.5, 0.5 - local.y / quad.scale.y);
    (uv.cmpge(Vec2::ZERO).all() && uv.cmple(Vec2::ONE).all()).then_some(uv)
}

/// Carries cursor and buttons of the window onto the card under the cursor.
pub(super) fn drive_pointer(
    windows: Query<'_, '_, &Window, With<PrimaryWindow>>,
    views: Query<'_, '_, (&Camera, &GlobalTransform), With<CustomerView>>,
    mut panels: Query<'_, '_, (&mut CardPanel, &Transform)>,
    mut window_events: MessageReader<'_, '_, WindowEvent>,
    mut pointer: MessageWriter<'_, PointerInput>,
    mut last: Local<'_, Option<Location>>,
) {
    let hit = (|| {
        let cursor = windows.single().ok()?.cursor_position()?;
        let (camera, transform) = views.single().ok()?;
        let ray = camera.viewport_to_world(transform, cursor).ok()?;
        panels
            .iter_mut()
            .filter(|(panel, _)| panel.presence > 0.5)
            .filter_map(|(mut panel, quad)| {
                let uv = quad_hit(ray, quad)?;
                let height_px = (CARD_WIDTH_PX * panel.size_m.y / panel.size_m.x.max(1e-3)).min(CARD_MAX_HEIGHT_PX);
                // Hover effects and cursors need frames while the pointer is here.
                panel.refresh();
                let location = Location {
                    target: NormalizedRenderTarget::Image(panel.target.clone()),
                    position: uv * Vec2::new(CARD_WIDTH_PX, height_px),
                };
                Some((quad.translation.distance_squared(ray.origin), location))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, location)| location)
    })();
    match (&hit, &*last) {
        (Some(location), previous) if previous.as_ref() != Some(location) => {
            let delta = previous.as_ref().map_or(Vec2::ZERO, |previous| location.position - previous.position);
            pointer.write(PointerInput::new(CARD_POINTER, location.clone(), PointerAction::Move { delta }));
        }
        (None, Some(previous)) => {
            pointer.write(PointerInput::new(CARD_POINTER, previous.clone(), PointerAction::Cancel));
        }
        _ => {}
    }
    for event in window_events.read() {
        if let (WindowEvent::MouseButtonInput(input), Some(location)) = (event, &hit)
            && input.button == MouseButton::Left
        {
            let action = match input.state {
                ButtonState::Pressed => PointerAction::Press(PointerButton::Primary),
                ButtonState::Released => PointerAction::Release(PointerButton::Primary),
            };
            pointer.write(PointerInput::new(CARD_POINTER, location.clone(), action));
        }
    }
    *last = hit;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ray_meets_a_quad_where_it_should() {
        let quad = Transform::from_xyz(0.5, 1.2, 0.0)
            .with_rotation(Quat::from_rotation_y(-0.3))
            .with_scale(Vec3::new(0.4, 0.6, 1.0));
        let corner = quad.transform_point(Vec3::new(-0.5, 0.5, 0.0));
        let inside = corner.lerp(quad.translation, 0.01);
        let origin = Vec3::new(0.0, 1.4, 2.0);
        let ray = Ray3d::new(origin, Dir3::new(inside - origin).unwrap_or(Dir3::NEG_Z));
        let uv = quad_hit(ray, &quad);
        assert!(uv.is_some_and(|uv| uv.distance(Vec2::splat(0.005)) < 1e-3), "{uv:?}");
        let outside = corner + (corner - quad.translation) * 0.01;
        let ray = Ray3d::new(origin, Dir3::new(outside - origin).unwrap_or(Dir3::NEG_Z));
        assert_eq!(quad_hit(ray, &quad), None);
    }
}
