//! Blocks: one act as behaviors of face, head, gaze, posture and hands that are tied in time.

use super::{SyncTimes, library::PoseId, skeleton::Side};
use crate::{
    affect::NodStyle,
    protocol::{ActKind, ActTarget, MessageId},
    vrm::BlendShape,
};

/// Names a block within one engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(pub u64);

/// What one part of the body does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Move {
    /// Arms and hands take a library pose.
    Hold {
        /// Which.
        pose: PoseId,
        /// Only this arm; both where absent.
        side: Option<Side>,
        /// How far from rest to the pose, 0..=1.
        amount: f32,
    },
    /// Forearms beat at these moments while in a library pose.
    Beat {
        /// Which arm, or both.
        side: Option<Side>,
        /// Where the arms are meanwhile.
        pose: PoseId,
        /// How far from rest to the pose, 0..=1.
        amount: f32,
        /// Swing of a beat in radians.
        swing_rad: f32,
        /// Seconds from the start of the block.
        at_secs: Vec<f32>,
    },
    /// One hand waves from side to side while in a library pose.
    Wave {
        /// Which arm.
        side: Side,
        /// Where it is meanwhile.
        pose: PoseId,
        /// How far from rest to the pose, 0..=1.
        amount: f32,
        /// Swing to either side in radians.
        swing_rad: f32,
    },
    /// The open hand points at a card or an item on it.
    Point {
        /// At what.
        target: ActTarget,
    },
    /// The face wishes this; smile and concern pass the display rules.
    Face(FaceMove),
    /// A nod.
    Nod {
        /// How.
        style: NodStyle,
        /// How often down and up.
        cycles: u8,
    },
    /// The head tilts and dips.
    Tilt {
        /// Positive towards the avatar's left shoulder.
        roll_rad: f32,
        /// Positive downward.
        dip_rad: f32,
    },
    /// The trunk bends forward.
    Bend {
        /// Positive forward.
        pitch_rad: f32,
    },
    /// The eyes go somewhere.
    Look(LookAt),
}

/// Where the eyes go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LookAt {
    /// To the customer.
    Customer,
    /// To a card or an item on it.
    Target(ActTarget),
    /// Up and to the side: thinking.
    Up,
    /// Down: respect, apology.
    Down,
}

/// What a face shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct FaceMove {
    /// Smile weight before the cap.
    pub smile: f32,
    /// Concern, 0..=1.
    pub concern: f32,
    /// Interest: raised brows, 0..=1.
    pub interest: f32,
    /// Other shapes.
    pub shapes: Vec<(BlendShape, f32)>,
}

/// A move with its times.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Behavior {
    /// What.
    pub what: Move,
    /// When, from the start of the block.
    pub times: SyncTimes,
}

/// One act, planned.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    /// Its name.
    pub id: BlockId,
    /// The act.
    pub act: ActKind,
    /// What the act is about.
    pub target: Option<ActTarget>,
    /// The message whose words it goes with.
    pub message_id: Option<MessageId>,
    /// Higher wins a part of the body; of equals, the later.
    pub priority: i32,
    /// What the parts of the body do.
    pub behaviors: Vec<Behavior>,
}
