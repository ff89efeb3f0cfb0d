//! A pose of normalized rotations on the nodes of an avatar, four bones at a time.

use glam::{Quat, Vec4};

use super::bone::HumanBone;
use super::humanoid::Humanoid;
use super::wide::WideQuat;

/// What stands where there is no bone left.
const NO_NODE: usize = usize::MAX;

/// All bones of a humanoid.
#[derive(Debug, Clone)]
pub(super) struct BonePose {
    fours: Vec<FourBones>,
}

#[derive(Debug, Clone, Copy)]
struct FourBones {
    bones: [HumanBone; 4],
    nodes: [usize; 4],
    /// Undo the rest of the parent nodes.
    before: WideQuat,
    /// The rests of the bones themselves.
    after: WideQuat,
    /// Whether the file has the parents of all four.
    is_whole: bool,
}

impl BonePose {
    pub(super) fn new(humanoid: &Humanoid) -> Self {
        let bones: Vec<(HumanBone, usize)> =
            humanoid.bones().filter_map(|bone| Some((bone, humanoid.node(bone)?))).collect();
        let fours = bones.chunks(4).map(|four| {
            let lanes: [usize; 4] = std::array::from_fn(|lane| lane.min(four.len() - 1));
            let bones = lanes.map(|lane| four[lane].0);
            FourBones {
                bones,
                nodes: std::array::from_fn(|lane| four.get(lane).map_or(NO_NODE, |(_, node)| *node)),
                before: WideQuat::gather(bones.map(|bone| humanoid.parent_world(bone).inverse().into())),
                after: WideQuat::gather(bones.map(|bone| humanoid.rest_world(bone).into())),
                is_whole: bones.iter().all(|bone| bone.parent().is_none_or(|parent| humanoid.has(parent))),
            }
        });
        Self { fours: fours.collect() }
    }

    /// Hands the rotation of every bone's node to `set`: what [`Humanoid::composed`] and
    /// [`Humanoid::local_rotation`] say of it.
    pub(super) fn apply(&self, humanoid: &Humanoid, pose: &[Quat; HumanBone::COUNT], mut set: impl FnMut(usize, Quat)) {
        for four in &self.fours {
            let turns = if four.is_whole {
                WideQuat::gather(four.bones.map(|bone| Vec4::from(pose[bone.index()]))).unit_or_identity()
            } else {
                WideQuat::gather(four.bones.map(|bone| humanoid.composed(bone, pose).into()))
            };
            let rotations = (four.before * turns * four.after).normalize();
            for (node, rotation) in four.nodes.into_iter().zip(rotations.scatter()) {
                set(node, Quat::from_vec4(rotation));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::FRAC_PI_2;

    use proptest::prelude::*;
    use serde_json::json;

    use super::super::fixture;
    use super::*;

    proptest! {
        #[test]
        fn four_bones_turn_as_each_does_alone(
            numbers in proptest::collection::vec(prop_oneof![-2.0_f32..2.0, proptest::num::f32::ANY], 4 * HumanBone::COUNT),
        ) {
            // The fixture lacks bones between others; one of its rests is turned.
            let mut vrm = fixture::vrm();
            let turned = Quat::from_rotation_x(FRAC_PI_2).to_array();
            vrm["nodes"][fixture::node_of(HumanBone::Spine)]["rotation"] = json!(turned);
            let humanoid = fixture::load(&vrm).humanoid;
            let pose = std::array::from_fn(|at| Quat::from_slice(&numbers[4 * at..4 * at + 4]));
            let mut got = Vec::new();
            BonePose::new(&humanoid).apply(&humanoid, &pose, |node, rotation| got.push((node, rotation)));
            got.retain(|(node, _)| *node != NO_NODE);
            prop_assert_eq!(got.len(), humanoid.bones().count());
            for (bone, (node, rotation)) in humanoid.bones().zip(got) {
                prop_assert_eq!(humanoid.node(bone), Some(node));
                let expected = humanoid.local_rotation(bone, humanoid.composed(bone, &pose));
                prop_assert!(rotation.dot(expected) > 1.0 - 1.0e-5, "{}: {} {}", bone.name(), rotation, expected);
            }
        }
    }
}
