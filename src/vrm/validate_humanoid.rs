//! Which node is which bone, checked against the rules of the standard.

use glam::Quat;
use serde::Deserialize;
use serde_json::Value;

use super::bone::HumanBone;
use super::document::{Node, Refusal, unit};
use super::finding::{Finding, Findings};
use super::schema::{self, RawHumanBone};

/// Key in the extras of a human bone: the rotation in model space that takes its bone, with all below, from the rest
/// pose to the T-pose. Documents that were made from plain glTF have it.
pub(super) const REST_CORRECTION: &str = "restCorrection";

const MEND: &str = "assign the bones of the humanoid in the program that made the avatar, and export it again";

impl HumanBone {
    /// Whether VRM 1.0 requires the bone.
    #[must_use]
    pub fn is_required(self) -> bool {
        use HumanBone::*;
        matches!(
            self,
            Hips | Spine
                | Head
                | LeftUpperLeg
                | LeftLowerLeg
                | LeftFoot
                | RightUpperLeg
                | RightLowerLeg
                | RightFoot
                | LeftUpperArm
                | LeftLowerArm
                | LeftHand
                | RightUpperArm
                | RightLowerArm
                | RightHand
        )
    }

    /// Whether the bone may only exist where its parent bone does: the upper chest and the outer finger bones.
    #[must_use]
    pub fn needs_parent(self) -> bool {
        let name = self.name();
        self == HumanBone::UpperChest
            || name.ends_with("Distal")
            || name.ends_with("Intermediate")
            || name.ends_with("ThumbProximal")
    }
}

/// Node of each bone, by [`HumanBone::index`].
pub(super) fn human_bones(
    vrm: &Value,
    nodes: &[Node],
    findings: &mut Findings,
) -> Result<[Option<usize>; HumanBone::COUNT], Refusal> {
    const PLACE: &str = "VRMC_vrm.humanoid.humanBones";
    let Some(raw) = vrm.pointer("/humanoid/humanBones").and_then(Value::as_object) else {
        return Err(Refusal::new(PLACE, "is missing, so nothing says which node is which bone", MEND));
    };
    let mut bones: [Option<usize>; HumanBone::COUNT] = [None; HumanBone::COUNT];
    let mut taken: Vec<Option<HumanBone>> = vec![None; nodes.len()];
    for (name, value) in raw {
        let place = format!("{PLACE}.{name}");
        let Some(bone) = HumanBone::from_name(name) else {
            findings.push(Finding::warning(place, "is not a bone of VRM 1.0, ignored"));
            continue;
        };
        let bone_node: RawHumanBone = schema::part(Some(value), &place, findings);
        match bone_node.node.and_then(|node| Some((node, taken.get(node)?))) {
            None => findings.push(Finding::error(place, "names no node of the file, dropped")),
            Some((node, Some(other))) => {
                let message = format!("names node {node}, which is {} already, dropped", other.name());
                findings.push(Finding::error(place, message));
            }
            Some((node, None)) => {
                taken[node] = Some(bone);
                bones[bone.index()] = Some(node);
            }
        }
    }
    let missing: Vec<_> = required().filter(|b| bones[b.index()].is_none()).map(HumanBone::name).collect();
    if !missing.is_empty() {
        return Err(Refusal::new(PLACE, format!("required bones are missing: {}", missing.join(", ")), MEND));
    }
    // Parents stand before children in `ALL`, so that what depends on a dropped bone is dropped as well.
    for &bone in HumanBone::ALL {
        let Some(node) = bones[bone.index()] else { continue };
        let why = if bone.needs_parent() && bone.parent().is_some_and(|p| bones[p.index()].is_none()) {
            Some("its parent bone is missing".to_owned())
        } else {
            present_parent(bone, &bones)
                .filter(|&(_, parent_node)| !is_ancestor(nodes, parent_node, node))
                .map(|(parent, _)| format!("its node does not stand below the node of {}", parent.name()))
        };
        if let Some(why) = why {
            let place = format!("{PLACE}.{}", bone.name());
            if bone.is_required() {
                return Err(Refusal::new(place, why, MEND));
            }
            findings.push(Finding::error(place, format!("{why}, dropped")));
            bones[bone.index()] = None;
        }
    }
    for &bone in HumanBone::ALL {
        let Some(node) = bones[bone.index()] else { continue };
        let scale = nodes[node].rest.scale;
        if scale.min_element() <= 0.0 || (scale.max_element() - scale.min_element()) > 1.0e-3 * scale.max_element() {
            let message = format!("the scale of bone {} is not uniform and positive", bone.name());
            findings.push(Finding::warning(format!("nodes[{node}].scale"), message));
        }
    }
    Ok(bones)
}

/// The rotation of each bone from the rest pose to the T-pose in model space, by [`HumanBone::index`].
pub(super) fn rest_corrections(vrm: &Value) -> [Quat; HumanBone::COUNT] {
    let mut out = [Quat::IDENTITY; HumanBone::COUNT];
    for bone in HumanBone::ALL {
        let place = format!("/humanoid/humanBones/{}/extras/{REST_CORRECTION}", bone.name());
        let stated = vrm.pointer(&place).and_then(|value| <[f32; 4]>::deserialize(value).ok());
        if let Some(rotation) = stated.and_then(|rotation| unit(Quat::from_array(rotation))) {
            out[bone.index()] = rotation;
        }
    }
    out
}

fn required() -> impl Iterator<Item = HumanBone> {
    HumanBone::ALL.iter().copied().filter(|b| b.is_required())
}

/// The nearest ancestor bone that the file has, with its node.
pub(super) fn present_parent(bone: HumanBone, bones: &[Option<usize>; HumanBone::COUNT]) -> Option<(HumanBone, usize)> {
    let mut parent = bone.parent();
    while let Some(p) = parent {
        if let Some(node) = bones[p.index()] {
            return Some((p, node));
        }
        parent = p.parent();
    }
    None
}

pub(super) fn is_ancestor(nodes: &[Node], ancestor: usize, node: usize) -> bool {
    let mut at = nodes[node].parent;
    while let Some(parent) = at {
        if parent == ancestor {
            return true;
        }
        at = nodes[parent].parent;
    }
    false
}
