//! Wrinkles that expressions fold into the skin, each placed by the landmarks of the face.

use glam::{Vec2, Vec3};
use image::DynamicImage;

use super::bake::{Bake, Spot};
use crate::forge::body::Body;
use crate::forge::head::Island;
use crate::forge::landmarks::Landmarks;
use crate::forge::noise;
use crate::forge::normals::smooth;
use crate::forge::paint::{Furrow, Plane, bell, numbers};

/// All wrinkles of a face: lines seen from the front, in decimeters from the middle between the eyes, right side of the
/// picture.
pub(super) struct Wrinkles {
    marks: Landmarks,
    furrows: Vec<Furrow>,
}

/// Heights of a chart 1024 texels wide; larger charts have proportionally more texels of height.
const HEIGHT_SIZE: f32 = 1024.0;

impl Wrinkles {
    pub(super) fn new(body: &Body) -> Self {
        let marks = body.landmarks;
        let eye = marks.eyes[0] - marks.eye_middle;
        let nose = marks.nose - marks.eye_middle;
        let lips = marks.lips - marks.eye_middle;
        let mut furrows = Vec::new();
        let mut add = |points: &[(f32, f32)], width: f32, depth: f32| {
            furrows.push(Furrow { points: points.iter().map(|p| Vec2::from(*p)).collect(), width, depth });
        };
        // Between the brows: two upright lines, a fainter pair beside, one across the root of the nose.
        add(&[(0.042, 0.08), (0.050, 0.17), (0.062, 0.27), (0.070, 0.32)], 0.011, 2.1);
        add(&[(0.085, 0.17), (0.105, 0.25)], 0.010, 0.9);
        add(&[(-0.01, 0.045), (0.04, 0.040), (0.075, 0.055)], 0.010, 1.2);
        // Beside the nose.
        for step in 0..2 {
            let down = step as f32 * 0.055;
            add(&[(0.045, -0.01 - down), (0.085, 0.015 - down), (0.115, 0.05 - down)], 0.008, 0.7);
        }
        // Across the forehead, slightly wavy, lower in the middle.
        for (step, depth) in [1.5, 1.9, 1.5].into_iter().enumerate() {
            let base = 0.385 + 0.105 * step as f32;
            let points: Vec<(f32, f32)> = (0..=10)
                .map(|k| {
                    let x = -0.02 + k as f32 * 0.047;
                    let wave = 0.010 * noise::value(60 + step as u32, Vec3::new(x * 9.0, 0.0, 0.0));
                    (x, base + 0.022 * smooth(0.0, 0.28, x) - 0.05 * smooth(0.30, 0.5, x) + wave)
                })
                .collect();
            add(&points, 0.013, depth);
        }
        // From the outer corner of the eye.
        let corner = Vec2::new(eye.x + 0.165, -0.02);
        for (angle, length) in [(38.0_f32, 0.12), (13.0, 0.16), (-12.0, 0.15), (-36.0, 0.12)] {
            let way = Vec2::from_angle(angle.to_radians());
            let bend = Vec2::new(0.0, -0.012 * angle.signum());
            let at = |t: f32| corner + way * (0.025 + length * t) + bend * t * t;
            add(&[at(0.0), at(0.5), at(1.0)].map(|p| (p.x, p.y)), 0.007, 0.85);
        }
        // Under the eye.
        add(&[(eye.x - 0.10, -0.115), (eye.x, -0.145), (eye.x + 0.11, -0.115)], 0.009, 0.7);
        // From the wing of the nose around the corner of the mouth.
        let (wing, mouth) = (nose.y + 0.02, lips.y);
        add(
            &[
                (0.155, wing + 0.03),
                (0.205, wing - 0.05),
                (0.262, wing - 0.14),
                (0.305, mouth + 0.03),
                (0.320, mouth - 0.07),
            ],
            0.019,
            2.3,
        );
        Self { marks, furrows }
    }

    /// Heights in texels of the chart.
    pub(super) fn height(&self, bake: &Bake<'_>) -> Plane {
        let scale = bake.size as f32 / HEIGHT_SIZE;
        bake.plane(0.0, |spot| if self.is_front(spot) { self.fold(self.place(spot)) * scale } else { 0.0 })
    }

    fn is_front(&self, spot: &Spot) -> bool {
        spot.island == Island::Head && spot.at.z > self.marks.eye_middle.z - 0.45 && spot.normal.z > -0.1
    }

    fn place(&self, spot: &Spot) -> Vec2 {
        Vec2::new(spot.at.x.abs(), spot.at.y - self.marks.eye_middle.y)
    }

    /// Furrows with the bulges beside them.
    fn fold(&self, at: Vec2) -> f32 {
        let mut height = 0.0;
        for furrow in &self.furrows {
            let (distance, t) = furrow.distance(at);
            let reach = distance / furrow.width;
            if reach < 5.0 {
                let fade = smooth(0.0, 0.22, t) * smooth(1.0, 0.72, t);
                height += furrow.depth * fade * (0.32 * bell(reach, 2.1, 1.1) - bell(reach, 0.0, 1.0));
            }
        }
        height
    }

    /// Where each wrinkle acts: R drawn brows, G raised brows, B smile.
    pub(super) fn mask(&self, bake: &Bake<'_>) -> DynamicImage {
        let eye = self.marks.eyes[0] - self.marks.eye_middle;
        let nose = self.marks.nose - self.marks.eye_middle;
        let lips = self.marks.lips - self.marks.eye_middle;
        let size = bake.size;
        let texels = bake.triples(|spot| {
            if !self.is_front(spot) {
                return Vec3::ZERO;
            }
            let at = self.place(spot);
            let drawn = smooth(0.24, 0.13, at.x) * smooth(-0.14, -0.06, at.y) * smooth(0.40, 0.31, at.y);
            let raised = smooth(0.31, 0.37, at.y) * smooth(0.56, 0.42, at.x) * smooth(0.86, 0.72, at.y);
            let feet = smooth(eye.x + 0.10, eye.x + 0.17, at.x) * smooth(-0.26, -0.17, at.y) * smooth(0.22, 0.14, at.y);
            let under = smooth(0.20, 0.12, (at.x - eye.x).abs()) * bell(at.y, -0.13, 0.05);
            let folds = smooth(0.10, 0.15, at.x)
                * smooth(0.46, 0.38, at.x)
                * smooth(nose.y + 0.14, nose.y + 0.05, at.y)
                * smooth(lips.y - 0.18, lips.y - 0.10, at.y);
            Vec3::new(drawn, raised, feet.max(under).max(folds))
        });
        numbers(size, size, |x, y| texels[y * size + x])
    }
}
