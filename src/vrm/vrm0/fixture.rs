//! A small VRM 0.x file for tests.

use serde_json::{Value, json};

use crate::vrm::fixture::{self, mesh_node, node_of};
use crate::vrm::{Document, HumanBone};

/// Nodes behind those of [`fixture::vrm`]: a second node with the face's mesh, and a strand of hair below the head
/// that forks.
pub(crate) const TWIN: usize = 0;
/// First bone of the hair.
pub(crate) const HAIR: usize = 1;
/// Goes on from the first.
pub(crate) const HAIR_TIP: usize = 2;
/// Forks off the first.
pub(crate) const HAIR_FORK: usize = 3;

/// Index of an added node.
pub(crate) fn added(which: usize) -> usize {
    mesh_node() + 1 + which
}

/// The stick figure of [`fixture::vrm`] as VRM 0.x: faces -Z, left is -X, and has something of everything.
pub(crate) fn vrm0() -> Value {
    let mut json = fixture::vrm();
    let bones = json["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"].take();
    let mut human_bones: Vec<Value> = bones
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, bone)| json!({"bone": name, "node": bone["node"]}))
        .collect();
    for (name, node) in [("leftThumbProximal", 30), ("leftThumbIntermediate", 31), ("leftThumbDistal", 32)] {
        human_bones.push(json!({"bone": name, "node": node}));
    }
    human_bones.push(json!({"bone": "jaw", "node": -1}));
    if let Some(nodes) = json["nodes"].as_array_mut() {
        nodes.push(json!({"name": "FaceTwin", "mesh": 0}));
        let (tip, fork) = (added(HAIR_TIP), added(HAIR_FORK));
        nodes.push(json!({"name": "hair", "translation": [0.0, 0.1, 0.0], "children": [tip, fork]}));
        nodes.push(json!({"name": "hair_tip", "translation": [0.0, -0.2, 0.0]}));
        nodes.push(json!({"name": "hair_fork", "translation": [0.0, 0.0, 0.3]}));
        while nodes.len() < 30 {
            nodes.push(json!({"name": "spare"}));
        }
        nodes.push(json!({"name": "thumb1", "translation": [-0.1, 0.0, 0.0], "children": [31]}));
        nodes.push(json!({"name": "thumb2", "translation": [-0.1, 0.0, 0.0], "children": [32]}));
        nodes.push(json!({"name": "thumb3", "translation": [-0.1, 0.0, 0.0]}));
        let mut hang = |parent: HumanBone, child: usize| {
            if let Some(children) = nodes[node_of(parent)]["children"].as_array_mut() {
                children.push(json!(child));
            }
        };
        hang(HumanBone::Head, added(HAIR));
        hang(HumanBone::LeftHand, 30);
        nodes[node_of(HumanBone::LeftUpperArm)]["translation"] = json!([-0.1, 0.1, 0.0]);
        nodes[node_of(HumanBone::RightUpperArm)]["translation"] = json!([0.1, 0.1, 0.0]);
    }
    json["textures"] = json!([{"source": 0}, {"source": 0}, {"source": 1}]);
    json["images"] = json!([{"uri": "data:,"}, {"uri": "data:,"}]);
    json["materials"] = json!([
        {"name": "skin", "pbrMetallicRoughness": {"baseColorFactor": [0.5, 0.5, 0.5, 1.0]}, "alphaCutoff": 0.1},
        {"name": "eye"},
        {"name": "glass"},
        {"name": "metal", "pbrMetallicRoughness": {"metallicFactor": 1.0}},
    ]);
    json["scenes"] = json!([{"nodes": [0, mesh_node(), added(TWIN)]}]);
    json["scene"] = json!(0);
    json["extensionsUsed"] = json!(["VRM"]);
    json["extensionsRequired"] = json!(["VRM"]);
    json["extensions"] = json!({"VRM": {
        "exporterVersion": "UniVRM-0.46",
        "specVersion": "0.0",
        "meta": meta(),
        "humanoid": {"humanBones": human_bones},
        "blendShapeMaster": {"blendShapeGroups": groups()},
        "firstPerson": first_person(),
        "secondaryAnimation": secondary_animation(),
        "materialProperties": materials(),
    }});
    json
}

/// Loads a document that must load.
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
pub(crate) fn load(json: &Value) -> Document {
    Document::read(&fixture::glb(json, &[]), "fixture0.vrm").unwrap()
}

fn meta() -> Value {
    json!({
        "title": "Old Stick", "version": "0.9", "author": "A. Maker", "contactInformation": "a@example.com",
        "reference": "a drawing", "texture": 2, "allowedUserName": "Everyone", "violentUssageName": "Disallow",
        "sexualUssageName": "Disallow", "commercialUssageName": "Allow", "otherPermissionUrl": "",
        "licenseName": "CC_BY", "otherLicenseUrl": "",
    })
}

