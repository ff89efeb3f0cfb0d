//! When springs step. They are tuned for sixty steps a second, and damping counts by the step: so they take exactly
//! these, however often the picture is drawn.

/// Time between two steps.
pub(super) const STEP_SECS: f32 = 1.0 / 60.0;
/// A longer pause than this many steps is not made up for.
const MAX_STEPS: u32 = 8;
/// Less than this part of a step does not count: frame clocks jitter.
const NOTHING: f32 = 1.0e-3;

/// The time since the last step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct SpringClock {
    since_step_secs: f32,
}

/// What to do in an update.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plan {
    /// How many steps to take.
    pub(super) steps: u32,
    /// How far the way from the last step to the one after it is gone at the end of the update, 0..1.
    pub(super) part_after: f32,
    first: f32,
    each: f32,
}

impl Plan {
    /// When step `at` takes place, as a part of the update.
    pub(super) fn part_of_update(&self, at: u32) -> f32 {
        let part = self.first + self.each * at as f32;
        // The end is met exactly, so that nothing needs to be interpolated where the clocks agree.
        if part > 1.0 - NOTHING { 1.0 } else { part.max(0.0) }
    }
}

impl SpringClock {
    /// Lets time pass. Time that does not run forward stands still.
    pub(super) fn advance(&mut self, dt_secs: f32) -> Plan {
        let longest = MAX_STEPS as f32 * STEP_SECS;
        let dt = if dt_secs > 0.0 { dt_secs.min(longest) } else { 0.0 };
        let due = (self.since_step_secs + dt) / STEP_SECS + NOTHING;
        let steps = (due as u32).min(MAX_STEPS);
        let left = self.since_step_secs + dt - steps as f32 * STEP_SECS;
        let part_after = (left / STEP_SECS).clamp(0.0, 1.0);
        let each = if dt > 0.0 { STEP_SECS / dt } else { 0.0 };
        let first = if dt > 0.0 { (STEP_SECS - self.since_step_secs) / dt } else { 0.0 };
        self.since_step_secs = left.min(STEP_SECS);
        Plan { steps, part_after: if part_after < NOTHING { 0.0 } else { part_after }, first, each }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sixty_frames_are_sixty_steps_at_their_ends() {
        let mut clock = SpringClock::default();
        for _ in 0..600 {
            let plan = clock.advance(1.0 / 60.0);
            assert_eq!((plan.steps, plan.part_after, plan.part_of_update(0)), (1, 0.0, 1.0));
        }
    }

    #[test]
    fn steps_fall_on_their_times_at_any_rate() {
        for rate in [30.0_f32, 59.94, 72.0, 90.0, 120.0, 144.0] {
            let mut clock = SpringClock::default();
            let (mut now, mut steps) = (0.0_f32, 0_u32);
            for _ in 0..200 {
                let plan = clock.advance(1.0 / rate);
                for at in 0..plan.steps {
                    steps += 1;
                    let when = now + plan.part_of_update(at) / rate;
                    assert!((when - steps as f32 * STEP_SECS).abs() < 1.0e-4, "{rate} Hz, step {steps} at {when}");
                }
                now += 1.0 / rate;
                let ahead = now - steps as f32 * STEP_SECS;
                assert!((ahead / STEP_SECS - plan.part_after).abs() < 1.0e-2);
            }
        }
    }

    #[test]
    fn a_pause_is_not_made_up_for() {
        let mut clock = SpringClock::default();
        assert_eq!(clock.advance(3600.0).steps, MAX_STEPS);
        assert_eq!(clock.advance(STEP_SECS).steps, 1);
    }

    proptest! {
        #[test]
        fn any_time_is_safe(times in proptest::collection::vec(proptest::num::f32::ANY, 1..20)) {
            let mut clock = SpringClock::default();
            for dt in times {
                let plan = clock.advance(dt);
                prop_assert!(plan.steps <= MAX_STEPS);
                prop_assert!((0.0..=1.0).contains(&plan.part_after));
                for at in 0..plan.steps {
                    prop_assert!((0.0..=1.0).contains(&plan.part_of_update(at)));
                }
                prop_assert!(dt > 0.0 || plan.steps == 0);
            }
        }
    }
}
