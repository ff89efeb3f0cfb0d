//! The skull under the hair, without ears, and the line where hair begins.

use glam::{Vec2, Vec3};
use rayon::prelude::*;

use crate::forge::body::Body;
use crate::forge::head::{FaceChart, Island};
use crate::forge::noise;
use crate::forge::normals::smooth;
use crate::forge::paint::along;
use crate::forge::recipe::HairStyle;

/// Degrees between the directions in which the skull is measured.
const STEP: usize = 3;
const ROWS: usize = 180 / STEP + 1;
const COLUMNS: usize = 360 / STEP + 1;
/// Ears in the atlas of the data.
const EARS: [Vec2; 2] = [Vec2::new(0.846, 0.624), Vec2::new(0.846, 0.343)];
const EAR_RADIUS: f32 = 0.040;
/// How deep hair lies under an ear, decimeters.
const UNDER_EAR: f32 = 0.12;

/// Hairline: elevation by azimuth from the front, both in degrees; the front relative to its middle.
const FRONT_FEMALE: [(f32, f32); 10] = [
    (0.0, -1.4),
    (4.0, -0.8),
    (10.0, 0.2),
    (18.0, -0.6),
    (27.0, -2.6),
    (35.0, -6.4),
    (42.0, -12.0),
    (47.0, -19.0),
    (51.0, -27.0),
    (56.0, -36.5),
];
const FRONT_MALE: [(f32, f32); 9] = [
    (0.0, 0.0),
    (9.0, 0.1),
    (18.0, 0.9),
    (26.0, 1.2),
    (34.0, -2.0),
    (41.0, -9.5),
    (47.0, -18.0),
    (52.0, -26.0),
    (55.5, -36.0),
];
/// In front of, over and behind the ear down to the nape.
const BACK_FEMALE: [(f32, f32); 12] = [
    (61.0, -15.5),
    (66.0, -21.0),
    (70.0, -19.0),
    (74.0, -9.5),
    (80.0, -5.5),
    (84.0, -8.5),
    (88.0, -20.0),
    (92.0, -32.0),
    (98.0, -42.0),
    (110.0, -48.5),
    (140.0, -52.0),
    (180.0, -55.0),
];
const BACK_MALE: [(f32, f32); 17] = [
    (57.5, -22.0),
    (59.5, -31.0),
    (61.0, -34.0),
    (66.5, -35.0),
    (69.5, -29.0),
    (74.0, -12.0),
    (81.0, -7.0),
    (86.0, -9.0),
    (90.0, -16.0),
    (95.0, -28.0),
    (100.0, -37.0),
    (106.0, -44.0),
    (113.0, -49.0),
    (125.0, -53.5),
    (140.0, -57.0),
    (158.0, -59.5),
    (180.0, -60.5),
];

/// A skull by direction from its middle.
#[derive(Debug, Clone)]
pub struct Scalp {
    /// Middle of the skull, decimeters, A-pose (that of the T-pose, too: the head does not move between them).
    pub center: Vec3,
    radii: Vec<f32>,
    /// How far ears stand off, 0..=1, in the same directions.
    ears: Vec<f32>,
    /// Elevation of the hairline in degrees for each degree of azimuth.
    line: Vec<f32>,
    /// Degrees over which painted hair grows dense.
    fade: f32,
}

impl Scalp {
    /// Measures the skull of a person.
    #[must_use]
    pub fn new(body: &Body, chart: &FaceChart) -> Self {
        let center = body.landmarks.skull;
        let radii = fill(measure(chart, center, false));
        let whole = measure(chart, center, true);
        let off = |radius: &f32, outside: &Option<f32>| smooth(0.01, 0.04, outside.unwrap_or(0.0) - radius);
        let ears = radii.iter().zip(&whole).map(|(radius, outside)| off(radius, outside)).collect();
        let style = body.recipe.hair_style();
        let fade = match style {
            HairStyle::Crop => 16.0,
            HairStyle::SidePart => 14.0,
            _ => 7.0,
        };
        let mut scalp = Self { center, radii, ears, line: Vec::new(), fade };
        scalp.line = scalp.hairline(body);
        scalp
    }

