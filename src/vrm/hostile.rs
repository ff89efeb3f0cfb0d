//! Broken and hostile files: nothing panics, every refusal has a reason, every dropped part a finding.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use glam::{Quat, Vec3};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{self, node_of};
use super::*;

/// Loads, and works with what loaded.
fn exercise(bytes: &[u8]) {
    if let Ok(document) = Document::read(bytes, "hostile.vrm") {
        let report = Report::new(&document);
        let _ = report.to_string();
        let mut runtime = Runtime::new(Arc::new(document));
        let bones = [Quat::from_rotation_x(0.1); HumanBone::COUNT];
        let eyes = EyeDrive::Target(Vec3::new(1.0, 2.0, 3.0));
        for _ in 0..3 {
            let input = Input { bones: &bones, hips_offset: Vec3::ONE, eyes, dt_secs: 0.02, ..Input::rest() };
            let output = runtime.update(&input);
            assert!(output.nodes.iter().all(|n| n.rotation.is_finite() && n.rotation.is_normalized()));
        }
    }
}

fn refusal(vrm: &Value) -> String {
    Document::read(&fixture::glb(vrm, &[]), "x.vrm").unwrap_err().to_string()
}

fn findings(vrm: &Value) -> String {
    fixture::load(vrm).findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Replaces the value at a random place of the document.
fn mutate(value: &mut Value, mut path: u64, with: &Value) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let at = (path % (map.len() as u64 + 1)) as usize;
            path /= map.len() as u64 + 1;
            if let Some((_, inner)) = map.iter_mut().nth(at) {
                return mutate(inner, path, with);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = (path % (items.len() as u64 + 1)) as usize;
            path /= items.len() as u64 + 1;
            if let Some(inner) = items.get_mut(at) {
                return mutate(inner, path, with);
            }
        }
        _ => {}
    }
    *value = with.clone();
}

fn rich() -> Value {
    let node = fixture::mesh_node();
    let mut vrm = fixture::with_expressions(
        json!({"happy": {
            "overrideBlink": "blend",
            "morphTargetBinds": [{"node": node, "index": 2, "weight": 0.5}],
            "materialColorBinds": [{"material": 0, "type": "color", "targetValue": [1, 0, 0.5, 0]}],
            "textureTransformBinds": [{"material": 0, "offset": [0.5, 0]}],
        }}),
        json!({"jawOpen": {"isBinary": true}}),
    );
    vrm["extensions"]["VRMC_vrm"]["lookAt"] = json!({"type": "bone", "rangeMapVerticalUp": {"inputMaxValue": 90}});
    vrm["extensions"]["VRMC_vrm"]["firstPerson"] = json!({"meshAnnotations": [{"node": node, "type": "both"}]});
    vrm["buffers"] = json!([{"byteLength": 48}]);
    vrm["bufferViews"] = json!([{"buffer": 0, "byteLength": 36}, {"buffer": 0, "byteOffset": 36, "byteLength": 12}]);
    vrm["images"] = json!([{"bufferView": 1, "mimeType": "image/png"}]);
    vrm["accessors"][0]["bufferView"] = json!(0);
    vrm
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn changed_documents_never_panic(
        path in any::<u64>(),
        with in prop_oneof![
            Just(json!(null)), Just(json!(-1)), Just(json!(4_000_000_000_u64)), Just(json!(1.0e30)), Just(json!("x")),
            Just(json!([])), Just(json!({})), Just(json!([0, 1, 2, 3])), Just(json!(0)), Just(json!(true)),
        ],
    ) {
        let mut vrm = rich();
        mutate(&mut vrm, path, &with);
        exercise(&fixture::glb(&vrm, &[0; 48]));
    }

    #[test]
    fn changed_bytes_never_panic(changes in proptest::collection::vec((0_usize..9_000, any::<u8>()), 1..8)) {
        let mut bytes = fixture::glb(&rich(), &[0; 48]);
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        exercise(&bytes);
    }

    #[test]
    fn changed_headers_never_panic(header in proptest::collection::vec(any::<u8>(), 8..20), cut in 0_usize..9_000) {
        let mut bytes = fixture::glb(&rich(), &[0; 48]);
        bytes[4..4 + header.len()].copy_from_slice(&header);
        bytes.truncate(cut);
        exercise(&bytes);
    }

    #[test]
    fn any_json_never_panics(text in "[\\[\\]{}\",:0-9a-z\\\\.e-]{0,200}") {
        exercise(&fixture::raw_glb(text.as_bytes(), &[]));
    }
}

#[test]
fn deep_json_is_refused() {
    let deep = "[".repeat(100_000);
    assert!(Document::read(&fixture::raw_glb(deep.as_bytes(), &[]), "x.vrm").is_err());
}

