#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::borrow::Cow;

use serde_json::{Value, json};

use super::prepare;
use crate::vrm::accessor_data::AccessorData;
use crate::vrm::fixture::{self, glb, mesh_node};
use crate::vrm::glb::Glb;
use crate::vrm::{Document, Report, vrm0};

/// The fixture as a sound file: positions with data and bounds.
fn sound() -> (Value, Vec<u8>) {
    let mut json = fixture::vrm();
    json["buffers"] = json!([{"byteLength": 36}]);
    json["bufferViews"] = json!([{"buffer": 0, "byteLength": 36}]);
    json["accessors"][0]["bufferView"] = json!(0);
    json["accessors"][0]["min"] = json!([0.0, 0.0, 0.0]);
    json["accessors"][0]["max"] = json!([1.0, 1.0, 1.0]);
    json["scenes"] = json!([{"nodes": [0, mesh_node()]}]);
    (json, vec![0; 36])
}

fn prepared(json: &Value, binary: &[u8]) -> Vec<u8> {
    let bytes = glb(json, binary);
    let out = prepare(&bytes, "x.vrm").unwrap().into_owned();
    assert!(matches!(prepare(&out, "x.vrm"), Ok(Cow::Borrowed(_))), "preparing twice changes nothing");
    out
}

#[test]
fn a_sound_file_is_left_alone() {
    let (json, binary) = sound();
    let bytes = glb(&json, &binary);
    assert!(matches!(prepare(&bytes, "x.vrm"), Ok(Cow::Borrowed(same)) if same == bytes));
}

#[test]
fn the_agent_stays_what_it_is() {
    let bytes = crate::vrm::BUILT_IN_AVATAR;
    let out = prepare(bytes, "agent.vrm").unwrap();
    let (before, after) = (Document::read(bytes, "a").unwrap(), Document::read(&out, "a").unwrap());
    assert_eq!(before.nodes, after.nodes);
    assert_eq!((before.meshes, before.expressions), (after.meshes, after.expressions));
}

#[test]
fn nodes_are_those_of_the_document() {
    let bytes = glb(&vrm0::fixture::vrm0(), &[]);
    let out = prepare(&bytes, "x.vrm").unwrap();
    let (before, after) = (Document::read(&bytes, "a").unwrap(), Document::read(&out, "a").unwrap());
    assert_eq!(before.nodes, after.nodes);
    assert_eq!(before.humanoid, after.humanoid);
    assert_eq!(before.expressions, after.expressions);
    assert_eq!(before.materials, after.materials);
    assert_eq!((&before.meta, before.look_at), (&after.meta, after.look_at));
    let physics = |document| Report::new(document).spring_joints;
    assert_eq!(physics(&before), physics(&after));
}

#[test]
fn required_extensions_that_the_loader_refuses_are_dropped() {
    let (mut json, binary) = sound();
    json["extensionsRequired"] =
        json!(["VRMC_vrm", "KHR_texture_transform", "VRMC_materials_mtoon", "KHR_materials_volume"]);
    let out = prepared(&json, &binary);
    assert_eq!(Glb::read(&out).unwrap().json["extensionsRequired"], json!(["KHR_texture_transform"]));
    json["extensionsRequired"] = json!(["VRMC_vrm"]);
    let out = prepared(&json, &binary);
    assert!(Glb::read(&out).unwrap().json.get("extensionsRequired").is_none());
}

#[test]
fn empty_morph_targets_get_real_zeros() {
    let (mut json, binary) = sound();
    json["accessors"].as_array_mut().unwrap().push(json!({"componentType": 5126, "type": "VEC3", "count": 3}));
    json["meshes"][0]["primitives"] = json!([
        {"attributes": {"POSITION": 0}, "targets": [{"POSITION": 0}, {"POSITION": 1}, {}, {"NORMAL": 1}]},
        {"attributes": {"POSITION": 0}, "targets": [{"POSITION": 0}]},
    ]);
    let out = prepared(&json, &binary);
    let glb = Glb::read(&out).unwrap();
    let data = AccessorData::new(&glb.json, glb.binary);
    for primitive in 0..2 {
        let targets = glb.json["meshes"][0]["primitives"][primitive]["targets"].as_array().unwrap();
        assert_eq!(targets.len(), 4);
        for target in targets.iter().skip(1) {
            for accessor in target.as_object().unwrap().values() {
                let at = accessor.as_u64().unwrap() as usize;
                assert!(glb.json["accessors"][at]["bufferView"].is_u64());
                assert_eq!(data.floats(at), Some(vec![0.0; 9]));
            }
            assert!(!target.as_object().unwrap().is_empty());
        }
    }
    let document = Document::read(&out, "x.vrm").unwrap();
    assert!(document.meshes[0].primitives.iter().all(|p| p.empty_targets.is_empty()));
    assert_eq!(document.nodes[mesh_node()].morph_weights.len(), 4);
}

#[test]
fn a_file_of_nothing_but_zeros_is_refused() {
    let (mut json, binary) = sound();
    json["accessors"]
        .as_array_mut()
        .unwrap()
        .push(json!({"componentType": 5126, "type": "VEC3", "count": 1_u64 << 40}));
    let text = prepare(&glb(&json, &binary), "x.vrm").unwrap_err().to_string();
    assert!(text.contains("accessors[1]"), "{text}");
}

