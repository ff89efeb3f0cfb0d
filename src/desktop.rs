//! The window: who answers, the transcript, the chat bar, and honest notices.
//!
//! Includes the panel beside the avatar. Does not include cards (they float in space) or the conversation.

mod chat_bar;
mod drop;
mod header;
mod notice;
mod transcript;

use bevy::prelude::*;

use crate::cards::theme::{Fonts, LINE, PAPER_SOFT};
use crate::schedule::FrameSystems;
use crate::stage::{ViewInsets, ViewTarget};

/// Width of the panel in logical pixels.
pub const PANEL_WIDTH: f32 = 330.0;

/// Adds the panel and its behavior.
pub struct DesktopPlugin;

impl Plugin for DesktopPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Startup, spawn_panel)
            .add_systems(
                Update,
                (
                    header::show_owner,
                    header::show_link,
                    transcript::show_transcript,
                    transcript::follow_newest,
                    chat_bar::show_placeholder,
                    notice::show_notice,
                )
                    .in_set(FrameSystems::Show),
            )
            .add_systems(Update, drop::take_dropped_avatar.in_set(FrameSystems::Converse))
            .add_observer(chat_bar::submit_on_enter)
            .add_observer(chat_bar::tell_typing);
    }
}

/// Draws the interface over the scene.
#[derive(Component)]
pub struct InterfaceView;

fn spawn_panel(
    mut commands: Commands<'_, '_>,
    fonts: Res<'_, Fonts>,
    words: Res<'_, crate::encounter::ScreenWords>,
    target: Res<'_, ViewTarget>,
    mut insets: ResMut<'_, ViewInsets>,
) {
    insets.right = PANEL_WIDTH;
    commands.spawn((
        Name::new("Interface view"),
        InterfaceView,
        Camera2d,
        Camera { order: 10, clear_color: ClearColorConfig::None, ..default() },
        Msaa::Off,
        target.0.clone(),
        IsDefaultUiCamera,
    ));
    let panel = commands
        .spawn((
            Name::new("Panel"),
            Node {
                position_type: PositionType::Absolute,
                right: Val::Px(0.0),
                top: Val::Px(0.0),
                bottom: Val::Px(0.0),
                width: Val::Px(PANEL_WIDTH),
                flex_direction: FlexDirection::Column,
                border: UiRect::left(Val::Px(1.0)),
                ..default()
            },
            BackgroundColor(PAPER_SOFT),
            BorderColor::all(LINE),
        ))
        .id();
    header::spawn_header(&mut commands, panel, &fonts, &words.0);
    transcript::spawn_transcript(&mut commands, panel);
    chat_bar::spawn_chat_bar(&mut commands, panel, &fonts, &words.0);
    notice::spawn_notice(&mut commands, &fonts);
}
