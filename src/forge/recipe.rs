//! What a person who forges an avatar chooses: a TOML file with defaults for everything.
//!
//! Out of range is impossible after reading: every number has a type that checks its range.

mod choice;
mod number;

use serde::Deserialize;

pub use self::choice::{Color, EyeColor, HairColor, HairStyle, Neckwear, Sex, Top};
pub use self::number::{Age, Share, Slider};
use crate::problem::Problem;

/// An avatar in words.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// Name of the avatar, in the file's meta data.
    pub name: String,
    /// Sex; it also decides the defaults of hair, clothes and face.
    pub sex: Sex,
    /// Years.
    pub age: Age,
    /// Where the ancestors came from.
    pub origin: Origin,
    /// Shape of the body.
    pub body: BodyShape,
    /// Shape of the face.
    pub face: FaceShape,
    /// Skin.
    pub skin: Skin,
    /// Hair on the head.
    pub hair: Hair,
    /// Eyebrows.
    pub brows: Brows,
    /// Color of the iris.
    pub eyes: EyeColor,
    /// Whether it wears glasses.
    pub glasses: bool,
    /// Clothes.
    pub suit: Suit,
    /// Text of the name badge; empty for none.
    pub badge: String,
}

/// Shares of descent; only their ratio counts.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Origin {
    /// East Asian.
    pub asian: Share,
    /// European.
    pub european: Share,
    /// African.
    pub african: Share,
}

/// Shape of the body; 0 is a slim natural build.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BodyShape {
    /// Short to tall.
    pub height: Slider,
    /// Thin to heavy.
    pub weight: Slider,
    /// Soft to athletic.
    pub muscle: Slider,
    /// Narrow to broad shoulders.
    pub shoulders: Slider,
    /// Size of the bust; women only.
    pub bust: Slider,
}

/// Shape of the face; 0 is a pleasant average.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaceShape {
    /// Round to long.
    pub length: Slider,
    /// Low to high forehead.
    pub forehead: Slider,
    /// Narrow to wide jaw.
    pub jaw: Slider,
    /// Receding to prominent chin.
    pub chin: Slider,
    /// Hollow to full cheeks.
    pub cheeks: Slider,
    /// Flat to high cheekbones.
    pub cheekbones: Slider,
    /// Small to large eyes.
    pub eyes: Slider,
    /// Drooping to rising outer corners of the eyes.
    pub eye_slant: Slider,
    /// Narrow to wide nose.
    pub nose_width: Slider,
    /// Short to long nose.
    pub nose_length: Slider,
    /// Flat to high bridge of the nose.
    pub nose_bridge: Slider,
    /// Narrow to wide mouth.
    pub mouth_width: Slider,
    /// Thin to full lips.
    pub lips: Slider,
    /// Small to large ears.
    pub ears: Slider,
}

/// Skin.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Skin {
    /// Porcelain (0) over light (.25) and medium (.5) to deep (1).
    pub tone: Share,
    /// How red cheeks and nose are.
    pub redness: Share,
    /// Freckles.
    pub freckles: Share,
    /// Shadow of the beard; men only.
    pub stubble: Share,
    /// Make-up on lips, lashes and lids.
    pub makeup: Share,
}

/// Hair on the head.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hair {
    /// How it is worn; left out, as befits the sex.
    pub style: Option<HairStyle>,
    /// Its color, also of brows.
    pub color: HairColor,
    /// How much gray is mixed in.
    pub gray: Share,
}

/// Eyebrows.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Brows {
    /// Thin to bushy.
    pub fullness: Slider,
    /// Straight to arched.
    pub arch: Slider,
}

/// Clothes.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Suit {
    /// Color of jacket and trousers.
    pub color: Color,
    /// What is under the jacket; left out, as befits the sex.
    pub top: Option<Top>,
    /// Color of what is under the jacket.
    pub top_color: Color,
    /// What is around the neck; left out, as befits the sex.
    pub neckwear: Option<Neckwear>,
    /// Color of what is around the neck.
    pub neckwear_color: Color,
    /// Color of the shoes.
    pub shoe_color: Color,
}

