//! Wrinkles that come and go with the face: how strongly the lines between the brows, on the forehead and around a
//! smile show for the blend shapes of the moment.

use bevy::mesh::MeshTag;
use bevy::mesh::morph::MorphWeights;
use bevy::prelude::*;

use crate::vrm::{BlendShape, Document, ExpressionName};

/// How strongly each region of a wrinkle map shows, 0..=1: between drawn brows, forehead under raised brows, smile
/// lines with crow's feet. The order is that of the mask's red, green and blue.
pub(super) type Strengths = [f32; 3];

/// Strengths for the weights of a face.
pub(super) fn strengths(weight: impl Fn(BlendShape) -> f32) -> Strengths {
    use BlendShape as S;
    let weight = |shape: BlendShape| {
        let weight = weight(shape);
        if weight.is_nan() { 0.0 } else { weight.clamp(0.0, 1.0) }
    };
    let both = |left: BlendShape, right: BlendShape| 0.5 * (weight(left) + weight(right));
    let down = both(S::BrowDownLeft, S::BrowDownRight);
    let inner = weight(S::BrowInnerUp);
    let outer = both(S::BrowOuterUpLeft, S::BrowOuterUpRight);
    let smile = both(S::MouthSmileLeft, S::MouthSmileRight);
    let cheek = both(S::CheekSquintLeft, S::CheekSquintRight);
    let squint = both(S::EyeSquintLeft, S::EyeSquintRight);
    let sneer = both(S::NoseSneerLeft, S::NoseSneerRight);
    // Worry draws the brows together and up at once: either alone folds the skin less than both.
    let glabella = 1.1 * down + 0.8 * (inner * down).sqrt() + 0.3 * sneer;
    // Drawn brows pull the forehead smooth at its sides.
    let forehead = 0.75 * inner + 0.5 * outer - 0.3 * down;
    let smile_lines = 0.85 * smile + 0.35 * cheek + 0.25 * squint + 0.4 * sneer;
    [glabella, forehead, smile_lines].map(|strength| strength.clamp(0.0, 1.0))
}

/// Strengths as the shader reads them: four bytes, the first in the lowest.
fn packed(strengths: Strengths) -> u32 {
    let byte = |strength: f32| (strength * 255.0).round() as u32;
    byte(strengths[0]) | byte(strengths[1]) << 8 | byte(strengths[2]) << 16
}

/// A surface whose wrinkles follow the morph weights of its node.
#[derive(Component, Debug, Clone)]
#[require(MeshTag)]
pub(super) struct Wrinkled {
    /// The entity that carries the morph weights.
    weights: Entity,
    /// Morph target of each blend shape.
    targets: [Option<usize>; BlendShape::COUNT],
}

impl Wrinkled {
    /// Looks up which morph targets of a node the document's expressions call by the names of blend shapes.
    pub(super) fn new(document: &Document, node: usize, weights: Entity) -> Self {
        let mut targets = [None; BlendShape::COUNT];
        for expression in &document.expressions {
            let ExpressionName::Custom(name) = &expression.name else { continue };
            let Some(shape) = BlendShape::ALL.iter().find(|shape| shape.name().eq_ignore_ascii_case(name)) else {
                continue;
            };
            let bind = expression.morphs.iter().find(|bind| bind.node == node && bind.weight > 0.5);
            if let Some(bind) = bind {
                targets[shape.index()].get_or_insert(bind.index);
            }
        }
        Self { weights, targets }
    }
}

/// Tells the shader how wrinkled each face is, after the pose is on it.
pub(super) fn wrinkle_faces(morphs: Query<'_, '_, &MorphWeights>, mut faces: Query<'_, '_, (&Wrinkled, &mut MeshTag)>) {
    for (face, mut tag) in &mut faces {
        let Ok(morphs) = morphs.get(face.weights) else { continue };
        let weights = morphs.weights();
        let weight = |shape: BlendShape| {
            face.targets[shape.index()].and_then(|target| weights.get(target)).copied().unwrap_or(0.0)
        };
        tag.set_if_neq(MeshTag(packed(strengths(weight))));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(shapes: &[(BlendShape, f32)]) -> Strengths {
        strengths(|shape| shapes.iter().find(|(at, _)| *at == shape).map_or(0.0, |(_, weight)| *weight))
    }

    const CONCERN: &[(BlendShape, f32)] = &[
        (BlendShape::BrowInnerUp, 0.7),
        (BlendShape::BrowDownLeft, 0.36),
        (BlendShape::BrowDownRight, 0.33),
        (BlendShape::EyeSquintLeft, 0.2),
        (BlendShape::EyeSquintRight, 0.19),
    ];

    #[test]
    fn concern_folds_the_skin_between_the_brows() {
        let [glabella, forehead, smile] = of(CONCERN);
        assert!(glabella > 0.7, "{glabella}");
        assert!((0.2..0.7).contains(&forehead), "{forehead}");
        assert!(smile < 0.1, "{smile}");
    }

    #[test]
    fn a_smile_leaves_the_brow_smooth() {
        let [glabella, forehead, smile] = of(&[(BlendShape::MouthSmileLeft, 0.8), (BlendShape::MouthSmileRight, 0.8)]);
        assert_eq!((glabella, forehead), (0.0, 0.0));
        assert!(smile > 0.6, "{smile}");
    }

    #[test]
    fn a_resting_face_has_no_wrinkles() {
        assert_eq!(of(&[]), [0.0; 3]);
        assert_eq!(of(&[(BlendShape::EyeBlinkLeft, 1.0), (BlendShape::EyeBlinkRight, 1.0)]), [0.0; 3]);
    }

    #[test]
    fn bytes_are_in_the_order_of_the_mask() {
        assert_eq!(packed([1.0, 0.0, 0.0]), 0x0000_00ff);
        assert_eq!(packed([0.0, 1.0, 0.2]), 0x0033_ff00);
    }

    proptest! {
        #[test]
        fn strengths_stay_in_range(weights in proptest::collection::vec(proptest::num::f32::ANY, BlendShape::COUNT)) {
            let strengths = strengths(|shape| weights[shape.index()]);
            prop_assert!(strengths.iter().all(|strength| (0.0..=1.0).contains(strength)), "{strengths:?}");
        }
    }
}
