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

/// What critical damping does in a time step: one exponential for all followers of the same half-life.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Damping {
    omega: f32,
    decay: f32,
    dt_secs: f32,
}

impl Damping {
    /// For followers that halve their distance to a fixed target in `half_life_secs`.
    #[must_use]
    pub fn new(half_life_secs: f32, dt_secs: f32) -> Self {
        // A critically damped spring is at half its distance when omega·t = 1.678.
        let omega = 1.678 / half_life_secs.max(1e-3);
        Self { omega, decay: (-omega * dt_secs).exp(), dt_secs }
    }

    fn step(&self, offset: Vec3, speed: Vec3) -> (Vec3, Vec3) {
        let j = speed + offset * self.omega;
        (self.decay * (offset + j * self.dt_secs), self.decay * (speed - j * (self.omega * self.dt_secs)))
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
        self.damped(target, &Damping::new(self.half_life_secs, dt_secs))
    }

    /// The same with damping that several share.
    pub fn damped(&mut self, target: f32, damping: &Damping) -> f32 {
        let Damping { omega, decay, dt_secs } = *damping;
        let offset = self.value - target;
        let j = self.speed + offset * omega;
        self.value = target + decay * (offset + j * dt_secs);
        self.speed = decay * (self.speed - j * omega * dt_secs);
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
    pub fn follow(&mut self, target: Quat, damping: &Damping, max_speed_rad: f32) -> Quat {
        // Most joints rest most of the time.
        if self.value == target && self.speed.length_squared() < 1e-12 {
            return target;
        }
        let from_target = scaled_axis(nearest(self.value * target.inverse(), Quat::IDENTITY));
        let (to, speed) = damping.step(from_target, self.speed);
        if to.length_squared() < 1e-11 && speed.length_squared() < 1e-9 {
            (self.value, self.speed) = (target, Vec3::ZERO);
            return target;
        }
        let step = (to - from_target).clamp_length_max(max_speed_rad * damping.dt_secs);
        self.speed = speed.clamp_length_max(max_speed_rad);
        self.value = (turn_by(from_target + step) * target).normalize();
        self.value
    }
}

/// Of the two quaternions of one rotation, that on the side of `reference`.
#[must_use]
pub fn nearest(rotation: Quat, reference: Quat) -> Quat {
    if rotation.dot(reference) < 0.0 { -rotation } else { rotation }
}

/// The angle between two rotations, radians: exact for small ones, where the cosine is 1 in single precision.
#[must_use]
pub fn small_angle(a: Quat, b: Quat) -> f32 {
    let chord = (a - b).length_squared().min((a + b).length_squared()).sqrt();
    // The half angle's arc is this much longer than its chord.
    2.0 * chord * (1.0 + chord * chord / 24.0)
}

/// Axis times angle of a rotation with a real part above 0.
fn scaled_axis(turn: Quat) -> Vec3 {
    let half = turn.xyz();
    let sine = half.length_squared();
    if sine < 1e-4 { half * (2.0 + sine / 3.0) } else { turn.to_scaled_axis() }
}

fn turn_by(axis: Vec3) -> Quat {
    let half = 0.5 * axis;
    let square = half.length_squared();
    if square < 1e-4 {
        let (sine, cosine) = (half * (1.0 - square / 6.0), 1.0 - square / 2.0 + square * square / 24.0);
        Quat::from_xyzw(sine.x, sine.y, sine.z, cosine)
    } else {
        Quat::from_scaled_axis(axis)
    }
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
            turn.follow(target, &Damping::new(0.05, 0.01), 4.0);
            assert!(before.angle_between(turn.value) <= 0.0401);
        }
        assert!(turn.value.angle_between(target) < 1e-2);
    }
}
