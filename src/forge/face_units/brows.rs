//! Brows that are seen to be drawn together: the data's brow units are weak, and between the brows nothing moves.

use glam::Vec3;

use crate::forge::data::Delta;
use crate::vrm::BlendShape;

/// Factors of the data's brow units.
const DOWN: f32 = 1.15;
const INNER_UP: f32 = 1.35;
/// How far the inner ends of the brows come together with `browDown` and with `browInnerUp`, decimeters.
const TOGETHER: [f32; 2] = [0.030, 0.016];

/// Strengthens them in place. `shape` is the face at rest.
pub(super) fn strengthen(shape: &[Vec3], units: &mut [Delta]) {
    for (unit, factor, together) in [
        (BlendShape::BrowDownLeft, DOWN, TOGETHER[0]),
        (BlendShape::BrowDownRight, DOWN, TOGETHER[0]),
        (BlendShape::BrowInnerUp, INNER_UP, TOGETHER[1]),
    ] {
        let unit = &mut units[unit.index()];
        let largest = unit.iter().map(|(_, offset)| offset.length()).fold(1.0e-6, f32::max);
        for (vertex, offset) in unit.iter_mut() {
            let x = shape[*vertex as usize].x;
            // Strongest at the inner ends, nothing on the line between them.
            let inner = (x.abs() / 0.10).min(1.0) * (-(x / 0.24).powi(2)).exp();
            let share = offset.length() / largest;
            *offset = *offset * factor - Vec3::X * x.signum() * together * inner * share;
        }
    }
}
