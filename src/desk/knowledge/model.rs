//! The form of the knowledge file.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::{
    Said, Vars,
    markup::{Line, length},
};
use crate::{
    desk::language::{Lang, is_han},
    protocol::{BenefitKind, HandoffReason},
};

/// Every placeholder that the desk fills in.
const PLACEHOLDERS: &[&str] = &[
    "name",
    "model",
    "purchased",
    "position",
    "minutes",
    "step",
    "order_no",
    "status",
    "carrier",
    "expected",
    "pickup",
];

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Knowledge {
    pub(crate) service: Service,
    pub(crate) lines: Lines,
    pub(crate) words: CustomerWords,
    pub(crate) form: FormWords,
    pub(crate) queue: QueueWords,
    answer: Vec<Answer>,
    procedure: Vec<Procedure>,
    fault: Vec<Fault>,
    pub(crate) solved_benefit: Vec<BenefitSpec>,
    pub(crate) offer: Offer,
    customer: Vec<Customer>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    pub(crate) assistant: Text,
    pub(crate) utc_offset_hours: i8,
    pub(crate) follow_up_hour: i8,
    pub(crate) follow_up_evenings: u8,
    pub(crate) eta_per_place_secs: u32,
}

/// A text in both languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    zh: Phrase,
    en: Phrase,
}

impl Text {
    /// The words with their acts.
    pub(crate) fn say(&self, lang: Lang, vars: &Vars) -> Said {
        let phrase = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        phrase.0.say(vars)
    }

    /// The words alone, for cards.
    pub(crate) fn text(&self, lang: Lang, vars: &Vars) -> String {
        self.say(lang, vars).text
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Phrase(Line);

impl TryFrom<String> for Phrase {
    type Error = String;

    fn try_from(source: String) -> Result<Self, String> {
        let line = Line::parse(&source)?;
        let strange = line.names().find(|name| !PLACEHOLDERS.contains(name));
        if let Some(name) = strange {
            return Err(format!("nothing fills in `{{{name}}}`; known are {}", PLACEHOLDERS.join(", ")));
        }
        Ok(Self(line))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lines {
    pub(crate) greet: Text,
    pub(crate) hello: Text,
    pub(crate) furious_handoff: Text,
    pub(crate) user_handoff: Text,
    pub(crate) low_confidence_handoff: Text,
    pub(crate) policy_handoff: Text,
    pub(crate) still_waiting: Text,
    pub(crate) empathize: Text,
    pub(crate) apology_form: Text,
    pub(crate) form_incomplete: Text,
    pub(crate) model_unknown: Text,
    pub(crate) purchase_found: Text,
    pub(crate) all_steps_done: Text,
    pub(crate) solved: Text,
    pub(crate) not_solved_offer: Text,
    pub(crate) offer_accepted: Text,
    pub(crate) offer_declined: Text,
    pub(crate) suggestion_thanks: Text,
    pub(crate) suggestion_recorded: Text,
    pub(crate) you_are_welcome: Text,
    pub(crate) farewell: Text,
    pub(crate) all_right: Text,
    pub(crate) unknown: Text,
    pub(crate) no_order: Text,
    pub(crate) suggested_first_line: Text,
}

/// How customers say a thing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    zh: Vec<String>,
    en: Vec<String>,
}

impl Words {
    /// Whether one of the expressions occurs. English ones must stand as whole words.
    pub(crate) fn occur_in(&self, text: &str) -> bool {
        weight(&self.zh, &self.en, text) > 0
    }

    /// Whether the text is one of the expressions, give or take punctuation, or begins with one as a clause.
    pub(crate) fn open(&self, text: &str) -> bool {
        let folded = text.to_lowercase();
        let clause = folded.split(|c: char| c.is_ascii_punctuation() && c != '\'' || "，。！？；、～".contains(c));
        let clause = clause.map(str::trim).find(|clause| !clause.is_empty()).unwrap_or_default();
        self.zh.iter().chain(&self.en).any(|word| clause.trim_end_matches(['的', '了', '吧', '啊']) == trim(word))
    }
}

fn trim(word: &str) -> &str {
    word.trim_end_matches(['的', '了', '吧', '啊'])
}

/// Length of the longest expression that occurs; the most specific match wins.
fn weight(zh: &[String], en: &[String], text: &str) -> usize {
    let folded = text.to_lowercase().replace('’', "'");
    zh.iter()
        .chain(en)
        .filter(|word| contains_word(&folded, word))
        .map(|word| word.chars().map(|c| if is_han(c) { 3 } else { 1 }).sum())
        .max()
        .unwrap_or(0)
}

/// Whether `word` occurs in `text` (both in lower case); Latin words only where they are not part of longer ones.
pub(crate) fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let before = joins(text[..at].chars().next_back()) && joins(word.chars().next());
        let after = joins(text[at + word.len()..].chars().next()) && joins(word.chars().next_back());
        !before && !after
    })
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomerWords {
    pub(crate) human: Words,
    pub(crate) solved: Words,
    pub(crate) not_solved: Words,
    pub(crate) yes: Words,
    pub(crate) no: Words,
    pub(crate) hello: Words,
    pub(crate) thanks: Words,
    pub(crate) bye: Words,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormWords {
    pub(crate) title: Text,
    pub(crate) note: Text,
    pub(crate) model: Text,
    pub(crate) model_hint: Text,
    pub(crate) wifi: Text,
    pub(crate) router: Text,
    pub(crate) yes: Text,
    pub(crate) no: Text,
    pub(crate) submit: Text,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueueWords {
    pub(crate) title: Text,
    pub(crate) position: Text,
    pub(crate) eta: Text,
    pub(crate) note: Text,
}

/// An answer to an everyday question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    id: Spanned<String>,
    zh: Vec<String>,
    en: Vec<String>,
    #[serde(default)]
    pub(crate) needs_order: bool,
    #[serde(default)]
    pub(crate) say: Option<Text>,
    #[serde(default)]
    pub(crate) card: Option<FactCard>,
    #[serde(default)]
    procedure: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) handoff: Option<HandoffReason>,
}

impl Answer {
    pub(crate) fn procedure<'k>(&self, knowledge: &'k Knowledge) -> Option<&'k Procedure> {
        self.procedure.as_ref().and_then(|id| knowledge.procedure(id.as_ref()))
    }
}