#[test]
fn bounds_are_computed_where_they_are_missing() {
    let (mut json, mut binary) = sound();
    json["accessors"][0].as_object_mut().unwrap().shift_remove("min");
    binary[0..4].copy_from_slice(&(-2.0_f32).to_le_bytes());
    binary[16..20].copy_from_slice(&3.0_f32.to_le_bytes());
    let out = prepared(&json, &binary);
    let accessor = &Glb::read(&out).unwrap().json["accessors"][0];
    assert_eq!(accessor["min"], json!([-2.0, 0.0, 0.0]));
    assert_eq!(accessor["max"], json!([0.0, 3.0, 0.0]));
}

#[test]
fn images_without_type_or_data_are_mended() {
    let (mut json, mut binary) = sound();
    let mut jpeg = b"\xff\xd8\xff\xc0\0\x0b\x08\0\x01\0\x01\x03".to_vec();
    jpeg.resize(16, 0);
    binary.extend(&jpeg);
    json["buffers"][0]["byteLength"] = json!(52);
    json["bufferViews"].as_array_mut().unwrap().push(json!({"buffer": 0, "byteOffset": 36, "byteLength": 16}));
    json["images"] = json!([
        {"bufferView": 1}, {"bufferView": 1, "mimeType": "image/png"}, {"name": "far", "uri": "away.png"}, {"bufferView": 0, "mimeType": "image/webp"}, {},
    ]);
    json["textures"] = json!([{"source": 0}, {}, {"source": 9}]);
    let out = prepared(&json, &binary);
    let after = Glb::read(&out).unwrap().json;
    assert_eq!(after["images"][0]["mimeType"], "image/jpeg");
    assert_eq!(after["images"][1]["mimeType"], "image/jpeg");
    assert_eq!(after["images"][2]["name"], "far");
    assert_eq!(after["textures"], json!([{"source": 0}, {"source": 5}, {"source": 5}]));
    let document = Document::read(&out, "x.vrm").unwrap();
    let sizes: Vec<_> = document.images.iter().map(|image| image.size).collect();
    assert_eq!(sizes, [Some((1, 1)); 6]);
}

#[test]
fn references_that_lead_nowhere_are_cut() {
    let (mut json, binary) = sound();
    let count = json["nodes"].as_array().unwrap().len();
    json["nodes"][mesh_node()]["skin"] = json!(3);
    json["nodes"][mesh_node()]["camera"] = json!(0);
    json["nodes"].as_array_mut().unwrap().push(json!({"children": [count + 1, 99], "mesh": 9}));
    json["nodes"].as_array_mut().unwrap().push(json!({"children": [count]}));
    json["scenes"] = json!([{"nodes": [0, 0, 1, count, 400]}]);
    json["cameras"] = json!([{"type": "perspective"}]);
    json["animations"] = json!([{"channels": [], "samplers": []}]);
    json["materials"][0]["normalTexture"] = json!({"index": 4});
    json["skins"] = json!([{"joints": [0, 99], "inverseBindMatrices": 77}]);
    json["meshes"][0]["primitives"] = json!([
        {"attributes": {"POSITION": 0, "NORMAL": 50}, "indices": 50, "material": 50},
        {"attributes": {"POSITION": 50}, "indices": 0, "targets": [{"POSITION": 50}]},
    ]);
    let out = prepared(&json, &binary);
    let after = Glb::read(&out).unwrap().json;
    assert!(after.get("cameras").is_none() && after.get("animations").is_none());
    assert_eq!(after["scenes"][0]["nodes"], json!([0]));
    assert_eq!(after["nodes"][mesh_node()], json!({"name": "Face", "mesh": 0}));
    let links = |at: usize| after["nodes"][at]["children"].as_array().map_or(0, Vec::len);
    assert_eq!(links(count) + links(count + 1), 1, "the circle is cut once");
    assert_eq!(after["skins"], json!([{"joints": [0, 0]}]));
    assert!(after["materials"][0].get("normalTexture").is_none());
    let primitives = &after["meshes"][0]["primitives"];
    assert_eq!(primitives[0]["attributes"], json!({"POSITION": 0}));
    assert!(primitives[0].get("indices").is_none() && primitives[0].get("material").is_none());
    assert!(primitives[1]["attributes"]["POSITION"].is_u64() && primitives[1].get("indices").is_none());
    assert!(primitives[1]["targets"][0]["POSITION"].is_u64());
}

#[test]
fn the_scene_that_is_meant_comes_first() {
    let (mut json, binary) = sound();
    json["scene"] = json!(1);
    json["scenes"] = json!([{"name": "other"}, {"name": "main", "nodes": [0]}]);
    let after = Glb::read(&prepared(&json, &binary)).unwrap().json;
    assert_eq!((&after["scene"], &after["scenes"][0]["name"]), (&json!(0), &json!("main")));
    json.as_object_mut().unwrap().retain(|key, _| !key.starts_with("scene"));
    let after = Glb::read(&prepared(&json, &binary)).unwrap().json;
    assert_eq!(after["scenes"], json!([{"nodes": [0, mesh_node()]}]));
}

#[test]
fn bytes_behind_the_end_are_left_out() {
    let (json, binary) = sound();
    let mut bytes = glb(&json, &binary);
    let length = bytes.len();
    bytes.extend([1, 2, 3]);
    let out = prepare(&bytes, "x.vrm").unwrap();
    assert!(out.len() <= length + 3 && matches!(prepare(&out, "x.vrm"), Ok(Cow::Borrowed(_))));
}

#[test]
fn what_cannot_be_read_cannot_be_prepared() {
    assert!(prepare(b"hello", "x.vrm").unwrap_err().to_string().contains("x.vrm"));
    let (mut json, binary) = sound();
    json["accessors"][0]["count"] = json!(1000);
    assert!(prepare(&glb(&json, &binary), "x.vrm").unwrap_err().to_string().contains("accessors[0]"));
}
