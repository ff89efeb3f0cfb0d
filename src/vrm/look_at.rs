//! Where the eyes look: angles of a target, range maps of the file, eye bones or look expressions.

use glam::{EulerRot, Quat, Vec3};

/// The most that eyes turn sideways when driven directly, radians.
pub const EYE_YAW_MAX_RAD: f32 = 35.0 * std::f32::consts::PI / 180.0;
/// The most that eyes turn up or down when driven directly, radians.
pub const EYE_PITCH_MAX_RAD: f32 = 25.0 * std::f32::consts::PI / 180.0;

/// What the eyes are told to do. Yaw is positive to the avatar's left, pitch positive downward; both against the
/// head, radians.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum EyeDrive {
    /// Nothing: eye bones and look expressions stay as they are given.
    #[default]
    Keep,
    /// The angles at which the eyes shall stand, past the file's range maps; clamped to what eyes can do. For
    /// behavior that computes true eye angles: a file may map 20° of looking to 2° of turning.
    Direct {
        /// Yaw.
        yaw_rad: f32,
        /// Pitch.
        pitch_rad: f32,
        /// Angle between the directions of the two eyes: 0 for a far view, positive where they converge. Shared
        /// evenly; look expressions cannot show it.
        vergence_rad: f32,
    },
    /// The direction to look in, through the file's range maps.
    Angles {
        /// Yaw.
        yaw_rad: f32,
        /// Pitch.
        pitch_rad: f32,
    },
    /// A point of the world to look at, meters, through the file's range maps.
    Target(Vec3),
}

/// Whether eye bones or expressions move the eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LookAtKind {
    /// Eye bones.
    #[default]
    Bone,
    /// The expressions `lookUp`, `lookDown`, `lookLeft`, `lookRight`.
    Expression,
}

/// Maps how far a target is off to how far an eye turns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RangeMap {
    /// Angles above count as this one, radians.
    pub input_max_rad: f32,
    /// Result at the largest angle: radians for bones, a weight for expressions.
    pub output: f32,
}

impl RangeMap {
    /// The result for an angle of any sign; never negative.
    #[must_use]
    pub fn map(&self, angle_rad: f32) -> f32 {
        let angle = angle_rad.abs();
        if angle > 0.0 && self.input_max_rad > 0.0 {
            angle.min(self.input_max_rad) / self.input_max_rad * self.output
        } else if angle > 0.0 {
            // A map without a range is a switch.
            self.output
        } else {
            0.0
        }
    }
}

/// How the eyes of a file turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LookAt {
    /// Bones or expressions.
    pub kind: LookAtKind,
    /// Where the eyes are, in the space of the head bone, meters.
    pub offset_from_head: Vec3,
    /// Toward the nose.
    pub inner: RangeMap,
    /// Away from the nose; expressions use it for both sides.
    pub outer: RangeMap,
    /// Down.
    pub down: RangeMap,
    /// Up.
    pub up: RangeMap,
}

/// Weights of the look expressions.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LookWeights {
    /// `lookUp`.
    pub up: f32,
    /// `lookDown`.
    pub down: f32,
    /// `lookLeft`.
    pub left: f32,
    /// `lookRight`.
    pub right: f32,
}

/// Yaw and pitch of a direction, given against the face: +Z ahead, +X to the avatar's left. Radians.
#[must_use]
pub fn yaw_pitch(direction: Vec3) -> (f32, f32) {
    let yaw = direction.x.atan2(direction.z);
    let pitch = (-direction.y).atan2(direction.x.hypot(direction.z));
    (finite(yaw), finite(pitch))
}

fn finite(angle: f32) -> f32 {
    if angle.is_finite() { angle } else { 0.0 }
}

/// The normalized rotation of an eye for its angles.
#[must_use]
pub(super) fn eye_rotation(yaw_rad: f32, pitch_rad: f32) -> Quat {
    Quat::from_euler(EulerRot::YXZ, yaw_rad, pitch_rad, 0.0)
}

/// The most that the directions of the two eyes differ, radians: a point 12 cm away.
const VERGENCE_MAX_RAD: f32 = 0.5;

/// Normalized rotations of the left and the right eye for direct angles.
#[must_use]
pub(super) fn converging(yaw_rad: f32, pitch_rad: f32, vergence_rad: f32) -> (Quat, Quat) {
    let half = 0.5 * finite(vergence_rad).clamp(0.0, VERGENCE_MAX_RAD);
    (eye_rotation(yaw_rad - half, pitch_rad), eye_rotation(yaw_rad + half, pitch_rad))
}

/// Clamps direct angles to what eyes can do.
#[must_use]
pub(super) fn clamp_direct(yaw_rad: f32, pitch_rad: f32) -> (f32, f32) {
    (
        finite(yaw_rad).clamp(-EYE_YAW_MAX_RAD, EYE_YAW_MAX_RAD),
        finite(pitch_rad).clamp(-EYE_PITCH_MAX_RAD, EYE_PITCH_MAX_RAD),
    )
}

