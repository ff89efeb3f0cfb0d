//! The composer: the one writer of the pose. It lays the proposals of a frame over each other, lets nothing jump,
//! and keeps every weight in 0..=1 and every joint below its speed.

use std::sync::LazyLock;

use glam::{EulerRot, Quat, Vec3};

use super::{
    Channel, Pose,
    channel::{Content, Proposals},
    footing,
    library::PoseLibrary,
    motion::{Damping, Glide, Spring, TurnSpring, nearest, small_angle},
    skeleton::{Side, Skeleton, direction, yaw_pitch_rad},
};
use crate::vrm::{BlendShape, HumanBone};

/// Trunk pitch that is taken as asked, and the most that any sum of lean, bow and sway comes to.
const FREE_BEND_RAD: f32 = 0.14;
const FARTHEST_BEND_RAD: f32 = 0.203;
const ARM_HALF_LIFE_SECS: f32 = 0.045;
const FACE_HALF_LIFE_SECS: f32 = 0.05;
const MOUTH_HALF_LIFE_SECS: f32 = 0.022;
/// Eyes come together more slowly than they jump.
const VERGENCE_HALF_LIFE_SECS: f32 = 0.05;
/// What is left of mood at the mouth while it speaks.
const MOOD_WHILE_SPEAKING: f32 = 1.0 / 3.0;
/// How long the mood takes to make way for speech and to come back: as slow as any expression.
const MOOD_GOES_SECS: f32 = 1.3;
const MOOD_COMES_SECS: f32 = 0.75;
/// Furthest that eyes turn in the head: sideways, up, down.
const EYES_SIDE_RAD: f32 = 0.56;
const EYES_UP_RAD: f32 = 0.40;
const EYES_DOWN_RAD: f32 = 0.48;

/// Writes the pose.
#[derive(Debug, Clone)]
pub(super) struct Composer {
    pose: Pose,
    arms: [TurnSpring; HumanBone::COUNT],
    face: [Spring; BlendShape::COUNT],
    mouth: [Spring; 5],
    mood: Glide,
    vergence: Spring,
    fresh: bool,
}

/// What the composer needs besides proposals.
pub(super) struct Ground<'a> {
    pub(super) library: &'a PoseLibrary,
    pub(super) skeleton: &'a Skeleton,
    pub(super) speaking: bool,
    pub(super) smile_cap: f32,
}

/// The proposals of a frame, summed where they sum.
struct Sums {
    bend: Vec3,
    head_turn: Vec3,
    head_aim: (f32, f32),
    gaze: (f32, f32),
    vergence: f32,
    shift: Vec3,
    blink: f32,
    mouth: [f32; 5],
    shapes: [f32; BlendShape::COUNT],
    arms: [Quat; HumanBone::COUNT],
    turns: [Quat; HumanBone::COUNT],
}

impl Composer {
    pub(super) fn new() -> Self {
        Self {
            pose: Pose::REST,
            arms: [TurnSpring::new(Quat::IDENTITY); HumanBone::COUNT],
            face: [Spring::new(0.0, FACE_HALF_LIFE_SECS); BlendShape::COUNT],
            mouth: [Spring::new(0.0, MOUTH_HALF_LIFE_SECS); 5],
            mood: Glide::at(1.0),
            vergence: Spring::new(0.0, VERGENCE_HALF_LIFE_SECS),
            fresh: true,
        }
    }

    pub(super) fn pose(&self) -> &Pose {
        &self.pose
    }

    pub(super) fn compose(&mut self, dt_secs: f32, proposals: &Proposals, ground: &Ground<'_>) {
        let mut sums = Sums::new();
        // Trunk first: hanging arms need to know where down is.
        for content in proposals.sums() {
            sums.take_sum(content);
        }
        self.trunk(&sums, ground.skeleton, dt_secs);
        footing::plant(&mut self.pose, ground.library, ground.skeleton, sums.shift);
        let lean = self.pose.bone(HumanBone::Hips)
            * self.pose.bone(HumanBone::Spine)
            * self.pose.bone(HumanBone::Chest)
            * self.pose.bone(HumanBone::UpperChest);
        for proposal in proposals.layers() {
            sums.lay_arms(&proposal.content, proposal.weight, ground.library, lean);
        }
        self.arms(&sums, dt_secs);
        self.head(&sums, lean, dt_secs);
        self.eyes(&sums, dt_secs);
        self.write_face(&sums, ground, dt_secs);
        self.fresh = false;
    }

    fn trunk(&mut self, sums: &Sums, skeleton: &Skeleton, dt_secs: f32) {
        let pitch = bowed(sums.bend.x).clamp(-0.10, FARTHEST_BEND_RAD);
        let (yaw, roll) = (sums.bend.y.clamp(-0.35, 0.35), sums.bend.z.clamp(-0.12, 0.12));
        for (bone, share) in *skeleton.trunk() {
            // The pelvis turns no way to the side: it would drag the feet.
            let yaw = if bone == HumanBone::Hips { 0.0 } else { yaw * share / 0.75 };
            let turn = Quat::from_euler(EulerRot::YXZ, yaw, pitch * share, roll * share);
            self.write(bone, turn * sums.turns[bone.index()], dt_secs);
        }
    }

