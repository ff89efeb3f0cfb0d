//! The skin of hands: knuckles, creases, lines of the palm, nails. Both hands share one picture; the left is painted.

use glam::{Vec2, Vec3};
use image::{DynamicImage, RgbImage};
use rayon::prelude::*;

use super::super::body::Body;
use super::super::noise;
use super::super::part::{Encoding, Part, Texture};
use super::super::raster;
use super::curve::ramp;
use crate::vrm::HumanBone;

/// Width and height of the pictures.
const SIZE: usize = 1024;
/// Share of the picture's width that the hands take; wrists stand beside.
const HANDS_WIDTH: f32 = 0.78;

const FINGERS: [[HumanBone; 3]; 5] = [
    [HumanBone::LeftIndexProximal, HumanBone::LeftIndexIntermediate, HumanBone::LeftIndexDistal],
    [HumanBone::LeftMiddleProximal, HumanBone::LeftMiddleIntermediate, HumanBone::LeftMiddleDistal],
    [HumanBone::LeftRingProximal, HumanBone::LeftRingIntermediate, HumanBone::LeftRingDistal],
    [HumanBone::LeftLittleProximal, HumanBone::LeftLittleIntermediate, HumanBone::LeftLittleDistal],
    [HumanBone::LeftThumbMetacarpal, HumanBone::LeftThumbProximal, HumanBone::LeftThumbDistal],
];

/// What is painted at a place, 0..=1 each; height in millimeters.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Mark {
    red: f32,
    crease: f32,
    palm: f32,
    nail: f32,
    /// White of the nail's free edge.
    tip: f32,
    height: f32,
}

/// A joint of a finger in the T-pose.
struct Knuckle {
    at: Vec3,
    along: Vec3,
    joint: usize,
    rank: usize,
    is_thumb: bool,
}

struct Painter<'a> {
    body: &'a Body,
    knuckles: Vec<Knuckle>,
    wrist: Vec3,
    middle: Vec3,
}

/// Base color, normals, and roughness for the part of the hands. `skin` is the color of the back of the hand, sRGB
/// 0..=1.
#[must_use]
pub fn textures(body: &Body, hands: &Part, skin: [f32; 3]) -> Vec<Texture> {
    let painter = Painter::new(body);
    let left: Vec<[u32; 3]> =
        hands.triangles.iter().filter(|t| t.iter().all(|v| hands.positions[*v as usize].x > 0.0)).copied().collect();
    let cover = raster::cover(SIZE, &hands.uvs, &left);
    let marks: Vec<Option<Mark>> = cover
        .par_iter()
        .enumerate()
        .map(|(at, cover)| {
            let cover = (*cover)?;
            let corners = left[cover.triangle as usize];
            let blend = |values: &[Vec3]| {
                corners.iter().zip(cover.weights.to_array()).map(|(v, w)| values[*v as usize] * w).sum::<Vec3>()
            };
            let weight = |joint: usize| -> f32 {
                let own = |v: &u32| {
                    hands.weights[*v as usize]
                        .iter()
                        .filter(|(j, _)| usize::from(*j) == joint)
                        .map(|(_, w)| w)
                        .sum::<f32>()
                };
                corners.iter().zip(cover.weights.to_array()).map(|(v, w)| own(v) * w).sum()
            };
            let uv = Vec2::new((at % SIZE) as f32 + 0.5, (at / SIZE) as f32 + 0.5) / SIZE as f32;
            Some(painter.mark(blend(&hands.positions), blend(&hands.normals).normalize_or(Vec3::Y), uv, weight))
        })
        .collect();
    let marks = spread(marks);
    let color = |at: usize| color(marks[at], skin, at);
    vec![
        Texture { name: "hands".into(), image: picture(color), encoding: Encoding::Jpeg(88) },
        Texture { name: "hands_normal".into(), image: picture(|at| normal(&marks, at)), encoding: Encoding::Jpeg(86) },
        Texture {
            name: "hands_orm".into(),
            image: picture(|at| {
                let mark = marks[at];
                let rough = 0.56 + 0.06 * mark.palm - 0.26 * mark.nail;
                Vec3::new(1.0 - 0.35 * mark.crease * (1.0 - mark.nail), rough, 0.0)
            }),
            encoding: Encoding::Jpeg(80),
        },
    ]
}

