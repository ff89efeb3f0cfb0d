use std::sync::OnceLock;

use image::RgbImage;

use super::*;
use crate::forge::test_body;

/// The default woman, painted small.
fn samples() -> &'static Vec<Texture> {
    static PAINTED: OnceLock<Vec<Texture>> = OnceLock::new();
    PAINTED.get_or_init(|| {
        let (chart, scalp) = surfaces();
        painted(test_body(), chart, scalp, 256)
    })
}

fn surfaces() -> &'static (FaceChart, Scalp) {
    static SURFACES: OnceLock<(FaceChart, Scalp)> = OnceLock::new();
    SURFACES.get_or_init(|| {
        let body = test_body();
        let chart = FaceChart::new(body, &vec![true; body.data.group("body").count()]);
        let scalp = Scalp::new(body, &chart);
        (chart, scalp)
    })
}

#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
fn image(name: &str) -> RgbImage {
    samples().iter().find(|texture| texture.name == name).unwrap().image.to_rgb8()
}

/// Mean color around a place of the chart.
fn mean(image: &RgbImage, (u, v): (f32, f32)) -> [f32; 3] {
    let (x, y) = ((u * image.width() as f32) as u32, (v * image.height() as f32) as u32);
    let mut sum = [0.0; 3];
    for (dx, dy) in (0..6).flat_map(|dx| (0..6).map(move |dy| (dx, dy))) {
        let pixel = image.get_pixel(x + dx, y + dy);
        (0..3).for_each(|k| sum[k] += f32::from(pixel.0[k]) / (36.0 * 255.0));
    }
    sum
}

#[test]
fn all_textures_are_there_in_their_sizes() {
    let sizes: Vec<(&str, u32)> = samples().iter().map(|t| (t.name.as_str(), t.image.width())).collect();
    let wanted =
        [("face", 256), ("face_normal", 256), ("face_orm", 128), ("wrinkle_normal", 128), ("wrinkle_mask", 64)];
    assert_eq!(sizes, wanted);
}

#[test]
fn the_forehead_has_the_tone_of_the_recipe() {
    let wanted = tone(&test_body().recipe.skin);
    let found = mean(&image("face"), (0.5, 0.26));
    for channel in 0..3 {
        assert!((found[channel] - wanted[channel]).abs() < 0.09, "{found:?} against {wanted:?}");
    }
}

#[test]
fn normals_point_out_of_the_skin() {
    assert!(image("face_normal").pixels().all(|pixel| pixel.0[2] > 140));
    let mean = mean(&image("face_normal"), (0.5, 0.3));
    assert!((mean[0] - 0.5).abs() < 0.03 && (mean[1] - 0.5).abs() < 0.03 && mean[2] > 0.9, "{mean:?}");
}

#[test]
fn roughness_stays_that_of_skin_and_nothing_is_metal() {
    for pixel in image("face_orm").pixels() {
        assert!((60..200).contains(&pixel.0[1]) && pixel.0[2] == 0, "{pixel:?}");
    }
}

#[test]
fn wrinkles_lie_where_their_mask_is() {
    let mask = image("wrinkle_mask");
    for channel in 0..3 {
        let share = mask.pixels().filter(|pixel| pixel.0[channel] > 128).count() as f32 / (64.0 * 64.0);
        assert!((0.002..0.25).contains(&share), "channel {channel}: {share}");
    }
    // Under the chin nothing folds.
    let still = mean(&image("wrinkle_normal"), (0.5, 0.80));
    assert!((still[0] - 0.5).abs() < 0.01 && (still[1] - 0.5).abs() < 0.01, "{still:?}");
}

#[test]
fn the_same_face_is_painted_the_same() {
    let (chart, scalp) = surfaces();
    let again = painted(test_body(), chart, scalp, 256);
    assert!(&again == samples());
}

#[test]
fn deeper_tones_are_darker_in_every_channel() {
    let of = |share: f32| tone(&Skin { tone: crate::forge::Share::of(share), ..Skin::default() });
    for step in 0..10 {
        let (light, deep) = (of(step as f32 / 10.0), of((step + 1) as f32 / 10.0));
        assert!((0..3).all(|k| deep[k] < light[k]));
    }
}
