//! Blinks: log-normal intervals, some double, some long with a nod, most with large shifts of gaze.

use super::{dice::Dice, motion::min_jerk};

const SIGMA: f32 = 0.58;
const MIN_GAP_SECS: f32 = 0.6;
const MAX_GAP_SECS: f32 = 7.5;
/// How much of the surplus of past intervals the next one makes up for: keeps every minute within human range.
const DEBT_SHARE: f32 = 0.25;

/// Closes and opens the lids.
#[derive(Debug, Clone)]
pub(super) struct Blinks {
    dice: Dice,
    wait_secs: f32,
    since_secs: f32,
    debt: f32,
    closing: Option<Blink>,
    twice: bool,
}

#[derive(Debug, Clone, Copy)]
struct Blink {
    close_secs: f32,
    hold_secs: f32,
    open_secs: f32,
    amount: f32,
    elapsed_secs: f32,
}

impl Blinks {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, 21);
        let wait_secs = dice.between(0.8, 2.5);
        Self { dice, wait_secs, since_secs: 0.0, debt: 0.0, closing: None, twice: false }
    }

    /// The gaze jumps this far: large jumps take a blink along.
    pub(super) fn notice_shift(&mut self, shift_rad: f32) {
        let chance = ((shift_rad.to_degrees() - 10.0) / 23.0).clamp(0.0, 1.0);
        if self.since_secs > 0.3 && self.dice.chance(chance) {
            self.start(false);
        }
    }

    /// A long blink, the listener's "message received".
    pub(super) fn long(&mut self) {
        if self.since_secs > 0.8 {
            self.start(true);
        }
    }

    /// Lets time pass; how far the lids are closed, 0..=1.
    pub(super) fn advance(&mut self, dt_secs: f32, per_minute: f32) -> f32 {
        self.since_secs += dt_secs;
        if self.closing.is_none() && self.since_secs >= self.wait_secs {
            self.start(false);
        }
        let Some(blink) = &mut self.closing else { return 0.0 };
        blink.elapsed_secs += dt_secs;
        if let Some(closed) = blink.closed() {
            return closed;
        }
        self.closing = None;
        self.plan(per_minute);
        0.0
    }

    fn start(&mut self, long: bool) {
        if self.closing.is_some() {
            return;
        }
        let hold_secs = if long { self.dice.between(0.16, 0.22) } else { self.dice.between(0.012, 0.05) };
        self.closing = Some(Blink {
            close_secs: self.dice.between(0.075, 0.09),
            hold_secs,
            open_secs: self.dice.between(0.135, 0.18),
            amount: self.dice.between(0.8, 1.0),
            elapsed_secs: 0.0,
        });
    }

    fn plan(&mut self, per_minute: f32) {
        let mean = 60.0 / per_minute.clamp(8.0, 32.0);
        if !self.twice {
            self.debt = (self.debt + self.since_secs - mean).clamp(-2.0 * mean, 2.0 * mean);
        }
        self.since_secs = 0.0;
        self.twice = !self.twice && self.dice.chance(0.06);
        self.wait_secs = if self.twice {
            self.dice.between(0.42, 0.6)
        } else {
            // As a factor: a difference would bend the distribution.
            let made_up = (-DEBT_SHARE * self.debt / mean).exp();
            (made_up * self.dice.log_normal(mean, SIGMA)).clamp(MIN_GAP_SECS, MAX_GAP_SECS)
        };
    }
}

impl Blink {
    fn closed(&self) -> Option<f32> {
        let t = self.elapsed_secs;
        let opening = t - self.close_secs - self.hold_secs;
        if t < self.close_secs {
            Some(self.amount * min_jerk(t / self.close_secs))
        } else if opening < 0.0 {
            Some(self.amount)
        } else if opening < self.open_secs {
            Some(self.amount * (1.0 - min_jerk(opening / self.open_secs)))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_minute_has_a_human_number_of_blinks() {
        for seed in 0..12 {
            for per_minute in [16.0, 20.0, 25.0] {
                let mut blinks = Blinks::new(seed);
                let (mut onsets, mut before) = (Vec::new(), 0.0);
                for frame in 0..60 * 300 {
                    let now = blinks.advance(1.0 / 60.0, per_minute);
                    assert!((0.0..=1.0).contains(&now));
                    if before == 0.0 && now > 0.0 {
                        onsets.push(frame as f32 / 60.0);
                    }
                    before = now;
                }
                assert!(onsets.windows(2).all(|w| w[1] - w[0] <= 10.0));
                for start in (0..240).step_by(10) {
                    let window = start as f32..start as f32 + 60.0;
                    let count = onsets.iter().filter(|t| window.contains(t)).count();
                    assert!((10..=33).contains(&count), "seed {seed}, {per_minute}/min: {count}");
                }
            }
        }
    }
}