impl Recipe {
    /// Reads a recipe; `place` names the file in problems.
    ///
    /// # Errors
    /// A [`Problem`] that names file, line and key for anything unknown, misspelled or out of range.
    pub fn read(text: &str, place: &str) -> Result<Self, Problem> {
        let text = text.trim_start_matches('\u{feff}');
        toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.as_bytes().iter().take(start).filter(|byte| **byte == b'\n').count();
            let content = text.lines().nth(line).unwrap_or_default();
            let key = content.split_once('=').map_or("", |(key, _)| key.trim());
            let key = if key.is_empty() { String::new() } else { format!(", key `{key}`") };
            Problem::new(
                "cannot read recipe",
                format!("{place}, line {}{key}", line + 1),
                error.message(),
                "compare with the recipes in assets/forge/recipes",
            )
        })
    }

    /// How the hair is worn.
    #[must_use]
    pub fn hair_style(&self) -> HairStyle {
        self.hair.style.unwrap_or(if self.sex.is_female() { HairStyle::Bun } else { HairStyle::SidePart })
    }

    /// What is under the jacket.
    #[must_use]
    pub fn top(&self) -> Top {
        self.suit.top.unwrap_or(if self.sex.is_female() { Top::Blouse } else { Top::Shirt })
    }

    /// What is around the neck.
    #[must_use]
    pub fn neckwear(&self) -> Neckwear {
        self.suit.neckwear.unwrap_or(if self.sex.is_female() { Neckwear::None } else { Neckwear::Tie })
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            name: "Agent".into(),
            sex: Sex::Female,
            age: Age::default(),
            origin: Origin::default(),
            body: BodyShape::default(),
            face: FaceShape::default(),
            skin: Skin::default(),
            hair: Hair::default(),
            brows: Brows::default(),
            eyes: EyeColor::default(),
            glasses: false,
            suit: Suit::default(),
            badge: String::new(),
        }
    }
}

impl Default for Origin {
    fn default() -> Self {
        Self { asian: Share::of(0.7), european: Share::of(0.3), african: Share::of(0.0) }
    }
}

impl Default for Skin {
    fn default() -> Self {
        let of = Share::of;
        Self { tone: of(0.3), redness: of(0.4), freckles: of(0.0), stubble: of(0.4), makeup: of(0.4) }
    }
}

impl Default for Suit {
    fn default() -> Self {
        Self {
            color: Color::rgb(0x24, 0x2f, 0x4d),
            top: None,
            top_color: Color::rgb(0xf4, 0xf4, 0xf2),
            neckwear: None,
            neckwear_color: Color::rgb(0x6d, 0x1f, 0x2c),
            shoe_color: Color::rgb(0x1c, 0x1a, 0x19),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn an_empty_recipe_is_the_default_woman() {
        let recipe = Recipe::read("", "r.toml").unwrap();
        assert_eq!(recipe, Recipe::default());
        assert_eq!((recipe.hair_style(), recipe.top()), (HairStyle::Bun, Top::Blouse));
    }

    #[test]
    fn a_recipe_sets_what_it_names() {
        let text = "sex = \"male\"\nage = 42\nglasses = true\n[hair]\nstyle = \"crop\"\ncolor = \"gray\"\n\
                    [suit]\ncolor = \"#112233\"\n[face]\njaw = -0.5";
        let recipe = Recipe::read(text, "r.toml").unwrap();
        assert_eq!((recipe.sex, recipe.age.get(), recipe.glasses), (Sex::Male, 42.0, true));
        assert_eq!((recipe.hair_style(), recipe.hair.color), (HairStyle::Crop, HairColor::Gray));
        assert_eq!(recipe.suit.color, Color::rgb(0x11, 0x22, 0x33));
        assert_eq!((recipe.face.jaw.get(), recipe.neckwear()), (-0.5, Neckwear::Tie));
    }

    #[test]
    fn recipes_that_come_with_the_program_are_readable() {
        for (name, text) in [
            ("woman", include_str!("../../assets/forge/recipes/woman.toml")),
            ("man", include_str!("../../assets/forge/recipes/man.toml")),
            ("bob", include_str!("../../assets/forge/recipes/bob.toml")),
            ("glasses", include_str!("../../assets/forge/recipes/glasses.toml")),
            ("ponytail", include_str!("../../assets/forge/recipes/ponytail.toml")),
            ("shoulder", include_str!("../../assets/forge/recipes/shoulder.toml")),
        ] {
            assert!(!Recipe::read(text, name).unwrap().badge.is_empty());
        }
    }

    #[test]
    fn mistakes_name_file_line_and_key() {
        for (text, line, word) in [
            ("sex = \"other\"", "line 1, key `sex`", "other"),
            ("age = 19", "line 1, key `age`", "20"),
            ("[body]\nheight = 1.5", "line 2, key `height`", "-1"),
            ("[skin]\n\ntone = nan", "line 3, key `tone`", "0"),
            ("[face]\nnoze = 1", "line 2, key `noze`", "noze"),
            ("[suit]\ncolor = \"blue-ish\"", "line 2, key `color`", "#"),
            ("[hair]\nstyle = 3", "line 2, key `style`", ""),
            ("age = ", "line 1", ""),
        ] {
            let problem = Recipe::read(text, "r.toml").unwrap_err();
            assert!(problem.place.starts_with(&format!("r.toml, {line}")), "{text}: {problem}");
            assert!(problem.why.contains(word), "{text}: {problem}");
        }
    }
}
