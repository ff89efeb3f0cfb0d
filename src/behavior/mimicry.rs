//! Mimicry: the agent's head takes up a little of how the customer's head moves, as people do who get on. Only where
//! the customer's head is known: in a headset.

use glam::Vec2;

use super::motion::Spring;
use crate::affect::Level;

/// Samples of the customer's head per second, and how many of them lie between it and the agent's.
const TICKS_PER_SEC: f32 = 60.0;
const DELAY_TICKS: usize = 26;
/// Half-lives of what smooths (together with the delay it lags by 0.6 s) and of what is taken for the pose held.
const SMOOTH_SECS: f32 = 0.07;
const POSE_SECS: f32 = 1.1;
/// The agent's head moves by this at most, radians.
const MOST_RAD: f32 = 0.06;
/// Turns to and fro of at least this, so many within that time, say no.
const SHAKE_RAD: f32 = 0.035;
const SHAKES: usize = 3;
const SHAKE_WITHIN_SECS: f32 = 1.6;
/// After a no the head keeps its own counsel this long: to shake along would mock.
const AFTER_NO_SECS: f32 = 3.0;

/// Takes up movements of the customer's head.
#[derive(Debug, Clone)]
pub(super) struct Mimicry {
    past: [Vec2; DELAY_TICKS],
    next: usize,
    tick_secs: f32,
    /// Smoothed yaw and pitch, and the pose that the head is held in.
    smooth: [Spring; 2],
    held: [Spring; 2],
    gain: Spring,
    known: bool,
    shake: Shake,
    quiet_secs: f32,
}

/// Watches for a shaken head.
#[derive(Debug, Clone, Default)]
struct Shake {
    /// The last turning point, and in which direction the head goes since.
    turned_at: f32,
    extreme: f32,
    direction: f32,
    ages_secs: [f32; SHAKES],
}

impl Default for Mimicry {
    fn default() -> Self {
        Self {
            past: [Vec2::ZERO; DELAY_TICKS],
            next: 0,
            tick_secs: 0.0,
            smooth: [Spring::new(0.0, SMOOTH_SECS); 2],
            held: [Spring::new(0.0, POSE_SECS); 2],
            gain: Spring::new(0.0, 0.4),
            known: false,
            shake: Shake { ages_secs: [f32::MAX; SHAKES], ..Shake::default() },
            quiet_secs: 0.0,
        }
    }
}

impl Mimicry {
    /// Lets time pass; yaw and pitch for the agent's head. `head` is the customer's yaw (about +Y) and pitch (positive
    /// downward) from facing the agent.
    pub(super) fn advance(&mut self, dt_secs: f32, head: Option<Vec2>, level: Level, speaking: bool) -> Vec2 {
        let head = head.filter(|head| head.is_finite()).map(|head| head.clamp(Vec2::splat(-1.6), Vec2::splat(1.6)));
        if let (Some(head), false) = (head, self.known) {
            // Whoever puts the headset on has not moved.
            self.past = [head; DELAY_TICKS];
            for (axis, now) in [head.x, head.y].into_iter().enumerate() {
                self.smooth[axis] = Spring::new(now, SMOOTH_SECS);
                self.held[axis] = Spring::new(now, POSE_SECS);
            }
        }
        self.known = head.is_some();
        self.quiet_secs -= dt_secs;
        if head.is_some_and(|head| self.shake.seen(dt_secs, head.x)) {
            self.quiet_secs = AFTER_NO_SECS;
        }
        let wanted = if self.known && self.quiet_secs <= 0.0 && !speaking { gain(level) } else { 0.0 };
        let gain = self.gain.follow(wanted, dt_secs);
        self.tick_secs += dt_secs;
        while self.tick_secs >= 1.0 / TICKS_PER_SEC {
            self.tick_secs -= 1.0 / TICKS_PER_SEC;
            let late = self.past[self.next];
            self.past[self.next] = head.unwrap_or(late);
            self.next = (self.next + 1) % DELAY_TICKS;
        }
        let late = self.past[self.next];
        let [yaw, pitch] = [0, 1].map(|axis| {
            let goal = if axis == 0 { late.x } else { late.y };
            let smooth = self.smooth[axis].follow(goal, dt_secs);
            let moved = gain * (smooth - self.held[axis].follow(goal, dt_secs));
            // Softly into the limit: a head that stops short is a machine's.
            MOST_RAD * (moved / MOST_RAD).tanh()
        });
        // As in a mirror: their left is my right.
        Vec2::new(-yaw, pitch)
    }
}

