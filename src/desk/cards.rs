//! Builds the desk's cards as Adaptive Cards 1.6 JSON.
//!
//! Item indexes of acts: a step of a step card, a fact of a fact card, an input of the form.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    knowledge::{FactCard, FormWords, Procedure, QueueWords, Vars},
    language::Lang,
};
use crate::protocol::{CardId, CardPayload, CardPlacement, Importance, Side};

/// Card that asks for the device.
pub(crate) const FORM: &str = "device-form";
/// Its action.
pub(crate) const SUBMIT_FORM: &str = "submit-device";
/// Card that shows the place in the queue.
pub(crate) const QUEUE: &str = "queue";
/// Action that ticks off a step.
pub(crate) const STEP_DONE: &str = "step-done";
/// Action that accepts the pick-up.
pub(crate) const ACCEPT: &str = "pickup-accept";

/// A card of titled facts.
pub(crate) fn facts(spec: &FactCard, lang: Lang, vars: &Vars, pinned: bool) -> CardPayload {
    let title = spec.title.text(lang, vars);
    let facts: Vec<Value> = spec
        .facts
        .iter()
        .map(|fact| json!({ "title": fact.title.text(lang, vars), "value": fact.value.text(lang, vars) }))
        .collect();
    let actions: Vec<Value> =
        spec.actions.iter().map(|action| submit(&action.id, &action.title.text(lang, vars))).collect();
    let fallback: Vec<String> = spec
        .facts
        .iter()
        .map(|fact| format!("{}: {}", fact.title.text(lang, vars), fact.value.text(lang, vars)))
        .collect();
    let body = vec![heading(&title), json!({ "type": "FactSet", "facts": facts })];
    payload(&spec.id, &format!("{title}\n{}", fallback.join("\n")), body, actions, pinned)
}

/// The form that asks for model, Wi-Fi name and router.
pub(crate) fn form(words: &FormWords, lang: Lang) -> CardPayload {
    let text = |text: &super::knowledge::Text| text.text(lang, &Vars::new());
    let body = vec![
        heading(&text(&words.title)),
        json!({ "type": "TextBlock", "text": text(&words.note), "wrap": true, "isSubtle": true }),
        json!({
            "type": "Input.Text", "id": "model", "label": text(&words.model), "placeholder": text(&words.model_hint),
            "isRequired": true, "errorMessage": text(&words.model_hint), "maxLength": 60,
        }),
        json!({ "type": "Input.Text", "id": "wifi", "label": text(&words.wifi), "maxLength": 60 }),
        json!({
            "type": "Input.ChoiceSet", "id": "router_changed", "label": text(&words.router), "style": "expanded",
            "choices": [
                { "title": text(&words.yes), "value": "yes" },
                { "title": text(&words.no), "value": "no" },
            ],
        }),
    ];
    let fallback = format!("{}: {}", text(&words.title), text(&words.note));
    payload(FORM, &fallback, body, vec![submit(SUBMIT_FORM, &text(&words.submit))], true)
}

/// The ordered steps of a procedure, of which the first `ticked` are done.
pub(crate) fn steps(procedure: &Procedure, ticked: usize, lang: Lang) -> CardPayload {
    let vars = Vars::new();
    let title = procedure.title.text(lang, &vars);
    let rows: Vec<Value> = procedure
        .step
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let done = index < ticked;
            let mark = if done { "✓".to_owned() } else { (index + 1).to_string() };
            let mut words = json!({ "type": "TextBlock", "text": step.title.text(lang, &vars), "wrap": true });
            if done {
                words["isSubtle"] = Value::Bool(true);
            }
            json!({
                "type": "ColumnSet", "id": format!("step-{index}"),
                "columns": [
                    { "type": "Column", "width": "auto", "items": [{ "type": "TextBlock", "text": mark }] },
                    { "type": "Column", "width": "stretch", "items": [words] },
                ],
            })
        })
        .collect();
    let fallback: Vec<String> = procedure
        .step
        .iter()
        .enumerate()
        .map(|(index, step)| format!("{}. {}", index + 1, step.title.text(lang, &vars)))
        .collect();
    let body = vec![heading(&title), json!({ "type": "Container", "id": "steps", "style": "emphasis", "items": rows })];
    // The button goes when nothing is left to tick off.
    let action = procedure.action.as_ref().filter(|_| ticked < procedure.step.len());
    let actions = action.map(|words| submit(STEP_DONE, &words.text(lang, &vars))).into_iter().collect();
    payload(&procedure.id, &format!("{title}\n{}", fallback.join("\n")), body, actions, procedure.action.is_some())
}

