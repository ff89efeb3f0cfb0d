//! What surfaces reflect: a photographer's room of soft boxes, as two cube maps made at the start. Their shapes and
//! colors are given here, so no image needs to be shipped.
//!
//! The boxes' light on matte surfaces comes from the directional lights of [`super::light`]; the map for matte
//! surfaces holds only what the room throws back.

use std::f32::consts::PI;

use bevy::asset::RenderAssetUsages;
use bevy::light::EnvironmentMapLight;
use bevy::prelude::*;
use bevy::render::render_resource::{
    Extent3d, TextureDimension, TextureFormat, TextureViewDescriptor, TextureViewDimension,
};

/// Side of the reflected map at its sharpest, texels; each further level is half as large and rougher.
const SHARP_SIDE: usize = 64;
/// Side of the map for matte surfaces.
const MATTE_SIDE: usize = 8;
/// Samples for a texel of a rough level, and of the matte map.
const SAMPLES: (usize, usize) = (64, 256);
/// Luminance of the room's walls in cd/m².
const WALL_LUMINANCE: f32 = 420.0;
/// How much of the boxes' own light the matte map holds.
const MATTE_BOXES: f32 = 0.12;

/// A rectangular light as seen from the avatar.
struct SoftBox {
    /// Where its middle is.
    toward: Vec3,
    /// Half its width and height at a distance of one.
    half: Vec2,
    /// Radiance against the walls.
    radiance: Vec3,
}

/// The room seen from the avatar: +Z is where the customer stands, −X the customer's left.
const BOXES: [SoftBox; 4] = [
    // Key, above the customer's left shoulder.
    SoftBox { toward: Vec3::new(-0.62, 0.62, 0.75), half: Vec2::new(0.30, 0.36), radiance: Vec3::new(9.0, 8.6, 8.0) },
    // Fill, a tall strip on the right.
    SoftBox { toward: Vec3::new(0.95, 0.15, 0.45), half: Vec2::new(0.22, 0.60), radiance: Vec3::new(2.6, 2.75, 2.9) },
    // Rims, strips behind both shoulders.
    SoftBox { toward: Vec3::new(0.72, 0.45, -0.75), half: Vec2::new(0.16, 0.65), radiance: Vec3::new(5.0, 4.9, 4.8) },
    SoftBox { toward: Vec3::new(-0.85, 0.35, -0.7), half: Vec2::new(0.14, 0.6), radiance: Vec3::new(3.0, 3.05, 3.2) },
];

/// Radiance from a direction against that of the walls; boxes are `boxes` times as bright as they are.
fn radiance(toward: Vec3, boxes: f32) -> Vec3 {
    let floor = Vec3::new(0.52, 0.48, 0.44);
    let wall = Vec3::new(0.98, 0.98, 1.0);
    let ceiling = Vec3::new(1.35, 1.36, 1.38);
    let mut light = if toward.y < 0.0 {
        wall.lerp(floor, smoothstep(0.0, 0.7, -toward.y))
    } else {
        wall.lerp(ceiling, smoothstep(0.0, 0.8, toward.y))
    };
    // The customer's side of the room is darker: nothing is lit there.
    light *= 1.0 - 0.38 * smoothstep(0.1, 0.9, toward.z);
    for soft_box in &BOXES {
        let middle = soft_box.toward.normalize();
        let ahead = toward.dot(middle);
        if ahead <= 0.05 {
            continue;
        }
        let right = middle.cross(Vec3::Y).normalize_or(Vec3::X);
        let place = Vec2::new(toward.dot(right), toward.dot(right.cross(middle))) / ahead;
        let inside = |value: f32, half: f32| 1.0 - smoothstep(0.8 * half, 1.15 * half, value.abs());
        light += boxes * soft_box.radiance * inside(place.x, soft_box.half.x) * inside(place.y, soft_box.half.y);
    }
    light
}

