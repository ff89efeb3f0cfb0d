//! What is read of springs, colliders and constraints, and what of a broken file is left.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use glam::Vec3;
use serde_json::{Value, json};

use super::fixture::{self, add_chain, add_node, constrain, joints, node_of, set_springs};
use super::*;

const HEAD: usize = 3;

fn has(document: &Document, place: &str, text: &str) -> bool {
    document.findings.iter().any(|f| f.place.contains(place) && f.message.contains(text))
}

/// Nodes of the joints of each spring.
fn chains(document: &Document) -> Vec<Vec<usize>> {
    document.springs.iter().map(|spring| spring.joints.iter().map(|joint| joint.node).collect()).collect()
}

fn collider(value: Value) -> Document {
    let mut vrm = fixture::vrm();
    set_springs(&mut vrm, json!([]), json!([value]));
    fixture::load(&vrm)
}

fn shape(value: Value) -> Option<ColliderShape> {
    collider(value).colliders.first().map(|collider| collider.shape)
}

#[test]
fn what_a_joint_does_not_say_has_the_defaults_of_the_schema() {
    let mut vrm = fixture::vrm();
    assert_eq!(node_of(HumanBone::Head), HEAD);
    let chain = add_chain(&mut vrm, HEAD, 2);
    set_springs(&mut vrm, json!([{"joints": joints(&chain, &json!({}))}]), json!([]));
    let joint = fixture::load(&vrm).springs[0].joints[0];
    assert_eq!((joint.hit_radius, joint.stiffness, joint.gravity_power, joint.drag_force), (0.0, 1.0, 0.0, 0.5));
    assert_eq!((joint.node, joint.gravity_dir), (chain[0], Vec3::NEG_Y));
}

#[test]
fn numbers_out_of_range_are_brought_back() {
    let mut vrm = fixture::vrm();
    let chain = add_chain(&mut vrm, HEAD, 2);
    let settings = json!({"hitRadius": -1, "stiffness": 1e9, "gravityPower": 1e300, "dragForce": 1.5,
        "gravityDir": [0, 1e300, 0]});
    set_springs(&mut vrm, json!([{"joints": joints(&chain, &settings)}]), json!([]));
    let document = fixture::load(&vrm);
    let joint = document.springs[0].joints[0];
    assert_eq!((joint.hit_radius, joint.stiffness, joint.gravity_power, joint.drag_force), (0.0, 1.0e4, 0.0, 1.0));
    assert_eq!(joint.gravity_dir, Vec3::NEG_Y);
    for key in ["hitRadius", "stiffness", "gravityPower", "dragForce", "gravityDir"] {
        assert!(has(&document, &format!("springs[0].joints[0].{key}"), "used"), "{key}");
    }
}

#[test]
fn broken_joints_are_dropped_and_the_chain_goes_on() {
    let mut vrm = fixture::vrm();
    let chain = add_chain(&mut vrm, HEAD, 3);
    let list = json!([{"node": chain[0]}, {"node": 999}, {"node": "x"}, 7, {}, {"node": chain[2]}]);
    set_springs(&mut vrm, json!([{"joints": list}, {"joints": 5}, "x"]), json!([]));
    let document = fixture::load(&vrm);
    assert_eq!(chains(&document), [[chain[0], chain[2]]]);
    for at in 1..5 {
        assert!(has(&document, &format!("springs[0].joints[{at}]"), "dropped"), "{at}");
    }
    assert!(has(&document, "springs[1]", "not a list") && has(&document, "springs[2]", "unreadable"));
}

#[test]
fn chains_end_where_a_joint_does_not_stand_below_the_one_before() {
    let mut vrm = fixture::vrm();
    let chain = add_chain(&mut vrm, HEAD, 3);
    let list = joints(&[chain[0], chain[1], node_of(HumanBone::Hips), chain[2]], &json!({}));
    set_springs(&mut vrm, json!([{"joints": list}]), json!([]));
    let document = fixture::load(&vrm);
    assert_eq!(chains(&document), [[chain[0], chain[1]]]);
    assert!(has(&document, "springs[0].joints[2]", "does not stand below"));
    set_springs(&mut vrm, json!([{"joints": joints(&[chain[0], chain[0]], &json!({}))}]), json!([]));
    assert!(has(&fixture::load(&vrm), "joints[1]", "does not stand below"), "a node is not below itself");
}

