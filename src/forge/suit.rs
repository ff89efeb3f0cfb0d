//! Clothes: a tailored suit with shirt or blouse, shoes and a badge, cut to the body.
//!
//! Everything is made around a person with hanging arms, on smooth surfaces that are laid over the body's measures,
//! and carried into the bind pose at the end. [`visible_body`] tells what skin the clothes leave to be seen.

mod arm;
mod badge;
mod chart;
mod curve;
mod cut;
mod detail;
mod fabric;
mod folds;
mod glasses;
mod hand_paint;
mod jacket;
mod lapel;
mod neck;
mod neckwear;
mod seam;
mod sheet;
mod shirt;
mod shoe;
mod sleeve;
mod trousers;
mod trunk;
mod wearer;

use glam::Vec3;
use serde_json::json;

pub use hand_paint::textures as hand_textures;

use self::arm::Arm;
use self::cut::Cut;
use self::fabric::Weave;
use self::neck::Neck;
use self::sheet::Sheet;
use self::shirt::Opening;
use self::sleeve::Armhole;
use self::trunk::Trunk;
use self::wearer::{Side, Wearer};
use super::ao::{self, Occluder, Sky};
use super::body::Body;
use super::part::{Kit, Material};
use super::recipe::{Color, Neckwear, Top};

/// How closely shadows in folds are looked for.
const SKY: Sky = Sky { directions: 64, map: 400, bias: 0.05 };

/// Measures of a person.
struct Tailor<'a> {
    body: &'a Body,
    wearer: Wearer<'a>,
    trunk: Trunk,
    neck: Neck,
    cut: Cut,
    arms: [Arm; 2],
    holes: [Armhole; 2],
}

impl<'a> Tailor<'a> {
    fn new(body: &'a Body) -> Self {
        let skin = body.data.group("body").map(|quad| quad.vertices);
        let wearer = Wearer::new(&body.rig, &body.shape, skin);
        let neck = Neck::new(&wearer);
        let mut trunk = Trunk::new(&wearer, &neck);
        let cut = Cut::new(body.recipe.sex.is_female(), opening(body) != Opening::V, &trunk, &neck);
        let arms = Side::BOTH.map(|side| Arm::new(&wearer, side));
        let holes = [&arms[0], &arms[1]].map(|arm| Armhole::new(&trunk, &wearer, arm));
        trunk.redraw(|pull, place| holes.iter().fold(pull, |pull, hole| hole.drawn(pull, place)));
        Self { body, wearer, trunk, neck, cut, arms, holes }
    }

    fn jacket(&self) -> Sheet {
        let (trunk, cut) = (&self.trunk, &self.cut);
        let (mut jacket, seams) = jacket::shell(trunk, &self.neck, cut, &self.holes);
        for ((arm, hole), seam) in self.arms.iter().zip(&self.holes).zip(&seams) {
            jacket.join(sleeve::sleeve(trunk, cut, arm, hole, seam));
        }
        for seam in &seams {
            seam::even(&mut jacket, seam);
            seam::even_pulls(&mut jacket, seam);
        }
        jacket = jacket.welded();
        for side in Side::BOTH {
            jacket.join(lapel::lapel(trunk, cut, side));
            jacket.join(detail::flap(trunk, cut, side, |place| jacket::pull(trunk, cut, place)));
        }
        jacket.join(lapel::collar(trunk, &self.neck, cut, self.is_snug()));
        jacket.join(detail::welt(trunk, cut));
        jacket
    }

    /// Whether nothing lies between the jacket's collar and the neck.
    fn is_snug(&self) -> bool {
        opening(self.body) == Opening::V && self.body.recipe.neckwear() == Neckwear::None
    }

    fn buttons(&self) -> Sheet {
        let mut buttons = detail::front_buttons(&self.trunk, &self.cut);
        for arm in &self.arms {
            for (point, out) in sleeve::button_places(arm, &self.cut) {
                buttons.join(detail::button(point, out, 0.055, arm.pull(arm.wrist - 0.3)));
            }
        }
        buttons
    }

