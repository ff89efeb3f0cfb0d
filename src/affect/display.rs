//! Display rules: the one gate through which smile and concern reach the face.

use crate::motion::Glide;

/// Onset of an expression: slow onsets look sincere.
const ONSET_SECS: f32 = 0.65;
/// Going back to neutral.
const OFFSET_SECS: f32 = 0.9;
/// Leaving a smile because concern is called for: quick, but no snap.
const DROP_SECS: f32 = 0.35;
/// Neutral between smile and concern.
const NEUTRAL_SECS: f32 = 0.2;
/// The widest service smile at any level; a re-planned movement may not swing past it.
const WIDEST_SMILE: f32 = 0.35;
/// Below this an expression does not show.
const NOTHING: f32 = 0.004;

/// What the rest of the engine would like to show.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Wish {
    /// Smile weight, 0..=1.
    pub smile: f32,
    /// Concern, 0..=1.
    pub concern: f32,
}

/// Keeps smile and concern apart, below the cap, and slow.
#[derive(Debug, Clone, PartialEq)]
pub struct DisplayRules {
    smile: Glide,
    concern: Glide,
    since_smile_secs: f32,
    since_concern_secs: f32,
}

impl Default for DisplayRules {
    fn default() -> Self {
        Self {
            smile: Glide::at(0.0),
            concern: Glide::at(0.0),
            since_smile_secs: NEUTRAL_SECS,
            since_concern_secs: NEUTRAL_SECS,
        }
    }
}

impl DisplayRules {
    /// Smile weight now.
    #[must_use]
    pub fn smile(&self) -> f32 {
        self.smile.value().clamp(0.0, WIDEST_SMILE)
    }

    /// Concern now.
    #[must_use]
    pub fn concern(&self) -> f32 {
        self.concern.value().clamp(0.0, 1.0)
    }

    /// Moves towards the wish for a time step, within the cap. Where both are wished, concern wins.
    pub fn advance(&mut self, wish: Wish, smile_cap: f32, dt_secs: f32) {
        let concern = quantized(wish.concern);
        let smile = if concern > 0.05 { 0.0 } else { quantized(wish.smile).min(smile_cap) };
        if smile < self.smile.target() {
            self.smile.aim(smile, if concern > 0.05 { DROP_SECS } else { OFFSET_SECS });
        } else if self.since_concern_secs >= NEUTRAL_SECS {
            self.smile.aim(smile, ONSET_SECS);
        }
        if concern < self.concern.target() {
            self.concern.aim(concern, OFFSET_SECS);
        } else if self.since_smile_secs >= NEUTRAL_SECS {
            self.concern.aim(concern, ONSET_SECS);
        }
        self.smile.advance(dt_secs);
        self.concern.advance(dt_secs);
        self.since_smile_secs = since(self.since_smile_secs, self.smile(), dt_secs);
        self.since_concern_secs = since(self.since_concern_secs, self.concern(), dt_secs);
    }
}

fn since(before_secs: f32, weight: f32, dt_secs: f32) -> f32 {
    if weight > NOTHING { 0.0 } else { before_secs + dt_secs }
}

/// Wishes drift with the mood; small drifts must not start a movement every frame.
fn quantized(weight: f32) -> f32 {
    (weight.clamp(0.0, 1.0) * 50.0).round() / 50.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DT: f32 = 1.0 / 90.0;

    #[test]
    fn smile_and_concern_meet_only_through_neutral() {
        let mut rules = DisplayRules::default();
        let mut neutral_secs = 0.0;
        let mut shown_both = false;
        for frame in 0..900 {
            let wish = if !(200..=500).contains(&frame) {
                Wish { smile: 0.25, concern: 0.0 }
            } else {
                Wish { smile: 0.25, concern: 1.0 }
            };
            rules.advance(wish, 0.35, DT);
            shown_both |= rules.smile() > 0.01 && rules.concern() > 0.01;
            if (200..300).contains(&frame) && rules.smile() < 0.01 && rules.concern() < 0.01 {
                neutral_secs += DT;
            }
        }
        assert!(!shown_both);
        assert!(neutral_secs >= 0.19, "{neutral_secs}");
        assert!(rules.smile() > 0.2);
    }

    proptest! {
        #[test]
        fn weights_stay_in_range_and_slow(wishes in prop::collection::vec((0.0f32..1.0, 0.0f32..1.0, 1u8..60), 1..20)) {
            let mut rules = DisplayRules::default();
            for (smile, concern, frames) in wishes {
                for _ in 0..frames {
                    let (s, c) = (rules.smile(), rules.concern());
                    rules.advance(Wish { smile, concern }, 0.35, DT);
                    prop_assert!((0.0..=0.35).contains(&rules.smile()) && (0.0..=1.0).contains(&rules.concern()));
                    prop_assert!((rules.smile() - s).abs() <= 4.0 * DT && (rules.concern() - c).abs() <= 6.0 * DT);
                }
            }
        }
    }
}
