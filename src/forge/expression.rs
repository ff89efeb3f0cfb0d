//! What the expressions of the file are made of: mixes of ARKit blend shapes.
//!
//! The presets of VRM, the 52 blend shapes under their own names, and the 15 mouth shapes of Oculus lip sync as
//! `viseme_sil` to `viseme_U`.

use BlendShape as B;

use crate::vrm::{BlendShape, Preset};

/// Blend shapes with weights.
pub type Mix = Vec<(BlendShape, f32)>;

/// What a preset shows.
#[must_use]
pub fn preset(preset: Preset) -> Mix {
    match preset {
        Preset::Happy => mix(
            &[(B::BrowInnerUp, 0.10), (B::JawOpen, 0.05)],
            &[(SMILE, 0.56), (CHEEK, 0.50), (SQUINT, 0.22), (UPPER_UP, 0.22), (LOWER_DOWN, 0.10), (DIMPLE, 0.10)],
        ),
        Preset::Angry => mix(&[], &[(BROW_DOWN, 0.9), (FROWN, 0.6), (SQUINT, 0.4), (SNEER, 0.2), (PRESS, 0.2)]),
        Preset::Sad => {
            mix(&[(B::BrowInnerUp, 0.9), (B::MouthShrugLower, 0.3)], &[(FROWN, 0.6), (BROW_DOWN, 0.2), (BLINK, 0.10)])
        }
        Preset::Relaxed => mix(&[], &[(SMILE, 0.20), (BLINK, 0.15)]),
        Preset::Surprised => {
            mix(&[(B::BrowInnerUp, 0.7), (B::JawOpen, 0.30), (B::MouthFunnel, 0.15)], &[(OUTER_UP, 0.75), (WIDE, 0.7)])
        }
        Preset::Aa => mix(&[(B::JawOpen, 0.46)], &[(LOWER_DOWN, 0.12), (UPPER_UP, 0.22)]),
        Preset::Ih => mix(&[(B::JawOpen, 0.17)], &[(STRETCH, 0.25), (LOWER_DOWN, 0.25), (UPPER_UP, 0.18)]),
        Preset::Ou => mix(&[(B::JawOpen, 0.18), (B::MouthPucker, 0.65), (B::MouthFunnel, 0.35)], &[]),
        Preset::Ee => {
            mix(&[(B::JawOpen, 0.13)], &[(STRETCH, 0.35), (SMILE, 0.17), (LOWER_DOWN, 0.28), (UPPER_UP, 0.25)])
        }
        Preset::Oh => mix(&[(B::JawOpen, 0.33), (B::MouthFunnel, 0.55), (B::MouthPucker, 0.2)], &[]),
        Preset::Blink => mix(&[], &[(BLINK, 1.0)]),
        Preset::BlinkLeft => vec![(B::EyeBlinkLeft, 1.0)],
        Preset::BlinkRight => vec![(B::EyeBlinkRight, 1.0)],
        Preset::LookUp => mix(&[], &[([B::EyeLookUpLeft, B::EyeLookUpRight], 1.0)]),
        Preset::LookDown => mix(&[], &[([B::EyeLookDownLeft, B::EyeLookDownRight], 1.0)]),
        Preset::LookLeft => vec![(B::EyeLookOutLeft, 1.0), (B::EyeLookInRight, 1.0)],
        Preset::LookRight => vec![(B::EyeLookInLeft, 1.0), (B::EyeLookOutRight, 1.0)],
        Preset::Neutral => Vec::new(),
    }
}

