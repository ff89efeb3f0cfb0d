//! Textures of eyes, lid shade, lashes, teeth and tongue. How each is laid out is told by [`super::head`].

use glam::{Vec2, Vec3};
use image::DynamicImage;

use super::body::Body;
use super::noise::value;
use super::normals::smooth;
use super::paint::{Canvas, Dab, Dice, along, bell, linear, numbers, picture, picture_alpha};
use super::part::{Encoding, Texture};
use super::recipe::EyeColor;

/// Angles from the gaze axis in degrees: border of the iris, of the pupil, of the texture.
const IRIS: f32 = 26.0;
const PUPIL: f32 = 9.5;
const EDGE: f32 = 100.0;
const EYE_SIZE: usize = 1024;

/// Textures `eye`, `cornea`, `lidshade`, `lash`, `teeth`, `teeth_orm`, `tongue`, `tongue_orm`.
#[must_use]
pub fn textures(body: &Body) -> Vec<Texture> {
    let recipe = &body.recipe;
    let liner = if recipe.sex.is_female() { 0.55 + 0.45 * recipe.skin.makeup.get() } else { 0.35 };
    let age = (recipe.age.get() - 20.0) / 40.0;
    let texture = |name: &str, image, encoding| Texture { name: name.into(), image, encoding };
    vec![
        texture("eye", picture(EYE_SIZE, EYE_SIZE, |x, y| eye(x, y, recipe.eyes, age)), Encoding::Jpeg(88)),
        texture("cornea", picture_alpha(64, 64, cornea), Encoding::Png),
        texture("lidshade", picture_alpha(64, 128, lid_shade), Encoding::Png),
        texture("lash", lashes(liner), Encoding::Png),
        texture("teeth", picture(512, 128, teeth), Encoding::Jpeg(88)),
        texture("teeth_orm", shade(128, 32, 0.28, teeth_light), Encoding::Jpeg(84)),
        texture("tongue", picture(128, 128, tongue), Encoding::Jpeg(84)),
        texture("tongue_orm", shade(64, 64, 0.95, tongue_light), Encoding::Jpeg(84)),
    ]
}

/// Outer and inner color of an iris, sRGB.
fn iris_colors(color: EyeColor) -> (Vec3, Vec3) {
    let (outer, inner) = match color {
        EyeColor::DarkBrown => ([0.150, 0.094, 0.064], [0.225, 0.140, 0.082]),
        EyeColor::Brown => ([0.235, 0.152, 0.098], [0.355, 0.225, 0.122]),
        EyeColor::Hazel => ([0.370, 0.330, 0.200], [0.520, 0.350, 0.170]),
        EyeColor::Green => ([0.330, 0.400, 0.300], [0.500, 0.430, 0.240]),
        EyeColor::Gray => ([0.430, 0.470, 0.500], [0.520, 0.520, 0.490]),
        EyeColor::Blue => ([0.300, 0.430, 0.560], [0.480, 0.560, 0.600]),
    };
    (linear(outer), linear(inner))
}

