//! Expressions: what they are and what they do. The [`Runtime`](super::Runtime) turns input weights into morph weights, material
//! colors and texture transforms by the rules of VRM 1.0, without allocating.

use glam::{Vec2, Vec4};

macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$vmeta])* $variant,)+
        }

        impl $name {
            /// All, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The name in VRM 1.0 files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The one with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }

            /// Position in arrays of all.
            #[must_use]
            pub fn index(self) -> usize {
                self as usize
            }
        }
    };
}

named!(
    /// The expressions that VRM 1.0 names.
    Preset {
        /// Joy.
        Happy = "happy",
        /// Anger. The agent never shows it.
        Angry = "angry",
        /// Sorrow.
        Sad = "sad",
        /// At ease.
        Relaxed = "relaxed",
        /// Surprise.
        Surprised = "surprised",
        /// Mouth shape of "a".
        Aa = "aa",
        /// Mouth shape of "i".
        Ih = "ih",
        /// Mouth shape of "u".
        Ou = "ou",
        /// Mouth shape of "e".
        Ee = "ee",
        /// Mouth shape of "o".
        Oh = "oh",
        /// Both eyes closed.
        Blink = "blink",
        /// The avatar's left eye closed.
        BlinkLeft = "blinkLeft",
        /// The avatar's right eye closed.
        BlinkRight = "blinkRight",
        /// Eyes up.
        LookUp = "lookUp",
        /// Eyes down.
        LookDown = "lookDown",
        /// Eyes to the avatar's left.
        LookLeft = "lookLeft",
        /// Eyes to the avatar's right.
        LookRight = "lookRight",
        /// No expression; kept for compatibility.
        Neutral = "neutral",
    }
);

named!(
    /// A color of a material that an expression may change.
    ColorKind {
        /// Base color, with alpha.
        Color = "color",
        /// Emission.
        Emission = "emissionColor",
        /// Shade of the cartoon shading.
        Shade = "shadeColor",
        /// Factor of the matcap.
        Matcap = "matcapColor",
        /// Parametric rim.
        Rim = "rimColor",
        /// Outline.
        Outline = "outlineColor",
    }
);

/// The five mouth shapes in the order of [`crate::vrm`]'s visemes.
pub const VISEMES: [Preset; 5] = [Preset::Aa, Preset::Ih, Preset::Ou, Preset::Ee, Preset::Oh];

/// Name of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExpressionName {
    /// One that the standard names.
    Preset(Preset),
    /// One that the file's maker named.
    Custom(String),
}

impl ExpressionName {
    /// The name by which a script or a person knows it: a preset if the standard has that name.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        Preset::from_name(name).map_or_else(|| Self::Custom(name.to_owned()), Self::Preset)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Preset(preset) => preset.name(),
            Self::Custom(name) => name,
        }
    }

    /// Whether it is one of the four look expressions.
    #[must_use]
    pub fn is_look_at(&self) -> bool {
        self.kind() == Some(Kind::LookAt)
    }

    fn kind(&self) -> Option<Kind> {
        use Preset::{Aa, Blink, BlinkLeft, BlinkRight, Ee, Ih, LookDown, LookLeft, LookRight, LookUp, Oh, Ou};
        match self {
            Self::Preset(Aa | Ih | Ou | Ee | Oh) => Some(Kind::Mouth),
            Self::Preset(Blink | BlinkLeft | BlinkRight) => Some(Kind::Blink),
            Self::Preset(LookUp | LookDown | LookLeft | LookRight) => Some(Kind::LookAt),
            _ => None,
        }
    }
}

/// What an expression does to blinking, gaze or mouth while it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Override {
    /// Nothing.
    #[default]
    None,
    /// Stops it as soon as the weight is above zero.
    Block,
    /// Weakens it by the weight.
    Blend,
}

/// A morph target that an expression moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MorphBind {
    /// Node whose mesh carries the target.
    pub node: usize,
    /// Index of the target.
    pub index: usize,
    /// Weight of the target at full expression, 0..=1.
    pub weight: f32,
}

/// A material color that an expression moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColorBind {
    /// Material index.
    pub material: usize,
    /// Which of its colors.
    pub kind: ColorKind,
    /// Color at full expression, linear.
    pub target: Vec4,
}

