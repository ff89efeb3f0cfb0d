//! The Bevy shell of the cards: keeps the panels in step with the table of cards.

use bevy::picking::PickingSystems;
use bevy::prelude::*;

use super::Card;
use super::panel::{self, CardPanel, PanelSpawner};
use super::scene::{CardBuilder, Countdown};
use super::theme::Fonts;
use super::{form, interact, place};
use crate::behavior::CardAnchor;
use crate::protocol::{CardPayload, Submission};
use crate::schedule::FrameSystems;
use crate::words::Words;

/// The cards that should be up, oldest first; written only by the encounter.
#[derive(Resource, Debug, Clone, Default, PartialEq)]
pub struct CardTable(pub Vec<CardPayload>);

/// The words of buttons and countdowns on cards; written only by the encounter.
#[derive(Resource, Clone)]
pub struct CardWords(pub Words);

/// Where the cards stand, for gaze and hands; written only by the placing system.
#[derive(Resource, Debug, Clone, Default, PartialEq)]
pub struct CardAnchors(pub Vec<CardAnchor>);

/// The customer filled in a card.
#[derive(Message, Debug, Clone, PartialEq)]
pub struct CardSubmitted(pub Submission);

/// Shows the [`CardTable`].
pub struct CardsPlugin;

impl Plugin for CardsPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(panel::plugin)
            .init_resource::<Fonts>()
            .init_resource::<CardTable>()
            .init_resource::<CardAnchors>()
            .init_resource::<place::Places>()
            .add_message::<CardSubmitted>()
            .add_systems(Startup, interact::spawn_pointer)
            .add_systems(First, interact::drive_pointer.in_set(PickingSystems::Input))
            .add_systems(
                Update,
                (keep_panels, form::show_hints, count_down, form::redraw_while_edited)
                    .chain()
                    .in_set(FrameSystems::Show),
            )
            .add_systems(
                PostUpdate,
                (panel::settle_panels, place::place_panels, panel::fade_panels)
                    .chain()
                    .in_set(FrameSystems::PlaceCards),
            );
    }
}

/// What a panel shows now, to tell whether it must be built again.
#[derive(Component)]
struct Shown(CardPayload);

/// Spawns, rebuilds and dismisses panels so that they match the table.
fn keep_panels(
    table: Res<'_, CardTable>,
    words: Res<'_, CardWords>,
    fonts: Res<'_, Fonts>,
    mut panels: Query<'_, '_, &mut CardPanel>,
    mut shown: Query<'_, '_, &mut Shown>,
    mut spawner: PanelSpawner<'_, '_>,
) {
    if !(table.is_changed() || words.is_changed()) {
        return;
    }
    for mut panel in &mut panels {
        if !table.0.iter().any(|payload| payload.card_id == panel.card_id) {
            panel.leaving = true;
        }
    }
    for payload in &table.0 {
        let present = panels.iter_mut().find(|panel| panel.card_id == payload.card_id && !panel.leaving);
        let root = match present {
            Some(mut panel) => {
                let same = shown.get(panel.root).is_ok_and(|now| now.0.card == payload.card);
                if same && !words.is_changed() {
                    continue;
                }
                if let Ok(mut now) = shown.get_mut(panel.root) {
                    now.0.clone_from(payload);
                }
                panel.refresh();
                panel.root
            }
            None => {
                let root = spawner.spawn(&payload.card_id);
                spawner.commands.entity(root).insert(Shown(payload.clone()));
                root
            }
        };
        let (card, warnings) = Card::read(&payload.card);
        for warning in warnings {
            warn!("card {}: {}: {}", payload.card_id, warning.place, warning.message);
        }
        CardBuilder {
            commands: &mut spawner.commands,
            fonts: &fonts,
            words: &words.0,
            card_id: &payload.card_id,
            root,
        }
        .build(&card);
    }
}

/// The time that countdowns go by, as the desk tells it; written only by the encounter.
#[derive(Resource, Debug, Clone, Copy)]
pub struct DeskTime(pub jiff::Timestamp);

/// Writes what is left until each countdown's moment, once a second.
fn count_down(
    now: Option<Res<'_, DeskTime>>,
    words: Res<'_, CardWords>,
    mut lines: Query<'_, '_, (&Countdown, &mut Text, &ComputedUiTargetCamera)>,
    mut panels: Query<'_, '_, &mut CardPanel>,
) {
    let Some(now) = now else { return };
    for (countdown, mut text, camera) in &mut lines {
        let left = countdown.until.as_second() - now.0.as_second();
        let line = countdown_line(left, &words.0);
        if text.0 == line {
            continue;
        }
        text.0 = line;
        for mut panel in &mut panels {
            if camera.get() == Some(panel.view) {
                panel.refresh();
            }
        }
    }
}

fn countdown_line(left_secs: i64, words: &Words) -> String {
    match left_secs {
        ..=0 => words.text("card-countdown-over"),
        1..3600 => words
            .text_with("card-countdown", &[("minutes", (left_secs / 60).into()), ("seconds", (left_secs % 60).into())]),
        3600..86_400 => words.text_with(
            "card-countdown-hours",
            &[("hours", (left_secs / 3600).into()), ("minutes", (left_secs / 60 % 60).into())],
        ),
        _ => words.text_with(
            "card-countdown-days",
            &[("days", (left_secs / 86_400).into()), ("hours", (left_secs / 3600 % 24).into())],
        ),
    }
}