#[test]
fn a_joint_belongs_to_one_chain_and_so_do_skipped_nodes() {
    let mut vrm = fixture::vrm();
    let n = add_chain(&mut vrm, HEAD, 5);
    let spring = |nodes: &[usize]| json!({"joints": joints(nodes, &json!({}))});
    set_springs(&mut vrm, json!([spring(&[n[0], n[1]]), spring(&[n[1], n[2], n[3]])]), json!([]));
    let document = fixture::load(&vrm);
    assert_eq!(chains(&document), [[n[0], n[1]], [n[2], n[3]]]);
    assert!(has(&document, "springs[1].joints[0]", "another spring"));
    // a-(b)-c and b-(c)-d share b and c.
    set_springs(&mut vrm, json!([spring(&[n[0], n[2]]), spring(&[n[1], n[3], n[4]])]), json!([]));
    assert_eq!(chains(&fixture::load(&vrm)), [[n[0], n[2]], [n[3], n[4]]]);
    // b stands alone in the first chain; a-(b)-c of the second would skip over it.
    set_springs(&mut vrm, json!([spring(&[n[1]]), spring(&[n[0], n[2]])]), json!([]));
    let document = fixture::load(&vrm);
    assert_eq!(chains(&document), [[n[1]], [n[0]]]);
    assert!(has(&document, "springs[1].joints[1]", "nodes above belong"));
    assert!(has(&document, "springs[0]", "single joint"));
}

#[test]
fn centers_are_the_first_joint_or_above_it_and_not_below_other_joints() {
    let mut vrm = fixture::vrm();
    let n = add_chain(&mut vrm, HEAD, 5);
    let side = add_chain(&mut vrm, HEAD, 1)[0];
    let mut read = |center: usize| {
        let springs = json!([
            {"joints": joints(&[n[2], n[3]], &json!({})), "center": center},
            {"joints": joints(&[n[0]], &json!({}))},
        ]);
        set_springs(&mut vrm, springs, json!([]));
        let document = fixture::load(&vrm);
        (document.springs[0].center, has(&document, "springs[0].center", "dropped"))
    };
    assert_eq!(read(HEAD), (Some(HEAD), false));
    assert_eq!(read(side), (None, true), "beside the chain");
    assert_eq!(read(n[3]), (None, true), "below the first joint");
    assert_eq!(read(n[0]), (None, true), "a joint of another chain");
    assert_eq!(read(n[1]), (None, true), "below a joint of another chain");
    assert_eq!(read(n[2]), (None, true), "the first joint, but below a joint of another chain");
    assert_eq!(read(9999), (None, true));
    set_springs(&mut vrm, json!([{"joints": joints(&[n[0], n[1]], &json!({})), "center": n[0]}]), json!([]));
    assert_eq!(fixture::load(&vrm).springs[0].center, Some(n[0]));
}

#[test]
fn groups_lead_to_the_colliders_that_are_left() {
    let mut vrm = fixture::vrm();
    let chain = add_chain(&mut vrm, HEAD, 2);
    let ball = json!({"node": HEAD, "shape": {"sphere": {"radius": 0.1}}});
    let springs = json!([{"joints": joints(&chain, &json!({})), "colliderGroups": [0, 7, 0]}]);
    set_springs(&mut vrm, springs, json!([{"node": 999, "shape": {"sphere": {}}}, {"node": HEAD}, ball]));
    vrm["extensions"]["VRMC_springBone"]["colliderGroups"] = json!([{"name": "all", "colliders": [0, 2, 2, 9]}]);
    let document = fixture::load(&vrm);
    assert_eq!((document.colliders.len(), document.physics.colliders), (1, 1));
    assert_eq!(document.collider_groups, [ColliderGroup { name: "all".into(), colliders: vec![0] }]);
    assert_eq!(document.springs[0].collider_groups, [0]);
    for place in
        ["colliders[0]", "colliders[1].shape", "colliderGroups[0].colliders[3]", "springs[0].colliderGroups[1]"]
    {
        assert!(has(&document, place, "dropped"), "{place}");
    }
}

