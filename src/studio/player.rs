//! Plays a scene: a pure machine that is told the time and what happened, and says what to do next.

use super::scene::{Scene, Step};
use crate::words::Language;

/// What the player wants done now.
#[derive(Debug, Clone, PartialEq)]
pub enum PlayerAction {
    /// Carry out this step of the script (say, submit, claim, …).
    Perform(Step),
    /// Keep this moment as a picture.
    Picture(String),
}

/// What the player waits for.
#[derive(Debug, Clone, PartialEq)]
enum Waiting {
    Nothing,
    Event(String),
    Time(f32),
    Spoken { until_secs: f32 },
    Said { words: String, until_secs: f32 },
}

/// A scene being played.
#[derive(Debug, Clone)]
pub struct Player {
    language: Language,
    steps: Vec<Step>,
    next: usize,
    waiting: Waiting,
}

impl Player {
    /// Starts a scene once its opening event (the greeting) has arrived.
    #[must_use]
    pub fn new(scene: &Scene, language: Language) -> Self {
        Self { language, steps: scene.steps.clone(), next: 0, waiting: Waiting::Event("message.completed".to_owned()) }
    }

    /// The type of the event that the player waits for, if it waits for one.
    #[must_use]
    pub fn awaited_event(&self) -> Option<&str> {
        match &self.waiting {
            Waiting::Event(kind) => Some(kind),
            _ => None,
        }
    }

    /// Tells that an event of this type has arrived.
    pub fn event_arrived(&mut self, kind: &str) {
        if self.awaited_event() == Some(kind) {
            self.waiting = Waiting::Nothing;
        }
    }

    /// Whether the scene is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.next >= self.steps.len() && self.waiting == Waiting::Nothing
    }

    /// Share of the scene that has been played, 0..=1.
    #[must_use]
    pub fn progress(&self) -> f32 {
        if self.steps.is_empty() { 1.0 } else { self.next as f32 / self.steps.len() as f32 }
    }

    /// Advances to `now_secs`; at most one action comes back, so that the caller can carry it out in between.
    /// `spoken` is what the avatar has said of its present utterance; `None` while it does not speak.
    pub fn tick(&mut self, now_secs: f32, spoken: Option<&str>) -> Option<PlayerAction> {
        match &self.waiting {
            Waiting::Event(_) => return None,
            Waiting::Time(until) if now_secs < *until => return None,
            Waiting::Spoken { until_secs } if spoken.is_some() && now_secs < *until_secs => return None,
            Waiting::Said { words, until_secs }
                if now_secs < *until_secs && spoken.is_none_or(|said| !said.contains(words)) =>
            {
                return None;
            }
            _ => self.waiting = Waiting::Nothing,
        }
        let step = self.steps.get(self.next)?.clone();
        self.next += 1;
        match step {
            Step::Pause { secs } => {
                self.waiting = Waiting::Time(now_secs + secs);
                None
            }
            Step::Spoken { max_secs } => {
                self.waiting = Waiting::Spoken { until_secs: now_secs + max_secs };
                None
            }
            Step::Said { text, max_secs } => {
                let words = text.get(self.language).to_owned();
                self.waiting = Waiting::Said { words, until_secs: now_secs + max_secs };
                None
            }
            Step::Picture { name } => Some(PlayerAction::Picture(name)),
            Step::Say { ref until, .. }
            | Step::Submit { ref until, .. }
            | Step::Claim { ref until, .. }
            | Step::AgentSays { ref until, .. }
            | Step::FollowUp { ref until, .. }
            | Step::Release { ref until } => {
                self.waiting = Waiting::Event(until.clone());
                Some(PlayerAction::Perform(step))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    fn scene() -> Scene {
        Scene::parse(
            r#"
            name = "x"
            title = { zh = "甲", en = "a" }
            customer = { id = "c", name = { zh = "王", en = "Wang" } }
            [[step]]
            say = { text = { zh = "你好", en = "hello" }, until = "card.shown" }
            [[step]]
            pause = { secs = 1.0 }
            [[step]]
            picture = { name = "p" }
            [[step]]
            spoken = { max_secs = 2.0 }
            [[step]]
            said = { text = { zh = "第二", en = "second" }, max_secs = 9.0 }
            "#,
            "x.toml",
        )
        .unwrap()
    }

    #[test]
    fn waits_for_events_time_and_speech_in_order() {
        let mut player = Player::new(&scene(), Language::ZhCn);
        assert_eq!(player.tick(0.0, None), None, "nothing before the greeting");
        player.event_arrived("message.completed");
        assert!(matches!(player.tick(0.1, None), Some(PlayerAction::Perform(Step::Say { .. }))));
        player.event_arrived("triage.updated");
        assert_eq!(player.awaited_event(), Some("card.shown"));
        player.event_arrived("card.shown");
        assert_eq!(player.tick(1.0, None), None);
        assert_eq!(player.tick(1.9, None), None);
        assert_eq!(player.tick(2.0, None), Some(PlayerAction::Picture("p".to_owned())));
        assert_eq!(player.tick(2.0, Some("第一")), None);
        assert!(!player.is_over());
        assert_eq!(player.tick(3.0, Some("第一")), None);
        assert_eq!(player.tick(4.1, Some("第一")), None);
        assert!(!player.is_over(), "waits for words");
        assert_eq!(player.tick(5.0, Some("第一步，第二")), None);
        assert!(player.is_over());
    }
}
