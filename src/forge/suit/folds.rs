//! Folds of a worn suit, finer than its mesh: a normal texture over all of a garment, drawn where cloth is pressed
//! together — in the crook of the elbow, below the armpit, at the waist, behind the knee, over the shoe.

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3};
use serde_json::{Value, json};

use super::curve::ramp;
use super::jacket::{self, WEAVE};
use super::{Tailor, trousers};
use crate::forge::noise;
use crate::forge::paint::{self, Furrow, Plane, bell};
use crate::forge::part::{Encoding, Texture};

/// Radius of a sleeve, a trunk and a trouser leg on which their angles are rolled out, decimeters.
const SLEEVE: f32 = 0.55;
const TRUNK: f32 = 1.35;
const LEG: f32 = 0.75;
/// Where sleeves lie on the jacket's texture coordinates: beside the trunk, a whole number of the weave's tiles.
pub(super) const SLEEVE_TILES: f32 = 64.0;
/// Tiles of the weave from which on a texel is a sleeve's.
const SLEEVES_FROM: f32 = 61.0;

/// The folds of a garment.
pub(super) struct FoldMap {
    name: &'static str,
    /// Texels.
    size: (usize, usize),
    /// What the texture covers of the garment's texture coordinates: corner and size.
    chart: [f32; 4],
}

pub(super) const JACKET: FoldMap = FoldMap { name: "jacket_folds", size: (768, 512), chart: [0.0, -15.0, 96.0, 64.0] };
/// Both legs take the same folds.
pub(super) const TROUSERS: FoldMap =
    FoldMap { name: "trousers_folds", size: (256, 512), chart: [trousers::FRONT_TILES, 0.0, trousers::TILES, 80.0] };

/// A piece on which folds are drawn: an angle and a way along it.
struct Piece {
    radius: f32,
    furrows: Vec<Furrow>,
    /// Size against a medium woman.
    scale: f32,
    seed: u32,
}

impl FoldMap {
    /// What the material says of it.
    pub(super) fn hint(&self) -> Value {
        json!({"normal": format!("texture:{}", self.name), "chart": self.chart})
    }

    /// What it covers of the texture coordinates: corner and size.
    #[cfg(test)]
    pub(super) fn chart(&self) -> [f32; 4] {
        self.chart
    }

    /// `height` is asked for the height in decimeters at a texture coordinate.
    fn texture(&self, height: impl Fn(Vec2) -> f32 + Sync) -> Texture {
        let [left, top, wide, high] = self.chart;
        let (columns, rows) = self.size;
        // A texel's size: a tile is as long as it is wide, nearly.
        let texel = high / rows as f32 / WEAVE;
        let plane = Plane::filled(columns, rows, |x, y| {
            let share = Vec2::new((x as f32 + 0.5) / columns as f32, (y as f32 + 0.5) / rows as f32);
            height(Vec2::new(left, top) + share * Vec2::new(wide, high)) / texel
        });
        Texture { name: self.name.to_owned(), image: paint::normals(&plane), encoding: Encoding::Jpeg(88) }
    }
}

/// Both textures.
pub(super) fn textures(tailor: &Tailor<'_>) -> [Texture; 2] {
    let (trunk, sleeve, leg) = (of_trunk(tailor), of_sleeve(tailor), of_leg(tailor));
    let top = trousers::top(&tailor.trunk);
    let jacket = JACKET.texture(|uv| {
        if uv.x > SLEEVES_FROM {
            let phi = (uv.x - SLEEVE_TILES) / (jacket::SLEEVE_TURN * WEAVE);
            sleeve.height(phi, phi, uv.y / WEAVE)
        } else {
            let theta = uv.x / (jacket::TRUNK_TURN * WEAVE);
            trunk.height(theta.min(TAU - theta), theta, -uv.y / WEAVE)
        }
    });
    let trousers = TROUSERS.texture(|uv| {
        let theta = (uv.x / trousers::TILES).fract() * TAU;
        leg.height(theta, theta, top - uv.y / WEAVE)
    });
    [jacket, trousers]
}

impl Piece {
    fn new(radius: f32, scale: f32, seed: u32) -> Self {
        Self { radius, furrows: Vec::new(), scale, seed }
    }

    /// Adds a fold through points of angle and way.
    fn add(&mut self, depth: f32, width: f32, points: &[(f32, f32)]) {
        let mut points: Vec<Vec2> = points.iter().map(|(angle, way)| Vec2::new(angle * self.radius, *way)).collect();
        for _ in 0..2 {
            points = rounded(&points);
        }
        self.furrows.push(Furrow { points, width: width * self.scale, depth: depth * self.scale });
    }

