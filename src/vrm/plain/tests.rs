#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use glam::{Quat, Vec3};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::vrm::HumanBone as B;
use crate::vrm::fixture::glb;
use crate::vrm::*;

/// Bones of a figure in T-pose, with their names in two rigs: position of the left side, meters.
const FIGURE: &[(B, &str, &str, [f32; 3])] = &[
    (B::Hips, "mixamorig:Hips", "pelvis", [0.0, 1.0, 0.0]),
    (B::Spine, "mixamorig:Spine", "spine_01", [0.0, 1.1, 0.0]),
    (B::Chest, "mixamorig:Spine1", "spine_02", [0.0, 1.2, 0.0]),
    (B::UpperChest, "mixamorig:Spine2", "spine_03", [0.0, 1.3, 0.0]),
    (B::Neck, "mixamorig:Neck", "neck_01", [0.0, 1.5, 0.0]),
    (B::Head, "mixamorig:Head", "head", [0.0, 1.6, 0.0]),
    (B::LeftEye, "mixamorig:LeftEye", "eye_l", [0.03, 1.7, 0.08]),
    (B::RightEye, "mixamorig:RightEye", "eye_r", [-0.03, 1.7, 0.08]),
    (B::LeftShoulder, "mixamorig:LeftShoulder", "clavicle_l", [0.05, 1.45, 0.0]),
    (B::LeftUpperArm, "mixamorig:LeftArm", "upperarm_l", [0.15, 1.45, 0.0]),
    (B::LeftLowerArm, "mixamorig:LeftForeArm", "lowerarm_l", [0.4, 1.45, 0.0]),
    (B::LeftHand, "mixamorig:LeftHand", "hand_l", [0.65, 1.45, 0.0]),
    (B::LeftIndexProximal, "mixamorig:LeftHandIndex1", "index_01_l", [0.75, 1.45, 0.0]),
    (B::LeftIndexIntermediate, "mixamorig:LeftHandIndex2", "index_02_l", [0.78, 1.45, 0.0]),
    (B::LeftIndexDistal, "mixamorig:LeftHandIndex3", "index_03_l", [0.8, 1.45, 0.0]),
    (B::RightShoulder, "mixamorig:RightShoulder", "clavicle_r", [-0.05, 1.45, 0.0]),
    (B::RightUpperArm, "mixamorig:RightArm", "upperarm_r", [-0.15, 1.45, 0.0]),
    (B::RightLowerArm, "mixamorig:RightForeArm", "lowerarm_r", [-0.4, 1.45, 0.0]),
    (B::RightHand, "mixamorig:RightHand", "hand_r", [-0.65, 1.45, 0.0]),
    (B::LeftUpperLeg, "mixamorig:LeftUpLeg", "thigh_l", [0.1, 0.95, 0.0]),
    (B::LeftLowerLeg, "mixamorig:LeftLeg", "calf_l", [0.1, 0.5, 0.0]),
    (B::LeftFoot, "mixamorig:LeftFoot", "foot_l", [0.1, 0.1, 0.0]),
    (B::LeftToes, "mixamorig:LeftToeBase", "ball_l", [0.1, 0.05, 0.1]),
    (B::RightUpperLeg, "mixamorig:RightUpLeg", "thigh_r", [-0.1, 0.95, 0.0]),
    (B::RightLowerLeg, "mixamorig:RightLeg", "calf_r", [-0.1, 0.5, 0.0]),
    (B::RightFoot, "mixamorig:RightFoot", "foot_r", [-0.1, 0.1, 0.0]),
    (B::RightToes, "mixamorig:RightToeBase", "ball_r", [-0.1, 0.05, 0.1]),
];

