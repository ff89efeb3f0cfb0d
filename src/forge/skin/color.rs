//! Color and roughness of each place of the face.

use glam::{Vec2, Vec3};

use super::bake::Spot;
use super::brow::Brows;
use crate::forge::body::Body;
use crate::forge::hair::{self, Roots, Scalp};
use crate::forge::head::Island;
use crate::forge::landmarks::Landmarks;
use crate::forge::noise::value;
use crate::forge::normals::smooth;
use crate::forge::paint::{bell, linear, spot};

/// Share of the light that the hair takes from the skin where it begins.
const HAIR_SHADE: f32 = 0.6;

/// What lies on a texel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Coat {
    /// Linear.
    pub(super) color: Vec3,
    pub(super) roughness: f32,
    /// Share of the sky.
    pub(super) occlusion: f32,
    /// How deep pores are, 0..=1.
    pub(super) pores: f32,
    /// How much of a lip it is, 0..=1, and the lines of lips, -1..=1.
    pub(super) lip: f32,
    pub(super) lines: f32,
    /// Whether it is outer skin: neither mouth nor socket.
    pub(super) is_outer: bool,
}

/// Paints one person.
pub(super) struct Painter<'a> {
    body: &'a Body,
    scalp: &'a Scalp,
    roots: Roots,
    marks: &'a Landmarks,
    brows: Brows,
    ground: Vec3,
    hair: Vec3,
    scalp_strength: f32,
    is_female: bool,
}

impl<'a> Painter<'a> {
    pub(super) fn new(body: &'a Body, scalp: &'a Scalp) -> Self {
        let recipe = &body.recipe;
        Self {
            body,
            scalp,
            roots: hair::roots(body, scalp),
            marks: &body.landmarks,
            brows: Brows::new(recipe),
            ground: linear(super::tone(&recipe.skin)),
            hair: hair::color(&recipe.hair),
            scalp_strength: 0.97,
            is_female: recipe.sex.is_female(),
        }
    }

    /// What lies on a place.
    pub(super) fn coat(&self, spot: &Spot) -> Coat {
        let noises = Noises::new(spot.at);
        let lips = self.mask("lips", spot.atlas);
        let is_mouth = spot.island == Island::Mouth;
        let is_socket = matches!(spot.island, Island::LeftSocket | Island::RightSocket);
        let mut color = self.blood(spot, &noises);
        color = self.shades(color, spot, &noises);
        let lip = smooth(0.18, 0.72, lips + 0.10 * noises.fine);
        let lines = lip_lines(spot.at);
        color = self.lips(color, lip, lips, lines, &noises);
        if is_mouth {
            let depth = smooth(self.marks.mouth.z - 0.02, self.marks.mouth.z - 0.10, spot.at.z);
            color = linear([0.50, 0.20, 0.19]) * (0.55 + 0.5 * spot.occlusion) * (1.0 - 0.86 * depth);
        }
        // Light bleeds through skin: green and blue are shaded more than red.
        let open = (0.34 + 0.90 * spot.occlusion).clamp(0.0, 1.0);
        color *= Vec3::new(open.powf(0.50), open.powf(0.68), open.powf(0.74));
        if is_socket {
            color = self.lid_rim(color, spot.at);
        }
        let is_front = spot.normal.z > 0.0 && spot.at.z > self.marks.eye_middle.z - 0.30;
        let brow = if is_front { self.brows.density(spot.at - self.marks.eye_middle) } else { 0.0 };
        color = color.lerp(self.brows.color, brow);
        let scalp = self.hair_cover(spot.at);
        color = color.lerp(self.hair * (1.0 + 0.25 * noises.grain), scalp);
        let shine = self.shine(spot.at);
        let mut roughness = 0.50 - 0.10 * shine + 0.035 * noises.fine + 0.03 * noises.grain;
        roughness = roughness * (1.0 - lip) + (0.40 + 0.05 * lines) * lip;
        if is_mouth {
            roughness = 0.70;
        }
        roughness = roughness.max(0.66 * brow.max(scalp)).clamp(0.28, 0.74);
        let covered = brow.max(scalp).max(lip);
        Coat {
            color: color.clamp(Vec3::splat(0.002), Vec3::ONE),
            roughness,
            occlusion: spot.occlusion * (1.0 - HAIR_SHADE * self.under_hair(spot.at)),
            pores: (0.36 + 0.64 * shine) * (1.0 - 0.8 * covered),
            lip,
            lines,
            is_outer: !is_mouth && !is_socket,
        }
    }

