//! The speaker: utterances one after the other, with the acts that wait for their words.

use std::collections::VecDeque;

use super::{SpeechProgress, Visemes, planner::Words};
use crate::{
    protocol::{Act, MessageId},
    speech::Timeline,
};

/// Pause between two utterances.
const GAP_SECS: f32 = 0.5;
/// Acts are planned this long before their words: gaze and hand need the time.
const LEAD_SECS: f32 = 1.5;

#[derive(Debug, Clone)]
struct Utterance {
    message_id: MessageId,
    text: String,
    acts: Vec<Act>,
}

#[derive(Debug, Clone)]
struct Speaking {
    message_id: MessageId,
    timeline: Timeline,
    /// Below 0 before the first sound: breath in, bring the hand.
    clock_secs: f32,
    /// Acts with the times of their words, in order; `next` is the first that has not begun.
    acts: Vec<(Act, f32, f32)>,
    next: usize,
    started: bool,
}

/// What happened in a step.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SpeechEvent {
    Started(MessageId),
    Ended(MessageId),
    ClauseEnded,
}

/// Says one utterance after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Speaker {
    queue: VecDeque<Utterance>,
    current: Option<Speaking>,
    since_end_secs: f32,
    flash_secs: f32,
}

impl Speaker {
    pub(super) fn say(&mut self, message_id: MessageId, text: String, acts: Vec<Act>) {
        self.queue.push_back(Utterance { message_id, text, acts });
    }

    /// Ties an act to a message being said or waiting; gives it back where there is none.
    pub(super) fn tie(&mut self, act: Act) -> Option<Act> {
        let Some(message_id) = act.at.as_ref().and_then(|at| at.message_id.as_ref()) else { return Some(act) };
        if let Some(current) = self.current.as_mut().filter(|c| c.message_id == *message_id) {
            let (start, end) = span(&act, &current.timeline, 0, 1);
            let place = current.acts[current.next..].iter().position(|a| a.1 > start).map(|i| i + current.next);
            current.acts.insert(place.unwrap_or(current.acts.len()), (act, start, end));
            return None;
        }
        if let Some(waiting) = self.queue.iter_mut().find(|u| u.message_id == *message_id) {
            waiting.acts.push(act);
            return None;
        }
        Some(act)
    }

    /// Stops at once; the message that was cut short, if it had begun.
    pub(super) fn interrupt(&mut self) -> Option<MessageId> {
        self.queue.clear();
        self.since_end_secs = 0.0;
        self.current.take().map(|current| current.message_id)
    }

    /// Whether an utterance is under way, its first breath included.
    pub(super) fn busy(&self) -> bool {
        self.current.is_some()
    }

    /// Whether sound comes out.
    pub(super) fn sounding(&self) -> bool {
        self.current.as_ref().is_some_and(|c| c.clock_secs >= 0.0)
    }

    /// Whether the speaker draws breath.
    pub(super) fn inhaling(&self) -> bool {
        self.current.as_ref().is_some_and(|c| c.clock_secs < 0.0)
    }

    /// Seconds to the end of the utterance.
    pub(super) fn left_secs(&self) -> f32 {
        self.current.as_ref().map_or(0.0, |c| c.timeline.duration_secs() - c.clock_secs)
    }

    pub(super) fn progress(&self) -> Option<SpeechProgress> {
        let current = self.current.as_ref().filter(|c| c.started)?;
        Some(SpeechProgress {
            message_id: current.message_id.clone(),
            char_index: current.timeline.char_at(current.clock_secs.max(0.0)),
            total_chars: current.timeline.chars(),
        })
    }

    pub(super) fn visemes(&self) -> Visemes {
        self.current.as_ref().map_or([0.0; 5], |c| c.timeline.visemes_at(c.clock_secs))
    }

    /// Whether an act still to come is about this card.
    pub(super) fn will_point_at(&self, card_id: &crate::protocol::CardId) -> bool {
        let about = |act: &Act| act.target.as_ref().is_some_and(|target| target.card_id == *card_id);
        self.current.as_ref().is_some_and(|c| c.acts[c.next..].iter().any(|(act, ..)| about(act)))
            || self.queue.iter().any(|u| u.acts.iter().any(about))
    }

