//! Vectors and rotations four at a time: lane by lane the same arithmetic, so that one instruction serves four joints.

use std::ops::{Add, Mul, Sub};

use glam::{BVec4A, Mat4, Quat, Vec3, Vec3A, Vec4};

/// Four vectors.
#[derive(Debug, Clone, Copy)]
pub(super) struct WideVec {
    pub(super) x: Vec4,
    pub(super) y: Vec4,
    pub(super) z: Vec4,
}

impl WideVec {
    pub(super) const ZERO: Self = Self { x: Vec4::ZERO, y: Vec4::ZERO, z: Vec4::ZERO };

    /// Four times the same.
    #[inline]
    pub(super) fn splat(v: Vec3A) -> Self {
        Self { x: Vec4::splat(v.x), y: Vec4::splat(v.y), z: Vec4::splat(v.z) }
    }

    /// One from each; the fourth component is left out.
    #[inline]
    pub(super) fn gather([a, b, c, d]: [Vec4; 4]) -> Self {
        let columns = Mat4::from_cols(a, b, c, d).transpose();
        Self { x: columns.x_axis, y: columns.y_axis, z: columns.z_axis }
    }

    /// The single vectors, with 0 as the fourth component.
    #[cfg(test)]
    pub(super) fn scatter(self) -> [Vec4; 4] {
        let columns = Mat4::from_cols(self.x, self.y, self.z, Vec4::ZERO).transpose();
        [columns.x_axis, columns.y_axis, columns.z_axis, columns.w_axis]
    }

    #[inline]
    pub(super) fn dot(self, other: Self) -> Vec4 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    #[inline]
    pub(super) fn cross(self, other: Self) -> Self {
        Self {
            x: self.y * other.z - self.z * other.y,
            y: self.z * other.x - self.x * other.z,
            z: self.x * other.y - self.y * other.x,
        }
    }

    /// Lane by lane one or the other.
    #[inline]
    pub(super) fn select(mask: BVec4A, yes: Self, no: Self) -> Self {
        Self {
            x: Vec4::select(mask, yes.x, no.x),
            y: Vec4::select(mask, yes.y, no.y),
            z: Vec4::select(mask, yes.z, no.z),
        }
    }

    /// The unit vectors, and where there are any.
    #[inline]
    pub(super) fn try_normalize(self) -> (BVec4A, Self) {
        let square = self.dot(self);
        let usable = square.cmpgt(Vec4::splat(1.0e-20)) & square.cmplt(Vec4::splat(1.0e30));
        (usable, self * (Vec4::ONE / root(square)))
    }

    /// The unit vectors; `otherwise` where there are none, which is rare.
    #[inline]
    pub(super) fn normalize_or(self, otherwise: Self) -> Self {
        let (usable, unit) = self.try_normalize();
        if usable.all() { unit } else { Self::select(usable, unit, otherwise) }
    }
}

impl Add for WideVec {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y, z: self.z + other.z }
    }
}

impl Sub for WideVec {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y, z: self.z - other.z }
    }
}

impl Mul<Vec4> for WideVec {
    type Output = Self;

    #[inline]
    fn mul(self, factor: Vec4) -> Self {
        Self { x: self.x * factor, y: self.y * factor, z: self.z * factor }
    }
}

/// Four rotations.
#[derive(Debug, Clone, Copy)]
pub(super) struct WideQuat {
    pub(super) v: WideVec,
    pub(super) w: Vec4,
}

impl WideQuat {
    pub(super) const IDENTITY: Self = Self { v: WideVec::ZERO, w: Vec4::ONE };

    #[inline]
    pub(super) fn splat(q: Quat) -> Self {
        Self { v: WideVec::splat(Vec3A::new(q.x, q.y, q.z)), w: Vec4::splat(q.w) }
    }

    #[inline]
    pub(super) fn gather([a, b, c, d]: [Vec4; 4]) -> Self {
        let columns = Mat4::from_cols(a, b, c, d).transpose();
        Self { v: WideVec { x: columns.x_axis, y: columns.y_axis, z: columns.z_axis }, w: columns.w_axis }
    }

    #[inline]
    pub(super) fn scatter(self) -> [Vec4; 4] {
        let columns = Mat4::from_cols(self.v.x, self.v.y, self.v.z, self.w).transpose();
        [columns.x_axis, columns.y_axis, columns.z_axis, columns.w_axis]
    }

    #[inline]
    pub(super) fn inverse(self) -> Self {
        Self { v: self.v * Vec4::NEG_ONE, w: self.w }
    }

    #[inline]
    pub(super) fn rotate(self, v: WideVec) -> WideVec {
        let twice = self.v.cross(v) * Vec4::splat(2.0);
        v + twice * self.w + self.v.cross(twice)
    }

    #[inline]
    pub(super) fn length_squared(self) -> Vec4 {
        self.v.dot(self.v) + self.w * self.w
    }

    /// Brings rotations to unit length that have a length.
    #[inline]
    pub(super) fn normalize(self) -> Self {
        let factor = Vec4::ONE / root(self.length_squared());
        Self { v: self.v * factor, w: self.w * factor }
    }

    /// At unit length; the identity in place of what is no rotation.
    #[inline]
    pub(super) fn unit_or_identity(self) -> Self {
        let square = self.length_squared();
        let usable = square.cmpgt(Vec4::splat(1.0e-12)) & square.cmple(Vec4::splat(f32::MAX));
        let unit = self.normalize();
        Self { v: WideVec::select(usable, unit.v, WideVec::ZERO), w: Vec4::select(usable, unit.w, Vec4::ONE) }
    }

