//! The contact sheet of a take: the avatar at its moments.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

use super::contact::Contact;
use super::portrait::{Portrait, Shot};
use super::still::Still;
use crate::problem::Problem;

/// Width and height of each picture in pixels.
pub const SIZE: (u32, u32) = (360, 440);

/// Draws the moments of a take as PNG; `progress` is told after every picture.
///
/// # Errors
/// A [`Problem`] where no picture comes back.
pub fn draw(portrait: &mut Portrait, stills: &[Still], mut progress: impl FnMut()) -> Result<Vec<u8>, Problem> {
    let mut contact = Contact::new(stills.len());
    for (at, still) in stills.iter().enumerate() {
        contact.put(at, &portrait.still(&still.pose, Shot::Half, &still.label)?);
        progress();
    }
    let sheet = DynamicImage::ImageRgba8(contact.finish()).to_rgb8();
    let mut png = Cursor::new(Vec::new());
    sheet
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|error| Problem::new("cannot write picture", "contact sheet", error, "free some memory"))?;
    Ok(png.into_inner())
}