    /// Lets time pass. `rate` and `pause_secs` hold for utterances that begin now.
    pub(super) fn advance(&mut self, dt_secs: f32, rate: f32, pause_secs: f32, out: &mut Vec<SpeechEvent>) {
        self.since_end_secs += dt_secs;
        self.flash_secs += dt_secs;
        if self.current.is_none() && self.since_end_secs >= GAP_SECS {
            self.current = self.queue.pop_front().map(|utterance| begin(utterance, rate, pause_secs));
        }
        let Some(current) = &mut self.current else { return };
        let before = current.clock_secs;
        current.clock_secs += dt_secs;
        let now = current.clock_secs;
        if now >= 0.0 && !current.started {
            current.started = true;
            out.push(SpeechEvent::Started(current.message_id.clone()));
        }
        if current.timeline.clause_ends_secs().iter().any(|end| (before..now).contains(end)) {
            out.push(SpeechEvent::ClauseEnded);
        }
        // The mouth needs a moment after the last syllable to shut.
        if now >= current.timeline.duration_secs() + 0.1 {
            out.push(SpeechEvent::Ended(current.message_id.clone()));
            self.current = None;
            self.since_end_secs = 0.0;
        }
    }

    /// The next act whose words are near, with their times from now.
    pub(super) fn due(&mut self) -> Option<(Act, Words)> {
        let current = self.current.as_mut()?;
        let (act, start_secs, end_secs) = current.acts.get(current.next).cloned()?;
        let now = current.clock_secs;
        if start_secs - now > LEAD_SECS {
            return None;
        }
        current.next += 1;
        let accents_secs = current.timeline.accents_secs(start_secs, end_secs).map(|at| at - now).collect();
        let message_id = current.message_id.clone();
        Some((act, Words { message_id, start_secs: start_secs - now, end_secs: end_secs - now, accents_secs }))
    }

    /// Whether a brow flash should fall now: on a syllable, every `spacing_secs` or so.
    pub(super) fn flash(&mut self, dt_secs: f32, spacing_secs: f32) -> bool {
        let Some(current) = &self.current else { return false };
        let now = current.clock_secs;
        let due = self.flash_secs >= spacing_secs && current.timeline.accents_secs(now - dt_secs, now).next().is_some();
        if due {
            self.flash_secs = 0.0;
        }
        due
    }
}

fn begin(utterance: Utterance, rate: f32, pause_secs: f32) -> Speaking {
    let timeline = Timeline::new(&utterance.text, rate);
    let mut acts = utterance.acts;
    if acts.is_empty() {
        acts.push(Act::new(crate::protocol::ActKind::Inform));
    }
    let loose = acts.iter().filter(|act| act.at.is_none()).count();
    let mut nth = 0;
    let mut timed: Vec<(Act, f32, f32)> = acts
        .into_iter()
        .map(|act| {
            let (start, end) = span(&act, &timeline, nth, loose.max(1));
            nth += usize::from(act.at.is_none());
            (act, start, end)
        })
        .collect();
    timed.sort_by(|a, b| a.1.total_cmp(&b.1));
    Speaking {
        message_id: utterance.message_id,
        timeline,
        clock_secs: -pause_secs.clamp(0.2, 1.5),
        acts: timed,
        next: 0,
        started: false,
    }
}

/// Times of an act's words; acts without words share the utterance in order.
fn span(act: &Act, timeline: &Timeline, nth: usize, of: usize) -> (f32, f32) {
    match &act.at {
        Some(at) => {
            let [start, end] = at.span.map(|index| timeline.time_of_char(index as usize));
            (start, end.max(start))
        }
        None => {
            let share = timeline.duration_secs() / of as f32;
            (share * nth as f32, share * (nth + 1) as f32)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::protocol::ActKind;

    #[test]
    fn acts_come_due_before_their_words() {
        let mut speaker = Speaker::default();
        let text = "请先打开设置，然后选择网络。";
        speaker.say("m".into(), text.into(), vec![Act::new(ActKind::Point).over(7, 13)]);
        let mut events = Vec::new();
        let mut due = None;
        let mut secs = 0.0;
        while due.is_none() && secs < 20.0 {
            speaker.advance(0.01, 1.0, 0.3, &mut events);
            secs += 0.01;
            due = speaker.due();
        }
        let (_, words) = due.unwrap();
        assert!((1.3..=1.55).contains(&words.start_secs), "{words:?}");
        assert!(words.end_secs > words.start_secs && !words.accents_secs.is_empty());
        assert_eq!(speaker.progress().unwrap().total_chars, 14);
        assert_eq!(speaker.interrupt(), Some("m".into()));
        assert!(!speaker.busy());
    }
}
