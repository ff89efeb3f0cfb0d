//! Lips that meet: the data leave a slit between them that is widest at the corners of the mouth.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use glam::Vec3;

use crate::forge::data::{BodyData, Delta};
use crate::forge::landmarks::SKIN;
use crate::vrm::BlendShape;

/// Where the upper lip meets the lower one, from the middle to the wearer's left corner and to the right one.
const UPPER: [[u32; 13]; 2] = [
    [537, 7282, 7283, 7276, 7277, 11961, 7278, 7270, 7269, 7273, 10398, 7271, 7272],
    [537, 538, 539, 531, 532, 5359, 533, 525, 524, 528, 3730, 526, 527],
];
/// Where the lower lip meets the upper one.
const LOWER: [[u32; 7]; 2] = [[540, 7279, 7280, 7281, 7275, 7274, 10377], [540, 534, 535, 536, 530, 529, 3709]];
/// How far the lips overlap, decimeters: no light comes through.
const OVERLAP: f32 = 0.006;
/// How far around the line skin follows, decimeters along the surface.
const REACH: f32 = 0.055;

/// Units that move closed lips; the others open them.
pub(super) fn keeps_lips_closed(unit: BlendShape) -> bool {
    use BlendShape as B;
    matches!(
        unit,
        B::MouthSmileLeft
            | B::MouthSmileRight
            | B::MouthFrownLeft
            | B::MouthFrownRight
            | B::MouthDimpleLeft
            | B::MouthDimpleRight
            | B::MouthPressLeft
            | B::MouthPressRight
            | B::MouthLeft
            | B::MouthRight
            | B::MouthStretchLeft
            | B::MouthStretchRight
            | B::MouthShrugLower
            | B::MouthShrugUpper
            | B::CheekPuff
            | B::CheekSquintLeft
            | B::CheekSquintRight
            | B::JawForward
            | B::JawLeft
            | B::JawRight
    )
}

/// Knows which skin follows which vertex of the line.
pub(super) struct Seal {
    /// Vertices of the line with the skin that follows and its share.
    followers: BTreeMap<u32, Vec<(u32, f32)>>,
}

impl Seal {
    /// Finds by distance along the surface what follows: so upper and lower lip stay apart.
    pub(super) fn new(data: &BodyData, shape: &[Vec3]) -> Self {
        let mut neighbors: Vec<Vec<u32>> = vec![Vec::new(); SKIN.end];
        for quad in data.group("body") {
            for corner in 0..4 {
                let (a, b) = (quad.vertices[corner], quad.vertices[(corner + 1) % 4]);
                neighbors[a as usize].push(b);
                neighbors[b as usize].push(a);
            }
        }
        let line = UPPER.iter().flatten().chain(LOWER.iter().flatten());
        let mut shares: BTreeMap<u32, Vec<(u32, f32, f32)>> = BTreeMap::new();
        for source in line {
            for (vertex, distance) in around(*source, &neighbors, shape) {
                let share = (-(distance / REACH).powi(2)).exp();
                shares.entry(vertex).or_default().push((*source, share, distance));
            }
        }
        let mut followers: BTreeMap<u32, Vec<(u32, f32)>> = BTreeMap::new();
        for (vertex, sources) in shares {
            // A vertex of the line follows itself alone.
            let own = sources.iter().find(|(source, ..)| *source == vertex).copied();
            let sources = own.map_or(sources, |own| vec![own]);
            let total: f32 = sources.iter().map(|(_, share, _)| share).sum();
            let nearest = sources.iter().map(|(_, share, _)| *share).fold(0.0, f32::max);
            for (source, share, _) in sources {
                followers.entry(source).or_default().push((vertex, share / total * nearest));
            }
        }
        Self { followers }
    }

