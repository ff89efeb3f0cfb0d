//! The face of the name badge: letters of any script that the font has.

use image::{DynamicImage, RgbImage};
use swash::FontRef;
use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::Format;

use super::super::part::{Encoding, Texture};

const WIDTH: u32 = 480;
const HEIGHT: u32 = 152;
const PLATE: [u8; 3] = [240, 241, 243];
/// By how much of the letters' size their strokes are thickened: thin ones fade at conversation distance.
const BOLD: f32 = 0.022;
const INK: [f32; 3] = [28.0, 32.0, 44.0];

/// A light plate with a colored bar and the text, as large as it fits. Without a readable font it stays blank.
pub(super) fn face(text: &str, accent: [u8; 3], font: &[u8]) -> Texture {
    let mut image = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let border = x < 4 || y < 4 || x >= WIDTH - 4 || y >= HEIGHT - 4;
        let bar = (18..44).contains(&x) && (20..HEIGHT - 20).contains(&y);
        image::Rgb(if border {
            [176, 179, 186]
        } else if bar {
            accent
        } else {
            PLATE
        })
    });
    if let Some(font) = FontRef::from_index(font, 0) {
        write(&mut image, text, font);
    }
    Texture { name: "badge".into(), image: DynamicImage::ImageRgb8(image), encoding: Encoding::Png }
}

fn write(image: &mut RgbImage, text: &str, font: FontRef<'_>) {
    let (left, right) = (62.0, WIDTH as f32 - 20.0);
    let glyphs: Vec<u16> = text.chars().map(|c| font.charmap().map(c)).collect();
    let width = |size: f32| {
        let metrics = font.glyph_metrics(&[]).scale(size);
        glyphs.iter().map(|g| metrics.advance_width(*g)).sum::<f32>()
    };
    let natural = width(100.0).max(1.0);
    let size = (100.0 * (right - left) / natural).min(84.0);
    let metrics = font.metrics(&[]).scale(size);
    let advance = font.glyph_metrics(&[]).scale(size);
    let baseline = HEIGHT as f32 * 0.5 + metrics.cap_height.max(size * 0.7) * 0.5;
    let mut x = left + (right - left - width(size)) * 0.5;
    let mut context = ScaleContext::new();
    for glyph in glyphs {
        let mut scaler = context.builder(font).size(size).build();
        let bold = size * BOLD;
        let render = Render::new(&[Source::Outline]).format(Format::Alpha).embolden(bold).render(&mut scaler, glyph);
        if let Some(drawn) = render {
            let (ox, oy) = (x.round() as i32 + drawn.placement.left, baseline.round() as i32 - drawn.placement.top);
            let columns = drawn.placement.width.max(1) as usize;
            for (at, cover) in drawn.data.iter().enumerate() {
                let (px, py) = (ox + (at % columns) as i32, oy + (at / columns) as i32);
                if (0..WIDTH as i32).contains(&px) && (0..HEIGHT as i32).contains(&py) {
                    let pixel = image.get_pixel_mut(px as u32, py as u32);
                    for (own, ink) in pixel.0.iter_mut().zip(INK) {
                        *own = (f32::from(*own) + (ink - f32::from(*own)) * f32::from(*cover) / 255.0).round() as u8;
                    }
                }
            }
        }
        x += advance.advance_width(glyph);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Bold.ttf");

    fn ink(text: &str) -> usize {
        let texture = face(text, [40, 70, 130], FONT);
        texture.image.to_rgb8().enumerate_pixels().filter(|(x, _, p)| *x > 50 && p.0[0] < 100).count()
    }

    #[test]
    fn letters_of_both_scripts_appear() {
        assert_eq!(ink(""), 0);
        assert!(ink("Lin") > 300);
        assert!(ink("林小雨") > 600);
    }

    #[test]
    fn a_long_name_stays_on_the_plate() {
        let image = face(&"Maximiliane ".repeat(8), [0; 3], FONT).image.to_rgb8();
        let margin = (0..HEIGHT).filter(|y| image.get_pixel(WIDTH - 10, *y).0[0] < 100).count();
        assert_eq!(margin, 0);
    }

    #[test]
    fn a_broken_font_leaves_the_plate_blank() {
        let blank = face("Lin", [0; 3], &[1, 2, 3]);
        assert!(blank.image.to_rgb8().enumerate_pixels().all(|(x, _, p)| x < 50 || p.0[0] > 100));
    }
}
