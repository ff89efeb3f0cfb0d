//! Textures of hair. Neighboring strands differ little, so that nothing sparkles, and alpha fades softly enough to
//! cover the same area in small mips.

use glam::{Vec2, Vec3};
use serde_json::json;

use super::lock::VARIANTS;
use crate::forge::normals::smooth;
use crate::forge::paint::{Canvas, Dab, Dice, Plane, linear, normals, numbers, picture, picture_alpha};
use crate::forge::part::{Alpha, Encoding, Material, Texture};

const SIZE: usize = 512;
/// Alpha from which a lock is there.
pub(super) const CUTOFF: f32 = 0.42;

/// Materials of the shell (`hair`), of hanging hair whose tips taper (`hairlong`), of locks (`haircard`) and of the
/// strands across the hairline (`hairedge`).
pub(super) fn materials() -> Vec<Material> {
    let hair = |name: &str, kind: &str, alpha: Alpha| Material {
        name: name.into(),
        base_texture: Some(name.into()),
        roughness: 0.60,
        alpha,
        double_sided: true,
        extras: json!({"visavis": {"kind": kind, "strands": "v"}}),
        ..Material::default()
    };
    vec![
        Material {
            normal_texture: Some("hair_normal".into()),
            normal_scale: 0.35,
            orm_texture: Some("hair_orm".into()),
            roughness: 1.0,
            ..hair("hair", "hair", Alpha::Opaque)
        },
        Material {
            normal_texture: Some("hair_normal".into()),
            normal_scale: 0.35,
            ..hair("hairlong", "hair", Alpha::Mask(CUTOFF))
        },
        hair("haircard", "hair", Alpha::Mask(CUTOFF)),
        hair("hairedge", "hairedge", Alpha::Blend),
    ]
}

/// The textures of the materials that are used.
pub(super) fn textures(color: Vec3, gray: f32, used: impl Fn(&str) -> bool) -> Vec<Texture> {
    let texture = |name: &str, image, encoding| Texture { name: name.into(), image, encoding };
    let streaks = Streaks::new(gray);
    let shell = picture(SIZE, SIZE, |x, y| streaks.color(color, x, y));
    let mut textures = vec![
        texture("hair", shell, Encoding::Jpeg(86)),
        texture("hair_normal", streaks.normal(), Encoding::Jpeg(74)),
        texture("hair_orm", streaks.rough(), Encoding::Jpeg(78)),
    ];
    if used("hairlong") {
        let tips = tips();
        let image =
            picture_alpha(SIZE, SIZE, |x, y| (streaks.color(color, x, y) * root(y, SIZE), tips.values[y * SIZE + x]));
        textures.push(texture("hairlong", image, Encoding::Png));
    }
    if used("haircard") {
        textures.push(texture("haircard", card(color, gray), Encoding::Png));
    }
    if used("hairedge") {
        textures.push(texture("hairedge", edge(color), Encoding::Png));
    }
    textures
}

/// Roots lie in the shade of the hair above and are less bleached than tips.
fn root(y: usize, height: usize) -> f32 {
    0.86 + 0.20 * (y as f32 / height as f32)
}

/// Streaks of single strands and of locks, stretched along v, tiling both ways.
struct Streaks {
    fine: Plane,
    middle: Plane,
    broad: Plane,
    gray: f32,
}

impl Streaks {
    fn new(gray: f32) -> Self {
        let noise = |seed: u32, across: f32, down: f32| {
            let mut dice = Dice::new(seed);
            let values = (0..SIZE * SIZE).map(|_| dice.even() - 0.5).collect();
            Plane { width: SIZE, height: SIZE, values }.blurred(across, down).standard()
        };
        Self { fine: noise(5, 0.9, 60.0), middle: noise(6, 3.0, 90.0), broad: noise(7, 9.0, 120.0), gray }
    }

    fn tone(&self, at: usize) -> f32 {
        0.075 * self.fine.values[at] + 0.062 * self.middle.values[at] + 0.045 * self.broad.values[at]
    }

    fn color(&self, color: Vec3, x: usize, y: usize) -> Vec3 {
        let at = y * SIZE + x;
        let warm = 0.025 * self.middle.values[at];
        let strand = color * (1.0 + 1.1 * self.tone(at)).max(0.35) * Vec3::new(1.0 + warm, 1.0, 1.0 - warm);
        let silver = self.gray * smooth(0.4, 1.6, self.fine.values[at] + 0.4 * self.middle.values[at]);
        strand.lerp(linear([0.70, 0.695, 0.68]), 0.75 * silver)
    }

    fn normal(&self) -> image::DynamicImage {
        let height = Plane::filled(SIZE, SIZE, |x, y| {
            let at = y * SIZE + x;
            0.45 * self.fine.values[at] + 1.0 * self.middle.values[at] + 1.9 * self.broad.values[at]
        });
        normals(&height)
    }

    fn rough(&self) -> image::DynamicImage {
        numbers(SIZE, SIZE, |x, y| {
            let tone = self.tone(y * SIZE + x);
            Vec3::new((0.86 + 0.9 * tone).clamp(0.45, 1.0), (0.62 - 0.12 * tone).clamp(0.50, 0.74), 0.0)
        })
    }
}

