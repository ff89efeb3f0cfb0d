//! The avatar's mind in the frame: what happened becomes cues, the engine composes the pose.

use bevy::prelude::*;

use super::{Agent, Happened, Talk};
use crate::avatar::{PoseNow, Seat};
use crate::behavior::{Cue, Engine, Feedback, Skeleton, Surroundings};
use crate::cards::CardAnchors;
use crate::conversation::Change;
use crate::manner::{Manner, read_lexicon};
use crate::protocol::Role;
use crate::stage::{CustomerView, Framing};

/// The behavior engine of the avatar.
#[derive(Resource)]
pub struct Mind {
    /// The engine; told by `cue_mind`, advanced by `compose_pose` alone.
    pub engine: Engine,
    around: Surroundings,
}

impl Mind {
    /// Takes an engine into service.
    #[must_use]
    pub fn new(engine: Engine) -> Self {
        Self { engine, around: Surroundings { customer_eyes: Vec3::new(0.0, 1.45, 1.5), ..Surroundings::default() } }
    }
}

/// What the behavior is made of.
#[derive(Resource, Debug, Clone, PartialEq)]
pub struct Behaves(pub Manner);

/// What the agent said of itself while the desk works; nothing once there is an answer.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq)]
pub struct Musing(pub Option<String>);

/// How often a lexicon file is looked at, seconds.
const WATCH_SECS: f32 = 0.5;

/// Tells the engine what happened.
pub(super) fn cue_mind(
    mut happened: MessageReader<'_, '_, Happened>,
    talk: Res<'_, Talk>,
    mut mind: ResMut<'_, Mind>,
    mut musing: ResMut<'_, Musing>,
) {
    for Happened(change) in happened.read() {
        for cue in cues_of(change, &talk) {
            if matches!(cue, Cue::Interrupt | Cue::WaitingForDesk(false)) && musing.0.is_some() {
                musing.0 = None;
            }
            mind.engine.tell(cue);
        }
    }
}

/// What a change of the conversation means to the engine.
fn cues_of(change: &Change, talk: &Talk) -> Vec<Cue> {
    match change {
        Change::TranscriptAppended { message } if message.role == Role::Customer => {
            let text = message.text.as_deref().unwrap_or_default();
            vec![
                Cue::Interrupt,
                Cue::CustomerSpoke { chars: text.chars().count(), clause_ends: clause_ends(text) },
                Cue::WaitingForDesk(true),
            ]
        }
        Change::MessageFailed { .. } => vec![Cue::WaitingForDesk(false)],
        Change::TypingSeen { role: Role::Customer } => vec![Cue::CustomerTyping],
        Change::TriageUpdated { to, .. } => vec![Cue::TriageUpdated(to.clone())],
        Change::ReplyCompleted { message } => vec![
            Cue::WaitingForDesk(false),
            Cue::Say {
                message_id: message.message_id.clone(),
                text: message.text.clone().unwrap_or_default(),
                acts: message.acts.clone(),
            },
        ],
        Change::ActRequested { act } => vec![Cue::Perform(act.clone())],
        Change::ControlChanged { to, .. } => vec![Cue::OwnerChanged(to.clone())],
        Change::CardShown { card_id } => vec![Cue::CardShown(card_id.clone())],
        Change::CardDismissed { card_id } => vec![Cue::CardDismissed(card_id.clone())],
        Change::Refreshed { .. } => {
            // A snapshot is drawn, not performed; only the standing facts reach the engine.
            let mut cues = vec![Cue::OwnerChanged(talk.0.owner().clone())];
            cues.extend(talk.0.triage().cloned().map(Cue::TriageUpdated));
            cues
        }
        _ => Vec::new(),
    }
}

/// Clauses of a text: where a listener nods.
fn clause_ends(text: &str) -> usize {
    let marks = text.chars().filter(|c| "，。！？；,.!?;".contains(*c)).count();
    marks.max(usize::from(!text.trim().is_empty()))
}

