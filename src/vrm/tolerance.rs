//! Files that leave out what they may leave out, as exporters of the wild do: nothing optional is missed.

use serde_json::{Value, json};

use super::fixture::{self, mesh_node};
use super::*;

fn vrm_of(change: impl FnOnce(&mut Value)) -> Document {
    let mut json = fixture::vrm();
    change(&mut json["extensions"]["VRMC_vrm"]);
    fixture::load(&json)
}

fn errors(document: &Document) -> Vec<String> {
    document.findings.iter().filter(|f| f.severity == Severity::Error).map(ToString::to_string).collect()
}

#[test]
fn expressions_may_be_nothing_but_binds() {
    let document = vrm_of(|vrm| {
        let bind = json!({"morphTargetBinds": [{"node": mesh_node(), "index": 0, "weight": 1.0}]});
        vrm["expressions"] = json!({"preset": {"happy": bind, "blink": {}}});
    });
    assert_eq!(errors(&document), Vec::<String>::new());
    let happy = &document.expressions[0];
    assert!(!happy.is_binary);
    assert_eq!([happy.override_blink, happy.override_look_at, happy.override_mouth], [Override::None; 3]);
    assert_eq!((happy.morphs.len(), happy.colors.len(), happy.textures.len()), (1, 0, 0));
}

#[test]
fn customs_may_stand_without_presets() {
    let document = vrm_of(|vrm| vrm["expressions"] = json!({"custom": {"cat": {"isBinary": true}}}));
    assert_eq!(errors(&document), Vec::<String>::new());
    assert!(document.expressions[0].is_binary);
    assert!(vrm_of(|vrm| vrm["expressions"] = json!({})).expressions.is_empty());
}

#[test]
fn the_license_may_leave_everything_to_its_defaults() {
    let document = vrm_of(|vrm| vrm["meta"] = json!({"name": "a", "licenseUrl": "https://vrm.dev/licenses/1.0/"}));
    assert_eq!(errors(&document), Vec::<String>::new());
    assert_eq!(
        document.meta,
        Meta { name: "a".into(), license_url: "https://vrm.dev/licenses/1.0/".into(), ..Meta::default() }
    );
}

#[test]
fn look_at_may_leave_out_any_range() {
    for look_at in
        [json!({}), json!({"type": "bone"}), json!({"rangeMapVerticalUp": {}, "offsetFromHeadBone": [0, 0, 0]})]
    {
        let document = vrm_of(|vrm| vrm["lookAt"] = look_at);
        assert_eq!(errors(&document), Vec::<String>::new());
        assert!((document.look_at.inner.output.to_degrees() - 10.0).abs() < 1.0e-4);
    }
    let document = vrm_of(|vrm| vrm["lookAt"] = json!({"type": "expression"}));
    assert_eq!((document.look_at.kind, document.look_at.up.output), (LookAtKind::Expression, 1.0));
}

#[test]
fn nodes_need_no_names_and_may_share_one() {
    let mut json = fixture::vrm();
    for (at, node) in json["nodes"].as_array_mut().into_iter().flatten().enumerate() {
        match at % 2 {
            0 => node["name"] = json!("same"),
            _ => node.as_object_mut().into_iter().for_each(|node| drop(node.shift_remove("name"))),
        }
    }
    assert_eq!(fixture::load(&json).humanoid, fixture::load(&fixture::vrm()).humanoid);
}

#[test]
fn toon_materials_may_be_bare() {
    let mut json = fixture::vrm();
    json["textures"] = json!([{}]);
    json["materials"] = json!([
        {"extensions": {"VRMC_materials_mtoon": {"specVersion": "1.0"}}},
        {"extensions": {"VRMC_materials_mtoon": {"shadeMultiplyTexture": {"index": 0}}}},
    ]);
    let document = fixture::load(&json);
    assert_eq!(errors(&document), Vec::<String>::new());
    assert_eq!(document.materials[0].mtoon, Some(MToon::default()));
    let texture = document.materials[1].mtoon.as_ref().and_then(|toon| toon.shade_multiply_texture);
    assert_eq!(texture.map(|texture| (texture.index, texture.scale)), Some((0, glam::Vec2::ONE)));
}
