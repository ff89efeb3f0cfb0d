//! Which node is which bone in a file that does not say so: by names, and by where the nodes hang.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::bone_name::{self, Part, Side};
use crate::vrm::bone::HumanBone;
use crate::vrm::finding::Findings;
use crate::vrm::scene_graph::SceneGraph;
use crate::vrm::schema::{self, RawSkin};

/// Nodes of the bones that were found.
pub(super) type Bones = BTreeMap<HumanBone, usize>;

/// Looks all bones up. What is not found is simply not there.
pub(super) fn find(json: &Value, graph: &SceneGraph) -> Bones {
    let skins: Vec<RawSkin> = schema::list(json, "skins", &mut Findings::default());
    let joints: HashSet<usize> = skins.into_iter().flat_map(|skin| skin.joints).collect();
    let mut parts: BTreeMap<(Part, Option<Side>), Vec<usize>> = BTreeMap::new();
    for (node, name) in graph.names.iter().enumerate() {
        // A mesh may be called like a bone; where there are skins, bones are their joints.
        if graph.meshes[node].is_some() || !(joints.is_empty() || joints.contains(&node)) {
            continue;
        }
        if let Some(key) = bone_name::read(name) {
            parts.entry(key).or_default().push(node);
        }
    }
    for nodes in parts.values_mut() {
        nodes.sort_by_key(|node| graph.depths[*node]);
    }
    let first = |part, side| parts.get(&(part, side)).and_then(|nodes| nodes.first()).copied();
    let mut bones = Bones::new();
    let mut put = |bone: HumanBone, node: Option<usize>| {
        if let Some(node) = node {
            bones.entry(bone).or_insert(node);
        }
    };
    for (bone, part, side) in SINGLE {
        put(*bone, first(*part, *side));
    }
    for (part, side, names) in FINGERS {
        let nodes = parts.get(&(*part, Some(*side))).map_or(&[][..], Vec::as_slice);
        for (bone, node) in names.iter().zip(nodes) {
            put(*bone, Some(*node));
        }
    }
    let spine = parts.get(&(Part::Spine, None)).map_or(&[][..], Vec::as_slice);
    torso(&mut bones, spine, graph);
    bones
}

/// Hips, spine, chest and upper chest; where a rig calls them all spine (Rigify), neck and head as well.
fn torso(bones: &mut Bones, spine: &[usize], graph: &SceneGraph) {
    let mut spine = spine;
    if !bones.contains_key(&HumanBone::Head)
        && let ([rest @ .., head], true) = (spine, spine.len() >= 6)
        && let [hips, between @ .., neck] = rest
    {
        bones.entry(HumanBone::Hips).or_insert(*hips);
        bones.insert(HumanBone::Neck, *neck);
        bones.insert(HumanBone::Head, *head);
        // Necks of two bones are common; the lower one carries the head.
        spine = if between.len() > 3 { &between[..3] } else { between };
        if let ([_, _, _, lower, ..], true) = (between, between.len() > 3) {
            bones.insert(HumanBone::Neck, *lower);
        }
    }
    if !bones.contains_key(&HumanBone::Hips)
        && let Some(hips) = common_ancestor(bones, graph)
    {
        bones.insert(HumanBone::Hips, hips);
    }
    let hips = bones.get(&HumanBone::Hips).copied();
    let spine: Vec<usize> = spine.iter().copied().filter(|node| Some(*node) != hips).collect();
    let named = [HumanBone::Spine, HumanBone::Chest, HumanBone::UpperChest];
    let chosen: Vec<usize> = match spine.as_slice() {
        // The ends carry the most; of those between, the middle.
        [first, between @ .., last] if between.len() > 1 => vec![*first, between[between.len() / 2], *last],
        few => few.to_vec(),
    };
    for (bone, node) in named.into_iter().zip(chosen) {
        bones.insert(bone, node);
    }
}

/// The nearest node above both thighs.
fn common_ancestor(bones: &Bones, graph: &SceneGraph) -> Option<usize> {
    let left = *bones.get(&HumanBone::LeftUpperLeg)?;
    let right = *bones.get(&HumanBone::RightUpperLeg)?;
    let above: HashSet<usize> = graph.ancestors(left).collect();
    graph.ancestors(right).find(|node| above.contains(node))
}

const L: Option<Side> = Some(Side::Left);
const R: Option<Side> = Some(Side::Right);

const SINGLE: &[(HumanBone, Part, Option<Side>)] = &[
    (HumanBone::Hips, Part::Hips, None),
    (HumanBone::Neck, Part::Neck, None),
    (HumanBone::Head, Part::Head, None),
    (HumanBone::Jaw, Part::Jaw, None),
    (HumanBone::LeftEye, Part::Eye, L),
    (HumanBone::RightEye, Part::Eye, R),
    (HumanBone::LeftShoulder, Part::Shoulder, L),
    (HumanBone::LeftUpperArm, Part::UpperArm, L),
    (HumanBone::LeftLowerArm, Part::LowerArm, L),
    (HumanBone::LeftHand, Part::Hand, L),
    (HumanBone::RightShoulder, Part::Shoulder, R),
    (HumanBone::RightUpperArm, Part::UpperArm, R),
    (HumanBone::RightLowerArm, Part::LowerArm, R),
    (HumanBone::RightHand, Part::Hand, R),
    (HumanBone::LeftUpperLeg, Part::UpperLeg, L),
    (HumanBone::LeftLowerLeg, Part::LowerLeg, L),
    (HumanBone::LeftFoot, Part::Foot, L),
    (HumanBone::LeftToes, Part::Toes, L),
    (HumanBone::RightUpperLeg, Part::UpperLeg, R),
    (HumanBone::RightLowerLeg, Part::LowerLeg, R),
    (HumanBone::RightFoot, Part::Foot, R),
    (HumanBone::RightToes, Part::Toes, R),
];

macro_rules! finger {
    ($part:ident, $side:ident, $first:ident, $second:ident, $third:ident) => {
        (Part::$part, Side::$side, [HumanBone::$first, HumanBone::$second, HumanBone::$third])
    };
}

const FINGERS: &[(Part, Side, [HumanBone; 3])] = &[
    finger!(Thumb, Left, LeftThumbMetacarpal, LeftThumbProximal, LeftThumbDistal),
    finger!(Index, Left, LeftIndexProximal, LeftIndexIntermediate, LeftIndexDistal),
    finger!(Middle, Left, LeftMiddleProximal, LeftMiddleIntermediate, LeftMiddleDistal),
    finger!(Ring, Left, LeftRingProximal, LeftRingIntermediate, LeftRingDistal),
    finger!(Little, Left, LeftLittleProximal, LeftLittleIntermediate, LeftLittleDistal),
    finger!(Thumb, Right, RightThumbMetacarpal, RightThumbProximal, RightThumbDistal),
    finger!(Index, Right, RightIndexProximal, RightIndexIntermediate, RightIndexDistal),
    finger!(Middle, Right, RightMiddleProximal, RightMiddleIntermediate, RightMiddleDistal),
    finger!(Ring, Right, RightRingProximal, RightRingIntermediate, RightRingDistal),
    finger!(Little, Right, RightLittleProximal, RightLittleIntermediate, RightLittleDistal),
];
