//! A contact sheet: pictures of one size side by side.

use image::{Rgba, RgbaImage, imageops};

/// Columns of a sheet.
const COLUMNS: u32 = 4;
/// Pixels between pictures.
const GAP: u32 = 6;
/// What shows between pictures, and where one is missing.
const PAPER: Rgba<u8> = Rgba([250, 250, 250, 255]);

/// A sheet being filled.
#[derive(Debug, Clone)]
pub struct Contact {
    places: u32,
    sheet: Option<RgbaImage>,
}

impl Contact {
    /// A sheet with room for so many pictures.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self { places: places as u32, sheet: None }
    }

    /// Puts a picture in its place. The first one gives the size of all.
    pub fn put(&mut self, at: usize, picture: &RgbaImage) {
        let (width, height) = picture.dimensions();
        let rows = self.places.div_ceil(COLUMNS);
        let sheet = self.sheet.get_or_insert_with(|| {
            RgbaImage::from_pixel(COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP, PAPER)
        });
        let (column, row) = (at as u32 % COLUMNS, at as u32 / COLUMNS);
        let place = (GAP + column * (width + GAP), GAP + row * (height + GAP));
        imageops::replace(sheet, picture, place.0.into(), place.1.into());
    }

    /// The sheet; one pixel where no picture came.
    #[must_use]
    pub fn finish(self) -> RgbaImage {
        self.sheet.unwrap_or_else(|| RgbaImage::from_pixel(1, 1, PAPER))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_stand_in_rows() {
        let mut contact = Contact::new(6);
        for at in 0..6 {
            contact.put(at, &RgbaImage::from_pixel(10, 20, Rgba([at as u8, 0, 0, 255])));
        }
        let sheet = contact.finish();
        assert_eq!(sheet.dimensions(), (4 * 16 + 6, 2 * 26 + 6));
        assert_eq!(sheet.get_pixel(GAP + 16 + 5, GAP + 26 + 5).0[0], 5);
    }
}