    /// Brings rotations that are nearly of unit length nearer, without a root.
    #[inline]
    pub(super) fn near_unit(self) -> Self {
        let factor = Vec4::splat(1.5) - self.length_squared() * 0.5;
        Self { v: self.v * factor, w: self.w * factor }
    }

    /// The smallest rotations from unit vectors to others, twice as long as the cosine of half their angle.
    #[inline]
    pub(super) fn arc(from: WideVec, to: WideVec) -> Self {
        let cosine = from.dot(to);
        let out = Self { v: from.cross(to), w: cosine + Vec4::ONE };
        let opposite = cosine.cmplt(Vec4::splat(-0.999)).bitmask();
        if opposite == 0 { out } else { out.with_half_turns(opposite, from, to) }
    }

    /// Half a turn may go about any axis.
    #[cold]
    fn with_half_turns(mut self, lanes: u32, from: WideVec, to: WideVec) -> Self {
        for lane in (0..4).filter(|lane| lanes & (1 << lane) != 0) {
            let of = |v: WideVec| Vec3::new(v.x[lane], v.y[lane], v.z[lane]);
            let from = of(from).normalize_or(Vec3::Y);
            let turn = Quat::from_rotation_arc(from, of(to).normalize_or(from));
            (self.v.x[lane], self.v.y[lane], self.v.z[lane], self.w[lane]) = turn.into();
        }
        self
    }
}

impl Mul for WideQuat {
    type Output = Self;

    #[inline]
    fn mul(self, other: Self) -> Self {
        Self {
            v: other.v * self.w + self.v * other.w + self.v.cross(other.v),
            w: self.w * other.w - self.v.dot(other.v),
        }
    }
}

/// The square root of each lane.
#[inline]
pub(super) fn root(v: Vec4) -> Vec4 {
    Vec4::new(v.x.sqrt(), v.y.sqrt(), v.z.sqrt(), v.w.sqrt())
}

#[cfg(test)]
mod tests {
    use glam::EulerRot;
    use proptest::prelude::*;

    use super::*;

    fn lanes(v: WideVec) -> [Vec3; 4] {
        v.scatter().map(|v| v.truncate())
    }

    #[test]
    fn gathering_is_the_reverse_of_scattering() {
        let four = [Vec4::X, Vec4::Y, Vec4::Z, Vec4::ONE];
        assert_eq!(WideQuat::gather(four).scatter(), four);
        assert_eq!(WideVec::gather(four).scatter()[3], Vec4::new(1.0, 1.0, 1.0, 0.0));
    }

    #[test]
    fn half_turns_are_turns() {
        for axis in [Vec3A::X, Vec3A::Y, Vec3A::Z] {
            let turned =
                WideQuat::arc(WideVec::splat(axis), WideVec::splat(-axis)).normalize().rotate(WideVec::splat(axis));
            assert!(lanes(turned).iter().all(|v| (*v + Vec3::from(axis)).length() < 1.0e-5));
        }
    }

    proptest! {
        #[test]
        fn each_lane_computes_what_a_single_one_does(
            a in -3.0_f32..3.0, b in -1.5_f32..1.5, c in -3.0_f32..3.0, v in proptest::array::uniform3(-2.0_f32..2.0),
        ) {
            let one = Quat::from_euler(EulerRot::YXZ, a, b, c);
            let two = Quat::from_euler(EulerRot::YXZ, c, a, b);
            let four = [one, two, one * two, Quat::IDENTITY];
            let wide = WideQuat::gather(four.map(Vec4::from));
            let product = wide * WideQuat::splat(two);
            let vector = Vec3A::from(v);
            let turned = lanes(wide.rotate(WideVec::splat(vector)));
            let back = lanes(wide.inverse().rotate(WideVec::splat(vector)));
            for lane in 0..4 {
                prop_assert!((turned[lane] - four[lane] * Vec3::from(v)).length() < 1.0e-5);
                prop_assert!((back[lane] - four[lane].inverse() * Vec3::from(v)).length() < 1.0e-5);
                prop_assert!((product.scatter()[lane] - Vec4::from(four[lane] * two)).length() < 1.0e-5);
            }
            let (from, to) = (Vec3A::Y, Vec3A::from(one * Vec3::X));
            let arc = WideQuat::arc(WideVec::splat(from), WideVec::splat(to)).normalize();
            prop_assert!((lanes(arc.rotate(WideVec::splat(from)))[1] - Vec3::from(to)).length() < 1.0e-4);
        }

        #[test]
        fn what_is_no_rotation_is_the_identity(numbers in proptest::array::uniform4(proptest::num::f32::ANY)) {
            let given = Quat::from_array(numbers);
            let got = WideQuat::splat(given).unit_or_identity().scatter().map(Quat::from_vec4);
            let expected = super::super::document::unit(given).unwrap_or(Quat::IDENTITY);
            for got in got {
                prop_assert!(got.dot(expected) > 1.0 - 1.0e-5, "{} {}", got, expected);
            }
        }

        #[test]
        fn what_has_no_direction_takes_the_other(numbers in proptest::array::uniform3(proptest::num::f32::ANY)) {
            let unit = lanes(WideVec::splat(Vec3A::from(numbers)).normalize_or(WideVec::splat(Vec3A::Y)))[0];
            prop_assert!((unit.length() - 1.0).abs() < 1.0e-4);
        }
    }
}
