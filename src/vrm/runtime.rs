//! One avatar at work: pose, eyes and expression weights in, node transforms and morph weights out. An update
//! follows the order that VRM 1.0 recommends — humanoid, look-at, expressions, constraints, springs — and does not
//! allocate.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use glam::{Affine3A, Quat, Vec3};

use super::bind::{Binds, MaterialColor, Moved, NodeMorphs, TextureTransform};
use super::bone::HumanBone;
use super::bone_pose::BonePose;
use super::document::{Document, Local};
use super::expression::{ExpressionName, Preset, Weights};
use super::input::{Input, Root};
use super::look_at::{self, EyeDrive, LookAt, LookAtKind, LookWeights};
use super::skeleton::Skeleton;
use super::spring_bone::SpringBones;
use super::spring_rig::SpringRig;

/// Names an expression of one document without its text. Handles of another document name nothing sensible, but do
/// no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExpressionHandle(usize);

impl ExpressionHandle {
    pub(super) fn at(index: usize) -> Self {
        Self(index)
    }

    /// Position in [`Document::expressions`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// The transform of a node that the runtime moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodePose {
    /// Node index.
    pub node: usize,
    /// The bone; `None` for nodes that only a constraint or a spring moves.
    pub bone: Option<HumanBone>,
    /// Rotation against the parent node.
    pub rotation: Quat,
    /// Translation against the parent node, meters: given for the hips, `None` for nodes that only turn.
    pub translation: Option<Vec3>,
}

/// The result of an update.
#[derive(Debug, Clone)]
pub struct Output {
    /// Every node that the runtime moves, once: bones with parents first, then constrained nodes, then spring
    /// joints.
    pub nodes: Vec<NodePose>,
    /// Morph weights of every node that an expression moves.
    pub morphs: Vec<NodeMorphs>,
    /// Material colors that an expression moves.
    pub colors: Vec<MaterialColor>,
    /// Texture transforms that an expression moves.
    pub textures: Vec<TextureTransform>,
    /// Weight of each expression after all rules, by [`ExpressionHandle::index`].
    pub weights: Vec<f32>,
}

/// One avatar at work.
#[derive(Debug, Clone)]
pub struct Runtime {
    document: Arc<Document>,
    weights: Weights,
    binds: Binds,
    pose: BonePose,
    skeleton: Skeleton,
    springs: SpringBones,
    output: Output,
    /// Position of the hips among the nodes of the output.
    hips: Option<usize>,
    /// Nodes from the root to the head.
    head_chain: Vec<usize>,
    looks: [Option<ExpressionHandle>; 4],
    /// As of the last update.
    root: Root,
}

impl Runtime {
    /// Lays out all buffers. Everything is at rest.
    #[must_use]
    pub fn new(document: Arc<Document>) -> Self {
        let weights = Weights::new(&document.expressions);
        let (binds, Moved { morphs, colors, textures }) = Binds::new(&document);
        let rig = SpringRig::new(&document);
        let skeleton = Skeleton::new(&document, &rig.wanted());
        let springs = SpringBones::new(rig, &skeleton);
        let nodes = driven_nodes(&document, &springs);
        let hips = nodes.iter().position(|pose| pose.translation.is_some());
        let output = Output { nodes, morphs, colors, textures, weights: vec![0.0; document.expressions.len()] };
        let mut head_chain = Vec::new();
        let mut at = document.humanoid.node(HumanBone::Head);
        while let Some(node) = at {
            head_chain.push(node);
            at = document.nodes[node].parent;
        }
        head_chain.reverse();
        let handle = |preset| find(&document, &ExpressionName::Preset(preset));
        let looks = [Preset::LookUp, Preset::LookDown, Preset::LookLeft, Preset::LookRight].map(handle);
        let root = Root::IDENTITY;
        let pose = BonePose::new(&document.humanoid);
        Self { weights, binds, pose, skeleton, springs, output, hips, head_chain, looks, root, document }
    }

    /// The file.
    #[must_use]
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// The handle of an expression; `None` where the avatar lacks it.
    #[must_use]
    pub fn expression_handle(&self, name: &ExpressionName) -> Option<ExpressionHandle> {
        find(&self.document, name)
    }

    /// Sets the input weight of an expression; it holds until set again. Clamped to 0..=1, NaN reads as 0.
    pub fn set_weight(&mut self, handle: ExpressionHandle, weight: f32) {
        self.weights.set(handle.0, weight);
    }

    /// The input weight of an expression.
    #[must_use]
    pub fn weight(&self, handle: ExpressionHandle) -> f32 {
        self.weights.input(handle.0)
    }

    /// Sets all input weights to 0.
    pub fn reset_weights(&mut self) {
        self.weights.reset();
    }