    /// How much of a place hair covers: single hairs at the line, closed behind it.
    fn hair_cover(&self, at: Vec3) -> f32 {
        let way = (at - self.scalp.center).normalize_or(Vec3::Y);
        let bare = smooth(0.15, 0.6, self.scalp.ear(way));
        let closed = self.scalp.density(at) * self.scalp_strength * (1.0 - bare);
        // Ears stand off the skull and are bare.
        if self.scalp.above(way) < -6.0 || at.distance(self.scalp.center) > self.scalp.radius(way) + 0.03 {
            return closed;
        }
        closed + (1.0 - closed) * self.roots.cover(way) * (1.0 - bare)
    }

    /// How much of the light hair keeps from a place, 0..=1: it stands off the skin behind the hairline.
    fn under_hair(&self, at: Vec3) -> f32 {
        let way = (at - self.scalp.center).normalize_or(Vec3::Y);
        if at.distance(self.scalp.center) > self.scalp.radius(way) + 0.03 {
            return 0.0;
        }
        smooth(-6.0, 1.0, self.scalp.above(way)) * (1.0 - smooth(0.15, 0.6, self.scalp.ear(way)))
    }

    fn mask(&self, name: &str, atlas: Vec2) -> f32 {
        self.body.data.mask(name).map_or(0.0, |mask| mask.sample(atlas))
    }

    /// The ground color, reddened where blood shows through.
    fn blood(&self, at: &Spot, noises: &Noises) -> Vec3 {
        let marks = self.marks;
        let (eye, nose) = (marks.eye_middle, marks.nose);
        let folded = Vec3::new(at.at.x.abs(), at.at.y, at.at.z);
        let near = |x: f32, y: f32, z: f32, width: f32| spot(folded, Vec3::new(x, y, z), width);
        let cheeks = 0.50 * near(0.36, nose.y + 0.03, nose.z - 0.30, 0.18)
            + 0.18 * near(0.24, nose.y + 0.10, nose.z - 0.20, 0.12);
        let nose_red = 0.42 * spot(at.at, nose, 0.10) + 0.26 * near(0.12, nose.y - 0.04, nose.z - 0.12, 0.07);
        let ears = 0.50 * self.mask("ears", at.atlas);
        let lids = 0.16 * self.mask("eyelids", at.atlas) + 0.12 * near(0.28, eye.y - 0.10, eye.z + 0.12, 0.08);
        let chin = 0.16 * spot(at.at, Vec3::new(0.0, marks.mouth.y - 0.30, marks.mouth.z - 0.05), 0.11);
        let strength = 0.55 + 1.1 * self.body.recipe.skin.redness.get();
        let red = (cheeks + nose_red + ears + lids + chin) * strength;
        let red = red * (1.0 + 0.30 * noises.middle + 0.15 * noises.fine) + 0.06 * noises.middle + 0.05 * noises.fine;
        self.ground * (Vec3::ONE - red.clamp(-0.3, 1.2) * Vec3::new(0.02, 0.25, 0.24))
    }

    /// Forehead, beard, sockets, mottling, freckles, age.
    fn shades(&self, color: Vec3, at: &Spot, noises: &Noises) -> Vec3 {
        let marks = self.marks;
        let recipe = &self.body.recipe;
        let eye = marks.eye_middle;
        let folded = Vec3::new(at.at.x.abs(), at.at.y, at.at.z);
        let near = |x: f32, y: f32, z: f32, width: f32| spot(folded, Vec3::new(x, y, z), width);
        let forehead = spot(at.at, Vec3::new(0.0, eye.y + 0.50, eye.z + 0.28), 0.34);
        let mut color = color * (Vec3::ONE + forehead * Vec3::new(0.015, 0.02, -0.02));
        let stubble = if self.is_female { 0.0 } else { recipe.skin.stubble.get() };
        if stubble > 0.0 {
            let hairs = self.beard(at) * stubble;
            let dots = smooth(0.30, 0.75, value(81, at.at * 190.0)) * smooth(0.0, 0.4, value(82, at.at * 60.0) + 0.55);
            let cover = hairs * (0.34 + 0.16 * noises.fine + 0.55 * dots);
            color *= Vec3::ONE - cover.clamp(0.0, 0.9) * Vec3::new(0.66, 0.56, 0.46);
        }
        let sockets = 0.50 * near(0.15, eye.y - 0.02, eye.z + 0.17, 0.07)
            + 0.36 * near(0.28, eye.y - 0.13, eye.z + 0.12, 0.085)
            + 0.28 * near(0.29, eye.y + 0.10, eye.z + 0.14, 0.10);
        color *= Vec3::ONE - sockets * Vec3::new(0.10, 0.15, 0.115);
        if self.is_female {
            // Shadow on the lids, a little.
            let lid = near(0.32, eye.y + 0.075, eye.z + 0.14, 0.075) * recipe.skin.makeup.get();
            color *= Vec3::ONE - lid * Vec3::new(0.16, 0.22, 0.20);
        }
        let age = (recipe.age.get() - 20.0) / 40.0;
        let mottle = 0.034 * noises.coarse + (0.022 + 0.02 * age) * noises.middle + 0.024 * noises.fine;
        color *= 1.0 + mottle + 0.018 * noises.grain;
        let freckles = 0.05 + 0.10 * age + 0.55 * recipe.skin.freckles.get();
        let on_face = bell(folded.x, 0.22, 0.45) * smooth(eye.y - 0.75, eye.y - 0.3, at.at.y);
        let freckle = smooth(0.58, 0.82, value(88, at.at * 52.0)) * freckles * on_face;
        color * (Vec3::ONE - freckle * Vec3::new(0.30, 0.50, 0.60))
    }

