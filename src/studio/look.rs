//! What a portrait's face does: faces of the behavior lexicon by their names, and expressions of the avatar's file.

use std::str::FromStr;

use crate::behavior::Lexicon;
use crate::vrm::{BlendShape, ExpressionName};

/// A name with a weight, as `NAME=W` on the command line.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    /// A face of the lexicon, or an expression of the file.
    pub name: String,
    /// 0..=1.
    pub weight: f32,
}

impl FromStr for Weighted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, weight) = text.split_once('=').unwrap_or((text, "1"));
        let weight: f32 = weight.parse().map_err(|_| format!("`{weight}` is no number"))?;
        if name.is_empty() || !(0.0..=1.0).contains(&weight) {
            return Err("write it like happy=0.5, with a weight from 0 to 1".to_owned());
        }
        Ok(Self { name: name.to_owned(), weight })
    }
}

/// A face held still.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Weight of each blend shape by [`BlendShape::index`].
    pub face: [f32; BlendShape::COUNT],
    /// Expressions of the file over it.
    pub held: Vec<(ExpressionName, f32)>,
}

impl Look {
    /// A calm face without a smile.
    pub const STILL: Self = Self { face: [0.0; BlendShape::COUNT], held: Vec::new() };

    /// Mixes faces and expressions. A face of the lexicon goes before an expression of the same name.
    #[must_use]
    pub fn new(lexicon: &Lexicon, mix: &[Weighted]) -> Self {
        let mut look = Self::STILL;
        for Weighted { name, weight } in mix {
            let face = match name.as_str() {
                "smile" => lexicon.portrait("polite"),
                name => lexicon.portrait(name),
            };
            match (face, BlendShape::from_name(name)) {
                (Some(face), _) => {
                    for (slot, value) in look.face.iter_mut().zip(face) {
                        *slot = slot.max(value * weight);
                    }
                }
                (None, Some(shape)) => look.face[shape.index()] = *weight,
                (None, None) => look.held.push((ExpressionName::parse(name), *weight)),
            }
        }
        look
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::manner::built_in_lexicon;

    #[test]
    fn weights_are_read() {
        assert_eq!("happy=0.5".parse(), Ok(Weighted { name: "happy".into(), weight: 0.5 }));
        assert_eq!("concern".parse(), Ok(Weighted { name: "concern".into(), weight: 1.0 }));
        for bad in ["happy=2", "happy=x", "=1", "happy=NaN"] {
            assert!(bad.parse::<Weighted>().is_err(), "{bad}");
        }
    }

    #[test]
    fn faces_shapes_and_expressions_mix() {
        let lexicon = built_in_lexicon().unwrap();
        let mix: Vec<Weighted> = ["concern=0.5", "jawOpen=0.2", "surprised"].map(|text| text.parse().unwrap()).into();
        let look = Look::new(&lexicon, &mix);
        assert!((0.3..0.4).contains(&look.face[BlendShape::BrowInnerUp.index()]));
        assert_eq!(look.face[BlendShape::JawOpen.index()], 0.2);
        assert_eq!(look.held, [(ExpressionName::parse("surprised"), 1.0)]);
    }
}
