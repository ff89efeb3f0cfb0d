//! Guards of nods.

use super::signal::{smoothed, spans};
use super::{Limit, Measure, worst};
use crate::studio::track::{Frame, Track, What};

/// Smaller dips of the head are sway.
const LEAST_RAD: f32 = 2.6 * std::f32::consts::PI / 180.0;
/// And what only just passes that is no nod.
const SHOWS_RAD: f32 = 3.1 * std::f32::consts::PI / 180.0;
/// Cycles closer than this belong to one nod.
const ONE_NOD_SECS: f32 = 0.6;
/// The customer who typed this lately is still typing.
const TYPING_SECS: f32 = 0.45;

/// One down and up.
struct Cycle {
    start: usize,
    end: usize,
    depth_rad: f32,
    hz: f32,
    /// Whether no act moved the head as well.
    alone: bool,
}

fn cycles(track: &Track) -> Vec<Cycle> {
    let pitch = track.curve(Frame::head_pitch_rad);
    let reach = (1.4 * track.rate_hz) as usize;
    // The head's level: the least pitch around, smoothed, so that nods do not lift it.
    let coarse = (track.rate_hz / 10.0).max(1.0) as usize;
    let thin: Vec<f32> = pitch.iter().step_by(coarse).copied().collect();
    let near = reach / coarse;
    let least: Vec<f32> = (0..thin.len())
        .map(|at| {
            thin[at.saturating_sub(near)..(at + near + 1).min(thin.len())].iter().copied().fold(f32::MAX, f32::min)
        })
        .collect();
    let level = smoothed(&least, near / 2);
    let dip: Vec<f32> = pitch.iter().enumerate().map(|(at, pitch)| pitch - level[at / coarse]).collect();
    let mut found = Vec::new();
    for span in spans(dip.len(), |at| dip[at] > LEAST_RAD) {
        let depth = dip[span.first..=span.last].iter().copied().fold(0.0, f32::max);
        let deep = spans(span.last - span.first + 1, |at| dip[span.first + at] > 0.5 * depth.max(LEAST_RAD));
        for half in deep {
            let (first, last) = (span.first + half.first, span.first + half.last);
            let depth = dip[first..=last].iter().copied().fold(0.0, f32::max);
            let length = track.at(last - first + 1);
            let reach = (0.5 * (last - first) as f32) as usize;
            let (start, end) = (first.saturating_sub(reach), (last + reach).min(dip.len() - 1));
            if length < 0.1 || depth < SHOWS_RAD || end + 2 >= dip.len() {
                continue;
            }
            let alone = track.frames[start..=end].iter().all(|frame| frame.acts == 0);
            found.push(Cycle { start, end, depth_rad: depth, hz: 0.5 / length.max(1e-3), alone });
        }
    }
    found
}

/// Cycles in nods.
fn nods(track: &Track) -> Vec<Vec<Cycle>> {
    let mut nods: Vec<Vec<Cycle>> = Vec::new();
    for cycle in cycles(track) {
        match nods.last_mut() {
            Some(nod) if nod.last().is_some_and(|l| track.at(cycle.start.saturating_sub(l.end)) < ONE_NOD_SECS) => {
                nod.push(cycle);
            }
            _ => nods.push(vec![cycle]),
        }
    }
    nods
}