#[test]
fn core_shapes() {
    let ball = json!({"node": HEAD, "shape": {"sphere": {"offset": [1, 2, 3], "radius": 0.5, "inside": true}}});
    let offset = Vec3::new(1.0, 2.0, 3.0);
    assert_eq!(shape(ball), Some(ColliderShape::Sphere { offset, radius: 0.5, inside: false }), "inside is extended");
    let capsule = json!({"node": HEAD, "shape": {"capsule": {"offset": [1, 2, 3], "radius": 0.5, "tail": [0, 1, 0]}}});
    let expected = ColliderShape::Capsule { offset, tail: Vec3::Y, radius: 0.5, inside: false };
    assert_eq!(shape(capsule), Some(expected));
    let bare = ColliderShape::Sphere { offset: Vec3::ZERO, radius: 0.0, inside: false };
    assert_eq!(shape(json!({"node": HEAD, "shape": {"sphere": {}}})), Some(bare));
    for broken in [
        json!({"sphere": {"radius": -1}}),
        json!({"sphere": {"offset": [0, 1e300, 0]}}),
        json!({"sphere": 3}),
        json!({"cube": {}}),
        json!({"plane": {}}),
    ] {
        let document = collider(json!({"node": HEAD, "shape": broken}));
        assert!(document.colliders.is_empty() && has(&document, "colliders[0].shape", "dropped"), "{broken}");
    }
}

#[test]
fn extended_shapes_stand_in_the_place_of_core_shapes() {
    let with = |version: &str, extended: Value| {
        json!({"node": HEAD, "shape": {"sphere": {"radius": 1000, "offset": [0, -1000, 0]}}, "extensions": {
            "VRMC_springBone_extended_collider": {"specVersion": version, "shape": extended},
        }})
    };
    let (offset, tail) = (Vec3::X, Vec3::Y);
    for version in ["1.0", "1.0-draft"] {
        let ball = with(version, json!({"sphere": {"offset": [1, 0, 0], "radius": 0.5, "inside": true}}));
        assert!(!has(&collider(ball.clone()), "specVersion", ""));
        assert_eq!(shape(ball), Some(ColliderShape::Sphere { offset, radius: 0.5, inside: true }));
    }
    let capsule = with("1.0", json!({"capsule": {"offset": [1, 0, 0], "tail": [0, 1, 0], "radius": 0.5}}));
    assert_eq!(shape(capsule), Some(ColliderShape::Capsule { offset, tail, radius: 0.5, inside: false }));
    let plane = with("1.0", json!({"plane": {"offset": [1, 0, 0], "normal": [0, 3, 0]}}));
    assert_eq!(shape(plane), Some(ColliderShape::Plane { offset, normal: Vec3::Y }));
    let bare = with("1.0", json!({"plane": {}}));
    assert_eq!(shape(bare), Some(ColliderShape::Plane { offset: Vec3::ZERO, normal: Vec3::Z }));
    for broken in [json!({"palne": {}}), json!({"plane": {"normal": [0, 0, 0]}}), json!({"sphere": {"radius": -1}})] {
        let document = collider(with("1.0", broken));
        assert!(matches!(document.colliders[0].shape, ColliderShape::Sphere { radius: 1000.0, .. }));
        assert!(has(&document, "extended_collider", "core shape is used"));
    }
}

#[test]
fn other_versions_are_read_with_a_warning() {
    let mut vrm = fixture::vrm();
    let chain = add_chain(&mut vrm, HEAD, 2);
    set_springs(&mut vrm, json!([{"joints": joints(&chain, &json!({}))}]), json!([]));
    vrm["extensions"]["VRMC_springBone"]["specVersion"] = json!("1.0-beta");
    let document = fixture::load(&vrm);
    assert_eq!(document.springs.len(), 1);
    assert!(has(&document, "VRMC_springBone.specVersion", "read as 1.0"));
}

