//! Curves and small functions that cutting needs.

use glam::Vec3;

/// Smooth step of `x` from 0 at `a` to 1 at `b`; `a` may be above `b`.
pub(super) fn ramp(x: f32, a: f32, b: f32) -> f32 {
    let t = ((x - a) / (b - a)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Straight interpolation.
pub(super) fn lerp(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// Piecewise linear table, `x` ascending; constant beyond its ends.
pub(super) fn table(x: f32, rows: &[(f32, f32)]) -> f32 {
    for pair in rows.windows(2) {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        if x <= x1 {
            return lerp(y0, y1, ((x - x0) / (x1 - x0)).clamp(0.0, 1.0));
        }
    }
    rows.last().map_or(0.0, |(_, y)| *y)
}

/// Cubic Hermite.
pub(super) fn hermite(p0: Vec3, t0: Vec3, p1: Vec3, t1: Vec3, t: f32) -> Vec3 {
    let (t2, t3) = (t * t, t * t * t);
    p0 * (2.0 * t3 - 3.0 * t2 + 1.0) + t0 * (t3 - 2.0 * t2 + t) + p1 * (3.0 * t2 - 2.0 * t3) + t1 * (t3 - t2)
}

/// `count` points at equal distances along a polyline.
pub(super) fn resample(points: &[Vec3], count: usize) -> Vec<Vec3> {
    let mut along = vec![0.0_f32];
    for pair in points.windows(2) {
        along.push(along[along.len() - 1] + pair[0].distance(pair[1]));
    }
    let total = along[along.len() - 1];
    let mut segment = 0;
    (0..count)
        .map(|i| {
            let at = total * i as f32 / (count - 1).max(1) as f32;
            while segment + 2 < along.len() && along[segment + 1] < at {
                segment += 1;
            }
            let length = (along[segment + 1] - along[segment]).max(1.0e-9);
            points[segment].lerp(points[segment + 1], ((at - along[segment]) / length).clamp(0.0, 1.0))
        })
        .collect()
}

/// A smooth curve through points (Catmull-Rom), `count` points at equal distances.
pub(super) fn spline(points: &[Vec3], count: usize) -> Vec<Vec3> {
    let last = points.len() - 1;
    let at = |i: isize| -> Vec3 {
        if i < 0 {
            points[0] * 2.0 - points[1]
        } else if i as usize > last {
            points[last] * 2.0 - points[last - 1]
        } else {
            points[i as usize]
        }
    };
    let mut dense = Vec::with_capacity(last * 16 + 1);
    for i in 0..last as isize {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        for step in 0..16 {
            dense.push(catmull(a, b, c, d, step as f32 / 16.0));
        }
    }
    dense.push(points[last]);
    resample(&dense, count)
}

fn catmull(a: Vec3, b: Vec3, c: Vec3, d: Vec3, t: f32) -> Vec3 {
    let (t2, t3) = (t * t, t * t * t);
    (b * 2.0 + (c - a) * t + (a * 2.0 - b * 5.0 + c * 4.0 - d) * t2 + (d - a + (b - c) * 3.0) * t3) * 0.5
}

/// Averages inner points of a polyline with their neighbors.
pub(super) fn soften(points: &mut [Vec3], passes: usize) {
    for _ in 0..passes {
        let before = points.to_vec();
        for i in 1..points.len().saturating_sub(1) {
            points[i] = before[i] * 0.5 + (before[i - 1] + before[i + 1]) * 0.25;
        }
    }
}

/// `count` numbers from `a` to `b`, both included.
pub(super) fn steps(a: f32, b: f32, count: usize) -> impl Iterator<Item = f32> {
    (0..count).map(move |i| lerp(a, b, i as f32 / (count - 1).max(1) as f32))
}
