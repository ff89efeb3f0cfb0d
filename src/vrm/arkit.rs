//! Drives any face by ARKit blend shapes and five mouth shapes: directly where the avatar has an expression of that
//! name, otherwise through the presets that come nearest. Anger is never among them.

use super::blend_shape::BlendShape;
use super::document::Document;
use super::expression::{ExpressionName, Preset, VISEMES};
use super::runtime::{ExpressionHandle, Runtime};

/// Preset, blend shape, gain: how much of a preset a blend shape brings where the avatar lacks the shape. Concern
/// stays low: the preset `sad` of most avatars is a crying face.
const TO_PRESET: &[(Preset, BlendShape, f32)] = &[
    (Preset::Happy, BlendShape::MouthSmileLeft, 0.5),
    (Preset::Happy, BlendShape::MouthSmileRight, 0.5),
    (Preset::Sad, BlendShape::BrowInnerUp, 0.35),
    (Preset::Sad, BlendShape::MouthFrownLeft, 0.2),
    (Preset::Sad, BlendShape::MouthFrownRight, 0.2),
    (Preset::Surprised, BlendShape::EyeWideLeft, 0.25),
    (Preset::Surprised, BlendShape::EyeWideRight, 0.25),
    (Preset::Relaxed, BlendShape::CheekSquintLeft, 0.15),
    (Preset::Relaxed, BlendShape::CheekSquintRight, 0.15),
    (Preset::Aa, BlendShape::JawOpen, 0.7),
    (Preset::Ou, BlendShape::MouthPucker, 0.6),
    (Preset::Oh, BlendShape::MouthFunnel, 0.6),
];

/// Mouth shape, blend shape, gain: the other way around, for avatars with ARKit shapes but without mouth presets.
pub(super) const VISEME_TO_SHAPE: &[(usize, BlendShape, f32)] = &[
    (0, BlendShape::JawOpen, 0.6),
    (1, BlendShape::JawOpen, 0.2),
    (1, BlendShape::MouthStretchLeft, 0.3),
    (1, BlendShape::MouthStretchRight, 0.3),
    (2, BlendShape::MouthPucker, 0.7),
    (2, BlendShape::MouthFunnel, 0.25),
    (3, BlendShape::JawOpen, 0.25),
    (3, BlendShape::MouthStretchLeft, 0.45),
    (3, BlendShape::MouthStretchRight, 0.45),
    (4, BlendShape::JawOpen, 0.35),
    (4, BlendShape::MouthFunnel, 0.6),
];

/// Which expressions of one document take which blend shapes.
#[derive(Debug, Clone, PartialEq)]
pub struct FaceMap {
    shapes: [Option<ExpressionHandle>; BlendShape::COUNT],
    presets: [Option<ExpressionHandle>; Preset::COUNT],
    /// Whether the map writes the preset: the mouth shapes, and what stands in for missing blend shapes.
    writes: [bool; Preset::COUNT],
}

impl FaceMap {
    /// Looks every name up once. Case counts for nothing: exporters write `BrowInnerUp` as well.
    #[must_use]
    pub fn for_document(document: &Document) -> Self {
        let mut shapes = [None; BlendShape::COUNT];
        let mut presets = [None; Preset::COUNT];
        for (at, expression) in document.expressions.iter().enumerate() {
            let handle = ExpressionHandle::at(at);
            match &expression.name {
                ExpressionName::Preset(preset) => presets[preset.index()] = Some(handle),
                ExpressionName::Custom(name) => {
                    let shape = BlendShape::ALL.iter().find(|shape| shape.name().eq_ignore_ascii_case(name));
                    if let Some(shape) = shape {
                        shapes[shape.index()].get_or_insert(handle);
                    }
                }
            }
        }
        let mut writes = [false; Preset::COUNT];
        for preset in VISEMES {
            writes[preset.index()] = true;
        }
        for &(preset, shape, _) in TO_PRESET {
            writes[preset.index()] |= shapes[shape.index()].is_none();
        }
        let lacks = |shape: BlendShape| shapes[shape.index()].is_none();
        if lacks(BlendShape::EyeBlinkLeft) || lacks(BlendShape::EyeBlinkRight) {
            for preset in [Preset::Blink, Preset::BlinkLeft, Preset::BlinkRight] {
                writes[preset.index()] = true;
            }
        }
        Self { shapes, presets, writes }
    }

    /// How many of the 52 blend shapes the avatar has itself.
    #[must_use]
    pub fn coverage(&self) -> usize {
        self.shapes.iter().flatten().count()
    }

    /// Whether the avatar has this blend shape itself.
    #[must_use]
    pub fn has(&self, shape: BlendShape) -> bool {
        self.shapes[shape.index()].is_some()
    }

