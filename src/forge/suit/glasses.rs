//! Glasses: a thin metal frame with two lenses, fitted to eyes, brow and temples.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3};
use serde_json::json;

use super::super::body::Body;
use super::super::part::{Alpha, Kit, Material, Part};
use super::curve::{lerp, ramp, spline};
use super::sheet::{Grid, Sheet};
use super::wearer::Pull;
use crate::vrm::HumanBone;

/// Half width and height of a lens, decimeters.
const LENS: Vec2 = Vec2::new(0.245, 0.180);
/// Half the gap between the lenses.
const BRIDGE: f32 = 0.085;
/// Radius of the wire.
const WIRE: f32 = 0.011;
/// Backward lean of the lower rim.
const LEAN: f32 = 0.14;
const CORNERS: usize = 40;

/// Frame and lenses.
#[must_use]
pub(super) fn build(body: &Body) -> Kit {
    let fit = Fit::new(body);
    let mut frame = Sheet::default();
    let mut lenses = Sheet::default();
    for sign in [1.0, -1.0] {
        let rim: Vec<Vec3> = (0..CORNERS).map(|i| fit.rim(sign, i as f32 / CORNERS as f32 * TAU)).collect();
        lenses.join(lens(&rim));
        frame.join(wire(&rim, true));
        frame.join(wire(&fit.temple(sign), false));
    }
    let (left, right) = (fit.rim(1.0, TAU * 0.45), fit.rim(-1.0, TAU * 0.45));
    let over = (left + right) * 0.5 + Vec3::new(0.0, 0.045, 0.035);
    frame.join(wire(&spline(&[left, over, right], 12), false));
    let part = |sheet: Sheet, name: &str, material: &str| Part {
        name: name.into(),
        material: material.into(),
        weights: vec![body.rig.only(HumanBone::Head); sheet.positions.len()],
        positions: sheet.positions,
        normals: sheet.normals,
        uvs: sheet.uvs,
        triangles: sheet.triangles,
        is_head: true,
        ..Part::default()
    };
    Kit {
        parts: vec![part(frame, "Glasses", "glasses"), part(lenses, "Lenses", "lens")],
        materials: vec![
            Material {
                name: "glasses".into(),
                base_color: [0.10, 0.095, 0.09, 1.0],
                metallic: 1.0,
                roughness: 0.32,
                ..Material::default()
            },
            Material {
                name: "lens".into(),
                base_color: [0.9, 0.95, 1.0, 0.07],
                roughness: 0.04,
                alpha: Alpha::Blend,
                double_sided: true,
                extras: json!({"visavis": {"kind": "glass"}}),
                ..Material::default()
            },
        ],
        ..Kit::default()
    }
}

/// Where glasses sit on a head.
struct Fit {
    eyes: Vec3,
    /// Depth of the lenses at the height of the eyes.
    front: f32,
    ear: Vec3,
    head: Vec<Vec3>,
}

impl Fit {
    fn new(body: &Body) -> Self {
        let shape = body.rig.t_pose(&body.shape);
        // The head stays upright in the T-pose: it only moves with the rest.
        let shift = shape[0] - body.shape[0];
        let eyes = body.landmarks.eye_middle + shift;
        let head: Vec<Vec3> = body
            .data
            .group_vertices("body")
            .into_iter()
            .map(|v| shape[v as usize])
            .filter(|p| (p.y - eyes.y).abs() < 0.8 && p.z > eyes.z - 1.8 && p.z < eyes.z + 0.8)
            .collect();
        let radius = body.landmarks.eye_radius;
        let mut front = eyes.z + radius + 0.10;
        for p in &head {
            let at = Vec2::new(p.x.abs() - (BRIDGE + LENS.x), p.y - eyes.y) / LENS;
            if at.length() < 1.15 {
                let bow = 0.10 * (p.x.abs() - BRIDGE).max(0.0).powi(2) * 2.0;
                front = front.max(p.z + 0.035 + bow - LEAN * (p.y - eyes.y));
            }
        }
        let width = |z: f32| {
            let near = head.iter().filter(|p| (p.z - z).abs() < 0.12 && (p.y - eyes.y - 0.1).abs() < 0.12);
            near.map(|p| p.x.abs()).fold(0.0, f32::max)
        };
        // Ears stand out: the widest place at the height of the eyes.
        let ear_z = eyes.z - 0.98;
        let ear = Vec3::new(width(eyes.z - 0.75).max(0.5), eyes.y + 0.06, ear_z);
        Self { eyes, front, ear, head }
    }

