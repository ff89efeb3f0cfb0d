//! Honest words over the scene: the avatar is still on its way, or could not come, and how to go on.

use bevy::prelude::*;

use super::PANEL_WIDTH;
use crate::avatar::{AvatarState, Seat};
use crate::cards::theme::{ALERT, Fonts, INK, PAPER};
use crate::encounter::{Agent, ScreenWords};

/// How long a failure is told that leaves the agent as it is, seconds.
const PASSING_SECS: f32 = 12.0;

#[derive(Component)]
pub(super) struct Notice;

#[derive(Component)]
pub(super) struct NoticeText;

pub(super) fn spawn_notice(commands: &mut Commands<'_, '_>, fonts: &Fonts) {
    commands.spawn((
        Name::new("Notice"),
        Notice,
        Node {
            position_type: PositionType::Absolute,
            left: Val::Px(0.0),
            right: Val::Px(PANEL_WIDTH),
            bottom: Val::Px(48.0),
            justify_content: JustifyContent::Center,
            padding: UiRect::horizontal(Val::Px(40.0)),
            ..default()
        },
        Pickable::IGNORE,
        children![(
            Node {
                padding: UiRect::axes(Val::Px(18.0), Val::Px(10.0)),
                border_radius: BorderRadius::all(Val::Px(12.0)),
                ..default()
            },
            BackgroundColor(PAPER),
            children![(NoticeText, fonts.text("", 16.0, INK))],
        )],
    ));
}

pub(super) fn show_notice(
    time: Res<'_, Time>,
    agents: Query<'_, '_, (Ref<'_, AvatarState>, &Seat), With<Agent>>,
    words: Res<'_, ScreenWords>,
    mut notices: Query<'_, '_, &mut Visibility, With<Notice>>,
    mut texts: Query<'_, '_, (&mut Text, &mut TextColor), With<NoticeText>>,
    mut left_secs: Local<'_, f32>,
) {
    let Ok((state, seat)) = agents.single() else { return };
    let has_passed = *left_secs > 0.0 && *left_secs <= time.delta_secs();
    *left_secs = (*left_secs - time.delta_secs()).max(0.0);
    if has_passed {
        notices.iter_mut().for_each(|mut notice| *notice = Visibility::Hidden);
    }
    if !(state.is_changed() || words.is_changed()) {
        return;
    }
    *left_secs = 0.0;
    let (visibility, text, color) = match &*state {
        AvatarState::Ready => (Visibility::Hidden, String::new(), INK),
        AvatarState::Loading => (Visibility::Inherited, words.0.text("avatar-loading"), INK),
        AvatarState::Failed(problem) => {
            let way_on = if seat.is_taken() { "avatar-kept" } else { "avatar-failed-way-on" };
            *left_secs = if seat.is_taken() { PASSING_SECS } else { 0.0 };
            let lines = [words.0.text("avatar-failed"), words.0.text(way_on), problem.told(words.0)];
            (Visibility::Inherited, lines.join("\n"), ALERT)
        }
    };
    for mut notice in &mut notices {
        *notice = visibility;
    }
    for (mut line, mut ink) in &mut texts {
        line.0.clone_from(&text);
        ink.0 = color;
    }
}