/// How much of a movement is taken up.
fn gain(level: Level) -> f32 {
    match level {
        Level::CalmInquiry | Level::CalmSuggestion => 0.4,
        Level::CalmComplaint => 0.3,
        Level::Dissatisfied => 0.2,
        Level::Furious => 0.0,
    }
}

impl Shake {
    fn seen(&mut self, dt_secs: f32, yaw: f32) -> bool {
        for age in &mut self.ages_secs {
            *age = (*age + dt_secs).min(f32::MAX);
        }
        let past = (self.extreme - yaw) * self.direction;
        if self.direction == 0.0 {
            if (yaw - self.turned_at).abs() > SHAKE_RAD {
                self.direction = (yaw - self.turned_at).signum();
                self.extreme = yaw;
            }
        } else if past < 0.0 {
            self.extreme = yaw;
        } else if past > SHAKE_RAD {
            // Turned back by enough.
            self.direction = -self.direction;
            self.extreme = yaw;
            self.ages_secs.rotate_right(1);
            self.ages_secs[0] = 0.0;
            return self.ages_secs[SHAKES - 1] < SHAKE_WITHIN_SECS;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The agent's yaw and pitch over time for a customer's head.
    fn played(level: Level, speaking: bool, rate: f32, head: impl Fn(f32) -> Vec2) -> Vec<Vec2> {
        let mut mimicry = Mimicry::default();
        let frames = 0..(8.0 * rate) as usize;
        frames.map(|at| mimicry.advance(1.0 / rate, Some(head(at as f32 / rate)), level, speaking)).collect()
    }

    fn nod(secs: f32) -> Vec2 {
        Vec2::new(0.0, 0.12 * (secs * std::f32::consts::TAU * 0.6).sin())
    }

    fn greatest(values: &[Vec2]) -> f32 {
        values.iter().map(|v| v.length()).fold(0.0, f32::max)
    }

    #[test]
    fn a_nod_comes_back_smaller_and_six_tenths_of_a_second_later() {
        let agent = played(Level::CalmInquiry, false, 90.0, nod);
        let size = greatest(&agent);
        assert!((0.02..=MOST_RAD).contains(&size), "{size}");
        // Where shifting the customer's curve fits the agent's best.
        let fit = |lag: usize| (360..700).map(|at| agent[at].y * nod((at - lag) as f32 / 90.0).y).sum::<f32>();
        let lag = (0..120).max_by(|a, b| fit(*a).total_cmp(&fit(*b))).unwrap_or(0) as f32 / 90.0;
        assert!((0.4..0.7).contains(&lag), "{lag}");
    }

    #[test]
    fn furious_customers_and_the_agents_own_words_are_not_mimicked() {
        assert!(greatest(&played(Level::Furious, false, 90.0, nod)) < 1e-4);
        assert!(greatest(&played(Level::CalmInquiry, true, 90.0, nod)) < 1e-4);
        let [calm, upset] = [Level::CalmInquiry, Level::Dissatisfied].map(|l| greatest(&played(l, false, 90.0, nod)));
        assert!(upset < 0.75 * calm);
    }

    #[test]
    fn a_shaken_head_is_not_shaken_back() {
        let shake = |secs: f32| Vec2::new(0.15 * (secs * std::f32::consts::TAU * 1.2).sin(), 0.0);
        let agent = played(Level::CalmInquiry, false, 90.0, shake);
        assert!(greatest(&agent[180..]) < 0.02, "{}", greatest(&agent[180..]));
    }

    #[test]
    fn a_head_held_aside_is_no_movement_and_a_turn_is_mirrored() {
        let agent = played(Level::CalmInquiry, false, 90.0, |_| Vec2::new(0.4, -0.2));
        assert!(greatest(&agent) < 1e-4);
        let turned = |secs: f32| Vec2::new(0.2 * (secs - 2.0).clamp(0.0, 1.0), 0.0);
        let agent = played(Level::CalmInquiry, false, 90.0, turned);
        assert!(agent[290].x < -0.01, "{}", agent[290].x);
    }

    #[test]
    fn the_frame_rate_does_not_matter_and_nothing_strange_does() {
        let [slow, fast] = [30.0, 120.0].map(|rate| played(Level::CalmInquiry, false, rate, nod));
        for second in 2..8 {
            assert!((slow[second * 30 - 1] - fast[second * 120 - 1]).length() < 0.012);
        }
        let strange = played(Level::CalmInquiry, false, 90.0, |_| Vec2::new(f32::NAN, 1e30));
        assert!(greatest(&strange).is_finite());
    }
}
