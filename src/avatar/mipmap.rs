//! Mipmaps: every texture in half, quarter, eighth of its size. Without them a texture that is smaller on screen than
//! in memory sparkles. Pure: bytes in, bytes out.

use std::sync::LazyLock;

/// What the numbers of a texture mean, so that their average means something too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Colors in sRGB: averaged as light, transparent texels count less.
    Color,
    /// Directions: averaged, then of unit length again.
    Normal,
    /// Numbers.
    Data,
}

/// A texture of eight-bit RGBA texels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Texture<'a> {
    pub(super) texels: &'a [u8],
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) meaning: Meaning,
    /// Where alpha below this is cut off. Every level then keeps the share of texels that stay, so that strands do
    /// not thin out with distance.
    pub(super) cutoff: Option<f32>,
}

/// By how much the smallest level may be smaller than the texture, and bounds of its longer side in texels. Slivers of
/// a mesh ask for levels far too small; a single texel for a whole face would show there as a dark speck, because hair
/// and mouth are in it.
const SMALLEST: (usize, usize, usize) = (16, 8, 64);

/// All levels one after the other from the full size down to [`SMALLEST`], and how many there are; `None` where the
/// bytes do not fit the size.
pub(super) fn chain(texture: &Texture<'_>) -> Option<(Vec<u8>, u32)> {
    let (share, least, most) = SMALLEST;
    chain_to(texture, (texture.width.max(texture.height) / share).clamp(least, most))
}

fn chain_to(texture: &Texture<'_>, smallest: usize) -> Option<(Vec<u8>, u32)> {
    let (mut width, mut height) = (texture.width, texture.height);
    if width == 0 || height == 0 || texture.texels.len() != width.checked_mul(height)?.checked_mul(4)? {
        return None;
    }
    let mut bytes = Vec::with_capacity(texture.texels.len() * 4 / 3 + 16);
    bytes.extend_from_slice(texture.texels);
    let coverage = texture.cutoff.map(|cutoff| (cutoff, coverage(texture.texels, cutoff)));
    let mut level: Vec<[f32; 4]> = Vec::new();
    let mut levels = 1;
    while width.max(height) / 2 >= smallest {
        let smaller = ((width / 2).max(1), (height / 2).max(1));
        level = if levels == 1 {
            halve((width, height), smaller, texture.meaning, |at| decode(&texture.texels[at * 4..], texture.meaning))
        } else {
            halve((width, height), smaller, texture.meaning, |at| level[at])
        };
        let start = bytes.len();
        bytes.extend(level.iter().flat_map(|texel| encode(texel, texture.meaning)));
        if let Some((cutoff, share)) = coverage {
            keep_coverage(&mut bytes[start..], cutoff, share);
        }
        (width, height) = smaller;
        levels += 1;
    }
    Some((bytes, levels))
}

fn halve(
    from: (usize, usize),
    to: (usize, usize),
    meaning: Meaning,
    texel: impl Fn(usize) -> [f32; 4],
) -> Vec<[f32; 4]> {
    let mut out = Vec::with_capacity(to.0 * to.1);
    for y in 0..to.1 {
        let rows = [(2 * y).min(from.1 - 1) * from.0, (2 * y + 1).min(from.1 - 1) * from.0];
        for x in 0..to.0 {
            let columns = [(2 * x).min(from.0 - 1), (2 * x + 1).min(from.0 - 1)];
            out.push(average(
                [
                    texel(rows[0] + columns[0]),
                    texel(rows[0] + columns[1]),
                    texel(rows[1] + columns[0]),
                    texel(rows[1] + columns[1]),
                ],
                meaning,
            ));
        }
    }
    out
}

fn average(texels: [[f32; 4]; 4], meaning: Meaning) -> [f32; 4] {
    let mut sum = [0.0; 4];
    let mut weights = 0.0;
    for texel in texels {
        // Fully transparent texels keep a trace of weight: somewhere the color must come from.
        let weight = if meaning == Meaning::Color { texel[3] + 1.0e-4 } else { 1.0 };
        for channel in 0..3 {
            sum[channel] += texel[channel] * weight;
        }
        sum[3] += 0.25 * texel[3];
        weights += weight;
    }
    for value in &mut sum[..3] {
        *value /= weights;
    }
    if meaning == Meaning::Normal {
        let length = (sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]).sqrt();
        if length > 1.0e-3 {
            for value in &mut sum[..3] {
                *value /= length;
            }
        } else {
            (sum[0], sum[1], sum[2]) = (0.0, 0.0, 1.0);
        }
    }
    sum
}

/// Steps of the table back to sRGB; fine enough that no code is missed by more than one.
const STEPS: usize = 8192;

static TO_LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let value = code as f32 / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
});

static TO_SRGB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    (0..=STEPS)
        .map(|step| {
            let value = step as f32 / STEPS as f32;
            let value = if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
            (value * 255.0).round() as u8
        })
        .collect()
});

fn decode(texel: &[u8], meaning: Meaning) -> [f32; 4] {
    let number = |at: usize| f32::from(texel[at]) / 255.0;
    let value = |at: usize| match meaning {
        Meaning::Color => TO_LINEAR[usize::from(texel[at])],
        Meaning::Normal => number(at) * 2.0 - 1.0,
        Meaning::Data => number(at),
    };
    [value(0), value(1), value(2), number(3)]
}

