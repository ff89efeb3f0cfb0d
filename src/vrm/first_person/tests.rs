#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use serde_json::{Value, json};

use super::super::HumanBone;
use super::super::fixture::{self, glb, mesh_node, node_of};
use super::*;

/// Four vertices in two triangles; the second vertex hangs on the left eye, below the head, by a little.
fn skinned(wide: bool) -> (Value, Vec<u8>) {
    let mut binary = Vec::new();
    let mut views = Vec::new();
    let mut put = |bytes: &[u8]| {
        views.push(json!({"buffer": 0, "byteOffset": binary.len(), "byteLength": bytes.len()}));
        binary.extend(bytes);
        binary.resize(binary.len().next_multiple_of(4), 0_u8);
    };
    put(&[0; 48]);
    let joints: [u16; 16] = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];
    let weights = [1.0_f32, 0.0, 0.0, 0.0, 0.9, 0.1, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0];
    let indices = [0_u32, 1, 2, 0, 2, 3];
    let codes = if wide {
        put(&joints.iter().flat_map(|j| j.to_le_bytes()).collect::<Vec<_>>());
        put(&weights.iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<_>>());
        put(&indices.iter().flat_map(|i| i.to_le_bytes()).collect::<Vec<_>>());
        (5123, 5126, 5125)
    } else {
        put(&joints.map(|j| j as u8));
        put(&weights.map(|w| (w * 255.0) as u8));
        put(&indices.map(|i| i as u8));
        (5121, 5121, 5121)
    };
    let mut json = fixture::vrm();
    json["buffers"] = json!([{"byteLength": binary.len()}]);
    json["bufferViews"] = json!(views);
    json["accessors"] = json!([
        {"bufferView": 0, "componentType": 5126, "type": "VEC3", "count": 4},
        {"bufferView": 1, "componentType": codes.0, "type": "VEC4", "count": 4},
        {"bufferView": 2, "componentType": codes.1, "normalized": !wide, "type": "VEC4", "count": 4},
        {"bufferView": 3, "componentType": codes.2, "type": "SCALAR", "count": 6},
    ]);
    json["meshes"] = json!([{"primitives": [
        {"attributes": {"POSITION": 0, "JOINTS_0": 1, "WEIGHTS_0": 2}, "indices": 3},
    ]}]);
    json["skins"] = json!([{"joints": [node_of(HumanBone::Spine), node_of(HumanBone::LeftEye)]}]);
    json["nodes"][mesh_node()]["skin"] = json!(0);
    (json, binary)
}

fn split(json: &Value, binary: &[u8]) -> Vec<HeadSplit> {
    let bytes = glb(json, binary);
    split_heads(&Document::read(&bytes, "x.vrm").unwrap(), &bytes)
}

#[test]
fn a_triangle_with_any_corner_on_the_head_is_cut() {
    for wide in [false, true] {
        let (json, binary) = skinned(wide);
        let expected = HeadSplit { node: mesh_node(), mesh: 0, primitive: 0, head: vec![0, 1, 2], rest: vec![0, 2, 3] };
        assert_eq!(split(&json, &binary), [expected], "a joint without weight does not count");
    }
}

#[test]
fn only_meshes_with_the_flag_auto_are_parted() {
    let (mut json, binary) = skinned(true);
    for (flag, parted) in [("auto", 1), ("both", 0), ("thirdPersonOnly", 0), ("firstPersonOnly", 0)] {
        json["extensions"]["VRMC_vrm"]["firstPerson"] =
            json!({"meshAnnotations": [{"node": mesh_node(), "type": flag}]});
        assert_eq!(split(&json, &binary).len(), parted, "{flag}");
    }
}

#[test]
fn meshes_without_skin_belong_to_the_bone_above() {
    let (mut json, binary) = skinned(true);
    json["nodes"][mesh_node()].as_object_mut().unwrap().shift_remove("skin");
    assert_eq!(split(&json, &binary)[0].rest.len(), 6);
    json["nodes"][node_of(HumanBone::LeftEye)]["children"] = json!([mesh_node()]);
    let below = split(&json, &binary).remove(0);
    assert_eq!((below.head.len(), below.rest.len()), (6, 0));
}

#[test]
fn strips_fans_and_bare_vertices_are_written_out() {
    let (mut json, binary) = skinned(true);
    json["nodes"][mesh_node()].as_object_mut().unwrap().shift_remove("skin");
    json["meshes"][0]["primitives"][0].as_object_mut().unwrap().shift_remove("indices");
    for (mode, expected) in [(4, vec![0, 1, 2]), (5, vec![0, 1, 2, 2, 1, 3]), (6, vec![0, 1, 2, 0, 2, 3])] {
        json["meshes"][0]["primitives"][0]["mode"] = json!(mode);
        assert_eq!(split(&json, &binary)[0].rest, expected, "mode {mode}");
    }
    json["meshes"][0]["primitives"][0]["mode"] = json!(1);
    assert!(split(&json, &binary).is_empty());
}

#[test]
fn sparse_weights_count() {
    let (mut json, mut binary) = skinned(true);
    // The fourth vertex hangs on its third joint, the eye, by the sparse value.
    let at = binary.len();
    binary.extend([3, 0, 0, 0]);
    binary.extend([0.5_f32, 0.0, 0.5, 0.0].iter().flat_map(|w| w.to_le_bytes()));
    json["buffers"][0]["byteLength"] = json!(binary.len());
    let views = json["bufferViews"].as_array_mut().unwrap();
    views.push(json!({"buffer": 0, "byteOffset": at, "byteLength": 4}));
    views.push(json!({"buffer": 0, "byteOffset": at + 4, "byteLength": 16}));
    json["accessors"][2]["sparse"] = json!({
        "count": 1, "indices": {"bufferView": 4, "componentType": 5121}, "values": {"bufferView": 5},
    });
    let parted = split(&json, &binary).remove(0);
    assert_eq!((parted.head.len(), parted.rest.len()), (6, 0));
}

#[test]
fn prepared_bytes_part_the_same() {
    let (mut json, binary) = skinned(true);
    json["extensionsRequired"] = json!(["VRMC_vrm"]);
    let bytes = glb(&json, &binary);
    let document = Document::read(&bytes, "x.vrm").unwrap();
    let prepared = super::super::prepare(&bytes, "x.vrm").unwrap();
    assert_eq!(split_heads(&document, &prepared), split_heads(&document, &bytes));
}

#[test]
fn the_agent_loses_its_head_and_keeps_its_body() {
    let document = fixture::agent();
    let parted = split_heads(&document, crate::vrm::BUILT_IN_AVATAR);
    let head: usize = parted.iter().map(|p| p.head.len()).sum();
    let rest: usize = parted.iter().map(|p| p.rest.len()).sum();
    // Face and hair say themselves that only others see them; what is parted is collars and the like.
    assert!(head > 500 && rest > 30_000, "{head} {rest}");
    for p in &parted {
        let primitive = &document.meshes[p.mesh].primitives[p.primitive];
        assert_eq!((p.head.len() + p.rest.len()) as u64, primitive.triangles * 3);
    }
}
