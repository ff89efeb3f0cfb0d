//! The transcript: what was said by whom, oldest first, with the delivery state of what the customer said.

use bevy::prelude::*;
use bevy::ui_widgets::ScrollArea;

use crate::cards::theme::{ACCENT_SOFT, ALERT, Fonts, INK, INK_SOFT, LINE, PAPER};
use crate::conversation::{Entry, EntryState};
use crate::encounter::{Musing, ScreenWords, Talk};
use crate::protocol::Role;
use crate::words::Words;

/// How many entries are drawn; older ones stay in the conversation.
const DRAWN: usize = 60;

#[derive(Component)]
pub(super) struct TranscriptList;

pub(super) fn spawn_transcript(commands: &mut Commands<'_, '_>, panel: Entity) {
    commands.spawn((
        ChildOf(panel),
        TranscriptList,
        ScrollArea,
        Node {
            flex_grow: 1.0,
            flex_shrink: 1.0,
            flex_basis: Val::Px(0.0),
            flex_direction: FlexDirection::Column,
            row_gap: Val::Px(10.0),
            padding: UiRect::all(Val::Px(14.0)),
            overflow: Overflow::scroll_y(),
            ..default()
        },
    ));
}

/// Draws the transcript again when it changed.
pub(super) fn show_transcript(
    talk: Res<'_, Talk>,
    musing: Res<'_, Musing>,
    words: Res<'_, ScreenWords>,
    fonts: Res<'_, Fonts>,
    lists: Query<'_, '_, Entity, With<TranscriptList>>,
    mut commands: Commands<'_, '_>,
) {
    if !(talk.is_changed() || musing.is_changed() || words.is_changed()) {
        return;
    }
    let entries: Vec<&Entry> = talk.0.transcript().iter().collect();
    let first = entries.len().saturating_sub(DRAWN);
    for list in &lists {
        commands.entity(list).despawn_related::<Children>();
        for entry in &entries[first..] {
            spawn_entry(&mut commands, list, entry, &fonts, &words.0);
        }
        if let Some(text) = &musing.0 {
            let row = spawn_row(&mut commands, list, false);
            commands.spawn((ChildOf(row), fonts.text(&words.0.text("role-assistant"), 12.0, INK_SOFT)));
            // No message of the conversation: it goes when the answer comes.
            spawn_bubble(&mut commands, row, fonts.text(text, 15.0, INK_SOFT), PAPER, LINE);
        }
    }
}

fn spawn_entry(commands: &mut Commands<'_, '_>, list: Entity, entry: &Entry, fonts: &Fonts, words: &Words) {
    let own = entry.message.role == Role::Customer;
    let who = match &entry.message.role {
        Role::Customer => words.text("role-you"),
        Role::Human => entry.message.name.clone().unwrap_or_else(|| words.text("role-human")),
        Role::Bot | Role::Other(_) => words.text("role-assistant"),
    };
    let text = match (&entry.message.text, &entry.message.submission) {
        (Some(text), _) => text.clone(),
        (None, Some(submission)) if submission.inputs.is_empty() => words.text("transcript-confirmed"),
        (None, _) => words.text("transcript-submitted"),
    };
    let row = spawn_row(commands, list, own);
    commands.spawn((ChildOf(row), fonts.text(&who, 12.0, INK_SOFT)));
    let (ground, line) = if own { (ACCENT_SOFT, ACCENT_SOFT) } else { (PAPER, LINE) };
    spawn_bubble(commands, row, fonts.text(&text, 15.0, INK), ground, line);
    let state = match &entry.state {
        EntryState::Sending => Some((words.text("delivery-sending"), INK_SOFT)),
        EntryState::Failed { why } => Some((format!("{} · {why}", words.text("delivery-failed")), ALERT)),
        _ => None,
    };
    if let Some((label, color)) = state {
        commands.spawn((ChildOf(row), fonts.text(&label, 12.0, color)));
    }
}

fn spawn_row(commands: &mut Commands<'_, '_>, list: Entity, own: bool) -> Entity {
    let side = if own { AlignItems::FlexEnd } else { AlignItems::FlexStart };
    let row = Node {
        flex_direction: FlexDirection::Column,
        align_items: side,
        row_gap: Val::Px(3.0),
        flex_shrink: 0.0,
        ..default()
    };
    commands.spawn((ChildOf(list), row)).id()
}

fn spawn_bubble(commands: &mut Commands<'_, '_>, row: Entity, text: impl Bundle, ground: Color, line: Color) {
    commands.spawn((
        ChildOf(row),
        Node {
            max_width: Val::Percent(92.0),
            padding: UiRect::axes(Val::Px(12.0), Val::Px(8.0)),
            border: UiRect::all(Val::Px(1.0)),
            border_radius: BorderRadius::all(Val::Px(12.0)),
            ..default()
        },
        BackgroundColor(ground),
        BorderColor::all(line),
        children![text],
    ));
}

/// Keeps the newest entry in sight.
pub(super) fn follow_newest(
    talk: Res<'_, Talk>,
    musing: Res<'_, Musing>,
    mut lists: Query<'_, '_, (&ComputedNode, &mut ScrollPosition), With<TranscriptList>>,
    mut settle_frames: Local<'_, u8>,
) {
    if talk.is_changed() || musing.is_changed() {
        // Layout of new text is known a frame or two later.
        *settle_frames = 4;
    }
    if *settle_frames == 0 {
        return;
    }
    *settle_frames -= 1;
    for (node, mut scroll) in &mut lists {
        let overflow = (node.content_size().y - node.size().y) * node.inverse_scale_factor;
        scroll.0.y = overflow.max(0.0);
    }
}
