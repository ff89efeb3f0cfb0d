//! The lexicon: how acts look, from a TOML file. `assets/behavior/lexicon.toml` explains the format.

use std::{collections::BTreeMap, ops::Range};

use serde::Deserialize;
use toml::Spanned;

use super::{block::FaceMove, dice::Dice, holding::HoldingLine, library::PoseLibrary, skeleton::Side};
use crate::{
    problem::Problem,
    protocol::{ActKind, Emotion, Issue},
    vrm::BlendShape,
};

/// What acts may look like.
#[derive(Debug, Clone, PartialEq)]
pub struct Lexicon {
    entries: Vec<Entry>,
    faces: BTreeMap<String, FaceMove>,
    holding: Vec<HoldingLine>,
    /// Pose names with the places where they stand, for [`Lexicon::check`].
    poses: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    act: ActKind,
    emotion: Option<Emotion>,
    issue: Option<Issue>,
    choices: Vec<Choice>,
}

/// One way to perform an act.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    weight: f32,
    pub(super) face: Option<FaceMove>,
    pub(super) head: Option<HeadWord>,
    pub(super) gaze: Option<GazeWord>,
    pub(super) posture: Option<PostureWord>,
    pub(super) gesture: Option<GestureWord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadWord {
    #[serde(default)]
    pub(super) nod_cycles: u8,
    #[serde(default)]
    pub(super) tilt_deg: f32,
    #[serde(default)]
    pub(super) dip_deg: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PostureWord {
    pub(super) pitch_deg: f32,
    pub(super) in_secs: f32,
    pub(super) hold_secs: f32,
    pub(super) out_secs: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum GazeWord {
    Customer,
    Target,
    Up,
    Down,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum GestureKind {
    #[default]
    Hold,
    Beat,
    Point,
    /// Fingers that tell the number of the item.
    Count,
    /// One hand, from side to side.
    Wave,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Arms {
    #[default]
    Both,
    Left,
    Right,
    /// Now this one, now the other.
    Either,
}

impl Arms {
    /// The side of a gesture; `left` decides where either will do.
    pub(super) fn side(self, left: bool) -> Option<Side> {
        match self {
            Self::Both => None,
            Self::Either if left => Some(Side::Left),
            Self::Either => Some(Side::Right),
            Self::Left => Some(Side::Left),
            Self::Right => Some(Side::Right),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GestureWord {
    pub(super) pose: Spanned<String>,
    #[serde(default)]
    pub(super) kind: GestureKind,
    #[serde(default)]
    pub(super) arms: Arms,
    #[serde(default = "one")]
    pub(super) amount: f32,
    #[serde(default)]
    pub(super) swing_deg: f32,
    pub(super) prepare_secs: f32,
    pub(super) stroke_secs: f32,
    pub(super) hold_secs: f32,
    pub(super) retract_secs: f32,
    /// Made even where the rate of gestures is used up.
    #[serde(default)]
    pub(super) essential: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    faces: BTreeMap<String, FaceFile>,
    #[serde(default)]
    heads: BTreeMap<String, Spanned<HeadWord>>,
    #[serde(default)]
    postures: BTreeMap<String, Spanned<PostureWord>>,
    #[serde(default)]
    gestures: BTreeMap<String, Spanned<GestureWord>>,
    #[serde(default)]
    holding: Vec<HoldingFile>,
    entries: Vec<EntryFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoldingFile {
    upset: Option<bool>,
    text: Spanned<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaceFile {
    #[serde(default)]
    smile: Option<Spanned<f32>>,
    #[serde(default)]
    concern: Option<Spanned<f32>>,
    #[serde(default)]
    interest: Option<Spanned<f32>>,
    #[serde(default)]
    shapes: Option<Spanned<BTreeMap<String, f32>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    act: Spanned<String>,
    emotion: Option<Spanned<String>>,
    issue: Option<Spanned<String>>,
    choices: Spanned<Vec<ChoiceFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceFile {
    #[serde(default = "one")]
    weight: f32,
    face: Option<Spanned<String>>,
    head: Option<Spanned<String>>,
    gaze: Option<GazeWord>,
    posture: Option<Spanned<String>>,
    gesture: Option<Spanned<String>>,
}

impl Lexicon {
    /// Reads a lexicon from TOML; `place` names the file in errors.
    ///
    /// # Errors
    /// Names file and line of: TOML that does not parse, an unknown word, act, emotion, issue or shape, a number out
    /// of range, an act of the protocol without an entry.
    pub fn parse(text: &str, place: &str) -> Result<Self, Problem> {
        let at = |span: Range<usize>| format!("{place}:{}", line_of(text, span.start));
        let bad = |span: Range<usize>, why: String, mend: &str| {
            Problem::new("cannot read the behavior lexicon", at(span), why, mend)
        };
        let file: File = toml::from_str(text)
            .map_err(|e| bad(e.span().unwrap_or(0..0), e.message().to_owned(), "mend the TOML at that line"))?;

        let mut faces = BTreeMap::new();
        for (name, face) in &file.faces {
            faces.insert(name.as_str(), read_face(face).map_err(|(span, why)| bad(span, why, "mend the face"))?);
        }
        for word in file.heads.values() {
            let w = word.get_ref();
            if !(w.tilt_deg.abs() <= 8.0 && (-4.0..=15.0).contains(&w.dip_deg) && w.nod_cycles <= 3) {
                return Err(bad(word.span(), "the head moves too far".into(), "tilt within 8, dip -4..=15, nods ≤ 3"));
            }
        }
        for word in file.postures.values() {
            let w = word.get_ref();
            let slow = w.in_secs >= 0.4 && w.out_secs >= 0.4 && w.hold_secs >= 0.0;
            if !(w.pitch_deg.abs() <= 15.0 && slow && (w.in_secs + w.out_secs + w.hold_secs).is_finite()) {
                let mend = "bend within 15 degrees, in and out in 0.4 s or more";
                return Err(bad(word.span(), "the trunk moves too far or too fast".into(), mend));
            }
        }
        let mut poses = Vec::new();
        for word in file.gestures.values() {
            let w = word.get_ref();
            let secs = [w.prepare_secs, w.stroke_secs, w.hold_secs, w.retract_secs];
            let fine = secs.iter().all(|s| (0.0..=10.0).contains(s)) && w.prepare_secs + w.stroke_secs >= 0.4;
            if !(fine && w.retract_secs >= 0.4 && (0.0..=1.0).contains(&w.amount) && w.swing_deg.abs() <= 20.0) {
                let mend = "amount 0..=1, swing within 20 degrees, to the stroke's end and back each in 0.4 s or more";
                return Err(bad(word.span(), "the gesture is too fast or too large".into(), mend));
            }
            poses.push((w.pose.get_ref().clone(), at(w.pose.span())));
        }
        let mut entries = Vec::new();
        for entry in &file.entries {
            let act = ActKind::from(entry.act.get_ref().as_str());
            if matches!(act, ActKind::Other(_)) {
                return Err(bad(entry.act.span(), format!("no act {act}"), "use an act of the protocol"));
            }
            let emotion = entry.emotion.as_ref().map(|e| (Emotion::from(e.get_ref().as_str()), e.span()));
            if let Some((Emotion::Other(name), span)) = emotion {
                return Err(bad(span, format!("no emotion {name}"), "use calm, dissatisfied or furious"));
            }
            let issue = entry.issue.as_ref().map(|i| (Issue::from(i.get_ref().as_str()), i.span()));
            if let Some((Issue::Other(name), span)) = issue {
                return Err(bad(span, format!("no issue {name}"), "use inquiry, complaint or suggestion"));
            }
            let mut choices = Vec::new();
            for choice in entry.choices.get_ref() {
                let lost = |kind: &str, word: &Spanned<String>| {
                    let mend = "define it above or mend its name";
                    bad(word.span(), format!("no {kind} {}", word.get_ref()), mend)
                };
                choices.push(Choice {
                    weight: choice.weight,
                    face: look_up(&faces, choice.face.as_ref()).map_err(|w| lost("face", w))?,
                    head: look_up_spanned(&file.heads, choice.head.as_ref()).map_err(|w| lost("head", w))?,
                    gaze: choice.gaze,
                    posture: look_up_spanned(&file.postures, choice.posture.as_ref())
                        .map_err(|w| lost("posture", w))?,
                    gesture: look_up_spanned(&file.gestures, choice.gesture.as_ref())
                        .map_err(|w| lost("gesture", w))?,
                });
            }
            if !choices.iter().any(|c| c.weight > 0.0) {
                return Err(bad(entry.choices.span(), "no choice has a weight".into(), "give one a positive weight"));
            }
            entries.push(Entry { act, emotion: emotion.map(|e| e.0), issue: issue.map(|i| i.0), choices });
        }
        for act in ActKind::KNOWN {
            if !entries.iter().any(|e| e.act == *act && e.emotion.is_none() && e.issue.is_none()) {
                let why = format!("no general entry for the act {act}");
                return Err(bad(text.len()..text.len(), why, "add one without emotion and issue"));
            }
        }
        let mut holding = Vec::new();
        for line in file.holding {
            let span = line.text.span();
            let mut text: Vec<(String, String)> = line.text.into_inner().into_iter().collect();
            if text.is_empty() || text.iter().any(|(_, words)| words.trim().is_empty()) {
                return Err(bad(
                    span,
                    "a line without words".into(),
                    "give the line its words by language, such as zh and en",
                ));
            }
            // Chinese first: it is said where the customer's language is not among them.
            text.sort_by_key(|(tag, _)| tag != "zh");
            holding.push(HoldingLine { upset: line.upset, text });
        }
        let faces = faces.into_iter().map(|(name, face)| (name.to_owned(), face)).collect();
        Ok(Self { entries, faces, holding, poses })
    }

    /// A face by its name in the file.
    pub(super) fn face(&self, name: &str) -> Option<&FaceMove> {
        self.faces.get(name)
    }

    /// What is said while the desk works.
    pub(super) fn holding(&self) -> &[HoldingLine] {
        &self.holding
    }

    /// Names of the faces, sorted.
    pub fn face_names(&self) -> impl Iterator<Item = &str> {
        self.faces.keys().map(String::as_str)
    }

    /// Whether every pose that the lexicon uses is in the library.
    ///
    /// # Errors
    /// Names the file and line of the first pose that is not.
    pub fn check(&self, library: &PoseLibrary) -> Result<(), Problem> {
        match self.poses.iter().find(|(name, _)| library.find(name).is_none()) {
            None => Ok(()),
            Some((name, place)) => Err(Problem::new(
                "cannot use the behavior lexicon",
                place,
                format!("no pose {name}"),
                "use a pose of the pose library",
            )),
        }
    }

    /// One way to perform an act, by weight among the most specific entries. Unknown acts look like `inform`.
    pub(super) fn choose(&self, act: &ActKind, emotion: &Emotion, issue: &Issue, dice: &mut Dice) -> Option<&Choice> {
        let act = if matches!(act, ActKind::Other(_)) { &ActKind::Inform } else { act };
        let fit = |entry: &Entry| -> Option<u8> {
            let fits = entry.act == *act
                && entry.emotion.as_ref().is_none_or(|e| e == emotion)
                && entry.issue.as_ref().is_none_or(|i| i == issue);
            // The emotion says more about the body than the issue.
            fits.then(|| 2 * u8::from(entry.emotion.is_some()) + u8::from(entry.issue.is_some()))
        };
        let best = self.entries.iter().filter_map(fit).max()?;
        let choices = self.entries.iter().filter(|entry| fit(entry) == Some(best)).flat_map(|entry| &entry.choices);
        let index = dice.pick(choices.clone().map(|choice| choice.weight));
        choices.clone().nth(index)
    }
}

fn one() -> f32 {
    1.0
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn read_face(face: &FaceFile) -> Result<FaceMove, (Range<usize>, String)> {
    let weight = |value: &Option<Spanned<f32>>| match value {
        None => Ok(0.0),
        Some(value) if (0.0..=1.0).contains(value.get_ref()) => Ok(*value.get_ref()),
        Some(value) => Err((value.span(), format!("{} is not a weight 0..=1", value.get_ref()))),
    };
    let mut shapes = Vec::new();
    if let Some(table) = &face.shapes {
        for (name, value) in table.get_ref() {
            let Some(shape) = BlendShape::from_name(name) else {
                return Err((table.span(), format!("no blend shape {name}")));
            };
            if matches!(shape, BlendShape::MouthSmileLeft | BlendShape::MouthSmileRight) {
                return Err((table.span(), "a smile must be given as `smile`, so that its cap holds".into()));
            }
            if !(0.0..=1.0).contains(value) {
                return Err((table.span(), format!("{value} is not a weight 0..=1")));
            }
            shapes.push((shape, *value));
        }
    }
    Ok(FaceMove {
        smile: weight(&face.smile)?,
        concern: weight(&face.concern)?,
        interest: weight(&face.interest)?,
        shapes,
    })
}

fn look_up<'w, T: Clone>(
    words: &BTreeMap<&str, T>,
    name: Option<&'w Spanned<String>>,
) -> Result<Option<T>, &'w Spanned<String>> {
    name.map(|name| words.get(name.get_ref().as_str()).cloned().ok_or(name)).transpose()
}

fn look_up_spanned<'w, T: Clone>(
    words: &BTreeMap<String, Spanned<T>>,
    name: Option<&'w Spanned<String>>,
) -> Result<Option<T>, &'w Spanned<String>> {
    name.map(|name| words.get(name.get_ref()).map(|word| word.get_ref().clone()).ok_or(name)).transpose()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const SHIPPED: &str = include_str!("../../assets/behavior/lexicon.toml");

    #[test]
    fn shipped_lexicon_covers_every_act_with_poses_of_the_library() {
        let lexicon = Lexicon::parse(SHIPPED, "lexicon.toml").unwrap();
        let library = PoseLibrary::parse(include_str!("../../assets/behavior/poses.json"), "poses.json").unwrap();
        lexicon.check(&library).unwrap();
        let mut dice = Dice::new(1, 1);
        for act in ActKind::KNOWN.iter().chain([&ActKind::Other("dance".into())]) {
            for emotion in Emotion::KNOWN {
                for issue in Issue::KNOWN {
                    assert!(lexicon.choose(act, emotion, issue, &mut dice).is_some(), "{act} {emotion} {issue}");
                }
            }
        }
    }

    #[test]
    fn the_most_specific_entry_wins() {
        let lexicon = Lexicon::parse(SHIPPED, "lexicon.toml").unwrap();
        let mut dice = Dice::new(1, 1);
        let choice = lexicon.choose(&ActKind::Farewell, &Emotion::Furious, &Issue::Complaint, &mut dice).unwrap();
        assert!(choice.face.as_ref().unwrap().smile.abs() < f32::EPSILON);
    }

    #[test]
    fn errors_name_file_and_line() {
        for (from, to, line) in [
            ("smile = 0.25", "smile = 2.5", 6),
            ("smile = 0.25", "smile = 0.2.5", 6),
            ("smile = 0.25", "grin = 0.25", 6),
            ("eyeSquintLeft = 0.08,", "mouthSmileLeft = 0.9,", 9),
        ] {
            let error = Lexicon::parse(&SHIPPED.replacen(from, to, 1), "lex.toml").unwrap_err().to_string();
            assert!(error.contains(&format!("lex.toml:{line}:")), "{error}");
        }
        let error = Lexicon::parse(&SHIPPED.replacen("face = \"apology\"", "face = \"sorry\"", 1), "lex.toml");
        assert!(error.unwrap_err().why.contains("no face sorry"));
        let error = Lexicon::parse(&SHIPPED.replacen("act = \"thank\"", "act = \"dance\"", 1), "lex.toml");
        assert!(error.unwrap_err().why.contains("no act dance"));
        let error = Lexicon::parse(&SHIPPED.replacen("act = \"thank\"", "act = \"greet\"", 1), "lex.toml");
        assert!(error.unwrap_err().why.contains("thank"));
    }
}
