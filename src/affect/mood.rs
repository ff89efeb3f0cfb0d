//! Mood and emotion of the agent in pleasure, arousal, dominance: emotion decays in seconds, mood in minutes,
//! emotion leaves its trace in mood. Solved exactly, so that the step does not matter.

use glam::Vec3;

/// A point in pleasure-arousal-dominance space, each -1..=1 (x pleasure, y arousal, z dominance).
pub type Feeling = Vec3;

/// Seconds in which an emotion halves.
const EMOTION_HALF_LIFE_SECS: f32 = 6.0;
/// Seconds in which a mood halves.
const MOOD_HALF_LIFE_SECS: f32 = 300.0;
/// How strongly emotion moves mood, per second.
const SEEPAGE_PER_SEC: f32 = 0.02;

/// Emotion over mood.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Mood {
    emotion: Feeling,
    mood: Feeling,
}

impl Mood {
    /// What is felt now: mood and emotion together, each axis in -1..=1.
    #[must_use]
    pub fn feeling(&self) -> Feeling {
        (self.emotion + self.mood).clamp(Vec3::NEG_ONE, Vec3::ONE)
    }

    /// Something happened that feels like this.
    pub fn push(&mut self, feeling: Feeling) {
        self.emotion = (self.emotion + feeling).clamp(Vec3::NEG_ONE, Vec3::ONE);
    }

    /// Lets time pass.
    pub fn advance(&mut self, dt_secs: f32) {
        let fast = std::f32::consts::LN_2 / EMOTION_HALF_LIFE_SECS;
        let slow = std::f32::consts::LN_2 / MOOD_HALF_LIFE_SECS;
        let (fast_left, slow_left) = ((-fast * dt_secs).exp(), (-slow * dt_secs).exp());
        let seeped = self.emotion * (SEEPAGE_PER_SEC * (slow_left - fast_left) / (fast - slow));
        self.mood = self.mood * slow_left + seeped;
        self.emotion *= fast_left;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn decay_does_not_depend_on_the_step(
            p in -1.0f32..1.0, a in -1.0f32..1.0, d in -1.0f32..1.0, secs in 0.1f32..60.0, steps in 1u16..200,
        ) {
            let mut once = Mood::default();
            once.push(Vec3::new(p, a, d));
            let mut often = once;
            once.advance(secs);
            for _ in 0..steps {
                often.advance(secs / f32::from(steps));
            }
            prop_assert!((once.feeling() - often.feeling()).abs().max_element() < 1e-4);
        }
    }

    #[test]
    fn emotion_halves_in_six_seconds_and_mood_outlives_it() {
        let mut mood = Mood::default();
        mood.push(Vec3::NEG_X);
        mood.advance(6.0);
        assert!((mood.emotion.x + 0.5).abs() < 1e-4);
        mood.advance(60.0);
        assert!(mood.emotion.x.abs() < 0.01 && mood.feeling().x < -0.05);
    }
}
