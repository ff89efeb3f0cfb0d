//! Keys over time and what lies between them: STEP, LINEAR and CUBICSPLINE of glTF.

use glam::{Quat, Vec3, Vec4};

use crate::vrm::document::unit;

/// Farther than this, in meters, is a broken key.
const FAR: f32 = 1.0e5;
/// Steeper than this, per second, is a broken tangent.
const STEEP: f32 = 1.0e6;

/// What happens between two keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::vrm) enum Interpolation {
    /// The earlier key holds.
    Step,
    /// Straight; rotations along the shorter arc.
    Linear,
    /// A Hermite spline through the keys with their tangents.
    CubicSpline,
}

/// A value that keys hold.
pub(in crate::vrm) trait Keyed: Copy {
    /// How many numbers a file has for one value.
    const COMPONENTS: usize;

    /// The value of a key with its scale: what the tangents of the key are to be multiplied with. `None` where the
    /// numbers are no such value.
    fn value(components: &[f32]) -> Option<(Self, f32)>;

    /// A tangent, per second; `None` where it is out of bounds.
    fn tangent(components: &[f32], scale: f32) -> Option<Self>;

    /// No change.
    fn level() -> Self;

    /// Between two keys, `at` in 0..=1.
    fn linear(from: Self, to: Self, at: f32) -> Self;

    /// The sum of four values by their Hermite weights: both ends and both tangents. `at` in 0..=1 says which end
    /// is nearer, for sums that are no value.
    fn hermite(ends: [Self; 2], tangents: [Self; 2], weights: [f32; 4], at: f32) -> Self;
}

impl Keyed for Vec3 {
    const COMPONENTS: usize = 3;

    fn value(components: &[f32]) -> Option<(Self, f32)> {
        let value = Self::new(*components.first()?, *components.get(1)?, *components.get(2)?);
        (value.is_finite() && value.abs().max_element() <= FAR).then_some((value, 1.0))
    }

    fn tangent(components: &[f32], scale: f32) -> Option<Self> {
        let tangent = scale * Self::new(*components.first()?, *components.get(1)?, *components.get(2)?);
        (tangent.is_finite() && tangent.abs().max_element() <= STEEP).then_some(tangent)
    }

    fn level() -> Self {
        Self::ZERO
    }

    fn linear(from: Self, to: Self, at: f32) -> Self {
        from.lerp(to, at)
    }

    fn hermite(ends: [Self; 2], tangents: [Self; 2], weights: [f32; 4], _at: f32) -> Self {
        ends[0] * weights[0] + tangents[0] * weights[1] + ends[1] * weights[2] + tangents[1] * weights[3]
    }
}

impl Keyed for f32 {
    const COMPONENTS: usize = 1;

    fn value(components: &[f32]) -> Option<(Self, f32)> {
        components.first().filter(|value| value.is_finite() && value.abs() <= FAR).map(|value| (*value, 1.0))
    }

    fn tangent(components: &[f32], scale: f32) -> Option<Self> {
        components.first().map(|tangent| tangent * scale).filter(|tangent| tangent.abs() <= STEEP)
    }

    fn level() -> Self {
        0.0
    }

    fn linear(from: Self, to: Self, at: f32) -> Self {
        from + (to - from) * at
    }

    fn hermite(ends: [Self; 2], tangents: [Self; 2], weights: [f32; 4], _at: f32) -> Self {
        ends[0] * weights[0] + tangents[0] * weights[1] + ends[1] * weights[2] + tangents[1] * weights[3]
    }
}

impl Keyed for Quat {
    const COMPONENTS: usize = 4;

    fn value(components: &[f32]) -> Option<(Self, f32)> {
        let value = Self::from_array(*components.first_chunk()?);
        let unit = unit(value)?;
        Some((unit, value.length_recip()))
    }

    fn tangent(components: &[f32], scale: f32) -> Option<Self> {
        let tangent = scale * Vec4::from_array(*components.first_chunk()?);
        (tangent.is_finite() && tangent.abs().max_element() <= STEEP).then(|| Self::from_vec4(tangent))
    }

    fn level() -> Self {
        Self::from_xyzw(0.0, 0.0, 0.0, 0.0)
    }

    fn linear(from: Self, to: Self, at: f32) -> Self {
        unit(from.slerp(to, at)).unwrap_or(from)
    }

    fn hermite(ends: [Self; 2], tangents: [Self; 2], weights: [f32; 4], at: f32) -> Self {
        let [a, b, c, d] = [ends[0], tangents[0], ends[1], tangents[1]].map(Vec4::from);
        let sum = a * weights[0] + b * weights[1] + c * weights[2] + d * weights[3];
        // A key and its negative may cancel out.
        unit(Self::from_vec4(sum)).unwrap_or(if at < 0.5 { ends[0] } else { ends[1] })
    }
}

