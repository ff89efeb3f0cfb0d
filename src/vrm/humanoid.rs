//! Bones as nodes: normalized rotations (against the T-pose, along the model's axes) to node rotations.

use glam::{Affine3A, Mat3, Quat, Vec3};

use super::bone::HumanBone;
use super::document::{Node, unit};

/// Which node is which bone, with the rest pose.
#[derive(Debug, Clone, PartialEq)]
pub struct Humanoid {
    nodes: [Option<usize>; HumanBone::COUNT],
    rest_local: [Quat; HumanBone::COUNT],
    /// In the T-pose, which is the rest pose unless the file was made in another one.
    rest_world: [Quat; HumanBone::COUNT],
    /// Rotation of the parent node of each bone in the T-pose, model space.
    parent_world: [Quat; HumanBone::COUNT],
    rest_position: [Vec3; HumanBone::COUNT],
    hips_translation: Vec3,
    /// Model space to the space of the hips' parent node, directions only.
    hips_parent_from_model: Mat3,
}

impl Humanoid {
    /// `world` holds the transform of every node at rest, `corrections` the rotation in model space of each bone from
    /// the rest pose to the T-pose; bones below turn with it.
    pub(super) fn new(
        bones: [Option<usize>; HumanBone::COUNT],
        corrections: &[Quat; HumanBone::COUNT],
        nodes: &[Node],
        world: &[Affine3A],
    ) -> Self {
        let rotations = world_rotations(nodes, &bones);
        let mut out = Self {
            nodes: bones,
            rest_local: [Quat::IDENTITY; HumanBone::COUNT],
            rest_world: [Quat::IDENTITY; HumanBone::COUNT],
            parent_world: [Quat::IDENTITY; HumanBone::COUNT],
            rest_position: [Vec3::ZERO; HumanBone::COUNT],
            hips_translation: Vec3::ZERO,
            hips_parent_from_model: Mat3::IDENTITY,
        };
        for &bone in HumanBone::ALL {
            let at = bone.index();
            let Some(node) = bones[at] else { continue };
            let above = corrections_above(bone, &bones, corrections);
            out.rest_local[at] = nodes[node].rest.rotation;
            out.parent_world[at] = (above * rotations[at]).normalize();
            out.rest_world[at] = (corrections[at] * above * rotations[at] * nodes[node].rest.rotation).normalize();
            let position = Vec3::from(world[node].translation);
            out.rest_position[at] = if position.is_finite() { position } else { Vec3::ZERO };
        }
        if let Some(hips) = bones[HumanBone::Hips.index()] {
            out.hips_translation = nodes[hips].rest.translation;
            if let Some(parent) = nodes[hips].parent {
                let inverse = Mat3::from(world[parent].matrix3).inverse();
                // A parent scaled to nothing has no inverse; then offsets count in its own space.
                if inverse.is_finite() {
                    out.hips_parent_from_model = inverse;
                }
            }
        }
        out
    }

    /// The node of a bone.
    #[must_use]
    pub fn node(&self, bone: HumanBone) -> Option<usize> {
        self.nodes[bone.index()]
    }

    /// Whether the file has the bone.
    #[must_use]
    pub fn has(&self, bone: HumanBone) -> bool {
        self.nodes[bone.index()].is_some()
    }