impl LookAt {
    /// Normalized rotations of the left and the right eye bone through the range maps.
    #[must_use]
    pub fn eye_bones(&self, yaw_rad: f32, pitch_rad: f32) -> (Quat, Quat) {
        let (yaw, pitch) = (finite(yaw_rad), finite(pitch_rad));
        let (left_map, right_map) = if yaw > 0.0 { (self.outer, self.inner) } else { (self.inner, self.outer) };
        let turned = if pitch > 0.0 { self.down.map(pitch) } else { -self.up.map(pitch) };
        let eye = |map: RangeMap| eye_rotation(map.map(yaw).copysign(yaw), turned);
        (eye(left_map), eye(right_map))
    }

    /// Weights of the look expressions through the range maps; the opposite expression is 0.
    #[must_use]
    pub fn weights(&self, yaw_rad: f32, pitch_rad: f32) -> LookWeights {
        let (yaw, pitch) = (finite(yaw_rad), finite(pitch_rad));
        split(self.outer.map(yaw).copysign(yaw), if pitch > 0.0 { self.down.map(pitch) } else { -self.up.map(pitch) })
    }

    /// Weights of the look expressions for direct angles: full at the ends of what eyes can do.
    #[must_use]
    pub fn direct_weights(yaw_rad: f32, pitch_rad: f32) -> LookWeights {
        let (yaw, pitch) = clamp_direct(yaw_rad, pitch_rad);
        split(yaw / EYE_YAW_MAX_RAD, pitch / EYE_PITCH_MAX_RAD)
    }
}

fn split(left: f32, down: f32) -> LookWeights {
    LookWeights { up: (-down).max(0.0), down: down.max(0.0), left: left.max(0.0), right: (-left).max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(input_max_deg: f32, output_deg: f32) -> RangeMap {
        RangeMap { input_max_rad: input_max_deg.to_radians(), output: output_deg.to_radians() }
    }

    fn look_at() -> LookAt {
        LookAt {
            kind: LookAtKind::Bone,
            offset_from_head: Vec3::ZERO,
            inner: map(90.0, 9.0),
            outer: map(90.0, 18.0),
            down: map(45.0, 10.0),
            up: map(0.0, 5.0),
        }
    }

    #[test]
    fn angles_of_targets() {
        let (yaw, pitch) = yaw_pitch(Vec3::new(1.0, 0.0, 1.0));
        assert!((yaw.to_degrees() - 45.0).abs() < 1.0e-3 && pitch.abs() < 1.0e-6);
        let (yaw, pitch) = yaw_pitch(Vec3::new(0.0, -1.0, 1.0));
        assert!(yaw.abs() < 1.0e-6 && (pitch.to_degrees() - 45.0).abs() < 1.0e-3);
        assert_eq!(yaw_pitch(Vec3::NAN), (0.0, 0.0));
        let (yaw, pitch) = yaw_pitch(Vec3::ZERO);
        assert!(yaw.is_finite() && pitch.is_finite());
    }

    #[test]
    fn range_maps_saturate_and_never_divide_by_zero() {
        let m = map(90.0, 10.0);
        assert!((m.map(20_f32.to_radians()).to_degrees() - 2.222).abs() < 1.0e-2);
        assert!((m.map(-3.0).to_degrees() - 10.0).abs() < 1.0e-3);
        let switch = map(0.0, 10.0);
        assert_eq!(switch.map(0.0), 0.0);
        assert!((switch.map(0.001).to_degrees() - 10.0).abs() < 1.0e-3);
    }

    #[test]
    fn left_is_outer_for_the_left_eye() {
        let (left, right) = look_at().eye_bones(90_f32.to_radians(), 0.0);
        assert!((left.to_euler(EulerRot::YXZ).0.to_degrees() - 18.0).abs() < 1.0e-2);
        assert!((right.to_euler(EulerRot::YXZ).0.to_degrees() - 9.0).abs() < 1.0e-2);
        let (left, right) = look_at().eye_bones(-90_f32.to_radians(), 0.0);
        assert!((left.to_euler(EulerRot::YXZ).0.to_degrees() + 9.0).abs() < 1.0e-2);
        assert!((right.to_euler(EulerRot::YXZ).0.to_degrees() + 18.0).abs() < 1.0e-2);
        let (left, _) = look_at().eye_bones(0.0, 45_f32.to_radians());
        let seen = left * Vec3::Z;
        assert!((seen.y + 10_f32.to_radians().sin()).abs() < 1.0e-3, "down is down: {seen}");
    }

    #[test]
    fn expressions_use_the_outer_map_and_zero_the_opposite() {
        let mut look_at = look_at();
        look_at.outer = RangeMap { input_max_rad: 1.0, output: 0.8 };
        look_at.up = RangeMap { input_max_rad: 1.0, output: 1.0 };
        let weights = look_at.weights(-0.5, -0.25);
        assert_eq!(weights, LookWeights { up: 0.25, down: 0.0, left: 0.0, right: 0.4 });
    }

    #[test]
    fn direct_angles_are_clamped() {
        assert_eq!(clamp_direct(9.0, -9.0), (EYE_YAW_MAX_RAD, -EYE_PITCH_MAX_RAD));
        assert_eq!(clamp_direct(f32::NAN, f32::INFINITY), (0.0, 0.0));
        assert_eq!(LookAt::direct_weights(EYE_YAW_MAX_RAD, 0.0).left, 1.0);
    }
}
