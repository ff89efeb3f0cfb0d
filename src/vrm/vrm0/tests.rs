#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use glam::{Quat, Vec2, Vec3, Vec4};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{self, HAIR, HAIR_FORK, HAIR_TIP, TWIN, added, vrm0};
use crate::vrm::fixture::{glb, mesh_node, node_of};
use crate::vrm::*;

fn converted(json: Value) -> Value {
    let mut findings = finding::Findings::default();
    super::convert(json, &mut findings).ok().unwrap()
}

fn complaints(json: &Value) -> String {
    fixture::load(json).findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn expression<'a>(document: &'a Document, name: &str) -> &'a Expression {
    document.expressions.iter().find(|e| e.name == ExpressionName::parse(name)).unwrap()
}

#[test]
fn the_figure_faces_forward_with_its_left_at_plus_x() {
    let document = fixture::load(&vrm0());
    assert_eq!(document.format, Format::Vrm0);
    let left = document.humanoid.rest_position(HumanBone::LeftUpperArm);
    assert!(left.x > 0.05, "{left}");
    assert!((document.humanoid.rest_world(HumanBone::Head) * Vec3::NEG_Z - Vec3::Z).length() < 1.0e-5);
    // Nodding forward is a turn about +X in the normalized space: what faced -Z in the file looks down now.
    let mut runtime = Runtime::new(Arc::new(document));
    let mut bones = [Quat::IDENTITY; HumanBone::COUNT];
    bones[HumanBone::Head.index()] = Quat::from_rotation_x(0.5);
    runtime.update(&Input { bones: &bones, hips_offset: Vec3::ZERO, eyes: EyeDrive::Keep, ..Input::rest() });
    let local = runtime.local(node_of(HumanBone::Head)).rotation;
    let seen = Quat::from_rotation_y(std::f32::consts::PI) * local * Vec3::NEG_Z;
    assert!(seen.z > 0.8 && seen.y < -0.4, "{seen}");
}

#[test]
fn nodes_keep_their_indices() {
    let before = vrm0();
    let count = before["nodes"].as_array().unwrap().len();
    let after = converted(before.clone());
    for at in 0..count {
        assert_eq!(before["nodes"][at]["name"], after["nodes"][at]["name"]);
    }
    // Two tails, one root.
    assert_eq!(after["nodes"].as_array().unwrap().len(), count + 3);
    assert_eq!(after["scenes"][0]["nodes"], json!([count + 2]));
    assert!(after["extensions"].get("VRM").is_none());
    assert_eq!(after["extensionsRequired"], json!([]));
}

#[test]
fn thumbs_move_up_by_one_bone() {
    let document = fixture::load(&vrm0());
    for (bone, node) in
        [(HumanBone::LeftThumbMetacarpal, 30), (HumanBone::LeftThumbProximal, 31), (HumanBone::LeftThumbDistal, 32)]
    {
        assert_eq!(document.humanoid.node(bone), Some(node));
    }
    assert!(!document.humanoid.has(HumanBone::Jaw));
}

#[test]
fn groups_become_presets_and_customs() {
    let document = fixture::load(&vrm0());
    let happy = expression(&document, "happy");
    assert!(happy.is_binary);
    let binds: Vec<_> = happy.morphs.iter().map(|m| (m.node, m.index, m.weight)).collect();
    assert_eq!(binds, [(mesh_node(), 1, 0.5), (added(TWIN), 1, 0.5)], "every node with the mesh");
    assert_eq!(expression(&document, "blinkLeft").morphs[0].weight, 1.0);
    assert_eq!(expression(&document, "surprised").morphs.len(), 2);
    let wave: Vec<_> = expression(&document, "Wave").morphs.iter().map(|m| (m.index, m.weight)).collect();
    assert_eq!(wave, [(3, 1.0), (3, 1.0)]);
    for custom in ["Wave 2", "Joy2", "happy 2"] {
        let name = ExpressionName::Custom(custom.into());
        assert!(document.expressions.iter().any(|e| e.name == name), "{custom}");
    }
    let all = complaints(&vrm0());
    for text in ["names mesh 9", "is a second happy", "became custom \"Wave 2\""] {
        assert!(all.contains(text), "{text} in {all}");
    }
}