/// Keys with strictly growing, finite times; at least one.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::vrm) struct Track<T> {
    interpolation: Interpolation,
    times_secs: Vec<f32>,
    values: Vec<T>,
    /// Into and out of each key, per second; empty unless cubic.
    tangents: Vec<[T; 2]>,
}

impl<T: Keyed> Track<T> {
    /// Keys in growing order of time: time in seconds, value, tangents into and out of the key. `None` without keys.
    pub(in crate::vrm) fn new(interpolation: Interpolation, keys: &[(f32, T, [T; 2])]) -> Option<Self> {
        (!keys.is_empty()).then(|| Self {
            interpolation,
            times_secs: keys.iter().map(|key| key.0).collect(),
            values: keys.iter().map(|key| key.1).collect(),
            tangents: match interpolation {
                Interpolation::CubicSpline => keys.iter().map(|key| key.2).collect(),
                _ => Vec::new(),
            },
        })
    }

    /// The time of the last key, seconds.
    pub(in crate::vrm) fn end_secs(&self) -> f32 {
        self.times_secs.last().copied().unwrap_or(0.0)
    }

    /// How many keys.
    #[cfg(test)]
    pub(in crate::vrm) fn len(&self) -> usize {
        self.times_secs.len()
    }

    /// The value at a time; before the first key the first one, after the last key the last one.
    pub(in crate::vrm) fn sample(&self, time_secs: f32) -> T {
        let after = self.times_secs.partition_point(|key| *key <= time_secs);
        let Some(before) = after.checked_sub(1) else { return self.values[0] };
        let start = self.times_secs[before];
        if after == self.times_secs.len() || start == time_secs {
            return self.values[before];
        }
        let span = self.times_secs[after] - start;
        let at = ((time_secs - start) / span).clamp(0.0, 1.0);
        match self.interpolation {
            Interpolation::Step => self.values[before],
            Interpolation::Linear => T::linear(self.values[before], self.values[after], at),
            Interpolation::CubicSpline => {
                let (square, cube) = (at * at, at * at * at);
                let weights = [
                    2.0 * cube - 3.0 * square + 1.0,
                    (cube - 2.0 * square + at) * span,
                    3.0 * square - 2.0 * cube,
                    (cube - square) * span,
                ];
                let tangents = [self.tangents[before][1], self.tangents[after][0]];
                T::hermite([self.values[before], self.values[after]], tangents, weights, at)
            }
        }
    }

    /// The track seen from another space. Interpolation commutes with maps that are linear but for an offset (and,
    /// for rotations, keep lengths); `tangent` is the map without the offset.
    pub(in crate::vrm) fn map<U: Keyed>(self, value: impl Fn(T) -> U, tangent: impl Fn(T) -> U) -> Track<U> {
        Track {
            interpolation: self.interpolation,
            times_secs: self.times_secs,
            values: self.values.into_iter().map(value).collect(),
            tangents: self.tangents.into_iter().map(|pair| pair.map(&tangent)).collect(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::Interpolation::{CubicSpline, Linear, Step};
    use super::*;

    fn track(interpolation: Interpolation, keys: &[(f32, f32)]) -> Track<f32> {
        Track::new(interpolation, &keys.iter().map(|key| (key.0, key.1, [0.0; 2])).collect::<Vec<_>>()).unwrap()
    }

    fn turns(interpolation: Interpolation, keys: &[(f32, Quat)]) -> Track<Quat> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1, [Quat::level(); 2])).collect();
        Track::new(interpolation, &keys).unwrap()
    }

    #[test]
    fn between_keys_each_interpolation_does_its_own() {
        let keys = [(1.0, 0.0), (2.0, 1.0), (4.0, 0.5)];
        for (interpolation, wanted) in [(Step, [0.0, 1.0]), (Linear, [0.25, 0.75]), (CubicSpline, [0.15625, 0.75])] {
            let track = track(interpolation, &keys);
            assert_eq!([track.sample(1.25), track.sample(3.0)], wanted, "{interpolation:?}");
        }
    }

    #[test]
    fn tangents_are_per_second() {
        // A straight line of slope 2 over half a second.
        let keys = [(0.0, 0.0, [2.0, 2.0]), (0.5, 1.0, [2.0, 2.0])];
        let track = Track::new(CubicSpline, &keys).unwrap();
        for time in [0.0, 0.1, 0.25, 0.4, 0.5] {
            assert!((track.sample(time) - 2.0 * time).abs() < 1.0e-6);
        }
    }

    #[test]
    fn outside_the_keys_the_nearest_one_holds() {
        for interpolation in [Step, Linear, CubicSpline] {
            let track = track(interpolation, &[(1.0, 3.0), (2.0, 4.0)]);
            for (time, wanted) in [
                (-1.0, 3.0),
                (0.999, 3.0),
                (2.001, 4.0),
                (f32::INFINITY, 4.0),
                (f32::NEG_INFINITY, 3.0),
                (f32::NAN, 3.0),
            ] {
                assert_eq!(track.sample(time), wanted, "{interpolation:?} at {time}");
            }
        }
    }

