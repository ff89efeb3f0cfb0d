//! Places of a face, found by the vertex ranges of the base mesh.

use glam::Vec3;

use super::data::BodyData;
use super::rig::EYES;

/// Places of a face in the A-pose, decimeters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Landmarks {
    /// Centers of the left and the right eyeball.
    pub eyes: [Vec3; 2],
    /// Middle between the eyes.
    pub eye_middle: Vec3,
    /// Radius of an eyeball: just inside the margins of the lids.
    pub eye_radius: f32,
    /// Top of the head.
    pub top: f32,
    /// Tip of the nose.
    pub nose: Vec3,
    /// Middle of the skull, level with the temples.
    pub skull: Vec3,
    /// Where the lips meet, at the front of the teeth.
    pub mouth: Vec3,
    /// Middle of the line where the lips meet.
    pub lips: Vec3,
    /// Tip of the chin.
    pub chin: Vec3,
    /// Upper border of what clothes may cover.
    pub neck_line: f32,
    /// The floor below the bare feet.
    pub floor: f32,
}

/// Where upper and lower lip meet in the middle.
const LIP_MIDDLE: [usize; 2] = [537, 540];
/// Vertices of the skin.
pub const SKIN: std::ops::Range<usize> = 0..13_380;
/// Vertices of the helper surface around torso and limbs.
pub const TIGHTS: std::ops::Range<usize> = 15_328..18_002;

impl Landmarks {
    /// Finds them on a shape of the base mesh.
    #[must_use]
    pub fn new(data: &BodyData, shape: &[Vec3]) -> Self {
        let eyes = EYES.map(|range| {
            let points = shape.get(range).unwrap_or_default();
            points.iter().sum::<Vec3>() / points.len().max(1) as f32
        });
        let eye_middle = (eyes[0] + eyes[1]) / 2.0;
        let [left, _] = EYES;
        let mut distances: Vec<f32> =
            shape.get(left).unwrap_or_default().iter().map(|point| point.distance(eyes[0])).collect();
        distances.sort_unstable_by(f32::total_cmp);
        let eye_radius = distances.get(distances.len() / 2).copied().unwrap_or(0.14) * 0.992;
        let skin = shape.get(SKIN).unwrap_or_default();
        let head = || skin.iter().copied().filter(move |point| point.y > eye_middle.y - 0.9);
        let nose = head().max_by(|a, b| a.z.total_cmp(&b.z)).unwrap_or(eye_middle);
        let row = |group: &str| data.group_vertices(group).into_iter().map(move |vertex| shape[vertex as usize]);
        let upper = row("helper-upper-teeth").fold(Vec3::INFINITY, |low, point| low.min(point)).y;
        let lower = row("helper-lower-teeth").fold(Vec3::NEG_INFINITY, |high, point| high.max(point)).y;
        let front = row("helper-upper-teeth").map(|point| point.z).fold(f32::NEG_INFINITY, f32::max);
        let mouth = Vec3::new(0.0, (upper + lower) / 2.0, front);
        let lips = LIP_MIDDLE.into_iter().filter_map(|vertex| shape.get(vertex)).sum::<Vec3>() / 2.0;
        let below = |point: &Vec3| point.x.abs() < 0.12 && point.y < mouth.y - 0.25 && point.y > mouth.y - 0.65;
        let chin = skin.iter().copied().filter(below).max_by(|a, b| a.z.total_cmp(&b.z)).unwrap_or(mouth);
        Self {
            eyes,
            eye_middle,
            eye_radius,
            top: head().map(|point| point.y).fold(f32::NEG_INFINITY, f32::max),
            nose,
            skull: Vec3::new(0.0, eye_middle.y + 0.18, eye_middle.z - 0.98),
            mouth,
            lips,
            chin,
            neck_line: shape.get(TIGHTS).unwrap_or_default().iter().map(|p| p.y).fold(f32::NEG_INFINITY, f32::max),
            floor: skin.iter().map(|point| point.y).fold(f32::INFINITY, f32::min),
        }
    }
}
