//! Head and hands: face, eyes, corneas, shade of the lids, lashes, teeth, tongue, hands, each with the blend shapes
//! that move it.
//!
//! Materials and the textures they name (painted elsewhere; a name without a texture is left out of the file):
//!
//! | material | base | normal | occlusion, roughness | extras |
//! |---|---|---|---|---|
//! | `face` | `face` | `face_normal` | `face_orm` | kind `skin`, wrinkles `wrinkle_normal`, `wrinkle_mask` |
//! | `hands` | `hands` | `hands_normal` | `hands_orm` | kind `skin` |
//! | `eye`, `cornea`, `lidshade`, `lash` | same name | | | kind of the same name |
//! | `teeth`, `tongue` | same name | | `teeth_orm`, `tongue_orm` | kind `teeth` |
//!
//! Texture coordinates: see [`FaceChart`] for the face, `eyes` for eyes and corneas, `lids` for lashes and shade,
//! `teeth` for teeth and tongue, `chart::hand_uv` for hands.

mod chart;
mod eyes;
mod face;
mod hands;
mod lids;
mod shell;
mod teeth;

use serde_json::json;

use super::body::Body;
use super::part::{Alpha, Kit, Material, Part};
pub use chart::Island;
pub(super) use chart::islands;
pub use face::FaceChart;

/// Share of its triangles that the skin of the hands keeps.
const HANDS: f32 = 0.74;
/// The same for the skin of head and neck.
const FACE: f32 = 0.93;

/// Head and hands of a person. `is_seen` tells for each quad of the group `body`, in order, whether clothes leave
/// it open to view; `chart` is the face's as [`FaceChart::new`] made it from the same.
#[must_use]
pub fn build(body: &Body, chart: &FaceChart, is_seen: &[bool]) -> Kit {
    let mut shells = vec![chart.shell(body), hands::hands(body, is_seen)];
    shells.push(eyes::eyeballs(body));
    shells.push(lids::shade(body));
    shells.push(eyes::corneas(body));
    shells.push(lids::lashes(body));
    shells.extend(teeth::teeth(body));
    shells.push(teeth::tongue(body));
    let mut parts: Vec<Part> = shells.into_iter().map(|shell| shell.finish(body)).collect();
    parts.retain(|part| !part.triangles.is_empty());
    for part in &mut parts {
        match part.name.as_str() {
            "Hands" => part.thin(HANDS, |_| false),
            // Nape, crown and chest: the face itself moves, so it stays.
            "Face" => part.thin(FACE, |_| false),
            _ => {}
        }
    }
    Kit { parts, materials: materials(), ..Kit::default() }
}

fn materials() -> Vec<Material> {
    let named = |name: &str, kind: &str, roughness: f32| Material {
        name: name.to_owned(),
        base_texture: Some(name.to_owned()),
        roughness,
        extras: json!({"visavis": {"kind": kind}}),
        ..Material::default()
    };
    let skin = |name: &str, roughness: f32| Material {
        normal_texture: Some(format!("{name}_normal")),
        orm_texture: Some(format!("{name}_orm")),
        ..named(name, "skin", roughness)
    };
    let mouth = |name: &str| Material { orm_texture: Some(format!("{name}_orm")), ..named(name, "teeth", 1.0) };
    let mut face = skin("face", 1.0);
    face.extras = json!({"visavis": {
        "kind": "skin",
        "wrinkle": {"normal": "texture:wrinkle_normal", "mask": "texture:wrinkle_mask"},
    }});
    vec![
        face,
        skin("hands", 1.0),
        named("eye", "eye", 0.60),
        Material { alpha: Alpha::Blend, ..named("lidshade", "lidshade", 0.95) },
        Material { alpha: Alpha::Blend, ..named("cornea", "cornea", 0.06) },
        Material { alpha: Alpha::Blend, double_sided: true, ..named("lash", "lash", 0.75) },
        mouth("teeth"),
        mouth("tongue"),
    ]
}
