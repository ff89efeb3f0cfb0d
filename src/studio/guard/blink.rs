//! Guards of the blinks.

use super::signal::spans;
use super::{Limit, Measure, worst};
use crate::studio::track::Track;

/// Lids beyond this are a blink, not a look down.
const SHUT: f32 = 0.5;
/// Lids move by less than this in a frame: the blink has not begun, or is over.
const STILL_PER_SEC: f32 = 0.5;
/// Longer ones are meant: the listener's "message received".
const LONG_SECS: f32 = 0.35;
/// Shorter pauses make a double blink.
const DOUBLE_SECS: f32 = 0.6;

struct Blink {
    start: usize,
    end: usize,
    close_secs: f32,
    open_secs: f32,
    /// Whether the lids did nothing else meanwhile: those that go down with the gaze, or come up, make two movements
    /// of one.
    pure: bool,
}

fn blinks(track: &Track) -> Vec<Blink> {
    let lid = track.curve(crate::studio::track::Frame::lid);
    let still = STILL_PER_SEC * track.dt_secs();
    let mut found: Vec<Blink> = Vec::new();
    for span in spans(lid.len(), |at| lid[at] > SHUT) {
        let start = (1..=span.first).rev().find(|at| lid[*at] - lid[at - 1] < still).unwrap_or(0);
        let end = (span.last..lid.len() - 1).find(|at| lid[*at] - lid[at + 1] < still && lid[*at] < SHUT);
        let Some(end) = end else { continue };
        let top = lid[span.first..=span.last].iter().copied().fold(0.0, f32::max);
        let (low, high) = (lid[start] + 0.25 * (top - lid[start]), lid[start] + 0.75 * (top - lid[start]));
        let close_secs = crossing(&lid, start..end, high) - crossing(&lid, start..end, low);
        let lid_back = |at: usize| lid[end + start - at];
        let back: Vec<f32> = (start..=end).map(lid_back).collect();
        let (low, high) = (lid[end] + 0.25 * (top - lid[end]), lid[end] + 0.75 * (top - lid[end]));
        let open_secs = crossing(&back, 0..back.len() - 1, high) - crossing(&back, 0..back.len() - 1, low);
        if start == 0 || found.last().is_some_and(|before| start < before.end) {
            continue;
        }
        let pure = (lid[start] - lid[end]).abs() < 0.06;
        let (close_secs, open_secs) = (close_secs * track.dt_secs(), open_secs * track.dt_secs());
        found.push(Blink { start, end, close_secs, open_secs, pure });
    }
    found
}

/// Where a curve first rises through a level, in frames, between the frames as a straight line.
fn crossing(curve: &[f32], within: std::ops::Range<usize>, level: f32) -> f32 {
    let mut pairs = within.map(|at| (at, curve[at], curve[at + 1]));
    let found = pairs.find(|(_, now, next)| *now < level && *next >= level);
    found.map_or(0.0, |(at, now, next)| at as f32 + (level - now) / (next - now))
}

/// Pauses between blinks with the time of the later one, seconds.
fn pauses(track: &Track) -> Vec<(f32, f32)> {
    let blinks = blinks(track);
    blinks.windows(2).map(|pair| (track.at(pair[1].start - pair[0].start), track.at(pair[1].start))).collect()
}

