//! Face units fitted to a person: eyes a little wider open at rest, lips that meet, brows that show concern.

use glam::Vec3;

use super::data::{BodyData, Delta};
use crate::vrm::BlendShape;

/// Share of `eyeWide` that is baked into the face at rest: the data's lids hang too low over the iris.
const WIDE: f32 = 0.26;

/// The face at rest and all units such that weight 1 still reaches the pose that the data mean.
#[must_use]
pub fn fit(data: &BodyData, mut shape: Vec<Vec3>) -> (Vec<Vec3>, Vec<Delta>) {
    let mut units: Vec<Delta> = BlendShape::ALL.iter().map(|shape| data.unit(*shape).clone()).collect();
    for (blink, wide) in
        [(BlendShape::EyeBlinkLeft, BlendShape::EyeWideLeft), (BlendShape::EyeBlinkRight, BlendShape::EyeWideRight)]
    {
        let open = data.unit(wide);
        for (vertex, offset) in open {
            shape[*vertex as usize] += *offset * WIDE;
        }
        units[blink.index()] = sum(&units[blink.index()], open, -WIDE);
        units[wide.index()].iter_mut().for_each(|(_, offset)| *offset *= 1.0 - WIDE);
    }
    (shape, units)
}

/// One movement plus another times a factor.
fn sum(one: &Delta, other: &Delta, factor: f32) -> Delta {
    let mut all: std::collections::BTreeMap<u32, Vec3> = one.iter().copied().collect();
    for (vertex, offset) in other {
        *all.entry(*vertex).or_default() += *offset * factor;
    }
    all.into_iter().collect()
}