    fn arms(&mut self, sums: &Sums, dt_secs: f32) {
        let damping = Damping::new(ARM_HALF_LIFE_SECS, dt_secs);
        for ArmBone { bone, channel, .. } in ARMS.iter().copied() {
            let spring = &mut self.arms[bone.index()];
            let target = sums.arms[bone.index()];
            if self.fresh {
                *spring = TurnSpring::new(target);
            } else {
                spring.follow(target, &damping, 0.85 * channel.max_speed());
            }
            let turn = spring.value * sums.turns[bone.index()];
            self.write(bone, turn, dt_secs);
        }
    }

    /// The head keeps its aim in the room, whatever the trunk does beneath it.
    fn head(&mut self, sums: &Sums, trunk: Quat, dt_secs: f32) {
        let (yaw, pitch) = sums.head_aim;
        let turn = sums.head_turn;
        let wanted = Quat::from_euler(EulerRot::YXZ, yaw + turn.y, pitch + turn.x, turn.z);
        let local = nearest(trunk.inverse() * wanted, Quat::IDENTITY);
        let neck = Quat::IDENTITY.slerp(local, 0.4);
        self.write(HumanBone::Neck, neck, dt_secs);
        let neck = self.pose.bone(HumanBone::Neck);
        self.write(HumanBone::Head, neck.inverse() * local, dt_secs);
    }

    fn eyes(&mut self, sums: &Sums, dt_secs: f32) {
        let head = [
            HumanBone::Hips,
            HumanBone::Spine,
            HumanBone::Chest,
            HumanBone::UpperChest,
            HumanBone::Neck,
            HumanBone::Head,
        ]
        .into_iter()
        .fold(Quat::IDENTITY, |turn, bone| turn * self.pose.bone(bone));
        let (yaw, pitch) = yaw_pitch_rad(head.inverse() * direction(sums.gaze.0, sums.gaze.1));
        // Far to the side an eye turns less far up or down: the field is an oval, not a box.
        let (across, up) = (yaw / EYES_SIDE_RAD, pitch / if pitch > 0.0 { EYES_DOWN_RAD } else { EYES_UP_RAD });
        let beyond = across.hypot(up).max(1.0);
        self.pose.gaze_yaw_rad = yaw / beyond;
        self.pose.gaze_pitch_rad = pitch / beyond;
        if self.fresh {
            self.vergence.value = sums.vergence;
        }
        self.pose.vergence_rad = self.vergence.follow(sums.vergence, dt_secs).max(0.0);
    }

    fn write_face(&mut self, sums: &Sums, ground: &Ground<'_>, dt_secs: f32) {
        let (goal, secs) = if ground.speaking { (MOOD_WHILE_SPEAKING, MOOD_GOES_SECS) } else { (1.0, MOOD_COMES_SECS) };
        self.mood.aim(goal, secs);
        self.mood.advance(dt_secs);
        let mood = self.mood.value().clamp(0.0, 1.0);
        let damping = Damping::new(FACE_HALF_LIFE_SECS, dt_secs);
        for shape in BlendShape::ALL.iter().copied() {
            let (i, channel) = (shape.index(), Channel::of_shape(shape));
            let mut target = sums.shapes[i].clamp(0.0, 1.0);
            if channel == Channel::MouthMood {
                target *= mood;
            }
            let spring = &mut self.face[i];
            if target == 0.0 && spring.value.abs() < 4e-4 && spring.speed.abs() < 0.02 {
                // Gone is gone: no trace of a smile for seconds.
                (spring.value, spring.speed) = (0.0, 0.0);
            } else {
                spring.damped(target, &damping);
            }
            let mut weight = spring.value.clamp(0.0, 1.0);
            match shape {
                BlendShape::MouthSmileLeft | BlendShape::MouthSmileRight => {
                    // The cap falls at once with bad news; what still shows then is fading already.
                    weight = weight.min(ground.smile_cap.max(self.pose.face[i]));
                }
                BlendShape::EyeBlinkLeft | BlendShape::EyeBlinkRight => {
                    // Lids follow the eyes down.
                    let down = (self.pose.gaze_pitch_rad / EYES_DOWN_RAD).clamp(0.0, 1.0);
                    let low = weight.max(0.28 * down);
                    weight = low + (1.0 - low) * sums.blink;
                }
                _ => {}
            }
            let most = if self.fresh { 1.0 } else { channel.max_speed() * dt_secs };
            let before = self.pose.face[i];
            self.pose.face[i] = (before + (weight - before).clamp(-most, most)).clamp(0.0, 1.0);
        }
        let damping = Damping::new(MOUTH_HALF_LIFE_SECS, dt_secs);
        for (i, target) in sums.mouth.into_iter().enumerate() {
            let before = self.pose.visemes[i];
            let most = Channel::MouthShape.max_speed() * dt_secs;
            let weight = self.mouth[i].damped(target.clamp(0.0, 0.5), &damping);
            let weight = if weight < 4e-4 && target == 0.0 { 0.0 } else { weight };
            self.pose.visemes[i] = (before + (weight - before).clamp(-most, most)).clamp(0.0, 1.0);
        }
    }