/// A card of titled facts, with actions if there are any.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactCard {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) facts: Vec<Fact>,
    #[serde(default)]
    pub(crate) actions: Vec<ActionWords>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fact {
    pub(crate) title: Text,
    pub(crate) value: Text,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActionWords {
    pub(crate) id: String,
    pub(crate) title: Text,
}

/// Ordered steps, explained one by one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Procedure {
    /// Also the id of its card.
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) intro: Text,
    /// The button that ticks off a step, where the desk waits for it.
    #[serde(default)]
    pub(crate) action: Option<Text>,
    pub(crate) step: Vec<Step>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// On the card.
    pub(crate) title: Text,
    /// Spoken.
    pub(crate) say: Text,
    /// Spoken when the step is ticked off and another follows.
    #[serde(default)]
    pub(crate) done: Option<Text>,
}

/// A fault that the company knows of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) id: String,
    models: Vec<String>,
    procedure: Spanned<String>,
    zh: Vec<String>,
    en: Vec<String>,
    pub(crate) diagnosis: Text,
    pub(crate) category: String,
    pub(crate) root_cause: String,
    pub(crate) severity: u8,
    pub(crate) batch: String,
    pub(crate) containment: String,
    pub(crate) corrective_action: String,
    pub(crate) product_suggestion: String,
    pub(crate) knowledge_draft: String,
    pub(crate) proactive_notice: Vec<String>,
}

impl Fault {
    pub(crate) fn procedure<'k>(&self, knowledge: &'k Knowledge) -> Option<&'k Procedure> {
        knowledge.procedure(self.procedure.as_ref())
    }
}

/// Good will with the card that shows it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BenefitSpec {
    pub(crate) kind: BenefitKind,
    pub(crate) amount: f64,
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) card: Option<FactCard>,
}