    fn hairline(&self, body: &Body) -> Vec<f32> {
        let marks = &body.landmarks;
        // Hairline to brow as brow to base of the nose, less a little: a low hairline looks young.
        let brow = marks.eye_middle.y + 0.225;
        let base = marks.nose.y - 0.09;
        let is_short = body.recipe.hair_style().is_short();
        let age = (body.recipe.age.get() - 30.0).max(0.0) / 30.0;
        let share = if is_short { 0.70 + 0.15 * age } else { 0.685 + 0.08 * age };
        let wanted = brow + (brow - base) * share;
        let height = |degrees: f32| self.on_skin(direction(0.0, degrees)).y;
        let middle = (100..550).map(|k| k as f32 * 0.1).find(|degrees| height(*degrees) >= wanted).unwrap_or(27.0);
        let (front, back): (&[_], &[_]) =
            if is_short { (&FRONT_MALE, &BACK_MALE) } else { (&FRONT_FEMALE, &BACK_FEMALE) };
        // Sideburns of short hair have an edge.
        let soft: isize = if is_short { 1 } else { 3 };
        // The front moves with its middle, the sides stay.
        let lift = middle - 26.5;
        let mut points: Vec<(f32, f32)> =
            front.iter().map(|(azimuth, low)| (*azimuth, 26.5 + low + lift * smooth(60.0, 30.0, *azimuth))).collect();
        points.extend(back);
        let raw: Vec<f32> = (0..=180).map(|degree| along(&points, degree as f32)).collect();
        (0..=180_isize)
            .map(|degree| {
                let near = (-soft..=soft).map(|k| raw[(degree + k).unsigned_abs().min(180)]);
                near.sum::<f32>() / (2 * soft + 1) as f32
            })
            .collect()
    }

    /// Distance of the skin from the middle of the skull in a direction.
    #[must_use]
    pub fn radius(&self, direction: Vec3) -> f32 {
        Self::between(&self.radii, direction)
    }

    /// Whether an ear stands off the skull in a direction, 0..=1: hair goes under it.
    #[must_use]
    pub fn ear(&self, direction: Vec3) -> f32 {
        let (azimuth, elevation) = angles(direction);
        let is_beside = (50.0..130.0).contains(&azimuth.abs()) && (-50.0..20.0).contains(&elevation);
        if is_beside { Self::between(&self.ears, direction) } else { 0.0 }
    }

    /// How deep hair lies in a direction because it goes under an ear, decimeters.
    pub(super) fn tuck(&self, direction: Vec3) -> f32 {
        UNDER_EAR * self.ear(direction)
    }

    fn between(values: &[f32], direction: Vec3) -> f32 {
        let (azimuth, elevation) = angles(direction);
        let row = ((elevation + 90.0) / STEP as f32).clamp(0.0, (ROWS - 1) as f32);
        let column = ((azimuth + 180.0) / STEP as f32).clamp(0.0, (COLUMNS - 1) as f32);
        let (top, left) = ((row as usize).min(ROWS - 2), (column as usize).min(COLUMNS - 2));
        let (fy, fx) = (row - top as f32, column - left as f32);
        let at = |row: usize, column: usize| values[row * COLUMNS + column];
        let low = at(top, left) * (1.0 - fx) + at(top, left + 1) * fx;
        let high = at(top + 1, left) * (1.0 - fx) + at(top + 1, left + 1) * fx;
        low * (1.0 - fy) + high * fy
    }

    /// The skin in a direction.
    #[must_use]
    pub fn on_skin(&self, direction: Vec3) -> Vec3 {
        self.center + direction * self.radius(direction)
    }

    /// A point over the skin.
    #[must_use]
    pub fn over(&self, direction: Vec3, height: f32) -> Vec3 {
        self.center + direction * (self.radius(direction) + height)
    }

    /// Elevation of the hairline in degrees at an azimuth in degrees.
    #[must_use]
    pub fn line(&self, azimuth: f32) -> f32 {
        let at = azimuth.abs().min(180.0);
        let low = (at as usize).min(179);
        let t = at - low as f32;
        self.line[low] * (1.0 - t) + self.line[low + 1] * t
    }

    /// Degrees above the hairline; negative on bare skin.
    #[must_use]
    pub fn above(&self, way: Vec3) -> f32 {
        let (azimuth, elevation) = angles(way);
        elevation - self.line(azimuth)
    }

    /// How much hair covers a place of the skin, 0..=1: what to paint on it.
    #[must_use]
    pub fn density(&self, at: Vec3) -> f32 {
        let way = (at - self.center).normalize_or(Vec3::Y);
        let above = self.above(way);
        if above < -3.0 || at.distance(self.center) > self.radius(way) + 0.03 {
            return 0.0;
        }
        let ragged = 1.1 * noise::value(40, way * 26.0) + 0.7 * noise::value(41, way * 70.0);
        // Short hair fades at sides and nape, not at the forehead.
        let nape = if self.fade > 10.0 { 2.0 * smooth(-0.3, -0.6, way.z) } else { 0.0 };
        let fade = 5.0 + (self.fade - 5.0) * smooth(0.62, 0.35, way.z) + nape;
        // Deep inside it is closed.
        let strands = smooth(fade, fade + 9.0, above)
            .max(0.85 + 0.15 * noise::value(43, Vec3::new(at.x.atan2(at.y - self.center.y) * 90.0, at.z * 6.0, 0.0)));
        // Before it is closed, single hairs show: see `roots`.
        smooth(0.5, fade + 2.0, above + 0.8 * ragged).powf(1.2) * strands
    }
}

