//! Tools of painters: planes of numbers, strokes of hair, colors, pictures.

pub mod furrow;
pub mod plane;
pub mod stroke;

use glam::Vec3;
use image::{DynamicImage, RgbImage, RgbaImage};
use rayon::prelude::*;

pub use furrow::Furrow;
pub use plane::Plane;
pub use stroke::{Canvas, Dab, Dice};

/// sRGB (0..=1) as linear light.
#[must_use]
pub fn linear(color: [f32; 3]) -> Vec3 {
    Vec3::from(color.map(|c| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }))
}

/// Linear light as an sRGB byte; what is no number becomes black.
#[must_use]
pub fn srgb_byte(linear: f32) -> u8 {
    let c = linear.clamp(0.0, 1.0);
    let c = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
    byte(c)
}

/// 0..=1 as a byte.
#[must_use]
pub fn byte(value: f32) -> u8 {
    (value * 255.0 + 0.5) as u8
}

/// A bell: 1 at `center`, falling off over `width`.
#[must_use]
pub fn bell(x: f32, center: f32, width: f32) -> f32 {
    let t = (x - center) / width;
    (-t * t).exp()
}

/// A round spot with standard deviation `width`.
#[must_use]
pub fn spot(at: Vec3, center: Vec3, width: f32) -> f32 {
    (-at.distance_squared(center) / (2.0 * width * width)).exp()
}

/// Piecewise linear through points of rising x, flat beyond the ends.
#[must_use]
pub fn along(points: &[(f32, f32)], x: f32) -> f32 {
    let next = points.partition_point(|point| point.0 <= x);
    match (next.checked_sub(1).and_then(|k| points.get(k)), points.get(next)) {
        (Some(low), Some(high)) => low.1 + (high.1 - low.1) * (x - low.0) / (high.0 - low.0),
        (Some(end), None) | (None, Some(end)) => end.1,
        (None, None) => 0.0,
    }
}

/// A picture of linear colors, stored as sRGB.
#[must_use]
pub fn picture(width: usize, height: usize, texel: impl Fn(usize, usize) -> Vec3 + Sync) -> DynamicImage {
    let bytes = (0..width * height).into_par_iter().flat_map_iter(|index| {
        let color = texel(index % width, index / width);
        color.to_array().map(srgb_byte)
    });
    rgb(width, height, bytes.collect())
}

/// A picture of linear colors with alpha, stored as sRGB.
#[must_use]
pub fn picture_alpha(width: usize, height: usize, texel: impl Fn(usize, usize) -> (Vec3, f32) + Sync) -> DynamicImage {
    let bytes: Vec<u8> = (0..width * height)
        .into_par_iter()
        .flat_map_iter(|index| {
            let (color, alpha) = texel(index % width, index / width);
            let [r, g, b] = color.to_array().map(srgb_byte);
            [r, g, b, byte(alpha)]
        })
        .collect();
    let image = RgbaImage::from_raw(width as u32, height as u32, bytes);
    DynamicImage::ImageRgba8(image.unwrap_or_default())
}

/// A picture of plain numbers (0..=1), not of colors.
#[must_use]
pub fn numbers(width: usize, height: usize, texel: impl Fn(usize, usize) -> Vec3 + Sync) -> DynamicImage {
    let bytes = (0..width * height).into_par_iter().flat_map_iter(|index| {
        let value = texel(index % width, index / width);
        value.to_array().map(byte)
    });
    rgb(width, height, bytes.collect())
}

fn rgb(width: usize, height: usize, bytes: Vec<u8>) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_raw(width as u32, height as u32, bytes).unwrap_or_default())
}

/// Tangent-space normals (green up) of a height field whose heights are in texels.
#[must_use]
pub fn normals(height: &Plane) -> DynamicImage {
    numbers(height.width, height.height, |x, y| {
        let at = |dx: isize, dy: isize| height.clamped(x as isize + dx, y as isize + dy);
        let slope_x = (at(1, 0) - at(-1, 0)) * 0.5;
        let slope_y = (at(0, 1) - at(0, -1)) * 0.5;
        Vec3::new(-slope_x, slope_y, 1.0).normalize() * 0.5 + Vec3::splat(0.5)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_survive_a_round_trip() {
        for byte in 0..=255_u8 {
            assert_eq!(srgb_byte(linear([f32::from(byte) / 255.0; 3]).x), byte);
        }
        assert_eq!((srgb_byte(f32::NAN), byte(f32::NAN)), (0, 0));
    }

    #[test]
    fn a_flat_height_gives_normals_straight_up() {
        let image = normals(&Plane::new(4, 4)).to_rgb8();
        assert!(image.pixels().all(|pixel| pixel.0 == [128, 128, 255]));
    }

    #[test]
    fn lines_run_through_their_points_and_stay_flat_beyond() {
        let points = [(0.0, 1.0), (2.0, 5.0)];
        assert_eq!([along(&points, -1.0), along(&points, 1.0), along(&points, 9.0)], [1.0, 3.0, 5.0]);
    }
}
