//! Forging of human avatars: from a recipe and the CC0 body data to a VRM 1.0 file. No clock, no engine, no
//! unseeded randomness: the same recipe gives the same bytes.
//!
//! Units are decimeters as in the data until the file is written in meters; +Y is up, the figure faces +Z, its left is
//! at +X.

mod ao;
mod body;
mod data;
mod face_units;
mod landmarks;
mod noise;
mod normals;
mod part;
mod raster;
mod recipe;
mod rig;
mod shape;
mod subdivide;
pub mod suit;

pub use body::Body;
pub use data::{BodyData, Delta, HUMAN, JointRule, Mask, Quad};
pub use landmarks::{Landmarks, SKIN, TIGHTS};
pub use part::{Alpha, Encoding, Kit, Material, Morph, Part, SpringChain, SpringJoint, Texture};
pub use recipe::{
    Age, BodyShape, Brows, Color, EyeColor, FaceShape, Hair, HairColor, HairStyle, Neckwear, Origin, Recipe, Sex,
    Share, Skin, Slider, Suit, Top,
};
pub use rig::{DesignPose, Influence, Joint, Rig};

/// The default woman, shaped once for all tests.
#[cfg(test)]
pub(crate) fn test_body() -> &'static Body {
    static BODY: std::sync::OnceLock<Body> = std::sync::OnceLock::new();
    BODY.get_or_init(|| test_person(""))
}

/// A person by the text of a recipe, for tests.
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
pub(crate) fn test_person(recipe: &str) -> Body {
    static DATA: std::sync::OnceLock<std::sync::Arc<BodyData>> = std::sync::OnceLock::new();
    let data = DATA.get_or_init(|| std::sync::Arc::new(BodyData::read(HUMAN).unwrap()));
    Body::new(data.clone(), Recipe::read(recipe, "test").unwrap())
}
