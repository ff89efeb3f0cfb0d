//! Guards of gestures: smoothness, words, pointing.

use glam::Vec3;

use super::signal::quantile;
use super::{Limit, Measure, worst};
use crate::studio::track::{Event, Talk, Track, What};
use crate::vrm::HumanBone as B;

/// A wrist that moves less than this makes no gesture, meters.
const LEAST_REACH: f32 = 0.08;
/// Rest on both sides of a stroke: without it a hard start would not show.
const PAD_SECS: f32 = 0.1;
/// Half the cone in which the eyes have arrived.
const ARRIVED_RAD: f32 = 4.0 * std::f32::consts::PI / 180.0;

/// A stroke: the way of one wrist to where the gesture is held.
struct Stroke {
    left: bool,
    start: usize,
    end: usize,
    /// Where it points.
    place: Option<Vec3>,
    block: u64,
}

fn strokes(track: &Track) -> Vec<Stroke> {
    let mut found = Vec::new();
    for event in &track.events {
        let What::GestureStarted(block, place) = event.what else { continue };
        let ended = track.events.iter().find(|e| matches!(e.what, What::StrokeEnded(other, _) if other == block));
        let Some(ended) = ended else { continue };
        let start = track.frame_at(event.secs);
        // The arm follows its goal a little late.
        let end = track.frame_at(ended.secs + 0.25);
        // What is broken off, or runs into another gesture, is no stroke.
        let within = |e: &Event| e.secs > event.secs && e.secs < ended.secs + 0.25;
        let cut = |e: &Event| within(e) && matches!(e.what, What::Interrupt | What::GestureStarted(..));
        if track.events.iter().any(cut) {
            continue;
        }
        let reach = |bone: B| relative(track, bone, start).distance(relative(track, bone, end));
        let (left, right) = (reach(B::LeftHand), reach(B::RightHand));
        if left.max(right) > LEAST_REACH && end > start + 10 {
            // The other hand may go to its rest meanwhile, which is farther at times.
            let left = place.map_or(left > right, |place| place.x >= 0.0);
            found.push(Stroke { left, start, end, place, block });
        }
    }
    found
}

/// A joint against the chest: sway and lean are not the gesture's.
fn relative(track: &Track, bone: B, frame: usize) -> Vec3 {
    let frame = &track.frames[frame];
    let chest = frame.joint(B::UpperChest);
    chest.turn.inverse() * (frame.joint(bone).place - chest.place)
}

fn wrist(stroke: &Stroke) -> B {
    if stroke.left { B::LeftHand } else { B::RightHand }
}

fn speeds(track: &Track, stroke: &Stroke) -> Vec<f32> {
    let places: Vec<Vec3> = (stroke.start..=stroke.end).map(|at| relative(track, wrist(stroke), at)).collect();
    places.windows(2).map(|pair| pair[0].distance(pair[1]) * track.rate_hz).collect()
}

/// A speed profile from where it first passes a twentieth of its peak to where it last does, at rest before and after.
fn padded(track: &Track, speeds: &[f32]) -> Vec<f32> {
    let Some(peak_at) = (0..speeds.len()).max_by(|a, b| speeds[*a].total_cmp(&speeds[*b])) else { return Vec::new() };
    let least = 0.05 * speeds[peak_at];
    let from = speeds.iter().position(|speed| *speed >= least).unwrap_or(0);
    let to = speeds.iter().rposition(|speed| *speed >= least).map_or(0, |at| at + 1);
    let rest = vec![0.0; (PAD_SECS * track.rate_hz) as usize];
    // Sway before and after is not the stroke's: its profile begins and ends at rest.
    let ramp = |v: &f32| (v - least).max(0.0);
    rest.iter().copied().chain(speeds[from..to].iter().map(ramp)).chain(rest.iter().copied()).collect()
}

/// Spectral arc length of a speed profile: nearer to 0 is smoother.
fn sparc(profile: &[f32], rate_hz: f32) -> f32 {
    const TOP_HZ: f32 = 10.0;
    const BINS: usize = 160;
    let magnitude = |bin: usize| {
        let turn = std::f32::consts::TAU * TOP_HZ * bin as f32 / BINS as f32 / rate_hz;
        let (mut re, mut im) = (0.0f32, 0.0f32);
        for (at, value) in profile.iter().enumerate() {
            let (sin, cos) = (turn * at as f32).sin_cos();
            re += value * cos;
            im += value * sin;
        }
        re.hypot(im)
    };
    let spectrum: Vec<f32> = (0..=BINS).map(magnitude).collect();
    let top = spectrum.first().copied().unwrap_or(1.0).max(1e-9);
    let cut = spectrum.iter().rposition(|value| value / top >= 0.05).unwrap_or(0).max(1);
    let step = 1.0 / cut as f32;
    -spectrum[..=cut].windows(2).map(|pair| step.hypot((pair[1] - pair[0]) / top)).sum::<f32>()
}

