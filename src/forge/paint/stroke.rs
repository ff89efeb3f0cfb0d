//! Strokes: tapered, smooth-edged hairs painted over each other.

use glam::Vec2;

use crate::forge::noise;

/// A point of a stroke, in texels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dab {
    /// Where.
    pub at: Vec2,
    /// Half the width of the stroke there.
    pub radius: f32,
    /// How well it covers, 0..=1.
    pub opacity: f32,
}

/// Where strokes are painted: how much is covered, and with which tone.
#[derive(Debug, Clone, PartialEq)]
pub struct Canvas {
    width: usize,
    height: usize,
    is_tiled: bool,
    /// Coverage and tone times coverage.
    texels: Vec<(f32, f32)>,
}

impl Canvas {
    /// Empty; a tiled one wraps around at its left and right border.
    #[must_use]
    pub fn new(width: usize, height: usize, is_tiled: bool) -> Self {
        Self { width, height, is_tiled, texels: vec![(0.0, 0.0); width * height] }
    }

    /// Coverage of a texel, 0..=1.
    #[must_use]
    pub fn alpha(&self, x: usize, y: usize) -> f32 {
        self.texels[y * self.width + x].0
    }

    /// Tone of what covers a texel; `bare` where nothing does.
    #[must_use]
    pub fn tone(&self, x: usize, y: usize, bare: f32) -> f32 {
        let (alpha, tone) = self.texels[y * self.width + x];
        tone + bare * (1.0 - alpha)
    }

    /// Paints a stroke over what is there.
    pub fn draw(&mut self, stroke: &[Dab], tone: f32) {
        let reach = stroke.iter().map(|dab| dab.radius).fold(0.5, f32::max) + 1.0;
        let low = stroke.iter().fold(Vec2::INFINITY, |low, dab| low.min(dab.at)) - reach;
        let high = stroke.iter().fold(Vec2::NEG_INFINITY, |high, dab| high.max(dab.at)) + reach;
        if !(low.is_finite() && high.is_finite()) {
            return;
        }
        let top = low.y.max(0.0) as usize;
        let bottom = (high.y.max(0.0) as usize + 1).min(self.height);
        for row in top..bottom {
            let y = row as f32 + 0.5;
            // Only the segments that come near this row.
            let near: Vec<&[Dab]> = stroke
                .windows(2)
                .filter(|pair| {
                    let (a, b) = (pair[0].at.y, pair[1].at.y);
                    a.min(b) - reach <= y && a.max(b) + reach >= y
                })
                .collect();
            let Some(left) = near.iter().map(|p| p[0].at.x.min(p[1].at.x)).min_by(f32::total_cmp) else { continue };
            let right = near.iter().map(|p| p[0].at.x.max(p[1].at.x)).fold(left, f32::max);
            for column in (left - reach).floor() as isize..=(right + reach).ceil() as isize {
                let at = Vec2::new(column as f32 + 0.5, y);
                let cover = near.iter().map(|pair| cover(at, pair)).fold(0.0, f32::max);
                if cover > 0.0 {
                    self.cover(column, row, cover, tone);
                }
            }
        }
    }

    fn cover(&mut self, column: isize, row: usize, cover: f32, tone: f32) {
        let width = self.width as isize;
        let column = if self.is_tiled { column.rem_euclid(width) } else { column };
        if (0..width).contains(&column) {
            let (alpha, premultiplied) = &mut self.texels[row * self.width + column as usize];
            *alpha += cover * (1.0 - *alpha);
            *premultiplied = *premultiplied * (1.0 - cover) + tone * cover;
        }
    }
}

/// How well a segment of a stroke covers a texel.
fn cover(at: Vec2, pair: &[Dab]) -> f32 {
    let (a, b) = (pair[0], pair[1]);
    let line = b.at - a.at;
    let t = ((at - a.at).dot(line) / line.length_squared().max(1.0e-6)).clamp(0.0, 1.0);
    let distance = at.distance(a.at + line * t);
    let radius = a.radius + (b.radius - a.radius) * t;
    // What is thinner than a texel covers less of it.
    let thin = (radius * 2.0).min(1.0);
    (radius.max(0.5) + 0.5 - distance).clamp(0.0, 1.0) * thin * (a.opacity + (b.opacity - a.opacity) * t)
}

/// Seeded dice: the same numbers always.
#[derive(Debug, Clone)]
pub struct Dice {
    seed: u32,
    count: i32,
}

impl Dice {
    /// Dice of a seed.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self { seed, count: 0 }
    }

    /// Evenly in 0..1.
    pub fn even(&mut self) -> f32 {
        self.count = self.count.wrapping_add(1);
        noise::unit(self.seed, self.count)
    }

    /// Evenly in `low..high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.even()
    }

    /// Around 0 with deviation 1, within ±3.5 (a sum of evenly spread numbers).
    pub fn normal(&mut self) -> f32 {
        ((0..4).map(|_| self.even()).sum::<f32>() - 2.0) * 1.732
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(from: Vec2, to: Vec2) -> [Dab; 2] {
        [from, to].map(|at| Dab { at, radius: 1.5, opacity: 1.0 })
    }

    #[test]
    fn a_stroke_covers_its_line_and_nothing_else() {
        let mut canvas = Canvas::new(32, 32, false);
        canvas.draw(&line(Vec2::new(4.0, 16.0), Vec2::new(28.0, 16.0)), 0.7);
        assert!(canvas.alpha(16, 15) > 0.95 && canvas.alpha(16, 4) == 0.0);
        assert!((canvas.tone(16, 15, 0.0) - 0.7).abs() < 0.05);
        assert_eq!(canvas.tone(16, 4, 0.3), 0.3);
    }

    #[test]
    fn tiles_wrap_around_and_others_do_not() {
        for (is_tiled, covers) in [(true, true), (false, false)] {
            let mut canvas = Canvas::new(16, 16, is_tiled);
            canvas.draw(&line(Vec2::new(17.0, 2.0), Vec2::new(17.0, 12.0)), 1.0);
            assert_eq!(canvas.alpha(1, 8) > 0.5, covers);
        }
    }

    #[test]
    fn hostile_strokes_paint_nothing() {
        let mut canvas = Canvas::new(8, 8, false);
        canvas.draw(&[], 1.0);
        canvas.draw(&line(Vec2::NAN, Vec2::ONE), 1.0);
        assert!((0..8).all(|k| canvas.alpha(k, k) == 0.0));
    }

    #[test]
    fn dice_are_fair() {
        let mut dice = Dice::new(5);
        let rolls: Vec<f32> = (0..4000).map(|_| dice.normal()).collect();
        let mean = rolls.iter().sum::<f32>() / 4000.0;
        let deviation = (rolls.iter().map(|r| (r - mean).powi(2)).sum::<f32>() / 4000.0).sqrt();
        assert!(mean.abs() < 0.06 && (deviation - 1.0).abs() < 0.08, "{mean} {deviation}");
    }
}
