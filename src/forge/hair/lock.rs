//! Locks: ribbons along guide curves, which break up the smooth outline of the shell.

use glam::{Vec2, Vec3};

use crate::forge::paint::Dice;
use crate::forge::part::Part;
use crate::forge::rig::Influence;

/// Pictures of locks side by side in the texture.
pub(super) const VARIANTS: usize = 4;

/// Gathers ribbons.
pub(super) struct Locks {
    part: Part,
}

/// A ribbon.
pub(super) struct Lock {
    /// From root to tip.
    pub(super) points: Vec<Vec3>,
    /// Decimeters at its widest.
    pub(super) width: f32,
    /// How much light reaches it.
    pub(super) light: f32,
}

impl Locks {
    pub(super) fn new(name: &str) -> Self {
        let part = Part { name: name.into(), material: "haircard".into(), is_head: true, ..Part::default() };
        Self { part }
    }

    /// Adds a ribbon that faces away from `center`.
    pub(super) fn add(&mut self, lock: &Lock, center: Vec3, dice: &mut Dice, weight: impl Fn(Vec3) -> Influence) {
        let count = lock.points.len();
        let first = self.part.positions.len() as u32;
        let variant = (dice.even() * VARIANTS as f32).min(VARIANTS as f32 - 1.0).floor();
        let (left, right) = ((variant + 0.02) / VARIANTS as f32, (variant + 0.98) / VARIANTS as f32);
        let roll = dice.between(-0.04, 0.04);
        for (index, at) in lock.points.iter().enumerate() {
            let t = index as f32 / (count - 1).max(1) as f32;
            let before = lock.points[index.saturating_sub(1)];
            let after = lock.points[(index + 1).min(count - 1)];
            let way = (after - before).normalize_or(Vec3::NEG_Y);
            let out = *at - center;
            let normal = (out - way * out.dot(way)).normalize_or(Vec3::Y);
            let side = (way.cross(normal) + normal * roll).normalize_or(Vec3::X);
            let half = side * lock.width * 0.5 * (1.0 - 0.38 * t);
            for (edge, u) in [(-half, left), (half, right)] {
                self.part.positions.push(*at + edge);
                self.part.normals.push(normal);
                self.part.uvs.push(Vec2::new(u, 0.01 + 0.98 * t));
                self.part.colors.push([lock.light; 3]);
                self.part.weights.push(weight(*at));
            }
            if index > 0 {
                let v = first + 2 * index as u32;
                self.part.triangles.extend([[v - 2, v - 1, v], [v - 1, v + 1, v]]);
            }
        }
    }

    pub(super) fn part(self) -> Part {
        self.part
    }
}
