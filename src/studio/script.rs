//! A studio scene: a timed script of cues, as TOML in `assets/studio/`.
//!
//! Reading one never panics; an error names file and line.

use glam::Vec3;
use serde::Deserialize;
use toml::Spanned;

use super::scene::Localized;
use super::table::{Card, Wish};
use crate::behavior::Cue;
use crate::problem::Problem;
use crate::protocol::{Act, ActKind, Affect, Emotion, Issue, Owner, Triage};
use crate::words::Language;

/// Seconds that a scene goes on after its last cue.
const TAIL_SECS: f32 = 6.0;
/// The customer's typing is told this often.
const TYPING_SECS: f32 = 0.5;
/// Longest scene, seconds.
const LONGEST_SECS: f32 = 24.0 * 3600.0;

/// A scene: cues at their times.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// Short name.
    pub name: String,
    /// What it shows.
    pub title: Localized,
    /// How long it plays, seconds.
    pub secs: f32,
    /// Cues in order of time.
    pub cues: Vec<Timed>,
}

/// A cue with its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Timed {
    /// Seconds from the start.
    pub secs: f32,
    /// What happens.
    pub doing: Doing,
}

/// What happens in a scene.
#[derive(Debug, Clone, PartialEq)]
pub enum Doing {
    /// The engine is told.
    Tell(Cue),
    /// A card appears in space, and the engine is told.
    Show(Card),
    /// The customer moves: between the eyes, avatar space, meters.
    Move(Vec3),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    title: Localized,
    secs: Option<f32>,
    #[serde(rename = "step")]
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    at: Spanned<f32>,
    triage: Option<TriageStep>,
    spoke: Option<SpokeStep>,
    typing: Option<f32>,
    say: Option<SayStep>,
    perform: Option<ActStep>,
    card: Option<CardStep>,
    dismiss: Option<String>,
    waiting: Option<bool>,
    owner: Option<String>,
    interrupt: Option<bool>,
    customer: Option<[f32; 3]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TriageStep {
    issue: Issue,
    emotion: Emotion,
    #[serde(default = "sure")]
    confidence: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpokeStep {
    chars: usize,
    #[serde(default)]
    clauses: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SayStep {
    text: Localized,
    #[serde(default)]
    acts: Vec<ActStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActStep {
    act: ActKind,
    affect: Option<Affect>,
    words: Option<Localized>,
    card: Option<String>,
    item: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardStep {
    id: String,
    /// In front of the agent, or where the layout puts it.
    at: Option<[f32; 3]>,
    #[serde(default)]
    side: Wish,
    #[serde(default)]
    items: u32,
}

fn sure() -> f32 {
    0.9
}

impl Script {
    /// Reads a scene; its utterances are in `language`.
    ///
    /// # Errors
    /// A [`Problem`] that names place and line for text that is not a scene.
    pub fn parse(text: &str, place: &str, language: Language) -> Result<Self, Problem> {
        let line = |offset: usize| text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
        let problem = |offset: usize, why: String, mend: &str| {
            Problem::new("cannot read scene", format!("{place}:{}", line(offset)), why, mend)
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            problem(offset, error.message().to_owned(), "compare with the scenes in assets/studio")
        })?;
        let mut cues = Vec::new();
        for (nth, step) in file.steps.into_iter().enumerate() {
            let offset = step.at.span().start;
            let secs = *step.at.get_ref();
            if !(0.0..=LONGEST_SECS).contains(&secs) {
                return Err(problem(offset, format!("{secs} is no time of a scene"), "give seconds from 0 to 86400"));
            }
            let before = cues.len();
            step.cues(secs, nth, language, &mut cues)
                .map_err(|why| problem(offset, why, "give words that the text has, and places in meters"))?;
            if cues.len() == before {
                return Err(problem(offset, "nothing happens in this step".into(), "name a cue, such as typing = 2.0"));
            }
        }
        cues.sort_by(|a, b| a.secs.total_cmp(&b.secs));
        let last = cues.last().map_or(0.0, |cue: &Timed| cue.secs);
        let secs = file.secs.unwrap_or(last + TAIL_SECS);
        if !(1.0..=LONGEST_SECS).contains(&secs) {
            return Err(problem(0, format!("{secs} is no length of a scene"), "give secs from 1 to 86400"));
        }
        Ok(Self { name: file.name, title: file.title, secs, cues })
    }

    /// The scenes that come with the program.
    ///
    /// # Errors
    /// None in a released build: the files are part of it and tested.
    pub fn built_in(language: Language) -> Result<Vec<Self>, Problem> {
        BUILT_IN.iter().map(|(name, text)| Self::parse(text, &format!("assets/studio/{name}.toml"), language)).collect()
    }
}

macro_rules! scenes {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../assets/studio/", $name, ".toml")))),+]
    };
}

const BUILT_IN: &[(&str, &str)] = scenes!(
    "listen-inquiry",
    "listen-suggestion",
    "listen-complaint",
    "listen-dissatisfied",
    "listen-furious",
    "acts",
    "acts-upset",
    "pointing",
    "idle",
    "network",
    "barge-in",
    "jumps",
    "scene-1-furious",
    "scene-2-refrigerator",
    "scene-3-everyday",
    "scene-4-suggestion",
    "scene-5-nobody",
    "scene-6-network",
);

impl Step {
    fn cues(self, secs: f32, nth: usize, language: Language, out: &mut Vec<Timed>) -> Result<(), String> {
        let mut tell = |secs: f32, cue: Cue| out.push(Timed { secs, doing: Doing::Tell(cue) });
        if let Some(TriageStep { issue, emotion, confidence }) = self.triage {
            let (reasons, language) = (Vec::new(), language.tag().to_owned());
            tell(secs, Cue::TriageUpdated(Triage { issue, emotion, confidence, reasons, language, priority: 1 }));
        }
        if let Some(lasting) = self.typing {
            for beat in 0..(lasting.clamp(0.0, 600.0) / TYPING_SECS) as usize + 1 {
                tell(secs + beat as f32 * TYPING_SECS, Cue::CustomerTyping);
            }
        }
        if let Some(SpokeStep { chars, clauses }) = self.spoke {
            tell(secs, Cue::CustomerSpoke { chars, clause_ends: clauses });
        }
        if self.interrupt == Some(true) {
            tell(secs, Cue::Interrupt);
        }
        if let Some(waiting) = self.waiting {
            tell(secs, Cue::WaitingForDesk(waiting));
        }
        if let Some(owner) = self.owner {
            let owner = match owner.as_str() {
                "bot" => Owner::Bot,
                "queued" => Owner::Queued { position: 2, eta_secs: None },
                "human" => Owner::Human { agent_id: "A-1".into(), name: "李敏".into() },
                "closed" => Owner::Closed,
                other => return Err(format!("no owner is called {other}")),
            };
            tell(secs, Cue::OwnerChanged(owner));
        }
        if let Some(act) = self.perform {
            tell(secs, Cue::Perform(act.act("", language)?));
        }
        if let Some(SayStep { text, acts }) = self.say {
            let text = text.get(language).to_owned();
            let acts = acts.into_iter().map(|act| act.act(&text, language)).collect::<Result<_, _>>()?;
            tell(secs, Cue::Say { message_id: format!("m{nth}").as_str().into(), text, acts });
        }
        if let Some(id) = self.dismiss {
            tell(secs, Cue::CardDismissed(id.as_str().into()));
        }
        if let Some(CardStep { id, at, side, items }) = self.card {
            let card = Card { id: id.as_str().into(), at: at.map(place).transpose()?, side, items: items.min(12) };
            out.push(Timed { secs, doing: Doing::Show(card) });
        }
        if let Some(at) = self.customer {
            out.push(Timed { secs, doing: Doing::Move(place(at)?) });
        }
        Ok(())
    }
}

fn place(at: [f32; 3]) -> Result<Vec3, String> {
    let place = Vec3::from_array(at);
    if place.is_finite() && place.length() < 20.0 { Ok(place) } else { Err(format!("{at:?} is no place")) }
}

impl ActStep {
    fn act(self, text: &str, language: Language) -> Result<Act, String> {
        let mut act = Act { affect: self.affect, ..Act::new(self.act) };
        if let Some(words) = &self.words {
            let words = words.get(language);
            let at = text.find(words).ok_or_else(|| format!("the text has no words “{words}”"))?;
            let start = text.get(..at).map_or(0, |before| before.chars().count()) as u32;
            act = act.over(start, start + words.chars().count() as u32);
        }
        if let Some(card) = self.card {
            act = act.about(card.as_str().into(), self.item);
        }
        Ok(act)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const HEAD: &str = "name = \"x\"\ntitle = { zh = \"甲\", en = \"a\" }\n";

    #[test]
    fn built_in_scenes_are_readable_in_both_languages_and_named_after_their_files() {
        for language in Language::ALL {
            let scenes = Script::built_in(language).unwrap();
            for (scene, (name, _)) in scenes.iter().zip(BUILT_IN) {
                assert_eq!(scene.name, *name);
                assert!(scene.secs >= 5.0);
            }
        }
    }

    #[test]
    fn words_become_spans_of_characters() {
        let text = format!(
            "{HEAD}[[step]]\nat = 1.0\nsay = {{ text = {{ zh = \"您好，抱歉。\", en = \"Sorry.\" }}, \
             acts = [{{ act = \"apologize\", words = {{ zh = \"抱歉\", en = \"Sorry\" }} }}] }}\n"
        );
        let script = Script::parse(&text, "x.toml", Language::ZhCn).unwrap();
        let Doing::Tell(Cue::Say { acts, .. }) = &script.cues[0].doing else { unreachable!() };
        assert_eq!(acts[0].at.as_ref().unwrap().span, [3, 5]);
    }

    #[test]
    fn errors_name_file_and_line() {
        for (step, line) in [
            ("[[step]]\nat = 1.0\njump = 1\n", 5),
            ("[[step]]\nat = 1.0\n", 4),
            ("[[step]]\nat = -1.0\ntyping = 1.0\n", 4),
            ("[[step]]\nat = 0.0\nowner = \"nobody\"\n", 4),
        ] {
            let problem = Script::parse(&format!("{HEAD}{step}"), "x.toml", Language::En).unwrap_err();
            assert_eq!(problem.place, format!("x.toml:{line}"), "{problem}");
        }
    }
}