    /// Bones that the file has, parents first.
    pub fn bones(&self) -> impl Iterator<Item = HumanBone> + '_ {
        HumanBone::ALL.iter().copied().filter(|b| self.has(*b))
    }

    /// Rotation of the bone's node against its parent node at rest.
    #[must_use]
    pub fn rest_local(&self, bone: HumanBone) -> Quat {
        self.rest_local[bone.index()]
    }

    /// Rotation of the bone's node in model space in the T-pose.
    #[must_use]
    pub fn rest_world(&self, bone: HumanBone) -> Quat {
        self.rest_world[bone.index()]
    }

    /// Rotation of the node above the bone's node in model space in the T-pose.
    pub(super) fn parent_world(&self, bone: HumanBone) -> Quat {
        self.parent_world[bone.index()]
    }

    /// Position of the bone in model space at rest, meters; zero for a bone that the file lacks.
    #[must_use]
    pub fn rest_position(&self, bone: HumanBone) -> Vec3 {
        self.rest_position[bone.index()]
    }

    /// The node rotation for a normalized rotation. The rest of the parent node is undone, the rotation is made
    /// along the model's axes, and the bone's own rest follows: with the identity the T-pose comes out.
    #[must_use]
    pub fn local_rotation(&self, bone: HumanBone, normalized: Quat) -> Quat {
        let at = bone.index();
        (self.parent_world[at].inverse() * normalized * self.rest_world[at]).normalize()
    }

    /// The normalized rotation for a node rotation: the reverse of [`Self::local_rotation`].
    #[must_use]
    pub fn normalized_rotation(&self, bone: HumanBone, local: Quat) -> Quat {
        let at = bone.index();
        (self.parent_world[at] * local * self.rest_world[at].inverse()).normalize()
    }

    /// The normalized rotation of a bone out of a whole pose. Rotations of ancestor bones that the file lacks
    /// (an upper chest, a neck) go into the bones below them, so that the pose keeps its shape.
    #[must_use]
    pub fn composed(&self, bone: HumanBone, pose: &[Quat; HumanBone::COUNT]) -> Quat {
        let of = |bone: HumanBone| unit(pose[bone.index()]).unwrap_or(Quat::IDENTITY);
        let mut rotation = of(bone);
        let mut parent = bone.parent().filter(|p| !self.has(*p));
        while let Some(missing) = parent {
            rotation = of(missing) * rotation;
            parent = missing.parent().filter(|p| !self.has(*p));
        }
        rotation
    }

    /// Translation of the hips' node for an offset in model space, meters.
    #[must_use]
    pub fn hips_translation(&self, offset: Vec3) -> Vec3 {
        let translation = self.hips_translation + self.hips_parent_from_model * offset;
        if translation.is_finite() { translation } else { self.hips_translation }
    }
}

/// What turns a bone from above between rest pose and T-pose. A bone that the file lacks turns nothing.
fn corrections_above(
    bone: HumanBone,
    bones: &[Option<usize>; HumanBone::COUNT],
    corrections: &[Quat; HumanBone::COUNT],
) -> Quat {
    let mut out = Quat::IDENTITY;
    let mut at = bone.parent();
    while let Some(parent) = at {
        if bones[parent.index()].is_some() {
            out *= corrections[parent.index()];
        }
        at = parent.parent();
    }
    out
}

/// Rotation of each bone's parent node in model space. Rotations only, so that scales cannot shear them.
fn world_rotations(nodes: &[Node], bones: &[Option<usize>; HumanBone::COUNT]) -> [Quat; HumanBone::COUNT] {
    let mut out = [Quat::IDENTITY; HumanBone::COUNT];
    for &bone in HumanBone::ALL {
        let Some(node) = bones[bone.index()] else { continue };
        let mut rotation = Quat::IDENTITY;
        let mut at = nodes[node].parent;
        while let Some(parent) = at {
            rotation = (nodes[parent].rest.rotation * rotation).normalize();
            at = nodes[parent].parent;
        }
        out[bone.index()] = rotation;
    }
    out
}

#[cfg(test)]
mod tests {
    use std::f32::consts::FRAC_PI_2;

    use serde_json::json;

    use super::super::fixture;
    use super::*;

    fn close(a: Quat, b: Quat) -> bool {
        a.angle_between(b) < 1.0e-3
    }

