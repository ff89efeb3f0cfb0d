//! The pose library: tuned poses of arms and hands, by name.

use std::collections::BTreeMap;

use glam::Quat;
use serde::Deserialize;

use super::Pose;
use super::skeleton::{Side, Skeleton};
use crate::{problem::Problem, vrm::HumanBone};

/// Poses that the engine itself uses; a library without them is refused.
const NEEDED: [&str; 4] = ["stand", "listen", "offer", "elbows"];

/// A pose in the library, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PoseId(usize);

/// Tuned poses as normalized (T-pose-relative) local rotations.
#[derive(Debug, Clone, PartialEq)]
pub struct PoseLibrary {
    names: BTreeMap<String, PoseId>,
    poses: Vec<[Quat; HumanBone::COUNT]>,
    /// How many were read; behind them stand their mirror images in the same order.
    read: usize,
    pub(super) stand: PoseId,
    pub(super) listen: PoseId,
    pub(super) offer: PoseId,
}

#[derive(Deserialize)]
struct File {
    poses: BTreeMap<String, BTreeMap<String, Entry>>,
}

#[derive(Deserialize)]
struct Entry {
    q: [f32; 4],
}

impl PoseLibrary {
    /// Reads a library from JSON; `place` names the file in errors.
    ///
    /// # Errors
    /// JSON that does not parse, an unknown bone, a rotation that is none, or a missing pose.
    pub fn parse(text: &str, place: &str) -> Result<Self, Problem> {
        let problem = |place: String, why: String, mend: &str| Problem::new("cannot read the poses", place, why, mend);
        let file: File = serde_json::from_str(text).map_err(|error| {
            problem(format!("{place}:{}", error.line()), error.to_string(), "mend the JSON at that line")
        })?;
        let (mut names, mut poses) = (BTreeMap::new(), Vec::new());
        for (name, entries) in file.poses {
            let mut bones = [Quat::IDENTITY; HumanBone::COUNT];
            for (bone_name, entry) in entries {
                let at = format!("{place}: poses.{name}.{bone_name}");
                let Some(bone) = HumanBone::from_name(&bone_name) else {
                    return Err(problem(at, "not a VRM 1.0 bone".into(), "use a humanoid bone name of VRM 1.0"));
                };
                let rotation = Quat::from_array(entry.q);
                if !rotation.is_finite() || !(0.9..1.1).contains(&rotation.length()) {
                    return Err(problem(at, "not a rotation".into(), "give a unit quaternion x, y, z, w"));
                }
                bones[bone.index()] = rotation.normalize();
            }
            names.insert(name, PoseId(poses.len()));
            poses.push(bones);
        }
        let read = poses.len();
        let images: Vec<_> = poses.iter().map(mirrored).collect();
        poses.extend(images);
        let find = |name: &str| {
            names.get(name).copied().ok_or_else(|| {
                problem(place.to_owned(), format!("no pose {name}"), "the engine needs it: add it to the file")
            })
        };
        for name in NEEDED {
            find(name)?;
        }
        let (stand, listen, offer) = (find("stand")?, find("listen")?, find("offer")?);
        Ok(Self { names, poses, read, stand, listen, offer })
    }

    /// The pose with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<PoseId> {
        self.names.get(name).copied()
    }

    /// A pose of one arm on a side: what uses one arm is tuned for the right, the left does its mirror image.
    #[must_use]
    pub(super) fn on_side(&self, pose: PoseId, side: Option<Side>) -> PoseId {
        match side {
            Some(Side::Left) if pose.0 < self.read => PoseId(pose.0 + self.read),
            _ => pose,
        }
    }

    /// Rotation of a bone in a pose.
    #[must_use]
    pub fn bone(&self, pose: PoseId, bone: HumanBone) -> Quat {
        self.poses.get(pose.0).map_or(Quat::IDENTITY, |bones| bones[bone.index()])
    }

    /// A pose as an avatar of these measures holds it, with nothing in its face.
    #[must_use]
    pub fn held(&self, id: PoseId, skeleton: &Skeleton) -> Pose {
        use HumanBone as B;
        let mut pose = Pose::REST;
        for bone in B::ALL {
            pose.bones[bone.index()] = self.bone(id, *bone);
        }
        for bone in [B::LeftUpperLeg, B::LeftLowerLeg, B::LeftFoot, B::RightUpperLeg, B::RightLowerLeg, B::RightFoot] {
            pose.bones[bone.index()] = skeleton.leg_turn(pose.bones[bone.index()]);
        }
        pose
    }

    /// Names of the poses, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

/// A pose seen in a mirror.
fn mirrored(pose: &[Quat; HumanBone::COUNT]) -> [Quat; HumanBone::COUNT] {
    std::array::from_fn(|at| {
        let turn = pose[opposite(HumanBone::ALL[at]).index()];
        Quat::from_xyzw(turn.x, -turn.y, -turn.z, turn.w)
    })
}

/// The same bone on the other side; a bone of the middle is its own.
fn opposite(bone: HumanBone) -> HumanBone {
    let name = bone.name();
    let other = match (name.strip_prefix("left"), name.strip_prefix("right")) {
        (Some(rest), _) => HumanBone::from_name(&format!("right{rest}")),
        (_, Some(rest)) => HumanBone::from_name(&format!("left{rest}")),
        _ => None,
    };
    other.unwrap_or(bone)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn shipped_library_parses() {
        let library = PoseLibrary::parse(include_str!("../../assets/behavior/poses.json"), "poses.json").unwrap();
        assert!(library.names().count() >= 18);
        let stand = library.find("stand").unwrap();
        assert!(library.bone(stand, HumanBone::LeftUpperArm).z < -0.5);
    }

    #[test]
    fn the_left_hand_does_what_the_right_was_tuned_for() {
        let library = PoseLibrary::parse(include_str!("../../assets/behavior/poses.json"), "poses.json").unwrap();
        let heart = library.find("heart").unwrap();
        let left = library.on_side(heart, Some(Side::Left));
        assert_eq!(library.on_side(heart, Some(Side::Right)), heart);
        assert_eq!(library.on_side(left, Some(Side::Left)), left);
        let (right, left) =
            (library.bone(heart, HumanBone::RightUpperArm), library.bone(left, HumanBone::LeftUpperArm));
        assert_eq!((right.x, right.y, right.w), (left.x, -left.y, left.w));
    }

    #[test]
    fn errors_name_the_place() {
        let error = PoseLibrary::parse("{\n\"poses\": {\n]", "p.json").unwrap_err().to_string();
        assert!(error.contains("p.json:3"), "{error}");
        let text = r#"{"poses": {"stand": {"tail": {"q": [0,0,0,1]}}}}"#;
        let error = PoseLibrary::parse(text, "p.json").unwrap_err().to_string();
        assert!(error.contains("poses.stand.tail"), "{error}");
        assert!(PoseLibrary::parse(r#"{"poses": {}}"#, "p.json").unwrap_err().to_string().contains("no pose"));
    }
}
