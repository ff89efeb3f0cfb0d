//! One avatar at work: pose, eyes and expression weights in, node transforms and morph weights out. An update
//! follows the order that VRM 1.0 recommends — humanoid, look-at, expressions — and does not allocate.

use std::sync::Arc;

use glam::{Affine3A, Quat, Vec3};

use super::bind::{Binds, MaterialColor, NodeMorphs, TextureTransform};
use super::bone::HumanBone;
use super::document::{Document, Local};
use super::expression::{ExpressionName, Preset, Weights};
use super::look_at::{self, EyeDrive, LookAt, LookAtKind, LookWeights};

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

/// What an update starts from, besides the expression weights set before.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Normalized (T-pose-relative) local rotation of each bone by [`HumanBone::index`].
    pub bones: &'a [Quat; HumanBone::COUNT],
    /// Offset of the hips from their rest position in model space, meters.
    pub hips_offset: Vec3,
    /// What the eyes do.
    pub eyes: EyeDrive,
}

/// The transform of a bone's node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodePose {
    /// Node index.
    pub node: usize,
    /// The bone.
    pub bone: HumanBone,
    /// Rotation against the parent node.
    pub rotation: Quat,
    /// Translation against the parent node, meters: given for the hips, `None` for bones that only turn.
    pub translation: Option<Vec3>,
}

/// The result of an update.
#[derive(Debug, Clone)]
pub struct Output {
    /// All bones of the avatar, parents first.
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
    output: Output,
    /// Nodes from the root to the head.
    head_chain: Vec<usize>,
    /// Transform of each node as of the last update.
    locals: Vec<Local>,
    looks: [Option<ExpressionHandle>; 4],
}

impl Runtime {
    /// Lays out all buffers.
    #[must_use]
    pub fn new(document: Arc<Document>) -> Self {
        let weights = Weights::new(&document.expressions);
        let binds = Binds::new(&document);
        let nodes = document
            .humanoid
            .bones()
            .filter_map(|bone| {
                let node = document.humanoid.node(bone)?;
                let rotation = document.humanoid.rest_local(bone);
                let translation = (bone == HumanBone::Hips).then(|| document.humanoid.hips_translation(Vec3::ZERO));
                Some(NodePose { node, bone, rotation, translation })
            })
            .collect();
        let output = Output {
            nodes,
            morphs: binds.morphs.clone(),
            colors: binds.colors.clone(),
            textures: binds.textures.clone(),
            weights: vec![0.0; document.expressions.len()],
        };
        let mut head_chain = Vec::new();
        let mut at = document.humanoid.node(HumanBone::Head);
        while let Some(node) = at {
            head_chain.push(node);
            at = document.nodes[node].parent;
        }
        head_chain.reverse();
        let locals = document.nodes.iter().map(|n| n.rest).collect();
        let handle = |preset| find(&document, &ExpressionName::Preset(preset));
        let looks = [Preset::LookUp, Preset::LookDown, Preset::LookLeft, Preset::LookRight].map(handle);
        Self { weights, binds, output, head_chain, locals, looks, document }
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
        self.locals.get(node).copied().unwrap_or(Local::IDENTITY)
    }

    /// Computes the avatar. Rotations that are no rotations read as the identity, other numbers that are not
    /// finite as 0.
    pub fn update(&mut self, input: &Input<'_>) -> &Output {
        self.pose_humanoid(input);
        self.look(input.eyes);
        self.weights.evaluate();
        self.binds.apply(self.weights.outputs());
        self.output.weights.copy_from_slice(self.weights.outputs());
        for (out, now) in self.output.morphs.iter_mut().zip(&self.binds.morphs) {
            out.weights.copy_from_slice(&now.weights);
        }
        self.output.colors.copy_from_slice(&self.binds.colors);
        self.output.textures.copy_from_slice(&self.binds.textures);
        &self.output
    }

    fn pose_humanoid(&mut self, input: &Input<'_>) {
        let humanoid = &self.document.humanoid;
        let offset = if input.hips_offset.is_finite() { input.hips_offset } else { Vec3::ZERO };
        for out in &mut self.output.nodes {
            out.rotation = humanoid.local_rotation(out.bone, humanoid.composed(out.bone, input.bones));
            if let Some(translation) = &mut out.translation {
                *translation = humanoid.hips_translation(offset);
                self.locals[out.node].translation = *translation;
            }
            self.locals[out.node].rotation = out.rotation;
        }
    }

