//! VRM animations: a `.vrma` file after reading and checking, its keys in the space that every avatar understands.
//!
//! Rotations are normalized (against the T-pose, along the model's axes), hips offsets are in model space, expressions
//! have their weights, the gaze has its direction. So an animation fits any avatar: see [`Clip`](super::Clip).

mod channel;
#[cfg(test)]
pub(super) mod fixture;
mod source;
#[cfg(test)]
mod tests;
pub(super) mod track;

use std::collections::HashSet;

use glam::{Mat3, Quat, Vec3};
use serde_json::Value;

use self::channel::{RawChannel, Samplers};
use self::source::{Role, Roles};
use self::track::Track;
use super::accessor_data::AccessorData;
use super::bone::HumanBone;
use super::document::{Node, Refusal, world_transforms};
use super::expression::ExpressionName;
use super::finding::{Finding, Findings};
use super::glb::Glb;
use super::humanoid::Humanoid;
use super::{accessor, schema, validate};
use crate::problem::Problem;

const EXTENSION: &str = "VRMC_vrm_animation";
const MEND: &str = "export the animation again as a VRM animation (.vrma)";
/// Hips lower than this, in meters, say nothing about how tall the animated figure was.
const LOW: f32 = 1.0e-3;

/// A VRM animation: the first animation of a `.vrma` file.
#[derive(Debug, Clone, PartialEq)]
pub struct Animation {
    /// Version that the file states, such as `1.0`.
    pub spec_version: String,
    /// Time of the last key, seconds; 0 for a still pose.
    pub duration_secs: f32,
    /// Height of the animated figure's hips at rest, meters; `None` where the file has no usable one.
    pub hips_height: Option<f32>,
    /// What was wrong and what was done about it.
    pub findings: Vec<Finding>,
    /// Normalized rotations.
    pub(super) rotations: Vec<(HumanBone, Track<Quat>)>,
    /// Offset of the hips from their rest position in the model space of the animated figure, meters.
    pub(super) hips: Option<Track<Vec3>>,
    pub(super) expressions: Vec<(ExpressionName, Track<f32>)>,
    /// Rotation whose +Z is the direction of the gaze, against the head.
    pub(super) gaze: Option<Track<Quat>>,
}

impl Animation {
    /// Reads a `.vrma` file. `file` is the name that a person knows it by, for the message.
    ///
    /// # Errors
    /// Where the file is no readable GLB, would break a glTF loader, or holds no VRM animation.
    pub fn read(bytes: &[u8], file: &str) -> Result<Self, Problem> {
        let glb = Glb::read(bytes).map_err(|error| Problem::new("cannot load animation", file, error, MEND))?;
        Self::from_glb(&glb).map_err(|refusal| {
            Problem::new("cannot load animation", format!("{file}: {}", refusal.place), refusal.why, refusal.mend)
        })
    }