#[test]
fn material_values_become_colors_and_transforms() {
    let document = fixture::load(&vrm0());
    let blush = expression(&document, "Blush");
    let colors: Vec<_> = blush.colors.iter().map(|c| (c.material, c.kind)).collect();
    assert_eq!(colors, [(0, ColorKind::Color), (0, ColorKind::Emission)]);
    assert!((blush.colors[0].target - Vec4::new(1.0, 0.214_04, 0.0, 0.25)).length() < 1.0e-4, "linear");
    assert_eq!(blush.colors[1].target, Vec4::new(0.5, 0.0, 0.0, 1.0), "emission is linear already");
    assert_eq!(blush.textures[0].scale, Vec2::new(0.5, 0.25));
    assert!((blush.textures[0].offset - Vec2::new(0.1, 0.25)).length() < 1.0e-6, "V is turned over");
    // The material rests at scale 0.25 and offset 0.25 along V, and the short form leaves that alone.
    assert_eq!((blush.textures[1].scale.y, blush.textures[1].offset.y), (0.25, 0.25));
    let all = complaints(&vrm0());
    assert!(all.contains("_Cutoff has no counterpart") && all.contains("names no material: \"nothing\""), "{all}");
}

#[test]
fn first_person_and_look_at_are_parted() {
    let document = fixture::load(&vrm0());
    for node in [mesh_node(), added(TWIN)] {
        assert_eq!(document.first_person.get(&node), Some(&FirstPerson::ThirdPersonOnly));
    }
    let look_at = document.look_at;
    assert_eq!(look_at.kind, LookAtKind::Bone);
    assert!((look_at.offset_from_head - Vec3::new(0.01, 0.07, -0.02)).length() < 1.0e-6);
    let degrees = |map: RangeMap| (map.input_max_rad.to_degrees().round(), map.output.to_degrees().round());
    assert_eq!(degrees(look_at.inner), (80.0, 8.0));
    assert_eq!(degrees(look_at.outer), (90.0, 12.0));
    assert_eq!(degrees(look_at.down), (70.0, 7.0));
    assert_eq!(degrees(look_at.up), (60.0, 6.0));
    let all = complaints(&vrm0());
    assert!(all.contains("lookAtHorizontalOuter: has a curve") && !all.contains("lookAtVerticalDown"), "{all}");
    assert!(all.contains("meshAnnotations[1]: names no mesh"), "{all}");
}

#[test]
fn eyes_by_blend_shapes_become_expressions() {
    let mut json = vrm0();
    json["extensions"]["VRM"]["firstPerson"] = json!({"lookAtTypeName": "BlendShape"});
    let look_at = fixture::load(&json).look_at;
    assert_eq!((look_at.kind, look_at.outer.output), (LookAtKind::Expression, 1.0));
    assert_eq!(look_at.offset_from_head, Vec3::new(0.0, 0.06, 0.0));
}