/// Log dimensionless jerk of a speed profile: nearer to 0 is smoother.
fn ldlj(profile: &[f32], rate_hz: f32) -> f32 {
    let secs = profile.len() as f32 / rate_hz;
    let peak = profile.iter().copied().fold(1e-9, f32::max);
    let jerk = profile.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]) * rate_hz * rate_hz);
    let sum: f32 = jerk.map(|jerk| jerk * jerk).sum::<f32>() / rate_hz;
    -(secs.powi(3) / (peak * peak) * sum).ln()
}

pub(super) fn smoothness(track: &Track) -> Vec<Measure> {
    let (mut arcs, mut jerks) = (Vec::new(), Vec::new());
    for stroke in strokes(track) {
        let speeds = speeds(track, &stroke);
        // Hands that are still on their way back from the gesture before make one movement of two.
        let peak = speeds.iter().copied().fold(0.0, f32::max);
        if speeds.first().is_some_and(|first| *first > 0.15 * peak) {
            continue;
        }
        let profile = padded(track, &speeds);
        if profile.len() > (3.0 * PAD_SECS * track.rate_hz) as usize {
            arcs.push((sparc(&profile, track.rate_hz), track.at(stroke.start)));
            jerks.push((ldlj(&profile, track.rate_hz), track.at(stroke.start)));
        }
    }
    [worst("SPARC", Limit::AtLeast(-1.7), arcs), worst("LDLJ", Limit::AtLeast(-12.0), jerks)]
        .into_iter()
        .flatten()
        .collect()
}

pub(super) fn on_words(track: &Track) -> Vec<Measure> {
    const LIMIT: Limit = Limit::Within(-250.0, 50.0);
    let accents: Vec<f32> = track.events.iter().filter(|e| e.what == What::Accent).map(|e| e.secs).collect();
    let mut offsets = Vec::new();
    for stroke in strokes(track) {
        let speeds = speeds(track, &stroke);
        let peak = (0..speeds.len()).max_by(|a, b| speeds[*a].total_cmp(&speeds[*b])).unwrap_or(0);
        let secs = track.at(stroke.start + peak);
        if track.frames[stroke.start + peak].talk != Talk::Speaking {
            continue;
        }
        // The syllable that it may go with: a stroke comes before it rather than after.
        let off = |accent: &f32| 1000.0 * (secs - accent);
        let near = accents.iter().map(off).max_by(|a, b| LIMIT.margin(*a).total_cmp(&LIMIT.margin(*b)));
        offsets.extend(near.map(|offset| (offset, secs)));
    }
    worst("peak against syllable, ms", LIMIT, offsets).into_iter().collect()
}

fn gestures(event: &Event) -> bool {
    matches!(event.what, What::GestureStarted(_, Some(_)))
}

