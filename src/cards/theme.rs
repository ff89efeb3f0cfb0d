//! Colors, sizes and fonts of cards and interface: the only place where looks are chosen.

use bevy::prelude::*;

use crate::words::font;

/// Paper of cards and panels.
pub const PAPER: Color = Color::srgb(0.988, 0.990, 0.992);
/// Paper that steps back: panel background, emphasis containers.
pub const PAPER_SOFT: Color = Color::srgb(0.945, 0.953, 0.957);
/// Lines and borders.
pub const LINE: Color = Color::srgb(0.84, 0.86, 0.875);
/// Main text.
pub const INK: Color = Color::srgb(0.10, 0.13, 0.16);
/// Secondary text; 4.5:1 on paper.
pub const INK_SOFT: Color = Color::srgb(0.37, 0.42, 0.47);
/// What can be pressed, and what is current.
pub const ACCENT: Color = Color::srgb(0.035, 0.435, 0.475);
/// The accent under the pointer.
pub const ACCENT_HOVER: Color = Color::srgb(0.05, 0.52, 0.56);
/// A tint of the accent for surfaces.
pub const ACCENT_SOFT: Color = Color::srgb(0.87, 0.945, 0.95);
/// Text on the accent.
pub const ON_ACCENT: Color = Color::WHITE;
/// A promise or a warm remark.
pub const WARM: Color = Color::srgb(0.76, 0.40, 0.05);
/// Trouble that needs the customer.
pub const ALERT: Color = Color::srgb(0.74, 0.16, 0.16);
/// Everything works.
pub const GOOD: Color = Color::srgb(0.10, 0.52, 0.30);

/// The fonts of the interface: they cover GBK and Latin.
#[derive(Resource, Clone)]
pub struct Fonts {
    /// For reading.
    pub regular: Handle<Font>,
    /// For headings and buttons.
    pub bold: Handle<Font>,
}

impl FromWorld for Fonts {
    fn from_world(world: &mut World) -> Self {
        let mut fonts = world.resource_mut::<Assets<Font>>();
        Self {
            regular: fonts.add(Font::from_bytes(font::REGULAR.to_vec())),
            bold: fonts.add(Font::from_bytes(font::BOLD.to_vec())),
        }
    }
}

impl Fonts {
    /// A run of text: font, size in logical pixels, color, wrapping that suits Chinese and English.
    #[must_use]
    pub fn text(&self, text: &str, size: f32, color: Color) -> impl Bundle + use<> {
        self.run(self.regular.clone(), text.to_owned(), size, color)
    }

    /// The same in bold.
    #[must_use]
    pub fn bold(&self, text: &str, size: f32, color: Color) -> impl Bundle + use<> {
        self.run(self.bold.clone(), text.to_owned(), size, color)
    }

    /// The font of an input field.
    #[must_use]
    pub fn field(&self, size: f32) -> TextFont {
        TextFont { font: self.regular.clone().into(), font_size: FontSize::Px(size), ..default() }
    }

    fn run(&self, font: Handle<Font>, text: String, size: f32, color: Color) -> impl Bundle + use<> {
        (
            Text::new(text),
            TextFont { font: font.into(), font_size: FontSize::Px(size), ..default() },
            TextColor(color),
            TextLayout { linebreak: LineBreak::WordOrCharacter, ..default() },
        )
    }
}