pub(super) fn rate(track: &Track) -> Vec<Measure> {
    let starts: Vec<f32> = blinks(track).iter().map(|blink| track.at(blink.start)).collect();
    if track.secs() < 60.0 {
        return Vec::new();
    }
    let windows = (0..=((track.secs() - 60.0) / 5.0) as usize).map(|nth| 5.0 * nth as f32);
    let rates =
        windows.map(|from| (starts.iter().filter(|start| (from..from + 60.0).contains(*start)).count() as f32, from));
    let mean = (track.secs() >= 120.0).then(|| (starts.len() as f32 * 60.0 / track.secs(), 0.0));
    [
        worst("in any minute", Limit::Within(10.5, 32.5), rates),
        worst("mean per minute", Limit::Within(14.0, 26.0), mean),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn intervals(track: &Track) -> Vec<Measure> {
    let pauses = pauses(track);
    let doubles = pauses.iter().filter(|pause| pause.0 < DOUBLE_SECS).count() as f32 / pauses.len().max(1) as f32;
    let known = (pauses.len() >= 40).then_some((100.0 * doubles, 0.0));
    let last = blinks(track).last().map_or(0, |blink| blink.start);
    let open_end = (track.at(track.frames.len() - last), track.at(last));
    [
        worst("longest, s", Limit::AtMost(10.0), pauses.iter().copied().chain([open_end])),
        worst("shortest, s", Limit::AtLeast(0.4), pauses.iter().copied()),
        worst("double blinks, %", Limit::AtMost(8.0), known),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn lengths(track: &Track) -> Vec<Measure> {
    let blinks = blinks(track);
    let total = |blink: &Blink| track.at(blink.end - blink.start);
    let at = |blink: &Blink| track.at(blink.start);
    let (long, short): (Vec<&Blink>, Vec<&Blink>) =
        blinks.iter().filter(|blink| blink.pure).partition(|blink| total(blink) > LONG_SECS);
    let crowd = long.iter().map(|blink| {
        let near = long.iter().filter(|other| (at(blink)..at(blink) + 60.0).contains(&at(other))).count();
        (near as f32, at(blink))
    });
    [
        worst("total, s", Limit::Within(0.2, LONG_SECS), short.iter().map(|blink| (total(blink), at(blink)))),
        worst("long, s", Limit::AtMost(0.607), long.iter().map(|blink| (total(blink), at(blink)))),
        worst("long per minute", Limit::AtMost(2.0), crowd),
        worst(
            "close to open",
            Limit::AtMost(0.95),
            short.iter().map(|blink| (blink.close_secs / blink.open_secs.max(1e-3), at(blink))),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn with_shifts(track: &Track) -> Vec<Measure> {
    let blinks = blinks(track);
    let shifts: Vec<f32> = super::gaze::jumps(track)
        .iter()
        .filter(|jump| jump.size_rad.to_degrees() > 33.0)
        .map(|jump| track.at(jump.from))
        .collect();
    let blinked = |secs: &&f32| blinks.iter().any(|b| (track.at(b.start) - **secs).abs() < 0.7);
    let share = 100.0 * shifts.iter().filter(blinked).count() as f32 / shifts.len().max(1) as f32;
    let missed = shifts.iter().find(|secs| !blinked(secs)).copied().unwrap_or(0.0);
    let known = (shifts.len() >= 4).then_some((share, missed));
    worst("%", Limit::AtLeast(90.0), known).into_iter().collect()
}

pub(super) fn spread(track: &Track) -> Vec<Measure> {
    let mut logs: Vec<f32> = pauses(track).iter().map(|pause| pause.0).collect();
    if logs.len() < 60 {
        return Vec::new();
    }
    let stats = |values: &[f32]| {
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / values.len() as f32;
        (mean, variance.sqrt())
    };
    let (mean, sd) = stats(&logs);
    let beat = worst("coefficient of variation", Limit::Within(0.4, 1.0), [(sd / mean, 0.0)]);
    // Double blinks are a kind of their own.
    logs.retain(|pause| *pause >= DOUBLE_SECS);
    for value in &mut logs {
        *value = value.max(1e-3).ln();
    }
    logs.sort_by(f32::total_cmp);
    let (mean, sd) = stats(&logs);
    let count = logs.len() as f32;
    let off = logs.iter().enumerate().map(|(nth, value)| {
        let fit = normal((value - mean) / sd.max(1e-3));
        (nth as f32 / count - fit).abs().max(((nth + 1) as f32 / count - fit).abs())
    });
    // Kolmogorov and Smirnov with fitted parameters, at one in ten thousand: an hour alone has twelve parts.
    let distance = off.fold(0.0, f32::max) * count.sqrt();
    let fit = worst("distance from log-normal", Limit::AtMost(1.35), [(distance, 0.0)]);
    beat.into_iter().chain(fit).collect()
}

/// The normal distribution, to 0.001.
fn normal(z: f32) -> f32 {
    1.0 / (1.0 + (-(1.5976 * z + 0.070_565_99 * z * z * z)).exp())
}

#[cfg(test)]
mod tests {
    use super::super::specimen::{Specimen, catches};
    use super::*;
    use crate::vrm::BlendShape as S;

    /// Takes all blinks out and puts others in: start and length, seconds.
    fn blinking(track: &mut Track, blinks: &[(f32, f32)]) {
        let rate = track.rate_hz;
        for (at, frame) in track.frames.iter_mut().enumerate() {
            let secs = at as f32 / rate;
            let closed = blinks.iter().map(|(start, length)| {
                let tau = (secs - start) / length;
                if tau < 0.35 {
                    crate::motion::min_jerk(tau / 0.35)
                } else {
                    1.0 - crate::motion::min_jerk((tau - 0.35) / 0.65)
                }
            });
            let lid = closed.fold(0.0, f32::max);
            frame.pose.face[S::EyeBlinkLeft.index()] = lid;
            frame.pose.face[S::EyeBlinkRight.index()] = lid;
        }
    }

    fn every(secs: f32, length: f32) -> Vec<(f32, f32)> {
        (1..(178.0 / secs) as usize).map(|nth| (nth as f32 * secs, length)).collect()
    }

    #[test]
    fn too_few_and_too_many_blinks_are_caught() {
        catches("G-B1", &Specimen::Long, |track| blinking(track, &every(7.0, 0.25)));
        catches("G-B1", &Specimen::Long, |track| blinking(track, &every(1.5, 0.25)));
    }

    #[test]
    fn a_stare_without_blinks_is_caught() {
        catches("G-B2", &Specimen::Calm, |track| blinking(track, &[(1.0, 0.25), (12.5, 0.25)]));
    }

    #[test]
    fn slow_and_snapping_blinks_are_caught() {
        catches("G-B3", &Specimen::Calm, |track| blinking(track, &every(4.0, 0.12)));
        catches("G-B3", &Specimen::Calm, |track| blinking(track, &every(4.0, 0.8)));
        catches("G-B3", &Specimen::Calm, |track| {
            track.frames.reverse();
        });
    }

    #[test]
    fn a_large_shift_without_a_blink_is_caught() {
        catches("G-B4", &Specimen::Calm, |track| {
            blinking(track, &[]);
            for (at, frame) in track.frames.iter_mut().enumerate() {
                let turn = if at / 450 % 2 == 0 { 0.0 } else { 0.8 };
                frame.gaze = glam::Quat::from_rotation_y(turn) * glam::Vec3::Z;
            }
        });
    }

    #[test]
    fn a_metronome_is_caught() {
        catches("G-B5", &Specimen::Long, |track| blinking(track, &every(2.5, 0.25)));
    }
}
