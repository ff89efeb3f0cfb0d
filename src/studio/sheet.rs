//! A contact sheet: the faces and gestures that a service agent needs, side by side with their names.

use image::RgbaImage;

use super::contact::Contact;
use super::look::{Look, Weighted};
use super::portrait::{Portrait, Shot};
use crate::behavior::Lexicon;
use crate::problem::Problem;

/// Label, mix of expressions, pose, shot.
const CELLS: &[(&str, &[&str], &str, Shot)] = &[
    ("neutral", &[], "stand", Shot::Bust),
    ("polite smile", &["polite"], "stand", Shot::Bust),
    ("concern", &["concern"], "stand", Shot::Bust),
    ("apology", &["apology"], "stand", Shot::Bust),
    ("thinking", &["thinking"], "stand", Shot::Bust),
    ("surprise", &["surprised=0.6"], "stand", Shot::Bust),
    ("blink", &["blink"], "stand", Shot::Bust),
    ("aa", &["aa"], "stand", Shot::Bust),
    ("ih", &["ih"], "stand", Shot::Bust),
    ("ou", &["ou"], "stand", Shot::Bust),
    ("ee", &["ee"], "stand", Shot::Bust),
    ("oh", &["oh"], "stand", Shot::Bust),
    ("stand", &[], "stand", Shot::Half),
    ("listen, concern", &["concern"], "listen", Shot::Half),
    ("offer, smile", &["polite"], "offer", Shot::Half),
    ("heart, apology", &["apology"], "heart", Shot::Half),
];

/// How many pictures a sheet has.
pub const PICTURES: usize = CELLS.len();

/// Draws the sheet; `progress` is told after every picture how many are done. Expressions and poses that the avatar
/// lacks leave an empty place.
///
/// # Errors
/// A [`Problem`] where no picture comes back.
pub fn draw(portrait: &mut Portrait, lexicon: &Lexicon, mut progress: impl FnMut(usize)) -> Result<RgbaImage, Problem> {
    let mut contact = Contact::new(CELLS.len());
    for (at, (label, mix, pose, shot)) in CELLS.iter().enumerate() {
        let mix: Vec<Weighted> = mix.iter().filter_map(|text| text.parse().ok()).collect();
        let look = Look::new(lexicon, &mix);
        let picture = portrait.take(&look, pose, *shot, label);
        progress(at + 1);
        // The first picture, of a still face, must come: without it the sheet has no size.
        let picture = match picture {
            Ok(picture) => picture,
            Err(problem) if at == 0 => return Err(problem),
            Err(_) => continue,
        };
        contact.put(at, &picture);
    }
    Ok(contact.finish())
}