/// A figure: its names, how far its arms hang, the turn and the unit that it was made in.
fn figure(unreal: bool, arms_down: f32, turn: Quat, unit: f32) -> Value {
    let place = |bone: B, at: [f32; 3]| {
        let at = Vec3::from(at);
        let side = if at.x > 0.0 { 1.0 } else { -1.0 };
        let is_arm = at.x.abs() > 0.14 && at.y > 1.2;
        let shoulder = Vec3::new(0.15 * side, 1.45, 0.0);
        let _ = bone;
        let hung = if is_arm { shoulder + Quat::from_rotation_z(-side * arms_down) * (at - shoulder) } else { at };
        turn * hung * unit
    };
    let index = |bone: B| FIGURE.iter().position(|(b, ..)| *b == bone);
    let parent = |bone: B| std::iter::successors(bone.parent(), |b| b.parent()).find_map(index);
    let mut nodes: Vec<Value> = FIGURE
        .iter()
        .map(|&(bone, mixamo, epic, at)| {
            let above = parent(bone).map_or(Vec3::ZERO, |p| place(FIGURE[p].0, FIGURE[p].3));
            let offset = place(bone, at) - above;
            json!({"name": if unreal { epic } else { mixamo }, "translation": offset.to_array(), "children": []})
        })
        .collect();
    for (at, (bone, ..)) in FIGURE.iter().enumerate() {
        if let Some(parent) = parent(*bone) {
            nodes[parent]["children"].as_array_mut().unwrap().push(json!(at));
        }
    }
    let root = nodes.len();
    nodes.push(json!({"name": "Armature", "children": [0]}));
    nodes.push(json!({"name": "Head", "mesh": 0}));
    json!({
        "asset": {"version": "2.0", "copyright": "2024 Somebody"},
        "scene": 0, "scenes": [{"nodes": [root, root + 1]}], "nodes": nodes,
        "meshes": [{"primitives": [{"attributes": {}}]}],
    })
}

fn node_of(bone: B) -> usize {
    FIGURE.iter().position(|(b, ..)| *b == bone).unwrap()
}

fn load(json: &Value) -> Document {
    Document::read(&glb(json, &[]), "figure.glb").unwrap()
}

fn refusal(json: &Value) -> String {
    Document::read(&glb(json, &[]), "figure.glb").unwrap_err().to_string()
}

/// Gives the face morph targets of these names.
fn with_morphs(names: &[&str]) -> Value {
    let mut json = figure(false, 0.0, Quat::IDENTITY, 1.0);
    json["accessors"] = json!([{"componentType": 5126, "type": "VEC3", "count": 3}]);
    json["meshes"] = json!([{"extras": {"targetNames": names}, "primitives": [{
        "attributes": {"POSITION": 0}, "targets": vec![json!({"POSITION": 0}); names.len()],
    }]}]);
    json
}

#[test]
fn bones_are_found_in_both_rigs() {
    for unreal in [false, true] {
        let document = load(&figure(unreal, 0.0, Quat::IDENTITY, 1.0));
        assert_eq!(document.format, Format::Plain);
        for (at, (bone, ..)) in FIGURE.iter().enumerate() {
            assert_eq!(document.humanoid.node(*bone), Some(at), "{}", bone.name());
        }
        assert_eq!(document.humanoid.bones().count(), FIGURE.len());
        let errors = document.findings.iter().filter(|f| f.severity == Severity::Error);
        assert_eq!(errors.filter(|f| !f.place.starts_with("meshes")).count(), 0, "{:?}", document.findings);
    }
}

#[test]
fn a_rig_that_calls_everything_spine_is_understood() {
    let mut json = figure(true, 0.0, Quat::IDENTITY, 1.0);
    let bones = [B::Hips, B::Spine, B::Chest, B::UpperChest, B::Neck, B::Head];
    for (at, bone) in bones.into_iter().enumerate() {
        json["nodes"][node_of(bone)]["name"] =
            json!(if at == 0 { "spine".to_owned() } else { format!("spine.00{at}") });
    }
    let document = load(&json);
    for bone in bones {
        assert_eq!(document.humanoid.node(bone), Some(node_of(bone)), "{}", bone.name());
    }
}

#[test]
fn hips_are_found_without_a_name() {
    let mut json = figure(false, 0.0, Quat::IDENTITY, 1.0);
    json["nodes"][0]["name"] = json!("center of mass");
    assert_eq!(load(&json).humanoid.node(B::Hips), Some(0));
}

#[test]
fn only_joints_are_bones_where_there_are_skins() {
    let mut json = figure(false, 0.0, Quat::IDENTITY, 1.0);
    json["nodes"].as_array_mut().unwrap().insert(0, json!({"name": "mixamorig:Hips"}));
    for node in json["nodes"].as_array_mut().unwrap().iter_mut().skip(1) {
        for child in node["children"].as_array_mut().into_iter().flatten() {
            *child = json!(child.as_u64().unwrap() + 1);
        }
    }
    json["scenes"] = json!([{"nodes": [FIGURE.len() + 1]}]);
    json["skins"] = json!([{"joints": (1..=FIGURE.len()).collect::<Vec<_>>()}]);
    assert_eq!(load(&json).humanoid.node(B::Hips), Some(1));
}

