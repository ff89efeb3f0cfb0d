//! Signals: what curves are asked by more than one guard.

use crate::studio::track::Track;

/// A stretch of frames, first to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: usize,
    pub(super) last: usize,
}

/// Stretches in which a test holds.
pub(super) fn spans(count: usize, test: impl Fn(usize) -> bool) -> Vec<Span> {
    let mut found = Vec::new();
    let mut first = None;
    for frame in 0..=count {
        let holds = frame < count && test(frame);
        match (first, holds) {
            (None, true) => first = Some(frame),
            (Some(start), false) => {
                found.push(Span { first: start, last: frame - 1 });
                first = None;
            }
            _ => {}
        }
    }
    found
}

/// A rise or fall of a curve that does not turn back on the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slope {
    pub(super) from: usize,
    pub(super) change: f32,
    /// From 10 to 90 % of the change, seconds.
    pub(super) secs: f32,
}

/// Rises and falls of at least `least`; flutter below `flutter` does not end one.
pub(super) fn slopes(track: &Track, curve: &[f32], least: f32, flutter: f32) -> Vec<Slope> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut extreme = 0;
    let mut sign = 0.0f32;
    for frame in 1..curve.len() {
        let now = curve[frame];
        if sign == 0.0 {
            if (now - curve[from]).abs() > flutter {
                sign = (now - curve[from]).signum();
                extreme = frame;
            }
        } else if (now - curve[extreme]) * sign > 0.0 {
            extreme = frame;
        } else if (curve[extreme] - now) * sign > flutter {
            push(track, curve, from, extreme, least, &mut found);
            (from, extreme, sign) = (extreme, frame, -sign);
        }
    }
    if sign != 0.0 {
        push(track, curve, from, extreme, least, &mut found);
    }
    found
}

fn push(track: &Track, curve: &[f32], from: usize, to: usize, least: f32, found: &mut Vec<Slope>) {
    let change = curve[to] - curve[from];
    if change.abs() < least {
        return;
    }
    let crossing = |share: f32| {
        let level = curve[from] + share * change;
        (from..=to).find(|frame| (curve[*frame] - level) * change.signum() >= 0.0).unwrap_or(to)
    };
    // From the steepest step, as of a minimum-jerk movement: a rest on the way is not part of the movement.
    let steepest = curve[from..=to].windows(2).map(|w| (w[1] - w[0]).abs()).fold(1e-6, f32::max);
    let secs = 0.949 * change.abs() / steepest * track.dt_secs();
    found.push(Slope { from: crossing(0.1), change, secs });
}

/// The share of a sorted list, 0..=1.
pub(super) fn quantile(values: &mut [f32], share: f32) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get((share * values.len().saturating_sub(1) as f32).round() as usize).copied()
}

/// A running mean over so many frames to either side.
pub(super) fn smoothed(curve: &[f32], reach: usize) -> Vec<f32> {
    let mut sums = Vec::with_capacity(curve.len() + 1);
    let mut sum = 0.0f64;
    sums.push(0.0);
    for value in curve {
        sum += f64::from(*value);
        sums.push(sum);
    }
    (0..curve.len())
        .map(|at| {
            let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(curve.len()));
            ((sums[to] - sums[from]) / (to - from) as f64) as f32
        })
        .collect()
}
