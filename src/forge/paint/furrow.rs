//! Lines along which skin or cloth is folded.

use glam::Vec2;

/// A line with a width.
#[derive(Debug, Clone, PartialEq)]
pub struct Furrow {
    /// Two points or more, decimeters.
    pub points: Vec<Vec2>,
    /// Half its width, decimeters.
    pub width: f32,
    /// How deep, in the units of whoever draws it.
    pub depth: f32,
}

impl Furrow {
    /// Distance from the line, and where along it, 0..=1.
    #[must_use]
    pub fn distance(&self, at: Vec2) -> (f32, f32) {
        let count = self.points.len().saturating_sub(1).max(1) as f32;
        let mut best = (f32::INFINITY, 0.0);
        for (index, pair) in self.points.windows(2).enumerate() {
            let line = pair[1] - pair[0];
            let t = ((at - pair[0]).dot(line) / line.length_squared().max(1.0e-9)).clamp(0.0, 1.0);
            let distance = at.distance(pair[0] + line * t);
            if distance < best.0 {
                best = (distance, (index as f32 + t) / count);
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_place_of_a_line_is_found() {
        let points = vec![Vec2::ZERO, Vec2::new(2.0, 0.0), Vec2::new(2.0, 2.0)];
        let furrow = Furrow { points, width: 0.1, depth: 1.0 };
        assert_eq!(furrow.distance(Vec2::new(1.0, -0.5)), (0.5, 0.25));
        assert_eq!(furrow.distance(Vec2::new(2.3, 1.0)).1, 0.75);
        assert_eq!(furrow.distance(Vec2::new(2.0, 5.0)), (3.0, 1.0));
    }
}
