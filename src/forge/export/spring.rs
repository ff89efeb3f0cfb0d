//! Springs of hair and scarf, and the body that they must not enter.

use serde_json::{Value, json};

use super::METER;
use crate::forge::body::Body;
use crate::forge::part::Kit;
use crate::vrm::HumanBone;

/// Spheres around head, neck and shoulders: bone, offset in meters, radius in meters.
const COLLIDERS: [(HumanBone, [f32; 3], f32); 6] = [
    (HumanBone::Head, [0.0, 0.085, 0.0], 0.088),
    (HumanBone::Neck, [0.0, 0.03, 0.0], 0.058),
    (HumanBone::UpperChest, [0.0, 0.06, -0.03], 0.11),
    (HumanBone::LeftShoulder, [0.07, -0.02, -0.01], 0.062),
    (HumanBone::RightShoulder, [-0.07, -0.02, -0.01], 0.062),
    (HumanBone::UpperChest, [0.0, -0.04, 0.03], 0.11),
];

pub(super) fn write(body: &Body, kit: &Kit, first_bone: usize) -> Value {
    let colliders: Vec<Value> = COLLIDERS
        .iter()
        .map(|(bone, offset, radius)| {
            let node = first_bone + body.rig.joint(*bone);
            json!({"node": node, "shape": {"sphere": {"offset": offset, "radius": radius}}})
        })
        .collect();
    let all: Vec<usize> = (0..colliders.len()).collect();
    let mut next = first_bone + body.rig.joints.len();
    let springs: Vec<Value> = kit
        .springs
        .iter()
        .map(|chain| {
            let joints: Vec<Value> = chain
                .joints
                .iter()
                .enumerate()
                .map(|(index, joint)| {
                    json!({
                        "node": next + index,
                        "hitRadius": joint.hit_radius * METER,
                        "stiffness": joint.stiffness,
                        "gravityPower": joint.gravity,
                        "gravityDir": [0.0, -1.0, 0.0],
                        "dragForce": joint.drag,
                    })
                })
                .collect();
            next += joints.len();
            json!({"name": chain.name, "joints": joints, "colliderGroups": [0]})
        })
        .collect();
    json!({
        "specVersion": "1.0",
        "colliders": colliders,
        "colliderGroups": [{"name": "body", "colliders": all}],
        "springs": springs,
    })
}