#[test]
fn bone_groups_become_chains_with_tails() {
    let json = converted(vrm0());
    let springs = &json["extensions"]["VRMC_springBone"]["springs"];
    assert_eq!(springs.as_array().unwrap().len(), 2, "the second group names what sways already");
    let nodes = |spring: &Value| -> Vec<u64> {
        spring["joints"].as_array().unwrap().iter().map(|j| j["node"].as_u64().unwrap()).collect()
    };
    let count = vrm0()["nodes"].as_array().unwrap().len() as u64;
    assert_eq!(nodes(&springs[0]), [added(HAIR) as u64, added(HAIR_TIP) as u64, count]);
    assert_eq!(nodes(&springs[1]), [added(HAIR_FORK) as u64, count + 1]);
    let joint = &springs[0]["joints"][0];
    assert_eq!(joint["stiffness"], 2.5);
    assert_eq!(joint["gravityPower"], 0.25);
    assert_eq!(joint["gravityDir"], json!([-0.5, -1.0, 0.25]), "Unity's axes in the turned model");
    assert_eq!(joint["dragForce"], 0.75);
    assert!((joint["hitRadius"].as_f64().unwrap() - 0.03).abs() < 1.0e-6);
    assert_eq!(springs[0]["name"], "hair");
    assert_eq!(springs[0]["colliderGroups"], json!([0]));
    assert!(springs[0].get("center").is_none());
    let tail = |at: u64| -> Vec3 {
        let t = &json["nodes"][at as usize]["translation"];
        Vec3::new(t[0].as_f64().unwrap() as f32, t[1].as_f64().unwrap() as f32, t[2].as_f64().unwrap() as f32)
    };
    assert!((tail(count) - Vec3::new(0.0, -0.07, 0.0)).length() < 1.0e-6, "7 cm on along the last bone");
    assert!((tail(count + 1) - Vec3::new(0.0, 0.0, 0.07)).length() < 1.0e-6);
    assert_eq!(json["nodes"][added(HAIR_TIP)]["children"], json!([count]));
}

#[test]
fn tails_are_seven_centimeters_in_a_turned_and_scaled_figure() {
    let mut json = vrm0();
    json["nodes"][0]["scale"] = json!([2, 2, 2]);
    let turn = Quat::from_rotation_x(0.5);
    json["nodes"][added(HAIR_TIP)]["rotation"] = json!(turn.to_array());
    let document = fixture::load(&json);
    let world = document.rest_world();
    let (tip, tail) = (added(HAIR_TIP), vrm0()["nodes"].as_array().unwrap().len());
    let along = Vec3::from(world[tail].translation - world[tip].translation);
    let before = Vec3::from(world[tip].translation - world[added(HAIR)].translation);
    assert!((along.length() - 0.07).abs() < 1.0e-4 && along.angle_between(before) < 1.0e-3, "{along} {before}");
}

