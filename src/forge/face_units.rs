//! Face units fitted to a person: eyes a little wider open at rest, lids and lips that meet, brows that show concern.

mod brows;
mod funnel;
mod lids;
mod seal;

use std::collections::BTreeMap;

use glam::Vec3;

use super::data::{BodyData, Delta};
use super::landmarks::Landmarks;
use super::lid_margin::LidMargin;
use crate::vrm::BlendShape;

/// Share of `eyeWide` that is baked into the face at rest: the data's lids hang too low over the iris.
const WIDE: f32 = 0.26;

/// How much farther than in the data a smile takes the corners of the mouth: a slight one must be seen from where a
/// customer stands.
const SMILE: f32 = 1.3;

/// The face at rest, and all units such that weight 1 still reaches the pose that the data mean. `scale` is how much
/// larger the person is than the data.
#[must_use]
pub(super) fn fit(data: &BodyData, mut shape: Vec<Vec3>, scale: f32) -> (Vec<Vec3>, Vec<Delta>) {
    let mut units: Vec<Delta> = BlendShape::ALL.iter().map(|shape| scaled(data.unit(*shape), scale)).collect();
    for (blink, wide) in
        [(BlendShape::EyeBlinkLeft, BlendShape::EyeWideLeft), (BlendShape::EyeBlinkRight, BlendShape::EyeWideRight)]
    {
        let open = units[wide.index()].clone();
        add(&mut shape, &open, WIDE);
        units[blink.index()] = sum(&units[blink.index()], &open, -WIDE);
        units[wide.index()].iter_mut().for_each(|(_, offset)| *offset *= 1.0 - WIDE);
    }
    let (marks, margins) = (Landmarks::new(data, &shape), LidMargin::both(data, &shape));
    let touch = lids::touch(&shape, &marks, &margins);
    add(&mut shape, &touch, 1.0);
    for margin in &margins {
        let blink = if margin.is_left { BlendShape::EyeBlinkLeft } else { BlendShape::EyeBlinkRight };
        let together = lids::close(&shape, &marks, margin, &units[blink.index()]);
        units[blink.index()] = sum(&units[blink.index()], &together, 1.0);
    }
    brows::strengthen(&shape, &mut units);
    funnel::round(data, &mut units);
    for smile in [BlendShape::MouthSmileLeft, BlendShape::MouthSmileRight] {
        units[smile.index()] = scaled(&units[smile.index()], SMILE);
    }
    let seal = seal::Seal::new(data, &shape);
    let closed = seal.offsets(&shape);
    for unit in BlendShape::ALL.iter().filter(|unit| seal::keeps_lips_closed(**unit)) {
        // What closes the moved lips, less what closes them at rest.
        let mut moved = shape.clone();
        add(&mut moved, &units[unit.index()], 1.0);
        let offsets = seal.offsets(&moved);
        units[unit.index()] = sum(&sum(&units[unit.index()], &offsets, 1.0), &closed, -1.0);
    }
    add(&mut shape, &closed, 1.0);
    (shape, units)
}

fn scaled(delta: &Delta, factor: f32) -> Delta {
    delta.iter().map(|(vertex, offset)| (*vertex, *offset * factor)).collect()
}

fn add(points: &mut [Vec3], delta: &Delta, factor: f32) {
    for (vertex, offset) in delta {
        points[*vertex as usize] += *offset * factor;
    }
}

/// One movement plus another times a factor.
fn sum(one: &Delta, other: &Delta, factor: f32) -> Delta {
    let mut all: BTreeMap<u32, Vec3> = one.iter().copied().collect();
    for (vertex, offset) in other {
        *all.entry(*vertex).or_default() += *offset * factor;
    }
    all.into_iter().collect()
}
