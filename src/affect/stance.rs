//! The behavior matrix: what each level asks of face, posture, nods, gaze, breath and gesture.

use super::Level;

/// How the agent nods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodStyle {
    /// Cycles (down and up) per second.
    pub hz: f32,
    /// Depth of the first cycle.
    pub depth_rad: f32,
    /// Fewest cycles of one nod.
    pub min_cycles: u8,
    /// Most cycles of one nod.
    pub max_cycles: u8,
    /// Nods per minute while listening.
    pub per_minute: f32,
}

/// How the agent meets the customer at this moment. Weights 0..=1, angles in radians, rates per minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stance {
    /// The column of the matrix.
    pub level: Level,
    /// Concern that rests on the face.
    pub concern: f32,
    /// Weight of inner brow raise at full concern.
    pub brow_inner_up: f32,
    /// Weight of brow lowering at full concern; less than the inner raise, or it reads as anger.
    pub brow_down: f32,
    /// Raised brows of interest that rest on the face.
    pub interest: f32,
    /// Warmth -1..=1: mood's pleasure, which tints the smile within its cap.
    pub warmth: f32,
    /// Smile that rests on the face.
    pub smile: f32,
    /// The most that any smile may reach.
    pub smile_cap: f32,
    /// Forward lean of the trunk.
    pub lean_rad: f32,
    /// Nods.
    pub nod: NodStyle,
    /// Share of listening time with the eyes at the customer.
    pub gaze_listening: f32,
    /// Share of speaking time with the eyes at the customer.
    pub gaze_speaking: f32,
    /// Longest unbroken look at the customer.
    pub max_gaze_secs: f32,
    /// Longest look away while listening.
    pub max_aversion_secs: f32,
    /// Blinks while listening.
    pub blinks_per_minute: f32,
    /// Breaths at rest.
    pub breaths_per_minute: f32,
    /// Depth of breath, 1 is quiet.
    pub breath_depth: f32,
    /// Most gestures.
    pub gestures_per_minute: f32,
    /// Speed of gestures, 1 is normal.
    pub gesture_speed: f32,
    /// Size of what a body does that just stands: sway, shifts, fidgets; 1 is normal.
    pub liveliness: f32,
    /// Size of beats and tilts, 1 is normal.
    pub gesture_amount: f32,
    /// Speed of speech, 1 is normal.
    pub speech_rate: f32,
    /// Pause before answering.
    pub answer_pause_secs: f32,
}

impl Stance {
    /// The row set of a level, with a mood at rest.
    #[must_use]
    pub fn of(level: Level) -> Self {
        let calm = Self {
            level,
            concern: 0.0,
            brow_inner_up: 0.45,
            brow_down: 0.28,
            interest: 0.12,
            warmth: 0.0,
            smile: 0.22,
            smile_cap: 0.35,
            lean_rad: 3f32.to_radians(),
            nod: nod(2.0, 3.5, 1, 2, 5.0),
            gaze_listening: 0.69,
            gaze_speaking: 0.44,
            max_gaze_secs: 3.3,
            max_aversion_secs: 2.0,
            blinks_per_minute: 19.0,
            breaths_per_minute: 14.0,
            breath_depth: 1.0,
            gestures_per_minute: 11.0,
            gesture_speed: 1.0,
            liveliness: 1.0,
            gesture_amount: 1.0,
            speech_rate: 1.0,
            answer_pause_secs: 0.35,
        };
        match level {
            Level::CalmInquiry => calm,
            Level::CalmSuggestion => Self {
                interest: 0.75,
                smile: 0.18,
                lean_rad: 4f32.to_radians(),
                nod: nod(2.0, 3.5, 1, 2, 6.0),
                gestures_per_minute: 9.0,
                ..calm
            },
            Level::CalmComplaint => Self {
                concern: 0.5,
                brow_inner_up: 0.55,
                brow_down: 0.30,
                smile: 0.0,
                smile_cap: 0.15,
                lean_rad: 5f32.to_radians(),
                nod: nod(1.0, 5.0, 1, 2, 5.0),
                gaze_listening: 0.70,
                blinks_per_minute: 18.0,
                gestures_per_minute: 7.0,
                speech_rate: 0.97,
                ..calm
            },
            Level::Dissatisfied => Self {
                concern: 1.0,
                brow_inner_up: 0.76,
                brow_down: 0.42,
                interest: 0.0,
                smile: 0.0,
                smile_cap: 0.10,
                lean_rad: 7.7f32.to_radians(),
                nod: nod(0.7, 7.0, 1, 2, 6.0),
                gaze_listening: 0.705,
                max_aversion_secs: 1.2,
                blinks_per_minute: 17.0,
                breaths_per_minute: 13.0,
                breath_depth: 1.15,
                gestures_per_minute: 5.0,
                gesture_speed: 0.9,
                gesture_amount: 0.8,
                speech_rate: 0.93,
                answer_pause_secs: 0.45,
                ..calm
            },
            Level::Furious => Self {
                concern: 1.0,
                brow_inner_up: 0.85,
                brow_down: 0.45,
                interest: 0.0,
                smile: 0.0,
                smile_cap: 0.0,
                lean_rad: 9f32.to_radians(),
                nod: nod(0.58, 8.0, 1, 2, 6.0),
                gaze_listening: 0.68,
                max_gaze_secs: 2.8,
                max_aversion_secs: 1.0,
                blinks_per_minute: 16.0,
                breaths_per_minute: 12.0,
                breath_depth: 1.35,
                gestures_per_minute: 4.0,
                gesture_speed: 0.8,
                gesture_amount: 0.6,
                speech_rate: 0.90,
                answer_pause_secs: 0.5,
                ..calm
            },
        }
    }
}

fn nod(hz: f32, depth_deg: f32, min_cycles: u8, max_cycles: u8, per_minute: f32) -> NodStyle {
    NodStyle { hz, depth_rad: depth_deg.to_radians(), min_cycles, max_cycles, per_minute }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_to_the_service_rules() {
        for level in Level::ALL {
            let stance = Stance::of(level);
            assert!(stance.smile <= stance.smile_cap && stance.smile_cap <= 0.35, "{level:?}");
            assert!(stance.brow_down <= stance.brow_inner_up, "{level:?} would look angry");
            assert!(stance.lean_rad <= 12f32.to_radians() && stance.max_gaze_secs <= 3.3);
        }
        assert!(Stance::of(Level::Furious).smile_cap.abs() < f32::EPSILON);
    }
}