fn groups() -> Value {
    let bind = json!([{"mesh": 0, "index": 1, "weight": 50}]);
    json!([
        {"name": "Joy", "presetName": "joy", "isBinary": true, "binds": bind},
        {"name": "Wink", "presetName": "blink_l", "binds": [{"mesh": 0, "index": 2, "weight": 100}]},
        {"name": "Wave", "presetName": "unknown", "binds": [{"mesh": 9, "index": 0, "weight": 100}, {"mesh": 0, "index": 3}]},
        {"name": "Joy2", "presetName": "joy", "binds": bind},
        {"name": "Wave", "presetName": "unknown", "binds": bind},
        {"name": "happy", "presetName": "unknown", "binds": bind},
        {"name": "Surprised", "presetName": "unknown", "binds": bind},
        {"name": "Blush", "presetName": "unknown", "binds": [], "materialValues": [
            {"materialName": "skin", "propertyName": "_Color", "targetValue": [1, 0.5, 0, 0.25]},
            {"materialName": "skin", "propertyName": "_EmissionColor", "targetValue": [0.5, 0, 0, 1]},
            {"materialName": "skin", "propertyName": "_MainTex_ST", "targetValue": [0.5, 0.25, 0.1, 0.5]},
            {"materialName": "skin", "propertyName": "_MainTex_ST_S", "targetValue": [0.5, 1, 0.1, 0]},
            {"materialName": "skin", "propertyName": "_Cutoff", "targetValue": [1]},
            {"materialName": "nothing", "propertyName": "_Color", "targetValue": [1, 1, 1, 1]},
        ]},
    ])
}

fn first_person() -> Value {
    let line = json!([0, 0, 0, 1, 1, 1, 1, 0]);
    json!({
        "firstPersonBone": node_of(HumanBone::Head),
        "firstPersonBoneOffset": {"x": 0.01, "y": 0.07, "z": 0.02},
        "meshAnnotations": [{"mesh": 0, "firstPersonFlag": "ThirdPersonOnly"}, {"mesh": 7, "firstPersonFlag": "Both"}],
        "lookAtTypeName": "Bone",
        "lookAtHorizontalInner": {"curve": line, "xRange": 80, "yRange": 8},
        "lookAtHorizontalOuter": {"curve": [0, 0, 0, 0, 1, 1, 0, 0], "xRange": 90, "yRange": 12},
        "lookAtVerticalDown": {"curve": line, "xRange": 70, "yRange": 7},
        "lookAtVerticalUp": {"xRange": 60, "yRange": 6},
    })
}

fn secondary_animation() -> Value {
    json!({
        "boneGroups": [
            {
                "comment": "hair", "stiffiness": 2.5, "gravityPower": 0.25, "gravityDir": {"x": 0.5, "y": -1, "z": 0.25},
                "dragForce": 0.75, "center": -1, "hitRadius": 0.03, "bones": [added(HAIR)], "colliderGroups": [0, 5],
            },
            {"comment": "again", "bones": [added(HAIR_TIP), 999], "center": 2},
        ],
        "colliderGroups": [
            {"node": node_of(HumanBone::Head), "colliders": [{"offset": {"x": 0.1, "y": 0.2, "z": 0.3}, "radius": 0.09}]},
            {"node": -1, "colliders": [{"radius": 1}]},
        ],
    })
}

fn materials() -> Value {
    json!([
        {
            "name": "skin", "shader": "VRM/MToon", "renderQueue": 2450,
            "floatProperties": {
                "_BlendMode": 1, "_Cutoff": 0.3, "_CullMode": 0, "_BumpScale": 0.5, "_ShadeShift": 0, "_ShadeToony": 0.9,
                "_IndirectLightIntensity": 0.25, "_RimFresnelPower": 3, "_RimLift": 0.1, "_OutlineWidthMode": 1,
                "_OutlineWidth": 0.2, "_OutlineColorMode": 1, "_OutlineLightingMix": 0.5, "_UvAnimScrollX": 0.1,
                "_UvAnimScrollY": 0.2, "_UvAnimRotation": 0.5,
            },
            "vectorProperties": {
                "_Color": [1, 0.5, 0, 0.75], "_ShadeColor": [0.5, 0.5, 0.5, 1], "_EmissionColor": [2, 1, 0, 1],
                "_RimColor": [0, 0, 1, 1], "_OutlineColor": [0, 1, 0, 1], "_MainTex": [0.1, 0.5, 0.5, 0.25],
            },
            "textureProperties": {"_MainTex": 0, "_BumpMap": 1, "_SphereAdd": 2, "_RimTexture": 9, "_UvAnimMaskTexture": 1},
            "keywordMap": {"_ALPHATEST_ON": true}, "tagMap": {"RenderType": "TransparentCutout"},
        },
        {
            "name": "eye", "shader": "VRM/UnlitTransparentZWrite", "renderQueue": 2502, "floatProperties": {},
            "vectorProperties": {"_Color": [1, 1, 1, 0.5]}, "textureProperties": {"_MainTex": 1}, "keywordMap": {}, "tagMap": {},
        },
        {
            "name": "glass", "shader": "VRM/MToon", "renderQueue": 2995, "floatProperties": {"_BlendMode": 2},
            "vectorProperties": {}, "textureProperties": {}, "keywordMap": {"_ALPHABLEND_ON": true}, "tagMap": {},
        },
        {"name": "metal", "shader": "VRM_USE_GLTFSHADER", "renderQueue": 2000},
    ])
}
