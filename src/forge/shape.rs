//! From recipe to shape: which targets, how strongly.

use glam::Vec3;

use super::data::BodyData;
use super::recipe::{Recipe, Slider};

/// Years at which a body is as the data's `young` and `old` ones.
const YOUNG: f32 = 25.0;
const OLD: f32 = 90.0;

/// The data's adults are small; these factors bring the default woman and man to 1.63 m and 1.76 m.
const SCALE: [f32; 2] = [1.065, 1.039];

/// By how much a person is larger than the data.
#[must_use]
pub fn scale(recipe: &Recipe) -> f32 {
    SCALE[usize::from(!recipe.sex.is_female())]
}

/// All base vertices after the recipe, A-pose, decimeters.
#[must_use]
pub fn shape(data: &BodyData, recipe: &Recipe) -> Vec<Vec3> {
    let mut shape = data.base.clone();
    for (name, weight) in mix(recipe) {
        if weight == 0.0 {
            continue;
        }
        for (vertex, offset) in data.target(&name).into_iter().flatten() {
            shape[*vertex as usize] += *offset * weight;
        }
    }
    let scale = scale(recipe);
    shape.iter_mut().for_each(|point| *point *= scale);
    shape
}

/// Names of targets with their weights.
#[must_use]
pub fn mix(recipe: &Recipe) -> Vec<(String, f32)> {
    let mut mix = Mix(Vec::new());
    mix.body(recipe);
    mix.face(recipe);
    mix.0
}

struct Mix(Vec<(String, f32)>);

impl Mix {
    fn add(&mut self, name: impl Into<String>, weight: f32) {
        self.0.push((name.into(), weight));
    }

    /// Left and right.
    fn both(&mut self, folder: &str, name: &str, weight: f32) {
        self.add(format!("{folder}/l-{name}"), weight);
        self.add(format!("{folder}/r-{name}"), weight);
    }

    /// A pair of opposite targets, as far as the slider goes plus what everyone has.
    fn pair(&mut self, low: &str, high: &str, value: f32) {
        self.add(low, (-value).max(0.0));
        self.add(high, value.max(0.0));
    }

    fn pair_both(&mut self, folder: &str, low: &str, high: &str, value: f32) {
        self.both(folder, low, (-value).max(0.0));
        self.both(folder, high, value.max(0.0));
    }

    fn body(&mut self, recipe: &Recipe) {
        let sex = recipe.sex.name();
        let is_female = recipe.sex.is_female();
        let body = &recipe.body;
        let old = ((recipe.age.get() - YOUNG) / (OLD - YOUNG)).clamp(0.0, 1.0);
        let origin = &recipe.origin;
        let origins = [("asian", origin.asian), ("caucasian", origin.european), ("african", origin.african)];
        let total: f32 = origins.iter().map(|(_, share)| share.get()).sum();
        for (age, share) in [("young", 1.0 - old), ("old", old)] {
            for (race, part) in origins {
                // Without any share, all are equal.
                let part = if total > 0.0 { part.get() / total } else { 1.0 / 3.0 };
                self.add(format!("macrodetails/{race}-{sex}-{age}"), part * share);
            }
            let universal = |muscle: &str, weight: &str| {
                format!("macrodetails/universal-{sex}-{age}-{muscle}muscle-{weight}weight")
            };
            // A slim natural build: between the data's average and thin.
            let weight = body.weight.get() - if is_female { 0.30 } else { 0.42 };
            let muscle = body.muscle.get() * 0.8 - if is_female { 0.0 } else { 0.15 };
            let middle = 1.0 - weight.abs() - muscle.abs();
            self.add(universal("average", "average"), middle * share);
            self.add(universal("average", if weight < 0.0 { "min" } else { "max" }), weight.abs() * share);
            self.add(universal(if muscle < 0.0 { "min" } else { "max" }, "average"), muscle.abs() * share);
            let proportions = if is_female { 0.8 } else { 0.7 };
            self.add(
                format!("macrodetails/proportions/{sex}-{age}-averagemuscle-averageweight-idealproportions"),
                proportions * share,
            );
        }
        let height = |end: &str| format!("macrodetails/height/{sex}-young-averagemuscle-averageweight-{end}height");
        self.pair(&height("min"), &height("max"), body.height.get() * 0.35);
        self.pair("torso/measure-shoulder-dist-decr", "torso/measure-shoulder-dist-incr", body.shoulders.get() * 0.6);
        if is_female {
            let cup = |end: &str| format!("breast/female-young-averagemuscle-averageweight-{end}cup-averagefirmness");
            self.pair(&cup("min"), &cup("max"), body.bust.get() * 0.7 - 0.5);
        }
    }