/// A texture transform that an expression moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextureBind {
    /// Material index.
    pub material: usize,
    /// Scale at full expression.
    pub scale: Vec2,
    /// Offset at full expression.
    pub offset: Vec2,
}

/// An expression of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// Its name.
    pub name: ExpressionName,
    /// Whether it is either off or on.
    pub is_binary: bool,
    /// What it does to blinking.
    pub override_blink: Override,
    /// What it does to the look expressions.
    pub override_look_at: Override,
    /// What it does to the mouth shapes.
    pub override_mouth: Override,
    /// Morph targets.
    pub morphs: Vec<MorphBind>,
    /// Material colors.
    pub colors: Vec<ColorBind>,
    /// Texture transforms.
    pub textures: Vec<TextureBind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blink,
    LookAt,
    Mouth,
}

/// Input to output weights.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    rules: Vec<Rule>,
    inputs: Vec<f32>,
    outputs: Vec<f32>,
    /// How much expressions hold back each [`Kind`], 0..=1.
    overridden: [f32; 3],
    /// Whether an input has changed since the last evaluation.
    is_stale: bool,
}

#[derive(Debug, Clone, Copy)]
struct Rule {
    kind: Option<Kind>,
    is_binary: bool,
    /// By [`Kind`].
    overrides: [Override; 3],
}

impl Weights {
    pub(super) fn new(expressions: &[Expression]) -> Self {
        let rules = expressions
            .iter()
            .map(|e| Rule {
                kind: e.name.kind(),
                is_binary: e.is_binary,
                overrides: [e.override_blink, e.override_look_at, e.override_mouth],
            })
            .collect();
        let zero = vec![0.0; expressions.len()];
        Self { rules, inputs: zero.clone(), outputs: zero, overridden: [0.0; 3], is_stale: true }
    }

    /// Sets an input weight; out of range is clamped, NaN reads as 0, an unknown index is ignored.
    pub(super) fn set(&mut self, index: usize, weight: f32) {
        if let Some(input) = self.inputs.get_mut(index) {
            let weight = if weight.is_nan() { 0.0 } else { weight.clamp(0.0, 1.0) };
            self.is_stale |= *input != weight;
            *input = weight;
        }
    }

    pub(super) fn input(&self, index: usize) -> f32 {
        self.inputs.get(index).copied().unwrap_or(0.0)
    }

    pub(super) fn reset(&mut self) {
        self.inputs.fill(0.0);
        self.is_stale = true;
    }

    pub(super) fn outputs(&self) -> &[f32] {
        &self.outputs
    }

    /// How much expressions hold back the gaze, 0..=1, as of the last evaluation.
    pub(super) fn look_at_overridden(&self) -> f32 {
        self.overridden[Kind::LookAt as usize]
    }