pub(super) fn slow(track: &Track) -> Vec<Measure> {
    let (mut speed, mut depth, mut count, mut decline) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for nod in nods(track) {
        let Some(first) = nod.first() else { continue };
        let at = track.at(first.start);
        // A nod that was under way when the news came is one of before.
        let before = first.start.saturating_sub((0.2 * track.rate_hz) as usize);
        if !nod.iter().all(|cycle| cycle.alone) || !track.frames[before].level.upset() {
            continue;
        }
        speed.push((first.hz, at));
        depth.push((first.depth_rad.to_degrees(), at));
        count.push((nod.len() as f32, at));
        decline.extend(nod.windows(2).map(|pair| (pair[1].depth_rad / pair[0].depth_rad, at)));
    }
    [
        worst("Hz", Limit::Within(0.5, 0.8), speed),
        worst("depth, degrees", Limit::Within(5.0, 10.0), depth),
        worst("cycles", Limit::AtMost(3.0), count),
        worst("next to this cycle", Limit::AtMost(1.0), decline),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn timing(track: &Track) -> Vec<Measure> {
    let nods = nods(track);
    let alone: Vec<&Vec<Cycle>> = nods.iter().filter(|nod| nod.iter().all(|cycle| cycle.alone)).collect();
    let starts = || alone.iter().filter_map(|nod| nod.first()).map(|cycle| track.at(cycle.start));
    let mut latency = Vec::new();
    for event in track.events.iter().filter(|event| event.what == What::CustomerSpoke) {
        let start = starts().find(|start| *start > event.secs + 0.1);
        latency.extend(start.filter(|start| start - event.secs < 2.0).map(|start| (start - event.secs, event.secs)));
    }
    let pauses = alone.windows(2).filter_map(|pair| {
        let (end, start) = (pair[0].last()?.end, pair[1].first()?.start);
        Some((track.at(start.saturating_sub(end)), track.at(start)))
    });
    [
        worst("latency, s", Limit::Within(0.2, 0.7), latency),
        // Mandarin has the sparsest back-channels.
        worst("pause between nods, s", Limit::AtLeast(2.5), pauses),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn at_pauses(track: &Track) -> Vec<Measure> {
    let typed: Vec<f32> = track.events.iter().filter(|e| e.what == What::Typing).map(|e| e.secs).collect();
    let nods = nods(track);
    let (mut fine, mut all, mut place) = (0usize, 0usize, 0.0);
    for nod in nods.iter().filter(|nod| nod.iter().all(|cycle| cycle.alone)) {
        let Some(first) = nod.first() else { continue };
        let start = track.at(first.start);
        if track.frames[first.start].talk != crate::studio::track::Talk::Listening {
            continue;
        }
        all += 1;
        let typing = typed.iter().any(|at| (0.0..TYPING_SECS).contains(&(start - at)))
            && typed.iter().any(|at| (0.0..TYPING_SECS).contains(&(at - start)));
        if typing { place = start } else { fine += 1 }
    }
    let known = (all >= 2).then_some((100.0 * fine as f32 / all as f32, place));
    worst("%", Limit::AtLeast(80.0), known).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use glam::Quat;

    use super::super::specimen::{Specimen, catches};
    use super::*;
    use crate::motion::bump;
    use crate::studio::track::Event;
    use crate::vrm::HumanBone;

    /// Holds the head level but for these nods: start, Hz, cycles, depth in degrees.
    fn nodding(track: &mut Track, nods: &[(f32, f32, f32, f32)]) {
        let rate = track.rate_hz;
        for (at, frame) in track.frames.iter_mut().enumerate() {
            frame.acts = 0;
            let pitch = nods.iter().map(|(start, hz, cycles, depth)| {
                let phase = (at as f32 / rate - start) * hz;
                if (0.0..*cycles).contains(&phase) { depth.to_radians() * bump(phase.fract()) } else { 0.0 }
            });
            frame.joints[HumanBone::Head.index()].turn = Quat::from_rotation_x(pitch.sum());
        }
    }

    #[test]
    fn hasty_shallow_and_endless_nods_are_caught() {
        for nod in [(12.0, 2.0, 1.0, 7.0), (12.0, 0.6, 1.0, 3.5), (12.0, 0.6, 4.0, 7.0)] {
            catches("G-H1", &Specimen::Furious, |track| nodding(track, &[nod]));
        }
    }

    #[test]
    fn late_and_crowded_nods_are_caught() {
        catches("G-H2", &Specimen::Furious, |track| nodding(track, &[(23.5, 0.6, 1.0, 7.0)]));
        catches("G-H2", &Specimen::Furious, |track| {
            nodding(track, &[(22.4, 0.6, 1.0, 7.0), (25.2, 0.6, 1.0, 7.0)]);
        });
    }

    #[test]
    fn nods_into_the_customers_words_are_caught() {
        catches("G-H3", &Specimen::Furious, |track| {
            nodding(track, &[(12.0, 0.6, 1.0, 7.0), (18.0, 0.6, 1.0, 7.0)]);
            for nth in 0..40 {
                track.events.push(Event { secs: 10.0 + 0.3 * nth as f32, what: What::Typing });
            }
        });
    }
}