    fn top(&self, opening: Opening) -> Sheet {
        let mut top = shirt::front(&self.trunk, &self.neck, &self.cut, opening);
        if opening != Opening::V {
            top.join(shirt::collar(&self.trunk, &self.neck, opening));
        }
        for arm in &self.arms {
            top.join(sleeve::cuff(arm, &self.cut));
        }
        top
    }
}

fn opening(body: &Body) -> Opening {
    match (body.recipe.top(), body.recipe.neckwear()) {
        (Top::Blouse, _) => Opening::V,
        (Top::Shirt, Neckwear::None) => Opening::Open,
        (Top::Shirt, _) => Opening::Closed,
    }
}

/// Share of its triangles that a piece keeps.
const KEPT: [(&str, f32); 3] = [("Jacket", 0.80), ("Trousers", 0.62), ("Shoes", 0.66)];

/// Cuts and sews. `font` are the bytes of a font with the letters of the badge.
#[must_use]
pub fn build(body: &Body, font: &[u8]) -> Kit {
    let tailor = Tailor::new(body);
    let (trunk, neck, cut) = (&tailor.trunk, &tailor.neck, &tailor.cut);
    let mut sheets = vec![
        ("Jacket", "jacket", tailor.jacket()),
        ("Shirt", "shirt", tailor.top(opening(body))),
        ("Trousers", "trousers", trousers::trousers(&tailor.wearer, trunk, cut)),
        ("Buttons", "button", tailor.buttons()),
    ];
    match body.recipe.neckwear() {
        Neckwear::None => {}
        Neckwear::Tie => sheets.push(("Tie", "silk", neckwear::tie(trunk, neck, cut))),
        Neckwear::Scarf => sheets.push(("Scarf", "silk", neckwear::scarf(trunk, neck, cut))),
    }
    if !body.recipe.badge.is_empty() {
        sheets.push(("Badge", "badge", detail::badge(trunk, cut)));
    }
    let (mut uppers, mut soles) = (Sheet::default(), Sheet::default());
    for side in Side::BOTH {
        let (upper, sole) = shoe::shoe(&tailor.wearer, side, cut.female);
        uppers.join(upper);
        soles.join(sole);
    }
    sheets.extend([("Shoes", "shoe", uppers), ("Soles", "sole", soles)]);
    let shades = shades(&tailor.wearer, &visible(body, &tailor), body, &sheets);
    let mut kit = materials(body, font);
    kit.textures.extend(folds::textures(&tailor));
    for ((name, material, sheet), shade) in sheets.into_iter().zip(shades) {
        let mut part = sheet.part(name, material, &tailor.wearer, &shade);
        if let Some((_, share)) = KEPT.iter().find(|(thinned, _)| *thinned == name) {
            // The roll of the collar is a sharp line: it stays whole.
            part.thin(*share, |at| at.y > neck.center.y - 0.10 * neck.scale && at.x.abs() < neck.scale);
        }
        kit.parts.push(part);
    }
    if body.recipe.glasses {
        kit.add(glasses::build(body), body.rig.joints.len());
    }
    kit
}

/// Ambient occlusion of every sheet's vertices.
fn shades(wearer: &Wearer<'_>, visible: &[bool], body: &Body, sheets: &[(&str, &str, Sheet)]) -> Vec<Vec<f32>> {
    let skin: Vec<[u32; 3]> = body
        .data
        .group("body")
        .zip(visible)
        .filter(|(_, visible)| **visible)
        .flat_map(|(quad, _)| {
            let [a, b, c, d] = quad.vertices;
            [[a, b, c], [a, c, d]]
        })
        .collect();
    let mut occluders: Vec<Occluder<'_>> =
        sheets.iter().map(|(_, _, s)| Occluder { points: &s.positions, triangles: &s.triangles }).collect();
    occluders.push(Occluder { points: &wearer.points, triangles: &skin });
    let points: Vec<Vec3> = sheets.iter().flat_map(|(_, _, s)| s.positions.iter().copied()).collect();
    let normals: Vec<Vec3> = sheets.iter().flat_map(|(_, _, s)| s.normals.iter().copied()).collect();
    let mut all = ao::vertex_ao(&points, &normals, &occluders, SKY).into_iter();
    // Never black: light also comes off other cloth.
    sheets
        .iter()
        .map(|(_, _, s)| all.by_ref().take(s.positions.len()).map(|ao| 0.5 + 0.5 * ao.powf(0.8)).collect())
        .collect()
}

