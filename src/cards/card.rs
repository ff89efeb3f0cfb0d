//! Reads Adaptive Cards 1.6 (the subset of this product). Reading never fails: what is not understood is replaced
//! by its fallback or left out with a warning, and a card that cannot be read at all shows its `fallbackText`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::element::{
    Action, ActionStyle, Choice, ChoiceInput, ChoiceStyle, Column, ColumnWidth, Container, ContainerStyle, Element,
    Fact, Step, TextBlock, TextColor, TextInput, TextSize, TextWeight,
};
use super::inline::Text;

const MAX_DEPTH: usize = 8;
const MAX_ELEMENTS: usize = 200;
const MAX_LIST: usize = 64;
const MAX_CHARS: usize = 4_000;

/// A card to show.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Card {
    /// Elements from the top.
    pub body: Vec<Element>,
    /// Buttons at the bottom.
    pub actions: Vec<Action>,
    /// Whether this is only the fallback text of a card that could not be read.
    pub is_fallback: bool,
}

/// Something of a card that is not shown as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Where in the card, such as `body[2].items[0]`.
    pub place: String,
    /// What it is and what was done.
    pub message: String,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl Card {
    /// Reads a card.
    #[must_use]
    pub fn read(json: &Value) -> (Self, Vec<Warning>) {
        let mut reader = Reader::default();
        let card = match json {
            Value::Object(card) => reader.card(card),
            _ => {
                reader.warn("card", "is not an object");
                Self { is_fallback: true, ..Self::default() }
            }
        };
        (card, reader.warnings)
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.body.is_empty() && self.actions.is_empty()
    }

    /// Calls `visit` for every element, containers before what is in them.
    pub fn visit(&self, visit: &mut impl FnMut(&Element)) {
        walk(&self.body, visit);
    }

    /// Every button: those of the body, then those of the card.
    #[must_use]
    pub fn all_actions(&self) -> Vec<&Action> {
        fn collect<'a>(items: &'a [Element], out: &mut Vec<&'a Action>) {
            for item in items {
                match item {
                    Element::Actions(actions) => out.extend(actions),
                    Element::Container(container) => collect(&container.items, out),
                    Element::Columns(columns) => columns.iter().for_each(|c| collect(&c.items, out)),
                    _ => {}
                }
            }
        }
        let mut out = Vec::new();
        collect(&self.body, &mut out);
        out.extend(&self.actions);
        out
    }

    /// The values of all inputs at first, by input id.
    #[must_use]
    pub fn initial_inputs(&self) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        self.visit(&mut |element| {
            match element {
                Element::TextInput(input) => out.insert(input.id.clone(), input.value.clone()),
                Element::ChoiceInput(input) => out.insert(input.id.clone(), input.value.clone()),
                _ => None,
            };
        });
        out
    }

    /// Ids of the required inputs that are still empty, in order of the card.
    #[must_use]
    pub fn missing_inputs(&self, inputs: &BTreeMap<String, String>) -> Vec<String> {
        let mut out = Vec::new();
        self.visit(&mut |element| {
            let id = match element {
                Element::TextInput(input) if input.is_required => &input.id,
                Element::ChoiceInput(input) if input.is_required => &input.id,
                _ => return,
            };
            if inputs.get(id).is_none_or(|value| value.trim().is_empty()) {
                out.push(id.clone());
            }
        });
        out
    }

    /// The ordered instructions of the card, if it has any.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let mut out = Vec::new();
        self.visit(&mut |element| {
            if let Element::Steps(steps) = element {
                out.extend_from_slice(steps);
            }
        });
        out
    }
}

