use super::*;

fn mean(colors: impl Iterator<Item = Vec3>) -> Vec3 {
    let colors: Vec<Vec3> = colors.collect();
    colors.iter().sum::<Vec3>() / colors.len() as f32
}

/// Texels of the eye whose angle from the gaze axis lies between these.
fn ring(low: f32, high: f32, color: EyeColor) -> Vec3 {
    let radius = |angle: f32| 0.496 * (angle / EDGE).powf(0.75) * EYE_SIZE as f32;
    let turns = (0..180).map(|k| Vec2::from_angle(k as f32 * 0.0349));
    mean(turns.flat_map(|way| {
        (0..8).map(move |k| {
            let at = way * radius(low + (high - low) * k as f32 / 7.0) + Vec2::splat(EYE_SIZE as f32 / 2.0);
            eye(at.x as usize, at.y as usize, color, 0.25)
        })
    }))
}

#[test]
fn the_pupil_is_black_and_the_white_is_not_white() {
    assert!(ring(0.5, 7.0, EyeColor::Blue).max_element() < 0.01);
    let white = ring(32.0, 70.0, EyeColor::Blue);
    assert!(white.min_element() > 0.25 && white.max_element() < 0.66, "{white}");
    assert!(white.x > white.z, "rosy rather than blue: {white}");
}

#[test]
fn irises_have_the_color_that_was_asked_for() {
    let blue = ring(14.0, 22.0, EyeColor::Blue);
    let brown = ring(14.0, 22.0, EyeColor::DarkBrown);
    assert!(blue.z > blue.x && brown.x > 1.5 * brown.z, "{blue} {brown}");
    let limbus = ring(24.6, 25.6, EyeColor::Blue);
    assert!(limbus.length() < 0.6 * blue.length(), "a dark ring around the iris");
}

#[test]
fn the_upper_lid_throws_a_shadow_that_ends() {
    let (_, root) = lid_shade(32, 8);
    let (_, end) = lid_shade(32, 60);
    assert!(root > 0.85 && end < 0.05, "{root} {end}");
}

#[test]
fn lashes_are_dense_at_the_root_and_gone_at_the_border() {
    let image = lashes(0.7).to_rgba8();
    let row = |y: u32| (0..1024).map(|x| f32::from(image.get_pixel(x, y).0[3])).sum::<f32>() / (1024.0 * 255.0);
    assert!(row(6) > 0.6 && row(60) > 0.2 && row(60) < 0.8 && row(127) == 0.0, "{} {}", row(6), row(60));
}