    /// The fixture with rest rotations on a root, the spine and the head.
    fn rotated() -> serde_json::Value {
        let mut vrm = fixture::vrm();
        let mut turn = |bone, rotation: Quat| {
            vrm["nodes"][fixture::node_of(bone)]["rotation"] = json!(rotation.to_array());
        };
        turn(HumanBone::Hips, Quat::from_rotation_x(-FRAC_PI_2));
        turn(HumanBone::Spine, Quat::from_rotation_z(0.7));
        turn(HumanBone::Head, Quat::from_rotation_y(1.1));
        vrm
    }

    #[test]
    fn identity_gives_the_rest_pose() {
        let document = fixture::load(&rotated());
        for bone in document.humanoid.bones() {
            let local = document.humanoid.local_rotation(bone, Quat::IDENTITY);
            assert!(close(local, document.humanoid.rest_local(bone)), "{}", bone.name());
        }
    }

    #[test]
    fn world_rotation_is_the_normalized_one_whatever_the_rest() {
        let document = fixture::load(&rotated());
        let humanoid = &document.humanoid;
        let mut pose = [Quat::IDENTITY; HumanBone::COUNT];
        pose[HumanBone::Spine.index()] = Quat::from_rotation_x(0.3);
        pose[HumanBone::Head.index()] = Quat::from_rotation_y(0.5);
        // Chain hips, spine, neck, head by hand, in node space.
        let mut world = Quat::IDENTITY;
        for bone in [HumanBone::Hips, HumanBone::Spine, HumanBone::Neck, HumanBone::Head] {
            world *= humanoid.local_rotation(bone, humanoid.composed(bone, &pose));
        }
        let turned = world * humanoid.rest_world(HumanBone::Head).inverse();
        let expected = Quat::from_rotation_x(0.3) * Quat::from_rotation_y(0.5);
        assert!(close(turned, expected), "{turned} {expected}");
    }

    #[test]
    fn normalized_is_the_reverse_of_local() {
        let document = fixture::load(&rotated());
        let turn = Quat::from_euler(glam::EulerRot::YXZ, 0.4, -0.2, 0.9);
        let local = document.humanoid.local_rotation(HumanBone::Head, turn);
        assert!(close(document.humanoid.normalized_rotation(HumanBone::Head, local), turn));
    }

    #[test]
    fn rotations_of_missing_bones_go_below() {
        let document = fixture::load(&fixture::vrm());
        let mut pose = [Quat::IDENTITY; HumanBone::COUNT];
        pose[HumanBone::Chest.index()] = Quat::from_rotation_x(0.2);
        pose[HumanBone::UpperChest.index()] = Quat::from_rotation_y(0.3);
        let expected = Quat::from_rotation_x(0.2) * Quat::from_rotation_y(0.3);
        assert!(close(document.humanoid.composed(HumanBone::Neck, &pose), expected));
        assert!(close(document.humanoid.composed(HumanBone::LeftUpperArm, &pose), expected));
        assert!(close(document.humanoid.composed(HumanBone::Head, &pose), Quat::IDENTITY));
    }

    #[test]
    fn hips_offset_is_in_model_space() {
        let mut vrm = fixture::vrm();
        let root = vrm["nodes"].as_array().map_or(0, Vec::len);
        if let Some(nodes) = vrm["nodes"].as_array_mut() {
            let turn = Quat::from_rotation_x(-FRAC_PI_2).to_array();
            nodes.push(json!({"children": [fixture::node_of(HumanBone::Hips)], "rotation": turn, "scale": [2, 2, 2]}));
        }
        let document = fixture::load(&vrm);
        assert_eq!(document.nodes[fixture::node_of(HumanBone::Hips)].parent, Some(root));
        let rest = document.humanoid.hips_translation(Vec3::ZERO);
        let moved = document.humanoid.hips_translation(Vec3::Y);
        let in_model = Quat::from_rotation_x(-FRAC_PI_2) * ((moved - rest) * 2.0);
        assert!((in_model - Vec3::Y).length() < 1.0e-4, "{in_model}");
    }
}
