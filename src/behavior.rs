//! Behavior: acts become blocks, blocks become channel curves, one composer writes the pose.

mod pose;

pub use pose::{Pose, Visemes};
