//! Lids that lie on the eyeball and close on one line: the data's upper lid falls past the lower one, the further the
//! larger the eyes of a person are.

use std::collections::BTreeMap;

use glam::Vec3;

use crate::forge::data::Delta;
use crate::forge::landmarks::Landmarks;
use crate::forge::lid_margin::{LidMargin, Place};
use crate::forge::normals::smooth;

/// Closed lids meet on an even curve that hangs between the corners: share of how low the lower lid hangs at rest.
const SAG: f32 = 0.88;
/// How far the margins overlap, decimeters: nothing shines through.
const OVERLAP: f32 = 0.0015;
/// How far skin above and below the margins follows, decimeters.
const REACH: [f32; 2] = [0.100, 0.060];
/// Radii in eye radii: front edge of closed lids, the skin of the lid, the back of the margin.
const FRONT: f32 = 1.17;
const LID: f32 = 1.10;
const TOUCH: f32 = 1.012;
/// Nothing further from the eye than this moves, decimeters.
const AROUND: f32 = 0.40;

/// Backs of the margins that touch the eyeball: the data leave a gap toward the outer corner.
pub(super) fn touch(shape: &[Vec3], marks: &Landmarks, margins: &[LidMargin]) -> Delta {
    let mut moves = Delta::new();
    for (margin, eye) in margins.iter().zip(marks.eyes) {
        for vertex in &margin.inner {
            let away = shape[*vertex as usize] - eye;
            let radius = away.length() / marks.eye_radius;
            // In the inner corner lies the caruncle.
            let share = smooth(1.13, 1.08, radius);
            moves.push((*vertex, away * (TOUCH / radius - 1.0).min(0.0) * share));
        }
    }
    moves
}

/// What has to be added to the `blink` of the eye of this margin, so that its lids meet.
pub(super) fn close(shape: &[Vec3], marks: &Landmarks, margin: &LidMargin, blink: &Delta) -> Delta {
    let eye = marks.eyes[usize::from(!margin.is_left)];
    let mut moved = shape.to_vec();
    super::add(&mut moved, blink, 1.0);
    let rest = |vertex: u32| shape[vertex as usize];
    let across = |x: f32| [&margin.upper, &margin.lower].map(|chain| Place::of(chain, shape, x).on(chain, rest));
    let (from, to) = (rest(margin.lower[0]), rest(margin.lower[margin.lower.len() - 1]));
    let middle = (from + to) / 2.0;
    let sag = (middle.y - across(middle.x)[1].y) * SAG;
    // By how much each vertex of a margin misses the line.
    let line = |vertex: u32, up: f32| {
        let x = rest(vertex).x;
        let [high, low] = across(x);
        let t = ((x - from.x) / (to.x - from.x)).clamp(0.0, 1.0);
        let y = from.y + (to.y - from.y) * t
            - sag * (4.0 * t * (1.0 - t)).powf(0.8)
            - up * OVERLAP * smooth(0.0, 0.02, high.y - low.y);
        let beside = (x - eye.x).powi(2) + (y - eye.y).powi(2);
        let ball = eye.z + ((FRONT * marks.eye_radius).powi(2) - beside).max(0.0).sqrt();
        Vec3::new(x, y, ball.max((high.z + low.z) / 2.0)) - moved[vertex as usize]
    };
    let misses: BTreeMap<u32, Vec3> = (margin.upper.iter().map(|v| (*v, line(*v, 1.0))))
        .chain(margin.lower.iter().map(|v| (*v, line(*v, -1.0))))
        .collect();
    let miss = |vertex: u32| misses.get(&vertex).copied().unwrap_or_default();
    let mut moves = Delta::new();
    for (vertex, point) in shape.iter().enumerate() {
        let vertex = vertex as u32;
        let is_eyeball = point.distance(eye) < marks.eye_radius * 1.005 && !margin.inner.contains(&vertex);
        if point.distance(eye) > AROUND || is_eyeball {
            continue;
        }
        if let Some(own) = misses.get(&vertex) {
            moves.push((vertex, *own));
            continue;
        }
        // The nearer margin leads.
        let [(high, above), (low, below)] =
            [(&margin.upper, REACH[0]), (&margin.lower, REACH[1])].map(|(chain, reach)| {
                let place = Place::nearest(chain, shape, *point);
                let apart = point.distance(place.on(chain, rest));
                (apart, place.on(chain, miss) * (-(apart / reach).powi(2)).exp())
            });
        let upper = low * low / (high * high + low * low).max(1.0e-9);
        let upper = smooth(0.2, 0.8, upper);
        let mut offset = above * upper + below * (1.0 - upper);
        let there = moved[vertex as usize] + offset - eye;
        let is_lid = high < 0.12 && upper > 0.5 && !margin.inner.contains(&vertex);
        if is_lid && there.length() < LID * marks.eye_radius {
            offset += there.normalize_or(Vec3::Z) * (LID * marks.eye_radius - there.length());
        }
        if offset.length() > 1.0e-5 {
            moves.push((vertex, offset));
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::{test_body, test_person};
    use crate::vrm::BlendShape;

    #[test]
    fn closed_lids_meet_on_a_smooth_line() {
        for body in [test_body(), &test_person("sex = \"male\""), &test_person("[face]\neyes = 1")] {
            let margins = LidMargin::both(&body.data, &body.shape);
            for (margin, unit) in margins.iter().zip([BlendShape::EyeBlinkLeft, BlendShape::EyeBlinkRight]) {
                let mut closed = body.shape.clone();
                super::super::add(&mut closed, body.unit(unit), 1.0);
                let inside = &margin.upper[1..margin.upper.len() - 1];
                for vertex in inside {
                    let at = closed[*vertex as usize];
                    let low = Place::of(&margin.lower, &body.shape, body.shape[*vertex as usize].x)
                        .on(&margin.lower, |v| closed[v as usize]);
                    let gap = at.y - low.y;
                    assert!((-0.006..0.002).contains(&gap), "{unit:?}: {gap}");
                }
                let heights: Vec<f32> = margin.upper.iter().map(|v| closed[*v as usize].y).collect();
                let steps: Vec<f32> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
                let turns = steps.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
                assert!(turns <= 2, "{heights:?}");
            }
        }
    }
}