/// The mouth shapes of Oculus lip sync by name.
#[must_use]
pub fn visemes() -> Vec<(&'static str, Mix)> {
    vec![
        ("viseme_sil", Vec::new()),
        ("viseme_PP", mix(&[(B::MouthRollUpper, 0.30), (B::MouthRollLower, 0.30)], &[(PRESS, 0.45)])),
        ("viseme_FF", mix(&[(B::MouthRollLower, 0.70), (B::JawOpen, 0.05)], &[(UPPER_UP, 0.30)])),
        ("viseme_TH", mix(&[(B::JawOpen, 0.14), (B::TongueOut, 0.25)], &[(LOWER_DOWN, 0.25), (UPPER_UP, 0.12)])),
        ("viseme_DD", mix(&[(B::JawOpen, 0.12)], &[(LOWER_DOWN, 0.25), (UPPER_UP, 0.18), (STRETCH, 0.10)])),
        ("viseme_kk", mix(&[(B::JawOpen, 0.18)], &[(LOWER_DOWN, 0.20), (UPPER_UP, 0.15)])),
        ("viseme_CH", mix(&[(B::JawOpen, 0.10), (B::MouthFunnel, 0.55)], &[(LOWER_DOWN, 0.20), (UPPER_UP, 0.20)])),
        ("viseme_SS", mix(&[(B::JawOpen, 0.05)], &[(STRETCH, 0.25), (LOWER_DOWN, 0.30), (UPPER_UP, 0.25)])),
        ("viseme_nn", mix(&[(B::JawOpen, 0.10)], &[(LOWER_DOWN, 0.20), (UPPER_UP, 0.12)])),
        (
            "viseme_RR",
            mix(&[(B::JawOpen, 0.10), (B::MouthFunnel, 0.35), (B::MouthPucker, 0.15)], &[(LOWER_DOWN, 0.15)]),
        ),
        ("viseme_aa", preset(Preset::Aa)),
        ("viseme_E", preset(Preset::Ee)),
        ("viseme_I", preset(Preset::Ih)),
        ("viseme_O", preset(Preset::Oh)),
        ("viseme_U", preset(Preset::Ou)),
    ]
}

type Pair = [BlendShape; 2];

const SMILE: Pair = [B::MouthSmileLeft, B::MouthSmileRight];
const FROWN: Pair = [B::MouthFrownLeft, B::MouthFrownRight];
const STRETCH: Pair = [B::MouthStretchLeft, B::MouthStretchRight];
const PRESS: Pair = [B::MouthPressLeft, B::MouthPressRight];
const DIMPLE: Pair = [B::MouthDimpleLeft, B::MouthDimpleRight];
const UPPER_UP: Pair = [B::MouthUpperUpLeft, B::MouthUpperUpRight];
const LOWER_DOWN: Pair = [B::MouthLowerDownLeft, B::MouthLowerDownRight];
const CHEEK: Pair = [B::CheekSquintLeft, B::CheekSquintRight];
const SQUINT: Pair = [B::EyeSquintLeft, B::EyeSquintRight];
const WIDE: Pair = [B::EyeWideLeft, B::EyeWideRight];
const BLINK: Pair = [B::EyeBlinkLeft, B::EyeBlinkRight];
const BROW_DOWN: Pair = [B::BrowDownLeft, B::BrowDownRight];
const OUTER_UP: Pair = [B::BrowOuterUpLeft, B::BrowOuterUpRight];
const SNEER: Pair = [B::NoseSneerLeft, B::NoseSneerRight];

fn mix(single: &[(BlendShape, f32)], pairs: &[(Pair, f32)]) -> Mix {
    let both = pairs.iter().flat_map(|([left, right], weight)| [(*left, *weight), (*right, *weight)]);
    single.iter().copied().chain(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixes_are_weights_and_mouth_shapes_differ() {
        let visemes = visemes();
        assert_eq!(visemes.len(), 15);
        let all = Preset::ALL.iter().map(|p| preset(*p)).chain(visemes.iter().map(|(_, mix)| mix.clone()));
        for mix in all {
            assert!(mix.iter().all(|(_, weight)| (0.0..=1.0).contains(weight)));
            let mut shapes: Vec<BlendShape> = mix.iter().map(|(shape, _)| *shape).collect();
            shapes.sort();
            shapes.dedup();
            assert_eq!(shapes.len(), mix.len(), "no shape stands twice");
        }
        for (index, (name, mix)) in visemes.iter().enumerate() {
            assert!(visemes[..index].iter().all(|(_, other)| other != mix), "{name}");
        }
    }
}
