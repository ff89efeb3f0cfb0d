//! Motion primitives: minimum jerk, re-plannable glides, critically damped springs. All are exact in time, so
//! 60 and 120 Hz look the same.

use glam::{Quat, Vec3};

/// Minimum-jerk progress 0..=1 for `tau` in 0..=1: the way a hand or a brow moves.
#[must_use]
pub fn min_jerk(tau: f32) -> f32 {
    let t = tau.clamp(0.0, 1.0);
    // Rounding must not take it past 1: callers subtract it from 1.
    (t * t * t * (10.0 + t * (-15.0 + 6.0 * t))).clamp(0.0, 1.0)
}

/// A smooth bump: 0 at both ends of `tau` 0..=1, 1 in the middle, zero speed at both ends.
#[must_use]
pub fn bump(tau: f32) -> f32 {
    if !(0.0..=1.0).contains(&tau) {
        return 0.0;
    }
    0.5 - 0.5 * (std::f32::consts::TAU * tau).cos()
}

/// A swing: 0 at both ends of `tau` 0..=1, 1 in the middle; it sets out and comes to rest without a jerk.
#[must_use]
pub fn swing(tau: f32) -> f32 {
    if !(0.0..=1.0).contains(&tau) {
        return 0.0;
    }
    let s = tau * (1.0 - tau);
    64.0 * s * s * s
}

/// A value on its way to a target along a quintic that keeps position, speed and acceleration where it is
/// re-planned: an interrupted movement turns, it does not jump. From rest it is a minimum-jerk movement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glide {
    coefficients: [f32; 6],
    target: f32,
    duration_secs: f32,
    elapsed_secs: f32,
}

impl Glide {
    /// A value at rest.
    #[must_use]
    pub fn at(value: f32) -> Self {
        Self { coefficients: [value, 0.0, 0.0, 0.0, 0.0, 0.0], target: value, duration_secs: 0.0, elapsed_secs: 0.0 }
    }

    /// Where it is.
    #[must_use]
    pub fn value(&self) -> f32 {
        if self.arrived() {
            return self.target;
        }
        let [c0, c1, c2, c3, c4, c5] = self.coefficients;
        let t = self.elapsed_secs;
        c0 + t * (c1 + t * (c2 + t * (c3 + t * (c4 + t * c5))))
    }

    /// How fast it moves, per second.
    #[must_use]
    pub fn speed(&self) -> f32 {
        if self.arrived() {
            return 0.0;
        }
        let [_, c1, c2, c3, c4, c5] = self.coefficients;
        let t = self.elapsed_secs;
        c1 + t * (2.0 * c2 + t * (3.0 * c3 + t * (4.0 * c4 + t * 5.0 * c5)))
    }

    /// Where it goes.
    #[must_use]
    pub fn target(&self) -> f32 {
        self.target
    }

    /// Whether it rests at its target.
    #[must_use]
    pub fn arrived(&self) -> bool {
        self.elapsed_secs >= self.duration_secs
    }

    /// Aims at another target, to be reached in `secs`. The same target again changes nothing.
    pub fn aim(&mut self, target: f32, secs: f32) {
        if (target - self.target).abs() < 1e-5 || !target.is_finite() {
            return;
        }
        let (p, v, a) = (self.value(), self.speed(), self.acceleration());
        let t = secs.max(0.05);
        let d = target - p;
        self.coefficients = [
            p,
            v,
            a / 2.0,
            (20.0 * d - 12.0 * v * t - 3.0 * a * t * t) / (2.0 * t.powi(3)),
            (-30.0 * d + 16.0 * v * t + 3.0 * a * t * t) / (2.0 * t.powi(4)),
            (12.0 * d - 6.0 * v * t - a * t * t) / (2.0 * t.powi(5)),
        ];
        self.target = target;
        self.duration_secs = t;
        self.elapsed_secs = 0.0;
    }

    /// Lets time pass.
    pub fn advance(&mut self, dt_secs: f32) {
        self.elapsed_secs = (self.elapsed_secs + dt_secs).min(self.duration_secs);
    }

    fn acceleration(&self) -> f32 {
        if self.arrived() {
            return 0.0;
        }
        let [_, _, c2, c3, c4, c5] = self.coefficients;
        let t = self.elapsed_secs;
        2.0 * c2 + t * (6.0 * c3 + t * (12.0 * c4 + t * 20.0 * c5))
    }
}

