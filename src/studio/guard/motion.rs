//! Guards of motion from frame to frame.

use super::signal::spans;
use super::{Limit, Measure, worst};
use crate::behavior::Channel;
use crate::studio::track::{Track, What};
use crate::vrm::HumanBone as B;

/// Furthest that a joint of a kind turns in a second, degrees, with a quarter for rounding.
fn cap_deg(bone: B) -> Option<(usize, f32)> {
    match Channel::of_bone(bone) {
        Channel::Head | Channel::Neck => Some((0, 200.0)),
        Channel::Spine => Some((1, 40.0)),
        Channel::Shoulders => Some((2, 250.0)),
        Channel::LeftArm | Channel::RightArm => Some((3, 400.0)),
        Channel::LeftHand | Channel::RightHand => Some((4, 600.0)),
        _ => None,
    }
}

const KINDS: [(&str, f32); 5] = [
    ("head, degrees/s", 200.0),
    ("trunk, degrees/s", 40.0),
    ("shoulders, degrees/s", 250.0),
    ("arms, degrees/s", 400.0),
    ("hands, degrees/s", 600.0),
];

pub(super) fn steps(track: &Track) -> Vec<Measure> {
    let bones: Vec<(B, usize)> = B::ALL.iter().filter_map(|bone| Some((*bone, cap_deg(*bone)?.0))).collect();
    let mut tops = [(0.0f32, 0.0f32); 5];
    for (at, pair) in track.frames.windows(2).enumerate() {
        for (bone, kind) in &bones {
            let (a, b) = (pair[0].pose.bone(*bone), pair[1].pose.bone(*bone));
            // Chords are cheap, and exact enough to find the greatest.
            let step = 2.0 * (a - b).length().min((a + b).length());
            if step > tops[*kind].0 {
                tops[*kind] = (step, track.at(at));
            }
        }
    }
    let per_sec = |step: f32| step.to_degrees() * track.rate_hz;
    tops.into_iter()
        .zip(KINDS)
        .filter_map(|((step, at), (what, cap))| worst(what, Limit::AtMost(1.25 * cap), [(per_sec(step), at)]))
        .collect()
}

pub(super) fn duplicates(track: &Track) -> Vec<Measure> {
    let same = |at: usize| track.frames[at].pose == track.frames[at + 1].pose;
    let count = track.frames.len().saturating_sub(1);
    let repeated = spans(count, same);
    let frames: usize = repeated.iter().map(|span| span.last - span.first + 1).sum();
    let place = repeated.first().map_or(0.0, |span| track.at(span.first));
    let rate = track.rate_hz * (1.0 - frames as f32 / count.max(1) as f32);
    [
        worst("repeated poses", Limit::AtMost(0.0), [(frames as f32, place)]),
        worst("new poses per second", Limit::AtLeast(track.rate_hz.min(60.0)), [(rate, place)]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn feet(track: &Track) -> Vec<Measure> {
    let (mut slides, mut speeds) = (Vec::new(), Vec::new());
    for bone in [B::LeftFoot, B::RightFoot] {
        let Some(first) = track.frames.first() else { continue };
        let start = first.joint(bone).place;
        let flat = |place: glam::Vec3| glam::Vec2::new(place.x, place.z);
        for (at, pair) in track.frames.windows(2).enumerate() {
            let (a, b) = (flat(pair[0].joint(bone).place), flat(pair[1].joint(bone).place));
            slides.push((1000.0 * b.distance(flat(start)), track.at(at)));
            speeds.push((1000.0 * a.distance(b) * track.rate_hz, track.at(at)));
        }
    }
    [worst("slide, mm", Limit::AtMost(5.0), slides), worst("mm/s", Limit::AtMost(10.0), speeds)]
        .into_iter()
        .flatten()
        .collect()
}

pub(super) fn switches(track: &Track) -> Vec<Measure> {
    let bones = [B::Head, B::LeftUpperArm, B::RightUpperArm, B::LeftLowerArm, B::RightLowerArm];
    let reach = (0.5 * track.rate_hz) as usize;
    let mut jumps = Vec::new();
    for event in &track.events {
        if matches!(event.what, What::Accent | What::Typing) {
            continue;
        }
        let at = track.frame_at(event.secs);
        let (from, to) = (at.saturating_sub(reach), (at + reach).min(track.frames.len() - 1));
        if at < 4 || at + 5 >= track.frames.len() {
            continue;
        }
        for bone in bones {
            let velocity = |frame: usize| {
                let (a, b) = (track.frames[frame].pose.bone(bone), track.frames[frame + 1].pose.bone(bone));
                let turn = a.inverse() * b;
                2.0 * turn.xyz() * turn.w.signum() * track.rate_hz
            };
            let peak = (from..to).map(|frame| velocity(frame).length()).fold(0.0, f32::max);
            // Sway has no speed to speak of.
            if peak.to_degrees() < 20.0 {
                continue;
            }
            for frame in at - 2..at + 2 {
                // What the frames before and after lead to is no jump: a movement may gather speed.
                let gain = |frame: usize| velocity(frame + 1) - velocity(frame);
                let jump = (gain(frame) - 0.5 * (gain(frame - 1) + gain(frame + 1))).length();
                jumps.push((100.0 * jump / peak * track.rate_hz / 90.0, track.at(frame)));
            }
        }
    }
    worst("% of the peak in 1/90 s", Limit::AtMost(10.0), jumps).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use glam::Quat;

    use super::super::specimen::{Specimen, catches};
    use super::*;

    #[test]
    fn a_pop_of_eight_degrees_is_caught() {
        for bone in [B::Head, B::Chest, B::LeftShoulder, B::RightUpperArm] {
            catches("G-M2", &Specimen::Calm, |track| {
                track.frames[900].pose.bones[bone.index()] *= Quat::from_rotation_x(8f32.to_radians());
            });
        }
    }

    #[test]
    fn duplicated_frames_are_caught() {
        catches("G-M3", &Specimen::Calm, |track| {
            for at in (1..track.frames.len()).step_by(2) {
                track.frames[at] = track.frames[at - 1].clone();
            }
        });
    }

    #[test]
    fn a_sliding_foot_is_caught() {
        catches("G-M4", &Specimen::Calm, |track| {
            for (at, frame) in track.frames.iter_mut().enumerate() {
                frame.joints[B::LeftFoot.index()].place.x += 0.000_02 * at as f32;
            }
        });
    }

    #[test]
    fn a_jerk_at_an_interruption_is_caught() {
        catches("G-M5", &Specimen::Furious, |track| {
            let at = track.frame_at(35.0);
            for (nth, frame) in track.frames[at..].iter_mut().enumerate() {
                frame.pose.bones[B::Head.index()] *= Quat::from_rotation_y(0.01 * nth.min(40) as f32);
            }
        });
    }
}
