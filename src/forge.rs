//! Forging of human avatars: from a recipe and the CC0 body data to a VRM 1.0 file. No clock, no engine, no
//! unseeded randomness: the same recipe gives the same bytes.
//!
//! Units are decimeters as in the data until the file is written in meters; +Y is up, the figure faces +Z, its left is
//! at +X.

pub mod ao;
pub mod body;
pub mod data;
pub mod export;
pub mod expression;
pub mod eye_paint;
mod face_units;
pub mod hair;
pub mod head;
pub mod landmarks;
mod lid_margin;
pub mod noise;
pub mod normals;
pub mod paint;
pub mod part;
pub mod raster;
pub mod recipe;
pub mod rig;
pub mod shape;
pub mod skin;
pub mod subdivide;
pub mod suit;
mod thin;

use std::sync::Arc;

use glam::Vec3;

pub use body::Body;
pub use data::{BodyData, Delta, HUMAN, JointRule, Mask, Quad};
pub use export::export;
pub use expression::{Mix, preset, visemes};
pub use head::{FaceChart, Island};
pub use landmarks::{Landmarks, SKIN, TIGHTS};
pub use part::{Alpha, Encoding, Kit, Material, Morph, Part, SpringChain, SpringJoint, Texture};
pub use recipe::{
    Age, BodyShape, Brows, Color, EyeColor, FaceShape, Hair, HairColor, HairStyle, Neckwear, Origin, Recipe, Sex,
    Share, Skin, Slider, Suit, Top,
};
pub use rig::{DesignPose, Influence, Joint, Rig};

use crate::problem::Problem;

/// From here inside the hairline, an opaque shell of hair covers the skin.
const HIDDEN_DEG: f32 = 24.0;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Body and skeleton take shape.
    Shape,
    /// Head and hands are made.
    Head,
    /// Clothes are made.
    Clothes,
    /// Hair is made.
    Hair,
    /// Skin, eyes, cloth are painted.
    Paint,
    /// The file is written.
    Write,
}

impl Step {
    /// All, in order.
    pub const ALL: [Self; 6] = [Self::Shape, Self::Head, Self::Clothes, Self::Hair, Self::Paint, Self::Write];
}

/// Makes the avatar of a recipe. `font` are the bytes of a font with the letters of the badge; `progress` hears of
/// each step as it begins.
///
/// # Errors
/// When a part cannot be put into the file, which no recipe should bring about.
pub fn forge(
    recipe: Recipe,
    data: Arc<BodyData>,
    font: &[u8],
    progress: &mut dyn FnMut(Step),
) -> Result<Vec<u8>, Problem> {
    progress(Step::Shape);
    let body = Body::new(data, recipe);
    progress(Step::Head);
    let is_seen = suit::visible_body(&body);
    let chart = FaceChart::new(&body, &is_seen);
    let joints = body.rig.joints.len();
    let mut kit = Kit::default();
    kit.add(head::build(&body, &chart, &is_seen), joints);
    progress(Step::Clothes);
    kit.add(suit::build(&body, font), joints);
    progress(Step::Hair);
    let scalp = hair::Scalp::new(&body, &chart);
    kit.add(hair::build(&body, &scalp), joints);
    // Skin deep under hair is never seen.
    for face in kit.parts.iter_mut().filter(|part| part.name == "Face") {
        let is_hidden =
            |corner: Vec3| corner.y > body.landmarks.eye_middle.y && scalp.above(corner - scalp.center) > HIDDEN_DEG;
        face.keep(|corners| !corners.into_iter().all(is_hidden));
    }
    progress(Step::Paint);
    kit.textures.extend(skin::textures(&body, &chart, &scalp));
    kit.textures.extend(eye_paint::textures(&body));
    if let Some(hands) = kit.parts.iter().find(|part| part.name == "Hands") {
        let painted = suit::hand_textures(&body, hands, skin::tone(&body.recipe.skin));
        kit.textures.extend(painted);
    }
    progress(Step::Write);
    export(&body, &kit)
}

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