/// Direction of azimuth (from the front to the wearer's left) and elevation in degrees.
pub(super) fn direction(azimuth: f32, elevation: f32) -> Vec3 {
    let (sin, cos) = azimuth.to_radians().sin_cos();
    let (up, level) = elevation.to_radians().sin_cos();
    Vec3::new(level * sin, up, level * cos)
}

/// Azimuth and elevation of a direction in degrees.
pub(super) fn angles(way: Vec3) -> (f32, f32) {
    (way.x.atan2(way.z).to_degrees(), way.y.clamp(-1.0, 1.0).asin().to_degrees())
}

/// Where rays from the middle leave the head; without ears nothing there.
fn measure(chart: &FaceChart, center: Vec3, with_ears: bool) -> Vec<Option<f32>> {
    struct Facet {
        corners: [Vec3; 3],
        way: Vec3,
        reach: f32,
    }
    let facets: Vec<Facet> = chart
        .triangles
        .iter()
        .zip(&chart.islands)
        .filter(|(triangle, island)| {
            let on_ear = |v: &u32| EARS.iter().any(|ear| chart.atlas[*v as usize].distance(*ear) < EAR_RADIUS);
            match island {
                Island::Head => with_ears || !triangle.iter().all(on_ear),
                Island::Trunk => true,
                _ => false,
            }
        })
        .map(|(triangle, _)| {
            let corners = triangle.map(|v| chart.points[v as usize] - center);
            let way = ((corners[0] + corners[1] + corners[2]) / 3.0).normalize_or(Vec3::Y);
            let reach = corners.iter().map(|c| c.normalize_or(way).dot(way)).fold(1.0, f32::min);
            Facet { corners, way, reach }
        })
        .collect();
    (0..ROWS * COLUMNS)
        .into_par_iter()
        .map(|index| {
            let ray = direction(
                (index % COLUMNS * STEP) as f32 - 180.0,
                ((index / COLUMNS * STEP) as f32 - 90.0).clamp(-89.9, 89.9),
            );
            let near = facets.iter().filter(|facet| facet.way.dot(ray) >= facet.reach - 1.0e-5);
            near.filter_map(|facet| hit(ray, facet.corners)).max_by(f32::total_cmp)
        })
        .collect()
}

/// Distance along a ray from the origin to a triangle.
fn hit(ray: Vec3, [a, b, c]: [Vec3; 3]) -> Option<f32> {
    let (u, v) = (b - a, c - a);
    let p = ray.cross(v);
    let det = u.dot(p);
    if det.abs() < 1.0e-9 {
        return None;
    }
    let s = -a.dot(p) / det;
    let q = (-a).cross(u);
    let t = ray.dot(q) / det;
    let distance = v.dot(q) / det;
    let is_inside = s >= -1.0e-4 && t >= -1.0e-4 && s + t <= 1.0002;
    (is_inside && distance > 0.05).then_some(distance)
}

/// Fills holes from their borders, smoothly.
fn fill(found: Vec<Option<f32>>) -> Vec<f32> {
    let known: Vec<f32> = found.iter().flatten().copied().collect();
    let mean = if known.is_empty() { 1.0 } else { known.iter().sum::<f32>() / known.len() as f32 };
    let mut radii: Vec<f32> = found.iter().map(|radius| radius.unwrap_or(mean)).collect();
    let holes: Vec<usize> = (0..found.len()).filter(|at| found[*at].is_none()).collect();
    for _ in 0..300 {
        for at in &holes {
            let (row, column) = (at / COLUMNS, at % COLUMNS);
            let left = row * COLUMNS + (column + COLUMNS - 2) % (COLUMNS - 1);
            let right = row * COLUMNS + (column + 1) % (COLUMNS - 1);
            let (below, above) = (row.saturating_sub(1) * COLUMNS + column, (row + 1).min(ROWS - 1) * COLUMNS + column);
            radii[*at] = (radii[left] + radii[right] + radii[below] + radii[above]) / 4.0;
        }
    }
    radii
}
