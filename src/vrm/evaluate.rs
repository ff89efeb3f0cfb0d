//! Runs the runtime on scripted inputs, to compare it with other runtimes and with itself.
//!
//! A script is JSON: `{"fps": 60, "steps": [{"frames": 30, "expressions": {"happy": 0.5}, "look_at": [0, 1.4, 2],
//! "yaw_pitch_deg": null, "bones": {"head": [0, 0, 0, 1]}, "move_root": [0, 0, 0]}]}`. Expressions are input weights,
//! `look_at` is a point in the world and `yaw_pitch_deg` a direction against the head, both through the file's range
//! maps; null stops looking. Bones are normalized rotations, `move_root` puts the avatar somewhere in the world. What
//! a step names holds from its first frame on until another step names it.

mod frame;
mod script;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use glam::{Quat, Vec3};

pub use self::frame::Frame;
pub use self::script::{Script, Step};
use super::bone::HumanBone;
use super::document::Document;
use super::expression::{ExpressionName, Preset};
use super::input::{Input, Root};
use super::look_at::EyeDrive;
use super::runtime::{ExpressionHandle, Runtime};
use crate::problem::Problem;

/// An avatar that plays a script, update by update.
#[derive(Debug, Clone)]
pub struct Evaluation {
    runtime: Runtime,
    fps: f64,
    steps: Vec<Prepared>,
    bones: [Quat; HumanBone::COUNT],
    eyes: EyeDrive,
    root: Root,
    /// The step that the next update belongs to, and how many updates of it are over.
    at: (usize, u64),
    updates: u64,
}

/// A step with the names looked up.
#[derive(Debug, Clone)]
struct Prepared {
    weights: Vec<(ExpressionHandle, f32)>,
    step: Step,
}

impl Evaluation {
    /// Puts an avatar at the start of a script.
    ///
    /// # Errors
    /// Where the script names an expression that neither the standard nor the avatar knows. Presets that the avatar
    /// lacks do nothing, so that one script serves many avatars.
    pub fn new(document: Arc<Document>, script: &Script) -> Result<Self, Problem> {
        let runtime = Runtime::new(document);
        let mut steps = Vec::with_capacity(script.steps.len());
        for (at, step) in script.steps.iter().enumerate() {
            let mut weights = Vec::with_capacity(step.expressions.len());
            for (name, weight) in &step.expressions {
                match (runtime.expression_handle(name), name) {
                    (Some(handle), _) => weights.push((handle, *weight)),
                    (None, ExpressionName::Preset(_)) => {}
                    (None, ExpressionName::Custom(name)) => {
                        let known: Vec<_> = runtime.document().expressions.iter().map(|e| e.name.as_str()).collect();
                        return Err(Problem::new(
                            "cannot play script",
                            format!("steps[{at}].expressions.{name}"),
                            "the avatar has no such expression",
                            format!("use one of: {}", known.join(", ")),
                        ));
                    }
                }
            }
            steps.push(Prepared { weights, step: step.clone() });
        }
        Ok(Self {
            runtime,
            fps: script.fps,
            steps,
            bones: [Quat::IDENTITY; HumanBone::COUNT],
            eyes: EyeDrive::Keep,
            root: Root::IDENTITY,
            at: (0, 0),
            updates: 0,
        })
    }

    /// Makes the next update; false where the script is over.
    pub fn advance(&mut self) -> bool {
        let (at, done) = self.at;
        let Some(prepared) = self.steps.get(at) else { return false };
        if done == 0 {
            let eyes = prepared.step.eyes.unwrap_or(self.eyes);
            if eyes == EyeDrive::Keep && self.eyes != EyeDrive::Keep {
                // Looking left its weights behind.
                for preset in [Preset::LookUp, Preset::LookDown, Preset::LookLeft, Preset::LookRight] {
                    if let Some(handle) = self.runtime.expression_handle(&ExpressionName::Preset(preset)) {
                        self.runtime.set_weight(handle, 0.0);
                    }
                }
            }
            self.eyes = eyes;
            for (handle, weight) in &prepared.weights {
                self.runtime.set_weight(*handle, *weight);
            }
            for (bone, rotation) in &prepared.step.bones {
                self.bones[bone.index()] = *rotation;
            }
            self.root.translation = prepared.step.root.unwrap_or(self.root.translation);
        }
        let frames = prepared.step.frames;
        self.update();
        self.updates += 1;
        self.at = if done + 1 < frames { (at, done + 1) } else { (at + 1, 0) };
        true
    }

    /// The frame of the last update: the first one is at time 0. `nodes` limits what is written; `None` is all.
    #[must_use]
    pub fn frame<'a>(&'a self, nodes: Option<&'a [usize]>) -> Frame<'a> {
        Frame { t: self.updates.saturating_sub(1) as f64 / self.fps, runtime: &self.runtime, nodes }
    }

    /// How many updates are over.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// The runtime as of the last update.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    fn update(&mut self) {
        self.runtime.update(&Input {
            bones: &self.bones,
            hips_offset: Vec3::ZERO,
            eyes: self.eyes,
            root: self.root,
            dt_secs: (1.0 / self.fps) as f32,
        });
    }
}