/// Alpha of hanging hair: closed, then strands of different lengths that taper in groups.
fn tips() -> Plane {
    let mut canvas = Canvas::new(SIZE, SIZE, true);
    let mut dice = Dice::new(21);
    for _ in 0..210 {
        let x = dice.even() * SIZE as f32;
        let group = (x / 42.0).floor() * 42.0 + 21.0;
        let end = 0.85 + 0.14 * dice.even() - 0.05 * ((x - group).abs() / 21.0);
        let pull = (group - x) * 0.55;
        let bend = dice.normal() * 5.0;
        let start = 0.52;
        let stroke: Vec<Dab> = (0..10)
            .map(|k| {
                let t = k as f32 / 9.0;
                let at = Vec2::new(x + pull * t * t + bend * t * t, (start + (end - start) * t) * SIZE as f32);
                Dab { at, radius: 7.0 - 5.2 * t.powf(1.6), opacity: 1.0 - 0.25 * t * t }
            })
            .collect();
        canvas.draw(&stroke, 1.0);
    }
    Plane::filled(SIZE, SIZE, |x, y| {
        let v = (y as f32 + 0.5) / SIZE as f32;
        canvas.alpha(x, y).max(smooth(0.70, 0.58, v)) * smooth(0.998, 0.975, v)
    })
}

/// Locks side by side, each of its own strands.
fn card(color: Vec3, gray: f32) -> image::DynamicImage {
    let width = SIZE / VARIANTS;
    let canvases: Vec<Canvas> = (0..VARIANTS as u32)
        .map(|variant| {
            let mut canvas = Canvas::new(width, SIZE, false);
            let mut dice = Dice::new(70 + variant);
            let middle = width as f32 * 0.5;
            for _ in 0..30 + 6 * variant {
                let x = middle + width as f32 * 0.40 * (2.0 * dice.even() - 1.0);
                let length = 0.66 + 0.33 * dice.even();
                let start = 0.005 + 0.10 * dice.even();
                let (join, bend) = ((middle - x) * 0.55, dice.normal() * 5.0);
                let radius = dice.between(2.2, 4.2);
                let stroke: Vec<Dab> = (0..12)
                    .map(|k| {
                        let t = k as f32 / 11.0;
                        let down = start + (length - start) * t;
                        let at = Vec2::new(x + join * t * t + bend * (t * 3.0).sin(), down * SIZE as f32);
                        let fade = (t * 8.0 + 0.2).min(1.0) * (1.0 - 0.4 * t.powi(3));
                        Dab {
                            at,
                            radius: radius * (0.55 + 0.45 * (t * 5.0).min(1.0)) * (1.0 - 0.78 * t.powf(1.6)),
                            opacity: fade,
                        }
                    })
                    .collect();
                let is_silver = dice.even() < 0.5 * gray;
                canvas.draw(&stroke, if is_silver { 2.0 } else { dice.even() });
            }
            canvas
        })
        .collect();
    picture_alpha(SIZE, SIZE, |x, y| {
        let (canvas, column) = (&canvases[x / width], x % width);
        // Few tones compress well, and more would not be seen.
        let tone = (canvas.tone(column, y, 0.5) * 10.0).round() / 10.0;
        let base = color * (0.88 + 0.26 * tone.min(1.0)) * root(y, SIZE);
        (base.lerp(linear([0.70, 0.695, 0.68]), 0.6 * (tone - 1.0).clamp(0.0, 1.0)), canvas.alpha(column, y))
    })
}

/// Strands across the hairline: v = 0 lies outside it. Few fine ones first (baby hairs), then more, then closed; the
/// inner end fades over the shell.
fn edge(color: Vec3) -> image::DynamicImage {
    const WIDTH: usize = 768;
    const HEIGHT: usize = 256;
    let mut canvas = Canvas::new(WIDTH, HEIGHT, true);
    let mut dice = Dice::new(8);
    for index in 0..465 {
        let is_baby = index < 82;
        let x = dice.even() * WIDTH as f32;
        let root = if is_baby { 0.04 + 0.18 * dice.even() } else { 0.15 + 0.32 * dice.even().powf(0.8) };
        let end = if is_baby { root + dice.between(0.25, 0.6) } else { 1.0 };
        let (lean, bend) = (dice.normal() * if is_baby { 26.0 } else { 12.0 }, dice.normal() * 10.0);
        let (radius, strength) = if is_baby { (0.50, 0.62) } else { (dice.between(0.7, 1.2), 0.95) };
        let stroke: Vec<Dab> = (0..9)
            .map(|k| {
                let t = k as f32 / 8.0;
                let at = Vec2::new(
                    x + lean * (1.0 - t) * (1.0 - t) + bend * t * (1.0 - t),
                    (root + (end - root) * t) * HEIGHT as f32,
                );
                let grow = (0.30 + t * 2.4).min(1.0);
                let thin = if is_baby { 1.0 - 0.7 * t } else { 1.0 };
                Dab { at, radius: radius * grow * thin, opacity: strength * grow }
            })
            .collect();
        canvas.draw(&stroke, dice.even());
    }
    picture_alpha(WIDTH, HEIGHT, |x, y| {
        let v = (y as f32 + 0.5) / HEIGHT as f32;
        // The shell below takes over early: it has the gloss.
        let alpha = canvas.alpha(x, y).max(smooth(0.34, 0.56, v) * 0.97) * smooth(0.94, 0.58, v);
        let tone = (canvas.tone(x, y, 0.5) * 10.0).round() / 10.0;
        (color * (0.82 + 0.34 * tone), alpha)
    })
}
