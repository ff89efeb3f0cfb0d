//! What an update computes after what: humanoid, look-at, expressions, constraints, springs.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use glam::{EulerRot, Quat, Vec3};
use serde_json::{Value, json};

use super::fixture::{self, add_chain, add_node, constrain, joints, node_of, set_springs};
use super::*;

const REST: [Quat; HumanBone::COUNT] = [Quat::IDENTITY; HumanBone::COUNT];

fn close(a: Quat, b: Quat) -> bool {
    a.dot(b).abs() > 1.0 - 1.0e-5
}

fn runtime(vrm: &Value) -> Runtime {
    Runtime::new(Arc::new(fixture::load(vrm)))
}

/// A pose in which one bone is turned.
fn turned(bone: HumanBone, rotation: Quat) -> [Quat; HumanBone::COUNT] {
    let mut bones = REST;
    bones[bone.index()] = rotation;
    bones
}

#[test]
fn constraints_see_the_head_and_the_eyes_of_this_frame() {
    let mut vrm = fixture::vrm();
    let range = json!({"inputMaxValue": 90, "outputScale": 90});
    vrm["extensions"]["VRMC_vrm"]["lookAt"] =
        json!({"type": "bone", "rangeMapHorizontalInner": range, "rangeMapHorizontalOuter": range});
    let (nod, glance) = (add_node(&mut vrm, 0, json!({})), add_node(&mut vrm, 0, json!({})));
    constrain(&mut vrm, nod, json!({"rotation": {"source": node_of(HumanBone::Head)}}));
    constrain(&mut vrm, glance, json!({"rotation": {"source": node_of(HumanBone::LeftEye)}}));
    let mut runtime = runtime(&vrm);
    let bones = turned(HumanBone::Head, Quat::from_rotation_x(0.3));
    let eyes = EyeDrive::Angles { yaw_rad: 0.4, pitch_rad: 0.0 };
    let output = runtime.update(&Input { bones: &bones, eyes, ..Input::rest() });
    let of = |node| output.nodes.iter().find(|pose| pose.node == node).unwrap();
    assert!(close(of(nod).rotation, Quat::from_rotation_x(0.3)));
    assert!(close(of(glance).rotation, Quat::from_rotation_y(0.4)));
    assert_eq!((of(nod).bone, of(nod).translation), (None, None));
}

#[test]
fn constraints_of_constraints_are_computed_in_their_order() {
    let mut vrm = fixture::vrm();
    // In the file each stands before the one that it follows.
    let n = [(); 4].map(|()| add_node(&mut vrm, 0, json!({})));
    for (node, source) in [(n[0], n[1]), (n[1], n[2]), (n[2], n[3]), (n[3], node_of(HumanBone::Spine))] {
        constrain(&mut vrm, node, json!({"rotation": {"source": source}}));
    }
    let mut runtime = runtime(&vrm);
    let turn = Quat::from_rotation_z(0.5);
    runtime.update(&Input { bones: &turned(HumanBone::Spine, turn), ..Input::rest() });
    assert!(close(runtime.local(n[0]).rotation, turn));
}

#[test]
fn aims_see_where_constraints_above_have_put_source_and_node() {
    let mut vrm = fixture::vrm();
    let aimer = add_node(&mut vrm, 0, json!({}));
    let arm = add_node(&mut vrm, 0, json!({}));
    let target = add_node(&mut vrm, arm, json!({"translation": [0, 1, 0]}));
    constrain(&mut vrm, aimer, json!({"aim": {"source": target, "aimAxis": "PositiveY"}}));
    constrain(&mut vrm, arm, json!({"rotation": {"source": node_of(HumanBone::Neck)}}));
    let mut runtime = runtime(&vrm);
    let turn = Quat::from_rotation_z(0.6);
    let bones = turned(HumanBone::Neck, turn);
    runtime.update(&Input { bones: &bones, ..Input::rest() });
    assert!((runtime.local(aimer).rotation * Vec3::Y - turn * Vec3::Y).length() < 1.0e-5);
}

#[test]
fn springs_hang_on_what_constraints_have_turned() {
    let mut vrm = fixture::vrm();
    let carrier = add_node(&mut vrm, node_of(HumanBone::Head), json!({}));
    constrain(&mut vrm, carrier, json!({"rotation": {"source": node_of(HumanBone::LeftHand)}}));
    let chain = add_chain(&mut vrm, carrier, 3);
    // So much damping and so little force that the tails stay where they are in the world.
    let still = json!({"stiffness": 0, "dragForce": 1});
    set_springs(&mut vrm, json!([{"joints": joints(&chain, &still)}]), json!([]));
    let mut runtime = runtime(&vrm);
    runtime.update(&Input { dt_secs: 1.0 / 60.0, ..Input::rest() });
    let turn = Quat::from_rotation_x(0.3);
    runtime.update(&Input { bones: &turned(HumanBone::LeftHand, turn), dt_secs: 1.0 / 60.0, ..Input::rest() });
    assert!(close(runtime.local(carrier).rotation, turn));
    // The head of the first joint moves about the carrier, its tail stays: the joint turns back and beyond.
    let back = runtime.local(chain[0]).rotation.to_euler(EulerRot::XYZ).0;
    assert!((-0.65..-0.55).contains(&back), "{back}");
}

