//! Cards as desks send them, sound and broken.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(body: Value) -> (Card, Vec<Warning>) {
    Card::read(&json!({"type": "AdaptiveCard", "version": "1.6", "body": body, "fallbackText": "Plain words"}))
}

fn step(n: usize, mark: &str) -> Value {
    json!({"type": "ColumnSet", "id": format!("step-{n}"), "columns": [
        {"type": "Column", "width": "auto", "items": [{"type": "TextBlock", "text": mark}]},
        {"type": "Column", "width": "stretch", "items": [{"type": "TextBlock", "text": "Press **power**", "wrap": true}]},
    ]})
}

#[test]
fn steps_are_recognized() {
    let (card, warnings) = read(json!([{"type": "Container", "id": "steps", "items": [step(1, "✓"), step(2, "2")]}]));
    assert!(warnings.is_empty());
    let steps = card.steps();
    assert_eq!((steps.len(), steps[0].done, steps[1].done), (2, true, false));
    assert_eq!((steps[1].id.as_str(), steps[1].mark.as_str()), ("step-2", "2"));
    assert_eq!(steps[1].text.plain(), "Press power");
    let other =
        json!([{"type": "Container", "id": "steps", "items": [step(1, "1"), {"type": "TextBlock", "text": "x"}]}]);
    assert!(matches!(read(other).0.body[0], Element::Container(_)));
}

#[test]
fn every_element_is_read() {
    let (card, warnings) = read(json!([
        {"type": "TextBlock", "text": "Hi", "size": "ExtraLarge", "weight": "bolder", "color": "good",
         "countdownTo": "2026-01-02T03:04:05Z"},
        {"type": "FactSet", "facts": [{"title": "Order", "value": 7}]},
        {"type": "ColumnSet", "columns": [{"width": "auto", "items": []}, {"width": 2}, {"width": "3"}, {}]},
        {"type": "Input.Text", "id": "serial", "label": "Serial", "isRequired": true},
        {"type": "Input.ChoiceSet", "id": "when", "value": "am", "style": "expanded", "isRequired": true,
         "choices": [{"title": "Morning", "value": "am"}]},
        {"type": "ActionSet", "actions": [{"type": "Action.Submit", "id": "go", "title": "Go", "data": {"a": 1}}]},
    ]));
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(card.body.len(), 6);
    assert!(matches!(&card.body[0], Element::Text(t) if t.countdown_to.is_some() && t.size == TextSize::ExtraLarge));
    assert!(matches!(&card.body[1], Element::Facts(f) if f[0].value.plain() == "7"));
    assert!(matches!(&card.body[2], Element::Columns(c) if c[2].width == ColumnWidth::Weight(3.0)));
    assert_eq!(card.missing_inputs(&card.initial_inputs()), ["serial"]);
    assert_eq!(card.all_actions()[0].data["a"], 1);
}

#[test]
fn unknown_elements_fall_back() {
    let (card, warnings) = read(json!([
        {"type": "Media", "fallback": {"type": "TextBlock", "text": "A film"}},
        {"type": "Carousel", "fallback": "drop"},
        {"type": "Image", "url": "https://example.com/x.png"},
        {"type": "TextBlock", "text": "new", "requires": {"magic": "1.0"}, "fallback": {"type": "Nope"}},
    ]));
    assert_eq!(card.body.len(), 1);
    assert_eq!(warnings.len(), 4, "{warnings:?}");
}

#[test]
fn unreadable_cards_show_their_fallback_text() {
    for card in [
        json!({"type": "HeroCard", "fallbackText": "Plain words"}),
        json!({"type": "AdaptiveCard", "body": 7, "fallbackText": "Plain words"}),
        json!({"type": "AdaptiveCard", "version": "2.0", "body": [], "fallbackText": "Plain words"}),
        json!({"type": "AdaptiveCard", "body": [{"type": "Media"}], "fallbackText": "Plain words"}),
    ] {
        let (card, warnings) = Card::read(&card);
        assert!(card.is_fallback && !warnings.is_empty());
        assert!(matches!(&card.body[0], Element::Text(t) if t.text.plain() == "Plain words"));
    }
    assert!(Card::read(&json!(null)).0.is_empty());
}

#[test]
fn addresses_are_never_offered() {
    let open = json!({"type": "Action.OpenUrl", "url": "https://example.com", "title": "Open",
        "fallback": {"type": "Action.Submit", "id": "ask", "title": "Ask"}});
    let (card, warnings) =
        Card::read(&json!({"type": "AdaptiveCard", "body": [], "actions": [open, {"type": "Action.ShowCard"}]}));
    assert_eq!(card.actions.len(), 1);
    assert_eq!((card.actions[0].id.as_str(), warnings.len()), ("ask", 2));
}

#[test]
fn limits_hold() {
    let mut deep = json!({"type": "TextBlock", "text": "x"});
    for _ in 0..60 {
        deep = json!({"type": "Container", "items": [deep]});
    }
    assert!(!read(json!([deep])).1.is_empty());
    let many = vec![json!({"type": "TextBlock", "text": "x"}); 1000];
    assert_eq!(read(json!(many)).0.body.len(), MAX_ELEMENTS);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z*_\\[\\]()\\\\ ]{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["AdaptiveCard", "TextBlock", "Container", "steps", "ColumnSet", "step-1", "drop"])
            .prop_map(Value::from),
    ];
    let keys = ["type", "body", "items", "columns", "id", "fallback", "actions", "text", "width", "choices", "facts"];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(prop::sample::select(keys.to_vec()), inner, 0..6)
                .prop_map(|m| { Value::Object(m.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()) }),
        ]
    })
}

proptest! {
    #[test]
    fn any_card_is_read(body in any_json()) {
        let (card, _) = Card::read(&body);
        let _ = card.missing_inputs(&card.initial_inputs());
        let _ = Card::read(&json!({"type": "AdaptiveCard", "body": [body.clone()], "actions": [body]}));
    }
}