/// Tells the engine where customer and cards are, and the camera whether cards are up.
pub(super) fn follow_cards(
    views: Query<'_, '_, &Transform, With<CustomerView>>,
    anchors: Res<'_, CardAnchors>,
    mut framing: ResMut<'_, Framing>,
    mut mind: ResMut<'_, Mind>,
) {
    if let Ok(view) = views.single() {
        mind.around.customer_eyes = view.translation;
    }
    if anchors.is_changed() {
        mind.around.cards.clone_from(&anchors.0);
    }
    let with_cards = !anchors.0.is_empty();
    if framing.with_cards != with_cards {
        framing.with_cards = with_cards;
    }
}

/// The customer stands at the height of the agent's eyes, and the engine takes the agent's measures, whoever that is.
pub(super) fn meet_agent(
    agents: Query<'_, '_, &Seat, (With<Agent>, Changed<Seat>)>,
    mut framing: ResMut<'_, Framing>,
    mut mind: ResMut<'_, Mind>,
) {
    for seat in &agents {
        let Some(document) = seat.document() else { continue };
        mind.engine.fit(Skeleton::of(document));
        let eyes = seat.eyes();
        if framing.eyes != eyes {
            framing.eyes = eyes;
        }
    }
}

/// Advances the engine by this frame and takes its pose.
pub(super) fn compose_pose(
    time: Res<'_, Time>,
    mut mind: ResMut<'_, Mind>,
    mut agents: Query<'_, '_, &mut PoseNow, With<Agent>>,
) {
    let mind = &mut *mind;
    let pose = mind.engine.update(time.delta_secs(), &mind.around);
    for mut now in &mut agents {
        now.0.clone_from(pose);
    }
}

/// Takes up what the agent says of itself.
pub(super) fn hear_mind(mut mind: ResMut<'_, Mind>, mut musing: ResMut<'_, Musing>) {
    for feedback in mind.engine.drain_feedback() {
        if let Feedback::Holding { text, .. } = feedback {
            musing.0 = Some(text);
        }
    }
}

/// When a file was written last, and its length.
type Stamp = Option<(std::time::SystemTime, u64)>;

/// Reads the lexicon file again when it changes; with a mistake in it the agent goes on as before.
pub(super) fn watch_lexicon(
    behaves: Res<'_, Behaves>,
    time: Res<'_, Time>,
    mut mind: ResMut<'_, Mind>,
    mut seen: Local<'_, Stamp>,
    mut wait_secs: Local<'_, f32>,
) {
    let Some(path) = &behaves.0.lexicon else { return };
    *wait_secs -= time.delta_secs();
    if *wait_secs > 0.0 {
        return;
    }
    *wait_secs = WATCH_SECS;
    let Some(stamp) = std::fs::metadata(path).ok().and_then(|file| Some((file.modified().ok()?, file.len()))) else {
        // An editor may take the file away for a moment.
        return;
    };
    if seen.replace(stamp).is_none_or(|before| before == stamp) {
        return;
    }
    match read_lexicon(path).and_then(|lexicon| mind.engine.take_lexicon(lexicon)) {
        Ok(()) => info!("behavior lexicon read again: {}", path.display()),
        Err(problem) => warn!("{problem}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_lexicon_that_changes_is_read_again_and_a_wrong_one_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lexicon.toml");
        let shipped = include_str!("../../assets/behavior/lexicon.toml");
        std::fs::write(&path, shipped).unwrap();
        let manner = Manner { lexicon: Some(path.clone()), ..Manner::built_in(1) };
        let mut app = App::new();
        app.insert_resource(Mind::new(manner.engine().unwrap()))
            .insert_resource(Behaves(manner))
            .init_resource::<Time>()
            .add_systems(Update, watch_lexicon);
        let mut written = |text: &str| {
            std::fs::write(&path, text).unwrap();
            app.world_mut().resource_mut::<Time>().advance_by(Duration::from_secs(1));
            app.update();
            app.world().resource::<Mind>().engine.lexicon().clone()
        };
        let first = written(shipped);
        let second = written(&shipped.replacen("smile = 0.25", "smile = 0.125", 1));
        assert_ne!(first, second);
        let third = written(&shipped.replacen("smile = 0.25", "smile = 2.5000", 1));
        assert_eq!(second, third);
    }
}