    /// Writes a bone, no faster than its channel may move.
    fn write(&mut self, bone: HumanBone, wanted: Quat, dt_secs: f32) {
        let before = self.pose.bones[bone.index()];
        let wanted = nearest(wanted.normalize(), before);
        let most = Channel::of_bone(bone).max_speed() * dt_secs;
        let angle = small_angle(before, wanted);
        self.pose.bones[bone.index()] =
            if self.fresh || angle <= most { wanted } else { before.slerp(wanted, most / angle).normalize() };
    }
}

/// A bow over a lean: the last degrees come ever harder, so that both together stay below the cap without a stop.
fn bowed(pitch_rad: f32) -> f32 {
    let room = FARTHEST_BEND_RAD - FREE_BEND_RAD;
    if pitch_rad <= FREE_BEND_RAD {
        pitch_rad
    } else {
        FREE_BEND_RAD + room * ((pitch_rad - FREE_BEND_RAD) / room).tanh()
    }
}

/// A bone of shoulder, arm or hand.
#[derive(Debug, Clone, Copy)]
struct ArmBone {
    bone: HumanBone,
    channel: Channel,
    side: Side,
}

static ARMS: LazyLock<Vec<ArmBone>> = LazyLock::new(|| {
    use Channel as C;
    let all = HumanBone::ALL.iter().map(|bone| (*bone, Channel::of_bone(*bone)));
    all.filter(|(_, c)| matches!(c, C::Shoulders | C::LeftArm | C::RightArm | C::LeftHand | C::RightHand))
        .map(|(bone, channel)| {
            let side = if bone.name().starts_with("left") { Side::Left } else { Side::Right };
            ArmBone { bone, channel, side }
        })
        .collect()
});

impl Sums {
    fn new() -> Self {
        Self {
            bend: Vec3::ZERO,
            head_turn: Vec3::ZERO,
            head_aim: (0.0, 0.0),
            gaze: (0.0, 0.0),
            vergence: 0.0,
            shift: Vec3::ZERO,
            blink: 0.0,
            mouth: [0.0; 5],
            shapes: [0.0; BlendShape::COUNT],
            arms: [Quat::IDENTITY; HumanBone::COUNT],
            turns: [Quat::IDENTITY; HumanBone::COUNT],
        }
    }

    fn take_sum(&mut self, content: &Content) {
        match *content {
            Content::Bend(bend) => self.bend += bend,
            Content::HeadTurn(turn) => self.head_turn += turn,
            Content::HeadAim(yaw, pitch) => self.head_aim = (yaw, pitch),
            Content::Gaze(yaw, pitch) => self.gaze = (yaw, pitch),
            Content::Vergence(vergence) => self.vergence = vergence,
            Content::Shift(shift) => self.shift += shift,
            Content::Blink(closed) => self.blink = self.blink.max(closed),
            Content::Mouth(mouth) => self.mouth = mouth,
            Content::Shape(shape, weight) => {
                let slot = &mut self.shapes[shape.index()];
                *slot = slot.max(weight);
            }
            Content::MoreShape(shape, weight) => self.shapes[shape.index()] += weight,
            Content::Turn(bone, turn) => self.turns[bone.index()] *= turn,
            Content::Arms(..) | Content::Arm(..) => {}
        }
    }

    fn lay_arms(&mut self, content: &Content, weight: f32, library: &PoseLibrary, lean: Quat) {
        let (pose, side, arm) = match *content {
            Content::Arms(pose, side) => (pose, side, None),
            Content::Arm(side, turns, pose) => (pose, Some(side), Some(turns)),
            _ => return,
        };
        for ArmBone { bone, side: own, .. } in ARMS.iter().copied() {
            if side.is_some_and(|side| side != own) {
                continue;
            }
            let mut turn = library.bone(pose, bone);
            if let (Some(turns), Some(side)) = (arm, side)
                && let Some(joint) = side.arm().iter().position(|joint| *joint == bone)
            {
                turn = turns[joint];
            } else if pose == library.stand && matches!(bone, HumanBone::LeftUpperArm | HumanBone::RightUpperArm) {
                // Arms at the sides hang: they stay upright while the trunk leans.
                let shoulder =
                    if bone == HumanBone::LeftUpperArm { HumanBone::LeftShoulder } else { HumanBone::RightShoulder };
                let parent = lean * library.bone(pose, shoulder);
                let upright = Quat::IDENTITY.slerp(lean.inverse(), 0.8);
                turn = parent.inverse() * upright * parent * turn;
            }
            let slot = &mut self.arms[bone.index()];
            *slot = if weight >= 1.0 { turn } else { slot.slerp(nearest(turn, *slot), weight) };
        }
    }
}
