//! Guards of posture, breath and idle motion.

use glam::Vec3;

use super::signal::{smoothed, spans};
use super::{Limit, Measure, worst};
use crate::studio::track::{Frame, Talk, Track, What};
use crate::vrm::HumanBone as B;

/// From worse news to the whole lean, seconds.
const SETTLE_SECS: f32 = 3.0;
/// A shortest utterance that is breathed for, seconds.
const UTTERANCE_SECS: f32 = 1.0;

fn speed(track: &Track, value: impl Fn(&Frame, &Frame) -> f32) -> Vec<(f32, f32)> {
    let pairs = track.frames.windows(2).enumerate();
    pairs.map(|(at, pair)| (value(&pair[0], &pair[1]) * track.rate_hz, track.at(at))).collect()
}

pub(super) fn lean(track: &Track) -> Vec<Measure> {
    let settle = (SETTLE_SECS * track.rate_hz) as usize;
    let mut upset_since = 0usize;
    let mut upset = Vec::new();
    let mut all = Vec::new();
    // Breath moves the chest as well.
    let posture = smoothed(&track.curve(|frame| frame.lean_rad().to_degrees()), (1.5 * track.rate_hz) as usize);
    for (at, frame) in track.frames.iter().enumerate() {
        upset_since = if frame.level.upset() { upset_since + 1 } else { 0 };
        let lean = frame.lean_rad().to_degrees();
        all.push((lean, track.at(at)));
        if upset_since > settle && frame.acts == 0 {
            upset.push((posture[at], track.at(at)));
        }
    }
    let turning = speed(track, |a, b| (b.lean_rad() - a.lean_rad()).abs().to_degrees());
    let head = speed(track, |a, b| a.joint(B::Head).place.distance(b.joint(B::Head).place));
    [
        worst("upset, degrees", Limit::Within(6.0, 10.0), upset),
        worst("greatest, degrees", Limit::AtMost(12.0), all),
        worst("degrees/s", Limit::AtMost(25.0), turning),
        worst("head, m/s", Limit::AtMost(0.20), head),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Rise of the collar over the chest, millimeters: what breath moves and bending does not.
fn collar(track: &Track) -> Vec<f32> {
    let bending: Vec<(B, f32)> = track.trunk.iter().copied().filter(|(_, share)| *share > 0.0).collect();
    let [.., (below, its_share), (upper, share)] = bending[..] else { return vec![0.0; track.frames.len()] };
    let height = |frame: &Frame| {
        let chest = frame.joint(below).turn.inverse();
        let collar = 0.5 * (frame.joint(B::LeftShoulder).place + frame.joint(B::RightShoulder).place);
        let turned = chest * frame.joint(upper).turn;
        // What of the upper chest's bend goes with the chest's own bend is posture.
        let bend = 2.0 * turned.x - share / its_share * 2.0 * frame.pose.bone(below).x;
        let reach = collar.distance(frame.joint(upper).place);
        -1000.0 * reach * bend
    };
    track.curve(height)
}

pub(super) fn breath(track: &Track) -> Vec<Measure> {
    let collar = collar(track);
    if track.secs() < 30.0 {
        return Vec::new();
    }
    let rate = track.rate_hz;
    let level = smoothed(&collar, (4.0 * rate) as usize);
    let fine = smoothed(&collar, (0.1 * rate) as usize);
    let wave: Vec<f32> = fine.iter().zip(level).map(|(a, b)| a - b).collect();
    let listening = |at: usize| track.frames[at].talk != Talk::Speaking;
    let full = spans(wave.len(), |at| wave[at] > 0.25);
    let crests: Vec<usize> = full.iter().map(|span| (span.first + span.last) / 2).collect();
    let mut sizes = Vec::new();
    for pair in crests.windows(2) {
        let low = wave[pair[0]..pair[1]].iter().copied().fold(f32::MAX, f32::min);
        let high = wave[pair[0]..pair[1]].iter().copied().fold(f32::MIN, f32::max);
        if listening(pair[0]) && listening(pair[1]) {
            sizes.push((high - low, track.at(pair[0])));
        }
    }
    let count = crests.len() as f32 * 60.0 / track.secs();
    let (mut drawn, mut spoken, mut missed) = (0usize, 0usize, 0.0);
    for event in &track.events {
        let What::SpeechStarted(length) = event.what else { continue };
        let at = track.frame_at(event.secs);
        let from = at.saturating_sub((0.8 * rate) as usize);
        if length < UTTERANCE_SECS || from == 0 {
            continue;
        }
        spoken += 1;
        let low = collar[from..=at].iter().copied().fold(f32::MAX, f32::min);
        let reach = (at + (0.2 * rate) as usize).min(collar.len() - 1);
        let full = 0.75 * sizes.iter().map(|size| size.0).fold(2.5, f32::min);
        // Lungs that are full already need no breath.
        if collar[reach] - low > 0.4 || wave[reach] > 0.2 * full { drawn += 1 } else { missed = event.secs }
    }
    let share = (spoken > 0).then(|| (100.0 * drawn as f32 / spoken as f32, missed));
    [
        worst("per minute", Limit::Within(10.0, 18.0), [(count, 0.0)]),
        worst("excursion, mm", Limit::Within(3.0, 10.0), sizes),
        worst("drawn before speech, %", Limit::AtLeast(90.0), share),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn idle(track: &Track) -> Vec<Measure> {
    let mut found = Vec::new();
    let mut still = Vec::new();
    let half = (0.5 * track.rate_hz) as usize;
    let near = |a: &Frame, b: &Frame| {
        let bones = [B::Hips, B::UpperChest, B::Head, B::LeftHand, B::RightHand];
        // Chords: the cosine of so small an angle is 1 in single precision.
        let apart = |a: glam::Quat, b: glam::Quat| 2.0 * (a - b).length().min((a + b).length());
        bones.iter().all(|bone| apart(a.joint(*bone).turn, b.joint(*bone).turn) < 3e-4)
    };
    let step = (half / 5).max(1);
    for at in (0..track.frames.len().saturating_sub(half)).step_by(step) {
        let frozen = near(&track.frames[at], &track.frames[at + half])
            && (at..at + half).step_by(step).all(|mid| near(&track.frames[at], &track.frames[mid]));
        still.push((if frozen { 0.5 } else { 0.0 }, track.at(at)));
    }
    found.extend(worst("total stillness, s", Limit::AtMost(0.4), still));
    // Repetition shows where nothing else happens.
    let quiet = track.events.iter().all(|e| matches!(e.what, What::Cue("answer")));
    if track.secs() >= 150.0 && quiet {
        let every = (track.rate_hz / 5.0).max(1.0) as usize;
        let mut peaks = Vec::new();
        for (bone, axis) in
            [(B::Head, Vec3::X), (B::Head, Vec3::Y), (B::LeftLowerArm, Vec3::Y), (B::UpperChest, Vec3::Z)]
        {
            let curve = track.curve(|frame| frame.joint(bone).turn.to_scaled_axis().dot(axis));
            let thin: Vec<f32> = curve.iter().step_by(every).copied().collect();
            peaks.extend(repetition(&thin));
        }
        found.extend(worst("autocorrelation", Limit::AtMost(0.6), peaks.into_iter().map(|peak| (peak, 0.0))));
    }
    found
}

/// Greatest autocorrelation from 5 to 60 s at 5 Hz, of what a slow drift leaves.
fn repetition(curve: &[f32]) -> Option<f32> {
    let drift = smoothed(curve, 75);
    let rest: Vec<f32> = curve.iter().zip(drift).map(|(a, b)| a - b).collect();
    let power: f32 = rest.iter().map(|v| v * v).sum::<f32>() / rest.len() as f32;
    let at = |lag: usize| {
        let pairs = rest.iter().zip(&rest[lag..]);
        pairs.map(|(a, b)| a * b).sum::<f32>() / (rest.len() - lag) as f32 / power.max(1e-12)
    };
    (25..300.min(rest.len() / 2)).map(at).reduce(f32::max)
}

#[cfg(test)]
mod tests {
    use glam::Quat;

    use super::super::specimen::{Specimen, catches};
    use super::*;

    #[test]
    fn a_stiff_a_deep_and_a_sudden_lean_are_caught() {
        let leaning = |deg: f32| {
            move |track: &mut Track| {
                track.frames.iter_mut().for_each(|frame| {
                    frame.joints[B::UpperChest.index()].turn = Quat::from_rotation_x(deg.to_radians());
                });
            }
        };
        catches("G-P1", &Specimen::Furious, leaning(1.0));
        catches("G-P1", &Specimen::Calm, leaning(14.0));
        catches("G-P1", &Specimen::Calm, |track| {
            track.frames[900].joints[B::UpperChest.index()].turn = Quat::from_rotation_x(0.08);
        });
        catches("G-P1", &Specimen::Calm, |track| track.frames[900].joints[B::Head.index()].place.z += 0.01);
    }

    #[test]
    fn a_held_breath_is_caught() {
        catches("G-P2", &Specimen::Calm, |track| {
            let still = track.frames[0].clone();
            track.frames.iter_mut().for_each(|frame| *frame = still.clone());
        });
    }

    #[test]
    fn a_loop_and_a_freeze_are_caught() {
        catches("G-P3", &Specimen::Long, |track| {
            for at in 900..track.frames.len() {
                track.frames[at] = track.frames[at - 900].clone();
            }
        });
        catches("G-P3", &Specimen::Calm, |track| {
            for at in 901..990 {
                track.frames[at] = track.frames[900].clone();
            }
        });
    }
}