/// Iris with fibers, collarette and dark ring; sclera with veins, rosy toward the corners.
fn eye(x: usize, y: usize, color: EyeColor, age: f32) -> Vec3 {
    let size = EYE_SIZE as f32;
    let at = Vec2::new((x as f32 + 0.5) / size - 0.5, 0.5 - (y as f32 + 0.5) / size);
    let radius = at.length();
    let angle = EDGE * (radius / 0.496).min(1.0).powf(1.0 / 0.75);
    let way = at.normalize_or(Vec2::X);
    let t = ((angle - PUPIL) / (IRIS - PUPIL)).clamp(0.0, 1.0);
    let rays = |seed: u32, count: f32, along: f32| value(seed, Vec3::new(way.x * count, way.y * count, t * along));
    let sharp = |n: f32| 1.0 - 2.0 * n.abs();
    let fibers = 0.42 * sharp(rays(5, 24.0, 1.3)) + 0.34 * sharp(rays(6, 46.0, 2.4)) + 0.24 * rays(7, 9.0, 0.9);
    let (outer, inner) = iris_colors(color);
    let ragged = t + 0.07 * rays(9, 13.0, 0.5);
    let mut iris = inner.lerp(outer, smooth(0.22, 0.50, ragged)) * (1.12 + 0.62 * fibers);
    iris *= 1.0 + 0.55 * bell(ragged, 0.30, 0.12) * (0.7 + 0.4 * rays(10, 15.0, 1.0));
    // Furrows that contract with the pupil; crypts beside the collarette.
    iris *= 1.0 - 0.16 * bell(t, 0.62, 0.05) - 0.12 * bell(t, 0.76, 0.04);
    iris *=
        1.0 - 0.45 * smooth(0.42, 0.72, value(14, Vec3::new(way.x * 7.0, way.y * 7.0, t * 3.5))) * bell(t, 0.42, 0.18);
    // The cornea gathers light from above in the lower half.
    iris *= 1.0 + 0.55 * smooth(-0.2, 1.0, -way.y) * smooth(0.1, 0.6, t);
    iris *= 1.0 - 0.84 * smooth(0.74, 1.0, t + 0.03 * rays(15, 11.0, 0.2)).powf(1.3);
    let pupil = smooth(PUPIL + 1.2, PUPIL - 0.8, angle + 0.25 * rays(16, 10.0, 0.0));
    iris = iris.lerp(Vec3::splat(0.0035), pupil);
    let place = Vec3::new(at.x * 20.0, at.y * 20.0, 0.0);
    let wiggle = value(11, place);
    let mut sclera = linear([0.775, 0.738, 0.708]) * Vec3::new(1.0, 1.0 - 0.03 * age, 1.0 - 0.10 * age);
    let rosy = 0.36 * smooth(30.0, 78.0, angle);
    sclera *= Vec3::ONE - rosy * Vec3::new(0.45, 0.95, 1.0);
    // Veins branch from the corners and thin out toward the iris.
    let level = way.x.abs().powi(2);
    let reach = smooth(36.0, 62.0, angle) * (0.45 + 0.55 * level);
    for (seed, count, strength) in [(12, 7.0, 0.22), (17, 15.0, 0.14)] {
        let bent = Vec2::from_angle(0.22 * wiggle + 0.10 * value(18, place * 3.0)).rotate(way) * count;
        let vein = (1.0 - value(seed, bent.extend(radius * 3.5)).abs() * 9.0).max(0.0);
        sclera *= Vec3::ONE - vein * reach * strength * Vec3::new(0.25, 1.0, 0.9);
    }
    sclera *= 1.0 + 0.02 * wiggle;
    iris.lerp(sclera, smooth(IRIS - 1.7, IRIS + 1.9, angle))
}

/// Clear: black over the iris carries only the highlight and lets the iris through.
fn cornea(x: usize, y: usize) -> (Vec3, f32) {
    let radius = Vec2::new(x as f32 - 31.5, y as f32 - 31.5).length() / 32.0;
    (Vec3::ZERO, 0.28 * smooth(0.02, 0.40, 1.0 - radius))
}

/// Upper half: the shadow of the upper lid; lower half: the line where the lower lid touches, with its tear.
fn lid_shade(x: usize, y: usize) -> (Vec3, f32) {
    let (u, v) = ((x as f32 + 0.5) / 64.0, (y as f32 + 0.5) / 128.0);
    let ends = 0.35 + 0.65 * smooth(0.0, 0.10, u.min(1.0 - u));
    let dark = linear([0.115, 0.050, 0.044]);
    if v < 0.5 {
        let degrees = along(&[(0.02, -2.0), (0.47, 30.0)], v);
        // Mixing happens in linear light: only a high alpha looks like shade.
        let shade = 0.95 * (-(degrees.max(0.0) / 11.0).powf(1.45)).exp() * smooth(30.0, 18.0, degrees);
        return (dark, shade * ends);
    }
    let degrees = along(&[(0.53, -4.0), (0.98, 9.0)], v);
    let shade = 0.70 * (-degrees.max(0.0) / 3.2).exp() * smooth(9.0, 5.0, degrees);
    let wet = 0.50 * bell(degrees, 2.0, 1.1);
    let color = dark.lerp(linear([0.80, 0.70, 0.68]), wet / (wet + shade + 1.0e-6));
    (color, shade.max(wet) * ends)
}

