//! The relief of the face: pores, furrows between them, lines of the lips, lines of age. Heights are in texels.

use glam::Vec2;

use super::bake::Bake;
use super::color::Coat;
use super::wrinkle::Wrinkles;
use crate::forge::body::Body;
use crate::forge::noise;
use crate::forge::paint::Plane;

/// Texels between pores.
const PITCH: f32 = 5.2;

/// Heights of the face.
pub(super) struct Relief {
    pub(super) whole: Plane,
    /// Depth of pores alone, 0..=1.
    pub(super) pores: Plane,
}

pub(super) fn height(body: &Body, bake: &Bake<'_>, coats: &[Option<Coat>]) -> Relief {
    let size = bake.size;
    let age = (body.recipe.age.get() - 20.0) / 40.0;
    // From about thirty on, lines stay where expressions fold the skin.
    let lines = (age - 0.22).max(0.0) * 0.55;
    let wrinkles = Wrinkles::new(body);
    let folds = if lines > 0.0 { Some(wrinkles.height(bake)) } else { None };
    let pores = Plane::filled(size, size, |x, y| match coats[y * size + x] {
        Some(coat) if coat.is_outer => pore(Vec2::new(x as f32, y as f32)) * coat.pores,
        _ => 0.0,
    });
    let furrows = bake.plane(0.0, |spot| {
        let net = |seed: u32, cells: f32| 1.0 - 2.0 * noise::value(seed, spot.at * cells).abs();
        0.6 * net(41, 70.0) + 0.4 * net(42, 125.0)
    });
    let depth = 0.58 * (1.0 + 0.5 * age);
    let whole = Plane::filled(size, size, |x, y| {
        let at = y * size + x;
        let Some(coat) = coats[at] else { return 0.0 };
        if !coat.is_outer {
            return 0.0;
        }
        let skin = (0.17 * (1.0 + 0.8 * age) * furrows.values[at] * (0.5 + 0.5 * coat.pores)) * (1.0 - 0.7 * coat.lip);
        let fold = folds.as_ref().map_or(0.0, |folds| folds.values[at] * lines);
        skin - depth * pores.values[at] + 0.36 * coat.lip * coat.lines + fold
    });
    Relief { whole, pores }
}

/// The depth of the nearest pore at a texel, 0..=1: one pore in each cell of a jittered grid.
fn pore(at: Vec2) -> f32 {
    let at = at / PITCH;
    let cell = at.floor();
    let mut depth = 0.0_f32;
    for row in -1..=1 {
        for column in -1..=1 {
            let (x, y) = (cell.x as i32 + column, cell.y as i32 + row);
            let h = noise::hash(51, x, y, 0);
            let share = |shift: u32| ((h >> shift) & 0xFF) as f32 / 255.0;
            let center = Vec2::new(x as f32 + 0.15 + 0.7 * share(0), y as f32 + 0.15 + 0.7 * share(8));
            let radius = 0.17 + 0.15 * share(16);
            let reach = (at - center).length_squared() / (radius * radius);
            if reach < 6.0 {
                depth = depth.max((-reach).exp() * (0.35 + 0.65 * share(24)));
            }
        }
    }
    depth
}