pub(super) fn pointing(track: &Track) -> Vec<Measure> {
    let (mut leads, mut errors, mut backs) = (Vec::new(), Vec::new(), Vec::new());
    for stroke in strokes(track) {
        let Some(place) = stroke.place else { continue };
        let at = track.at(stroke.start);
        let off = |frame: usize| track.frames[frame].gaze.angle_between(place - track.frames[frame].eyes);
        let from = stroke.start.saturating_sub((1.0 * track.rate_hz) as usize);
        let looked = (from..stroke.end).find(|frame| off(*frame) < ARRIVED_RAD);
        let speeds = speeds(track, &stroke);
        let peak = speeds.iter().copied().fold(0.0, f32::max);
        let moved = speeds.iter().position(|speed| *speed > 0.1 * peak).map(|frames| stroke.start + frames);
        // Eyes that rest on the card already need not lead; hands on their way elsewhere tell no start.
        if speeds.first().is_some_and(|first| *first > 0.1 * peak) {
        } else if let Some((looked, moved)) = looked.zip(moved).filter(|(looked, _)| *looked > from) {
            leads.push((1000.0 * (moved as f32 - looked as f32) / track.rate_hz, at));
        } else if looked.is_none() {
            leads.push((9999.0, at));
        }
        let relaxed = track.events.iter().find(|e| e.what == What::Relaxed(stroke.block));
        let relaxed = relaxed.map_or(stroke.end, |event| track.frame_at(event.secs));
        let next = track.events.iter().find(|e| gestures(e) && track.frame_at(e.secs) > stroke.end);
        let next = next.map_or(track.frames.len(), |event| track.frame_at(event.secs));
        let mut held: Vec<f32> = (stroke.end..relaxed.min(next).max(stroke.end + 1).min(track.frames.len()))
            .map(|frame| {
                let joint = track.frames[frame].joint(wrist(&stroke));
                let fingers = if stroke.left { B::LeftMiddleProximal } else { B::RightMiddleProximal };
                let along = track.frames[frame].joint(fingers).place - joint.place;
                along.angle_between(place - joint.place).to_degrees()
            })
            .collect();
        errors.extend(quantile(&mut held, 0.5).map(|error| (error, track.at(stroke.end))));
        let customer = |frame: &usize| track.frames[*frame].off_customer_rad() < ARRIVED_RAD;
        // Where the hand goes on to show something, the eyes come back after that.
        if track.at(next.saturating_sub(stroke.end)) < 1.5 {
            continue;
        }
        let back = (stroke.end..track.frames.len()).find(customer);
        let left = track.frames.len() - stroke.end;
        let secs = track.at(back.map_or(left, |back| back - stroke.end)) + 0.25;
        if back.is_some() || track.at(left) > 2.0 {
            backs.push((secs, track.at(stroke.end)));
        }
    }
    [
        worst("gaze before hand, ms", Limit::Within(100.0, 300.0), leads),
        worst("ray error, degrees", Limit::AtMost(6.0), errors),
        worst("look back, s", Limit::AtMost(1.5), backs),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::specimen::{Specimen, catches};
    use super::*;

    fn profile(speed: impl Fn(f32) -> f32) -> Vec<f32> {
        let rest = [0.0; 9];
        let way = (0..90).map(|at| speed((at as f32 + 0.5) / 90.0));
        rest.iter().copied().chain(way).chain(rest).collect()
    }

    #[test]
    fn measures_of_smoothness_have_their_known_values() {
        let minimum_jerk = profile(|t| 30.0 * t * t * (1.0 - t) * (1.0 - t));
        assert!((sparc(&minimum_jerk, 90.0) + 1.40).abs() < 0.06, "{}", sparc(&minimum_jerk, 90.0));
        assert!((ldlj(&minimum_jerk, 90.0) + 5.8).abs() < 0.3, "{}", ldlj(&minimum_jerk, 90.0));
        let linear = profile(|_| 1.0);
        assert!(sparc(&linear, 90.0) < -1.8 && ldlj(&linear, 90.0) < -12.0);
    }

    #[test]
    fn a_hand_that_stutters_is_caught() {
        catches("G-M1", &Specimen::Pointing, |track| {
            let chest = |track: &Track, at: usize| track.frames[at].joint(B::UpperChest);
            for at in (0..track.frames.len() - 6).step_by(6) {
                for late in 1..6 {
                    let (from, to) = (chest(track, at), chest(track, at + late));
                    let held = track.frames[at].joint(B::LeftHand).place;
                    let held = to.place + to.turn * (from.turn.inverse() * (held - from.place));
                    track.frames[at + late].joints[B::LeftHand.index()].place = held;
                }
            }
        });
    }

    #[test]
    fn a_gesture_beside_its_words_is_caught() {
        catches("G-S1", &Specimen::Pointing, |track| {
            let first = track.events.iter().find(|e| e.what == What::Accent).map_or(0.0, |e| e.secs);
            track.events.retain(|e| e.what != What::Accent);
            let stroke = strokes(track).into_iter().map(|s| s.start).max().unwrap_or(0);
            let secs = track.at(stroke) + 0.02 * first.min(1.0) - 0.3;
            track.frames.iter_mut().for_each(|frame| frame.talk = Talk::Speaking);
            track.events.push(Event { secs, what: What::Accent });
        });
    }

    #[test]
    fn a_hand_that_leads_the_eyes_is_caught() {
        catches("G-S2", &Specimen::Pointing, |track| {
            for frame in &mut track.frames {
                frame.gaze = (frame.customer - frame.eyes).normalize();
            }
        });
    }

    #[test]
    fn a_hand_that_points_elsewhere_is_caught() {
        catches("G-S2", &Specimen::Pointing, |track| {
            for frame in &mut track.frames {
                frame.joints[B::LeftMiddleProximal.index()].place.y -= 0.06;
            }
        });
    }
}
