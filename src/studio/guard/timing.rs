//! Guards of response times and of the face during speech.

use super::signal::spans;
use super::{Limit, Measure, worst};
use crate::studio::track::{Frame, Talk, Track, What};
use crate::vrm::{BlendShape as S, HumanBone};

/// A wait from which on somebody should say something.
const LONG_WAIT_SECS: f32 = 3.0;

/// What a customer sees as a response: face, head or eyes this far from where they were.
fn answers(then: &Frame, now: &Frame) -> bool {
    let face = S::ALL.iter().filter(|shape| !shape.name().starts_with("eye"));
    let moved = face.map(|shape| (now.face(*shape) - then.face(*shape)).abs()).fold(0.0, f32::max);
    let head = then.joint(HumanBone::Head).turn.angle_between(now.joint(HumanBone::Head).turn).to_degrees();
    let eyes = then.gaze.angle_between(now.gaze).to_degrees();
    moved > 0.04 || head > 0.8 || eyes > 3.5
}

pub(super) fn response(track: &Track) -> Vec<Measure> {
    let spoken = track.events.iter().filter(|event| event.what == What::CustomerSpoke);
    let latencies = spoken.filter(|event| track.secs() - event.secs > 1.0).filter_map(|event| {
        let at = track.frame_at(event.secs);
        let then = track.frames.get(at)?;
        let after = track.frames[at..].iter().position(|now| answers(then, now));
        Some((after.map_or(9.9, |frames| track.at(frames)), event.secs))
    });
    let silences = silences(track);
    [worst("seconds", Limit::AtMost(0.5), latencies), worst("holding line, s", Limit::AtMost(4.0), silences)]
        .into_iter()
        .flatten()
        .collect()
}

/// From the end of each turn that the desk took long to answer to the agent's first sound.
fn silences(track: &Track) -> impl Iterator<Item = (f32, f32)> {
    let spoken = track.events.iter().filter(|event| event.what == What::CustomerSpoke);
    spoken.filter_map(|event| {
        let from = track.frame_at(event.secs + 0.1);
        let quiet = track.frames[from..].iter().take_while(|frame| frame.talk == Talk::Thinking).count();
        let told = track.frames.get(from + quiet)?.talk == Talk::Speaking;
        let secs = track.at(from + quiet) - event.secs;
        // An answer that came sooner needs no line, and neither does a wait that was given up.
        (secs > LONG_WAIT_SECS && (told || secs > 4.0)).then_some((secs, event.secs))
    })
}

pub(super) fn barge_in(track: &Track) -> Vec<Measure> {
    let cuts = track.events.iter().filter(|event| event.what == What::Interrupt);
    let stops = cuts.filter_map(|event| {
        let at = track.frame_at(event.secs);
        let speaking = track.frames.get(at.checked_sub(1)?)?.talk == Talk::Speaking;
        let open = |frame: &Frame| frame.pose.visemes.iter().sum::<f32>() > 0.03 || frame.talk == Talk::Speaking;
        let last = track.frames[at..].iter().take((2.0 * track.rate_hz) as usize).rposition(open);
        speaking.then(|| (last.map_or(0.0, |frames| track.at(frames + 1)), event.secs))
    });
    worst("seconds", Limit::AtMost(0.2), stops).into_iter().collect()
}

pub(super) fn upper_face(track: &Track) -> Vec<Measure> {
    let reach = (0.3 * track.rate_hz) as usize;
    let brows = [S::BrowInnerUp, S::BrowOuterUpLeft, S::BrowDownLeft];
    let lively = |at: usize| {
        let (then, now) = (&track.frames[at.saturating_sub(reach)], &track.frames[at]);
        now.lid() > 0.5 || brows.iter().any(|shape| (now.face(*shape) - then.face(*shape)).abs() > 0.04)
    };
    let dull = spans(track.frames.len(), |at| track.frames[at].talk == Talk::Speaking && !lively(at));
    let lengths = dull.iter().map(|span| (track.at(span.last - span.first + 1), track.at(span.first)));
    let speaks = track.frames.iter().any(|frame| frame.talk == Talk::Speaking);
    let lengths = lengths.chain(speaks.then_some((0.0, 0.0)));
    worst("longest without, s", Limit::AtMost(3.0), lengths).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::specimen::{Specimen, catches};
    use super::*;

    #[test]
    fn an_agent_that_does_not_answer_is_caught() {
        catches("G-T1", &Specimen::Furious, |track| {
            let at = track.frame_at(6.0);
            let still = track.frames[at].clone();
            track.frames[at..at + 90].fill(still);
        });
    }

    #[test]
    fn silence_while_the_desk_works_is_caught() {
        catches("G-T1", &Specimen::Waiting, |track| {
            track.frames.iter_mut().filter(|frame| frame.talk == Talk::Speaking).for_each(|f| f.talk = Talk::Thinking);
        });
    }

    #[test]
    fn a_mouth_that_talks_on_is_caught() {
        catches("G-T2", &Specimen::Furious, |track| {
            let at = track.frame_at(35.0);
            track.frames[at..at + 40].iter_mut().for_each(|frame| frame.pose.visemes[0] = 0.4);
        });
    }

    #[test]
    fn a_mask_that_speaks_is_caught() {
        catches("G-U2", &Specimen::Furious, |track| {
            let face = track.frames[900].pose.face;
            for frame in &mut track.frames {
                frame.pose.face = face;
                frame.talk = Talk::Speaking;
            }
        });
    }
}
