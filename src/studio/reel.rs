//! The contact sheet of a take: the avatar at its moments, with the cards that stand beside it.

use std::io::Cursor;

use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageFormat, RgbaImage};

use super::contact::Contact;
use super::portrait::{Portrait, PortraitConfig, Shot};
use super::still::Still;
use crate::avatar::AvatarFile;
use crate::problem::Problem;
use crate::settings::QualityChoice;
use crate::words::Words;

/// Width and height of each picture in pixels where cards stand, and its width where none does.
const SIZE: (u32, u32) = (576, 360);
const NARROW: u32 = 300;
/// Pictures are drawn this many times larger and made smaller, which leaves no steps at edges.
const FINER: u32 = 2;
/// Height of the letters under a picture, as it is drawn.
const LABEL_PX: f32 = 30.0;

/// The sitting that [`draw`] wants.
#[must_use]
pub fn config(avatar: AvatarFile, quality: QualityChoice) -> PortraitConfig {
    let (width, height) = (FINER * SIZE.0, FINER * SIZE.1);
    PortraitConfig { avatar, quality, width, height, yaw_rad: 0.0, label_px: Some(LABEL_PX) }
}

/// Draws the moments of a take as PNG with labels in the language of `words`; `progress` is told after every picture.
///
/// # Errors
/// A [`Problem`] where no picture comes back.
pub fn draw(
    portrait: &mut Portrait,
    stills: &[Still],
    words: Words,
    mut progress: impl FnMut(),
) -> Result<Vec<u8>, Problem> {
    let shot = if stills.iter().any(|still| !still.cards.is_empty()) { Shot::Table } else { Shot::Half };
    let mut contact = Contact::new(stills.len());
    for (at, still) in stills.iter().enumerate() {
        let picture = portrait.still(&still.pose, &still.cards, shot, &still.label(words))?;
        contact.put(at, &finish(&picture, if shot == Shot::Table { SIZE.0 } else { NARROW }));
        progress();
    }
    let sheet = DynamicImage::ImageRgba8(contact.finish()).to_rgb8();
    let mut png = Cursor::new(Vec::new());
    sheet
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|error| Problem::new("cannot write picture", "contact sheet", error, "free some memory"))?;
    Ok(png.into_inner())
}

/// The middle of a picture, as wide as this, at its final size.
fn finish(picture: &RgbaImage, width: u32) -> RgbaImage {
    let cut = FINER * (SIZE.0 - width) / 2;
    let middle = imageops::crop_imm(picture, cut, 0, FINER * width, FINER * SIZE.1).to_image();
    imageops::resize(&middle, width, SIZE.1, FilterType::Triangle)
}