#[test]
fn figures_are_turned_and_scaled() {
    for (turn, unit) in [(0.0, 1.0), (std::f32::consts::PI, 1.0), (1.57, 100.0), (-0.9, 1.0)] {
        let json = figure(false, 0.0, Quat::from_rotation_y(turn), unit);
        let document = load(&json);
        for (bone, at) in [(B::LeftHand, Vec3::new(0.65, 1.45, 0.0)), (B::LeftEye, Vec3::new(0.03, 1.7, 0.08))] {
            let got = document.humanoid.rest_position(bone);
            assert!((got - at).length() < 1.0e-3, "{turn} {unit}: {got}");
        }
        let eyes = document.look_at.offset_from_head / if unit > 1.0 { 100.0 } else { 1.0 };
        assert!(((Quat::from_rotation_y(-turn) * eyes) - Vec3::new(0.0, 0.1, 0.08)).length() < 1.0e-3, "{eyes}");
        assert_eq!(document.nodes.len(), FIGURE.len() + 2 + usize::from(turn != 0.0 || unit != 1.0));
    }
}

#[test]
fn hanging_arms_are_lifted_in_the_normalized_pose() {
    let document = Arc::new(load(&figure(true, 0.8, Quat::from_rotation_y(2.0), 1.0)));
    let lifted: Vec<_> = document.findings.iter().filter(|f| f.message.contains("off the T-pose")).collect();
    assert_eq!(lifted.len(), 2, "{lifted:?}");
    // Without a pose the arm is straight out.
    let arm = |pose: &[Quat; B::COUNT]| {
        let mut runtime = Runtime::new(document.clone());
        runtime.update(&Input { bones: pose, hips_offset: Vec3::ZERO, eyes: EyeDrive::Keep, ..Input::rest() });
        let mut world = vec![glam::Affine3A::IDENTITY; document.nodes.len()];
        for &node in &document.order {
            let local = runtime.local(node).affine();
            world[node] = document.nodes[node].parent.map_or(local, |parent| world[parent] * local);
        }
        let at = |bone| Vec3::from(world[node_of(bone)].translation);
        (at(B::LeftHand) - at(B::LeftUpperArm), at(B::LeftHand) - at(B::LeftLowerArm))
    };
    let rest = [Quat::IDENTITY; B::COUNT];
    let (whole, _) = arm(&rest);
    assert!((whole - Vec3::new(0.5, 0.0, 0.0)).length() < 1.0e-3, "{whole}");
    // A bent elbow bends as it does in a figure that was made in the T-pose.
    let mut bent = rest;
    bent[B::LeftLowerArm.index()] = Quat::from_rotation_y(-1.0);
    let (_, lower) = arm(&bent);
    assert!((lower - Quat::from_rotation_y(-1.0) * Vec3::new(0.25, 0.0, 0.0)).length() < 1.0e-3, "{lower}");
    // Nodes stay where the file has them.
    assert_eq!(document.nodes[node_of(B::LeftUpperArm)].rest.rotation, Quat::IDENTITY);
    let local = document.humanoid.local_rotation(B::LeftUpperArm, Quat::from_rotation_z(0.3));
    let back = document.humanoid.normalized_rotation(B::LeftUpperArm, local);
    assert!(back.angle_between(Quat::from_rotation_z(0.3)) < 1.0e-3);
}

#[test]
fn slight_angles_are_left_alone() {
    let document = load(&figure(true, 0.2, Quat::IDENTITY, 1.0));
    assert!(!document.findings.iter().any(|f| f.message.contains("T-pose")), "{:?}", document.findings);
    let rest = document.humanoid.local_rotation(B::LeftUpperArm, Quat::IDENTITY);
    assert!(rest.angle_between(Quat::IDENTITY) < 1.0e-6);
}

#[test]
fn useless_files_are_refused_with_reason_and_mend() {
    let mut json = figure(false, 0.0, Quat::IDENTITY, 1.0);
    json["nodes"][node_of(B::LeftHand)]["name"] = json!("claw");
    json["nodes"][node_of(B::Head)]["name"] = json!("dome");
    let text = refusal(&json);
    assert!(
        text.contains("plain glTF") && text.contains("head, leftHand") && text.contains("export it as VRM"),
        "{text}"
    );
    let lying = figure(false, 0.0, Quat::from_rotation_x(1.5), 1.0);
    assert!(refusal(&lying).contains("does not stand upright"), "{}", refusal(&lying));
    assert!(refusal(&json!({"asset": {"version": "2.0"}})).contains("plain glTF"));
}