/// Upper lashes above, lower ones below; root at the top of each half.
fn lashes(liner: f32) -> image::DynamicImage {
    const WIDTH: usize = 1024;
    const HALF: usize = 128;
    let halves = [(150_u32, 3.5_f32, true), (72, 1.7, false)].map(|(count, radius, is_upper)| {
        let mut canvas = Canvas::new(WIDTH, HALF, false);
        let mut dice = Dice::new(12 + count);
        for index in 0..count {
            let u = (index as f32 + dice.even()) / count as f32;
            // Lashes lean outward and meet in little tufts.
            let tuft = (u * count as f32 / 3.0).round() * 3.0 / count as f32;
            let lean = (u - 0.42) * if is_upper { 0.085 } else { 0.06 } + dice.normal() * 0.005;
            let length = dice.between(0.58, 0.97)
                * (0.55 + 0.45 * smooth(0.0, 0.35, u))
                * (0.72 + 0.28 * smooth(0.0, 0.1, 1.0 - u));
            let tip = lean + (tuft - u) * 0.55;
            let stroke: Vec<Dab> = (0..9)
                .map(|k| {
                    let t = k as f32 / 8.0;
                    let at =
                        Vec2::new((u + tip * t.powf(1.6)) * WIDTH as f32, (0.02 + 0.95 * length * t) * HALF as f32);
                    Dab { at, radius: radius * (1.0 - t / 1.08), opacity: 1.0 - 0.3 * t }
                })
                .collect();
            canvas.draw(&stroke, 1.0);
        }
        canvas
    });
    picture_alpha(WIDTH, 2 * HALF, |x, y| {
        let (half, row) = (y / HALF, y % HALF);
        let v = row as f32 / HALF as f32;
        // A tight dark line along the roots.
        let line = (-((v - 0.12).max(0.0)) / 0.17).exp() * if half == 0 { 0.95 * liner } else { 0.30 * liner };
        let end = smooth(0.004, 0.05, (x as f32).min((WIDTH - 1 - x) as f32) / WIDTH as f32);
        let is_border = row >= HALF - 3;
        let alpha = if is_border { 0.0 } else { halves[half].alpha(x, row).max(line) * end };
        (Vec3::new(0.0045, 0.0030, 0.0026), alpha)
    })
}

/// Gum, then enamel: warm at the neck, a little clear at the edge; the sides lie in the darkness of the mouth.
fn teeth(x: usize, y: usize) -> Vec3 {
    let (u, v) = ((x as f32 + 0.5) / 512.0, (y as f32 + 0.5) / 128.0);
    let mut color = linear([0.860, 0.822, 0.758]) * (1.0 - 0.10 * smooth(0.30, 0.0, v - 0.15));
    let edge = smooth(0.56, 0.69, v) * smooth(0.80, 0.72, v);
    color *= Vec3::ONE - 0.10 * edge * Vec3::new(1.0, 0.7, 0.4);
    color *= 1.0 + 0.03 * value(33, Vec3::new(u * 60.0, v * 6.0, 0.0));
    let gum = linear([0.640, 0.335, 0.325]) * (1.0 + 0.08 * value(34, Vec3::new(u * 40.0, v * 30.0, 0.0)));
    color = color.lerp(gum, smooth(0.19, 0.145, v));
    color * teeth_light(u, v)
}

fn teeth_light(u: f32, v: f32) -> f32 {
    (1.0 - 0.82 * smooth(0.14, 0.88, (2.0 * u - 1.0).abs())) * (1.0 - 0.6 * smooth(0.76, 0.9, v))
}

fn tongue(x: usize, y: usize) -> Vec3 {
    let (u, v) = ((x as f32 + 0.5) / 128.0, (y as f32 + 0.5) / 128.0);
    let bumps = value(31, Vec3::new(u * 36.0, v * 36.0, 0.0));
    linear([0.600, 0.330, 0.330]) * (1.0 + 0.10 * bumps - 0.20 * bell(u, 0.5, 0.05)) * tongue_light(u, v)
}

/// Light fades toward the throat and the cheeks.
fn tongue_light(u: f32, v: f32) -> f32 {
    (0.03 + 0.97 * smooth(0.30, 1.0, v)) * (1.0 - 0.92 * smooth(0.30, 0.80, (2.0 * u - 1.0).abs()))
}

/// Occlusion and roughness: where light does not reach, nothing shines either.
fn shade(width: usize, height: usize, roughness: f32, light: impl Fn(f32, f32) -> f32 + Sync) -> DynamicImage {
    numbers(width, height, |x, y| {
        let light = light((x as f32 + 0.5) / width as f32, (y as f32 + 0.5) / height as f32);
        Vec3::new(light * light, roughness, 0.0)
    })
}

#[cfg(test)]
mod tests;
