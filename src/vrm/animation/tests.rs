#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::f32::consts::FRAC_PI_2;
use std::sync::Arc;

use glam::{EulerRot, Quat, Vec3};
use proptest::prelude::*;
use serde_json::json;

use super::Animation;
use super::fixture::Vrma;
use crate::vrm::fixture::{self, node_of};
use crate::vrm::{Clip, ClipPose, Document, ExpressionName, EyeDrive, HumanBone, Input, Repeat, Runtime};

fn close(a: Quat, b: Quat) -> bool {
    a.angle_between(b) < 1.0e-3
}

fn numbers(rotations: &[Quat]) -> Vec<f32> {
    rotations.iter().flat_map(|rotation| rotation.to_array()).collect()
}

fn findings(animation: &Animation) -> String {
    animation.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The pose on the avatar at a time.
fn pose(animation: Animation, document: &Document, time_secs: f32) -> ClipPose {
    let mut pose = ClipPose::rest(document);
    Clip::new(Arc::new(animation), document).sample(time_secs, Repeat::Hold, &mut pose);
    pose
}

/// An avatar with the expressions that the fixture animates.
fn avatar() -> Document {
    fixture::load(&fixture::with_expressions(json!({"happy": {}, "lookLeft": {}}), json!({"wry": {}})))
}

#[test]
fn a_whole_animation_reads_without_findings() {
    let turn = numbers(&[Quat::IDENTITY, Quat::from_rotation_y(1.0)]);
    let vrma = Vrma::new()
        .with(node_of(HumanBone::Head), "rotation", "LINEAR", &[0.0, 2.0], &turn)
        .with(node_of(HumanBone::Hips), "translation", "LINEAR", &[0.0, 2.5], &[0.0, 0.1, 0.0, 0.0, 0.2, 0.0])
        .with(Vrma::HAPPY, "translation", "STEP", &[0.0, 1.0], &[0.25, 9.0, 9.0, 0.75, 9.0, 9.0])
        .with(Vrma::WRY, "translation", "LINEAR", &[0.0, 1.0], &[0.0, 0.0, 0.0, 1.0, 0.0, 0.0])
        .with(Vrma::GAZE, "rotation", "LINEAR", &[0.0, 1.0], &turn);
    let animation = vrma.load();
    assert_eq!(findings(&animation), "");
    assert_eq!(animation.duration_secs, 2.5);
    assert_eq!(animation.bones().collect::<Vec<_>>(), [HumanBone::Head]);
    assert!(animation.moves_hips() && animation.leads_gaze());
    let avatar = avatar();
    let pose = pose(animation, &avatar, 0.5);
    assert!(close(pose.bones[HumanBone::Head.index()], Quat::from_rotation_y(0.25)));
    assert_eq!(pose.weights, [0.25, 0.0, 0.5], "the weight is the translation along X");
    let (yaw, pitch) = pose.gaze_rad.unwrap();
    assert!((yaw - 0.5).abs() < 1.0e-3 && pitch.abs() < 1.0e-3);
    assert!((pose.hips_offset - 0.02 * Vec3::Y).length() < 1.0e-6, "{}", pose.hips_offset);
}

#[test]
fn every_interpolation_works_for_rotations_and_translations() {
    let (a, b) = (Quat::from_rotation_x(0.2), Quat::from_rotation_x(1.0));
    let level = Quat::from_xyzw(0.0, 0.0, 0.0, 0.0);
    for (interpolation, rotations, wanted) in [
        ("LINEAR", vec![a, b], 0.6),
        ("STEP", vec![a, b], 0.2),
        // Level tangents: half way at half time.
        ("CUBICSPLINE", vec![level, a, level, level, b, level], 0.6),
        ("", vec![a, b], 0.6),
    ] {
        let vrma =
            Vrma::new().with(node_of(HumanBone::Neck), "rotation", interpolation, &[0.0, 1.0], &numbers(&rotations));
        let pose = pose(vrma.load(), &avatar(), 0.5);
        assert!(close(pose.bones[HumanBone::Neck.index()], Quat::from_rotation_x(wanted)), "{interpolation}");
    }
}

#[test]
fn rotations_are_normalized_whatever_the_rest_of_the_figure() {
    // A figure whose hips lie on their back and whose head is twisted; the same movement in model space.
    let mut vrma = Vrma::new();
    let (hips_rest, head_rest) = (Quat::from_rotation_x(-FRAC_PI_2), Quat::from_euler(EulerRot::YXZ, 0.4, 0.7, -0.3));
    vrma.json["nodes"][node_of(HumanBone::Hips)]["rotation"] = json!(hips_rest.to_array());
    vrma.json["nodes"][node_of(HumanBone::Head)]["rotation"] = json!(head_rest.to_array());
    let wanted = Quat::from_euler(EulerRot::YXZ, 0.5, 0.1, 0.2);
    // N = W L⁻¹ R W⁻¹ solved for R, with W = hips_rest · head_rest.
    let local = hips_rest.inverse() * wanted * hips_rest * head_rest;
    let vrma = vrma.with(node_of(HumanBone::Head), "rotation", "STEP", &[0.0], &local.to_array());
    let pose = pose(vrma.load(), &avatar(), 0.0);
    assert!(close(pose.bones[HumanBone::Head.index()], wanted));
}

#[test]
fn the_avatar_turns_as_the_figure_did_whatever_the_rest_of_the_avatar() {
    let turn = Quat::from_euler(EulerRot::YXZ, 0.5, 0.1, 0.2);
    let vrma = Vrma::new().with(node_of(HumanBone::Head), "rotation", "STEP", &[0.0], &turn.to_array());
    let mut vrm = fixture::vrm();
    let rest = Quat::from_euler(EulerRot::YXZ, -1.0, 0.3, 0.8);
    vrm["nodes"][node_of(HumanBone::Spine)]["rotation"] = json!(rest.to_array());
    let document = Arc::new(fixture::load(&vrm));
    let pose = pose(vrma.load(), &document, 0.0);
    let mut runtime = Runtime::new(document.clone());
    apply(&mut runtime, &pose);
    // R' = L' W'⁻¹ N W' of the standard.
    let world = document.humanoid.rest_world(HumanBone::Head);
    let wanted = document.humanoid.rest_local(HumanBone::Head) * world.inverse() * turn * world;
    assert!(close(runtime.local(node_of(HumanBone::Head)).rotation, wanted));
}

#[test]
fn rotations_of_bones_that_the_avatar_lacks_go_into_those_below() {
    // The figure has a chest between spine and neck, the avatar has not.
    let mut vrma = Vrma::new();
    let (spine, neck) = (node_of(HumanBone::Spine), node_of(HumanBone::Neck));
    let children = vrma.json["nodes"][spine]["children"].clone();
    vrma.json["nodes"][35] = json!({"name": "chest", "children": children});
    vrma.json["nodes"][spine]["children"] = json!([35]);
    vrma.json["extensions"]["VRMC_vrm_animation"]["humanoid"]["humanBones"]["chest"] = json!({"node": 35});
    let (chest_turn, neck_turn) = (Quat::from_rotation_x(0.4), Quat::from_rotation_y(0.3));
    let vrma = vrma.with(35, "rotation", "STEP", &[0.0], &chest_turn.to_array()).with(
        neck,
        "rotation",
        "STEP",
        &[0.0],
        &neck_turn.to_array(),
    );
    let document = Arc::new(avatar());
    let mut runtime = Runtime::new(document.clone());
    apply(&mut runtime, &pose(vrma.load(), &document, 0.0));
    assert!(close(runtime.local(neck).rotation, chest_turn * neck_turn));
    assert!(close(runtime.local(node_of(HumanBone::LeftUpperArm)).rotation, chest_turn));
    assert!(close(runtime.local(node_of(HumanBone::Head)).rotation, Quat::IDENTITY));
}

fn apply(runtime: &mut Runtime, pose: &ClipPose) {
    runtime.update(&Input { bones: &pose.bones, hips_offset: pose.hips_offset, ..Input::rest() });
}

#[test]
fn hips_move_in_model_space_and_by_the_avatar_s_height() {
    // A figure twice as tall as the avatar, under a root that lies and is scaled.
    let mut vrma = Vrma::new();
    let lie = Quat::from_rotation_x(-FRAC_PI_2);
    let hips = node_of(HumanBone::Hips);
    vrma.json["nodes"][hips]["translation"] = json!([0.0, 0.0, 0.1]);
    vrma.json["nodes"][36] = json!({"children": [hips], "rotation": lie.to_array(), "scale": [2, 2, 2]});
    let vrma = vrma.with(hips, "translation", "STEP", &[0.0], &[0.3, 0.0, 0.15]);
    let animation = vrma.load();
    assert!((animation.hips_height.unwrap() - 0.2).abs() < 1.0e-6);
    let pose = pose(animation, &avatar(), 0.0);
    assert!((pose.hips_offset - Vec3::new(0.3, 0.05, 0.0)).length() < 1.0e-6, "{}", pose.hips_offset);
}

#[test]
fn figures_without_height_move_avatars_unscaled() {
    let mut vrma = Vrma::new();
    let hips = node_of(HumanBone::Hips);
    vrma.json["nodes"][hips]["translation"] = json!([0.0, 0.0, 0.0]);
    let animation = vrma.with(hips, "translation", "STEP", &[0.0], &[0.0, 0.5, 0.0]).load();
    assert_eq!(animation.hips_height, None);
    assert_eq!(pose(animation, &avatar(), 0.0).hips_offset, 0.5 * Vec3::Y);
}

#[test]
fn weights_are_clamped() {
    let values = [-1.0, 0.0, 0.0, 3.0, 0.0, 0.0];
    let vrma = Vrma::new().with(Vrma::HAPPY, "translation", "LINEAR", &[0.0, 1.0], &values);
    for (time, wanted) in [(0.0, 0.0), (0.25, 0.0), (0.375, 0.5), (1.0, 1.0)] {
        assert_eq!(pose(vrma.load(), &avatar(), time).weights[0], wanted, "at {time}");
    }
}

#[test]
fn the_gaze_is_yaw_and_pitch_of_plus_z_and_ignores_roll() {
    for (yaw, pitch, roll) in [(0.3, 0.0, 0.0), (-0.6, 0.2, 0.0), (0.5, -0.4, 0.7)] {
        let rotation = Quat::from_euler(EulerRot::YXZ, yaw, pitch, roll);
        let vrma = Vrma::new().with(Vrma::GAZE, "rotation", "STEP", &[0.0], &rotation.to_array());
        let pose = pose(vrma.load(), &avatar(), 0.0);
        let (seen_yaw, seen_pitch) = pose.gaze_rad.unwrap();
        assert!((seen_yaw - yaw).abs() < 1.0e-3 && (seen_pitch - pitch).abs() < 1.0e-3);
        assert!(matches!(pose.eyes(), EyeDrive::Angles { .. }));
    }
}

#[test]
fn eyes_and_look_expressions_cannot_be_animated() {
    let mut vrma = Vrma::new();
    let extension = &mut vrma.json["extensions"]["VRMC_vrm_animation"];
    extension["humanoid"]["humanBones"]["leftEye"] = json!({"node": 37});
    extension["expressions"]["preset"]["lookLeft"] = json!({"node": 38});
    let turn = Quat::from_rotation_y(0.3).to_array();
    let animation = vrma
        .with(37, "rotation", "STEP", &[0.0], &turn)
        .with(38, "translation", "STEP", &[0.0], &[1.0, 0.0, 0.0])
        .load();
    assert_eq!((animation.bones().count(), animation.expressions().count()), (0, 0));
    let all = findings(&animation);
    assert!(all.contains("leftEye: eyes are animated by lookAt only"), "{all}");
    assert!(all.contains("lookLeft: look expressions are animated by lookAt only"), "{all}");
}

#[test]
fn only_what_the_standard_allows_is_animated() {
    let head = node_of(HumanBone::Head);
    let animation = Vrma::new()
        .with(head, "translation", "STEP", &[0.0], &[0.0, 5.0, 0.0])
        .with(head, "scale", "STEP", &[0.0], &[2.0, 2.0, 2.0])
        .with(Vrma::HAPPY, "rotation", "STEP", &[0.0], &[0.0, 0.0, 0.0, 1.0])
        .with(Vrma::GAZE, "translation", "STEP", &[0.0], &[0.0, 5.0, 0.0])
        .with(39, "rotation", "STEP", &[0.0], &[0.0, 0.0, 0.0, 1.0])
        .load();
    let all = findings(&animation);
    for text in
        ["the translation of head", "the scale of head", "the rotation of expression happy", "translation of the gaze"]
    {
        assert!(all.contains(text), "{text} in {all}");
    }
    assert!(all.contains("1 of 5 move nodes that stand for nothing"), "{all}");
    assert_eq!(pose(animation, &avatar(), 0.0), ClipPose::rest(&avatar()));
}

#[test]
fn the_first_animation_counts() {
    let mut vrma = Vrma::new().with(Vrma::HAPPY, "translation", "STEP", &[0.0], &[0.5, 0.0, 0.0]);
    let mut second = vrma.json["animations"][0].clone();
    second["channels"] = json!([]);
    vrma.json["animations"].as_array_mut().unwrap().push(second);
    let animation = vrma.load();
    assert_eq!(animation.expressions().collect::<Vec<_>>(), [&ExpressionName::parse("happy")]);
    assert!(findings(&animation).contains("only the first one counts"));
}

#[test]
fn broken_keys_are_dropped_with_the_reason() {
    let times = [0.0, f32::NAN, -1.0, 1.0e30, 2.0, 1.0, 2.0, 3.0];
    let mut values: Vec<f32> = (0..8).flat_map(|at| [0.1 * at as f32, 0.0, 0.0]).collect();
    values[7 * 3] = f32::INFINITY;
    let vrma = Vrma::new().with(Vrma::HAPPY, "translation", "LINEAR", &times, &values);
    let animation = vrma.load();
    assert_eq!(animation.expressions[0].1.len(), 3);
    assert_eq!(animation.duration_secs, 2.0);
    let all = findings(&animation);
    for text in ["3 of 8 keys have times", "1 of 8 keys have values", "1 of 8 keys stand at", "do not grow, sorted"] {
        assert!(all.contains(text), "{text} in {all}");
    }
    // Sorted by time, the earlier of two at the same time stays.
    for (time, wanted) in [(0.5, 0.25), (1.0, 0.5), (2.0, 0.4)] {
        assert!((pose(animation.clone(), &avatar(), time).weights[0] - wanted).abs() < 1.0e-6);
    }
}

#[test]
fn channels_that_do_not_fit_are_dropped_with_the_reason() {
    let good = Vrma::new().with(Vrma::HAPPY, "translation", "LINEAR", &[0.0, 1.0], &[0.0; 6]);
    type Break = fn(&mut serde_json::Value);
    let cases: [(&str, Break); 6] = [
        ("names no sampler", |json| json["animations"][0]["channels"][0]["sampler"] = json!(7)),
        ("lacks input or output", |json| json["animations"][0]["samplers"][0] = json!({"input": 0})),
        ("accessor 9, which is not there", |json| json["animations"][0]["samplers"][0]["input"] = json!(9)),
        ("has 2 times but 1 values", |json| json["accessors"][1]["count"] = json!(1)),
        ("has the wrong type", |json| json["accessors"][1]["type"] = json!("VEC2")),
        ("more than", |json| {
            for (at, kind) in ["SCALAR", "VEC3"].into_iter().enumerate() {
                json["accessors"][at] = json!({"componentType": 5126, "type": kind, "count": 4_000_000_000_u64});
            }
        }),
    ];
    for (text, change) in cases {
        let mut vrma = good.clone();
        change(&mut vrma.json);
        let animation = vrma.load();
        assert_eq!(animation.expressions().count(), 0, "{text}");
        let all = findings(&animation);
        assert!(all.contains(text.strip_prefix("has the ").unwrap_or(text)), "{text} in {all}");
    }
}

#[test]
fn nodes_stand_for_one_thing_and_channels_come_once() {
    let mut vrma = Vrma::new();
    vrma.json["extensions"]["VRMC_vrm_animation"]["expressions"]["custom"]["wry"] = json!({"node": Vrma::HAPPY});
    vrma.json["extensions"]["VRMC_vrm_animation"]["expressions"]["custom"]["sad"] = json!({"node": 38});
    let animation = vrma
        .with(Vrma::HAPPY, "translation", "STEP", &[0.0], &[0.5, 0.0, 0.0])
        .with(Vrma::HAPPY, "translation", "STEP", &[0.0], &[0.9, 0.0, 0.0])
        .load();
    let all = findings(&animation);
    for text in ["stands for something else", "sad: has the name of a preset", "expression happy again"] {
        assert!(all.contains(text), "{text} in {all}");
    }
    assert_eq!(pose(animation, &avatar(), 0.0).weights[0], 0.5);
}

#[test]
fn a_still_pose_holds_and_loops_without_moving() {
    let turn = Quat::from_rotation_z(0.4);
    let animation =
        Arc::new(Vrma::new().with(node_of(HumanBone::Spine), "rotation", "LINEAR", &[0.0], &turn.to_array()).load());
    assert_eq!(animation.duration_secs, 0.0);
    let avatar = avatar();
    let clip = Clip::new(animation, &avatar);
    let mut pose = ClipPose::rest(&avatar);
    for repeat in [Repeat::Hold, Repeat::Loop] {
        for time in [0.0, 1.0, -3.0, f32::NAN, f32::INFINITY] {
            clip.sample(time, repeat, &mut pose);
            assert!(close(pose.bones[HumanBone::Spine.index()], turn));
        }
    }
}

#[test]
fn loops_begin_again_and_others_hold() {
    let values = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let animation = Arc::new(Vrma::new().with(Vrma::HAPPY, "translation", "LINEAR", &[0.0, 2.0], &values).load());
    let avatar = avatar();
    let clip = Clip::new(animation, &avatar);
    let mut pose = ClipPose::rest(&avatar);
    for (repeat, time, wanted) in [
        (Repeat::Hold, 1.0, 0.5),
        (Repeat::Hold, 7.0, 1.0),
        (Repeat::Loop, 2.5, 0.25),
        (Repeat::Loop, 41.0, 0.5),
        (Repeat::Loop, -1.0, 0.0),
    ] {
        clip.sample(time, repeat, &mut pose);
        assert!((pose.weights[0] - wanted).abs() < 1.0e-5, "{repeat:?} at {time}");
    }
}

#[test]
fn expressions_that_the_avatar_lacks_are_named() {
    let vrma = Vrma::new().with(Vrma::HAPPY, "translation", "STEP", &[0.0], &[0.5, 0.0, 0.0]).with(
        Vrma::WRY,
        "translation",
        "STEP",
        &[0.0],
        &[0.5, 0.0, 0.0],
    );
    let avatar = fixture::load(&fixture::with_expressions(json!({"happy": {}}), json!({})));
    let clip = Clip::new(Arc::new(vrma.load()), &avatar);
    assert_eq!(clip.missing_expressions().map(ExpressionName::as_str).collect::<Vec<_>>(), ["wry"]);
    assert_eq!(clip.expressions().count(), 1);
}

#[test]
fn what_is_no_animation_is_refused_with_the_reason() {
    let refusal = |vrma: &Vrma| Animation::read(&vrma.bytes(), "x.vrma").unwrap_err().to_string();
    let mut vrma = Vrma::new();
    vrma.json["animations"] = json!([]);
    assert!(refusal(&vrma).contains("x.vrma: animations: the file holds no animation"), "{}", refusal(&vrma));
    vrma.json["extensions"] = json!({});
    assert!(refusal(&vrma).contains("says nothing about a VRM animation"));
    assert!(Animation::read(b"no", "x.vrma").unwrap_err().to_string().contains("x.vrma"));
}

#[test]
fn missing_parts_and_versions_are_tolerated() {
    let mut vrma = Vrma::new().with(Vrma::HAPPY, "translation", "STEP", &[0.0], &[0.5, 0.0, 0.0]);
    let extension = vrma.json["extensions"]["VRMC_vrm_animation"].as_object_mut().unwrap();
    extension.remove("specVersion");
    extension.remove("humanoid");
    extension.remove("lookAt");
    let animation = vrma.load();
    assert_eq!(pose(animation.clone(), &avatar(), 0.0).weights[0], 0.5);
    assert!(findings(&animation).contains("states no version"));
    let mut vrma = Vrma::new();
    let bones = &mut vrma.json["extensions"]["VRMC_vrm_animation"]["humanoid"]["humanBones"];
    bones.as_object_mut().unwrap().remove("leftFoot");
    bones["tail"] = json!({"node": 39});
    let all = findings(&vrma.load());
    assert!(all.contains("missing: leftFoot") && all.contains("tail: is not a bone"), "{all}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_the_numbers_finite_poses_come_out(
        times in proptest::collection::vec(prop_oneof![0.0_f32..3.0, proptest::num::f32::ANY], 6),
        values in proptest::collection::vec(prop_oneof![-2.0_f32..2.0, proptest::num::f32::ANY], 6 * 12),
        interpolation in "LINEAR|STEP|CUBICSPLINE",
        time in prop_oneof![-1.0_f32..4.0, proptest::num::f32::ANY],
        looping in any::<bool>(),
    ) {
        let each = if interpolation == "CUBICSPLINE" { 3 } else { 1 };
        let vrma = Vrma::new()
            .with(node_of(HumanBone::Head), "rotation", &interpolation, &times, &values[..6 * 4 * each])
            .with(node_of(HumanBone::Hips), "translation", &interpolation, &times, &values[..6 * 3 * each])
            .with(Vrma::HAPPY, "translation", &interpolation, &times, &values[..6 * 3 * each])
            .with(Vrma::GAZE, "rotation", &interpolation, &times, &values[..6 * 4 * each]);
        let avatar = avatar();
        let mut pose = ClipPose::rest(&avatar);
        let repeat = if looping { Repeat::Loop } else { Repeat::Hold };
        Clip::new(Arc::new(vrma.load()), &avatar).sample(time, repeat, &mut pose);
        prop_assert!(pose.bones.iter().all(|bone| bone.is_normalized()));
        prop_assert!(pose.hips_offset.is_finite());
        prop_assert!(pose.weights.iter().all(|weight| (0.0..=1.0).contains(weight)));
        prop_assert!(pose.gaze_rad.is_none_or(|(yaw, pitch)| yaw.is_finite() && pitch.is_finite()));
    }

    #[test]
    fn changed_bytes_never_panic(changes in proptest::collection::vec((0_usize..20_000, any::<u8>()), 1..8)) {
        let turn = numbers(&[Quat::IDENTITY, Quat::from_rotation_y(1.0)]);
        let vrma = Vrma::new()
            .with(node_of(HumanBone::Head), "rotation", "LINEAR", &[0.0, 2.0], &turn)
            .with(Vrma::HAPPY, "translation", "STEP", &[0.0], &[0.5, 0.0, 0.0]);
        let mut bytes = vrma.bytes();
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if let Ok(animation) = Animation::read(&bytes, "x.vrma") {
            let _ = pose(animation, &avatar(), 0.5);
        }
    }
}