    /// Where a beard grows, 0..=1.
    fn beard(&self, at: &Spot) -> f32 {
        let marks = self.marks;
        let (mouth, p) = (marks.mouth, at.at);
        let jaw = smooth(mouth.y + 0.12, mouth.y - 0.14, p.y - 0.20 * smooth(0.30, 0.62, p.x.abs()))
            * smooth(marks.chin.y - 0.75, marks.chin.y - 0.35, p.y)
            * smooth(marks.eye_middle.z - 0.85, marks.eye_middle.z - 0.60, p.z);
        let upper_lip = 0.9 * spot(p, Vec3::new(0.0, mouth.y + 0.13, mouth.z + 0.05), 0.11)
            + 0.5 * spot(Vec3::new(p.x.abs(), p.y, p.z), Vec3::new(0.20, mouth.y + 0.06, mouth.z), 0.08);
        jaw.max(upper_lip).min(1.0)
    }

    fn lips(&self, color: Vec3, lip: f32, mask: f32, lines: f32, noises: &Noises) -> Vec3 {
        let recipe = &self.body.recipe;
        let makeup = if self.is_female { recipe.skin.makeup.get() } else { 0.0 };
        // Lips are the skin with more blood; make-up adds a rose.
        let bare = self.ground * Vec3::new(0.82, 0.50, 0.52);
        let rose = linear([0.690, 0.330, 0.335]) * (0.35 + 0.65 * (self.ground.x / 0.65).min(1.0));
        let paint = bare.lerp(rose, makeup * 0.9);
        let core = smooth(0.7, 1.0, mask);
        let paint = paint * (1.0 + 0.10 * noises.middle + 0.13 * lines) * (1.0 - 0.07 * core);
        let amount = if self.is_female { 0.66 + 0.20 * makeup } else { 0.50 };
        color.lerp(paint, lip * amount)
    }

    /// The moist, rosy margin of the lids.
    fn lid_rim(&self, color: Vec3, at: Vec3) -> Vec3 {
        let [left, right] = self.marks.eyes.map(|eye| at.distance(eye));
        let rim = (1.0 - (left.min(right) - self.marks.eye_radius).abs() / 0.022).clamp(0.0, 1.0);
        color.lerp(self.ground * Vec3::new(0.95, 0.66, 0.64), 0.40 * rim)
    }

    /// Where skin shines and has its largest pores: forehead, nose, inner cheeks, chin; 0..=1.
    fn shine(&self, at: Vec3) -> f32 {
        let marks = self.marks;
        let folded = Vec3::new(at.x.abs(), at.y, at.z);
        let forehead = 0.8 * spot(at, Vec3::new(0.0, marks.eye_middle.y + 0.42, marks.eye_middle.z + 0.35), 0.26);
        let nose = spot(at, marks.nose, 0.16);
        let chin = 0.7 * spot(at, Vec3::new(0.0, marks.mouth.y - 0.28, marks.mouth.z), 0.10);
        let cheek = Vec3::new(0.32, marks.eye_middle.y - 0.22, marks.eye_middle.z + 0.12);
        (forehead + nose + chin + 0.7 * spot(folded, cheek, 0.13)).min(1.0)
    }
}

/// Fine lines that run across the lips, -1..=1.
fn lip_lines(at: Vec3) -> f32 {
    let turn = at.x.atan2(0.33);
    0.6 * value(12, Vec3::new(turn, at.y * 0.10, at.z * 0.05) * 58.0)
        + 0.4 * value(13, Vec3::new(turn, at.y * 0.12, 0.0) * 110.0)
}

/// Noise of several sizes, -1..=1.
struct Noises {
    coarse: f32,
    middle: f32,
    fine: f32,
    grain: f32,
}

impl Noises {
    fn new(at: Vec3) -> Self {
        Self {
            coarse: value(1, at * 3.0),
            middle: value(2, at * 11.0),
            fine: value(3, at * 38.0),
            grain: value(4, at * 110.0),
        }
    }
}
