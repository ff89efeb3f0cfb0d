//! Guards of the face's expressions.

use super::signal::{quantile, slopes};
use super::{Limit, Measure, worst};
use crate::affect::Level;
use crate::behavior::Channel;
use crate::studio::track::{Frame, Track, What};
use crate::vrm::BlendShape as S;

/// After worse news a smile may take this long to go.
const FADE_SECS: f32 = 1.2;
/// After better news the old cap holds this long.
const GRACE_SECS: f32 = 8.0;
/// What counts as showing.
const SMILE_SHOWS: f32 = 0.06;
const CONCERN_SHOWS: f32 = 0.10;

fn smile(frame: &Frame) -> f32 {
    frame.face(S::MouthSmileLeft).max(frame.face(S::MouthSmileRight))
}

fn brow_down(frame: &Frame) -> f32 {
    frame.face(S::BrowDownLeft).max(frame.face(S::BrowDownRight))
}

fn cap(level: Level) -> (usize, f32) {
    match level {
        Level::CalmInquiry | Level::CalmSuggestion => (0, 0.35),
        Level::CalmComplaint => (1, 0.15),
        Level::Dissatisfied => (2, 0.10),
        Level::Furious => (3, 0.0),
    }
}

pub(super) fn smile_cap(track: &Track) -> Vec<Measure> {
    const NAMES: [&str; 4] = ["calm", "calm complaint", "dissatisfied", "furious"];
    let mut peaks: [Vec<(f32, f32)>; 4] = Default::default();
    let mut strict = cap(track.frames.first().map_or(Level::CalmInquiry, |frame| frame.level));
    let mut before = strict;
    let (mut since_drop, mut since_rise) = (f32::MAX, f32::MAX);
    for (at, frame) in track.frames.iter().enumerate() {
        let now = cap(frame.level);
        if now != before {
            if now.1 < before.1 {
                since_rise = 0.0;
            } else {
                since_drop = 0.0;
            }
            before = now;
        }
        since_drop += track.dt_secs();
        since_rise += track.dt_secs();
        // A frame or two early: the engine hears of the drop a frame before it shows here.
        if now.1 <= strict.1 || since_drop > GRACE_SECS - 0.05 {
            strict = now;
        }
        if since_rise > FADE_SECS {
            peaks[strict.0].push((smile(frame), track.at(at)));
        }
    }
    let caps = [0.35, 0.15, 0.10, 0.0];
    peaks
        .into_iter()
        .zip(NAMES)
        .zip(caps)
        .filter_map(|((peaks, name), cap)| worst(name, Limit::AtMost(cap), peaks))
        .collect()
}

