//! Seeded chance. Every part that needs chance has its own stream, so that one part's draws never shift
//! another's.

use rand_core::Rng as _;
use rand_pcg::Pcg32;

/// A stream of random numbers: the same seed and stream give the same numbers on every machine.
#[derive(Debug, Clone)]
pub(super) struct Dice(Pcg32);

impl Dice {
    /// A stream of its own under a seed.
    #[must_use]
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self(Pcg32::new(seed, stream))
    }

    /// Uniform in 0..1.
    pub(super) fn unit(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1u32 << 24) as f32
    }

    /// Uniform between two values.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// True with this probability.
    pub(super) fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// Standard normal.
    pub(super) fn normal(&mut self) -> f32 {
        let radius = (-2.0 * self.unit().max(1e-7).ln()).sqrt();
        radius * (std::f32::consts::TAU * self.unit()).cos()
    }

    /// Log-normal with the given arithmetic mean and spread of the logarithm: how blink and posture intervals
    /// are distributed in people.
    pub(super) fn log_normal(&mut self, mean: f32, sigma: f32) -> f32 {
        (mean.max(1e-3).ln() - sigma * sigma / 2.0 + sigma * self.normal()).exp()
    }

    /// Index drawn in proportion to the weights; 0 where no weight is positive.
    pub(super) fn pick(&mut self, weights: impl Iterator<Item = f32> + Clone) -> usize {
        let total: f32 = weights.clone().map(|w| w.max(0.0)).sum();
        let mut left = self.unit() * total;
        let mut last = 0;
        for (i, weight) in weights.enumerate() {
            if weight > 0.0 {
                last = i;
                if left < weight {
                    return i;
                }
                left -= weight;
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_normal_has_the_mean_asked_for() {
        let mut dice = Dice::new(7, 1);
        let mean = (0..20_000).map(|_| dice.log_normal(3.0, 0.5)).sum::<f32>() / 20_000.0;
        assert!((mean - 3.0).abs() < 0.1, "{mean}");
    }

    #[test]
    fn pick_follows_weights_and_survives_none() {
        let mut dice = Dice::new(1, 1);
        let hits = (0..1000).filter(|_| dice.pick([1.0, 3.0].into_iter()) == 1).count();
        assert!((680..820).contains(&hits), "{hits}");
        assert_eq!(dice.pick(std::iter::empty()), 0);
    }
}