    fn face(&mut self, recipe: &Recipe) {
        let face = &recipe.face;
        let is_female = recipe.sex.is_female();
        let by_sex = |female: f32, male: f32| if is_female { female } else { male };
        let s = Slider::get;
        self.add("head/head-oval", by_sex(0.45, 0.05));
        self.add("head/head-square", by_sex(0.0, 0.30));
        // The data's skulls reach far back.
        self.add("head/head-back-scale-depth-decr", 0.3);
        self.pair("head/head-fat-decr", "head/head-fat-incr", s(face.cheeks) * 0.5 - by_sex(0.48, 0.70));
        self.pair_both("cheek", "cheek-volume-decr", "cheek-volume-incr", s(face.cheeks) * 0.6 - by_sex(0.15, 0.0));
        self.pair_both("cheek", "cheek-bones-decr", "cheek-bones-incr", s(face.cheekbones) * 0.7 + by_sex(0.25, 0.3));
        self.pair(
            "head/head-scale-horiz-decr",
            "head/head-scale-horiz-incr",
            s(face.length) * -0.35 - by_sex(0.32, 0.26),
        );
        self.pair("head/head-scale-vert-decr", "head/head-scale-vert-incr", s(face.length) * 0.35 + by_sex(0.10, 0.20));
        self.add("head/head-scale-depth-incr", 0.12);
        self.pair(
            "forehead/forehead-scale-vert-decr",
            "forehead/forehead-scale-vert-incr",
            s(face.forehead) * 0.8 - by_sex(0.1, 0.3),
        );
        self.pair("chin/chin-width-decr", "chin/chin-width-incr", s(face.jaw) * 0.75 + by_sex(-0.25, 0.05));
        self.pair("chin/chin-bones-decr", "chin/chin-bones-incr", s(face.jaw) * 0.6 + by_sex(-0.2, -0.35));
        self.pair("chin/chin-prominent-decr", "chin/chin-prominent-incr", s(face.chin) * 0.6 + by_sex(0.2, 0.45));
        self.pair("neck/neck-scale-horiz-decr", "neck/neck-scale-horiz-incr", by_sex(-0.25, -0.4));
        self.add("neck/neck-double-decr", 0.3);
        // Room between collar and chin.
        self.add("neck/neck-scale-vert-incr", by_sex(0.0, 0.22));
        self.mouth(recipe);
        self.nose(recipe);
        self.eyes(recipe);
    }

    fn mouth(&mut self, recipe: &Recipe) {
        let face = &recipe.face;
        let is_female = recipe.sex.is_female();
        let by_sex = |female: f32, male: f32| if is_female { female } else { male };
        let lips = face.lips.get() * 0.6;
        self.add("mouth/mouth-angles-up", by_sex(0.55, 0.60));
        self.add("mouth/mouth-cupidsbow-incr", by_sex(0.35, 0.0));
        self.pair(
            "mouth/mouth-scale-horiz-decr",
            "mouth/mouth-scale-horiz-incr",
            face.mouth_width.get() * 0.6 + by_sex(-0.25, -0.05),
        );
        for (lip, male_height) in [("upper", -0.32), ("lower", -0.30)] {
            let name = |what: &str, end: &str| format!("mouth/mouth-{lip}lip-{what}-{end}");
            self.pair(&name("volume", "decr"), &name("volume", "incr"), lips + by_sex(-0.42, -0.58));
            self.pair(&name("height", "decr"), &name("height", "incr"), lips + by_sex(-0.52, male_height));
        }
    }

    fn nose(&mut self, recipe: &Recipe) {
        let face = &recipe.face;
        let is_female = recipe.sex.is_female();
        let by_sex = |female: f32, male: f32| if is_female { female } else { male };
        let width = face.nose_width.get() * 0.6;
        self.pair("nose/nose-width2-decr", "nose/nose-width2-incr", width - by_sex(0.40, 0.25));
        self.pair("nose/nose-nostrils-width-decr", "nose/nose-nostrils-width-incr", width - by_sex(0.40, 0.40));
        self.pair("nose/nose-point-width-decr", "nose/nose-point-width-incr", width - by_sex(0.40, 0.25));
        self.pair("nose/nose-scale-vert-decr", "nose/nose-scale-vert-incr", face.nose_length.get() * 0.5);
        self.pair("nose/nose-base-down", "nose/nose-base-up", by_sex(0.15, 0.0));
        let bridge = face.nose_bridge.get();
        self.pair("nose/nose-greek-decr", "nose/nose-greek-incr", bridge * 0.5 + by_sex(0.35, 0.45));
        self.pair("nose/nose-width1-decr", "nose/nose-width1-incr", bridge * -0.2 - by_sex(0.40, 0.45));
        self.add("nose/nose-scale-depth-incr", 0.2);
    }

