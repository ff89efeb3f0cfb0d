//! Appraisal: triage in, the stance of this moment out.

use super::{Feeling, Level, Mood, ServiceRole, Stance};
use crate::protocol::Triage;

/// Seconds without any smile above the old cap after the customer's level has dropped: relief is shown late.
const SMILE_GRACE_SECS: f32 = 8.0;
/// Seconds that concern stays after the level has dropped from furious.
const CONCERN_HOLD_SECS: f32 = 3.0;
/// Seconds that the lean stays after the level has dropped: leaning back at once would look like losing interest.
const LEAN_HOLD_SECS: f32 = 4.0;

/// Hears triage and keeps the agent's mood.
#[derive(Debug, Clone, PartialEq)]
pub struct Appraiser {
    role: ServiceRole,
    level: Level,
    mood: Mood,
    /// What the last drop came from, while it still matters.
    before_drop: Option<Stance>,
    since_drop_secs: f32,
    stance: Stance,
}

impl Default for Appraiser {
    fn default() -> Self {
        let level = Level::CalmInquiry;
        Self {
            role: ServiceRole::default(),
            level,
            mood: Mood::default(),
            before_drop: None,
            since_drop_secs: f32::MAX,
            stance: Stance::of(level),
        }
    }
}

impl Appraiser {
    /// The stance of this moment.
    #[must_use]
    pub fn stance(&self) -> &Stance {
        &self.stance
    }

    /// Takes another part.
    pub fn take_role(&mut self, role: ServiceRole) {
        self.role = role;
        self.settle();
    }

    /// The customer's turn was sorted.
    pub fn hear(&mut self, triage: &Triage) {
        let level = Level::of(triage);
        let confidence = if triage.confidence.is_finite() { triage.confidence.clamp(0.0, 1.0) } else { 0.5 };
        self.mood.push(felt(level) * (0.4 + 0.6 * confidence));
        if level == self.level {
            return;
        }
        if level < self.level {
            // A second drop within the grace keeps the stricter cap of the first.
            if self.before_drop.is_none_or(|before| before.smile_cap >= self.stance.smile_cap) {
                self.before_drop = Some(self.stance);
            }
            self.since_drop_secs = 0.0;
        } else {
            self.before_drop = None;
            self.since_drop_secs = f32::MAX;
        }
        self.level = level;
        self.settle();
    }

    /// Lets time pass.
    pub fn advance(&mut self, dt_secs: f32) {
        self.mood.advance(dt_secs);
        self.since_drop_secs = (self.since_drop_secs + dt_secs).min(f32::MAX);
        self.settle();
    }

    fn settle(&mut self) {
        let mut stance = Stance::of(self.level);
        stance.warmth = self.mood.feeling().x;
        stance.smile = (stance.smile + 0.06 * stance.warmth.min(0.5)).clamp(0.0, stance.smile_cap);
        self.role.temper(&mut stance);
        if let Some(before) = self.before_drop {
            if self.since_drop_secs < SMILE_GRACE_SECS {
                stance.smile_cap = stance.smile_cap.min(before.smile_cap);
                stance.smile = stance.smile.min(before.smile_cap.min(before.smile));
            } else {
                self.before_drop = None;
            }
            if self.since_drop_secs < CONCERN_HOLD_SECS {
                stance.concern = stance.concern.max(before.concern);
                stance.brow_inner_up = stance.brow_inner_up.max(before.brow_inner_up);
                stance.brow_down = stance.brow_down.max(before.brow_down);
            }
            if self.since_drop_secs < LEAN_HOLD_SECS {
                stance.lean_rad = stance.lean_rad.max(before.lean_rad);
            }
        }
        self.stance = stance;
    }
}

/// What a level makes the agent feel: concern with the customer, never anger at them.
fn felt(level: Level) -> Feeling {
    match level {
        Level::CalmInquiry => Feeling::new(0.3, 0.0, 0.1),
        Level::CalmSuggestion => Feeling::new(0.4, 0.2, 0.0),
        Level::CalmComplaint => Feeling::new(-0.15, 0.0, 0.0),
        Level::Dissatisfied => Feeling::new(-0.35, 0.1, -0.1),
        Level::Furious => Feeling::new(-0.5, 0.2, -0.2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Emotion, Issue};

    fn triage(emotion: Emotion) -> Triage {
        Triage {
            issue: Issue::Inquiry,
            emotion,
            confidence: 0.9,
            reasons: Vec::new(),
            language: "zh".into(),
            priority: 0,
        }
    }

    #[test]
    fn smile_cap_stays_for_eight_seconds_after_a_drop() {
        let mut appraiser = Appraiser::default();
        appraiser.hear(&triage(Emotion::Furious));
        appraiser.advance(5.0);
        assert!(appraiser.stance().smile_cap.abs() < f32::EPSILON);
        appraiser.hear(&triage(Emotion::Dissatisfied));
        appraiser.advance(3.0);
        appraiser.hear(&triage(Emotion::Calm));
        appraiser.advance(7.9);
        assert!(appraiser.stance().smile_cap.abs() < f32::EPSILON, "{:?}", appraiser.stance());
        appraiser.advance(0.2);
        assert!((appraiser.stance().smile_cap - 0.35).abs() < f32::EPSILON);
        assert!(appraiser.stance().smile > 0.15);
    }

    #[test]
    fn lean_outlives_the_drop_for_a_while() {
        let mut appraiser = Appraiser::default();
        appraiser.hear(&triage(Emotion::Furious));
        appraiser.hear(&triage(Emotion::Calm));
        appraiser.advance(2.0);
        assert!(appraiser.stance().lean_rad > 0.15);
        appraiser.advance(3.0);
        assert!(appraiser.stance().lean_rad < 0.06);
    }

    #[test]
    fn unknown_emotion_is_met_with_concern_not_a_smile() {
        let mut appraiser = Appraiser::default();
        appraiser.hear(&triage(Emotion::Other("melancholic".into())));
        assert_eq!(appraiser.stance().level, Level::Dissatisfied);
    }
}
