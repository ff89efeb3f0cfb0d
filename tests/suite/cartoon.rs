//! The cartoon shading of VRM, seen in small pictures of the built-in avatar dressed in it.

use image::RgbaImage;
use serde_json::{Value, json};
use visavis::avatar::AvatarFile;
use visavis::manner::built_in_lexicon;
use visavis::settings::QualityChoice;
use visavis::studio::look::Look;
use visavis::studio::portrait::{Portrait, PortraitConfig, Shot};
use visavis::vrm::BUILT_IN_AVATAR;

/// The built-in avatar with every material made a cartoon's; `mtoon` is what they say.
fn cartoon(mtoon: &Value) -> AvatarFile {
    let bytes = BUILT_IN_AVATAR;
    let length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let mut json: Value = serde_json::from_slice(&bytes[20..20 + length]).unwrap();
    for material in json["materials"].as_array_mut().unwrap() {
        material.as_object_mut().unwrap().remove("extras");
        material["extensions"] = json!({"VRMC_materials_mtoon": mtoon, "KHR_materials_unlit": {}});
    }
    let mut text = json.to_string().into_bytes();
    text.resize(text.len().next_multiple_of(4), b' ');
    let rest = &bytes[20 + length..];
    let mut file = b"glTF\x02\0\0\0".to_vec();
    file.extend(((20 + text.len() + rest.len()) as u32).to_le_bytes());
    file.extend((text.len() as u32).to_le_bytes());
    file.extend(b"JSON");
    file.extend(text);
    file.extend(rest);
    AvatarFile::read(&file, "cartoon").unwrap()
}

fn picture(mtoon: &Value) -> RgbaImage {
    let mut portrait = Portrait::open(PortraitConfig {
        avatar: cartoon(mtoon),
        quality: QualityChoice::Software,
        width: 160,
        height: 200,
        yaw_rad: 0.0,
        label_px: None,
    })
    .unwrap();
    let look = Look::new(&built_in_lexicon().unwrap(), &[]);
    portrait.take(&look, "stand", Shot::Bust, "").unwrap()
}

fn count(picture: &RgbaImage, is: impl Fn(&image::Rgba<u8>) -> bool) -> usize {
    picture.pixels().filter(|pixel| is(pixel)).count()
}

fn is_green(pixel: &image::Rgba<u8>) -> bool {
    u16::from(pixel[1]) > 90 + u16::from(pixel[0].max(pixel[2]))
}

#[test]
fn an_outline_runs_around_the_figure_and_a_rim_lights_its_edge() {
    let plain = picture(&json!({"specVersion": "1.0"}));
    assert_eq!(count(&plain, is_green), 0);
    let green = json!([0.0, 1.0, 0.0]);
    let line = |mode: &str, width: f32| {
        picture(&json!({
            "specVersion": "1.0", "outlineWidthMode": mode, "outlineWidthFactor": width,
            "outlineColorFactor": green, "outlineLightingMixFactor": 0.0,
        }))
    };
    let world = count(&line("worldCoordinates", 0.006), is_green);
    // Around head and shoulders, and neither nowhere nor all over: a picture has 32,000 pixels.
    assert!((300..8_000).contains(&world), "{world}");
    let screen = count(&line("screenCoordinates", 0.012), is_green);
    assert!((300..8_000).contains(&screen), "{screen}");
    let rim = picture(&json!({
        "specVersion": "1.0", "parametricRimColorFactor": green, "parametricRimFresnelPowerFactor": 3.0,
        "rimLightingMixFactor": 0.0,
    }));
    let rim = count(&rim, is_green);
    assert!((100..8_000).contains(&rim), "{rim}");
}

#[test]
fn the_shade_lies_where_the_main_light_does_not_reach() {
    let [red, blue] = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
        .map(|shade| picture(&json!({"specVersion": "1.0", "shadeColorFactor": shade, "shadingToonyFactor": 0.95})));
    // The main light comes from the left of the picture, and from above: only to the right its shade is seen.
    let third = red.width() / 3;
    let [left, middle, right] = [0, 1, 2].map(|part| {
        let is_shade = |(x, _, pixel): &(u32, u32, &image::Rgba<u8>), other: &image::Rgba<u8>| {
            x / third == part && pixel.0.iter().zip(other.0).any(|(a, b)| a.abs_diff(b) > 12)
        };
        red.enumerate_pixels().zip(blue.pixels()).filter(|(own, other)| is_shade(own, other)).count()
    });
    assert!(left < 100 && middle < 2_000 && right > 200, "{left} {middle} {right}");
}