fn picture(color: impl Fn(usize) -> Vec3) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(SIZE as u32, SIZE as u32, |x, y| {
        let color = color(y as usize * SIZE + x as usize);
        image::Rgb((color.clamp(Vec3::ZERO, Vec3::ONE) * 255.0).to_array().map(|c| c.round() as u8))
    }))
}

/// Fills uncovered texels from covered neighbors, a few texels far: texture filters look across the border.
fn spread(mut marks: Vec<Option<Mark>>) -> Vec<Mark> {
    for _ in 0..6 {
        let before = marks.clone();
        for at in 0..before.len() {
            if before[at].is_none() {
                let neighbors = [at.wrapping_sub(1), at + 1, at.wrapping_sub(SIZE), at + SIZE];
                marks[at] = neighbors.iter().find_map(|n| before.get(*n).copied().flatten());
            }
        }
    }
    marks.into_iter().map(Option::unwrap_or_default).collect()
}

impl<'a> Painter<'a> {
    fn new(body: &'a Body) -> Self {
        let joints = body.rig.t_joints();
        let knuckles = FINGERS
            .iter()
            .enumerate()
            .flat_map(|(finger, bones)| {
                let at = bones.map(|bone| joints[body.rig.joint(bone)]);
                (0..3).map(move |rank| {
                    let along = if rank < 2 { at[rank + 1] - at[rank] } else { at[2] - at[1] };
                    (finger, rank, at[rank], along.normalize_or(Vec3::X), bones[rank])
                })
            })
            .map(|(finger, rank, at, along, bone)| Knuckle {
                at,
                along,
                joint: body.rig.joint(bone),
                rank,
                is_thumb: finger == 4,
            })
            .collect();
        let wrist = joints[body.rig.joint(HumanBone::LeftHand)];
        let middle = joints[body.rig.joint(HumanBone::LeftMiddleProximal)];
        Self { body, knuckles, wrist, middle }
    }

    fn mark(&self, point: Vec3, normal: Vec3, uv: Vec2, weight: impl Fn(usize) -> f32) -> Mark {
        let back = (normal.y * 1.6).clamp(0.0, 1.0);
        let palm = (-normal.y * 1.6).clamp(0.0, 1.0);
        let wander = noise::value(7, point * 9.0) - 0.5;
        let mut mark = Mark { palm, ..Mark::default() };
        for knuckle in &self.knuckles {
            let from = point - knuckle.at;
            let way = from.dot(knuckle.along);
            let aside = (from - knuckle.along * way).length();
            let near = 1.0 - ramp(aside, 0.13, 0.20);
            if near <= 0.0 || way.abs() > 0.5 {
                continue;
            }
            let bell = |center: f32, width: f32| (-((way - center) / width).powi(2)).exp();
            mark.red += back * near * bell(0.0, [0.075, 0.055, 0.04][knuckle.rank]) * [0.8, 0.7, 0.45][knuckle.rank];
            if knuckle.rank > 0 {
                let pair: &[f32] = if knuckle.rank == 1 && !knuckle.is_thumb { &[-0.014, 0.014] } else { &[0.0] };
                for center in pair {
                    mark.crease += palm * near * bell(center + 0.01 * wander, 0.0065) * 0.75;
                }
                for center in [-0.042, -0.026, -0.010, 0.008, 0.024, 0.040] {
                    let fade = 1.0 - (center / 0.06_f32).abs();
                    mark.crease += back * near * bell(center + 0.016 * wander, 0.0055) * 0.42 * fade;
                }
            } else {
                // Tendons end in soft hills at the knuckles.
                mark.height += back * near * bell(0.0, 0.10) * 0.5;
            }
            if knuckle.rank == 2 {
                mark.red += ramp(way, 0.04, 0.18) * near * 0.4;
            }
        }
        self.lines(point, palm, wander, &mut mark);
        self.nail(point, uv, weight, &mut mark);
        mark.red = mark.red.clamp(0.0, 1.1) * (1.0 + 0.4 * wander);
        mark.crease = mark.crease.clamp(0.0, 1.0);
        let grain = noise::layered(21, point * 55.0, 2, 0.6) - 0.5;
        mark.height += grain * 0.10 * (1.0 - mark.nail) - mark.crease * 0.35 + mark.nail * 0.15;
        mark
    }