    /// Height of the cloth, decimeters, where folds lie at an angle; `turn` is the angle in a whole turn, by which the
    /// two halves of a piece are alike, but not the same.
    fn height(&self, angle: f32, turn: f32, way: f32) -> f32 {
        let place = Vec3::new(turn.cos() * self.radius, way, turn.sin() * self.radius);
        // No line in cloth is straight, and none the same all along.
        let drift = [0, 1].map(|k| noise::value(self.seed * 7 + k, place * 1.6));
        let strength = 0.85 + 0.35 * noise::value(self.seed * 7 + 2, place * 1.3);
        let lump = noise::layered(self.seed * 7 + 3, place * 0.9, 3, 0.5) * 0.016;
        let around = [-TAU, 0.0, TAU].map(|turn| Vec2::new((angle + turn) * self.radius, way));
        let mut height = lump * self.scale;
        for furrow in &self.furrows {
            for at in around {
                let (distance, t) = furrow.distance(at + Vec2::from(drift) * 0.09 * self.scale);
                let reach = distance / furrow.width;
                if reach < 5.0 {
                    let fade = ramp(t, 0.0, 0.3) * ramp(t, 1.0, 0.7);
                    height += strength * furrow.depth * fade * (bell(reach, 0.0, 0.8) - 0.55 * bell(reach, 1.9, 1.0));
                }
            }
        }
        height
    }
}

/// A line with its corners cut (Chaikin), from the same start to the same end.
fn rounded(points: &[Vec2]) -> Vec<Vec2> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let cut = points.windows(2).flat_map(|pair| [pair[0].lerp(pair[1], 0.25), pair[0].lerp(pair[1], 0.75)]);
    std::iter::once(*first).chain(cut).chain(std::iter::once(*last)).collect()
}

/// Angle: 0 outward, π/2 to the front; way from the shoulder.
fn of_sleeve(tailor: &Tailor<'_>) -> Piece {
    let arm = &tailor.arms[0];
    let (elbow, wrist, k) = (arm.elbow, arm.wrist, tailor.cut.scale);
    let mut sleeve = Piece::new(SLEEVE, k, 11);
    // They run together in the crook.
    for (off, depth) in
        [(-0.84, 0.040), (-0.44, 0.060), (-0.14, 0.048), (0.20, 0.062), (0.52, 0.040), (0.92, 0.034_f32)]
    {
        let line: Vec<(f32, f32)> = (-4..=4)
            .map(|i| {
                let t = i as f32 / 4.0;
                (1.15 + 1.35 * t, elbow + off * k * (0.42 + 0.62 * t * t) + 0.05 * t)
            })
            .collect();
        sleeve.add(depth, 0.060, &line);
    }
    let at = |points: &[(f32, f32)], from: f32| -> Vec<(f32, f32)> {
        points.iter().map(|(phi, s)| (*phi, from + s * k)).collect()
    };
    for (depth, width, points) in [
        // Behind the elbow.
        (0.026, 0.09, [(3.5, -0.42), (4.4, -0.30), (5.3, -0.40)]),
        (0.026, 0.09, [(3.6, 0.42), (4.5, 0.28), (5.3, 0.45)]),
        // Around the lower arm.
        (0.026, 0.09, [(0.4, 0.95), (1.3, 1.25), (2.3, 1.30)]),
        (0.026, 0.10, [(3.5, 0.85), (4.6, 1.30), (5.7, 1.45)]),
    ] {
        sleeve.add(depth, width, &at(&points, elbow));
    }
    for (depth, width, points) in [
        // Away from the armpit, in front and behind.
        (0.050, 0.075, [(2.8, 0.80), (2.0, 1.20), (1.2, 1.32)]),
        (0.045, 0.075, [(2.9, 0.95), (2.2, 1.55), (1.7, 2.00)]),
        (0.050, 0.075, [(3.5, 0.80), (4.2, 1.20), (5.0, 1.38)]),
        (0.040, 0.080, [(3.4, 1.00), (4.0, 1.65), (4.3, 2.10)]),
        // Across the upper arm.
        (0.026, 0.11, [(0.6, 1.35), (1.3, 1.95), (2.2, 2.20)]),
        (0.026, 0.11, [(5.4, 1.50), (4.6, 2.00), (3.7, 2.25)]),
    ] {
        sleeve.add(depth, width, &at(&points, 0.0));
    }
    for (depth, width, points) in [
        // Cloth stands on the cuff.
        (0.026, 0.085, [(0.1, -0.46), (1.4, -0.36), (2.6, -0.50)]),
        (0.030, 0.085, [(3.3, -0.32), (4.6, -0.44), (5.9, -0.36)]),
    ] {
        sleeve.add(depth, width, &at(&points, wrist));
    }
    sleeve
}