fn smoothstep(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Evenly spread points of the unit square.
fn hammersley(index: usize, count: usize) -> Vec2 {
    Vec2::new((index as f32 + 0.5) / count as f32, (index as u32).reverse_bits() as f32 / 4_294_967_296.0)
}

/// The vector in the frame whose third axis is `up`.
fn around(up: Vec3, local: Vec3) -> Vec3 {
    let (right, forward) = up.any_orthonormal_pair();
    right * local.x + forward * local.y + up * local.z
}

/// What a mirror of this roughness shows in a direction: GGX, seen head-on.
fn reflected(toward: Vec3, roughness: f32) -> Vec3 {
    let alpha = (roughness * roughness).max(1.0e-3);
    let (mut sum, mut weights) = (Vec3::ZERO, 0.0);
    for index in 0..SAMPLES.0 {
        let point = hammersley(index, SAMPLES.0);
        let cos = ((1.0 - point.y) / (1.0 + (alpha * alpha - 1.0) * point.y)).sqrt();
        let sin = (1.0 - cos * cos).max(0.0).sqrt();
        let (s, c) = (2.0 * PI * point.x).sin_cos();
        let half = around(toward, Vec3::new(sin * c, sin * s, cos));
        let light = 2.0 * toward.dot(half) * half - toward;
        let weight = toward.dot(light);
        if weight > 0.0 {
            sum += radiance(light, 1.0) * weight;
            weights += weight;
        }
    }
    sum / weights.max(1.0e-6)
}

/// What a matte surface facing this way receives, over π.
fn matte(toward: Vec3) -> Vec3 {
    let mut sum = Vec3::ZERO;
    for index in 0..SAMPLES.1 {
        let point = hammersley(index, SAMPLES.1);
        let (s, c) = (2.0 * PI * point.x).sin_cos();
        let sin = point.y.sqrt();
        sum += radiance(around(toward, Vec3::new(sin * c, sin * s, (1.0 - point.y).sqrt())), MATTE_BOXES);
    }
    sum / SAMPLES.1 as f32
}

/// The direction in the room of a texel of a cube map. Cube maps are left-handed.
fn direction(face: usize, x: usize, y: usize, side: usize) -> Vec3 {
    let s = (x as f32 + 0.5) / side as f32 * 2.0 - 1.0;
    let t = (y as f32 + 0.5) / side as f32 * 2.0 - 1.0;
    let seen = match face {
        0 => Vec3::new(1.0, -t, -s),
        1 => Vec3::new(-1.0, -t, s),
        2 => Vec3::new(s, 1.0, t),
        3 => Vec3::new(s, -1.0, -t),
        4 => Vec3::new(s, -t, 1.0),
        _ => Vec3::new(-s, -t, -1.0),
    };
    Vec3::new(seen.x, seen.y, -seen.z).normalize()
}

/// Three numbers with a common exponent, as the GPU reads `Rgb9e5Ufloat`.
fn rgb9e5(color: Vec3) -> u32 {
    let color = color.clamp(Vec3::ZERO, Vec3::splat(65408.0));
    let largest = color.max_element().max(1.0e-6);
    let mut exponent = (largest.log2().floor() as i32).max(-16) + 1;
    if (largest / 2_f32.powi(exponent - 9)).round() >= 512.0 {
        exponent += 1;
    }
    let unit = 2_f32.powi(exponent - 9);
    let part = |value: f32| (value / unit).round() as u32;
    part(color.x) | part(color.y) << 9 | part(color.z) << 18 | ((exponent + 15) as u32) << 27
}

fn cube(side: usize, levels: usize, texel: impl Fn(Vec3, usize) -> Vec3) -> Image {
    let mut bytes = Vec::new();
    for face in 0..6 {
        for level in 0..levels {
            let side = side >> level;
            for y in 0..side {
                for x in 0..side {
                    bytes.extend(rgb9e5(texel(direction(face, x, y, side), level)).to_le_bytes());
                }
            }
        }
    }
    // Sizes and bytes agree only with the levels, which come after.
    let mut image = Image::new_uninit(
        Extent3d { width: side as u32, height: side as u32, depth_or_array_layers: 6 },
        TextureDimension::D2,
        TextureFormat::Rgb9e5Ufloat,
        RenderAssetUsages::RENDER_WORLD,
    );
    image.texture_descriptor.mip_level_count = levels as u32;
    image.texture_view_descriptor =
        Some(TextureViewDescriptor { dimension: Some(TextureViewDimension::Cube), ..default() });
    image.data = Some(bytes);
    image
}

/// Makes the room's light for a view.
pub(super) fn room_light(images: &mut Assets<Image>) -> EnvironmentMapLight {
    let levels = SHARP_SIDE.ilog2() as usize + 1;
    let specular = cube(SHARP_SIDE, levels, |toward, level| match level {
        0 => radiance(toward, 1.0),
        _ => reflected(toward, level as f32 / (levels - 1) as f32),
    });
    EnvironmentMapLight {
        diffuse_map: images.add(cube(MATTE_SIDE, 1, |toward, _| matte(toward))),
        specular_map: images.add(specular),
        intensity: WALL_LUMINANCE,
        ..default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unpacked(bits: u32) -> Vec3 {
        let unit = 2_f32.powi((bits >> 27) as i32 - 15 - 9);
        Vec3::new((bits & 511) as f32, (bits >> 9 & 511) as f32, (bits >> 18 & 511) as f32) * unit
    }

    #[test]
    fn rough_mirrors_keep_the_light_of_the_room() {
        let mean = |of: &dyn Fn(Vec3) -> Vec3| {
            let mut sum = Vec3::ZERO;
            for at in 0..512 {
                let point = hammersley(at, 512);
                let z = 1.0 - 2.0 * point.y;
                let (s, c) = (2.0 * PI * point.x).sin_cos();
                let r = (1.0 - z * z).sqrt();
                sum += of(Vec3::new(r * c, z, r * s));
            }
            sum.element_sum() / (3.0 * 512.0)
        };
        let sharp = mean(&|toward| radiance(toward, 1.0));
        for roughness in [0.3, 0.6, 1.0] {
            let rough = mean(&|toward| reflected(toward, roughness));
            assert!((rough / sharp - 1.0).abs() < 0.12, "{roughness}: {rough} against {sharp}");
        }
        let matte = mean(&|toward| matte(toward));
        assert!((0.8..1.3).contains(&matte), "walls of luminance one light a matte surface by about one: {matte}");
    }

    #[test]
    fn texels_look_where_the_gpu_looks() {
        // The shader turns z around before it asks the cube map; face 4 is then the room's −Z.
        assert!(direction(4, 32, 32, 64).z < -0.99);
        assert!(direction(5, 32, 32, 64).z > 0.99);
        assert!(direction(2, 10, 50, 64).y > 0.5 && direction(3, 10, 50, 64).y < -0.5);
        assert!(direction(0, 32, 32, 64).x > 0.99 && direction(1, 32, 32, 64).x < -0.99);
        assert!(direction(4, 5, 5, 64).y > 0.0, "the first row is the upper one");
    }

    proptest! {
        #[test]
        fn packed_colors_come_back(r in 0.0_f32..100.0, g in 0.0_f32..100.0, b in 0.0_f32..100.0) {
            let color = Vec3::new(r, g, b);
            let error = (unpacked(rgb9e5(color)) - color).abs().max_element();
            prop_assert!(error <= color.max_element() / 256.0 + 1.0e-4, "{color} {error}");
        }
    }
}
