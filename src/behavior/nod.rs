//! Nods: cycles of down and up that shrink from one to the next.

use super::motion::bump;
use crate::affect::NodStyle;

/// Each cycle is this much of the one before.
const DECLINE: f32 = 0.65;
/// Least time between two nods.
const REFRACTORY_SECS: f32 = 0.9;

/// At most one nod at a time.
#[derive(Debug, Clone)]
pub(super) struct Nods {
    current: Option<Nod>,
    since_end_secs: f32,
}

#[derive(Debug, Clone, Copy)]
struct Nod {
    depth_rad: f32,
    hz: f32,
    cycles: u8,
    elapsed_secs: f32,
}

impl Default for Nods {
    fn default() -> Self {
        Self { current: None, since_end_secs: f32::MAX }
    }
}

impl Nods {
    /// Starts a nod unless one is going on or just over; says whether it did.
    pub(super) fn start(&mut self, style: NodStyle, cycles: u8, amount: f32) -> bool {
        if self.current.is_some() || self.since_end_secs < REFRACTORY_SECS {
            return false;
        }
        let nod =
            Nod { depth_rad: style.depth_rad * amount, hz: style.hz, cycles: cycles.clamp(1, 3), elapsed_secs: 0.0 };
        self.current = Some(nod);
        true
    }

    /// Seconds since the last nod.
    pub(super) fn since_end_secs(&self) -> f32 {
        self.since_end_secs
    }

    /// Lets time pass; how far down the head is, radians.
    pub(super) fn advance(&mut self, dt_secs: f32) -> f32 {
        let Some(nod) = &mut self.current else {
            self.since_end_secs = (self.since_end_secs + dt_secs).min(f32::MAX);
            return 0.0;
        };
        nod.elapsed_secs += dt_secs;
        let phase = nod.elapsed_secs * nod.hz;
        let cycle = phase.floor();
        if cycle >= f32::from(nod.cycles) {
            self.current = None;
            self.since_end_secs = 0.0;
            return 0.0;
        }
        nod.depth_rad * DECLINE.powf(cycle) * bump(phase - cycle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::affect::{Level, Stance};

    #[test]
    fn a_slow_nod_goes_down_and_up_and_shrinks() {
        let style = Stance::of(Level::Furious).nod;
        let mut nods = Nods::default();
        assert!(nods.start(style, 2, 1.0));
        assert!(!nods.start(style, 1, 1.0));
        let track: Vec<f32> = (0..500).map(|_| nods.advance(0.01).to_degrees()).collect();
        let first = track[..180].iter().copied().fold(0.0, f32::max);
        let second = track[185..].iter().copied().fold(0.0, f32::max);
        assert!((7.0..=10.0).contains(&first) && second < 0.7 * first && second > 3.0, "{first} {second}");
        assert!(track.windows(2).all(|w| (w[1] - w[0]).abs() < 0.3));
        assert!(nods.current.is_none());
    }
}
