//! Eyebrows: hairs painted as strokes in a picture seen from the front.

use std::f32::consts::PI;

use glam::{Vec2, Vec3};

use crate::forge::hair;
use crate::forge::paint::{Canvas, Dab, Dice, Plane};
use crate::forge::recipe::Recipe;

/// The picture spans ±.7 dm across and -.1..=.6 dm above the middle between the eyes.
const WIDTH: usize = 2400;
const HEIGHT: usize = 1200;
/// Texels per decimeter.
const SCALE: f32 = WIDTH as f32 / 1.4;
const TOP: f32 = 0.6;

/// Both eyebrows of a person.
pub(super) struct Brows {
    plane: Plane,
    /// Linear color of the hairs.
    pub(super) color: Vec3,
}

/// How brows run, decimeters; all over t, from the inner end (0) to the tail (1).
struct Form {
    hairs: usize,
    /// Half the height at the inner end.
    half: f32,
    /// Height above the eyes.
    base: f32,
    arch: f32,
    length: f32,
    /// By how much the height shrinks toward the tail.
    taper: f32,
}

impl Form {
    fn new(recipe: &Recipe) -> Self {
        let full = 1.0 + 0.45 * recipe.brows.fullness.get();
        let arch = 1.0 + 0.6 * recipe.brows.arch.get();
        if recipe.sex.is_female() {
            Self {
                hairs: (1350.0 * full) as usize,
                half: 0.049 * full.sqrt(),
                base: 0.200,
                arch: 0.056 * arch,
                length: 0.060,
                taper: 0.82,
            }
        } else {
            Self {
                hairs: (1500.0 * full) as usize,
                half: 0.052 * full.sqrt(),
                base: 0.176,
                arch: 0.036 * arch,
                length: 0.066,
                taper: 0.60,
            }
        }
    }

    fn middle(&self, t: f32) -> Vec2 {
        let rise = self.arch * (t.min(1.0) * PI * 0.74).sin() - 0.050 * t * t;
        Vec2::new(0.112 + t * 0.405, self.base + rise)
    }

    fn half(&self, t: f32) -> f32 {
        self.half * (1.08 - self.taper * t) * (t * 6.0 + 0.55).clamp(0.0, 1.0)
    }
}

impl Brows {
    pub(super) fn new(recipe: &Recipe) -> Self {
        let form = Form::new(recipe);
        let mut canvas = Canvas::new(WIDTH, HEIGHT, false);
        for (side, seed) in [(1.0, 9), (-1.0, 10)] {
            let mut dice = Dice::new(seed);
            for _ in 0..form.hairs {
                draw_hair(&mut canvas, &form, &mut dice, side);
            }
        }
        let hairs = Plane::filled(WIDTH, HEIGHT, |x, y| canvas.tone(x, y, 0.0)).blurred(0.8, 0.8);
        // Between the hairs, finer ones and the skin's shade.
        let soft = hairs.blurred(15.0, 10.0);
        let plane = Plane::filled(WIDTH, HEIGHT, |x, y| {
            let at = y * WIDTH + x;
            let powder = (soft.values[at] * 1.3).min(1.0) * 0.42;
            (hairs.values[at] * 0.95 + powder * (1.0 - hairs.values[at])).clamp(0.0, 0.92)
        });
        // A shade lighter and warmer than the hair: single hairs let skin through.
        let color = hair::color(&recipe.hair) * Vec3::new(1.10, 1.0, 0.95) + Vec3::new(0.006, 0.003, 0.002);
        Self { plane, color }
    }

    /// How well brows cover a place, by its offset from the middle between the eyes in decimeters; 0..=1.
    pub(super) fn density(&self, offset: Vec3) -> f32 {
        self.plane.sample((offset.x + 0.7) * SCALE, (TOP - offset.y) * SCALE)
    }
}

fn draw_hair(canvas: &mut Canvas, form: &Form, dice: &mut Dice, side: f32) {
    let t = dice.even().powf(0.94);
    let across = (dice.normal() * 0.42).clamp(-1.0, 1.0);
    let root = form.middle(t) + Vec2::new(0.0, across * form.half(t) - 0.004);
    // Upright at the inner end, flat at the tail; hairs of the upper border lean down, of the lower border up.
    let angle = (70.0 - 80.0 * t.powf(0.75) - across * 24.0 + dice.normal() * 6.0).to_radians();
    let length = form.length * dice.between(0.7, 1.2) * (1.0 - 0.40 * t);
    // The inner end fades: few, fine hairs.
    let strength = (0.35 + t * 5.5).min(1.0) * dice.between(0.50, 1.0);
    let radius = dice.between(0.75, 1.15) * (0.7 + 0.3 * (t * 6.0).min(1.0));
    let stroke = [0.0, 0.33, 0.66, 1.0].map(|a: f32| {
        let turn = angle - 0.40 * a;
        let at = root + Vec2::new(turn.cos(), turn.sin() * 0.9) * length * a;
        let at = Vec2::new((side * at.x + 0.7) * SCALE, (TOP - at.y) * SCALE);
        Dab { at, radius: radius * (1.0 - 0.75 * a), opacity: strength * (1.0 - 0.45 * a) }
    });
    canvas.draw(&stroke, 1.0);
}