    /// The result of the last update.
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// The transform of a node as of the last update; the identity for an unknown node.
    #[must_use]
    pub fn local(&self, node: usize) -> Local {
        self.skeleton.local(node).copied().unwrap_or(Local::IDENTITY)
    }

    /// Says that the avatar is put elsewhere: the next update takes over [`Input::root`] without letting anything
    /// swing. The first update does so by itself.
    pub fn teleport(&mut self) {
        self.springs.teleport();
    }

    /// Says that the next update starts anew: all springs come to rest in their places for its pose.
    pub fn reset_springs(&mut self) {
        self.springs.settle();
    }

    /// Computes the avatar. Rotations that are no rotations read as the identity, other numbers that are not
    /// finite as 0.
    pub fn update(&mut self, input: &Input<'_>) -> &Output {
        self.root = input.root.sound();
        self.pose_humanoid(input);
        self.look(input.eyes);
        self.skeleton.update();
        self.springs.update(&mut self.skeleton, &self.root, input.dt_secs);
        for out in &mut self.output.nodes {
            if let Some(local) = self.skeleton.local(out.node) {
                out.rotation = local.rotation;
            }
        }
        if let Some(hips) = self.hips.and_then(|at| self.output.nodes.get_mut(at)) {
            hips.translation = self.skeleton.local(hips.node).map(|local| local.translation);
        }
        &self.output
    }

    #[cfg(test)]
    pub(super) fn springs(&self) -> &SpringBones {
        &self.springs
    }

    fn pose_humanoid(&mut self, input: &Input<'_>) {
        /// Farther than this the hips are not the avatar's.
        const FAR: f32 = 1.0e4;
        let humanoid = &self.document.humanoid;
        let offset = if input.hips_offset.is_finite() { input.hips_offset } else { Vec3::ZERO };
        self.pose.apply(humanoid, input.bones, |node, rotation| self.skeleton.set_rotation(node, rotation));
        if let Some(hips) = humanoid.node(HumanBone::Hips) {
            let offset = offset.clamp(Vec3::splat(-FAR), Vec3::splat(FAR));
            self.skeleton.set_translation(hips, humanoid.hips_translation(offset));
        }
    }

    /// Eyes, and with them the expressions: look expressions are expressions, and expressions hold eyes back.
    fn look(&mut self, eyes: EyeDrive) {
        let look_at = self.document.look_at;
        let (yaw, pitch) = match eyes {
            EyeDrive::Keep => (0.0, 0.0),
            EyeDrive::Direct { yaw_rad, pitch_rad, .. } => look_at::clamp_direct(yaw_rad, pitch_rad),
            EyeDrive::Angles { yaw_rad, pitch_rad } => (yaw_rad, pitch_rad),
            EyeDrive::Target(target) => self.angles_to(target),
        };
        if eyes != EyeDrive::Keep && look_at.kind == LookAtKind::Expression {
            let LookWeights { up, down, left, right } = match eyes {
                EyeDrive::Direct { .. } => LookAt::direct_weights(yaw, pitch),
                _ => look_at.weights(yaw, pitch),
            };
            for (handle, weight) in self.looks.into_iter().zip([up, down, left, right]) {
                if let Some(handle) = handle {
                    self.weights.set(handle.0, weight);
                }
            }
        }
        self.express();
        if eyes != EyeDrive::Keep && look_at.kind == LookAtKind::Bone {
            // `overrideLookAt` speaks of the gaze, whatever moves the eyes. It turns them back before the range maps,
            // which map nothing to nothing.
            let free = 1.0 - self.weights.look_at_overridden();
            let (yaw, pitch) = (yaw * free, pitch * free);
            let (left, right) = match eyes {
                EyeDrive::Direct { vergence_rad, .. } => look_at::converging(yaw, pitch, vergence_rad * free),
                _ => look_at.eye_bones(yaw, pitch),
            };
            self.turn_eye(HumanBone::LeftEye, left);
            self.turn_eye(HumanBone::RightEye, right);
        }
    }

    fn express(&mut self) {
        if !self.weights.evaluate() {
            return;
        }
        let Output { morphs, colors, textures, weights, .. } = &mut self.output;
        self.binds.apply(self.weights.outputs(), morphs, colors, textures);
        weights.copy_from_slice(self.weights.outputs());
    }

    fn turn_eye(&mut self, eye: HumanBone, normalized: Quat) {
        let humanoid = &self.document.humanoid;
        if let Some(node) = humanoid.node(eye) {
            self.skeleton.set_rotation(node, humanoid.local_rotation(eye, normalized));
        }
    }

