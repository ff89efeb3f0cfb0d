//! Texture charts: face and hands have textures of their own, in which what is looked at has the most room.

use std::collections::BTreeMap;

use glam::{Vec2, Vec3};

use crate::forge::data::{BodyData, Quad};

/// A piece of the atlas of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Island {
    /// Face, ears and scalp.
    Head,
    /// Inside of the mouth.
    Mouth,
    /// Everything below the chin but hands and feet.
    Trunk,
    /// Inside of the socket of the left eye.
    LeftSocket,
    /// Inside of the socket of the right eye.
    RightSocket,
    /// The left hand.
    LeftHand,
    /// The right hand.
    RightHand,
    /// A foot.
    Foot,
}

/// Islands by the smallest index of their texture coordinates.
const ORDER: [Island; 9] = [
    Island::Head,
    Island::Mouth,
    Island::Trunk,
    Island::LeftSocket,
    Island::LeftHand,
    Island::Foot,
    Island::RightSocket,
    Island::RightHand,
    Island::Foot,
];

/// The island of each quad.
pub(in crate::forge) fn islands(data: &BodyData, quads: &[Quad]) -> Vec<Island> {
    let mut parents: Vec<u32> = (0..data.uvs.len() as u32).collect();
    fn root(parents: &mut [u32], mut at: u32) -> u32 {
        while parents[at as usize] != at {
            parents[at as usize] = parents[parents[at as usize] as usize];
            at = parents[at as usize];
        }
        at
    }
    for quad in quads {
        let first = root(&mut parents, quad.uvs[0]);
        for uv in &quad.uvs[1..] {
            let other = root(&mut parents, *uv);
            let first = root(&mut parents, first);
            let (low, high) = (first.min(other), first.max(other));
            parents[high as usize] = low;
        }
    }
    let roots: Vec<u32> = quads.iter().map(|quad| root(&mut parents, quad.uvs[0])).collect();
    let mut order: Vec<u32> = roots.clone();
    order.sort_unstable();
    order.dedup();
    roots
        .iter()
        .map(|root| {
            let rank = order.partition_point(|other| other < root);
            ORDER.get(rank).copied().unwrap_or(Island::Trunk)
        })
        .collect()
}

/// Atlas coordinate (v upward) to the chart of the face (v downward): the head stands upright, face wide, back of
/// the head narrow; the strip below is shared by neck, mouth and sockets.
pub(super) fn face_uv(uv: Vec2, island: Island) -> Vec2 {
    // From a box of the atlas into a box of the chart.
    let place = |left: f32, right: f32, top: f32, bottom: f32, low: Vec2, high: Vec2| {
        let share = (uv - low) / (high - low);
        Vec2::new(left + share.x * (right - left), bottom - share.y * (bottom - top))
    };
    match island {
        Island::Head => Vec2::new(ACROSS.at((uv.y - 0.149) / 0.669), DOWN.at((uv.x - 0.641) / 0.353)),
        Island::Mouth => place(0.64, 0.79, 0.850, 0.990, Vec2::new(0.756, 0.010), Vec2::new(0.926, 0.138)),
        Island::LeftSocket => place(0.81, 0.89, 0.855, 0.985, Vec2::new(0.010, 0.545), Vec2::new(0.079, 0.635)),
        Island::RightSocket => place(0.91, 0.99, 0.855, 0.985, Vec2::new(0.084, 0.545), Vec2::new(0.153, 0.635)),
        // What lies beyond is under clothes.
        _ => place(0.006, 0.62, 0.848, 0.994, Vec2::new(0.226, 0.740), Vec2::new(0.535, 0.976))
            .clamp(Vec2::new(0.002, 0.848), Vec2::new(0.63, 0.998)),
    }
}

/// Atlas coordinate to the chart of the hands: the right one is mirrored onto the left one, wrists stand beside.
pub(super) fn hand_uv(uv: Vec2, island: Island) -> Vec2 {
    let u = match island {
        Island::RightHand => 1.1235 - uv.x,
        Island::Trunk if uv.x > 0.38 => 0.7615 - uv.x,
        _ => uv.x,
    };
    let place = if island == Island::Trunk {
        Vec2::new(0.80 + (u - 0.005) / 0.085 * 0.19, 0.99 - (uv.y - 0.78) / 0.095 * 0.5)
    } else {
        Vec2::new((u - 0.357) / 0.202 * 0.78, 0.99 - (uv.y - 0.008) / 0.194 * 0.98)
    };
    place.clamp(Vec2::splat(0.002), Vec2::splat(0.998))
}

/// A smooth rising function through points (monotone cubic interpolation).
struct Warp<const N: usize> {
    from: [f32; N],
    to: [f32; N],
}