    /// Sets the input weights of a face. `face` by [`BlendShape::index`], `visemes` in the order `aa`, `ih`, `ou`,
    /// `ee`, `oh`; all 0..=1. Weights of other expressions stay as they are.
    pub fn drive(&self, face: &[f32; BlendShape::COUNT], visemes: &[f32; 5], runtime: &mut Runtime) {
        let mut direct = face.map(clean);
        let mut presets = [0.0_f32; Preset::COUNT];
        for (at, preset) in VISEMES.into_iter().enumerate() {
            let weight = clean(visemes[at]);
            if self.presets[preset.index()].is_some() {
                presets[preset.index()] = weight;
                continue;
            }
            for (_, shape, gain) in VISEME_TO_SHAPE.iter().filter(|(viseme, ..)| *viseme == at) {
                direct[shape.index()] += gain * weight;
            }
        }
        for &(preset, shape, gain) in TO_PRESET {
            if !self.has(shape) {
                presets[preset.index()] += gain * clean(face[shape.index()]);
            }
        }
        self.blink(face, &mut presets);
        // Two whole faces at once would break the mesh.
        let moods = [Preset::Happy, Preset::Sad, Preset::Surprised, Preset::Relaxed];
        let sum: f32 = moods.iter().map(|m| presets[m.index()]).sum();
        if sum > 1.0 {
            for mood in moods {
                presets[mood.index()] /= sum;
            }
        }
        for (handle, weight) in self.shapes.iter().zip(direct) {
            if let Some(handle) = handle {
                runtime.set_weight(*handle, weight);
            }
        }
        for ((handle, weight), writes) in self.presets.iter().zip(presets).zip(self.writes) {
            if let Some(handle) = handle.filter(|_| writes) {
                runtime.set_weight(handle, weight);
            }
        }
    }

    /// Lids of avatars without ARKit lids: each eye where the avatar can, else what both have in common.
    fn blink(&self, face: &[f32; BlendShape::COUNT], presets: &mut [f32; Preset::COUNT]) {
        let lid = |shape: BlendShape| if self.has(shape) { 0.0 } else { clean(face[shape.index()]) };
        let (left, right) = (lid(BlendShape::EyeBlinkLeft), lid(BlendShape::EyeBlinkRight));
        let single = |preset: Preset| self.presets[preset.index()].is_some();
        if single(Preset::BlinkLeft) && single(Preset::BlinkRight) {
            presets[Preset::BlinkLeft.index()] = left;
            presets[Preset::BlinkRight.index()] = right;
        } else {
            presets[Preset::Blink.index()] = left.min(right);
        }
    }
}

fn clean(weight: f32) -> f32 {
    if weight.is_nan() { 0.0 } else { weight.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::super::fixture;
    use super::*;

    fn weight(runtime: &Runtime, name: &str) -> f32 {
        runtime.expression_handle(&ExpressionName::parse(name)).map_or(f32::NAN, |h| runtime.weight(h))
    }

    fn smile() -> [f32; BlendShape::COUNT] {
        let mut face = [0.0; BlendShape::COUNT];
        for shape in [BlendShape::MouthSmileLeft, BlendShape::MouthSmileRight, BlendShape::EyeBlinkLeft] {
            face[shape.index()] = 0.8;
        }
        face
    }

    #[test]
    fn presets_stand_in_for_missing_shapes() {
        let all = json!({"happy": {}, "sad": {}, "angry": {}, "blink": {}, "aa": {}, "ou": {}});
        let document = fixture::load(&fixture::with_expressions(all, json!({"BrowInnerUp": {}})));
        let map = FaceMap::for_document(&document);
        assert_eq!(map.coverage(), 1);
        let mut runtime = Runtime::new(Arc::new(document));
        let mut face = smile();
        face[BlendShape::BrowInnerUp.index()] = 1.0;
        map.drive(&face, &[0.5, 0.0, f32::NAN, 0.0, 0.0], &mut runtime);
        assert!((weight(&runtime, "happy") - 0.8).abs() < 1.0e-6);
        assert_eq!(weight(&runtime, "sad"), 0.0, "the avatar has the brow itself");
        assert_eq!(weight(&runtime, "BrowInnerUp"), 1.0);
        assert_eq!(weight(&runtime, "blink"), 0.0, "a wink is no blink");
        assert_eq!(weight(&runtime, "aa"), 0.5);
        assert_eq!(weight(&runtime, "ou"), 0.0);
        map.drive(&[1.0; BlendShape::COUNT], &[1.0; 5], &mut runtime);
        assert_eq!(weight(&runtime, "angry"), 0.0);
    }

    #[test]
    fn visemes_without_presets_move_shapes() {
        let custom = json!({"jawOpen": {}, "mouthFunnel": {}});
        let document = fixture::load(&fixture::with_expressions(json!({}), custom));
        let map = FaceMap::for_document(&document);
        let mut runtime = Runtime::new(Arc::new(document));
        map.drive(&[0.0; BlendShape::COUNT], &[0.0, 0.0, 0.0, 0.0, 1.0], &mut runtime);
        assert!((weight(&runtime, "jawOpen") - 0.35).abs() < 1.0e-6);
        assert!((weight(&runtime, "mouthFunnel") - 0.6).abs() < 1.0e-6);
    }

    #[test]
    fn the_agent_is_driven_directly() {
        let document = Arc::new(fixture::agent());
        let map = FaceMap::for_document(&document);
        assert_eq!(map.coverage(), 52);
        let mut runtime = Runtime::new(document);
        map.drive(&smile(), &[0.0; 5], &mut runtime);
        assert_eq!(weight(&runtime, "mouthSmileLeft"), 0.8);
        assert_eq!(weight(&runtime, "happy"), 0.0);
        assert_eq!(weight(&runtime, "blinkLeft"), 0.0);
    }
}
