//! The chat bar: Chinese input by IME, Enter or the button sends. Never blocked by the network.

use bevy::input::keyboard::{Key, KeyboardInput};
use bevy::input_focus::{AutoFocus, FocusedInput};
use bevy::prelude::*;
use bevy::text::{EditableText, TextCursorStyle, TextEditChange};

use super::header::Localized;
use crate::cards::theme::{ACCENT, Fonts, INK, INK_SOFT, LINE, ON_ACCENT, PAPER};
use crate::encounter::SendWish;
use crate::sync::Command;
use crate::words::Words;

/// Longest text that a desk takes in one message.
const MAX_CHARACTERS: usize = 2000;
/// A customer who keeps typing is told to the desk at most this often, in seconds.
const TYPING_EVERY_SECS: f32 = 3.0;

#[derive(Component)]
pub(super) struct ChatField;

#[derive(Component)]
pub(super) struct Placeholder;

pub(super) fn spawn_chat_bar(commands: &mut Commands<'_, '_>, panel: Entity, fonts: &Fonts, words: &Words) {
    let bar = commands
        .spawn((
            ChildOf(panel),
            Node {
                align_items: AlignItems::Center,
                column_gap: Val::Px(8.0),
                padding: UiRect::all(Val::Px(12.0)),
                border: UiRect::top(Val::Px(1.0)),
                flex_shrink: 0.0,
                ..default()
            },
            BackgroundColor(PAPER),
            BorderColor::all(LINE),
        ))
        .id();
    let well = commands
        .spawn((
            ChildOf(bar),
            Node {
                flex_grow: 1.0,
                min_width: Val::Px(0.0),
                padding: UiRect::axes(Val::Px(10.0), Val::Px(8.0)),
                border: UiRect::all(Val::Px(1.0)),
                border_radius: BorderRadius::all(Val::Px(10.0)),
                ..default()
            },
            BorderColor::all(LINE),
            BackgroundColor(Color::WHITE),
        ))
        .id();
    commands.spawn((
        ChildOf(well),
        Placeholder,
        Localized("chat-placeholder"),
        Node { position_type: PositionType::Absolute, left: Val::Px(10.0), top: Val::Px(8.0), ..default() },
        fonts.text(&words.text("chat-placeholder"), 15.0, INK_SOFT),
        Pickable::IGNORE,
    ));
    commands.spawn((
        ChildOf(well),
        ChatField,
        AutoFocus,
        EditableText { max_characters: Some(MAX_CHARACTERS), ..default() },
        fonts.field(15.0),
        TextColor(INK),
        TextCursorStyle { color: ACCENT, ..default() },
        TextLayout { linebreak: LineBreak::NoWrap, ..default() },
        Node { width: Val::Percent(100.0), ..default() },
    ));
    commands
        .spawn((
            ChildOf(bar),
            Button,
            Node {
                padding: UiRect::axes(Val::Px(14.0), Val::Px(9.0)),
                border_radius: BorderRadius::all(Val::Px(10.0)),
                flex_shrink: 0.0,
                ..default()
            },
            BackgroundColor(ACCENT),
            children![(
                Localized("chat-send"),
                fonts.bold(&words.text("chat-send"), 15.0, ON_ACCENT),
                Pickable::IGNORE
            )],
        ))
        .observe(
            |_: On<'_, '_, Pointer<Click>>,
             fields: Query<'_, '_, &mut EditableText, With<ChatField>>,
             wishes: MessageWriter<'_, SendWish>| submit(fields, wishes),
        );
}

/// Enter sends, unless the input method is still composing (then Enter belongs to it).
pub(super) fn submit_on_enter(
    on: On<'_, '_, FocusedInput<KeyboardInput>>,
    fields: Query<'_, '_, &mut EditableText, With<ChatField>>,
    wishes: MessageWriter<'_, SendWish>,
) {
    let is_enter = on.input.state.is_pressed() && on.input.logical_key == Key::Enter;
    if is_enter && fields.get(on.focused_entity).is_ok_and(|field| !field.is_composing()) {
        submit(fields, wishes);
    }
}

fn submit(mut fields: Query<'_, '_, &mut EditableText, With<ChatField>>, mut wishes: MessageWriter<'_, SendWish>) {
    for mut field in &mut fields {
        let text: String = field.value().into_iter().collect();
        let text = text.trim();
        if !text.is_empty() {
            wishes.write(SendWish(Command::Say { text: text.to_owned() }));
            field.clear();
        }
    }
}

/// Tells the desk that the customer types, now and then.
pub(super) fn tell_typing(
    on: On<'_, '_, TextEditChange>,
    fields: Query<'_, '_, &EditableText, With<ChatField>>,
    time: Res<'_, Time>,
    mut wishes: MessageWriter<'_, SendWish>,
    mut last_secs: Local<'_, Option<f32>>,
) {
    let Ok(field) = fields.get(on.event_target()) else { return };
    let now = time.elapsed_secs();
    let due = last_secs.is_none_or(|last| now - last >= TYPING_EVERY_SECS);
    if due && field.value().into_iter().any(|part| !part.is_empty()) {
        *last_secs = Some(now);
        wishes.write(SendWish(Command::Typing));
    }
}

/// The placeholder shows while nothing is written or composed.
pub(super) fn show_placeholder(
    fields: Query<'_, '_, &EditableText, With<ChatField>>,
    mut placeholders: Query<'_, '_, &mut Visibility, With<Placeholder>>,
) {
    let empty = fields.iter().all(|field| !field.is_composing() && field.value().into_iter().all(str::is_empty));
    for mut visibility in &mut placeholders {
        visibility.set_if_neq(if empty { Visibility::Inherited } else { Visibility::Hidden });
    }
}
