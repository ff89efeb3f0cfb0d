//! Ambient occlusion of vertices: the share of the sky they see, by depth maps from many directions.

use glam::Vec3;
use rayon::prelude::*;

use super::raster;

/// What may stand in the light.
#[derive(Debug, Clone, Copy)]
pub struct Occluder<'a> {
    /// Positions.
    pub points: &'a [Vec3],
    /// Triangles.
    pub triangles: &'a [[u32; 3]],
}

/// How closely is looked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sky {
    /// How many directions.
    pub directions: usize,
    /// Width and height of a depth map in texels.
    pub map: usize,
    /// How far off the surface is looked up, decimeters.
    pub bias: f32,
}

/// Cosine-weighted share of the sky that each vertex sees past all occluders, 0..=1.
#[must_use]
pub fn vertex_ao(points: &[Vec3], normals: &[Vec3], occluders: &[Occluder<'_>], sky: Sky) -> Vec<f32> {
    let mut all_points = Vec::new();
    let mut all_triangles: Vec<[u32; 3]> = Vec::new();
    for occluder in occluders {
        let offset = all_points.len() as u32;
        all_points.extend_from_slice(occluder.points);
        all_triangles.extend(occluder.triangles.iter().map(|t| t.map(|vertex| vertex + offset)));
    }
    let low = all_points.iter().chain(points).fold(Vec3::INFINITY, |low, point| low.min(*point));
    let high = all_points.iter().chain(points).fold(Vec3::NEG_INFINITY, |high, point| high.max(*point));
    let center = (low + high) / 2.0;
    let radius = (high - low).length() / 2.0 * 1.01;
    if !(radius.is_finite() && radius > 0.0) {
        return vec![1.0; points.len()];
    }
    let seen = (0..sky.directions)
        .into_par_iter()
        .map(|index| {
            let direction = direction(index, sky.directions);
            let side = if direction.y.abs() < 0.9 { Vec3::Y } else { Vec3::X }.cross(direction).normalize();
            let up = direction.cross(side);
            let scale = sky.map as f32 / (2.0 * radius);
            let half = sky.map as f32 / 2.0;
            let project = |point: Vec3| {
                let point = point - center;
                Vec3::new(point.dot(side) * scale + half, point.dot(up) * scale + half, -point.dot(direction))
            };
            let projected: Vec<Vec3> = all_points.iter().map(|point| project(*point)).collect();
            let depths = raster::nearest(sky.map, sky.map, &projected, &all_triangles);
            let last = sky.map as f32 - 1.0;
            points
                .iter()
                .zip(normals)
                .map(|(point, normal)| {
                    let weight = normal.dot(direction).max(0.0);
                    if weight == 0.0 {
                        return (0.0, 0.0);
                    }
                    let place = project(*point + *normal * sky.bias);
                    let (column, row) = (place.x.clamp(0.0, last) as usize, place.y.clamp(0.0, last) as usize);
                    let is_seen = place.z < depths[row * sky.map + column] + sky.bias;
                    (if is_seen { weight } else { 0.0 }, weight)
                })
                .collect::<Vec<_>>()
        })
        // The order of additions must not depend on the number of cores.
        .collect::<Vec<_>>()
        .into_iter()
        .fold(vec![(0.0, 0.0); points.len()], |mut sums: Vec<(f32, f32)>, seen| {
            for (sum, (light, weight)) in sums.iter_mut().zip(seen) {
                *sum = (sum.0 + light, sum.1 + weight);
            }
            sums
        });
    seen.into_iter().map(|(light, weight)| if weight > 0.0 { light / weight } else { 1.0 }).collect()
}

/// Evenly spread directions (Fibonacci sphere).
fn direction(index: usize, count: usize) -> Vec3 {
    let at = index as f32 + 0.5;
    let turn = std::f32::consts::PI * (1.0 + 5.0_f32.sqrt()) * at;
    let y = 1.0 - 2.0 * at / count as f32;
    let radius = (1.0 - y * y).max(0.0).sqrt();
    Vec3::new(radius * turn.cos(), y, radius * turn.sin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_sees_the_sky_and_a_roof_shades_it() {
        let square = |y: f32, size: f32| {
            [(-size, -size), (-size, size), (size, size), (size, -size)].map(|(x, z)| Vec3::new(x, y, z))
        };
        let triangles = [[0, 1, 2], [0, 2, 3]];
        let (floor, roof) = (square(0.0, 4.0), square(0.5, 2.0));
        let sky = Sky { directions: 64, map: 128, bias: 0.02 };
        let ground = Occluder { points: &floor, triangles: &triangles };
        let open = vertex_ao(&[Vec3::ZERO], &[Vec3::Y], &[ground], sky);
        let shaded =
            vertex_ao(&[Vec3::ZERO], &[Vec3::Y], &[ground, Occluder { points: &roof, triangles: &triangles }], sky);
        assert!(open[0] > 0.95, "{open:?}");
        assert!(shaded[0] < 0.2, "{shaded:?}");
    }
}