    /// What closes the lips of this shape.
    pub(super) fn offsets(&self, shape: &[Vec3]) -> Delta {
        let at = |vertex: u32| shape[vertex as usize];
        let mut line: BTreeMap<u32, Vec3> = BTreeMap::new();
        for (upper, lower) in UPPER.iter().zip(&LOWER) {
            for (chain, other, up) in [(&upper[..], &lower[..], 1.0), (&lower[..], &upper[..], -1.0)] {
                for vertex in chain {
                    let own = at(*vertex);
                    let other = opposite(own, other, &at);
                    let gap = (own.y - other.y) * up;
                    // Both give half; where they overlap already, nothing moves.
                    let close = (gap + OVERLAP).max(0.0) / 2.0;
                    let offset = Vec3::new(0.0, -up * close, (other.z - own.z) / 2.0 * (close * 60.0).min(1.0));
                    line.insert(*vertex, offset);
                }
            }
        }
        let mut all: BTreeMap<u32, Vec3> = BTreeMap::new();
        for (source, offset) in line {
            for (vertex, share) in self.followers.get(&source).into_iter().flatten() {
                *all.entry(*vertex).or_default() += offset * *share;
            }
        }
        all.into_iter().collect()
    }
}

/// The point of the other lip at the same distance from the middle.
fn opposite(own: Vec3, other: &[u32], at: &impl Fn(u32) -> Vec3) -> Vec3 {
    let x = own.x.abs();
    for pair in other.windows(2) {
        let (a, b) = (at(pair[0]), at(pair[1]));
        if x <= b.x.abs() && b.x.abs() > a.x.abs() {
            let t = ((x - a.x.abs()) / (b.x.abs() - a.x.abs())).clamp(0.0, 1.0);
            return a.lerp(b, t);
        }
    }
    other.last().map_or(own, |last| at(*last))
}

/// Vertices within reach along edges, with their distances.
fn around(source: u32, neighbors: &[Vec<u32>], shape: &[Vec3]) -> BTreeMap<u32, f32> {
    let mut found: BTreeMap<u32, f32> = BTreeMap::new();
    // Distances as integers of a ten-thousandth of a millimeter: they have an order.
    let mut heap = BinaryHeap::from([(Reverse(0_u32), source)]);
    while let Some((Reverse(distance), vertex)) = heap.pop() {
        if found.contains_key(&vertex) {
            continue;
        }
        found.insert(vertex, distance as f32 * 1.0e-6);
        for next in &neighbors[vertex as usize] {
            let step = shape[vertex as usize].distance(shape[*next as usize]);
            let there = distance + (step * 1.0e6) as u32;
            if there as f32 * 1.0e-6 < 2.5 * REACH {
                heap.push((Reverse(there), *next));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::{test_body, test_person};

    fn widest_gap(shape: &[Vec3]) -> f32 {
        let at = |vertex: u32| shape[vertex as usize];
        let gaps = UPPER.iter().zip(&LOWER).flat_map(|(upper, lower)| {
            upper.iter().map(move |vertex| at(*vertex).y - opposite(at(*vertex), lower, &at).y)
        });
        gaps.fold(f32::NEG_INFINITY, f32::max)
    }

    #[test]
    fn lips_are_sealed_at_rest_and_by_units_that_keep_them_closed() {
        for body in [test_body(), &test_person("sex = \"male\""), &test_person("age = 60\n[face]\nlips = -1")] {
            assert!(widest_gap(&body.shape) < 0.0, "{}", widest_gap(&body.shape));
            for unit in BlendShape::ALL.iter().filter(|unit| keeps_lips_closed(**unit)) {
                let mut moved = body.shape.clone();
                super::super::add(&mut moved, body.unit(*unit), 1.0);
                assert!(widest_gap(&moved) < 0.004, "{unit:?}: {}", widest_gap(&moved));
            }
        }
    }

    #[test]
    fn the_jaw_still_opens_the_mouth() {
        let body = test_body();
        let mut moved = body.shape.clone();
        super::super::add(&mut moved, body.unit(BlendShape::JawOpen), 1.0);
        assert!(widest_gap(&moved) > 0.2);
    }
}
