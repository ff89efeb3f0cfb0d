//! The link to the desk in the frame: updates in at the start, wishes out at the end.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use bevy::prelude::*;

use super::{Happened, Logged, SendWish, Talk};
use crate::problem::Problem;
use crate::sync::{LinkState, SyncClient, Update};

/// The connection of this encounter.
#[derive(Resource)]
pub struct Link {
    client: SyncClient,
    inbox: VecDeque<Update>,
    /// Whether updates enter the frame as they come, or only when [`Link::wait_for_event`] asked for them.
    stepped: bool,
    is_live: bool,
}

/// How the connection stands, for the screen.
#[derive(Resource, Debug, Clone, PartialEq)]
pub struct LinkNow(pub LinkState);

impl Default for LinkNow {
    fn default() -> Self {
        Self(LinkState::Connecting)
    }
}

impl Link {
    /// A link whose updates enter the frame as they come: for people.
    #[must_use]
    pub fn live(client: SyncClient) -> Self {
        Self { client, inbox: VecDeque::new(), stepped: false, is_live: false }
    }

    /// A link whose updates wait until they are asked for: for a manual clock, which must not depend on how fast
    /// the desk answers.
    #[must_use]
    pub fn stepped(client: SyncClient) -> Self {
        Self { client, inbox: VecDeque::new(), stepped: true, is_live: false }
    }

    /// Blocks until an event of this type is in the inbox; the manual clock stands still meanwhile.
    ///
    /// # Errors
    /// A [`Problem`] when the desk does not answer within `patience`, or the sync machine reports one.
    pub fn wait_for_event(&mut self, kind: &str, patience: Duration) -> Result<(), Problem> {
        let give_up = Instant::now() + patience;
        let mut found = false;
        loop {
            let left = give_up.saturating_duration_since(Instant::now());
            let Some(update) = self.client.recv_timeout(left) else {
                return Err(Problem::new(
                    "the scene does not go on",
                    kind,
                    format!("the desk sent no such event within {} s", patience.as_secs()),
                    "check the scene's `until` and the desk's log",
                ));
            };
            found |= match &update {
                Update::Event(event) => event.body.kind() == kind,
                Update::Snapshot(snapshot) => snapshot_has(snapshot, kind),
                Update::Problem(problem) => return Err(problem.clone()),
                Update::Link(state) => {
                    self.is_live = *state == LinkState::Live;
                    false
                }
                _ => false,
            };
            self.inbox.push_back(update);
            // A scene begins once the stream stands: the screen would say "connecting" otherwise.
            if found && self.is_live {
                return Ok(());
            }
        }
    }
}

/// What arrived before the first snapshot is part of it: the greeting counts as having come.
fn snapshot_has(snapshot: &crate::protocol::Snapshot, kind: &str) -> bool {
    kind == "message.completed" && snapshot.messages.iter().any(|message| message.role == crate::protocol::Role::Bot)
}

/// Takes what the sync machine has into the inbox.
pub(super) fn receive_updates(link: Option<ResMut<'_, Link>>) {
    if let Some(mut link) = link
        && !link.stepped
    {
        while let Some(update) = link.client.try_recv() {
            link.inbox.push_back(update);
        }
    }
}

/// Applies the inbox to the conversation and tells what happened.
pub(super) fn converse(
    link: Option<ResMut<'_, Link>>,
    mut talk: ResMut<'_, Talk>,
    mut now: ResMut<'_, LinkNow>,
    mut happened: MessageWriter<'_, Happened>,
    mut logged: MessageWriter<'_, Logged>,
) {
    let Some(mut link) = link else { return };
    if link.inbox.is_empty() {
        return;
    }
    while let Some(update) = link.inbox.pop_front() {
        match &update {
            Update::Link(state) => now.0 = state.clone(),
            Update::Snapshot(snapshot) => {
                logged.write(Logged::Snapshot(snapshot.clone()));
            }
            Update::Event(event) => {
                logged.write(Logged::Event(event.clone()));
            }
            Update::Problem(problem) => error!("{problem}"),
            _ => {}
        }
        happened.write_batch(update.apply_to(&mut talk.0).into_iter().map(Happened));
    }
}

/// Hands the customer's wishes to the sync machine.
pub(super) fn send_wishes(link: Option<Res<'_, Link>>, mut wishes: MessageReader<'_, '_, SendWish>) {
    let Some(link) = link else { return };
    for SendWish(command) in wishes.read() {
        if let Err(problem) = link.client.send(command.clone()) {
            warn!("{problem}");
        }
    }
}