    /// Applies `isBinary` and the overrides. Whether anything has changed since the last time.
    pub(super) fn evaluate(&mut self) -> bool {
        if !std::mem::take(&mut self.is_stale) {
            return false;
        }
        let mut overridden = [0.0_f32; 3];
        for ((rule, &input), output) in self.rules.iter().zip(&self.inputs).zip(&mut self.outputs) {
            *output = match rule.is_binary {
                true if input > 0.5 => 1.0,
                true => 0.0,
                false => input,
            };
            // Overriding counts with the weight after `isBinary`; within one kind it is void.
            for kind in [Kind::Blink, Kind::LookAt, Kind::Mouth] {
                if rule.kind == Some(kind) {
                    continue;
                }
                overridden[kind as usize] += match rule.overrides[kind as usize] {
                    Override::Block if *output > 0.0 => 1.0,
                    Override::Blend => *output,
                    _ => 0.0,
                };
            }
        }
        self.overridden = overridden.map(|sum| sum.min(1.0));
        for (rule, output) in self.rules.iter().zip(&mut self.outputs) {
            let Some(kind) = rule.kind else { continue };
            let overridden = self.overridden[kind as usize];
            // There is no half of an expression that is either off or on.
            *output *= if rule.is_binary && overridden > 0.0 { 0.0 } else { 1.0 - overridden };
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::fixture;
    use super::*;

    /// Outputs for inputs by name.
    fn evaluate(preset: Value, custom: Value, inputs: &[(&str, f32)], wanted: &str) -> f32 {
        let document = fixture::load(&fixture::with_expressions(preset, custom));
        let find = |name: &str| document.expressions.iter().position(|e| e.name == ExpressionName::parse(name));
        let mut weights = Weights::new(&document.expressions);
        for (name, weight) in inputs {
            if let Some(index) = find(name) {
                weights.set(index, *weight);
            }
        }
        weights.evaluate();
        find(wanted).map_or(f32::NAN, |index| weights.outputs()[index])
    }

    #[test]
    fn binary_switches_above_one_half() {
        for (input, output) in [(0.0, 0.0), (0.5, 0.0), (0.500_01, 1.0), (7.0, 1.0), (f32::NAN, 0.0)] {
            assert_eq!(evaluate(json!({"happy": {"isBinary": true}}), json!({}), &[("happy", input)], "happy"), output);
        }
    }

    #[test]
    fn override_table() {
        // (override, overriding binary, overriding input, overridden binary, overridden output for input 1)
        for (mode, binary, input, overridden_binary, output) in [
            ("none", false, 1.0, false, 1.0),
            ("block", false, 0.0, false, 1.0),
            ("block", false, 0.01, false, 0.0),
            ("block", true, 0.5, false, 1.0),
            ("block", true, 0.51, false, 0.0),
            ("blend", false, 0.25, false, 0.75),
            ("blend", false, 1.0, false, 0.0),
            ("blend", true, 0.4, false, 1.0),
            ("blend", true, 0.6, false, 0.0),
            ("blend", false, 0.25, true, 0.0),
            ("blend", false, 0.0, true, 1.0),
            ("nonsense", false, 1.0, false, 1.0),
        ] {
            for (key, overridden) in
                [("overrideBlink", "blinkLeft"), ("overrideLookAt", "lookUp"), ("overrideMouth", "ou")]
            {
                let preset =
                    json!({"happy": {"isBinary": binary, key: mode}, overridden: {"isBinary": overridden_binary}});
                let got = evaluate(preset, json!({}), &[("happy", input), (overridden, 1.0)], overridden);
                assert!((got - output).abs() < 1.0e-6, "{key} {mode} {binary} {input} {overridden_binary}: {got}");
            }
        }
    }

    #[test]
    fn overrides_of_the_same_kind_are_void() {
        let preset = json!({"blink": {"overrideBlink": "block"}, "blinkLeft": {}, "aa": {"overrideBlink": "blend"}});
        let inputs = [("blink", 1.0), ("blinkLeft", 0.8)];
        assert_eq!(evaluate(preset.clone(), json!({}), &inputs, "blinkLeft"), 0.8);
        let inputs = [("aa", 0.5), ("blinkLeft", 0.8)];
        assert_eq!(evaluate(preset, json!({}), &inputs, "blinkLeft"), 0.4);
    }

    #[test]
    fn overrides_add_up_and_customs_override_too() {
        let preset = json!({"happy": {"overrideMouth": "blend"}, "aa": {}});
        let custom = json!({"wry": {"overrideMouth": "blend"}});
        let got = evaluate(preset, custom, &[("happy", 0.7), ("wry", 0.6), ("aa", 1.0)], "aa");
        assert_eq!(got, 0.0);
    }

    proptest! {
        #[test]
        fn weights_stay_in_range(inputs in proptest::collection::vec(proptest::num::f32::ANY, 70)) {
            let document = fixture::load(&fixture::with_expressions(
                json!({"happy": {"overrideMouth": "blend", "overrideBlink": "block"}, "aa": {}, "blink": {"isBinary": true}}),
                json!({"x": {"overrideMouth": "blend"}}),
            ));
            let mut weights = Weights::new(&document.expressions);
            for (index, weight) in inputs.iter().enumerate() {
                weights.set(index, *weight);
            }
            weights.evaluate();
            prop_assert!(weights.outputs().iter().all(|w| (0.0..=1.0).contains(w)));
        }
    }
}