/// What is offered where a fault stays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offer {
    pub(crate) follow_up: String,
    pub(crate) benefit: Vec<BenefitSpec>,
    pub(crate) card: FactCard,
    pub(crate) confirmed: FactCard,
}

/// A customer of the demonstration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Customer {
    pub(crate) id: String,
    pub(crate) name: Text,
    pub(crate) tier: String,
    pub(crate) complaints_30d: u32,
    pub(crate) complaints_90d: u32,
    pub(crate) consent: bool,
    pub(crate) purchases: Vec<Purchase>,
    #[serde(default)]
    pub(crate) order: Option<Order>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Purchase {
    pub(crate) model: String,
    pub(crate) bought: Text,
    pub(crate) price: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    pub(crate) no: String,
    pub(crate) status: Text,
    pub(crate) carrier: Text,
    pub(crate) expected_in_days: i8,
}

impl Knowledge {
    /// Checks what the types cannot say; an error has its place in the file.
    pub(super) fn check(&self) -> Result<(), (Range<usize>, String)> {
        let references = self.answer.iter().filter_map(|answer| answer.procedure.as_ref());
        for id in references.chain(self.fault.iter().map(|fault| &fault.procedure)) {
            if self.procedure(id.as_ref()).is_none() {
                return Err((id.span(), format!("there is no procedure `{}`", id.as_ref())));
            }
        }
        for answer in &self.answer {
            if answer.say.is_none() && answer.procedure.is_none() && answer.handoff.is_none() {
                let why = format!("answer `{}` needs `say`, `procedure` or `handoff`", answer.id.as_ref());
                return Err((answer.id.span(), why));
            }
        }
        Ok(())
    }

    pub(crate) fn procedure(&self, id: &str) -> Option<&Procedure> {
        self.procedure.iter().find(|procedure| procedure.id == id)
    }

    pub(crate) fn fault(&self, id: &str) -> Option<&Fault> {
        self.fault.iter().find(|fault| fault.id == id)
    }

    /// The answer whose question fits best.
    pub(crate) fn answer_to(&self, text: &str) -> Option<&Answer> {
        let fits = self.answer.iter().map(|answer| (weight(&answer.zh, &answer.en, text), answer));
        // The first of equals: the file's order is the priority.
        fits.filter(|(weight, _)| *weight > 0).rev().max_by_key(|(weight, _)| *weight).map(|(_, answer)| answer)
    }

    /// The fault whose symptoms the text tells.
    pub(crate) fn fault_by_symptom(&self, text: &str) -> Option<&Fault> {
        self.fault.iter().find(|fault| weight(&fault.zh, &fault.en, text) > 0)
    }

    /// The known fault of a model as a customer writes it (`bcd520 wifi`), with the model's proper name.
    pub(crate) fn fault_of_model(&self, written: &str) -> Option<(&Fault, &str)> {
        let written = bare(written);
        // Three characters are the shortest that tell models apart.
        if length(&written) < 3 || !written.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.fault.iter().find_map(|fault| {
            let model = fault.models.iter().find(|model| {
                let model = bare(model);
                model.contains(&written) || written.contains(&model)
            })?;
            Some((fault, model.as_str()))
        })
    }

    /// The customer by id, or by the name the channel gives, or the guest.
    pub(crate) fn customer(&self, id: Option<&str>, name: Option<&str>) -> Option<&Customer> {
        let by = |wanted: &dyn Fn(&Customer) -> bool| self.customer.iter().find(|customer| wanted(customer));
        let named = |customer: &Customer, name: &str| {
            !name.is_empty() && [Lang::Zh, Lang::En].iter().any(|&l| customer.name.text(l, &Vars::new()) == name)
        };
        id.and_then(|id| by(&|customer| customer.id == id))
            .or_else(|| name.and_then(|name| by(&|customer| named(customer, name))))
            .or_else(|| by(&|customer| customer.id == "guest"))
    }
}

fn bare(model: &str) -> String {
    model.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}