#[test]
fn every_driven_node_is_told_once() {
    let mut vrm = fixture::vrm();
    let chain = add_chain(&mut vrm, node_of(HumanBone::Head), 3);
    set_springs(&mut vrm, json!([{"joints": joints(&chain, &json!({}))}]), json!([]));
    constrain(&mut vrm, chain[0], json!({"rotation": {"source": 0}}));
    constrain(&mut vrm, node_of(HumanBone::LeftHand), json!({"roll": {"source": 0, "rollAxis": "X"}}));
    let mut runtime = runtime(&vrm);
    let output = runtime.update(&Input { dt_secs: 0.1, ..Input::rest() });
    let mut nodes: Vec<usize> = output.nodes.iter().map(|pose| pose.node).collect();
    nodes.sort_unstable();
    // All bones, and two joints: the last one is only a tail.
    assert_eq!(nodes, (0..18).chain([chain[0], chain[1]]).collect::<Vec<_>>());
    let hips = output.nodes.iter().find(|pose| pose.bone == Some(HumanBone::Hips)).unwrap();
    assert_eq!(hips.translation, Some(Vec3::new(0.0, 0.1, 0.0)));
}

#[test]
fn the_file_of_the_project_has_every_driven_node() {
    let mut runtime = Runtime::new(Arc::new(fixture::agent()));
    let document = runtime.document().clone();
    let output = runtime.update(&Input { dt_secs: 1.0 / 60.0, ..Input::rest() });
    let joints: usize = document.springs.iter().map(|spring| spring.joints.len() - 1).sum();
    assert!(output.nodes.len() >= 54 + joints);
}

#[test]
fn targets_are_points_of_the_world() {
    let mut runtime = runtime(&fixture::vrm());
    let root = Root { translation: Vec3::new(5.0, 0.0, 1.0), rotation: Quat::from_rotation_y(0.7), scale: 2.0 };
    runtime.update(&Input { root, ..Input::rest() });
    // The head is 0.4 m up in the model.
    let eyes = root.translation + Vec3::Y * 0.8;
    let (yaw, pitch) = runtime.angles_to(eyes + root.rotation * Vec3::new(1.0, -1.0, 1.0));
    assert!((yaw - 45_f32.to_radians()).abs() < 1.0e-4, "{yaw}");
    assert!((pitch - (0.5_f32.sqrt()).atan()).abs() < 1.0e-4, "{pitch}");
}

/// Yaw of the left eye of an avatar whose `happy` overrides the gaze.
fn overridden_yaw(mode: &str, weight: f32, eyes: EyeDrive) -> f32 {
    let mut vrm = fixture::with_expressions(json!({"happy": {"overrideLookAt": mode}}), json!({}));
    let range = json!({"inputMaxValue": 90, "outputScale": 90});
    vrm["extensions"]["VRMC_vrm"]["lookAt"] =
        json!({"type": "bone", "rangeMapHorizontalInner": range, "rangeMapHorizontalOuter": range});
    let mut runtime = runtime(&vrm);
    let happy = runtime.expression_handle(&ExpressionName::Preset(Preset::Happy)).unwrap();
    runtime.set_weight(happy, weight);
    runtime.update(&Input { eyes, ..Input::rest() });
    runtime.local(node_of(HumanBone::LeftEye)).rotation.to_euler(EulerRot::YXZ).0
}

#[test]
fn expressions_hold_eye_bones_back_as_they_hold_look_expressions_back() {
    for eyes in [
        EyeDrive::Angles { yaw_rad: 0.4, pitch_rad: 0.0 },
        EyeDrive::Direct { yaw_rad: 0.4, pitch_rad: 0.0, vergence_rad: 0.0 },
    ] {
        for (mode, weight, yaw) in
            [("none", 1.0, 0.4), ("block", 0.0, 0.4), ("block", 0.1, 0.0), ("blend", 0.25, 0.3), ("blend", 1.0, 0.0)]
        {
            let got = overridden_yaw(mode, weight, eyes);
            assert!((got - yaw).abs() < 1.0e-4, "{mode} {weight}: {got}");
        }
    }
}

#[test]
fn eyes_that_are_told_nothing_keep_their_pose() {
    let mut runtime = runtime(&fixture::vrm());
    let turn = Quat::from_rotation_y(0.2);
    runtime.update(&Input { bones: &turned(HumanBone::LeftEye, turn), ..Input::rest() });
    assert!(close(runtime.local(node_of(HumanBone::LeftEye)).rotation, turn));
}