/// The place in the queue, counting down to `expected`.
pub(crate) fn queue(words: &QueueWords, expected: Timestamp, lang: Lang, vars: &Vars) -> CardPayload {
    let text = |text: &super::knowledge::Text| text.text(lang, vars);
    let body = vec![
        heading(&text(&words.title)),
        json!({ "type": "TextBlock", "text": text(&words.position), "wrap": true, "weight": "Bolder" }),
        json!({ "type": "TextBlock", "text": text(&words.eta), "countdownTo": expected.to_string(), "wrap": true }),
        json!({ "type": "TextBlock", "text": text(&words.note), "wrap": true, "isSubtle": true }),
    ];
    let fallback = format!("{}. {}", text(&words.title), text(&words.position));
    payload(QUEUE, &fallback, body, Vec::new(), true)
}

fn heading(text: &str) -> Value {
    json!({ "type": "TextBlock", "text": text, "size": "Large", "weight": "Bolder", "wrap": true })
}

fn submit(id: &str, title: &str) -> Value {
    json!({ "type": "Action.Submit", "id": id, "title": title })
}

fn payload(id: &str, fallback: &str, body: Vec<Value>, actions: Vec<Value>, pinned: bool) -> CardPayload {
    let mut card = json!({ "type": "AdaptiveCard", "version": "1.6", "fallbackText": fallback, "body": body });
    if !actions.is_empty() {
        card["actions"] = Value::Array(actions);
    }
    let importance = if pinned { Importance::High } else { Importance::Normal };
    let placement = CardPlacement { side: Some(Side::Right), importance: Some(importance) };
    CardPayload { card_id: CardId::from(id), card, placement: Some(placement), pinned }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::desk::knowledge::{Knowledge, KnowledgeSource};

    #[test]
    fn a_step_is_ticked_off() {
        let knowledge = Knowledge::load(&KnowledgeSource::Shipped).unwrap();
        let procedure = knowledge.procedure("steps-24ghz").unwrap();
        let card = steps(procedure, 1, Lang::Zh).card;
        let rows = &card["body"][1]["items"];
        assert_eq!(rows[0]["columns"][0]["items"][0]["text"], "✓");
        assert_eq!(rows[0]["columns"][1]["items"][0]["isSubtle"], true);
        assert_eq!(rows[1]["id"], "step-1");
        assert_eq!(rows[1]["columns"][0]["items"][0]["text"], "2");
        assert_eq!(rows[1]["columns"][1]["items"][0]["text"], "重启路由器");
        assert_eq!(card["actions"][0]["id"], "step-done");
        assert!(steps(procedure, 3, Lang::Zh).card.get("actions").is_none());
    }

    #[test]
    fn the_form_asks_for_three_things_in_both_languages() {
        let knowledge = Knowledge::load(&KnowledgeSource::Shipped).unwrap();
        for (lang, hint) in [(Lang::Zh, "机身侧面标签"), (Lang::En, "On the label on the side of the machine")] {
            let card = form(&knowledge.form, lang).card;
            assert_eq!(card["body"][2]["placeholder"], hint);
            assert_eq!(card["body"][4]["choices"][0]["value"], "yes");
            assert_eq!(card["actions"][0]["id"], SUBMIT_FORM);
        }
    }
}