/// A critically damped follower of a moving target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spring {
    /// Where it is.
    pub value: f32,
    /// How fast it moves, per second.
    pub speed: f32,
    half_life_secs: f32,
}

impl Spring {
    /// A follower at rest that halves its distance to a fixed target in `half_life_secs`.
    #[must_use]
    pub fn new(value: f32, half_life_secs: f32) -> Self {
        Self { value, speed: 0.0, half_life_secs }
    }

    /// Follows `target` for a time step and returns the new value.
    pub fn follow(&mut self, target: f32, dt_secs: f32) -> f32 {
        let (offset, speed) = damp(self.value - target, self.speed, self.half_life_secs, dt_secs);
        self.value = target + offset;
        self.speed = speed;
        self.value
    }
}

/// A critically damped follower of a moving rotation with a cap on its speed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TurnSpring {
    /// Where it is.
    pub value: Quat,
    speed: Vec3,
}

impl TurnSpring {
    /// A follower at rest.
    #[must_use]
    pub fn new(value: Quat) -> Self {
        Self { value, speed: Vec3::ZERO }
    }

    /// Follows `target` for a time step, never faster than `max_speed_rad` per second.
    pub fn follow(&mut self, target: Quat, half_life_secs: f32, max_speed_rad: f32, dt_secs: f32) -> Quat {
        let from_target = nearest(self.value * target.inverse(), Quat::IDENTITY).to_scaled_axis();
        let (x, vx) = damp(from_target.x, self.speed.x, half_life_secs, dt_secs);
        let (y, vy) = damp(from_target.y, self.speed.y, half_life_secs, dt_secs);
        let (z, vz) = damp(from_target.z, self.speed.z, half_life_secs, dt_secs);
        let step = (Vec3::new(x, y, z) - from_target).clamp_length_max(max_speed_rad * dt_secs);
        self.speed = Vec3::new(vx, vy, vz).clamp_length_max(max_speed_rad);
        self.value = (Quat::from_scaled_axis(from_target + step) * target).normalize();
        self.value
    }
}

/// Of the two quaternions of one rotation, that on the side of `reference`.
#[must_use]
pub fn nearest(rotation: Quat, reference: Quat) -> Quat {
    if rotation.dot(reference) < 0.0 { -rotation } else { rotation }
}

fn damp(offset: f32, speed: f32, half_life_secs: f32, dt_secs: f32) -> (f32, f32) {
    // A critically damped spring is at half its distance when omega·t = 1.678.
    let omega = 1.678 / half_life_secs.max(1e-3);
    let j = speed + offset * omega;
    let decay = (-omega * dt_secs).exp();
    (decay * (offset + j * dt_secs), decay * (speed - j * omega * dt_secs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glide_from_rest_is_minimum_jerk_and_ends_exactly() {
        let mut glide = Glide::at(0.2);
        glide.aim(1.0, 0.5);
        glide.advance(0.2);
        assert!((glide.value() - (0.2 + 0.8 * min_jerk(0.4))).abs() < 1e-5);
        glide.advance(0.4);
        assert!(glide.value().to_bits() == 1.0f32.to_bits());
    }

    #[test]
    fn replanning_keeps_position_and_speed() {
        let mut glide = Glide::at(0.0);
        glide.aim(1.0, 0.6);
        glide.advance(0.25);
        let (value, speed) = (glide.value(), glide.speed());
        glide.aim(0.0, 0.5);
        assert!((glide.value() - value).abs() < 1e-6);
        assert!((glide.speed() - speed).abs() < 1e-5);
    }

    #[test]
    fn spring_does_not_depend_on_the_step() {
        let (mut coarse, mut fine) = (Spring::new(0.0, 0.1), Spring::new(0.0, 0.1));
        coarse.follow(1.0, 0.2);
        for _ in 0..20 {
            fine.follow(1.0, 0.01);
        }
        assert!((coarse.value - fine.value).abs() < 1e-4);
    }

    #[test]
    fn turn_spring_arrives_without_exceeding_its_cap() {
        let target = Quat::from_rotation_y(2.0);
        let mut turn = TurnSpring::new(Quat::IDENTITY);
        for _ in 0..200 {
            let before = turn.value;
            turn.follow(target, 0.05, 4.0, 0.01);
            assert!(before.angle_between(turn.value) <= 0.0401);
        }
        assert!(turn.value.angle_between(target) < 1e-2);
    }
}
