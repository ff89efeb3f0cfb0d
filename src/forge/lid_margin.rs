//! The margins of the lids: where skin turns from the face to the eyeball.

use std::collections::BTreeSet;

use glam::{Vec2, Vec3};

use super::data::{BodyData, Quad};
use super::head::{Island, islands};

/// The margins of one eye as vertices of the base mesh.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LidMargin {
    /// Whether it is the wearer's left eye.
    pub(super) is_left: bool,
    /// Front edge of the upper lid, from the inner to the outer corner of the eye.
    pub(super) upper: Vec<u32>,
    /// Front edge of the lower lid between the same corners.
    pub(super) lower: Vec<u32>,
    /// Where the margin touches the eyeball, and the skin just behind: no order.
    pub(super) inner: Vec<u32>,
}

/// A place on a chain of vertices: the first of two neighbors, and the share of the way to the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    index: usize,
    share: f32,
}

impl LidMargin {
    /// The margins of the left and the right eye; fewer where the data have no sockets.
    pub(super) fn both(data: &BodyData, shape: &[Vec3]) -> Vec<Self> {
        let quads: Vec<Quad> = data.group("body").copied().collect();
        let islands = islands(data, &quads);
        let mut both: Vec<Self> = [Island::LeftSocket, Island::RightSocket]
            .into_iter()
            .filter_map(|socket| Self::around(&quads, &islands, socket, shape))
            .collect();
        both.sort_by_key(|margin| !margin.is_left);
        both
    }

    fn around(quads: &[Quad], islands: &[Island], socket: Island, shape: &[Vec3]) -> Option<Self> {
        let vertices = |wanted: bool| {
            let picked = quads.iter().zip(islands).filter(move |(_, island)| (**island == socket) == wanted);
            picked.flat_map(|(quad, _)| quad.vertices)
        };
        let inside: BTreeSet<u32> = vertices(true).collect();
        let outside: BTreeSet<u32> = vertices(false).collect();
        // The skin outside is a sheet: each ring is what the one before touches.
        let behind: BTreeSet<u32> = inside.intersection(&outside).copied().collect();
        let next = |ring: &BTreeSet<u32>, before: &BTreeSet<u32>| -> BTreeSet<u32> {
            let touching = quads
                .iter()
                .zip(islands)
                .filter(|(quad, island)| **island != socket && quad.vertices.iter().any(|v| ring.contains(v)));
            touching.flat_map(|(quad, _)| quad.vertices).filter(|v| !ring.contains(v) && !before.contains(v)).collect()
        };
        let touching = next(&behind, &inside);
        let front = next(&touching, &behind);
        let at = |vertex: u32| shape[vertex as usize];
        let mut front: Vec<u32> = front.into_iter().collect();
        front.sort_by(|a, b| at(*a).x.abs().total_cmp(&at(*b).x.abs()));
        let (first, last) = (*front.first()?, *front.last()?);
        let (from, to) = (flat(at(first)), flat(at(last)));
        let rise = |vertex: u32| {
            let point = flat(at(vertex));
            point.y - (from.y + (to.y - from.y) * (point.x - from.x) / (to.x - from.x).max(1.0e-6))
        };
        let chain = |is_upper: bool| -> Vec<u32> {
            let picked = |v: &&u32| **v == first || **v == last || (rise(**v) > 0.0) == is_upper;
            front.iter().filter(picked).copied().collect()
        };
        let (upper, lower) = (chain(true), chain(false));
        let inner = touching.into_iter().chain(behind).collect();
        (upper.len() > 3 && lower.len() > 3).then(|| Self { is_left: at(first).x > 0.0, upper, lower, inner })
    }
}

/// Seen from the front, outward from the middle of the face.
fn flat(point: Vec3) -> Vec2 {
    Vec2::new(point.x.abs(), point.y)
}

impl Place {
    /// Where a chain is as far from the middle of the face as `x`.
    pub(super) fn of(chain: &[u32], shape: &[Vec3], x: f32) -> Self {
        let at = |index: usize| shape[chain[index] as usize].x.abs();
        let last = chain.len().saturating_sub(2);
        let index = (0..last).find(|index| at(index + 1) >= x.abs()).unwrap_or(last);
        let (low, high) = (at(index), at(index + 1));
        Self { index, share: ((x.abs() - low) / (high - low).max(1.0e-6)).clamp(0.0, 1.0) }
    }

    /// Where a chain is nearest to a point.
    pub(super) fn nearest(chain: &[u32], shape: &[Vec3], point: Vec3) -> Self {
        let at = |index: usize| shape[chain[index] as usize];
        let places = (0..chain.len().saturating_sub(1)).map(|index| {
            let way = at(index + 1) - at(index);
            let share = ((point - at(index)).dot(way) / way.length_squared().max(1.0e-9)).clamp(0.0, 1.0);
            Self { index, share }
        });
        let apart = |place: &Self| place.on(chain, |vertex| shape[vertex as usize]).distance(point);
        places.min_by(|a, b| apart(a).total_cmp(&apart(b))).unwrap_or(Self { index: 0, share: 0.0 })
    }

    /// The value of a chain here.
    pub(super) fn on(self, chain: &[u32], value: impl Fn(u32) -> Vec3) -> Vec3 {
        value(chain[self.index]).lerp(value(chain[self.index + 1]), self.share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::test_body;

    #[test]
    fn margins_are_found_at_both_eyes_and_mirror_each_other() {
        let body = test_body();
        let both = LidMargin::both(&body.data, &body.shape);
        assert_eq!(both.iter().map(|margin| margin.is_left).collect::<Vec<_>>(), [true, false]);
        let (left, right) = (&both[0], &both[1]);
        assert_eq!((left.upper.len(), left.lower.len()), (right.upper.len(), right.lower.len()));
        for (eye, margin) in body.landmarks.eyes.iter().zip(&both) {
            for vertex in margin.upper.iter().chain(&margin.lower) {
                let away = body.shape[*vertex as usize].distance(*eye) / body.landmarks.eye_radius;
                assert!((1.0..1.5).contains(&away), "{away}");
            }
        }
        for (a, b) in left.upper.iter().chain(&left.lower).zip(right.upper.iter().chain(&right.lower)) {
            let mirrored = body.shape[*b as usize] * Vec3::new(-1.0, 1.0, 1.0);
            assert!(body.shape[*a as usize].distance(mirrored) < 0.004);
        }
    }
}
