//! A service scene as data: what a scripted customer and a scripted human agent do, and which moments are shown.
//!
//! Scenes lie in `assets/scenes/*.toml`. Reading one never panics; an error names file, line and mend.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::problem::Problem;
use crate::words::Language;

/// A scene.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// Short name: file stem, command-line argument, prefix of pictures.
    pub name: String,
    /// What it shows, by language.
    pub title: Localized,
    /// The customer, as the company knows them.
    pub customer: Customer,
    /// What happens, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// The customer of a scene.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// Id in the company's system.
    pub id: String,
    /// Name by language.
    pub name: Localized,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Localized {
    /// The text in a language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// The customer says something; the step lasts until an event of this type has arrived.
    Say {
        /// The words.
        text: Localized,
        /// Last event of the answer.
        until: String,
    },
    /// The customer fills in a card.
    Submit {
        /// The card.
        card: String,
        /// The action pressed.
        action: String,
        /// Values by input id.
        #[serde(default)]
        inputs: BTreeMap<String, toml::Value>,
        /// Last event of the answer.
        until: String,
    },
    /// A human agent takes the conversation over.
    Claim {
        /// Id of the agent.
        agent: String,
        /// Name the customer sees.
        name: Localized,
        /// Last event of the take-over.
        until: String,
    },
    /// The human agent says something; text with act markup as in the knowledge file.
    AgentSays {
        /// The words with act markup.
        text: Localized,
        /// A card that comes with them.
        #[serde(default)]
        card: Option<AgentCard>,
        /// Last event of the message.
        until: String,
    },
    /// The human agent promises something for later.
    FollowUp {
        /// Minutes from now.
        due_mins: i64,
        /// What for.
        purpose: Localized,
        /// How: `app`, `phone`.
        channel: String,
        /// Last event of it.
        until: String,
    },
    /// The human agent gives the conversation back.
    Release {
        /// Last event of it.
        until: String,
    },
    /// Time passes.
    Pause {
        /// How much.
        secs: f32,
    },
    /// Waits until the avatar has said all it had to say.
    Spoken {
        /// The longest wait.
        max_secs: f32,
    },
    /// Waits until the avatar has said these words of its present utterance.
    Said {
        /// The words.
        text: Localized,
        /// The longest wait.
        max_secs: f32,
    },
    /// This moment is worth a picture.
    Picture {
        /// Name of the picture.
        name: String,
    },
}

/// A card that a scripted agent shows: a title, lines, and a countdown.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentCard {
    /// Its id.
    pub id: String,
    /// The headline.
    pub title: Localized,
    /// A line below.
    pub text: Localized,
    /// Minutes until the promise is due, shown as a countdown.
    #[serde(default)]
    pub countdown_mins: Option<i64>,
}

impl Scene {
    /// Reads a scene.
    ///
    /// # Errors
    /// A [`Problem`] that names the place and line for text that is not a scene.
    pub fn parse(text: &str, place: &str) -> Result<Self, Problem> {
        let scene: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            Problem::new(
                "cannot read scene",
                format!("{place}:{line}"),
                error.message(),
                "compare with the scenes in assets/scenes",
            )
        })?;
        if scene.steps.is_empty() {
            return Err(Problem::new("cannot read scene", place, "it has no [[step]]", "add at least one step"));
        }
        Ok(scene)
    }

    /// The scenes that come with the program, in order of playing.
    ///
    /// # Errors
    /// None in a released build: the files are part of it and tested.
    pub fn built_in() -> Result<Vec<Self>, Problem> {
        [
            ("furious", include_str!("../../assets/scenes/furious.toml")),
            ("refrigerator", include_str!("../../assets/scenes/refrigerator.toml")),
            ("everyday", include_str!("../../assets/scenes/everyday.toml")),
        ]
        .into_iter()
        .map(|(name, text)| Self::parse(text, &format!("assets/scenes/{name}.toml")))
        .collect()
    }
}

/// Form values of a scene as the JSON that a card submits.
#[must_use]
pub fn inputs_json(inputs: &BTreeMap<String, toml::Value>) -> Map<String, Value> {
    inputs.iter().map(|(id, value)| (id.clone(), serde_json::to_value(value).unwrap_or(Value::Null))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn built_in_scenes_are_readable_and_named_after_their_files() {
        let names: Vec<_> = Scene::built_in().unwrap().into_iter().map(|scene| scene.name).collect();
        assert_eq!(names, ["furious", "refrigerator", "everyday"]);
    }

    #[test]
    fn an_error_names_file_and_line() {
        let text = "name = \"x\"\ntitle = { zh = \"甲\", en = \"a\" }\nstep = 3\n";
        let problem = Scene::parse(text, "here.toml").unwrap_err();
        assert!(problem.place.starts_with("here.toml:"), "{problem}");
        assert!(!problem.to_string().contains('\n'));
    }
}
