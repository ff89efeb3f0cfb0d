//! The agent's part: how lively it stands. A receptionist who keeps moving looks unprofessional, a concierge who
//! stands still looks bored; how it meets the customer's feelings is the same for all.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Stance;

/// What part the agent plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceRole {
    /// Warm and lively: welcomes, recommends, gestures.
    Concierge,
    /// Between the two.
    #[default]
    Agent,
    /// Composed and still: hands at rest, few gestures, small movements.
    Receptionist,
}

impl ServiceRole {
    /// Every role, the liveliest first.
    pub const ALL: [Self; 3] = [Self::Concierge, Self::Agent, Self::Receptionist];

    /// The name in settings and flags.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Concierge => "concierge",
            Self::Agent => "agent",
            Self::Receptionist => "receptionist",
        }
    }

    /// Fits a stance to the role. Smile caps, concern, lean and gaze are the customer's due and stay as they are.
    pub(super) fn temper(self, stance: &mut Stance) {
        // Liveliness, rate of gestures, their size, smile, rate of nods.
        let (lively, rate, size, smile, nods) = match self {
            Self::Agent => return,
            Self::Concierge => (1.06, 1.09, 1.06, 1.2, 1.1),
            Self::Receptionist => (0.72, 0.45, 0.75, 1.0, 0.85),
        };
        stance.liveliness *= lively;
        stance.gestures_per_minute *= rate;
        stance.gesture_amount *= size;
        stance.smile = (stance.smile * smile).min(stance.smile_cap);
        stance.nod.per_minute *= nods;
    }
}

impl FromStr for ServiceRole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|role| role.name() == text);
        known.ok_or_else(|| format!("unknown value `{text}`, expected one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::affect::Level;

    #[test]
    fn a_receptionist_is_stiller_than_a_concierge_and_as_kind() {
        for level in Level::ALL {
            let [concierge, agent, receptionist] = ServiceRole::ALL.map(|role| {
                let mut stance = Stance::of(level);
                role.temper(&mut stance);
                stance
            });
            assert!(concierge.liveliness > agent.liveliness && agent.liveliness > receptionist.liveliness);
            assert!(concierge.gestures_per_minute > receptionist.gestures_per_minute);
            for stance in [concierge, receptionist] {
                assert!(stance.smile <= agent.smile_cap && stance.gestures_per_minute <= 12.0, "{level:?}");
                let due = |s: &Stance| (s.concern, s.smile_cap, s.lean_rad, s.gaze_listening, s.speech_rate);
                assert_eq!(due(&stance), due(&agent), "{level:?}");
            }
        }
    }

    #[test]
    fn roles_are_read_by_name() {
        for role in ServiceRole::ALL {
            assert_eq!(role.name().parse(), Ok(role));
        }
        assert!("butler".parse::<ServiceRole>().is_err_and(|why| why.contains("receptionist")));
    }
}