    /// Yaw and pitch from the posed head to a point of the world, radians.
    #[must_use]
    pub fn angles_to(&self, target: Vec3) -> (f32, f32) {
        let mut head = Affine3A::IDENTITY;
        let mut rotation = Quat::IDENTITY;
        for local in self.head_chain.iter().filter_map(|node| self.skeleton.local(*node)) {
            head *= local.affine();
            rotation *= local.rotation;
        }
        let eyes = head.transform_point3(self.document.look_at.offset_from_head);
        // How the head has turned since the rest pose: the face looks along +Z of that.
        let turned = rotation * self.document.humanoid.rest_world(HumanBone::Head).inverse();
        look_at::yaw_pitch(turned.normalize().inverse() * (self.root.to_model(target) - eyes))
    }
}

/// Every node that something moves, once.
fn driven_nodes(document: &Document, springs: &SpringBones) -> Vec<NodePose> {
    let humanoid = &document.humanoid;
    let bones: BTreeMap<usize, HumanBone> =
        humanoid.bones().filter_map(|bone| Some((humanoid.node(bone)?, bone))).collect();
    let mut known = BTreeSet::new();
    let nodes = humanoid.bones().filter_map(|bone| humanoid.node(bone));
    nodes
        .chain(document.constraints.iter().map(|constraint| constraint.node))
        .chain(springs.nodes())
        .filter(|node| known.insert(*node))
        .map(|node| {
            let bone = bones.get(&node).copied();
            let Local { rotation, translation, .. } = document.nodes[node].rest;
            NodePose { node, bone, rotation, translation: (bone == Some(HumanBone::Hips)).then_some(translation) }
        })
        .collect()
}

