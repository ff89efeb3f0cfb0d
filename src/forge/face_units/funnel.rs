//! Lips that open into a round funnel: the data lift the middle of the upper lip out of its sides like a box.

use std::collections::BTreeMap;

use glam::Vec3;

use crate::forge::data::{BodyData, Delta};
use crate::vrm::BlendShape;

/// How often every movement is drawn toward those of its neighbors, and by which share.
const PASSES: usize = 10;
const SHARE: f32 = 0.55;

/// Rounds `mouthFunnel` in place. Lips are neighbors only through their corners, so they stay apart.
pub(super) fn round(data: &BodyData, units: &mut [Delta]) {
    let unit = &mut units[BlendShape::MouthFunnel.index()];
    let largest = |moves: &BTreeMap<u32, Vec3>| moves.values().map(|offset| offset.length()).fold(0.0, f32::max);
    let mut moves: BTreeMap<u32, Vec3> = unit.iter().copied().collect();
    let before = largest(&moves);
    let mut neighbors: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for quad in data.group("body") {
        for (at, vertex) in quad.vertices.iter().enumerate() {
            let near = neighbors.entry(*vertex).or_default();
            near.extend([quad.vertices[(at + 1) % 4], quad.vertices[(at + 3) % 4]]);
        }
    }
    for _ in 0..PASSES {
        let last = moves.clone();
        for (vertex, offset) in &mut moves {
            let Some(near) = neighbors.get(vertex) else { continue };
            let sum: Vec3 = near.iter().filter_map(|other| last.get(other)).sum();
            *offset = offset.lerp(sum / near.len() as f32, SHARE);
        }
    }
    // As wide open as before.
    let factor = before / largest(&moves).max(1.0e-6);
    *unit = moves.into_iter().map(|(vertex, offset)| (vertex, offset * factor)).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::test_body;

    /// How much neighboring movements differ at the most, as a share of the largest movement.
    fn step(data: &BodyData, unit: &Delta) -> f32 {
        let moves: BTreeMap<u32, Vec3> = unit.iter().copied().collect();
        let largest = moves.values().map(|offset| offset.length()).fold(0.0, f32::max);
        let of = |vertex: u32| moves.get(&vertex).copied().unwrap_or_default();
        let edges =
            data.group("body").flat_map(|quad| (0..4).map(|at| [quad.vertices[at], quad.vertices[(at + 1) % 4]]));
        edges.map(|[a, b]| of(a).distance(of(b))).fold(0.0, f32::max) / largest
    }

    #[test]
    fn the_funnel_has_no_steps() {
        let body = test_body();
        let raw = step(&body.data, body.data.unit(BlendShape::MouthFunnel));
        let round = step(&body.data, body.unit(BlendShape::MouthFunnel));
        assert!(round < 0.6 * raw, "{round} of {raw}");
    }
}
