//! Stills: the moments of a take that a contact sheet shows.

use super::track::{Event, Track, What};
use crate::affect::Level;
use crate::behavior::{CardAnchor, Pose};
use crate::words::Words;

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
    /// How the customer feels.
    pub level: Level,
    /// What happens, in a word or two of English; empty where nothing does.
    pub what: String,
}

impl Still {
    /// What stands under the picture.
    #[must_use]
    pub fn label(&self, words: Words) -> String {
        let level = words.phrase(level_name(self.level));
        format!("{:.1} s  {level}  {}", self.secs, words.phrase(&self.what)).trim_end().to_owned()
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::CalmInquiry => "calm, inquiry",
        Level::CalmSuggestion => "calm, suggestion",
        Level::CalmComplaint => "calm, complaint",
        Level::Dissatisfied => "dissatisfied",
        Level::Furious => "furious",
    }
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
        let what = best.map_or_else(String::new, |(_, event)| name(track, event));
        let (secs, cards) = (track.start_secs + secs, track.cards_at(secs).to_vec());
        Some(Still { secs, pose: frame.pose.clone(), cards, level: frame.level, what })
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

/// The act that a gesture belongs to says more than that there is one. The level stands in the label anyway.
fn name(track: &Track, event: &Event) -> String {
    let act = |block: u64| {
        track.events.iter().find_map(|e| match &e.what {
            What::ActStarted(other, act) if *other == block => Some(act.clone()),
            _ => None,
        })
    };
    match event.what {
        What::StrokeEnded(block, _) => act(block).unwrap_or_else(|| event.what.name()).replace('_', " "),
        What::Level(_) => String::new(),
        _ => event.what.name(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::protocol::ActKind;
    use crate::studio::guard::specimen::Specimen;
    use crate::words::Language;

    #[test]
    fn a_sheet_shows_the_gesture_and_covers_the_scene() {
        let track = Specimen::Pointing.track();
        let stills = stills(&track);
        assert_eq!(stills.len(), STILLS);
        assert!(stills.windows(2).all(|pair| pair[0].secs < pair[1].secs));
        assert!(stills.last().unwrap().secs > 0.8 * track.secs());
        let shown = |still: &&super::Still| still.what == "explain step";
        let shown = stills.iter().find(shown).unwrap();
        assert_eq!(shown.cards.len(), 1, "what the hand shows is in the picture: {}", shown.secs);
    }

    #[test]
    fn labels_are_in_both_languages() {
        let still = stills(&Specimen::Pointing.track()).into_iter().find(|still| still.what == "explain step").unwrap();
        let [zh, en] = [Language::ZhCn, Language::En].map(Words::new);
        assert!(still.label(en).ends_with(" s  calm, inquiry  explain step"), "{}", still.label(en));
        assert!(still.label(zh).ends_with(" s  平静·咨询  讲解步骤"), "{}", still.label(zh));
        for level in Level::ALL {
            assert_ne!(zh.phrase(level_name(level)), level_name(level));
        }
        for what in ["customer spoke", "interrupt", "speech", "waiting", "owner"] {
            assert_ne!(zh.phrase(what), what);
        }
        for act in ActKind::KNOWN {
            let what = act.as_str().replace('_', " ");
            assert_ne!(zh.phrase(&what), what);
        }
    }
}
