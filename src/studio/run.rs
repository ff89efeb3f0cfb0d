//! A scene running in an app: the player's steps become wishes of the customer and tasks of the human agent.

use bevy::prelude::*;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::agent::{AgentTask, ScriptedAgent};
use super::player::{Player, PlayerAction};
use super::record::SceneRecord;
use super::scene::{AgentCard, Scene, Step, inputs_json};
use crate::cards::DeskTime;
use crate::encounter::{Logged, Mind, SendWish, Talk};
use crate::protocol::{CardId, ScheduleFollowUp, Submission};
use crate::schedule::FrameSystems;
use crate::sync::Command;
use crate::words::Language;

/// The scene that runs.
#[derive(Resource)]
pub struct SceneRun {
    player: Player,
    agent: ScriptedAgent,
    language: Language,
    secs: f32,
    pictures: Vec<String>,
    /// What happened so far.
    pub record: SceneRecord,
}

impl SceneRun {
    /// Readies a scene; it begins with the desk's greeting.
    #[must_use]
    pub fn new(scene: &Scene, agent: ScriptedAgent, language: Language) -> Self {
        Self {
            player: Player::new(scene, language),
            agent,
            language,
            secs: 0.0,
            pictures: Vec::new(),
            record: SceneRecord {
                name: scene.name.clone(),
                title: scene.title.get(language).to_owned(),
                ..SceneRecord::default()
            },
        }
    }

    /// The type of the event that the scene waits for, if it waits for one.
    #[must_use]
    pub fn awaited_event(&self) -> Option<&str> {
        self.player.awaited_event()
    }

    /// A picture that the scene wants of this moment.
    pub fn take_picture(&mut self) -> Option<String> {
        self.pictures.pop()
    }

    /// Seconds since the scene began.
    #[must_use]
    pub fn secs(&self) -> f32 {
        self.secs
    }

    /// Share of the scene that has been played, 0..=1.
    #[must_use]
    pub fn progress(&self) -> f32 {
        self.player.progress()
    }

    /// Whether the scene is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.player.is_over() && self.pictures.is_empty()
    }

    /// What the scripted agent could not do.
    #[must_use]
    pub fn agent_failure(&self) -> Option<crate::problem::Problem> {
        self.agent.failure()
    }
}

/// Plays the [`SceneRun`], if there is one.
pub fn plugin(app: &mut App) {
    app.add_systems(Update, play_scene.in_set(FrameSystems::Show).run_if(resource_exists::<SceneRun>));
}

fn play_scene(
    mut run: ResMut<'_, SceneRun>,
    mut logged: MessageReader<'_, '_, Logged>,
    mut wishes: MessageWriter<'_, SendWish>,
    mind: Res<'_, Mind>,
    talk: Res<'_, Talk>,
    desk_time: Option<Res<'_, DeskTime>>,
    time: Res<'_, Time>,
) {
    let run = &mut *run;
    for entry in logged.read() {
        match entry {
            Logged::Event(event) => {
                run.record.note(run.secs, event);
                run.player.event_arrived(event.body.kind());
            }
            // The greeting may be part of the first snapshot already.
            Logged::Snapshot(snapshot) if !snapshot.messages.is_empty() => {
                run.player.event_arrived("message.completed")
            }
            Logged::Snapshot(_) => {}
        }
    }
    if run.player.awaited_event().is_none() {
        run.secs += time.delta_secs();
    }
    match run.player.tick(run.secs, spoken(&mind, &talk).as_deref()) {
        Some(PlayerAction::Picture(name)) => run.pictures.push(name),
        Some(PlayerAction::Perform(step)) => {
            if let Some(command) = customer_command(&step, run.language) {
                wishes.write(SendWish(command));
            } else if let Some(conversation) = talk.0.id() {
                let now = desk_time.map_or_else(Timestamp::now, |time| time.0);
                if let Some(task) = agent_task(&step, run.language, now) {
                    run.agent.give(conversation, task);
                }
            }
        }
        None => {}
    }
}

/// What the avatar has said of its present utterance.
fn spoken(mind: &Mind, talk: &Talk) -> Option<String> {
    let progress = mind.engine.speaking()?;
    let text = talk.0.transcript().get(&progress.message_id)?.message.text.as_deref().unwrap_or_default();
    Some(text.chars().take(progress.char_index).collect())
}

fn customer_command(step: &Step, language: Language) -> Option<Command> {
    match step {
        Step::Say { text, .. } => Some(Command::Say { text: text.get(language).to_owned() }),
        Step::Submit { card, action, inputs, .. } => Some(Command::Submit(Submission {
            card_id: CardId(card.clone()),
            action_id: action.clone(),
            inputs: inputs_json(inputs),
        })),
        _ => None,
    }
}

fn agent_task(step: &Step, language: Language, now: Timestamp) -> Option<AgentTask> {
    match step {
        Step::Claim { agent, name, .. } => {
            Some(AgentTask::Claim { agent: agent.clone(), name: name.get(language).to_owned() })
        }
        Step::AgentSays { text, card, .. } => {
            // Markup that cannot be read is said as it stands: the scene goes on and shows where it is wrong.
            let (text, acts) = crate::desk::read_markup(text.get(language))
                .unwrap_or_else(|_| (text.get(language).to_owned(), Vec::new()));
            Some(AgentTask::Say {
                text,
                acts,
                card: card.as_ref().map(|card| (card.id.clone(), agent_card(card, language, now))),
            })
        }
        Step::FollowUp { due_mins, purpose, channel, .. } => Some(AgentTask::FollowUp(ScheduleFollowUp {
            due_at: now.checked_add(SignedDuration::from_mins(*due_mins)).unwrap_or(now),
            purpose: purpose.get(language).to_owned(),
            channel: channel.clone(),
        })),
        Step::Release { .. } => Some(AgentTask::Release),
        _ => None,
    }
}

fn agent_card(card: &AgentCard, language: Language, now: Timestamp) -> serde_json::Value {
    let title = card.title.get(language);
    let text = card.text.get(language);
    let mut body = vec![
        json!({ "type": "TextBlock", "text": title, "size": "Large", "weight": "Bolder", "wrap": true }),
        json!({ "type": "TextBlock", "text": text, "wrap": true }),
    ];
    if let Some(due) = card.countdown_mins.and_then(|mins| now.checked_add(SignedDuration::from_mins(mins)).ok()) {
        body.push(json!({
            "type": "TextBlock", "text": text, "size": "ExtraLarge", "weight": "Bolder", "color": "Accent",
            "countdownTo": due.to_string(),
        }));
    }
    json!({ "type": "AdaptiveCard", "version": "1.6", "fallbackText": format!("{title}: {text}"), "body": body })
}