    /// A point of a lens' rim; the angle counts from the outer corner upward.
    fn rim(&self, sign: f32, angle: f32) -> Vec3 {
        let (sin, cos) = angle.sin_cos();
        let round = |x: f32| x.signum() * x.abs().powf(0.72);
        // Narrower below, as a nose asks for.
        let x = BRIDGE + LENS.x + LENS.x * round(cos) * (1.0 - 0.06 * (0.5 - 0.5 * sin));
        let y = LENS.y * round(sin) - 0.02;
        let bow = 0.20 * (x - BRIDGE).max(0.0).powi(2);
        Vec3::new(sign * x, self.eyes.y + y, self.front - bow + LEAN * y)
    }

    /// From the hinge back over the ear.
    fn temple(&self, sign: f32) -> Vec<Vec3> {
        let hinge = self.rim(1.0, 0.35);
        let mut line = vec![hinge];
        for i in 1..=5 {
            let t = i as f32 / 5.0;
            let z = lerp(hinge.z - 0.06, self.ear.z, t);
            let y = lerp(hinge.y, self.ear.y, ramp(t, 0.0, 1.0));
            let side = self
                .head
                .iter()
                .filter(|p| (p.z - z).abs() < 0.10 && (p.y - y).abs() < 0.10 && p.x > 0.0 && p.z > self.ear.z + 0.15)
                .map(|p| p.x)
                .fold(0.0, f32::max);
            line.push(Vec3::new((side + 0.02).max(lerp(hinge.x + 0.02, self.ear.x, t)), y, z));
        }
        line.push(self.ear + Vec3::new(-0.02, -0.10, -0.14));
        line.push(self.ear + Vec3::new(-0.05, -0.30, -0.20));
        spline(&line, 22).into_iter().map(|p| p * Vec3::new(sign, 1.0, 1.0)).collect()
    }
}

/// A wire along a line.
fn wire(line: &[Vec3], is_closed: bool) -> Sheet {
    let count = line.len();
    let at = |i: isize| {
        if is_closed {
            line[i.rem_euclid(count as isize) as usize]
        } else {
            line[i.clamp(0, count as isize - 1) as usize]
        }
    };
    let rings = if is_closed { count + 1 } else { count };
    let ring = |i: usize| {
        let i = i as isize;
        let along = (at(i + 1) - at(i - 1)).normalize_or(Vec3::Z);
        let side = along.cross(if along.y.abs() < 0.9 { Vec3::Y } else { Vec3::Z }).normalize_or(Vec3::X);
        let up = side.cross(along);
        let spoke = |turn: f32| at(i) + (side * turn.cos() + up * turn.sin()) * WIRE;
        (0..=6).map(|k| spoke((k % 6) as f32 / 6.0 * TAU)).collect::<Vec<_>>()
    };
    let grid = Grid::new((0..rings).map(ring).collect(), false);
    let nearest = |p: Vec3| {
        line.iter().copied().min_by(|a, b| a.distance_squared(p).total_cmp(&b.distance_squared(p))).unwrap_or(p)
    };
    Sheet::of(&grid, |p| p - nearest(p), |_, _| Vec2::ZERO, |_, _, _| Pull::default()).welded()
}

/// Glass within a rim, bowed a little outward.
fn lens(rim: &[Vec3]) -> Sheet {
    let middle = rim.iter().sum::<Vec3>() / rim.len() as f32 + Vec3::Z * 0.012;
    let count = rim.len();
    let columns = (0..=count)
        .map(|i| {
            let edge = rim[i % count];
            [0.02, 0.5, 1.0].iter().map(|t| middle.lerp(edge, *t) + Vec3::Z * 0.012 * (1.0 - t * t)).collect()
        })
        .collect();
    let grid = Grid::new(columns, false);
    Sheet::of(&grid, |_| Vec3::Z, |_, _| Vec2::ZERO, |_, _, _| Pull::default()).welded()
}