fn walk(items: &[Element], visit: &mut impl FnMut(&Element)) {
    for item in items {
        visit(item);
        match item {
            Element::Container(container) => walk(&container.items, visit),
            Element::Columns(columns) => columns.iter().for_each(|c| walk(&c.items, visit)),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Reader {
    warnings: Vec<Warning>,
    elements: usize,
    input_ids: Vec<String>,
}

impl Reader {
    fn warn(&mut self, place: &str, message: impl Into<String>) {
        if self.warnings.len() < MAX_ELEMENTS {
            self.warnings.push(Warning { place: place.to_owned(), message: message.into() });
        }
    }

    fn card(&mut self, json: &Map<String, Value>) -> Card {
        let kind = text(json, "type");
        let major = text(json, "version").split('.').next().and_then(|m| m.parse::<u32>().ok());
        let unreadable = match (kind.as_str(), json.get("body")) {
            ("AdaptiveCard", None | Some(Value::Array(_))) if major.is_none_or(|m| m <= 1) => None,
            ("AdaptiveCard", None | Some(Value::Array(_))) => Some("has a newer version"),
            ("AdaptiveCard", Some(_)) => Some("its body is not a list"),
            _ => Some("is not an AdaptiveCard"),
        };
        if let Some(why) = unreadable {
            self.warn("card", why);
            return fallback_card(json);
        }
        let body = self.items(json.get("body"), "body", 0);
        let actions = self.actions(json.get("actions"), "actions");
        if body.is_empty() && actions.is_empty() {
            self.warn("card", "nothing of it can be shown");
            return fallback_card(json);
        }
        Card { body, actions, is_fallback: false }
    }

    fn items(&mut self, json: Option<&Value>, place: &str, depth: usize) -> Vec<Element> {
        let mut out = Vec::new();
        for (at, item) in list(json).enumerate() {
            let place = format!("{place}[{at}]");
            if self.elements >= MAX_ELEMENTS {
                self.warn(&place, format!("more than {MAX_ELEMENTS} elements, the rest is left out"));
                break;
            }
            self.elements += 1;
            if let Some(element) = self.element(item, &place, depth) {
                out.push(element);
            }
        }
        out
    }

    fn element(&mut self, json: &Value, place: &str, depth: usize) -> Option<Element> {
        if depth > MAX_DEPTH {
            self.warn(place, format!("nested deeper than {MAX_DEPTH}, left out"));
            return None;
        }
        let Some(map) = json.as_object() else {
            self.warn(place, "is not an object, left out");
            return None;
        };
        if map.get("isVisible") == Some(&Value::Bool(false)) {
            return None;
        }
        let kind = text(map, "type");
        let requires = map.get("requires").and_then(Value::as_object).is_some_and(|r| !r.is_empty());
        let known = match kind.as_str() {
            _ if requires => None,
            "TextBlock" => Some(Element::Text(self.text_block(map, place))),
            "FactSet" => Some(Element::Facts(facts(map))),
            "Container" => Some(self.container(map, place, depth)),
            "ColumnSet" => Some(Element::Columns(self.columns(map, place, depth))),
            "Input.Text" => self.input_id(map, place).map(|id| {
                Element::TextInput(TextInput {
                    id,
                    label: text(map, "label"),
                    placeholder: text(map, "placeholder"),
                    is_required: flag(map, "isRequired"),
                    is_multiline: flag(map, "isMultiline"),
                    value: text(map, "value"),
                })
            }),
            "Input.ChoiceSet" => self.input_id(map, place).map(|id| {
                let choice = |c: &Value| {
                    let c = c.as_object()?;
                    Some(Choice { title: text(c, "title"), value: text(c, "value") })
                };
                Element::ChoiceInput(ChoiceInput {
                    id,
                    label: text(map, "label"),
                    choices: list(map.get("choices")).take(MAX_LIST).filter_map(choice).collect(),
                    value: text(map, "value"),
                    style: if word(map, "style") == "expanded" { ChoiceStyle::Expanded } else { ChoiceStyle::Compact },
                    is_multi_select: flag(map, "isMultiSelect"),
                    is_required: flag(map, "isRequired"),
                })
            }),
            "ActionSet" => Some(Element::Actions(self.actions(map.get("actions"), &format!("{place}.actions")))),
            _ => None,
        };
        if known.is_some() {
            return known;
        }
        match map.get("fallback") {
            Some(fallback @ Value::Object(_)) => {
                self.warn(place, format!("{kind:?} is not shown, its fallback is"));
                self.element(fallback, &format!("{place}.fallback"), depth + 1)
            }
            Some(Value::String(drop)) if drop == "drop" => None,
            _ => {
                self.warn(place, format!("{kind:?} is not shown, left out"));
                None
            }
        }
    }

    fn text_block(&mut self, map: &Map<String, Value>, place: &str) -> TextBlock {
        let countdown = text(map, "countdownTo");
        let countdown_to = countdown.parse().ok();
        if countdown_to.is_none() && !countdown.is_empty() {
            self.warn(place, "countdownTo is not a time, ignored");
        }
        TextBlock {
            text: Text::parse(&text(map, "text")),
            size: match word(map, "size").as_str() {
                "small" => TextSize::Small,
                "medium" => TextSize::Medium,
                "large" => TextSize::Large,
                "extralarge" => TextSize::ExtraLarge,
                _ => TextSize::Default,
            },
            weight: match word(map, "weight").as_str() {
                "lighter" => TextWeight::Lighter,
                "bolder" => TextWeight::Bolder,
                _ => TextWeight::Default,
            },
            color: match word(map, "color").as_str() {
                "dark" => TextColor::Dark,
                "light" => TextColor::Light,
                "accent" => TextColor::Accent,
                "good" => TextColor::Good,
                "warning" => TextColor::Warning,
                "attention" => TextColor::Attention,
                _ => TextColor::Default,
            },
            is_subtle: flag(map, "isSubtle"),
            wrap: flag(map, "wrap"),
            countdown_to,
        }
    }

    fn container(&mut self, map: &Map<String, Value>, place: &str, depth: usize) -> Element {
        let id = text(map, "id");
        if id == "steps"
            && let Some(steps) = steps(map)
        {
            return Element::Steps(steps);
        }
        let style = match word(map, "style").as_str() {
            "emphasis" => ContainerStyle::Emphasis,
            "good" => ContainerStyle::Good,
            "attention" => ContainerStyle::Attention,
            "warning" => ContainerStyle::Warning,
            "accent" => ContainerStyle::Accent,
            _ => ContainerStyle::Default,
        };
        let items = self.items(map.get("items"), &format!("{place}.items"), depth + 1);
        Element::Container(Container { id, style, items })
    }

    fn columns(&mut self, map: &Map<String, Value>, place: &str, depth: usize) -> Vec<Column> {
        let columns = list(map.get("columns")).take(MAX_LIST).enumerate();
        columns
            .filter_map(|(at, column)| Some((at, column.as_object()?)))
            .map(|(at, column)| Column {
                width: match column.get("width") {
                    Some(Value::String(width)) if width == "auto" => ColumnWidth::Auto,
                    Some(Value::String(width)) => weight(width.parse().ok()),
                    Some(Value::Number(width)) => weight(width.as_f64()),
                    _ => ColumnWidth::Stretch,
                },
                items: self.items(column.get("items"), &format!("{place}.columns[{at}].items"), depth + 1),
            })
            .collect()
    }

    /// The id of an input, if it has one that no other input has.
    fn input_id(&mut self, map: &Map<String, Value>, place: &str) -> Option<String> {
        let id = text(map, "id");
        let why = match id.as_str() {
            "" => "an input without id cannot be answered",
            id if self.input_ids.iter().any(|known| known == id) => "another input has the same id",
            _ => {
                self.input_ids.push(id.clone());
                return Some(id);
            }
        };
        self.warn(place, why);
        None
    }

    fn actions(&mut self, json: Option<&Value>, place: &str) -> Vec<Action> {
        let mut out = Vec::new();
        for (at, json) in list(json).take(MAX_LIST).enumerate() {
            let place = format!("{place}[{at}]");
            let mut action = json.as_object();
            // An action may fall back to another one, which may fall back again.
            for _ in 0..MAX_DEPTH {
                let Some(map) = action else { break };
                if text(map, "type") == "Action.Submit" {
                    let style = match word(map, "style").as_str() {
                        "positive" => ActionStyle::Positive,
                        "destructive" => ActionStyle::Destructive,
                        _ => ActionStyle::Default,
                    };
                    let data = map.get("data").cloned().unwrap_or(Value::Null);
                    out.push(Action { id: text(map, "id"), title: text(map, "title"), style, data });
                    break;
                }
                self.warn(&place, format!("{:?} is not offered", text(map, "type")));
                action = map.get("fallback").and_then(Value::as_object);
            }
        }
        out
    }
}

fn fallback_card(json: &Map<String, Value>) -> Card {
    let text = Text::parse(&text(json, "fallbackText"));
    let body = if text.is_empty() {
        Vec::new()
    } else {
        vec![Element::Text(TextBlock { text, wrap: true, ..TextBlock::default() })]
    };
    Card { body, actions: Vec::new(), is_fallback: true }
}

fn facts(map: &Map<String, Value>) -> Vec<Fact> {
    let fact = |fact: &Value| {
        let fact = fact.as_object()?;
        Some(Fact { title: Text::parse(&text(fact, "title")), value: Text::parse(&text(fact, "value")) })
    };
    list(map.get("facts")).take(MAX_LIST).filter_map(fact).collect()
}

/// The steps of a container, if all of its items are steps.
fn steps(map: &Map<String, Value>) -> Option<Vec<Step>> {
    let items = map.get("items")?.as_array()?;
    if items.is_empty() || items.len() > MAX_LIST {
        return None;
    }
    let words = |column: &Value| {
        let blocks = column.get("items")?.as_array()?;
        let parts = blocks.iter().filter_map(Value::as_object).map(|b| text(b, "text"));
        Some(parts.filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" "))
    };
    items
        .iter()
        .map(|item| {
            let item = item.as_object().filter(|i| text(i, "type") == "ColumnSet")?;
            let id = text(item, "id");
            id.strip_prefix("step-")?;
            let [mark, body] = item.get("columns")?.as_array()?.as_slice() else { return None };
            let mark = Text::parse(&words(mark)?).plain().trim().to_owned();
            let done = mark.contains(['✓', '✔', '☑', '✅']);
            Some(Step { id, text: Text::parse(&words(body)?), done, mark })
        })
        .collect()
}

fn weight(number: Option<f64>) -> ColumnWidth {
    match number {
        Some(number) if number.is_finite() && number > 0.0 => ColumnWidth::Weight(number.min(1000.0) as f32),
        _ => ColumnWidth::Stretch,
    }
}

fn list(json: Option<&Value>) -> impl Iterator<Item = &Value> {
    json.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}

fn flag(map: &Map<String, Value>, key: &str) -> bool {
    map.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// A string, or a number or a truth value as one; cut where it is too long.
fn text(map: &Map<String, Value>, key: &str) -> String {
    match map.get(key) {
        Some(Value::String(text)) => match text.char_indices().nth(MAX_CHARS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.clone(),
        },
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        _ => String::new(),
    }
}

/// A keyword; Adaptive Cards compares them without case.
fn word(map: &Map<String, Value>, key: &str) -> String {
    text(map, key).to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
