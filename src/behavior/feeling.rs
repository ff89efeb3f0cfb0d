//! What a feeling looks like on a face: the one mix of blend shapes for smile, concern and interest.

use super::Lexicon;
use crate::{
    affect::{Level, Stance},
    vrm::BlendShape,
};

/// What a face shows, after the display rules.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Feeling {
    /// Smile, 0..=1.
    pub(super) smile: f32,
    /// Concern, 0..=1.
    pub(super) concern: f32,
    /// Interest: raised brows, 0..=1.
    pub(super) interest: f32,
    /// How far full concern raises the inner brows.
    pub(super) brow_inner_up: f32,
    /// How far full concern draws the brows down.
    pub(super) brow_down: f32,
}

impl Feeling {
    /// The blend shapes with their weights.
    pub(super) fn shapes(&self) -> [(BlendShape, f32); 18] {
        use BlendShape as S;
        let Self { smile, concern, interest, brow_inner_up, brow_down } = *self;
        let brow_inner = (concern * brow_inner_up).max(0.08 + 0.16 * interest);
        let brow_outer = 0.05 * (1.0 - concern) + 0.20 * interest;
        // A slight unevenness: a face that is the same on both sides is a mask.
        [
            (S::MouthSmileLeft, smile),
            (S::MouthSmileRight, 0.86 * smile),
            (S::CheekSquintLeft, 0.46 * smile),
            (S::CheekSquintRight, 0.44 * smile),
            (S::MouthDimpleLeft, 0.25 * smile),
            (S::MouthDimpleRight, 0.22 * smile),
            (S::BrowInnerUp, brow_inner),
            (S::BrowDownLeft, concern * brow_down),
            (S::BrowDownRight, concern * brow_down * 0.92),
            (S::BrowOuterUpLeft, brow_outer),
            (S::BrowOuterUpRight, 0.9 * brow_outer),
            (S::EyeSquintLeft, 0.20 * concern),
            (S::EyeSquintRight, 0.19 * concern),
            (S::MouthFrownLeft, 0.22 * concern),
            (S::MouthFrownRight, 0.20 * concern),
            (S::MouthPressLeft, 0.10 * concern),
            (S::MouthPressRight, 0.10 * concern),
            (S::MouthShrugLower, 0.08 * concern),
        ]
    }
}

impl Lexicon {
    /// The weights of a face of the lexicon as a portrait shows it: held still, at the level it belongs to. `None`
    /// where the lexicon has no such face. Without concern that is a calm customer, with it a dissatisfied one.
    #[must_use]
    pub fn portrait(&self, face: &str) -> Option<[f32; BlendShape::COUNT]> {
        let face = self.face(face)?;
        let stance = Stance::of(if face.concern > 0.0 { Level::Dissatisfied } else { Level::CalmInquiry });
        let feeling = Feeling {
            smile: face.smile,
            concern: face.concern,
            interest: face.interest.max(stance.interest) * (1.0 - face.concern),
            brow_inner_up: stance.brow_inner_up,
            brow_down: stance.brow_down,
        };
        let mut weights = [0.0_f32; BlendShape::COUNT];
        for (shape, weight) in feeling.shapes().into_iter().chain(face.shapes.iter().copied()) {
            weights[shape.index()] = weights[shape.index()].max(weight);
        }
        Some(weights)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn portrait(face: &str) -> [f32; BlendShape::COUNT] {
        let text = include_str!("../../assets/behavior/lexicon.toml");
        Lexicon::parse(text, "lexicon.toml").unwrap().portrait(face).unwrap()
    }

    #[test]
    fn smile_and_concern_use_other_muscles() {
        let (smile, concern) = (portrait("polite"), portrait("concern"));
        assert!(smile[BlendShape::MouthSmileLeft.index()] > 0.2);
        assert_eq!(smile[BlendShape::BrowDownLeft.index()], 0.0);
        assert_eq!(concern[BlendShape::MouthSmileLeft.index()], 0.0);
        assert!(concern[BlendShape::BrowInnerUp.index()] > 0.6);
        assert!(concern[BlendShape::BrowDownLeft.index()] > 0.3);
    }

    #[test]
    fn an_apology_lowers_the_lids() {
        assert!(portrait("apology")[BlendShape::EyeBlinkLeft.index()] > 0.1);
    }
}
