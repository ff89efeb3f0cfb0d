//! Who answers, how the connection stands, the way to a person, and the language switch.

use bevy::prelude::*;

use crate::cards::theme::{ACCENT, ACCENT_SOFT, ALERT, Fonts, GOOD, INK, INK_SOFT, LINE, PAPER, WARM};
use crate::encounter::{LinkNow, ScreenWords, SendWish, Talk};
use crate::protocol::Owner;
use crate::sync::{Command, LinkState};
use crate::words::Words;

#[derive(Component)]
pub(super) struct OwnerText;

#[derive(Component)]
pub(super) struct OwnerDot;

#[derive(Component)]
pub(super) struct LinkText;

/// A text of the interface that follows the language.
#[derive(Component)]
pub(super) struct Localized(pub(super) &'static str);

pub(super) fn spawn_header(commands: &mut Commands<'_, '_>, panel: Entity, fonts: &Fonts, words: &Words) {
    let header = commands
        .spawn((
            ChildOf(panel),
            Node {
                flex_direction: FlexDirection::Column,
                row_gap: Val::Px(6.0),
                padding: UiRect::new(Val::Px(16.0), Val::Px(12.0), Val::Px(14.0), Val::Px(12.0)),
                border: UiRect::bottom(Val::Px(1.0)),
                ..default()
            },
            BackgroundColor(PAPER),
            BorderColor::all(LINE),
        ))
        .id();
    commands.spawn((
        ChildOf(header),
        Node { align_items: AlignItems::Center, column_gap: Val::Px(8.0), ..default() },
        children![
            (
                OwnerDot,
                Node {
                    width: Val::Px(10.0),
                    height: Val::Px(10.0),
                    flex_shrink: 0.0,
                    border_radius: BorderRadius::MAX,
                    ..default()
                },
                BackgroundColor(GOOD),
            ),
            (OwnerText, Node { flex_grow: 1.0, ..default() }, fonts.bold("", 18.0, INK)),
        ],
    ));
    let row = commands
        .spawn((
            ChildOf(header),
            Node { align_items: AlignItems::Center, column_gap: Val::Px(8.0), ..default() },
            children![(
                LinkText,
                Node { flex_grow: 1.0, flex_shrink: 1.0, ..default() },
                fonts.text("", 13.0, INK_SOFT)
            )],
        ))
        .id();
    spawn_small_button(commands, row, fonts, words, "chat-ask-human").observe(
        |_: On<'_, '_, Pointer<Click>>, mut wishes: MessageWriter<'_, SendWish>| {
            wishes.write(SendWish(Command::AskForHuman));
        },
    );
    spawn_small_button(commands, row, fonts, words, "language-switch").observe(
        |_: On<'_, '_, Pointer<Click>>,
         mut words: ResMut<'_, ScreenWords>,
         mut labels: Query<'_, '_, (&Localized, &mut Text)>| {
            let other = words.0.language().other();
            words.0 = Words::new(other);
            for (label, mut text) in &mut labels {
                text.0 = words.0.text(label.0);
            }
        },
    );
}

fn spawn_small_button<'commands>(
    commands: &'commands mut Commands<'_, '_>,
    parent: Entity,
    fonts: &Fonts,
    words: &Words,
    key: &'static str,
) -> EntityCommands<'commands> {
    commands.spawn((
        ChildOf(parent),
        Button,
        Node {
            padding: UiRect::axes(Val::Px(10.0), Val::Px(4.0)),
            border_radius: BorderRadius::all(Val::Px(12.0)),
            flex_shrink: 0.0,
            ..default()
        },
        BackgroundColor(ACCENT_SOFT),
        children![(Localized(key), fonts.text(&words.text(key), 13.0, ACCENT), Pickable::IGNORE)],
    ))
}

/// The label that says who answers: it never lies about it.
pub(super) fn show_owner(
    talk: Res<'_, Talk>,
    words: Res<'_, ScreenWords>,
    mut texts: Query<'_, '_, &mut Text, With<OwnerText>>,
    mut dots: Query<'_, '_, &mut BackgroundColor, With<OwnerDot>>,
) {
    if !(talk.is_changed() || words.is_changed()) {
        return;
    }
    let (label, color) = owner_label(talk.0.owner(), &words.0);
    for mut text in &mut texts {
        text.0.clone_from(&label);
    }
    for mut dot in &mut dots {
        dot.0 = color;
    }
}

fn owner_label(owner: &Owner, words: &Words) -> (String, Color) {
    match owner {
        Owner::Bot => (words.text("owner-bot"), ACCENT),
        Owner::Queued { position, .. } => (words.text_with("owner-queued", &[("position", (*position).into())]), WARM),
        Owner::Human { name, .. } => (words.text_with("owner-human", &[("name", name.as_str().into())]), GOOD),
        Owner::Returning => (words.text("owner-returning"), WARM),
        Owner::Closed => (words.text("owner-closed"), INK_SOFT),
        Owner::Other(_) => (words.text("owner-unknown"), WARM),
    }
}

/// How the connection stands.
pub(super) fn show_link(
    link: Res<'_, LinkNow>,
    words: Res<'_, ScreenWords>,
    mut texts: Query<'_, '_, (&mut Text, &mut TextColor), With<LinkText>>,
) {
    if !(link.is_changed() || words.is_changed()) {
        return;
    }
    let (label, color) = match &link.0 {
        LinkState::Connecting => (words.0.text("connection-connecting"), INK_SOFT),
        LinkState::Live => (words.0.text("connection-live"), INK_SOFT),
        LinkState::Recovering { attempt, .. } => {
            (words.0.text_with("connection-recovering", &[("attempt", (*attempt).into())]), WARM)
        }
        LinkState::Offline => (words.0.text("connection-offline"), ALERT),
        LinkState::SignedOut => (words.0.text("connection-signed-out"), ALERT),
    };
    for (mut text, mut ink) in &mut texts {
        text.0.clone_from(&label);
        ink.0 = color;
    }
}