    #[test]
    fn rotations_take_the_shorter_arc() {
        let (from, to) = (Quat::from_rotation_y(0.2), Quat::from_rotation_y(1.0));
        let half = turns(Linear, &[(0.0, from), (1.0, -to)]).sample(0.5);
        assert!(half.angle_between(Quat::from_rotation_y(0.6)) < 1.0e-3, "{half}");
    }

    #[test]
    fn opposite_keys_of_a_spline_do_not_cancel_to_nothing() {
        let key = Quat::from_rotation_x(0.3);
        let half = turns(CubicSpline, &[(0.0, key), (1.0, -key)]).sample(0.5);
        assert!(half.is_normalized());
    }

    #[test]
    fn keys_that_are_no_values_are_told_from_those_that_are() {
        assert!(Quat::value(&[0.0; 4]).is_none() && Quat::value(&[f32::NAN, 0.0, 0.0, 1.0]).is_none());
        let (unit, scale) = Quat::value(&[0.0, 0.0, 0.0, 2.0]).unwrap();
        assert_eq!((unit, scale), (Quat::IDENTITY, 0.5));
        assert!(Vec3::value(&[0.0, 1.0e30, 0.0]).is_none() && Vec3::value(&[0.0, 1.0]).is_none());
        assert!(Vec3::tangent(&[0.0, f32::INFINITY, 0.0], 1.0).is_none() && f32::tangent(&[f32::NAN], 1.0).is_none());
    }

    fn any_interpolation() -> impl Strategy<Value = Interpolation> {
        prop_oneof![Just(Step), Just(Linear), Just(CubicSpline)]
    }

    fn any_turn() -> impl Strategy<Value = Quat> {
        proptest::array::uniform4(-1.0_f32..1.0).prop_filter_map("no rotation", |q| unit(Quat::from_array(q)))
    }

    /// Times from steps, so that they grow strictly.
    fn times(steps: &[f32]) -> Vec<f32> {
        steps.iter().scan(0.0, |time, step| Some(std::mem::replace(time, *time + step))).collect()
    }

    proptest! {
        #[test]
        fn at_a_key_its_value_comes_out_exactly(
            interpolation in any_interpolation(),
            keys in proptest::collection::vec((0.01_f32..2.0, -5.0_f32..5.0), 1..20),
        ) {
            let (steps, values): (Vec<_>, Vec<_>) = keys.into_iter().unzip();
            let times = times(&steps);
            let keys: Vec<_> = times.into_iter().zip(values).collect();
            let track = track(interpolation, &keys);
            for (time, value) in keys {
                prop_assert_eq!(track.sample(time), value);
            }
        }

        #[test]
        fn between_straight_keys_nothing_leaves_their_hull(
            keys in proptest::collection::vec((0.01_f32..2.0, -5.0_f32..5.0), 2..20),
            at in 0.0_f32..1.0,
        ) {
            let (steps, values): (Vec<_>, Vec<_>) = keys.into_iter().unzip();
            let times = times(&steps);
            let track = track(Linear, &times.iter().copied().zip(values.iter().copied()).collect::<Vec<_>>());
            for (time, value) in times.windows(2).zip(values.windows(2)) {
                let sample = track.sample(time[0] + at * (time[1] - time[0]));
                let (low, high) = (value[0].min(value[1]), value[0].max(value[1]));
                prop_assert!((low - 1.0e-5..=high + 1.0e-5).contains(&sample));
            }
        }

        #[test]
        fn a_turning_rotation_stays_between_its_keys(from in any_turn(), to in any_turn(), at in 0.0_f32..1.0) {
            let sample = turns(Linear, &[(0.0, from), (1.0, to)]).sample(at);
            let whole = from.angle_between(to);
            prop_assert!(sample.is_normalized());
            prop_assert!(from.angle_between(sample) + sample.angle_between(to) < whole + 1.0e-2);
        }

        #[test]
        fn splines_are_smooth_at_their_keys(
            values in proptest::array::uniform3(-1.0_f32..1.0), slope in -2.0_f32..2.0,
        ) {
            let key = |time: f32, value: f32| (time, value, [slope; 2]);
            let track = Track::new(CubicSpline, &[key(0.0, values[0]), key(1.0, values[1]), key(2.0, values[2])]).unwrap();
            let near = 1.0e-2;
            let (into, out) = (track.sample(1.0) - track.sample(1.0 - near), track.sample(1.0 + near) - track.sample(1.0));
            // Second derivatives are bounded by 6 * 2 + 6 * 2.
            prop_assert!((into - out).abs() < 40.0 * near * near, "{} {}", into / near, out / near);
        }
    }
}
