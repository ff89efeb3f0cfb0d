//! Prepared bytes against the glTF parser of the engine's loader: sound files are taken, and nothing panics.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::prepare;
use crate::vrm::fixture::glb;
use crate::vrm::{BUILT_IN_AVATAR, hostile, vrm0};

/// Reads everything that the loader reads by readers that trust their accessors.
fn read(bytes: &[u8]) -> Result<(), gltf::Error> {
    let file = gltf::Gltf::from_slice(bytes)?;
    let blob = file.blob.clone().unwrap_or_default();
    let data = |buffer: gltf::Buffer<'_>| (buffer.index() == 0).then_some(blob.as_slice());
    for image in file.images() {
        let _ = image.source();
    }
    for mesh in file.meshes() {
        for primitive in mesh.primitives() {
            let reader = primitive.reader(data);
            if let Some(indices) = reader.read_indices() {
                assert!(indices.into_u32().count() < 1_000_000);
            }
            let vertices = reader.read_positions().map_or(0, Iterator::count);
            for (positions, normals, tangents) in reader.read_morph_targets() {
                let moved =
                    [positions.map(Iterator::count), normals.map(Iterator::count), tangents.map(Iterator::count)];
                assert_eq!(moved.into_iter().flatten().max(), Some(vertices), "no target may be left out");
            }
        }
    }
    for skin in file.skins() {
        let _ = skin.reader(data).read_inverse_bind_matrices().map(Iterator::count);
        assert!(skin.joints().count() < 1_000_000);
    }
    Ok(())
}

/// The 0.x fixture with a skin and a face that has vertices.
fn figure() -> (Value, Vec<u8>) {
    let mut json = vrm0::fixture::vrm0();
    json["buffers"] = json!([{"byteLength": 256}]);
    json["bufferViews"] =
        json!([{"buffer": 0, "byteLength": 128}, {"buffer": 0, "byteOffset": 128, "byteLength": 128}]);
    json["accessors"] = json!([
        {"bufferView": 0, "componentType": 5126, "type": "VEC3", "count": 3},
        {"bufferView": 1, "componentType": 5126, "type": "MAT4", "count": 2},
        {"bufferView": 0, "componentType": 5123, "type": "SCALAR", "count": 3},
        {"componentType": 5126, "type": "VEC3", "count": 3},
    ]);
    json["skins"] = json!([{"joints": [0, 1], "inverseBindMatrices": 1}]);
    json["meshes"][0]["primitives"][0]["indices"] = json!(2);
    json["meshes"][0]["primitives"][0]["targets"][4] = json!({"POSITION": 3});
    json["meshes"][0]["primitives"][0]["targets"][5] = json!({});
    json["images"] = json!([{"uri": "away.png"}, {"bufferView": 0}]);
    (json, vec![0; 256])
}

#[test]
fn sound_files_are_taken() {
    read(&prepare(BUILT_IN_AVATAR, "agent.vrm").unwrap()).unwrap();
    let (json, binary) = figure();
    read(&prepare(&glb(&json, &binary), "x.vrm").unwrap()).unwrap();
}

proptest! {
    #[test]
    fn whatever_is_prepared_never_panics_the_parser(path in any::<u64>(), which in 0..8_usize, number in 0_u64..6000) {
        let with = [
            json!(null), json!(-1), json!([]), json!({}), json!("VEC4"), json!(number % 12), json!(number), json!({"POSITION": number}),
        ][which].clone();
        let (mut json, binary) = figure();
        hostile::mutate(&mut json, path, &with);
        if let Ok(prepared) = prepare(&glb(&json, &binary), "x.vrm") {
            // The parser may refuse what is broken elsewhere.
            let _ = read(&prepared);
        }
    }
}