#[test]
fn arkit_names_become_expressions() {
    let names =
        ["eyeBlink_L", "eyeBlinkRight", "jawOpen", "mouthSmileLeft", "mouthSmileRight", "viseme_O", "browInnerUp"];
    let document = load(&with_morphs(&names));
    let find = |name: &str| document.expressions.iter().find(|e| e.name == ExpressionName::parse(name));
    let mesh = FIGURE.len() + 1;
    assert_eq!(find("eyeBlinkLeft").unwrap().morphs, [MorphBind { node: mesh, index: 0, weight: 1.0 }]);
    let targets = |name: &str| find(name).map(|e| e.morphs.iter().map(|m| (m.index, m.weight)).collect::<Vec<_>>());
    assert_eq!(targets("blink"), Some(vec![(0, 1.0), (1, 1.0)]));
    assert_eq!(targets("blinkLeft"), Some(vec![(0, 1.0)]));
    assert_eq!(targets("happy"), Some(vec![(3, 0.7), (4, 0.7)]));
    assert_eq!(targets("oh"), Some(vec![(5, 1.0)]), "by Oculus");
    assert_eq!(targets("aa"), Some(vec![(2, 0.6)]), "by ARKit");
    assert_eq!(targets("lookUp"), None);
    assert_eq!(document.look_at.kind, LookAtKind::Bone);
    assert_eq!(FaceMap::for_document(&document).coverage(), 6);
}

#[test]
fn eyes_without_bones_look_by_morphs() {
    let names: Vec<&str> = BlendShape::ALL.iter().map(|shape| shape.name()).collect();
    let mut json = with_morphs(&names);
    for bone in [B::LeftEye, B::RightEye] {
        json["nodes"][node_of(bone)]["name"] = json!("ball");
    }
    let document = load(&json);
    assert_eq!(document.look_at.kind, LookAtKind::Expression);
    let mut runtime = Runtime::new(Arc::new(document));
    let eyes = EyeDrive::Angles { yaw_rad: 0.3, pitch_rad: 0.0 };
    runtime.update(&Input { bones: &[Quat::IDENTITY; B::COUNT], hips_offset: Vec3::ZERO, eyes, ..Input::rest() });
    let weights = &runtime.output().morphs[0].weights;
    assert!(weights[BlendShape::EyeLookOutLeft.index()] > 0.4 && weights[BlendShape::EyeLookInRight.index()] > 0.4);
    assert_eq!(weights[BlendShape::EyeLookInLeft.index()], 0.0);
}

#[test]
fn nothing_is_permitted_where_nothing_is_said() {
    let meta = load(&figure(false, 0.0, Quat::IDENTITY, 1.0)).meta;
    assert_eq!(meta.copyright_information, "2024 Somebody");
    assert_eq!((meta.avatar_permission.as_str(), meta.allow_redistribution), ("onlyAuthor", false));
}

proptest! {
    #[test]
    fn changed_files_never_panic(path in any::<u64>(), which in 0..8_usize, number in any::<f64>()) {
        let with = [
            json!(null), json!(-1), json!(1e300), json!([]), json!({}), json!("spine"), json!(number), json!([1e39, 0, 0]),
        ][which].clone();
        let mut json = with_morphs(&["aa", "jawOpen"]);
        hostile::mutate(&mut json, path, &with);
        hostile::exercise(&glb(&json, &[]));
    }

    #[test]
    fn any_stance_is_read_or_refused(turn in -3.2_f32..3.2, tilt in -3.2_f32..3.2, down in -1.5_f32..1.5, unit in 0.001_f32..1000.0) {
        let json = figure(true, down, Quat::from_rotation_y(turn) * Quat::from_rotation_x(tilt), unit);
        if let Ok(document) = Document::read(&glb(&json, &[]), "figure.glb") {
            let left = document.humanoid.rest_position(B::LeftUpperLeg) - document.humanoid.rest_position(B::RightUpperLeg);
            prop_assert!(left.x > 0.8 * left.length(), "{}", left);
        }
    }
}
