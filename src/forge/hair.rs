//! Hair on the head: an opaque shell that follows the skull, locks over it, fine strands across the hairline.
//!
//! Texture coordinates: v runs along the strands from root to tip, u across them, so that a renderer finds the
//! direction of an anisotropic highlight in the tangent frame. The scalp below is painted into the skin by
//! [`Scalp::density`].

mod comb;
mod crop;
mod hanging;
mod lock;
mod roots;
mod scalp;
mod sheet;
mod short;
mod side_part;
mod strand;
mod swept;

use glam::Vec3;

use super::body::Body;
use super::paint::linear;
use super::part::{Kit, Part};
use super::recipe::{Hair, HairColor, HairStyle};
pub use roots::Roots;
pub use scalp::Scalp;

/// What a style makes.
#[derive(Default)]
struct Style {
    parts: Vec<Part>,
    springs: Vec<super::part::SpringChain>,
}

/// The hair of a person.
#[must_use]
pub fn build(body: &Body, scalp: &Scalp) -> Kit {
    let style = dress(body, scalp);
    let color = color(&body.recipe.hair);
    let gray = body.recipe.hair.gray.get();
    let used = |name: &str| style.parts.iter().any(|part| part.material == name);
    Kit {
        materials: strand::materials().into_iter().filter(|material| used(&material.name)).collect(),
        textures: strand::textures(color, gray, used),
        parts: style.parts,
        springs: style.springs,
    }
}

fn dress(body: &Body, scalp: &Scalp) -> Style {
    match body.recipe.hair_style() {
        HairStyle::Bun => swept::bun(body, scalp),
        HairStyle::Ponytail => swept::ponytail(body, scalp),
        HairStyle::Bob => hanging::build(body, scalp, hanging::Cut::Bob),
        HairStyle::Shoulder => hanging::build(body, scalp, hanging::Cut::Shoulder),
        HairStyle::SidePart => side_part::build(body, scalp),
        HairStyle::Crop => crop::build(body, scalp),
    }
}

/// The single hairs across the hairline of a person, to be painted on the skin.
#[must_use]
pub fn roots(body: &Body, scalp: &Scalp) -> Roots {
    let style = body.recipe.hair_style();
    let comb = match style {
        HairStyle::Bun => swept::bun_comb(scalp),
        HairStyle::Ponytail => swept::ponytail_comb(scalp),
        HairStyle::Bob | HairStyle::Shoulder => hanging::comb(scalp),
        HairStyle::SidePart => side_part::comb(scalp),
        HairStyle::Crop => crop::comb(scalp),
    };
    Roots::new(scalp, &comb, style.is_short())
}

/// The color of hair, linear: its mean over a lit lock.
#[must_use]
pub fn color(hair: &Hair) -> Vec3 {
    let color = linear(match hair.color {
        HairColor::Black => [0.125, 0.110, 0.108],
        HairColor::DarkBrown => [0.178, 0.130, 0.105],
        HairColor::Brown => [0.305, 0.220, 0.165],
        HairColor::LightBrown => [0.440, 0.325, 0.230],
        HairColor::Blond => [0.680, 0.545, 0.375],
        HairColor::Auburn => [0.360, 0.195, 0.130],
        HairColor::Gray => [0.560, 0.555, 0.545],
    });
    // Gray strands mix in: the eye sees their mean.
    color.lerp(linear([0.66, 0.655, 0.64]), 0.55 * hair.gray.get())
}

#[cfg(test)]
mod tests;