    fn look(&mut self, eyes: EyeDrive) {
        let look_at = self.document.look_at;
        let (bones, weights) = match eyes {
            EyeDrive::Keep => return,
            EyeDrive::Direct { yaw_rad, pitch_rad } => {
                let (yaw, pitch) = look_at::clamp_direct(yaw_rad, pitch_rad);
                let eye = look_at::eye_rotation(yaw, pitch);
                ((eye, eye), LookAt::direct_weights(yaw, pitch))
            }
            EyeDrive::Angles { yaw_rad, pitch_rad } => {
                (look_at.eye_bones(yaw_rad, pitch_rad), look_at.weights(yaw_rad, pitch_rad))
            }
            EyeDrive::Target(target) => {
                let (yaw, pitch) = self.angles_to(target);
                (look_at.eye_bones(yaw, pitch), look_at.weights(yaw, pitch))
            }
        };
        match look_at.kind {
            LookAtKind::Bone => {
                self.turn_eye(HumanBone::LeftEye, bones.0);
                self.turn_eye(HumanBone::RightEye, bones.1);
            }
            LookAtKind::Expression => {
                let LookWeights { up, down, left, right } = weights;
                for (handle, weight) in self.looks.into_iter().zip([up, down, left, right]) {
                    if let Some(handle) = handle {
                        self.weights.set(handle.0, weight);
                    }
                }
            }
        }
    }

    fn turn_eye(&mut self, eye: HumanBone, normalized: Quat) {
        let rotation = self.document.humanoid.local_rotation(eye, normalized);
        if let Some(out) = self.output.nodes.iter_mut().find(|out| out.bone == eye) {
            out.rotation = rotation;
            self.locals[out.node].rotation = rotation;
        }
    }

    /// Yaw and pitch from the posed head to a point in model space, radians.
    #[must_use]
    pub fn angles_to(&self, target: Vec3) -> (f32, f32) {
        let mut world = Affine3A::IDENTITY;
        let mut rotation = Quat::IDENTITY;
        for &node in &self.head_chain {
            world *= self.locals[node].affine();
            rotation *= self.locals[node].rotation;
        }
        let eyes = world.transform_point3(self.document.look_at.offset_from_head);
        // How the head has turned since the rest pose: the face looks along +Z of that.
        let turned = rotation * self.document.humanoid.rest_world(HumanBone::Head).inverse();
        look_at::yaw_pitch(turned.normalize().inverse() * (target - eyes))
    }
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
        Input { bones: &REST, hips_offset: Vec3::ZERO, eyes }
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
        assert_eq!(document.expressions.len(), 70);
        assert_eq!((document.nodes.len(), document.meshes.len()), (73, 18));
        let mut runtime = Runtime::new(document.clone());
        let smile = runtime.expression_handle(&ExpressionName::Custom("mouthSmileLeft".into())).unwrap();
        runtime.set_weight(smile, 0.5);
        runtime.update(&input(EyeDrive::Direct { yaw_rad: 0.3, pitch_rad: 0.1 }));
        let output = runtime.output();
        assert_eq!(output.nodes.len(), 54);
        let bind = document.expressions[smile.index()].morphs[0];
        let morphs = output.morphs.iter().find(|m| m.node == bind.node).unwrap();
        assert!((morphs.weights[bind.index] - 0.5 * bind.weight).abs() < 1.0e-6);
        let seen = eye_forward(&runtime, HumanBone::LeftEye);
        assert!((seen.x.atan2(seen.z) - 0.3).abs() < 1.0e-3, "direct angles pass the range map: {seen}");
        runtime.update(&input(EyeDrive::Angles { yaw_rad: 20_f32.to_radians(), pitch_rad: 0.0 }));
        let seen = eye_forward(&runtime, HumanBone::LeftEye);
        assert!((seen.x.atan2(seen.z).to_degrees() - 2.222).abs() < 0.01, "through the range map: {seen}");
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
        runtime.update(&Input { bones: &bones, hips_offset: Vec3::Y, eyes: EyeDrive::Keep });
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
            let output = runtime.update(&Input { bones: &bones, hips_offset: Vec3::from(offset), eyes });
            for node in &output.nodes {
                prop_assert!(node.rotation.is_finite() && node.rotation.is_normalized());
                prop_assert!(node.translation.is_none_or(Vec3::is_finite));
            }
            prop_assert!(output.weights.iter().all(|w| (0.0..=1.0).contains(w)));
            prop_assert!(output.morphs.iter().flat_map(|m| &m.weights).all(|w| w.is_finite()));
        }
    }
}
