//! Brows that are seen: the data raise the whole brow with `browInnerUp`, so that worry hardly reads; and inner ends
//! come together too little.

use glam::Vec3;

use crate::forge::data::Delta;
use crate::forge::normals::smooth;
use crate::vrm::BlendShape;

/// Factors of `browInnerUp` at the inner end, the middle and the outer end of a brow.
const INNER_UP: [f32; 3] = [1.9, 1.0, 0.25];
/// Distances of these places from the middle of the face, decimeters.
const PLACES: [f32; 3] = [0.14, 0.28, 0.46];
/// Factor of `browDown`.
const DOWN: f32 = 1.15;
/// How far inner ends come together with `browDown` and `browInnerUp`, decimeters.
const TOGETHER: [f32; 2] = [0.014, 0.016];

/// Strengthens them in place. `shape` is the face at rest.
pub(super) fn strengthen(shape: &[Vec3], units: &mut [Delta]) {
    for (unit, together) in [
        (BlendShape::BrowDownLeft, TOGETHER[0]),
        (BlendShape::BrowDownRight, TOGETHER[0]),
        (BlendShape::BrowInnerUp, TOGETHER[1]),
    ] {
        let moves = &mut units[unit.index()];
        let largest = moves.iter().map(|(_, offset)| offset.length()).fold(1.0e-6, f32::max);
        for (vertex, offset) in moves.iter_mut() {
            let x = shape[*vertex as usize].x;
            // Strongest at the inner ends, nothing on the line between them.
            let inner = (x.abs() / 0.10).min(1.0) * (-(x / 0.26).powi(2)).exp();
            let share = offset.length() / largest;
            let factor = if unit == BlendShape::BrowInnerUp { inner_up(x.abs()) } else { DOWN };
            *offset = *offset * factor - Vec3::X * x.signum() * together * inner * share;
        }
    }
}

fn inner_up(x: f32) -> f32 {
    let [inner, middle, outer] = INNER_UP;
    let first = smooth(PLACES[0], PLACES[1], x);
    let second = smooth(PLACES[1], PLACES[2], x);
    inner + (middle - inner) * first + (outer - middle) * second
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::test_body;

    #[test]
    fn worry_raises_the_inner_ends_far_above_the_outer_ones() {
        let body = test_body();
        let brow = |x: f32| {
            let eyes = body.landmarks.eye_middle;
            let near = |(vertex, _): &&(u32, Vec3)| {
                let point = body.shape[*vertex as usize] - eyes;
                (point.x.abs() - x).abs() < 0.04 && (0.12..0.28).contains(&point.y) && point.z > 0.0
            };
            let rises = body.unit(BlendShape::BrowInnerUp).iter().filter(near).map(|(_, offset)| offset.y);
            rises.fold(0.0, f32::max)
        };
        assert!(brow(0.12) > 0.055, "{}", brow(0.12));
        assert!(brow(0.12) > 3.0 * brow(0.45), "{} {}", brow(0.12), brow(0.45));
    }
}
