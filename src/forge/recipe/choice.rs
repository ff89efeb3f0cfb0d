//! Choices of a recipe that are words.

use serde::Deserialize;

/// Sex of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// A woman.
    #[default]
    Female,
    /// A man.
    Male,
}

impl Sex {
    /// Whether it is a woman.
    #[must_use]
    pub fn is_female(self) -> bool {
        self == Self::Female
    }

    /// The word in names of shape targets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

/// How hair is worn. Any sex may wear any style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HairStyle {
    /// A low bun, hair swept back.
    Bun,
    /// To the jaw, tips curved inward.
    Bob,
    /// To the shoulders.
    Shoulder,
    /// A ponytail.
    Ponytail,
    /// Short with a side part.
    SidePart,
    /// Cropped, short back and sides.
    Crop,
}

impl HairStyle {
    /// Whether sides and nape are shorn.
    #[must_use]
    pub fn is_short(self) -> bool {
        matches!(self, Self::SidePart | Self::Crop)
    }
}

/// Color of hair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HairColor {
    /// Black.
    Black,
    /// Nearly black brown.
    #[default]
    DarkBrown,
    /// Brown.
    Brown,
    /// Light brown.
    LightBrown,
    /// Blond.
    Blond,
    /// Red-brown.
    Auburn,
    /// Gray.
    Gray,
}

/// Color of the iris.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EyeColor {
    /// Dark brown.
    DarkBrown,
    /// Brown.
    #[default]
    Brown,
    /// Hazel.
    Hazel,
    /// Green.
    Green,
    /// Gray.
    Gray,
    /// Blue.
    Blue,
}

/// What is under the jacket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Top {
    /// A shirt with a collar.
    Shirt,
    /// A blouse without one.
    Blouse,
}

/// What is around the neck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Neckwear {
    /// Nothing: an open collar.
    None,
    /// A tie.
    Tie,
    /// A silk scarf.
    Scarf,
}

/// A color as people write it: `"#rrggbb"`, sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Color([u8; 3]);

impl Color {
    /// From sRGB bytes.
    #[must_use]
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// As sRGB, 0..=1.
    #[must_use]
    pub fn srgb(self) -> [f32; 3] {
        self.0.map(|byte| f32::from(byte) / 255.0)
    }

    /// As linear light, 0..=1.
    #[must_use]
    pub fn linear(self) -> [f32; 3] {
        self.srgb().map(|c| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) })
    }
}

impl TryFrom<String> for Color {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] = number.ok_or_else(|| format!("`{text}` is no color like #1f2a44"))?.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}