    /// Bones that it turns.
    pub fn bones(&self) -> impl Iterator<Item = HumanBone> + '_ {
        self.rotations.iter().map(|(bone, _)| *bone)
    }

    /// Expressions that it shows.
    pub fn expressions(&self) -> impl Iterator<Item = &ExpressionName> {
        self.expressions.iter().map(|(name, _)| name)
    }

    /// Whether it moves the hips from their place.
    #[must_use]
    pub fn moves_hips(&self) -> bool {
        self.hips.is_some()
    }

    /// Whether it leads the gaze.
    #[must_use]
    pub fn leads_gaze(&self) -> bool {
        self.gaze.is_some()
    }

    fn from_glb(glb: &Glb<'_>) -> Result<Self, Refusal> {
        let mut findings = Findings::default();
        let json = &glb.json;
        let Some(extension) = json.pointer("/extensions/VRMC_vrm_animation").filter(|value| value.is_object()) else {
            let why = "the file says nothing about a VRM animation";
            return Err(Refusal::new(format!("extensions.{EXTENSION}"), why, MEND));
        };
        let Some(animation) = json.pointer("/animations/0") else {
            return Err(Refusal::new("animations", "the file holds no animation", MEND));
        };
        if json.pointer("/animations/1").is_some() {
            findings.push(Finding::info("animations", "only the first one counts"));
        }
        let spec_version = extension.get("specVersion").and_then(Value::as_str).unwrap_or_default().to_owned();
        if spec_version != "1.0" {
            let said = if spec_version.is_empty() { "no version".into() } else { format!("version {spec_version:?}") };
            findings.push(Finding::warning(format!("{EXTENSION}.specVersion"), format!("states {said}, read as 1.0")));
        }
        let accessors = accessor::read(json, glb.binary.len() as u64, &mut findings)?;
        let meshes = validate::meshes(json, &accessors, &mut findings);
        let (nodes, order) = validate::nodes(json, &meshes, &mut findings)?;
        let world = world_transforms(&nodes, &order);
        let roles = source::roles(extension, &nodes, &mut findings);
        let humanoid = Humanoid::new(roles.bones, &[glam::Quat::IDENTITY; HumanBone::COUNT], &nodes, &world);
        let height = humanoid.rest_position(HumanBone::Hips).y;
        let mut out = Self {
            spec_version,
            duration_secs: 0.0,
            hips_height: (humanoid.has(HumanBone::Hips) && height > LOW).then_some(height),
            findings: Vec::new(),
            rotations: Vec::new(),
            hips: None,
            expressions: Vec::new(),
            gaze: None,
        };
        let samplers = Samplers::new(animation, &accessors, AccessorData::new(json, glb.binary), &mut findings);
        let channels = schema::list(animation, "channels", &mut findings);
        out.take_channels(
            channels,
            samplers,
            &roles,
            &Source { nodes: &nodes, world: &world, humanoid: &humanoid },
            &mut findings,
        );
        out.duration_secs = out.end_secs();
        out.findings = findings.into_vec();
        Ok(out)
    }

    fn take_channels(
        &mut self,
        channels: Vec<RawChannel>,
        mut samplers: Samplers<'_>,
        roles: &Roles,
        source: &Source<'_>,
        findings: &mut Findings,
    ) {
        let mut taken = HashSet::new();
        let mut idle = 0_usize;
        for (index, channel) in channels.iter().enumerate() {
            let place = format!("animations[0].channels[{index}]");
            let role = channel.target.node.and_then(|node| Some((node, roles.by_node.get(node)?.as_ref()?)));
            let Some((node, role)) = role else {
                idle += 1;
                continue;
            };
            let path = channel.target.path.as_str();
            if !matches!(
                (role, path),
                (Role::Bone(_) | Role::LookAt, "rotation")
                    | (Role::Bone(HumanBone::Hips) | Role::Expression(_), "translation")
            ) {
                findings.push(Finding::error(place, format!("moves the {path} of {}, dropped", describe(role))));
                continue;
            }
            if !taken.insert((node, path)) {
                findings.push(Finding::error(place, format!("moves the {path} of {} again, dropped", describe(role))));
                continue;
            }
            match role {
                Role::Bone(bone) if path == "rotation" => {
                    if let Some(track) = samplers.track(channel, &place, findings) {
                        self.rotations.push((*bone, source.normalized(*bone, track)));
                    }
                }
                Role::Bone(_) => {
                    self.hips = samplers.track(channel, &place, findings).map(|track| source.offsets(node, track));
                }
                Role::Expression(name) => {
                    if let Some(track) = samplers.track::<Vec3>(channel, &place, findings) {
                        self.expressions.push((name.clone(), track.map(|v| v.x, |v| v.x)));
                    }
                }
                Role::LookAt => self.gaze = samplers.track(channel, &place, findings),
            }
        }
        if idle > 0 {
            let message = format!("{idle} of {} move nodes that stand for nothing, ignored", channels.len());
            findings.push(Finding::info("animations[0].channels", message));
        }
    }

    fn end_secs(&self) -> f32 {
        let rotations = self.rotations.iter().map(|(_, track)| track.end_secs());
        let expressions = self.expressions.iter().map(|(_, track)| track.end_secs());
        let hips = self.hips.iter().map(Track::end_secs);
        let gaze = self.gaze.iter().map(Track::end_secs);
        rotations.chain(expressions).chain(hips).chain(gaze).fold(0.0, f32::max)
    }
}

fn describe(role: &Role) -> String {
    match role {
        Role::Bone(bone) => bone.name().to_owned(),
        Role::Expression(name) => format!("expression {}", name.as_str()),
        Role::LookAt => "the gaze".to_owned(),
    }
}

/// The animated figure at rest.
struct Source<'a> {
    nodes: &'a [Node],
    world: &'a [glam::Affine3A],
    humanoid: &'a Humanoid,
}

impl Source<'_> {
    /// Node rotations as normalized ones: N = W L⁻¹ R W⁻¹, where W L⁻¹ is the rotation of the parent at rest.
    fn normalized(&self, bone: HumanBone, track: Track<Quat>) -> Track<Quat> {
        let from_rest = self.humanoid.rest_world(bone).inverse();
        let parent = (from_rest.inverse() * self.humanoid.rest_local(bone).inverse()).normalize();
        track.map(|key| (parent * key * from_rest).normalize(), |tangent| parent * tangent * from_rest)
    }

    /// Translations of the hips' node as offsets from rest in model space.
    fn offsets(&self, node: usize, track: Track<Vec3>) -> Track<Vec3> {
        let rest = self.nodes[node].rest.translation;
        let parent = self.nodes[node].parent.map(|parent| Mat3::from(self.world[parent].matrix3));
        let model_from_parent = parent.filter(Mat3::is_finite).unwrap_or(Mat3::IDENTITY);
        track.map(|key| model_from_parent * (key - rest), |tangent| model_from_parent * tangent)
    }
}
