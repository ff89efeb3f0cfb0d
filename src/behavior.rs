//! Behavior: acts become blocks, blocks become channel proposals, one composer writes the pose.
//!
//! ```text
//! Cue → affect (stance) → planner (lexicon: act × emotion × issue → block) → realizer (block → proposals)
//!                          life (blink, gaze, breath, nod, stance of the body) → proposals
//!                                                                     composer → Pose, Feedback
//! ```
//!
//! [`Engine`] is all that the rest of the program needs. It is pure: seeded chance, time only by steps, no files.

use crate::motion;

mod blink;
mod block;
mod breath;
mod channel;
mod composer;
mod cue;
mod dice;
mod engine;
mod feeling;
mod footing;
mod gaze;
mod gesture;
mod holding;
mod idle;
mod lexicon;
mod library;
mod listening;
mod mimicry;
mod nod;
mod noise;
mod planner;
mod pose;
mod realizer;
mod skeleton;
mod speaker;
mod sync_point;

#[cfg(test)]
mod scene_tests;

pub use block::BlockId;
pub use channel::Channel;
pub use cue::{CardAnchor, Cue, Feedback, SpeechProgress, Surroundings};
pub use engine::Engine;
pub use lexicon::Lexicon;
pub use library::{PoseId, PoseLibrary};
pub use pose::{Pose, Visemes};
pub use skeleton::{ArmPlaces, Frame, Side, Skeleton};
pub use sync_point::{SyncPoint, SyncTimes};