fn find(document: &Document, name: &ExpressionName) -> Option<ExpressionHandle> {
    document.expressions.iter().position(|e| e.name == *name).map(ExpressionHandle)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::fixture;
    use super::*;

    const REST: [Quat; HumanBone::COUNT] = [Quat::IDENTITY; HumanBone::COUNT];

    fn input(eyes: EyeDrive) -> Input<'static> {
        Input { eyes, ..Input::rest() }
    }

    fn eye_forward(runtime: &Runtime, eye: HumanBone) -> Vec3 {
        let humanoid = &runtime.document.humanoid;
        let local = runtime.local(humanoid.node(eye).unwrap()).rotation;
        humanoid.normalized_rotation(eye, local) * Vec3::Z
    }

    #[test]
    fn the_agent_loads_and_moves() {
        let document = Arc::new(fixture::agent());
        assert_eq!(document.humanoid.bones().count(), 54);
        assert_eq!(document.expressions.len(), 85);
        assert_eq!((document.nodes.len(), document.meshes.len()), (79, 20));
        let mut runtime = Runtime::new(document.clone());
        let smile = runtime.expression_handle(&ExpressionName::Custom("mouthSmileLeft".into())).unwrap();
        runtime.set_weight(smile, 0.5);
        runtime.update(&input(EyeDrive::Direct { yaw_rad: 0.3, pitch_rad: 0.1, vergence_rad: 0.0 }));
        let output = runtime.output();
        assert_eq!(output.nodes.len(), 54 + document.constraints.len(), "the sleeves' folds follow");
        assert_eq!(document.constraints.len(), 4);
        let bind = document.expressions[smile.index()].morphs[0];
        let morphs = output.morphs.iter().find(|m| m.node == bind.node).unwrap();
        assert!((morphs.weights[bind.index] - 0.5 * bind.weight).abs() < 1.0e-6);
        let seen = eye_forward(&runtime, HumanBone::LeftEye);
        assert!((seen.x.atan2(seen.z) - 0.3).abs() < 1.0e-3, "direct angles pass the range map: {seen}");
        runtime.update(&input(EyeDrive::Angles { yaw_rad: 20_f32.to_radians(), pitch_rad: 0.0 }));
        let seen = eye_forward(&runtime, HumanBone::LeftEye);
        assert!((seen.x.atan2(seen.z).to_degrees() - 6.667).abs() < 0.01, "through the range map: {seen}");
    }

    #[test]
    fn rest_in_gives_rest_out() {
        let document = Arc::new(fixture::agent());
        let mut runtime = Runtime::new(document.clone());
        runtime.update(&input(EyeDrive::Keep));
        for (node, at_rest) in document.nodes.iter().enumerate() {
            let now = runtime.local(node);
            assert!(now.rotation.angle_between(at_rest.rest.rotation) < 1.0e-3, "{}", at_rest.name);
            assert!((now.translation - at_rest.rest.translation).length() < 1.0e-5);
        }
    }

    #[test]
    fn targets_are_seen_from_the_turned_head() {
        let mut vrm = fixture::vrm();
        let turn = Quat::from_euler(glam::EulerRot::YXZ, 0.6, 0.2, -0.4);
        vrm["nodes"][fixture::node_of(HumanBone::Head)]["rotation"] = json!(turn.to_array());
        let mut runtime = Runtime::new(Arc::new(fixture::load(&vrm)));
        let mut bones = REST;
        bones[HumanBone::Head.index()] = Quat::from_rotation_y(0.5);
        runtime.update(&Input { bones: &bones, hips_offset: Vec3::Y, ..Input::rest() });
        // Hips, spine, neck, head: 0.1 m each, and one meter up.
        let ahead = Vec3::new(0.0, 1.4, 2.0);
        let (yaw, pitch) = runtime.angles_to(ahead);
        assert!((yaw + 0.5).abs() < 1.0e-3 && pitch.abs() < 1.0e-3, "{yaw} {pitch}");
    }

    #[test]
    fn look_expressions_are_set_by_looking() {
        let mut vrm = fixture::with_expressions(json!({"lookLeft": {}, "lookRight": {}, "lookDown": {}}), json!({}));
        let range = json!({"inputMaxValue": 90, "outputScale": 1});
        vrm["extensions"]["VRMC_vrm"]["lookAt"] = json!({"type": "expression", "rangeMapHorizontalOuter": range});
        let mut runtime = Runtime::new(Arc::new(fixture::load(&vrm)));
        let handle = |runtime: &Runtime, preset| runtime.expression_handle(&ExpressionName::Preset(preset)).unwrap();
        let (left, right) = (handle(&runtime, Preset::LookLeft), handle(&runtime, Preset::LookRight));
        runtime.set_weight(right, 1.0);
        let output = runtime.update(&input(EyeDrive::Angles { yaw_rad: 45_f32.to_radians(), pitch_rad: 0.0 }));
        assert!((output.weights[left.index()] - 0.5).abs() < 1.0e-4);
        assert_eq!(output.weights[right.index()], 0.0);
    }

    #[test]
    fn materials_move_between_rest_and_target() {
        let mesh = fixture::mesh_node();
        let vrm = fixture::with_expressions(
            json!({"happy": {
                "morphTargetBinds": [{"node": mesh, "index": 2, "weight": 0.5}],
                "materialColorBinds": [
                    {"material": 0, "type": "color", "targetValue": [1, 0, 0.5, 0]},
                    {"material": 0, "type": "emissionColor", "targetValue": [1, 1, 1, 0]},
                ],
                "textureTransformBinds": [{"material": 0, "offset": [0.5, 0]}],
            }}),
            json!({"also": {"morphTargetBinds": [{"node": mesh, "index": 2, "weight": 1.0}]}}),
        );
        let mut runtime = Runtime::new(Arc::new(fixture::load(&vrm)));
        for (name, weight) in [("happy", 0.5), ("also", 0.25)] {
            let handle = runtime.expression_handle(&ExpressionName::parse(name)).unwrap();
            runtime.set_weight(handle, weight);
        }
        let output = runtime.update(&input(EyeDrive::Keep)).clone();
        assert_eq!(output.morphs[0].weights[2], 0.5);
        assert_eq!(output.colors[0].value, glam::Vec4::new(0.75, 0.25, 0.5, 0.5));
        assert_eq!(output.colors[1].value, glam::Vec4::new(0.5, 0.5, 0.5, 1.0), "w of an rgb color is left alone");
        assert_eq!(output.textures[0].offset.x, 0.25);
    }

    proptest! {
        #[test]
        fn whatever_comes_in_finite_numbers_come_out(
            weights in proptest::collection::vec(proptest::num::f32::ANY, 4),
            numbers in proptest::collection::vec(proptest::num::f32::ANY, 4 * HumanBone::COUNT),
            offset in proptest::array::uniform3(proptest::num::f32::ANY),
            target in proptest::array::uniform3(proptest::num::f32::ANY),
        ) {
            let bind = json!({"morphTargetBinds": [{"node": fixture::mesh_node(), "index": 1, "weight": 1}]});
            let vrm = fixture::with_expressions(json!({"happy": bind, "aa": {}}), json!({"x": {}, "y": {}}));
            let mut runtime = Runtime::new(Arc::new(fixture::load(&vrm)));
            for (at, weight) in weights.iter().enumerate() {
                runtime.set_weight(ExpressionHandle::at(at), *weight);
            }
            let bones = std::array::from_fn(|at| Quat::from_slice(&numbers[4 * at..4 * at + 4]));
            let eyes = EyeDrive::Target(Vec3::from(target));
            let output = runtime.update(&Input { bones: &bones, hips_offset: Vec3::from(offset), eyes, ..Input::rest() });
            for node in &output.nodes {
                prop_assert!(node.rotation.is_finite() && node.rotation.is_normalized());
                prop_assert!(node.translation.is_none_or(Vec3::is_finite));
            }
            prop_assert!(output.weights.iter().all(|w| (0.0..=1.0).contains(w)));
            prop_assert!(output.morphs.iter().flat_map(|m| &m.weights).all(|w| w.is_finite()));
        }
    }
}
