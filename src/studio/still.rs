//! Stills: the moments of a take that a contact sheet shows.

use super::track::{Event, Track, What};
use crate::behavior::{CardAnchor, Pose};

/// How many moments a sheet shows.
pub const STILLS: usize = 8;

/// A moment of a take.
#[derive(Debug, Clone, PartialEq)]
pub struct Still {
    /// When, seconds of the scene.
    pub secs: f32,
    /// What the body does.
    pub pose: Pose,
    /// The cards that stand.
    pub cards: Vec<CardAnchor>,
    /// What happens, in a word or two.
    pub label: String,
}

/// Moments spread evenly over a part: of each stretch the one that tells the most.
#[must_use]
pub fn stills(track: &Track) -> Vec<Still> {
    let stretch = track.secs() / STILLS as f32;
    let moment = |nth: usize| {
        let (from, to) = (nth as f32 * stretch, (nth + 1) as f32 * stretch);
        let tells = track.events.iter().filter_map(|event| Some((telling(event)?, event)));
        let within = tells.filter(|((after, _), event)| (from..to).contains(&(event.secs + after)));
        let best = within.max_by_key(|((_, weight), _)| *weight);
        let secs = best.map_or(0.5 * (from + to), |((after, _), event)| event.secs + after);
        let frame = track.frames.get(track.frame_at(secs))?;
        let name = best.map_or_else(String::new, |(_, event)| name(track, event));
        let label = format!("{:.1} s  {:?}  {name}", track.start_secs + secs, frame.level).trim_end().to_owned();
        let cards = track.cards_at(secs).to_vec();
        Some(Still { secs: track.start_secs + secs, pose: frame.pose.clone(), cards, label })
    };
    (0..STILLS).filter_map(moment).collect()
}

/// How long after an event it is best seen, seconds, and how much it tells.
fn telling(event: &Event) -> Option<(f32, u8)> {
    match event.what {
        What::StrokeEnded(..) => Some((0.25, 4)),
        What::Level(_) => Some((2.5, 3)),
        What::Interrupt => Some((0.4, 3)),
        What::Cue("waiting" | "owner") => Some((2.0, 3)),
        What::CustomerSpoke => Some((0.9, 2)),
        What::SpeechStarted(_) => Some((0.7, 1)),
        _ => None,
    }
}

/// The act that a gesture belongs to says more than that there is one.
fn name(track: &Track, event: &Event) -> String {
    let act = |block: u64| {
        track.events.iter().find_map(|e| match &e.what {
            What::ActStarted(other, act) if *other == block => Some(act.clone()),
            _ => None,
        })
    };
    match event.what {
        What::StrokeEnded(block, _) => act(block).unwrap_or_else(|| event.what.name()),
        _ => event.what.name(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::studio::guard::specimen::Specimen;

    #[test]
    fn a_sheet_shows_the_gesture_and_covers_the_scene() {
        let track = Specimen::Pointing.track();
        let stills = stills(&track);
        assert_eq!(stills.len(), STILLS);
        assert!(stills.windows(2).all(|pair| pair[0].secs < pair[1].secs));
        assert!(stills.last().unwrap().secs > 0.8 * track.secs());
        let shown = |still: &&super::Still| still.label.contains("explain_step");
        let shown = stills.iter().find(shown).unwrap();
        assert_eq!(shown.cards.len(), 1, "what the hand shows is in the picture: {}", shown.label);
    }
}
