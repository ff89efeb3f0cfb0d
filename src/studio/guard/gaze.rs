//! Guards of the gaze.

use super::signal::{quantile, spans};
use super::{Limit, Measure, worst};
use crate::motion::min_jerk;
use crate::studio::track::{Frame, Talk, Track};

/// Half the cone in which a gaze is felt as eye contact.
const CONTACT_RAD: f32 = 2.9 * std::f32::consts::PI / 180.0;
/// Faster than this the eye jumps.
const JUMP_RAD_PER_SEC: f32 = 30.0 * std::f32::consts::PI / 180.0;

/// A jump of the gaze.
pub(super) struct Jump {
    /// The last frame before it.
    pub(super) from: usize,
    /// The first frame after it.
    pub(super) to: usize,
    /// Its size.
    pub(super) size_rad: f32,
}

/// Angle between two unit vectors, exact for small ones.
fn apart(a: glam::Vec3, b: glam::Vec3) -> f32 {
    a.cross(b).length().atan2(a.dot(b))
}

pub(super) fn jumps(track: &Track) -> Vec<Jump> {
    let frames = &track.frames;
    let step = JUMP_RAD_PER_SEC * track.dt_secs();
    let fast = spans(frames.len().saturating_sub(1), |at| apart(frames[at].gaze, frames[at + 1].gaze) > step);
    let jump = |first: usize, last: usize| Jump {
        from: first,
        to: last + 1,
        size_rad: apart(frames[first].gaze, frames[last + 1].gaze),
    };
    fast.iter().map(|span| jump(span.first, span.last)).collect()
}

fn at_customer(frame: &Frame) -> bool {
    frame.off_customer_rad() < CONTACT_RAD
}

pub(super) fn longest(track: &Track) -> Vec<Measure> {
    let contacts = spans(track.frames.len(), |at| at_customer(&track.frames[at]));
    let lengths = contacts.iter().map(|span| (track.at(span.last - span.first + 1), track.at(span.first)));
    worst("seconds", Limit::AtMost(3.3), lengths).into_iter().collect()
}

pub(super) fn shares(track: &Track) -> Vec<Measure> {
    let kinds = [
        (Talk::Listening, "listening, %", Limit::Within(60.0, 78.0)),
        (Talk::Speaking, "speaking, %", Limit::Within(38.0, 58.0)),
        (Talk::Thinking, "thinking, %", Limit::AtMost(30.0)),
    ];
    let mut found = Vec::new();
    for (talk, what, limit) in kinds {
        let (mut with, mut all) = (0usize, 0usize);
        for frame in
            track.frames.iter().filter(|frame| frame.talk == talk && (talk == Talk::Speaking || frame.acts == 0))
        {
            with += usize::from(at_customer(frame));
            all += 1;
        }
        // Less is chance.
        if track.at(all) >= 38.0 {
            found.extend(worst(what, limit, [(100.0 * with as f32 / all as f32, 0.0)]));
        }
    }
    found
}

/// In which frames the eyes jump.
fn moving(track: &Track) -> Vec<bool> {
    let mut moving = vec![false; track.frames.len()];
    for jump in jumps(track) {
        let (from, to) = (jump.from.saturating_sub(1), (jump.to + 2).min(moving.len()));
        moving[from..to].fill(true);
    }
    moving
}

