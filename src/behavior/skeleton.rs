//! The measures the engine reckons with: where eyes and fingers are in a pose. An avatar of other size is close
//! enough for gaze and pointing; the rig scales.

use glam::{Quat, Vec3};

use super::Pose;
use crate::vrm::HumanBone;

/// One of the two arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The avatar's left, +X.
    Left,
    /// The avatar's right, -X.
    Right,
}

impl Side {
    /// +1 on the left, -1 on the right.
    #[must_use]
    pub fn sign(self) -> f32 {
        match self {
            Self::Left => 1.0,
            Self::Right => -1.0,
        }
    }

    /// Shoulder, upper arm, lower arm, hand of this side.
    #[must_use]
    pub fn arm(self) -> [HumanBone; 4] {
        use HumanBone as B;
        match self {
            Self::Left => [B::LeftShoulder, B::LeftUpperArm, B::LeftLowerArm, B::LeftHand],
            Self::Right => [B::RightShoulder, B::RightUpperArm, B::RightLowerArm, B::RightHand],
        }
    }

    /// The side on which a point lies.
    #[must_use]
    pub fn of(point: Vec3) -> Self {
        if point.x >= 0.0 { Self::Left } else { Self::Right }
    }
}

/// Bone offsets in meters from the parent, in the T-pose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skeleton {
    hips: Vec3,
    spine: Vec3,
    chest: Vec3,
    upper_chest: Vec3,
    neck: Vec3,
    head: Vec3,
    eyes: Vec3,
    shoulder: Vec3,
    upper_arm: Vec3,
    lower_arm: Vec3,
    hand: Vec3,
    fingers: Vec3,
    upper_leg: Vec3,
    leg_length: f32,
}

impl Default for Skeleton {
    /// A woman of 1.6 m: the avatar that the forge makes by default.
    fn default() -> Self {
        Self {
            hips: Vec3::new(0.0, 0.859, 0.021),
            spine: Vec3::new(0.0, 0.070, -0.047),
            chest: Vec3::new(0.0, 0.060, 0.020),
            upper_chest: Vec3::new(0.0, 0.083, 0.014),
            neck: Vec3::new(0.0, 0.297, -0.005),
            head: Vec3::new(0.0, 0.111, 0.044),
            eyes: Vec3::new(0.0, 0.035, 0.075),
            shoulder: Vec3::new(0.024, 0.225, 0.014),
            upper_arm: Vec3::new(0.135, 0.002, 0.003),
            lower_arm: Vec3::new(0.236, 0.0, 0.0),
            hand: Vec3::new(0.219, 0.0, 0.0),
            fingers: Vec3::new(0.089, 0.0, 0.0),
            upper_leg: Vec3::new(0.092, -0.013, -0.005),
            leg_length: 0.779,
        }
    }
}

/// A place and an orientation in avatar space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Meters.
    pub place: Vec3,
    /// Avatar space from local space.
    pub turn: Quat,
}

/// The joints of one arm in avatar space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ArmPlaces {
    /// Where the upper arm starts.
    pub shoulder: Vec3,
    /// The elbow.
    pub elbow: Vec3,
    /// The wrist.
    pub wrist: Vec3,
    /// The root of the middle finger.
    pub fingers: Vec3,
    /// Orientation of the shoulder bone, parent of the upper arm.
    pub shoulder_turn: Quat,
    /// Orientation of the lower arm, parent of the hand.
    pub lower_turn: Quat,
}

impl Skeleton {
    /// The upper chest in a pose.
    #[must_use]
    pub fn upper_chest(&self, pose: &Pose) -> Frame {
        let mut frame = Frame { place: self.hips + pose.hips_offset, turn: pose.bone(HumanBone::Hips) };
        for (offset, bone) in
            [(self.spine, HumanBone::Spine), (self.chest, HumanBone::Chest), (self.upper_chest, HumanBone::UpperChest)]
        {
            frame = child(frame, offset, pose.bone(bone));
        }
        frame
    }

    /// The head in a pose.
    #[must_use]
    pub fn head(&self, pose: &Pose) -> Frame {
        let neck = child(self.upper_chest(pose), self.neck, pose.bone(HumanBone::Neck));
        child(neck, self.head, pose.bone(HumanBone::Head))
    }

    /// The point between the eyes, with the head's orientation.
    #[must_use]
    pub fn eyes(&self, pose: &Pose) -> Frame {
        child(self.head(pose), self.eyes, Quat::IDENTITY)
    }

    /// The joints of an arm in a pose.
    #[must_use]
    pub fn arm(&self, pose: &Pose, side: Side) -> ArmPlaces {
        let [shoulder, upper, lower, hand] = side.arm().map(|bone| pose.bone(bone));
        self.arm_of(self.upper_chest(pose), side, [shoulder, upper, lower, hand])
    }

    /// The joints of an arm from the rotations of shoulder, upper arm, lower arm and hand.
    #[must_use]
    pub fn arm_of(&self, chest: Frame, side: Side, turns: [Quat; 4]) -> ArmPlaces {
        let mirror = Vec3::new(side.sign(), 1.0, 1.0);
        let shoulder = child(chest, self.shoulder * mirror, turns[0]);
        let upper = child(shoulder, self.upper_arm * mirror, turns[1]);
        let lower = child(upper, self.lower_arm * mirror, turns[2]);
        let hand = child(lower, self.hand * mirror, turns[3]);
        ArmPlaces {
            shoulder: upper.place,
            elbow: lower.place,
            wrist: hand.place,
            fingers: hand.place + hand.turn * (self.fingers * mirror),
            shoulder_turn: shoulder.turn,
            lower_turn: lower.turn,
        }
    }

    /// Where the legs hang from the hips (left side).
    pub(super) fn leg_root(&self) -> Vec3 {
        self.upper_leg
    }

    /// Hip joint to ankle in meters.
    pub(super) fn leg_length(&self) -> f32 {
        self.leg_length
    }
}

/// Yaw (positive to the avatar's left) and pitch (positive downward) of a direction, radians.
#[must_use]
pub(super) fn yaw_pitch_rad(direction: Vec3) -> (f32, f32) {
    let flat = direction.x.hypot(direction.z);
    (direction.x.atan2(direction.z), (-direction.y).atan2(flat))
}

/// The direction of a yaw and a pitch.
#[must_use]
pub(super) fn direction(yaw_rad: f32, pitch_rad: f32) -> Vec3 {
    Vec3::new(yaw_rad.sin() * pitch_rad.cos(), -pitch_rad.sin(), yaw_rad.cos() * pitch_rad.cos())
}

fn child(parent: Frame, offset: Vec3, turn: Quat) -> Frame {
    Frame { place: parent.place + parent.turn * offset, turn: parent.turn * turn }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_pose_has_eyes_and_fingers_where_the_avatar_has_them() {
        // What `assets/avatars/agent.vrm` has; the studio's gaze and pointing guards hold both together.
        let skeleton = Skeleton::default();
        let eyes = skeleton.eyes(&Pose::REST);
        assert!((eyes.place - Vec3::new(0.0, 1.515, 0.122)).length() < 0.003, "{eyes:?}");
        let arm = skeleton.arm(&Pose::REST, Side::Right);
        assert!((arm.shoulder - Vec3::new(-0.159, 1.299, 0.025)).length() < 0.003);
        assert!((arm.fingers.x + 0.703).abs() < 0.002);
    }

    #[test]
    fn directions_round_trip() {
        let (yaw, pitch) = yaw_pitch_rad(direction(0.5, -0.3));
        assert!((yaw - 0.5).abs() < 1e-5 && (pitch + 0.3).abs() < 1e-5);
    }
}
