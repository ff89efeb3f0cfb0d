//! Weaves: small tiling normal and shade textures.

use image::{DynamicImage, RgbImage};

use super::super::part::{Encoding, Texture};

const SIZE: usize = 256;
/// Threads along an edge of the tile.
const THREADS: usize = 32;

/// A way of weaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weave {
    /// Two over, two under, shifted: suits.
    Twill,
    /// One over, one under: shirts.
    Plain,
}

impl Weave {
    fn is_over(self, x: usize, y: usize) -> bool {
        match self {
            Self::Twill => (x + y) % 4 < 2,
            Self::Plain => (x + y).is_multiple_of(2),
        }
    }

    /// Height of the cloth at a texel.
    fn height(self, x: usize, y: usize) -> f32 {
        let (u, v) = (place(x), place(y));
        let (fx, fy) = (u.fract() - 0.5, v.fract() - 0.5);
        let hill =
            |across: f32, along: f32| (across * std::f32::consts::PI).cos() * (1.0 - 0.35 * (2.0 * along).powi(2));
        if self.is_over(u as usize, v as usize) { hill(fx, fy) } else { 0.75 * hill(fy, fx) }
    }
}

fn place(texel: usize) -> f32 {
    texel as f32 / SIZE as f32 * THREADS as f32
}

fn field(weave: Weave) -> Vec<f32> {
    let raw: Vec<f32> = (0..SIZE * SIZE).map(|at| weave.height(at % SIZE, at / SIZE)).collect();
    let wrap = |x: usize, d: usize| (x + SIZE + d - 1) % SIZE;
    (0..SIZE * SIZE)
        .map(|at| {
            let (x, y) = (at % SIZE, at / SIZE);
            let mut sum = 0.0;
            for (dy, wy) in [0.25, 0.5, 0.25].iter().enumerate() {
                for (dx, wx) in [0.25, 0.5, 0.25].iter().enumerate() {
                    sum += wx * wy * raw[wrap(y, dy) * SIZE + wrap(x, dx)];
                }
            }
            sum
        })
        .collect()
}

/// Tangent-space normals of a weave.
pub(super) fn normals(name: &str, weave: Weave) -> Texture {
    let height = field(weave);
    let at = |x: usize, y: usize| height[(y % SIZE) * SIZE + x % SIZE];
    let image = RgbImage::from_fn(SIZE as u32, SIZE as u32, |x, y| {
        let (x, y) = (x as usize, y as usize);
        let across = (at(x + 1, y) - at(x + SIZE - 1, y)) * 0.9;
        let down = (at(x, y + 1) - at(x, y + SIZE - 1)) * 0.9;
        let normal = glam::Vec3::new(-across, down, 1.0).normalize();
        image::Rgb((normal * 127.5 + 127.5).to_array().map(|c| c.round() as u8))
    });
    Texture { name: name.to_owned(), image: DynamicImage::ImageRgb8(image), encoding: Encoding::Jpeg(86) }
}

/// Light and dark of threads, white at the most: a factor of the material's color.
pub(super) fn shades(name: &str, weave: Weave, depth: f32) -> Texture {
    let height = field(weave);
    let image = RgbImage::from_fn(SIZE as u32, SIZE as u32, |x, y| {
        let at = y as usize * SIZE + x as usize;
        // Every thread a little different, as yarn is.
        let yarn = |thread: usize, salt: u32| hash(thread as u32 * 7 + salt) - 0.5;
        let (u, v) = (place(x as usize) as usize, place(y as usize) as usize);
        let thread = if weave.is_over(u, v) { yarn(u, 11) } else { yarn(v, 101) };
        let shade = 1.0 - depth + depth * (0.75 + 0.5 * (height[at] - 0.6) + 0.12 * thread);
        image::Rgb([(shade.clamp(0.0, 1.0) * 255.0).round() as u8; 3])
    });
    Texture { name: name.to_owned(), image: DynamicImage::ImageRgb8(image), encoding: Encoding::Jpeg(80) }
}

/// A number in 0..1 that only depends on the seed.
fn hash(seed: u32) -> f32 {
    let mut x = seed.wrapping_mul(0x9E37_79B9) ^ 0x85EB_CA6B;
    x ^= x >> 15;
    x = x.wrapping_mul(0x2C1B_3C6D);
    x ^= x >> 12;
    x = x.wrapping_mul(0x297A_2D39);
    x ^= x >> 15;
    x as f32 / u32::MAX as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weaves_tile_without_a_seam() {
        for weave in [Weave::Twill, Weave::Plain] {
            let height = field(weave);
            let step = |a: usize, b: usize| (height[a] - height[b]).abs();
            let inner = (0..SIZE).map(|y| step(y * SIZE + 127, y * SIZE + 128)).fold(0.0, f32::max);
            let seam = (0..SIZE).map(|y| step(y * SIZE, y * SIZE + SIZE - 1)).fold(0.0, f32::max);
            assert!(seam <= inner * 1.5 + 0.05, "{weave:?}: {seam} at the seam, {inner} inside");
        }
    }
}
