//! A grayscale picture over the texture atlas of the body.

use glam::Vec2;

/// A square mask; 0 is out, 255 is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    size: usize,
    pixels: Vec<u8>,
}

impl Mask {
    pub(super) fn new(size: usize, pixels: Vec<u8>) -> Result<Self, String> {
        if size == 0 || pixels.len() != size * size {
            return Err("a mask has a wrong size".into());
        }
        Ok(Self { size, pixels })
    }

    /// Its value at an atlas coordinate (v upward, as in [`super::BodyData::uvs`]), 0..=1, bilinear, clamped.
    #[must_use]
    pub fn sample(&self, uv: Vec2) -> f32 {
        let last = (self.size - 1) as f32;
        let x = (uv.x * self.size as f32 - 0.5).clamp(0.0, last);
        let y = ((1.0 - uv.y) * self.size as f32 - 0.5).clamp(0.0, last);
        let (column, row) = (x as usize, y as usize);
        let (right, below) = ((column + 1).min(self.size - 1), (row + 1).min(self.size - 1));
        let (fx, fy) = (x - column as f32, y - row as f32);
        let at = |row: usize, column: usize| f32::from(self.pixels[row * self.size + column]) / 255.0;
        let upper = at(row, column) * (1.0 - fx) + at(row, right) * fx;
        let lower = at(below, column) * (1.0 - fx) + at(below, right) * fx;
        upper * (1.0 - fy) + lower * fy
    }
}
