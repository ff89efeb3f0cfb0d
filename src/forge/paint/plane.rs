//! A picture of one number per texel.

use rayon::prelude::*;

/// Width × height numbers, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Numbers.
    pub values: Vec<f32>,
}

impl Plane {
    /// All zero.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, values: vec![0.0; width * height] }
    }

    /// Filled by a function of column and row.
    #[must_use]
    pub fn filled(width: usize, height: usize, value: impl Fn(usize, usize) -> f32 + Sync) -> Self {
        let values = (0..width * height).into_par_iter().map(|index| value(index % width, index / width)).collect();
        Self { width, height, values }
    }

    /// The number at a texel; beyond the border, that of the border.
    #[must_use]
    pub fn clamped(&self, x: isize, y: isize) -> f32 {
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.values[y * self.width + x]
    }

    /// Between texels; coordinates in texels, centers at halves. Zero outside.
    #[must_use]
    pub fn sample(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x - 0.5, y - 0.5);
        if !(x >= -0.5 && y >= -0.5 && x <= self.width as f32 - 0.5 && y <= self.height as f32 - 0.5) {
            return 0.0;
        }
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let at = |dx: isize, dy: isize| self.clamped(left as isize + dx, top as isize + dy);
        let upper = at(0, 0) * (1.0 - fx) + at(1, 0) * fx;
        let lower = at(0, 1) * (1.0 - fx) + at(1, 1) * fx;
        upper * (1.0 - fy) + lower * fy
    }

    /// Blurred by a bell of standard deviation `across` columns and `down` rows; borders wrap around.
    #[must_use]
    pub fn blurred(&self, across: f32, down: f32) -> Self {
        self.blurred_rows(across).transposed().blurred_rows(down).transposed()
    }

    /// Scaled and shifted to mean 0 and deviation 1.
    #[must_use]
    pub fn standard(mut self) -> Self {
        let count = self.values.len().max(1) as f32;
        let mean = self.values.iter().sum::<f32>() / count;
        let deviation = (self.values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / count).sqrt().max(1.0e-9);
        self.values.iter_mut().for_each(|value| *value = (*value - mean) / deviation);
        self
    }

    fn transposed(&self) -> Self {
        Self::filled(self.height, self.width, |x, y| self.values[x * self.width + y])
    }

    fn blurred_rows(&self, deviation: f32) -> Self {
        if deviation < 0.2 || self.width == 0 {
            return self.clone();
        }
        let reach = (deviation * 3.0).ceil() as usize;
        let kernel: Vec<f32> =
            (0..=2 * reach).map(|k| (-((k as f32 - reach as f32) / deviation).powi(2) * 0.5).exp()).collect();
        let total: f32 = kernel.iter().sum();
        let width = self.width;
        let mut values = vec![0.0; self.values.len()];
        values.par_chunks_mut(width).zip(self.values.par_chunks(width)).for_each(|(to, from)| {
            // The row with its borders wrapped around, so that the inner loop runs straight.
            let padded: Vec<f32> = (0..width + 2 * reach).map(|k| from[(k + reach * (width - 1)) % width]).collect();
            for (x, value) in to.iter_mut().enumerate() {
                *value = padded[x..].iter().zip(&kernel).map(|(v, k)| v * k).sum::<f32>() / total;
            }
        });
        Self { width, height: self.height, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blurring_keeps_the_mean_and_wraps_around() {
        let mut plane = Plane::new(16, 8);
        plane.values[0] = 128.0;
        let blurred = plane.blurred(2.0, 1.0);
        assert!((blurred.values.iter().sum::<f32>() - 128.0).abs() < 1.0e-2);
        assert!((blurred.values[1] - blurred.values[15]).abs() < 1.0e-4);
        assert!((blurred.values[16] - blurred.values[7 * 16]).abs() < 1.0e-4);
    }

    #[test]
    fn samples_lie_between_texels_and_vanish_outside() {
        let plane = Plane::filled(4, 4, |x, _| x as f32);
        assert!((plane.sample(2.0, 2.0) - 1.5).abs() < 1.0e-6);
        assert_eq!([plane.sample(-1.0, 2.0), plane.sample(2.0, 9.0), plane.sample(f32::NAN, 1.0)], [0.0; 3]);
    }
}