#[test]
fn other_formats_are_refused_with_the_reason() {
    let mut vrm = fixture::vrm();
    let extensions = vrm["extensions"].as_object_mut().unwrap();
    extensions.remove("VRMC_vrm");
    assert!(refusal(&vrm).contains("plain glTF"));
    vrm["extensions"]["VRM"] = json!({});
    assert!(refusal(&vrm).contains("VRM 0.x"));
    assert!(Document::read(b"hello", "x.vrm").unwrap_err().to_string().contains("x.vrm"));
}

#[test]
fn missing_required_bones_are_named() {
    let mut vrm = fixture::vrm();
    let bones = vrm["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"].as_object_mut().unwrap();
    bones.remove("head");
    bones.remove("leftHand");
    assert!(refusal(&vrm).contains("head, leftHand"), "{}", refusal(&vrm));
}

#[test]
fn bones_twice_or_in_the_wrong_place_are_dropped() {
    let mut vrm = fixture::vrm();
    let bones = &mut vrm["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"];
    bones["jaw"] = json!({"node": node_of(HumanBone::Head)});
    bones["leftEye"] = json!({"node": 4711});
    bones["upperChest"] = json!({"node": fixture::mesh_node()});
    bones["tail"] = json!({"node": 0});
    let document = fixture::load(&vrm);
    assert!(!document.humanoid.has(HumanBone::Jaw) && !document.humanoid.has(HumanBone::LeftEye));
    assert!(!document.humanoid.has(HumanBone::UpperChest), "it needs a chest");
    assert!(document.humanoid.has(HumanBone::RightEye));
    let all = findings(&vrm);
    for text in ["jaw: names node", "leftEye: names no node", "upperChest: its parent bone", "tail: is not a bone"] {
        assert!(all.contains(text), "{text} in {all}");
    }
    // A required bone elsewhere in the tree makes the humanoid useless.
    let mut vrm = fixture::vrm();
    vrm["nodes"][node_of(HumanBone::Neck)]["children"] = json!([]);
    assert!(refusal(&vrm).contains("does not stand below"), "{}", refusal(&vrm));
}

#[test]
fn circles_are_cut() {
    let mut vrm = fixture::vrm();
    let count = vrm["nodes"].as_array().unwrap().len();
    let nodes = vrm["nodes"].as_array_mut().unwrap();
    nodes.push(json!({"children": [count + 1]}));
    nodes.push(json!({"children": [count]}));
    assert!(findings(&vrm).contains("its own ancestor"));
    assert_eq!(fixture::load(&vrm).order.len(), count + 2);
}

#[test]
fn binds_out_of_range_are_dropped() {
    let node = fixture::mesh_node();
    let binds = json!([
        {"node": node, "index": 8, "weight": 1}, {"node": 999, "index": 0, "weight": 1}, {"weight": 1},
        {"node": node, "index": 7, "weight": 3},
    ]);
    let vrm = fixture::with_expressions(
        json!({"happy": {"morphTargetBinds": binds}}),
        json!({"sad": {}, "x": {"materialColorBinds": [{"material": 1, "type": "color", "targetValue": [1, 1, 1]}]}}),
    );
    let document = fixture::load(&vrm);
    assert_eq!(document.expressions.len(), 2, "a custom may not have the name of a preset");
    assert_eq!(document.expressions[0].morphs, [MorphBind { node, index: 7, weight: 1.0 }]);
    assert!(document.expressions[1].colors.is_empty());
    assert_eq!(document.findings.iter().filter(|f| f.place.contains("Binds")).count(), 5);
}

#[test]
fn accessors_beyond_their_data_are_refused() {
    let mut vrm = rich();
    vrm["accessors"][0]["count"] = json!(1000);
    let text = Document::read(&fixture::glb(&vrm, &[0; 48]), "x.vrm").unwrap_err().to_string();
    assert!(text.contains("accessors[0]"), "{text}");
    let mut vrm = rich();
    vrm["buffers"][0]["byteLength"] = json!(4096);
    let text = Document::read(&fixture::glb(&vrm, &[0; 48]), "x.vrm").unwrap_err().to_string();
    assert!(text.contains("buffers[0]"), "{text}");
}

#[test]
fn meta_is_restrictive_by_default() {
    let mut vrm = fixture::vrm();
    vrm["extensions"]["VRMC_vrm"].as_object_mut().unwrap().remove("meta");
    let document = fixture::load(&vrm);
    assert_eq!(document.meta.commercial_usage, "personalNonProfit");
    assert_eq!(document.meta.avatar_permission, "onlyAuthor");
    assert!(!document.meta.allow_redistribution);
}

#[test]
fn both_spellings_of_the_first_person_flag_are_read() {
    for key in ["type", "firstPersonFlag"] {
        let mut vrm = fixture::vrm();
        let node = fixture::mesh_node();
        vrm["extensions"]["VRMC_vrm"]["firstPerson"] = json!({"meshAnnotations": [{"node": node, key: "both"}]});
        assert_eq!(fixture::load(&vrm).first_person.get(&node), Some(&FirstPerson::Both));
    }
}
