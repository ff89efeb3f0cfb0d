//! What is so small that only a close-up shows it.

use glam::Vec3;

use super::color::Coat;
use crate::forge::paint::Plane;

/// Pores swallow light.
pub(super) fn darken_pores(coats: &mut [Option<Coat>], pores: &Plane) {
    for (coat, depth) in coats.iter_mut().zip(&pores.values) {
        if let Some(coat) = coat {
            coat.color *= Vec3::ONE - depth * Vec3::new(0.13, 0.20, 0.20);
            coat.roughness += 0.08 * depth;
        }
    }
}