/// Angle: 0 in front; way: the height on the drape.
fn of_trunk(tailor: &Tailor<'_>) -> Piece {
    let (trunk, cut) = (&tailor.trunk, &tailor.cut);
    let k = cut.scale;
    let mut piece = Piece::new(TRUNK, k, 5);
    let (button, waist, pit) = (cut.button - trunk.pivot_y, trunk.level(0.30) - trunk.pivot_y, tailor.holes[0].low());
    for (from, depth, width, points) in [
        // Drag lines of the button.
        (button, 0.024, 0.085, [(0.16, 0.03), (0.60, 0.22), (1.10, 0.52)]),
        (button, 0.024, 0.085, [(0.16, -0.05), (0.60, -0.24), (1.10, -0.60)]),
        (button, 0.018, 0.085, [(0.22, 0.16), (0.55, 0.45), (0.85, 0.85)]),
        // Before the armhole and below it.
        (pit, 0.028, 0.10, [(1.12, 0.45), (0.90, 0.05), (0.72, -0.50)]),
        (pit, 0.034, 0.09, [(1.15, -0.16), (1.50, -0.32), (1.95, -0.14)]),
        // At the waist's side.
        (waist, 0.032, 0.095, [(1.15, 0.16), (1.60, 0.04), (2.05, 0.18)]),
        (waist, 0.028, 0.095, [(1.20, -0.26), (1.62, -0.34), (2.10, -0.22)]),
        // Behind the armhole, and in the small of the back.
        (pit, 0.034, 0.13, [(2.20, 0.60), (2.34, -0.05), (2.46, -0.80)]),
        (waist, 0.026, 0.10, [(2.15, 0.36), (2.55, 0.22), (2.95, 0.26)]),
        (waist, 0.022, 0.10, [(2.20, 0.02), (2.70, -0.12), (PI, -0.14)]),
    ] {
        let line: Vec<(f32, f32)> = points.iter().map(|(theta, m)| (*theta, from + m * k)).collect();
        piece.add(depth, width, &line);
    }
    piece
}

/// Angle: 0 in front, π/2 outward; way: the height.
fn of_leg(tailor: &Tailor<'_>) -> Piece {
    let (trunk, wearer) = (&tailor.trunk, &tailor.wearer);
    let k = tailor.cut.scale;
    let mut leg = Piece::new(LEG, k, 23);
    let knee = wearer.joint(crate::vrm::HumanBone::LeftLowerLeg).y;
    let (crotch, hem) = (trunk.level(-0.22), wearer.floor + trousers::HEM);
    for (from, depth, width, points) in [
        // Away from where the legs meet.
        (crotch, 0.045, 0.10, [(-1.2, 0.05), (-0.5, 0.30), (0.3, 0.48)]),
        (crotch, 0.040, 0.10, [(-1.3, -0.16), (-0.6, -0.02), (0.2, 0.02)]),
        (crotch, 0.030, 0.11, [(-1.3, -0.45), (-0.7, -0.48), (0.0, -0.58)]),
        // Behind the knee, and faintly before it.
        (knee, 0.040, 0.10, [(2.3, 0.32), (PI, 0.16), (4.0, 0.32)]),
        (knee, 0.040, 0.10, [(2.3, -0.26), (PI, -0.12), (4.0, -0.28)]),
        (knee, 0.022, 0.12, [(-0.9, 0.34), (0.0, 0.46), (0.9, 0.34)]),
        // Where it breaks over the shoe.
        (hem, 0.060, 0.095, [(-1.1, 0.78), (0.0, 0.66), (1.1, 0.80)]),
        (hem, 0.045, 0.10, [(-1.0, 1.12), (0.0, 1.02), (1.0, 1.18)]),
        (hem, 0.034, 0.10, [(1.1, 0.40), (1.9, 0.56), (2.7, 0.36)]),
        (hem, 0.034, 0.10, [(3.6, 0.38), (4.4, 0.55), (5.2, 0.40)]),
    ] {
        let line: Vec<(f32, f32)> = points.iter().map(|(theta, y)| (*theta, from + y * k)).collect();
        leg.add(depth, width, &line);
    }
    leg
}
