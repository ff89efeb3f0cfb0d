//! Normals of meshes.

use glam::Vec3;

/// Unit normals of vertices: those of their triangles weighted by area; up where a vertex has none.
#[must_use]
pub fn vertex_normals(points: &[Vec3], triangles: &[[u32; 3]]) -> Vec<Vec3> {
    let mut sums = vec![Vec3::ZERO; points.len()];
    for triangle in triangles {
        let [a, b, c] = triangle.map(|vertex| points[vertex as usize]);
        let normal = (b - a).cross(c - a);
        for vertex in triangle {
            sums[*vertex as usize] += normal;
        }
    }
    sums.into_iter().map(|sum| sum.normalize_or(Vec3::Y)).collect()
}

/// The two triangles of each quad.
#[must_use]
pub fn halve(quads: &[[u32; 4]]) -> Vec<[u32; 3]> {
    quads.iter().flat_map(|[a, b, c, d]| [[*a, *b, *c], [*a, *c, *d]]).collect()
}

/// Quads of a grid of `rows` × `columns` vertices, row by row; counterclockwise where rows go up and columns right.
#[must_use]
pub fn grid(rows: u32, columns: u32) -> Vec<[u32; 4]> {
    let quad = |row: u32, column: u32| {
        let at = row * columns + column;
        [at, at + 1, at + columns + 1, at + columns]
    };
    (0..rows.saturating_sub(1)).flat_map(|row| (0..columns.saturating_sub(1)).map(move |c| quad(row, c))).collect()
}

/// Smooth step from 0 at `low` to 1 at `high`; `low` may be above `high`.
#[must_use]
pub fn smooth(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_grid_faces_its_viewer() {
        let points: Vec<Vec3> = (0..12).map(|i| Vec3::new((i % 4) as f32, (i / 4) as f32, 0.0)).collect();
        let triangles = halve(&grid(3, 4));
        assert_eq!(triangles.len(), 12);
        assert!(vertex_normals(&points, &triangles).iter().all(|normal| normal.distance(Vec3::Z) < 1.0e-6));
    }

    #[test]
    fn smooth_runs_both_ways() {
        assert_eq!([smooth(1.0, 2.0, 0.5), smooth(1.0, 2.0, 1.5), smooth(2.0, 1.0, 0.5)], [0.0, 0.5, 1.0]);
    }
}