#[test]
fn collider_groups_keep_their_indices() {
    let json = converted(vrm0());
    let physics = &json["extensions"]["VRMC_springBone"];
    assert_eq!(physics["colliderGroups"], json!([{"colliders": [0]}, {"colliders": []}]));
    assert_eq!(physics["colliders"][0]["node"], node_of(HumanBone::Head));
    let sphere = &physics["colliders"][0]["shape"]["sphere"];
    let offset: Vec<f64> = sphere["offset"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    for (got, expected) in offset.into_iter().zip([0.1, 0.2, -0.3]) {
        assert!((got - expected).abs() < 1.0e-6, "Unity's axes along the bone");
    }
    let all = complaints(&vrm0());
    assert!(all.contains("colliderGroups[1]: names no node"), "{all}");
    assert!(all.contains("boneGroups[1]: names node 999"), "{all}");
}

#[test]
fn toon_materials_are_converted_field_by_field() {
    let document = fixture::load(&vrm0());
    let skin = &document.materials[0];
    let toon = skin.mtoon.as_ref().unwrap();
    assert!((skin.colors[0] - Vec4::new(1.0, 0.214_04, 0.0, 0.75)).length() < 1.0e-4);
    assert!((toon.shade_color - Vec3::splat(0.214_04)).length() < 1.0e-4);
    assert_eq!(skin.colors[1], Vec4::new(1.0, 0.5, 0.0, 1.0));
    assert_eq!(skin.emissive_strength, 2.0);
    assert!((toon.shading_shift + 0.05).abs() < 1.0e-6 && (toon.shading_toony - 0.95).abs() < 1.0e-6);
    assert_eq!(toon.gi_equalization, 0.75);
    assert_eq!((toon.matcap, toon.matcap_texture.unwrap().index), (Vec3::ONE, 2));
    assert_eq!(toon.matcap_texture.unwrap().scale, Vec2::ONE, "the matcap has no transform");
    assert_eq!((toon.rim_color, toon.rim_fresnel_power, toon.rim_lighting_mix), (Vec3::Z, 3.0, 1.0));
    assert_eq!(toon.rim_multiply_texture, None, "there is no texture 9");
    assert_eq!(toon.outline_width_mode, OutlineWidthMode::WorldCoordinates);
    assert!((toon.outline_width - 0.002).abs() < 1.0e-7, "centimeters");
    assert_eq!((toon.outline_color, toon.outline_lighting_mix), (Vec3::Y, 0.5));
    assert!((toon.uv_scroll_x_speed - 0.1).abs() < 1.0e-6 && (toon.uv_scroll_y_speed + 0.2).abs() < 1.0e-6);
    assert!((toon.uv_rotation_speed_rad - std::f32::consts::PI).abs() < 1.0e-5, "half a turn");
    let shade = toon.shade_multiply_texture.unwrap();
    assert_eq!((shade.index, shade.scale, shade.offset), (0, Vec2::new(0.5, 0.25), Vec2::new(0.1, 0.25)));
    assert_eq!(toon.uv_animation_mask_texture.unwrap().index, 1);
    let json = converted(vrm0());
    let material = &json["materials"][0];
    assert_eq!((&material["alphaMode"], &material["doubleSided"]), (&json!("MASK"), &json!(true)));
    assert!((material["alphaCutoff"].as_f64().unwrap() - 0.3).abs() < 1.0e-6);
    assert_eq!((&material["normalTexture"]["index"], &material["normalTexture"]["scale"]), (&json!(1), &json!(0.5)));
}

#[test]
fn other_shaders_are_converted_or_left_alone() {
    let json = converted(vrm0());
    let eye = &json["materials"][1];
    assert_eq!(eye["alphaMode"], "BLEND");
    assert_eq!(eye["extensions"]["VRMC_materials_mtoon"]["transparentWithZWrite"], true);
    assert_eq!(eye["pbrMetallicRoughness"]["baseColorTexture"]["index"], 1);
    let glass = &json["materials"][2]["extensions"]["VRMC_materials_mtoon"];
    assert_eq!((&glass["renderQueueOffsetNumber"], &glass["outlineWidthMode"]), (&json!(0), &json!("none")));
    assert_eq!(json["materials"][3], vrm0()["materials"][3]);
    let used = json["extensionsUsed"].as_array().unwrap();
    for name in ["VRMC_vrm", "VRMC_springBone", "VRMC_materials_mtoon", "KHR_materials_unlit", "KHR_texture_transform"]
    {
        assert!(used.iter().any(|u| u == name), "{name}");
    }
}

#[test]
fn render_queues_keep_their_order() {
    let mut json = vrm0();
    let material = |queue: i64, mode: i32| {
        json!({
            "shader": "VRM/MToon", "renderQueue": queue, "floatProperties": {"_BlendMode": mode},
        })
    };
    json["materials"] = json!([{}, {}, {}, {}, {}]);
    json["extensions"]["VRM"]["materialProperties"] =
        json!([material(3000, 2), material(2990, 2), material(2995, 2), material(2501, 3), material(2510, 3)]);
    let queues: Vec<i32> =
        fixture::load(&json).materials.iter().map(|m| m.mtoon.as_ref().unwrap().render_queue_offset).collect();
    assert_eq!(queues, [0, -2, -1, 0, 1]);
}

#[test]
fn the_license_never_grants_more() {
    let meta = fixture::load(&vrm0()).meta;
    assert_eq!((meta.name.as_str(), meta.authors[0].as_str(), meta.version.as_str()), ("Old Stick", "A. Maker", "0.9"));
    assert_eq!(meta.avatar_permission, "everyone");
    assert_eq!(meta.commercial_usage, "personalProfit", "0.x does not name companies");
    assert_eq!((meta.allow_redistribution, meta.modification.as_str()), (true, "allowModificationRedistribution"));
    assert_eq!(meta.credit_notation, "required");
    assert_eq!(meta.license_url, "https://creativecommons.org/licenses/by/4.0/");
    assert_eq!(converted(vrm0())["extensions"]["VRMC_vrm"]["meta"]["thumbnailImage"], 1);
    let with = |changes: &[(&str, &str)]| {
        let mut json = vrm0();
        for (key, value) in changes {
            json["extensions"]["VRM"]["meta"][*key] = json!(value);
        }
        fixture::load(&json).meta
    };
    let other = with(&[("otherPermissionUrl", "https://example.com/rules")]);
    assert!(!other.allow_redistribution && other.other_license_url == "https://example.com/rules");
    assert_eq!(with(&[("licenseName", "CC_BY_NC")]).commercial_usage, "personalNonProfit");
    let url = "https://example.com/license";
    let own = with(&[("licenseName", "Other"), ("otherLicenseUrl", url)]);
    assert_eq!(
        (own.license_url.as_str(), own.allow_redistribution, own.modification.as_str()),
        (url, false, "prohibited")
    );
    assert_eq!(with(&[("licenseName", "CC0")]).credit_notation, "unnecessary");
    assert_eq!(with(&[("allowedUserName", "Somebody")]).avatar_permission, "onlyAuthor");
    let mut json = vrm0();
    json["extensions"]["VRM"].as_object_mut().unwrap().shift_remove("meta");
    let none = fixture::load(&json).meta;
    assert_eq!((none.avatar_permission.as_str(), none.commercial_usage.as_str()), ("onlyAuthor", "personalNonProfit"));
    assert!(!none.allow_redistribution && !none.allow_excessively_violent_usage);
}

#[test]
fn a_bare_file_is_enough() {
    let mut json = vrm0();
    let vrm = json["extensions"]["VRM"].as_object_mut().unwrap();
    vrm.retain(|key, _| key == "humanoid");
    let document = fixture::load(&json);
    assert!(document.expressions.is_empty() && Report::new(&document).springs == 0);
    json["extensions"]["VRM"] = json!({});
    let refusal = Document::read(&glb(&json, &[]), "x.vrm").unwrap_err().to_string();
    assert!(refusal.contains("required bones are missing"), "{refusal}");
}

#[test]
fn hair_of_any_depth_ends() {
    let mut json = vrm0();
    let first = json["nodes"].as_array().unwrap().len();
    let nodes = json["nodes"].as_array_mut().unwrap();
    for at in first..first + 20_000 {
        nodes.push(json!({"children": [at + 1], "translation": [0, 0.01, 0]}));
    }
    nodes.push(json!({}));
    json["extensions"]["VRM"]["secondaryAnimation"] = json!({"boneGroups": [{"bones": [first, first + 1, first]}]});
    let converted = converted(json);
    let joints = converted["extensions"]["VRMC_springBone"]["springs"][0]["joints"].as_array().unwrap();
    assert_eq!(joints.len(), 20_001, "the last node has no direction for a tail");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever stands in the place of any value, the file is read or refused, and what is read works.
    #[test]
    fn changed_files_never_panic(path in any::<u64>(), which in 0..9_usize, number in any::<f64>()) {
        let with = [
            json!(null), json!(-1), json!(1e300), json!([]), json!({}), json!("text"), json!(number),
            json!([1e39, -1, 0.5, null]), json!({"x": 1e39, "y": "a"}),
        ][which].clone();
        let mut json = vrm0();
        hostile::mutate(&mut json["extensions"]["VRM"], path, &with);
        hostile::exercise(&glb(&json, &[]));
        let mut json = vrm0();
        hostile::mutate(&mut json, path, &with);
        hostile::exercise(&glb(&json, &[]));
    }
}