    fn eyes(&mut self, recipe: &Recipe) {
        let face = &recipe.face;
        let is_female = recipe.sex.is_female();
        let by_sex = |female: f32, male: f32| if is_female { female } else { male };
        self.pair_both("eyes", "eye-scale-decr", "eye-scale-incr", face.eyes.get() * 0.4 + by_sex(1.22, 1.12));
        self.both("eyes", "eye-height2-incr", by_sex(0.0, 0.15));
        self.both("eyes", "eye-trans-in", 0.10);
        self.pair_both("eyes", "eye-corner2-down", "eye-corner2-up", face.eye_slant.get() * 0.6);
        self.pair_both("ears", "ear-scale-decr", "ear-scale-incr", face.ears.get() * 0.5 - by_sex(0.08, 0.25));
        self.both("ears", "ear-wing-decr", by_sex(0.35, 0.4));
        self.both("ears", "ear-shape-round", 0.4);
        self.both("ears", "ear-rot-backward", 0.3);
        self.both("ears", "ear-lobe-decr", by_sex(0.2, 0.3));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use crate::forge::data::HUMAN;
    use crate::forge::landmarks::{Landmarks, SKIN};

    fn recipe(text: &str) -> Recipe {
        Recipe::read(text, "test").unwrap()
    }

    #[test]
    fn every_target_of_every_extreme_is_in_the_data() {
        let data = BodyData::read(HUMAN).unwrap();
        for sex in ["female", "male"] {
            for end in [-1.0, 1.0] {
                let text = format!(
                    "sex = \"{sex}\"\nage = 60\n[body]\nheight = {end}\nweight = {end}\nmuscle = {end}\n\
                     shoulders = {end}\nbust = {end}\n[face]\nlength = {end}\nforehead = {end}\njaw = {end}\n\
                     chin = {end}\ncheeks = {end}\ncheekbones = {end}\neyes = {end}\neye_slant = {end}\n\
                     nose_width = {end}\nnose_length = {end}\nnose_bridge = {end}\nmouth_width = {end}\n\
                     lips = {end}\nears = {end}"
                );
                for (name, weight) in mix(&recipe(&text)) {
                    assert!(weight == 0.0 || data.target(&name).is_some(), "{name}");
                    assert!(weight.abs() <= 2.5, "{name} {weight}");
                }
            }
        }
    }

    #[test]
    fn adults_stand_between_one_and_a_half_and_two_meters() {
        let data = BodyData::read(HUMAN).unwrap();
        for (text, low, high) in [
            ("", 15.9, 16.7),
            ("sex = \"male\"", 17.2, 18.0),
            ("[body]\nheight = -1", 14.7, 16.2),
            ("sex = \"male\"\n[body]\nheight = 1", 17.8, 20.1),
        ] {
            let shape = shape(&data, &recipe(text));
            let marks = Landmarks::new(&data, &shape);
            let height = marks.top - marks.floor;
            assert!((low..high).contains(&height), "{text}: {height}");
            // The tip of the chin stands a little above its lower border.
            let heads = height / (marks.top - marks.chin.y + 0.17);
            assert!((7.0..8.1).contains(&heads), "{text}: {heads} heads");
        }
    }

    #[test]
    fn shapes_are_symmetrical() {
        let data = BodyData::read(HUMAN).unwrap();
        let shape = shape(&data, &recipe("[face]\njaw = 0.5\neyes = 1"));
        let skin = &shape[SKIN];
        let mut rights: Vec<Vec3> = skin.iter().filter(|p| p.x < -0.01).map(|p| Vec3::new(-p.x, p.y, p.z)).collect();
        rights.sort_by(|a, b| a.y.total_cmp(&b.y));
        for left in skin.iter().filter(|p| p.x > 0.01).step_by(7) {
            let near = rights.partition_point(|p| p.y < left.y - 0.02);
            let best = rights[near..].iter().take_while(|p| p.y < left.y + 0.02).map(|p| p.distance(*left));
            assert!(best.fold(f32::INFINITY, f32::min) < 0.02, "{left} has no mirror image");
        }
    }
}