fn encode(texel: &[f32; 4], meaning: Meaning) -> [u8; 4] {
    let number = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    let value = |value: f32| match meaning {
        Meaning::Color => TO_SRGB[(value.clamp(0.0, 1.0) * STEPS as f32).round() as usize],
        Meaning::Normal => number(value * 0.5 + 0.5),
        Meaning::Data => number(value),
    };
    [value(texel[0]), value(texel[1]), value(texel[2]), number(texel[3])]
}

/// Share of texels whose alpha reaches the cutoff.
fn coverage(texels: &[u8], cutoff: f32) -> f32 {
    let covered = texels.chunks_exact(4).filter(|texel| f32::from(texel[3]) >= cutoff * 255.0).count();
    covered as f32 / (texels.len() / 4) as f32
}

/// Scales alpha so that the share of texels above the cutoff is `share`.
fn keep_coverage(texels: &mut [u8], cutoff: f32, share: f32) {
    let mut counts = [0_usize; 256];
    for texel in texels.chunks_exact(4) {
        counts[usize::from(texel[3])] += 1;
    }
    let wanted = (share * (texels.len() / 4) as f32).round() as usize;
    let mut above = 0;
    let mut threshold = 255;
    for (alpha, count) in counts.iter().enumerate().skip(1).rev() {
        threshold = alpha;
        above += count;
        if above >= wanted {
            break;
        }
    }
    if wanted == 0 {
        return;
    }
    let scale = cutoff * 255.0 / threshold as f32;
    for texel in texels.chunks_exact_mut(4) {
        texel[3] = (f32::from(texel[3]) * scale).round().min(255.0) as u8;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn of(texels: &[u8], width: usize, height: usize, meaning: Meaning) -> Texture<'_> {
        Texture { texels, width, height, meaning, cutoff: None }
    }

    #[test]
    fn levels_go_down_to_the_smallest_that_helps() {
        let texels = vec![200; 256 * 3 * 4];
        let (bytes, levels) = chain(&of(&texels, 256, 3, Meaning::Data)).unwrap();
        assert_eq!(levels, 5, "256x3, 128x1, 64x1, 32x1, 16x1");
        assert_eq!(bytes.len(), (256 * 3 + 128 + 64 + 32 + 16) * 4);
        assert_eq!(chain(&of(&vec![0; 4096 * 4], 4096, 1, Meaning::Data)).unwrap().1, 7, "down to 64x1");
        assert!(bytes.iter().all(|byte| *byte == 200));
        assert!(chain(&of(&texels, 255, 3, Meaning::Data)).is_none());
        assert_eq!(chain(&of(&texels[..12], 3, 1, Meaning::Data)).unwrap().1, 1, "a small one is its only level");
    }

    #[test]
    fn colors_average_as_light() {
        let texels = [[0, 0, 0, 255], [255, 255, 255, 255]].concat();
        let (bytes, _) = chain_to(&of(&texels, 2, 1, Meaning::Color), 1).unwrap();
        assert!((187..=189).contains(&bytes[8]), "half the light is 188 in sRGB: {}", bytes[8]);
        let (bytes, _) = chain_to(&of(&texels, 2, 1, Meaning::Data), 1).unwrap();
        assert_eq!(bytes[8], 128);
    }

    #[test]
    fn transparent_texels_lend_no_color() {
        let texels = [[0, 255, 0, 0], [90, 60, 30, 255]].concat();
        let (bytes, _) = chain_to(&of(&texels, 2, 1, Meaning::Color), 1).unwrap();
        assert!(bytes[8].abs_diff(90) <= 2 && bytes[9].abs_diff(60) <= 2, "{:?}", &bytes[8..]);
        assert_eq!(bytes[11], 128);
    }

    #[test]
    fn normals_stay_normals() {
        let texels = [[255, 128, 128, 255], [128, 128, 255, 255]].concat();
        let (bytes, _) = chain_to(&of(&texels, 2, 1, Meaning::Normal), 1).unwrap();
        let length: f32 = bytes[8..11].iter().map(|b| (f32::from(*b) / 127.5 - 1.0).powi(2)).sum();
        assert!((length.sqrt() - 1.0).abs() < 0.02);
    }

    #[test]
    fn thin_strands_keep_their_coverage() {
        let noise =
            |at: u32| f64::from(at.wrapping_mul(2_654_435_761).rotate_left(13).wrapping_mul(2_246_822_519) >> 8);
        let alpha = |at: u32| (255.0 * (noise(at) / f64::from(1 << 24)).powi(2)) as u8;
        let texels: Vec<u8> = (0..64 * 64).flat_map(|at| [40, 30, 20, alpha(at)]).collect();
        let texture = Texture { cutoff: Some(0.5), ..of(&texels, 64, 64, Meaning::Color) };
        let (bytes, _) = chain_to(&texture, 1).unwrap();
        let share = coverage(&texels, 0.5);
        let (mut at, mut side) = (64 * 64 * 4, 32);
        while side >= 16 {
            let now = coverage(&bytes[at..at + side * side * 4], 0.5);
            assert!((now - share).abs() < 0.06, "level of {side}: {now} instead of {share}");
            at += side * side * 4;
            side /= 2;
        }
        let (plain, _) = chain_to(&of(&texels, 64, 64, Meaning::Color), 1).unwrap();
        assert!(coverage(&plain[64 * 64 * 4 + 32 * 32 * 4..][..16 * 16 * 4], 0.5) < 0.1, "they would thin out");
    }

    proptest! {
        #[test]
        fn srgb_survives_the_way_there_and_back(code in 0_u8..=255) {
            let texel = decode(&[code, code, code, 255], Meaning::Color);
            prop_assert!(encode(&texel, Meaning::Color)[0].abs_diff(code) <= 1);
        }
    }
}