/// Which faces of the group `body`, in its order, clothes leave to be seen: head, neck, hands.
#[must_use]
pub fn visible_body(body: &Body) -> Vec<bool> {
    visible(body, &Tailor::new(body))
}

fn visible(body: &Body, tailor: &Tailor<'_>) -> Vec<bool> {
    let (wearer, neck) = (&tailor.wearer, &tailor.neck);
    let opening = opening(body);
    let low = opening.low(neck).min(neck.at(0.0, -0.1, 0.0).y);
    body.data
        .group("body")
        .map(|quad| {
            let middle: Vec3 = quad.vertices.iter().map(|v| wearer.points[*v as usize]).sum::<Vec3>() * 0.25;
            let arm: f32 = quad.vertices.iter().map(|v| wearer.arm(*v)).sum::<f32>() * 0.25;
            if arm > 0.5 {
                let arm = &tailor.arms[usize::from(middle.x < 0.0)];
                return arm.locate(middle).0 > arm.wrist - 0.40;
            }
            let (_, height, reach) = neck.locate(middle);
            let is_neck = height > -0.30 && reach < 1.15 * neck.scale || middle.y > neck.center.y + 0.4;
            let is_chest = middle.z > tailor.trunk.axis_z
                && middle.y > low - 0.5
                && middle.x.abs() < 1.0 * neck.scale
                && opening.above(neck, middle) > -0.62;
            is_neck || is_chest && opening != Opening::Closed
        })
        .collect()
}

fn materials(body: &Body, font: &[u8]) -> Kit {
    let suit = &body.recipe.suit;
    let linear = |color: Color, factor: f32| {
        let [r, g, b] = color.linear();
        [r * factor, g * factor, b * factor, 1.0]
    };
    let cloth = |name: &str, color: Color, weave: &str, depth: f32, roughness: f32| Material {
        name: name.into(),
        base_color: linear(color, 1.0),
        base_texture: Some(format!("{weave}_shade")),
        normal_texture: Some(format!("{weave}_normal")),
        normal_scale: depth,
        roughness,
        double_sided: true,
        extras: json!({"visavis": {"kind": "cloth"}}),
        ..Material::default()
    };
    let folded = |name: &str, folds: &folds::FoldMap| Material {
        extras: json!({"visavis": {"kind": "cloth", "folds": folds.hint()}}),
        ..cloth(name, suit.color, "twill", 0.22, 0.82)
    };
    let plain = |name: &str, base_color: [f32; 4], roughness: f32| Material {
        name: name.into(),
        base_color,
        roughness,
        ..Material::default()
    };
    let [r, g, b] = suit.color.srgb().map(|c| (c * 255.0).round() as u8);
    let materials = vec![
        folded("jacket", &folds::JACKET),
        folded("trousers", &folds::TROUSERS),
        cloth("shirt", suit.top_color, "plain", 0.18, 0.75),
        Material { roughness: 0.42, ..cloth("silk", suit.neckwear_color, "twill", 0.15, 0.42) },
        Material { double_sided: true, ..plain("shoe", linear(suit.shoe_color, 0.7), 0.55) },
        plain("sole", [0.012, 0.011, 0.010, 1.0], 0.7),
        plain("button", [0.012, 0.012, 0.015, 1.0], 0.55),
    ];
    let textures = vec![
        fabric::normals("twill_normal", Weave::Twill),
        fabric::shades("twill_shade", Weave::Twill, 0.10),
        fabric::normals("plain_normal", Weave::Plain),
        fabric::shades("plain_shade", Weave::Plain, 0.06),
    ];
    let mut kit = Kit { materials, textures, ..Kit::default() };
    if !body.recipe.badge.is_empty() {
        let mut badge = plain("badge", [1.0; 4], 0.35);
        badge.base_texture = Some("badge".into());
        badge.extras = json!({"visavis": {"kind": "badge"}});
        kit.materials.push(badge);
        kit.textures.push(badge::face(&body.recipe.badge, [r, g, b], font));
    }
    if body.recipe.neckwear() == Neckwear::None {
        kit.materials.retain(|material| material.name != "silk");
    }
    kit
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests;