pub(super) fn error(track: &Track) -> Vec<Measure> {
    let moving = moving(track);
    let (mut across, mut up) = (Vec::new(), Vec::new());
    for (frame, moving) in track.frames.iter().zip(moving) {
        if !moving && at_customer(frame) {
            let (yaw, pitch) = frame.gaze_error_rad(frame.customer);
            across.push(yaw.abs().to_degrees());
            up.push(pitch.abs().to_degrees());
        }
    }
    let known = |values: &mut Vec<f32>| quantile(values, 0.95).map(|value| (value, 0.0));
    [
        worst("sideways 95 %, degrees", Limit::AtMost(1.2), known(&mut across)),
        worst("upright 95 %, degrees", Limit::AtMost(1.7), known(&mut up)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn saccades(track: &Track) -> Vec<Measure> {
    let (mut lengths, mut speeds) = (Vec::new(), Vec::new());
    for pair in track.frames.windows(2).enumerate() {
        let (at, [before, after]) = pair else { continue };
        speeds.push((apart(before.gaze, after.gaze).to_degrees() * track.rate_hz, track.at(at)));
    }
    let all = jumps(track);
    for jump in &all {
        let size_deg = jump.size_rad.to_degrees();
        if !(5.0..25.0).contains(&size_deg) || jump.to + 1 >= track.frames.len() || jump.from == 0 {
            continue;
        }
        // Eyes at their end, and two jumps in a row, follow no single law.
        let strained = |frame: &Frame| frame.pose.gaze_yaw_rad.abs().max(frame.pose.gaze_pitch_rad.abs()) > 0.38;
        let reach = (0.12 * track.rate_hz) as usize;
        let crowded = all
            .iter()
            .any(|other| other.from != jump.from && other.from < jump.to + reach && jump.from < other.to + reach);
        // Someone who is elsewhere all at once is not looked at by one jump.
        let near = &track.frames[jump.from.saturating_sub(reach)..(jump.to + reach).min(track.frames.len())];
        let stands = near.windows(2).all(|pair| pair[0].customer == pair[1].customer);
        if crowded || !stands || track.frames[jump.from..=jump.to].iter().any(strained) {
            continue;
        }
        let expected = 0.025 + 0.0024 * size_deg;
        // A camera too slow for it tells nothing of a jump's length.
        if expected * track.rate_hz < 3.0 {
            continue;
        }
        let length = fitted(track, jump, expected);
        lengths.push((100.0 * (length / expected - 1.0), track.at(jump.from)));
    }
    [
        worst("length against 25 + 2.4 A, %", Limit::Within(-20.0, 20.0), lengths),
        worst("peak, degrees/s", Limit::AtMost(600.0), speeds),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The length of the minimum-jerk jump that runs through the frames: frames alone are too coarse a clock.
fn fitted(track: &Track, jump: &Jump, expected: f32) -> f32 {
    let (first, last) = (jump.from - 1, jump.to + 1);
    let start = track.frames[jump.from].gaze;
    let size = apart(start, track.frames[jump.to].gaze);
    let way: Vec<f32> = (first..=last).map(|at| (apart(start, track.frames[at].gaze) / size).min(1.2)).collect();
    let dt = track.dt_secs();
    let mut best = (f32::MAX, expected);
    for nth in 0..41 {
        let length = expected * (0.4 + 0.04 * nth as f32);
        for shift in 0..30 {
            let from = dt * (0.4 + 0.1 * shift as f32 - 1.0);
            let off = way.iter().enumerate().map(|(at, way)| {
                let error = min_jerk((at as f32 * dt - from) / length) - way;
                error * error
            });
            let off: f32 = off.sum();
            if off < best.0 {
                best = (off, length);
            }
        }
    }
    best.1
}

pub(super) fn stillness(track: &Track) -> Vec<Measure> {
    let mut lengths = Vec::new();
    let mut anchor = 0;
    for (at, frame) in track.frames.iter().enumerate() {
        if apart(frame.gaze, track.frames[anchor].gaze).to_degrees() >= 0.1 {
            lengths.push((track.at(at - anchor), track.at(anchor)));
            anchor = at;
        }
    }
    lengths.push((track.at(track.frames.len() - anchor), track.at(anchor)));
    worst("seconds", Limit::AtMost(1.0), lengths).into_iter().collect()
}

pub(super) fn eccentricity(track: &Track) -> Vec<Measure> {
    let off = |frame: &Frame| frame.pose.gaze_yaw_rad.hypot(frame.pose.gaze_pitch_rad).to_degrees();
    let far = spans(track.frames.len(), |at| off(&track.frames[at]) > 25.0);
    let lengths = far.iter().map(|span| (track.at(span.last - span.first + 1), track.at(span.first)));
    let all = track.frames.iter().enumerate().map(|(at, frame)| (off(frame), track.at(at)));
    [
        worst("beyond 25 degrees, s", Limit::AtMost(0.6), lengths.chain([(0.0, 0.0)])),
        worst("greatest, degrees", Limit::AtMost(35.0), all),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Eyes come together more slowly than they jump.
const MERGE_SECS: f32 = 0.2;

pub(super) fn vergence(track: &Track) -> Vec<Measure> {
    let settle = (MERGE_SECS * track.rate_hz).ceil() as usize;
    let contacts = spans(track.frames.len(), |at| at_customer(&track.frames[at]));
    let moving = moving(track);
    let looking = contacts.iter().flat_map(|span| span.first + settle..span.last + 1).filter(|at| !moving[*at]);
    let errors = looking.filter_map(|at| {
        let frame = &track.frames[at];
        let wanted = 2.0 * (0.5 * frame.pupils / frame.customer.distance(frame.eyes)).atan();
        Some(((frame.vergence_rad? - wanted).abs().to_degrees(), track.at(at)))
    });
    worst("degrees", Limit::AtMost(0.5), errors).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use glam::{Quat, Vec3};

    use super::super::specimen::{Specimen, catches};
    use super::*;

    fn stare(frame: &mut Frame) {
        frame.gaze = (frame.customer - frame.eyes).normalize();
    }

    #[test]
    fn a_stare_is_caught() {
        for id in ["G-G1", "G-G2", "G-G5"] {
            catches(id, &Specimen::Calm, |track| track.frames.iter_mut().for_each(stare));
        }
    }

    #[test]
    fn eyes_that_never_meet_are_caught() {
        catches("G-G2", &Specimen::Calm, |track| {
            track.frames.iter_mut().for_each(|frame| frame.gaze = Quat::from_rotation_y(0.3) * Vec3::Z);
        });
    }

    #[test]
    fn a_look_past_the_ear_is_caught() {
        catches("G-G3", &Specimen::Calm, |track| {
            for frame in &mut track.frames {
                stare(frame);
                frame.gaze = Quat::from_rotation_y(0.035) * frame.gaze;
            }
        });
    }

    #[test]
    fn a_gliding_eye_and_a_thrown_eye_are_caught() {
        let shifted = |secs: f32| {
            move |track: &mut Track| {
                let rate = track.rate_hz;
                for (at, frame) in track.frames.iter_mut().enumerate() {
                    let turn = 0.3 * min_jerk((at as f32 / rate - 10.0) / secs);
                    frame.gaze = Quat::from_rotation_y(turn) * Vec3::Z;
                }
            }
        };
        catches("G-G4", &Specimen::Calm, shifted(0.15));
        catches("G-G4", &Specimen::Calm, shifted(0.02));
    }

    #[test]
    fn strained_eyes_are_caught() {
        catches("G-G6", &Specimen::Calm, |track| {
            track.frames[900..1000].iter_mut().for_each(|frame| frame.pose.gaze_yaw_rad = 0.5);
        });
        catches("G-G6", &Specimen::Calm, |track| track.frames[900].pose.gaze_yaw_rad = 0.7);
    }

    #[test]
    fn parallel_eyes_are_caught() {
        let mut track = Specimen::Calm.track();
        for frame in &mut track.frames {
            let wanted = 2.0 * (0.5 * frame.pupils / frame.customer.distance(frame.eyes)).atan();
            frame.vergence_rad = Some(wanted);
        }
        assert!(vergence(&track).iter().all(Measure::passes));
        track.frames.iter_mut().for_each(|frame| frame.vergence_rad = Some(0.0));
        assert!(!vergence(&track).iter().all(Measure::passes));
    }
}