    /// Heart, head and life line, and the flush of the palm.
    fn lines(&self, point: Vec3, palm: f32, wander: f32, mark: &mut Mark) {
        let length = self.middle - self.wrist;
        let u = (point - self.wrist).dot(length) / length.length_squared().max(1.0e-6);
        let z = point.z - (self.wrist.z + u * (self.middle.z - self.wrist.z));
        if !(-0.1..1.15).contains(&u) {
            return;
        }
        let line = |distance: f32, width: f32| (-(distance / width).powi(2)).exp();
        let heart = u - 0.80 + 0.32 * z - 0.35 * z * z + 0.02 * wander;
        let head = u - 0.62 + 0.10 * z + 0.25 * z * z + 0.02 * wander;
        let life = ((u - 0.24) * 0.95).hypot(z - 0.42) - 0.36 + 0.012 * wander;
        let within = 1.0 - ramp(z.abs(), 0.30, 0.42);
        mark.crease += palm
            * within
            * (line(heart, 0.011) * ramp(z, 0.22, -0.05) + line(head, 0.010) * ramp(z, -0.32, -0.1))
            * 0.55;
        mark.crease += palm * line(life, 0.010) * ramp(u, 0.06, 0.14) * ramp(u, 0.66, 0.56) * 0.5;
        let mounds = 0.24 * line(z - 0.3, 0.16) + 0.2 * line(z + 0.3, 0.14);
        mark.red += palm * (0.25 + mounds) * ramp(u, 1.15, 1.0);
    }

    fn nail(&self, point: Vec3, uv: Vec2, weight: impl Fn(usize) -> f32, mark: &mut Mark) {
        if uv.x > HANDS_WIDTH {
            return;
        }
        // Back from the picture of the hands to the atlas of the body.
        let atlas = Vec2::new(0.357 + uv.x / HANDS_WIDTH * 0.202, 0.008 + (0.99 - uv.y) / 0.98 * 0.194);
        let Some(mask) = self.body.data.mask("fingernails") else { return };
        let nail = mask.sample(atlas);
        if nail <= 0.02 {
            return;
        }
        mark.nail = ramp(nail, 0.35, 0.65);
        // A fold of skin around it.
        mark.crease += (nail * (1.0 - nail) * 4.0) * (1.0 - mark.nail) * 0.5;
        let own =
            self.knuckles.iter().filter(|k| k.rank == 2).max_by(|a, b| weight(a.joint).total_cmp(&weight(b.joint)));
        if let Some(knuckle) = own {
            let reach = self.reach(knuckle);
            let way = (point - knuckle.at).dot(knuckle.along);
            mark.tip = ramp(way, reach - 0.030, reach - 0.022);
        }
    }

    /// How far a finger reaches beyond its last joint.
    fn reach(&self, knuckle: &Knuckle) -> f32 {
        // As long as the last bone of a hand of this size.
        let hand = self.middle.distance(self.wrist);
        hand * if knuckle.is_thumb { 0.31 } else { 0.25 }
    }
}

fn color(mark: Mark, skin: [f32; 3], at: usize) -> Vec3 {
    let base = Vec3::from(skin);
    let speck = noise::unit(3, at as i32) - 0.5;
    let mut color = base * (Vec3::ONE - Vec3::new(0.02, 0.17, 0.15) * mark.red);
    color *= Vec3::ONE - Vec3::new(0.14, 0.26, 0.27) * mark.crease;
    color = color.lerp(base * Vec3::new(1.04, 0.97, 0.93), mark.palm * 0.35);
    color *= 1.0 + 0.012 * speck;
    let plate = (base * Vec3::new(1.03, 0.93, 0.92)).lerp(Vec3::new(0.93, 0.88, 0.84), mark.tip * 0.8);
    color.lerp(plate, mark.nail * 0.85)
}

fn normal(marks: &[Mark], at: usize) -> Vec3 {
    let (x, y) = (at % SIZE, at / SIZE);
    let height = |x: usize, y: usize| marks[y.min(SIZE - 1) * SIZE + x.min(SIZE - 1)].height;
    let across = height(x + 1, y) - height(x.saturating_sub(1), y);
    let down = height(x, y + 1) - height(x, y.saturating_sub(1));
    Vec3::new(-across * 2.2, down * 2.2, 1.0).normalize() * 0.5 + 0.5
}