pub(super) fn no_anger(track: &Track) -> Vec<Measure> {
    let frames = || track.frames.iter().enumerate();
    let lowered = frames().map(|(at, f)| (brow_down(f) - f.face(S::BrowInnerUp), track.at(at)));
    let angry = frames().map(|(at, f)| (f.angry, track.at(at)));
    // Tight lips (AU 23) are pressed and rolled at once.
    let tight = frames().map(|(at, f)| {
        let pressed = 2.0 * f.face(S::MouthPressLeft).min(f.face(S::MouthPressRight));
        (pressed.min(5.0 * f.face(S::MouthRollLower)), track.at(at))
    });
    [
        worst("brows lowered beyond raised", Limit::AtMost(0.05), lowered),
        worst("angry", Limit::AtMost(0.0), angry),
        worst("tight lips", Limit::AtMost(0.0), tight),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn concern_ratio(track: &Track) -> Vec<Measure> {
    let concerned = track.frames.iter().enumerate().filter(|(_, frame)| brow_down(frame) > CONCERN_SHOWS);
    let ratios = concerned.map(|(at, frame)| (frame.face(S::BrowInnerUp) / brow_down(frame), track.at(at)));
    worst("ratio", Limit::AtLeast(0.8), ratios).into_iter().collect()
}

pub(super) fn smile_congruence(track: &Track) -> Vec<Measure> {
    let smiling = track.frames.iter().enumerate().filter(|(_, frame)| smile(frame) > 0.15);
    let ratios = smiling.map(|(at, frame)| (frame.face(S::CheekSquintLeft) / smile(frame), track.at(at)));
    worst("ratio", Limit::AtLeast(0.35), ratios).into_iter().collect()
}

pub(super) fn onsets(track: &Track) -> Vec<Measure> {
    let (mut onsets, mut offsets) = (Vec::new(), Vec::new());
    for shape in [S::MouthSmileLeft, S::BrowDownLeft] {
        for slope in slopes(track, &track.shape(shape), 0.08, 0.01) {
            // A smile that makes way for concern goes quicker, by rule.
            let news = track
                .events
                .iter()
                .any(|e| matches!(e.what, What::Level(_)) && (0.0..2.5).contains(&(track.at(slope.from) - e.secs)));
            if slope.change < 0.0 && news {
                continue;
            }
            let list = if slope.change > 0.0 { &mut onsets } else { &mut offsets };
            list.push((slope.secs, track.at(slope.from)));
        }
    }
    let surprise = slopes(track, &track.shape(S::EyeWideLeft), 0.08, 0.01);
    let surprises = surprise.iter().filter(|slope| slope.change > 0.0).map(|slope| (slope.secs, track.at(slope.from)));
    let median = |list: &[(f32, f32)]| quantile(&mut list.iter().map(|v| v.0).collect::<Vec<_>>(), 0.5);
    let ratio = median(&offsets).zip(median(&onsets)).map(|(off, on)| (off / on, offsets[0].1));
    let longer = worst("offset to onset", Limit::AtLeast(1.0), ratio);
    [
        worst("onset, s", Limit::Within(0.3, 0.9), onsets),
        longer,
        worst("surprise, s", Limit::Within(0.12, 0.3), surprises),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn speeds(track: &Track) -> Vec<Measure> {
    let mut tops =
        [("face, 1/s", 3.2, Vec::new()), ("jaw and visemes, 1/s", 15.0, Vec::new()), ("lids, 1/s", 27.0, Vec::new())];
    let class = S::ALL.iter().map(|shape| match Channel::of_shape(*shape) {
        Channel::Lids => 2,
        Channel::Jaw | Channel::MouthShape => 1,
        _ => 0,
    });
    let class: Vec<usize> = class.collect();
    for (at, pair) in track.frames.windows(2).enumerate() {
        let mut top = [0.0f32; 3];
        for (shape, class) in class.iter().enumerate() {
            top[*class] = top[*class].max((pair[1].pose.face[shape] - pair[0].pose.face[shape]).abs());
        }
        for (now, then) in pair[1].pose.visemes.iter().zip(pair[0].pose.visemes) {
            top[1] = top[1].max((now - then).abs());
        }
        for (list, step) in tops.iter_mut().zip(top) {
            list.2.push((step * track.rate_hz, track.at(at)));
        }
    }
    // Single steps are single floats apart.
    tops.into_iter().filter_map(|(name, limit, list)| worst(name, Limit::AtMost(limit * 1.001), list)).collect()
}

pub(super) fn asymmetry(track: &Track) -> Vec<Measure> {
    let pairs =
        [(S::MouthSmileLeft, S::MouthSmileRight, "smile, mean"), (S::BrowDownLeft, S::BrowDownRight, "brows, mean")];
    let mut apart = Vec::new();
    let mut found = Vec::new();
    for (left, right, name) in pairs {
        let (mut sum, mut count, mut place) = (0.0, 0usize, 0.0);
        for (at, frame) in track.frames.iter().enumerate() {
            let difference = (frame.face(left) - frame.face(right)).abs();
            apart.push((difference, track.at(at)));
            if frame.face(left).max(frame.face(right)) > 0.2 {
                (sum, count, place) = (sum + difference, count + 1, track.at(at));
            }
        }
        if count as f32 > track.rate_hz {
            let mean = (sum / count as f32, place);
            found.extend(worst(name, Limit::Within(0.02, 0.05), [mean]));
        }
    }
    found.extend(worst("greatest", Limit::AtMost(0.10), apart));
    found
}

pub(super) fn reaction(track: &Track) -> Vec<Measure> {
    let mut found = Vec::new();
    for event in &track.events {
        let What::Level(level) = event.what else { continue };
        let start = track.frame_at(event.secs);
        let Some(then) = start.checked_sub(1).and_then(|at| track.frames.get(at)) else { continue };
        // Relief is shown late, by rule; bad news is answered.
        if level < Level::CalmComplaint || level <= then.level || then.level.upset() {
            continue;
        }
        let moved = |frame: &Frame| {
            let face = (smile(frame) - smile(then)).abs().max((brow_down(frame) - brow_down(then)).abs());
            face > 0.04
        };
        let after = track.frames[start..].iter().position(moved).map_or(9.9, |frames| track.at(frames));
        if track.secs() - event.secs > 2.0 {
            found.push((after, event.secs));
        }
    }
    worst("seconds", Limit::Within(0.3, 1.2), found).into_iter().collect()
}

pub(super) fn neutral_between(track: &Track) -> Vec<Measure> {
    let (mut smiled, mut concerned) = (None, None);
    let mut gaps = Vec::new();
    for (at, frame) in track.frames.iter().enumerate() {
        let now = track.at(at);
        let (smiles, concerns) = (smile(frame) > SMILE_SHOWS, brow_down(frame) > CONCERN_SHOWS);
        if smiles {
            if let Some(then) = concerned.take() {
                gaps.push((now - then, now));
            }
            smiled = Some(now);
        }
        if concerns {
            if let Some(then) = smiled.take() {
                gaps.push((now - then, now));
            }
            concerned = Some(now);
        }
    }
    worst("seconds", Limit::AtLeast(0.2), gaps).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::specimen::{Specimen, catches};
    use super::*;

    #[test]
    fn a_smile_at_a_furious_customer_is_caught() {
        let fault = |track: &mut Track| {
            let frame = track.frames.len() * 3 / 4;
            track.frames[frame].pose.face[S::MouthSmileLeft.index()] = 0.05;
        };
        catches("G-E1", &Specimen::Furious, fault);
    }

    #[test]
    fn anger_is_caught() {
        let lower = |track: &mut Track| track.frames.iter_mut().for_each(|f| f.pose.face[S::BrowInnerUp.index()] = 0.1);
        catches("G-E2", &Specimen::Furious, lower);
        catches("G-E2", &Specimen::Calm, |track| track.frames[900].angry = 0.1);
        catches("G-E3", &Specimen::Furious, lower);
    }

    #[test]
    fn a_smile_of_the_mouth_alone_is_caught() {
        catches("G-E4", &Specimen::Calm, |track| {
            track.frames.iter_mut().for_each(|f| f.pose.face[S::CheekSquintLeft.index()] = 0.0);
        });
    }

    #[test]
    fn a_smile_that_snaps_on_is_caught() {
        let snap = |track: &mut Track| {
            for (at, frame) in track.frames.iter_mut().enumerate().skip(900) {
                for shape in [S::MouthSmileLeft, S::MouthSmileRight] {
                    frame.pose.face[shape.index()] = if at < 1800 { 0.0 } else { 0.3 };
                }
            }
        };
        catches("G-E5", &Specimen::Calm, snap);
        catches("G-E6", &Specimen::Calm, snap);
    }

    #[test]
    fn a_mask_and_a_sneer_are_caught() {
        let mask = |track: &mut Track| {
            for frame in &mut track.frames {
                frame.pose.face[S::MouthSmileRight.index()] = frame.pose.face[S::MouthSmileLeft.index()];
            }
        };
        catches("G-E7", &Specimen::Calm, mask);
        catches("G-E7", &Specimen::Calm, |track| track.frames[900].pose.face[S::MouthSmileRight.index()] = 0.0);
    }

    #[test]
    fn a_face_that_does_not_answer_is_caught() {
        let stone = |track: &mut Track| {
            let face = track.frames[0].pose.face;
            track.frames.iter_mut().for_each(|frame| frame.pose.face = face);
        };
        catches("G-E8", &Specimen::Furious, stone);
    }

    #[test]
    fn concern_over_a_smile_is_caught() {
        catches("G-E9", &Specimen::Furious, |track| {
            for frame in &mut track.frames {
                frame.pose.face[S::MouthSmileLeft.index()] = 0.2;
            }
        });
    }
}