#[test]
fn files_that_ask_for_too_much_get_less() {
    let mut vrm = fixture::vrm();
    let chain = add_chain(&mut vrm, HEAD, 300);
    let ball = json!({"node": HEAD, "shape": {"sphere": {"radius": 0.1}}});
    let springs = json!([{"joints": joints(&chain, &json!({})), "colliderGroups": [0]}]);
    set_springs(&mut vrm, springs, Value::Array(vec![ball; 1100]));
    let document = fixture::load(&vrm);
    assert_eq!(document.colliders.len(), 1000);
    assert!(document.springs[0].collider_groups.is_empty(), "300 joints against 1000 colliders");
    assert!(has(&document, "VRMC_springBone.colliders", "beyond 1000"));
    assert!(has(&document, "springs[0].colliderGroups[0]", "contacts"));
    set_springs(&mut vrm, json!([{"joints": joints(&[chain[0], chain[299]], &json!({}))}]), json!([]));
    assert_eq!(fixture::load(&vrm).springs[0].joints.len(), 1, "more skipped nodes than a body has");
}

#[test]
fn constraints_of_all_kinds_are_read() {
    let mut vrm = fixture::vrm();
    let nodes = [(); 3].map(|()| add_node(&mut vrm, 0, json!({})));
    constrain(&mut vrm, nodes[0], json!({"roll": {"source": 1, "rollAxis": "Y"}}));
    constrain(&mut vrm, nodes[1], json!({"aim": {"source": 2, "aimAxis": "NegativeZ", "weight": 0.5}}));
    constrain(&mut vrm, nodes[2], json!({"rotation": {"source": 3, "weight": 7}}));
    let document = fixture::load(&vrm);
    let expected = [
        Constraint { node: nodes[0], source: 1, weight: 1.0, kind: ConstraintKind::Roll(Vec3::Y) },
        Constraint { node: nodes[1], source: 2, weight: 0.5, kind: ConstraintKind::Aim(Vec3::NEG_Z) },
        Constraint { node: nodes[2], source: 3, weight: 1.0, kind: ConstraintKind::Rotation },
    ];
    assert_eq!(document.constraints, expected);
    assert_eq!(document.physics.constraints, 3);
    assert!(has(&document, &format!("nodes[{}]", nodes[2]), "weight 7"));
}

#[test]
fn constraints_that_lead_nowhere_are_dropped() {
    for (broken, why) in [
        (json!({}), "none of roll"),
        (json!({"roll": {"source": 1, "rollAxis": "W"}}), "no axis"),
        (json!({"roll": {"source": 1}}), "no axis"),
        (json!({"aim": {"source": 1, "aimAxis": "X"}}), "no axis"),
        (json!({"rotation": {}}), "names no source"),
        (json!({"rotation": {"source": 999}}), "names no source"),
        (json!({"rotation": {"source": "x"}}), "unreadable"),
        (json!({"rotation": {"source": 18}}), "follows itself"),
    ] {
        let mut vrm = fixture::vrm();
        constrain(&mut vrm, fixture::mesh_node(), broken.clone());
        let document = fixture::load(&vrm);
        assert!(document.constraints.is_empty() && has(&document, "nodes[18].extensions", why), "{broken}");
    }
}

#[test]
fn circles_of_constraints_are_dropped_and_what_hangs_on_them_stays() {
    let mut vrm = fixture::vrm();
    let n = [(); 5].map(|()| add_node(&mut vrm, 0, json!({})));
    let below = add_node(&mut vrm, n[4], json!({"translation": [0, 1, 0]}));
    for (node, source) in [(n[0], n[1]), (n[1], n[2]), (n[2], n[0]), (n[3], n[2])] {
        constrain(&mut vrm, node, json!({"rotation": {"source": source}}));
    }
    // Where the child is depends on where its parent aims.
    constrain(&mut vrm, n[4], json!({"aim": {"source": below, "aimAxis": "PositiveY"}}));
    let document = fixture::load(&vrm);
    assert_eq!(document.constraints.iter().map(|c| c.node).collect::<Vec<_>>(), [n[3]]);
    for node in [n[0], n[1], n[2], n[4]] {
        assert!(has(&document, &format!("nodes[{node}].extensions"), "depends on it in turn"), "{node}");
    }
}
