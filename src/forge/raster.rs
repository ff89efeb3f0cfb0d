//! A rasterizer for baking: which triangle covers which texel, and the nearest depth.

use glam::{Vec2, Vec3};
use rayon::prelude::*;

/// Which triangle covers a texel, and where in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cover {
    /// Index of the triangle.
    pub triangle: u32,
    /// Barycentric coordinates.
    pub weights: Vec3,
}

/// Rows that one core works on at a time.
const BAND: usize = 32;

/// For each texel of a square texture, the triangle whose UV (v downward) covers its center; later triangles win.
#[must_use]
pub fn cover(size: usize, uvs: &[Vec2], triangles: &[[u32; 3]]) -> Vec<Option<Cover>> {
    let mut texels = vec![None; size * size];
    texels.par_chunks_mut(size * BAND).enumerate().for_each(|(band, rows)| {
        let first = band * BAND;
        for (index, triangle) in triangles.iter().enumerate() {
            let corners = triangle.map(|vertex| uvs[vertex as usize] * size as f32);
            scan(corners, size, first, rows.len() / size, |column, row, weights| {
                rows[row * size + column] = Some(Cover { triangle: index as u32, weights });
            });
        }
    });
    texels
}

/// Depths of the nearest surface: points hold x and y in texels and z as depth, small is near.
#[must_use]
pub fn nearest(width: usize, height: usize, points: &[Vec3], triangles: &[[u32; 3]]) -> Vec<f32> {
    let mut depths = vec![f32::INFINITY; width * height];
    for triangle in triangles {
        let corners = triangle.map(|vertex| points[vertex as usize]);
        let depth = Vec3::from(corners.map(|corner| corner.z));
        scan(corners.map(Vec3::truncate), width, 0, height, |column, row, weights| {
            let texel = &mut depths[row * width + column];
            *texel = texel.min(depth.dot(weights));
        });
    }
    depths
}

/// Calls `found` with column, row (from `first`) and barycentric weights of each texel center in a triangle.
fn scan(corners: [Vec2; 3], width: usize, first: usize, rows: usize, mut found: impl FnMut(usize, usize, Vec3)) {
    let [a, b, c] = corners;
    let area = (b - a).perp_dot(c - a);
    if !area.is_finite() || area.abs() < 1.0e-10 {
        return;
    }
    let low = a.min(b).min(c);
    let high = a.max(b).max(c);
    let clamp = |value: f32, limit: usize| value.max(0.0).min(limit as f32) as usize;
    let (left, right) = (clamp((low.x - 0.5).ceil(), width), clamp((high.x - 0.5).floor() + 1.0, width));
    let (top, bottom) = (clamp((low.y - 0.5).ceil(), first + rows), clamp((high.y - 0.5).floor() + 1.0, first + rows));
    for row in top.max(first)..bottom {
        for column in left..right {
            let at = Vec2::new(column as f32 + 0.5, row as f32 + 0.5);
            let weights = Vec3::new((b - at).perp_dot(c - at), (c - at).perp_dot(a - at), (a - at).perp_dot(b - at));
            let weights = weights / area;
            if weights.min_element() >= -1.0e-5 {
                found(column, row - first, weights);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn two_triangles_cover_a_square_once_and_evenly() {
        let uvs = [Vec2::ZERO, Vec2::X, Vec2::ONE, Vec2::Y];
        let texels = cover(64, &uvs, &[[0, 1, 2], [0, 2, 3]]);
        assert!(texels.iter().all(Option::is_some));
        for (index, texel) in texels.iter().enumerate() {
            let texel = texel.unwrap();
            let corners = [[0, 1, 2], [0, 2, 3]][texel.triangle as usize];
            let uv: Vec2 = (0..3).map(|k| uvs[corners[k]] * texel.weights[k]).sum();
            let wanted = Vec2::new((index % 64) as f32 + 0.5, (index / 64) as f32 + 0.5) / 64.0;
            assert!(uv.distance(wanted) < 1.0e-4);
        }
    }

    #[test]
    fn the_nearest_surface_wins() {
        let near = [Vec3::new(0.0, 0.0, 1.0), Vec3::new(8.0, 0.0, 1.0), Vec3::new(0.0, 8.0, 1.0)];
        let far = near.map(|point| Vec3::new(point.x, point.y, 2.0));
        let points: Vec<Vec3> = near.into_iter().chain(far).collect();
        let depths = nearest(8, 8, &points, &[[3, 4, 5], [0, 1, 2]]);
        assert_eq!(depths[0], 1.0);
        assert_eq!(depths[63], f32::INFINITY);
    }
}
