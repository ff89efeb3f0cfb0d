//! The skin of the face: color, roughness, pores, wrinkles, brows; all painted as functions of places on the face, so
//! that no seam shows.

mod bake;
mod brow;
mod color;
mod detail;
mod relief;
mod wrinkle;

use glam::Vec3;
use image::imageops::FilterType;

use self::bake::Bake;
use super::body::Body;
use super::hair::Scalp;
use super::head::FaceChart;
use super::paint::{self, along};
use super::part::{Encoding, Texture};
use super::recipe::Skin;

/// Width and height of color and normals of the face.
const SIZE: usize = 2048;
/// Of everything coarser.
const COARSE: usize = 1024;

/// Textures `face`, `face_normal`, `face_orm`, `wrinkle_normal`, `wrinkle_mask`. `scalp` tells where hair grows.
#[must_use]
pub fn textures(body: &Body, chart: &FaceChart, scalp: &Scalp) -> Vec<Texture> {
    painted(body, chart, scalp, SIZE)
}

/// All textures, the largest `size` wide and high.
pub(crate) fn painted(body: &Body, chart: &FaceChart, scalp: &Scalp, size: usize) -> Vec<Texture> {
    let bake = Bake::new(chart, size);
    let painter = color::Painter::new(body, scalp);
    let mut coats = bake.paint(|spot| painter.coat(spot), 12);
    let ground = coats.ground;
    let height = relief::height(body, &bake, &coats.texels);
    detail::darken_pores(&mut coats.texels, &height.pores);
    let texel = |x: usize, y: usize| coats.texels[y * size + x].map_or(ground, |coat| coat.color);
    let rough = |x: usize, y: usize| {
        let coat = coats.texels[y * size + x];
        coat.map_or(Vec3::new(1.0, 0.5, 0.0), |coat| Vec3::new(coat.occlusion, coat.roughness, 0.0))
    };
    let coarse = (COARSE * size / SIZE) as u32;
    let orm = paint::numbers(size, size, rough).resize_exact(coarse, coarse, FilterType::Triangle);
    let wrinkles = wrinkle::Wrinkles::new(body);
    let small = Bake::new(chart, coarse as usize);
    let folds = wrinkles.height(&small);
    let mask_size = coarse as usize / 2;
    let mask = wrinkles.mask(&Bake::new(chart, mask_size));
    let texture = |name: &str, image, quality| Texture { name: name.into(), image, encoding: Encoding::Jpeg(quality) };
    vec![
        texture("face", paint::picture(size, size, texel), 84),
        texture("face_normal", paint::normals(&height.whole), 72),
        texture("face_orm", orm, 80),
        texture("wrinkle_normal", paint::normals(&folds), 86),
        texture("wrinkle_mask", mask, 86),
    ]
}

/// Base colors of skin by tone, sRGB: porcelain, light, medium, tan, deep.
const TONES: [(f32, [f32; 3]); 5] = [
    (0.0, [0.875, 0.715, 0.640]),
    (0.25, [0.835, 0.650, 0.565]),
    (0.5, [0.760, 0.570, 0.462]),
    (0.75, [0.610, 0.430, 0.330]),
    (1.0, [0.365, 0.242, 0.185]),
];

/// The base color of skin, sRGB 0..=1; hands take it, too.
#[must_use]
pub fn tone(skin: &Skin) -> [f32; 3] {
    [0, 1, 2].map(|channel| along(&TONES.map(|(tone, color)| (tone, color[channel])), skin.tone.get()))
}

#[cfg(test)]
mod tests;
