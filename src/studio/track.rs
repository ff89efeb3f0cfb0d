//! A recording: what every channel, bone and the gaze did in every frame, and what happened meanwhile.

use glam::{Quat, Vec3};

use crate::affect::Level;
use crate::behavior::{CardAnchor, Pose};
use crate::vrm::{BlendShape, HumanBone};

/// What the agent is doing, as far as gaze and lids are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Talk {
    /// The customer has the floor.
    Listening,
    /// The agent speaks.
    Speaking,
    /// The desk works on an answer.
    Thinking,
}

/// A place and an orientation in model space: meters, the avatar faces +Z.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    /// Where.
    pub place: Vec3,
    /// Rotation since the T-pose.
    pub turn: Quat,
}

impl Joint {
    /// A joint at the origin, unturned.
    pub const REST: Self = Self { place: Vec3::ZERO, turn: Quat::IDENTITY };
}

/// One frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Every channel, as the engine composed it.
    pub pose: Pose,
    /// Every bone in model space as the runtime posed it, by [`HumanBone::index`].
    pub joints: [Joint; HumanBone::COUNT],
    /// Between the eyes, model space.
    pub eyes: Vec3,
    /// Where the eyes look, model space, unit length.
    pub gaze: Vec3,
    /// Angle between the two eyes' directions, radians; positive where they converge. `None` without eye bones.
    pub vergence_rad: Option<f32>,
    /// Distance between the eye bones, meters.
    pub pupils: f32,
    /// Weight of the preset `angry` after all rules.
    pub angry: f32,
    /// Between the customer's eyes, model space.
    pub customer: Vec3,
    /// Who has the floor.
    pub talk: Talk,
    /// The customer's level as the engine was told.
    pub level: Level,
    /// Acts being performed.
    pub acts: usize,
}

impl Frame {
    /// Weight of a blend shape.
    #[must_use]
    pub fn face(&self, shape: BlendShape) -> f32 {
        self.pose.face(shape)
    }

    /// A bone in model space.
    #[must_use]
    pub fn joint(&self, bone: HumanBone) -> Joint {
        self.joints[bone.index()]
    }

    /// Forward lean of the trunk, radians.
    #[must_use]
    pub fn lean_rad(&self) -> f32 {
        let up = self.joint(HumanBone::UpperChest).turn * Vec3::Y;
        up.z.atan2(up.y)
    }

    /// Pitch of the head, positive downward, radians.
    #[must_use]
    pub fn head_pitch_rad(&self) -> f32 {
        (-(self.joint(HumanBone::Head).turn * Vec3::Z).y).clamp(-1.0, 1.0).asin()
    }

    /// Yaw of the head, positive to the avatar's left, radians.
    #[must_use]
    pub fn head_yaw_rad(&self) -> f32 {
        let forward = self.joint(HumanBone::Head).turn * Vec3::Z;
        forward.x.atan2(forward.z)
    }

    /// Sideways and upright error of the gaze against a place, radians.
    #[must_use]
    pub fn gaze_error_rad(&self, place: Vec3) -> (f32, f32) {
        let angles = |d: Vec3| (d.x.atan2(d.z), (-d.y).atan2(d.x.hypot(d.z)));
        let ((yaw, pitch), (to_yaw, to_pitch)) = (angles(self.gaze), angles(place - self.eyes));
        (yaw - to_yaw, pitch - to_pitch)
    }

    /// Angle between the gaze and the customer's eyes, radians.
    #[must_use]
    pub fn off_customer_rad(&self) -> f32 {
        self.gaze.angle_between(self.customer - self.eyes)
    }

    /// How far the lids are closed, the wider eye.
    #[must_use]
    pub fn lid(&self) -> f32 {
        self.face(BlendShape::EyeBlinkLeft).min(self.face(BlendShape::EyeBlinkRight))
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When, seconds from the start of the track.
    pub secs: f32,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// The customer ended a turn.
    CustomerSpoke,
    /// The customer typed.
    Typing,
    /// The desk sorted the customer anew.
    Level(Level),
    /// Speech and gesture were cut short.
    Interrupt,
    /// A card appeared; its middle and its items, model space.
    Card {
        /// Its name.
        id: String,
        /// Its middle.
        center: Vec3,
    },
    /// The first sound of an utterance that lasts this long, seconds.
    SpeechStarted(f32),
    /// The last sound.
    SpeechEnded,
    /// A syllable on which a stroke may fall.
    Accent,
    /// An act of this name began.
    ActStarted(u64, String),
    /// A gesture's arm begins to move; towards this place where it points.
    GestureStarted(u64, Option<Vec3>),
    /// A gesture's stroke is over; what follows is a hold.
    StrokeEnded(u64, Option<Vec3>),
    /// A gesture's way back began.
    Relaxed(u64),
    /// An act is over.
    ActEnded(u64),
    /// Any other cue, by its name.
    Cue(&'static str),
}

impl What {
    /// A short name for reports.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::CustomerSpoke => "customer spoke".into(),
            Self::Typing => "typing".into(),
            Self::Level(level) => format!("level {level:?}"),
            Self::Interrupt => "interrupt".into(),
            Self::Card { id, .. } => format!("card {id}"),
            Self::SpeechStarted(_) => "speech".into(),
            Self::SpeechEnded => "speech ended".into(),
            Self::Accent => "accent".into(),
            Self::ActStarted(_, act) => act.clone(),
            Self::GestureStarted(..) => "gesture".into(),
            Self::StrokeEnded(..) => "stroke".into(),
            Self::Relaxed(_) => "relax".into(),
            Self::ActEnded(_) => "act ended".into(),
            Self::Cue(name) => (*name).into(),
        }
    }
}

/// A recording of frames at an even rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Frames per second.
    pub rate_hz: f32,
    /// Seconds into the scene at which the first frame was taken.
    pub start_secs: f32,
    /// Bones of the avatar's trunk with their parts of its bend, the pelvis first; what it lacks has none.
    pub trunk: [(HumanBone, f32); 4],
    /// The frames.
    pub frames: Vec<Frame>,
    /// What happened, in order of time.
    pub events: Vec<Event>,
    /// The cards that stand from a time on, seconds from the start of the track; in order of time.
    pub tables: Vec<(f32, Vec<CardAnchor>)>,
}

impl Track {
    /// Time between frames, seconds.
    #[must_use]
    pub fn dt_secs(&self) -> f32 {
        1.0 / self.rate_hz
    }

    /// Length, seconds.
    #[must_use]
    pub fn secs(&self) -> f32 {
        self.frames.len() as f32 / self.rate_hz
    }

    /// When a frame was taken, seconds from the start of the track.
    #[must_use]
    pub fn at(&self, frame: usize) -> f32 {
        frame as f32 / self.rate_hz
    }

    /// The frame of a time, within the track.
    #[must_use]
    pub fn frame_at(&self, secs: f32) -> usize {
        ((secs * self.rate_hz).round().max(0.0) as usize).min(self.frames.len().saturating_sub(1))
    }

    /// The cards that stand at a time.
    #[must_use]
    pub fn cards_at(&self, secs: f32) -> &[CardAnchor] {
        self.tables.iter().rev().find(|(since, _)| *since <= secs).map_or(&[], |(_, cards)| cards)
    }

    /// A value over all frames.
    pub fn curve(&self, value: impl Fn(&Frame) -> f32) -> Vec<f32> {
        self.frames.iter().map(value).collect()
    }

    /// A blend shape over all frames.
    #[must_use]
    pub fn shape(&self, shape: BlendShape) -> Vec<f32> {
        self.curve(|frame| frame.face(shape))
    }
}
