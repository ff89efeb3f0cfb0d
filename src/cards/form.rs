//! Filling in a card: choices toggle, and a submit button gathers the inputs of its card.

use bevy::prelude::*;
use bevy::text::EditableText;
use serde_json::{Map, Value};

use super::CardSubmitted;
use super::scene::{CardChoice, CardField, SubmitButton};
use super::theme::{ACCENT, ACCENT_SOFT, LINE};
use crate::protocol::Submission;

/// The hint inside an empty field.
#[derive(Component)]
pub(super) struct FieldHint;

/// A hint shows while its field is empty.
pub(super) fn show_hints(
    wells: Query<'_, '_, &Children>,
    fields: Query<'_, '_, (&EditableText, &ChildOf), (With<CardField>, Changed<EditableText>)>,
    mut hints: Query<'_, '_, &mut Visibility, With<FieldHint>>,
) {
    for (field, parent) in &fields {
        let empty = !field.is_composing() && field.value().into_iter().all(str::is_empty);
        let Ok(siblings) = wells.get(parent.parent()) else { continue };
        for sibling in siblings {
            if let Ok(mut visibility) = hints.get_mut(*sibling) {
                visibility.set_if_neq(if empty { Visibility::Inherited } else { Visibility::Hidden });
            }
        }
    }
}

/// A click on a choice chooses it, and lets go of the others where only one may be chosen.
pub(super) fn choose_on_click(
    click: On<'_, '_, Pointer<Click>>,
    mut choices: Query<'_, '_, (Entity, &mut CardChoice, &mut BackgroundColor, &mut BorderColor)>,
) {
    let Ok((_, clicked, _, _)) = choices.get(click.entity) else { return };
    let (input_id, root, several) = (clicked.input_id.clone(), clicked.root, clicked.several);
    for (entity, mut choice, mut paper, mut border) in &mut choices {
        if choice.root != root || choice.input_id != input_id {
            continue;
        }
        choice.chosen = if entity == click.entity { !several || !choice.chosen } else { several && choice.chosen };
        paper.0 = if choice.chosen { ACCENT_SOFT } else { Color::WHITE };
        *border = BorderColor::all(if choice.chosen { ACCENT } else { LINE });
    }
}

/// A click on a submit button sends the card with all that was filled in.
pub(super) fn submit_on_click(
    click: On<'_, '_, Pointer<Click>>,
    buttons: Query<'_, '_, &SubmitButton>,
    fields: Query<'_, '_, (&CardField, &EditableText)>,
    choices: Query<'_, '_, &CardChoice>,
    mut submitted: MessageWriter<'_, CardSubmitted>,
) {
    let Ok(button) = buttons.get(click.entity) else { return };
    let mut inputs = Map::new();
    for (field, text) in fields.iter().filter(|(field, _)| field.root == button.root) {
        let value: String = text.value().into_iter().collect();
        inputs.insert(field.input_id.clone(), Value::String(value.trim().to_owned()));
    }
    for choice in choices.iter().filter(|choice| choice.root == button.root && choice.chosen) {
        // Adaptive Cards join several chosen values by commas.
        let joined = match inputs.get(&choice.input_id).and_then(Value::as_str) {
            Some(before) => format!("{before},{}", choice.value),
            None => choice.value.clone(),
        };
        inputs.insert(choice.input_id.clone(), Value::String(joined));
    }
    submitted.write(CardSubmitted(Submission {
        card_id: button.card_id.clone(),
        action_id: button.action_id.clone(),
        inputs,
    }));
}

/// A card whose fields are being edited is drawn while the customer writes.
pub(super) fn redraw_while_edited(
    focus: Res<'_, bevy::input_focus::InputFocus>,
    fields: Query<'_, '_, &CardField>,
    mut panels: Query<'_, '_, &mut super::panel::CardPanel>,
) {
    let Some(field) = focus.get().and_then(|entity| fields.get(entity).ok()) else { return };
    for mut panel in &mut panels {
        if panel.root == field.root {
            panel.refresh();
        }
    }
}
