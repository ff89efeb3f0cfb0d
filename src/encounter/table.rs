//! Cards in the frame: the conversation's cards go to the table, a filled-in card becomes a wish.

use bevy::prelude::*;
use jiff::{SignedDuration, Timestamp};

use super::{Logged, ScreenWords, SendWish, Talk};
use crate::cards::{CardSubmitted, CardTable, CardWords, DeskTime};
use crate::sync::Command;

/// Puts the conversation's cards on the table.
pub(super) fn lay_table(talk: Res<'_, Talk>, mut table: ResMut<'_, CardTable>) {
    if talk.is_changed() && table.0 != talk.0.cards() {
        table.0 = talk.0.cards().to_vec();
    }
}

/// Cards speak the language of the screen.
pub(super) fn share_words(words: Res<'_, ScreenWords>, mut commands: Commands<'_, '_>) {
    if words.is_changed() {
        commands.insert_resource(CardWords(words.0));
    }
}

/// A filled-in card is sent like anything the customer says.
pub(super) fn forward_submissions(
    mut submitted: MessageReader<'_, '_, CardSubmitted>,
    mut wishes: MessageWriter<'_, SendWish>,
) {
    wishes.write_batch(submitted.read().map(|CardSubmitted(submission)| SendWish(Command::Submit(submission.clone()))));
}

/// The desk's clock as of the newest event, carried on by the frame's own.
#[derive(Default)]
pub(super) struct DeskClock {
    base: Option<(Timestamp, f64)>,
}

/// Countdowns go by the desk's clock: the customer's may be wrong.
pub(super) fn follow_desk_time(
    mut logged: MessageReader<'_, '_, Logged>,
    time: Res<'_, Time>,
    mut clock: Local<'_, DeskClock>,
    mut commands: Commands<'_, '_>,
) {
    for entry in logged.read() {
        let at = match entry {
            Logged::Event(event) => Some(event.at),
            Logged::Snapshot(snapshot) => snapshot.messages.last().and_then(|message| message.at),
        };
        if let Some(at) = at {
            clock.base = Some((at, time.elapsed_secs_f64()));
        }
    }
    if let Some((at, since)) = clock.base {
        let elapsed = SignedDuration::from_secs_f64((time.elapsed_secs_f64() - since).max(0.0));
        if let Ok(now) = at.checked_add(elapsed) {
            commands.insert_resource(DeskTime(now));
        }
    }
}