/// Ears at .17 and .83, the face between.
const ACROSS: Warp<7> =
    Warp { from: [0.0, 0.16, 0.30, 0.5, 0.70, 0.84, 1.0], to: [0.004, 0.06, 0.17, 0.5, 0.83, 0.94, 0.996] };
/// The scalp has 14 % of the height.
const DOWN: Warp<5> = Warp { from: [0.0, 0.25, 0.45, 0.70, 1.0], to: [0.004, 0.05, 0.14, 0.44, 0.838] };

impl<const N: usize> Warp<N> {
    fn at(&self, x: f32) -> f32 {
        let x = x.clamp(self.from[0], self.from[N - 1]);
        let k = self.from.partition_point(|from| *from <= x).clamp(1, N - 1) - 1;
        let width = self.from[k + 1] - self.from[k];
        let t = (x - self.from[k]) / width;
        let (low, high) = (self.to[k], self.to[k + 1]);
        let (start, end) = (self.slope(k) * width, self.slope(k + 1) * width);
        let (t2, t3) = (t * t, t * t * t);
        low * (2.0 * t3 - 3.0 * t2 + 1.0) + start * (t3 - 2.0 * t2 + t) + high * (3.0 * t2 - 2.0 * t3) + end * (t3 - t2)
    }

    /// Slope at a point: the weighted harmonic mean of its neighbors' slopes, one-sided at the ends.
    fn slope(&self, k: usize) -> f32 {
        let rise = |k: usize| (self.to[k + 1] - self.to[k]) / (self.from[k + 1] - self.from[k]);
        if k == 0 {
            return rise(0);
        }
        if k == N - 1 {
            return rise(N - 2);
        }
        let (before, after) = (self.from[k] - self.from[k - 1], self.from[k + 1] - self.from[k]);
        let (first, second) = (2.0 * after + before, after + 2.0 * before);
        (first + second) / (first / rise(k - 1) + second / rise(k))
    }
}

/// Vertices with one texture coordinate each.
pub(super) struct Welded {
    /// The vertex behind each welded one.
    pub(super) vertices: Vec<u32>,
    /// Its texture coordinate.
    pub(super) uvs: Vec<Vec2>,
    /// Its coordinate in the atlas of the data.
    pub(super) atlas: Vec<Vec2>,
    /// Triangles of welded vertices.
    pub(super) triangles: Vec<[u32; 3]>,
}

/// Splits vertices where texture coordinates differ.
pub(super) fn weld(triangles: &[[u32; 3]], uvs: &[[Vec2; 3]], atlas: &[[Vec2; 3]]) -> Welded {
    let mut known: BTreeMap<(u32, i32, i32), u32> = BTreeMap::new();
    let mut welded = Welded { vertices: Vec::new(), uvs: Vec::new(), atlas: Vec::new(), triangles: Vec::new() };
    for (face, triangle) in triangles.iter().enumerate() {
        let mut own = [0; 3];
        for corner in 0..3 {
            let uv = uvs[face][corner];
            let grid = (uv * 65_536.0).round().as_ivec2();
            own[corner] = *known.entry((triangle[corner], grid.x, grid.y)).or_insert_with(|| {
                welded.vertices.push(triangle[corner]);
                welded.uvs.push(uv);
                welded.atlas.push(atlas[face][corner]);
                welded.vertices.len() as u32 - 1
            });
        }
        welded.triangles.push(own);
    }
    welded
}

/// Leaves out what encloses no area.
pub(super) fn is_proper(points: &[Vec3], triangle: &[u32; 3]) -> bool {
    let [a, b, c] = triangle.map(|vertex| points[vertex as usize]);
    (b - a).cross(c - a).length() > 1.0e-8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::test_body;

    #[test]
    fn islands_are_those_of_a_human() {
        let data = &test_body().data;
        let quads: Vec<Quad> = data.group("body").copied().collect();
        let islands = islands(data, &quads);
        let count = |island: Island| islands.iter().filter(|own| **own == island).count();
        assert_eq!(count(Island::Head), 3_116);
        assert_eq!(count(Island::Mouth), 398);
        assert_eq!([count(Island::LeftSocket), count(Island::RightSocket)], [293; 2]);
        assert_eq!([count(Island::LeftHand), count(Island::RightHand)], [1_598; 2]);
        assert_eq!(count(Island::Foot), 2_144);
    }

    #[test]
    fn warps_rise_through_their_points() {
        for (from, to) in ACROSS.from.iter().zip(ACROSS.to) {
            assert!((ACROSS.at(*from) - to).abs() < 1.0e-5);
        }
        let values: Vec<f32> = (0..=1000).map(|i| DOWN.at(i as f32 / 1000.0)).collect();
        assert!(values.windows(2).all(|pair| pair[1] > pair[0]));
    }
}
