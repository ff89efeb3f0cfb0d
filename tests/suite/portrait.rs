//! Portraits: what a customer must see in a face, seen in small pictures.

use image::RgbaImage;
use visavis::avatar::AvatarFile;
use visavis::manner::built_in_lexicon;
use visavis::settings::QualityChoice;
use visavis::studio::look::{Look, Weighted};
use visavis::studio::portrait::{Portrait, PortraitConfig, Shot};

const WIDTH: u32 = 240;
const HEIGHT: u32 = 300;

fn look(mix: &[&str]) -> Look {
    let mix: Vec<Weighted> = mix.iter().map(|text| text.parse().unwrap()).collect();
    Look::new(&built_in_lexicon().unwrap(), &mix)
}

fn luma(pixel: &image::Rgba<u8>) -> f32 {
    0.2126 * f32::from(pixel[0]) + 0.7152 * f32::from(pixel[1]) + 0.0722 * f32::from(pixel[2])
}

/// The part of a picture given by fractions of its sides.
fn part(picture: &RgbaImage, x: (f32, f32), y: (f32, f32)) -> impl Iterator<Item = &image::Rgba<u8>> {
    let at = |fraction: f32, side: u32| (fraction * side as f32) as u32;
    (at(y.0, HEIGHT)..at(y.1, HEIGHT))
        .flat_map(move |py| (at(x.0, WIDTH)..at(x.1, WIDTH)).map(move |px| picture.get_pixel(px, py)))
}

fn difference(a: &RgbaImage, b: &RgbaImage, x: (f32, f32), y: (f32, f32)) -> f32 {
    let differences: Vec<f32> = part(a, x, y).zip(part(b, x, y)).map(|(a, b)| (luma(a) - luma(b)).abs()).collect();
    differences.iter().sum::<f32>() / differences.len() as f32
}

/// Brows and the skin between them; the eyes; in a picture of the face.
const BROWS: ((f32, f32), (f32, f32)) = ((0.28, 0.72), (0.20, 0.33));
const EYES: [(f32, f32); 2] = [(0.31, 0.44), (0.56, 0.69)];
const EYE_HEIGHTS: (f32, f32) = (0.33, 0.41);

#[test]
fn a_small_portrait_shows_concern_and_living_eyes() {
    let mut portrait = Portrait::open(PortraitConfig {
        avatar: AvatarFile::built_in().unwrap(),
        quality: QualityChoice::Software,
        width: WIDTH,
        height: HEIGHT,
        yaw_rad: 0.0,
        label_px: None,
    })
    .unwrap();
    let calm = portrait.take(&look(&[]), "stand", Shot::Face, "").unwrap();
    let again = portrait.take(&look(&[]), "stand", Shot::Face, "").unwrap();
    assert_eq!(calm, again, "the same look twice is the same picture");

    for eye in EYES {
        let brightest = part(&calm, eye, EYE_HEIGHTS).map(luma).fold(0.0, f32::max);
        let darkest = part(&calm, eye, EYE_HEIGHTS).map(luma).fold(255.0, f32::min);
        assert!(brightest > 170.0, "an eye without its light: {brightest}");
        assert!(darkest < 70.0, "an eye without a pupil: {darkest}");
    }

    let concern = portrait.take(&look(&["concern"]), "stand", Shot::Face, "").unwrap();
    let brows = difference(&calm, &concern, BROWS.0, BROWS.1);
    assert!(brows > 3.0, "nobody would see the concern: {brows}");

    // Between pictures the face is out of view; what it does then must show in the next one.
    let blink = portrait.take(&look(&["blink"]), "stand", Shot::Face, "").unwrap();
    for eye in EYES {
        let closed = difference(&calm, &blink, eye, EYE_HEIGHTS);
        assert!(closed > 12.0, "the eyes stay open: {closed}");
    }
    let calm_again = portrait.take(&look(&[]), "stand", Shot::Face, "").unwrap();
    let left_over = difference(&calm, &calm_again, (0.0, 1.0), (0.0, 1.0));
    assert!(left_over < 0.2, "something stays of an earlier face: {left_over}");

    let unknown = portrait.take(&look(&["grin"]), "stand", Shot::Face, "").unwrap_err();
    assert!(unknown.to_string().contains("grin"), "{unknown}");
    let unknown = portrait.take(&look(&[]), "cartwheel", Shot::Face, "").unwrap_err();
    assert!(unknown.to_string().contains("cartwheel"), "{unknown}");
}
