//! Seeded noise: the same seed and place give the same value everywhere and always.

use glam::{IVec3, Vec3};

/// Mixes four numbers into one that looks random.
#[must_use]
pub fn hash(seed: u32, x: i32, y: i32, z: i32) -> u32 {
    let mut h = seed ^ 0x9E37_79B9;
    for part in [x, y, z] {
        h = (h ^ part.cast_unsigned()).wrapping_mul(0x85EB_CA6B);
        h ^= h >> 15;
        h = h.wrapping_mul(0xC2B2_AE35);
        h ^= h >> 13;
    }
    h
}

/// A number in 0..1 for an integer.
#[must_use]
pub fn unit(seed: u32, index: i32) -> f32 {
    share(hash(seed, index, 0, 0))
}

fn share(hash: u32) -> f32 {
    (hash >> 8) as f32 / 16_777_216.0
}

/// Smooth noise in -1..=1 with one feature per unit of length.
#[must_use]
pub fn value(seed: u32, at: Vec3) -> f32 {
    let cell = at.floor();
    let t = at - cell;
    let t = t * t * (Vec3::splat(3.0) - 2.0 * t);
    let cell: IVec3 = cell.as_ivec3();
    let corner = |x: i32, y: i32, z: i32| {
        share(hash(seed, cell.x.wrapping_add(x), cell.y.wrapping_add(y), cell.z.wrapping_add(z)))
    };
    let along_x = |y: i32, z: i32| corner(0, y, z) * (1.0 - t.x) + corner(1, y, z) * t.x;
    let along_y = |z: i32| along_x(0, z) * (1.0 - t.y) + along_x(1, z) * t.y;
    2.0 * (along_y(0) * (1.0 - t.z) + along_y(1) * t.z) - 1.0
}

/// Several octaves of [`value`], each of half the size and `gain` times the strength, about -1..=1.
#[must_use]
pub fn layered(seed: u32, at: Vec3, octaves: u32, gain: f32) -> f32 {
    let (mut sum, mut total, mut strength, mut scale) = (0.0, 0.0, 1.0, 1.0);
    for octave in 0..octaves {
        sum += strength * value(seed.wrapping_add(octave), at * scale);
        total += strength;
        strength *= gain;
        scale *= 2.0;
    }
    if total > 0.0 { sum / total } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn noise_is_bounded_and_continuous(x in -50.0f32..50.0, y in -50.0f32..50.0, z in -50.0f32..50.0) {
            let at = Vec3::new(x, y, z);
            prop_assert!(value(7, at).abs() <= 1.0);
            prop_assert!((value(7, at) - value(7, at + Vec3::splat(1.0e-3))).abs() < 0.05);
            prop_assert!(layered(7, at, 4, 0.5).abs() <= 1.0);
        }
    }

    #[test]
    fn numbers_spread_evenly() {
        let mean = (0..4000).map(|i| unit(3, i)).sum::<f32>() / 4000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}
