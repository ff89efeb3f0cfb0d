//! The measures the engine reckons with: where the eyes and the fingers of an avatar are in a pose.

use glam::{Quat, Vec3};

use super::Pose;
use crate::vrm::{Document, HumanBone};

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

    /// The other side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
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

/// How the trunk's bend is shared: pelvis, lumbar spine, chest.
const TRUNK: [(HumanBone, f32); 4] =
    [(HumanBone::Hips, 0.25), (HumanBone::Spine, 0.30), (HumanBone::Chest, 0.25), (HumanBone::UpperChest, 0.20)];

/// How far from the middle each ankle is in the poses' stance, in lengths of the leg.
const STANCE: f32 = 0.137;
/// How far inward the poses turn the legs of an avatar whose T-pose stands wide, radians.
const STANCE_TURN_RAD: f32 = 0.0698;

/// Bone offsets in meters from the parent, in the T-pose, and what the avatar bends with.
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
    /// What part of the poses' turns of the legs it takes, 0..=1.
    stance: f32,
    /// Between the pupils.
    pupils: f32,
    trunk: [(HumanBone, f32); 4],
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
            stance: 1.0,
            pupils: 0.060,
            trunk: TRUNK,
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
    /// The measures of an avatar. Bones that it lacks take no room: their turns go into the bones below them, and
    /// their part of the trunk's bend is done by the bone above.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        use HumanBone as B;
        let humanoid = &document.humanoid;
        let place = |bone: B| humanoid.has(bone).then(|| humanoid.rest_position(bone));
        let hips = humanoid.rest_position(B::Hips);
        let spine = place(B::Spine).unwrap_or(hips);
        let chest = place(B::Chest).unwrap_or(spine);
        let upper_chest = place(B::UpperChest).unwrap_or(chest);
        let head = humanoid.rest_position(B::Head);
        let neck = place(B::Neck).unwrap_or(head);
        let upper_arm = humanoid.rest_position(B::LeftUpperArm);
        let shoulder = place(B::LeftShoulder).unwrap_or(upper_arm);
        let (lower_arm, hand) = (humanoid.rest_position(B::LeftLowerArm), humanoid.rest_position(B::LeftHand));
        let fingers = place(B::LeftMiddleProximal).unwrap_or(hand + 0.4 * (hand - lower_arm));
        let (upper_leg, foot) = (humanoid.rest_position(B::LeftUpperLeg), humanoid.rest_position(B::LeftFoot));
        let leg_length = upper_leg.distance(foot);
        let wide = foot.x.abs() - STANCE * leg_length;
        let between = place(B::LeftEye).zip(place(B::RightEye)).map(|(left, right)| left.distance(right));
        let mut trunk = TRUNK;
        for at in (1..trunk.len()).rev().filter(|at| !humanoid.has(TRUNK[*at].0)) {
            trunk[at - 1].1 += std::mem::take(&mut trunk[at].1);
        }
        Self {
            hips,
            spine: spine - hips,
            chest: chest - spine,
            upper_chest: upper_chest - chest,
            neck: neck - upper_chest,
            head: head - neck,
            eyes: document.eyes_at_rest() - head,
            shoulder: shoulder - upper_chest,
            upper_arm: upper_arm - shoulder,
            lower_arm: lower_arm - upper_arm,
            hand: hand - lower_arm,
            fingers: fingers - hand,
            upper_leg: upper_leg - hips,
            leg_length,
            // One that stands narrow already would cross its feet.
            stance: (wide / (STANCE_TURN_RAD.sin() * leg_length).max(1e-3)).clamp(0.0, 1.0),
            pupils: between.filter(|between| *between > 0.01).unwrap_or(0.060),
            trunk,
        }
    }

    /// Bones of the trunk with their parts of its bend, the pelvis first; a bone that the avatar lacks has none.
    #[must_use]
    pub fn trunk(&self) -> &[(HumanBone, f32); 4] {
        &self.trunk
    }

    /// The lowest bone that moves the collar when it breathes, and how far the collar is from it, meters.
    pub(super) fn breathing(&self) -> (HumanBone, f32) {
        let bone = self.trunk.iter().rev().find(|(_, share)| *share > 0.0).map_or(HumanBone::Spine, |(bone, _)| *bone);
        (bone, self.shoulder.length().max(0.12))
    }

    /// Angle between the directions of the eyes that look at a point so far away, meters; radians.
    #[must_use]
    pub fn vergence_rad(&self, distance: f32) -> f32 {
        2.0 * (0.5 * self.pupils / distance.max(0.15)).atan()
    }

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

    /// Lengths of upper arm, lower arm and palm (wrist to the root of the middle finger), meters.
    pub(super) fn arm_lengths(&self) -> (f32, f32, f32) {
        (self.lower_arm.length(), self.hand.length(), self.fingers.length())
    }

    /// Where the legs hang from the hips (left side).
    pub(super) fn leg_root(&self) -> Vec3 {
        self.upper_leg
    }

    /// A pose's turn of a leg's bone as this avatar does it.
    pub(super) fn leg_turn(&self, turn: Quat) -> Quat {
        if self.stance < 1.0 { Quat::IDENTITY.slerp(turn, self.stance) } else { turn }
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
    fn legs_that_stand_narrow_stay_as_they_are() {
        let turn = Quat::from_rotation_z(-STANCE_TURN_RAD);
        let narrow = Skeleton { stance: 0.0, ..Skeleton::default() };
        assert_eq!(narrow.leg_turn(turn), Quat::IDENTITY);
        assert_eq!(Skeleton::default().leg_turn(turn), turn);
    }

    #[test]
    fn directions_round_trip() {
        let (yaw, pitch) = yaw_pitch_rad(direction(0.5, -0.3));
        assert!((yaw - 0.5).abs() < 1e-5 && (pitch + 0.3).abs() < 1e-5);
    }
}
