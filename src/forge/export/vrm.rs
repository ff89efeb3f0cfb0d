//! The VRM part of the document: meta data, humanoid, expressions, gaze, first person.

use serde_json::{Map, Value, json};

use super::Bone;
use crate::forge::body::Body;
use crate::forge::expression::{self, Mix};
use crate::forge::part::Kit;
use crate::vrm::{BlendShape, HumanBone, Preset};

/// An eye turns by this where the gaze is a quarter turn away: in, out, down, up.
const GAZE_DEG: [f32; 4] = [28.0, 30.0, 25.0, 25.0];

pub(super) fn write(body: &Body, kit: &Kit, bones: &[Bone], first_bone: usize) -> Value {
    let human: Map<String, Value> = body
        .rig
        .joints
        .iter()
        .enumerate()
        .filter_map(|(index, joint)| Some((joint.bone?.name().to_owned(), json!({"node": first_bone + index}))))
        .collect();
    let presets: Map<String, Value> = Preset::ALL
        .iter()
        .map(|preset| (preset.name().to_owned(), expression(kit, &expression::preset(*preset))))
        .collect();
    let units = BlendShape::ALL.iter().map(|shape| (shape.name(), vec![(*shape, 1.0)]));
    let customs: Map<String, Value> =
        units.chain(expression::visemes()).map(|(name, mix)| (name.to_owned(), expression(kit, &mix))).collect();
    let place = |bone: HumanBone| bones[body.rig.joint(bone)].place;
    let eyes = (place(HumanBone::LeftEye) + place(HumanBone::RightEye)) / 2.0;
    let [inner, outer, down, up] = GAZE_DEG.map(|scale| json!({"inputMaxValue": 90.0, "outputScale": scale}));
    let annotations: Vec<Value> = kit
        .parts
        .iter()
        .enumerate()
        .map(|(node, part)| json!({"node": node, "type": if part.is_head { "thirdPersonOnly" } else { "auto" }}))
        .collect();
    json!({
        "specVersion": "1.0",
        "meta": {
            "name": body.recipe.name,
            "version": "1.0",
            "authors": ["Visavis"],
            "copyrightInformation": "CC0 1.0",
            "references": ["MakeHuman and MPFB2 (CC0-1.0)"],
            "licenseUrl": "https://vrm.dev/licenses/1.0/",
            "otherLicenseUrl": "https://creativecommons.org/publicdomain/zero/1.0/",
            "avatarPermission": "everyone",
            "commercialUsage": "corporation",
            "creditNotation": "unnecessary",
            "allowRedistribution": true,
            "modification": "allowModificationRedistribution",
        },
        "humanoid": {"humanBones": human},
        "expressions": {"preset": presets, "custom": customs},
        "lookAt": {
            "type": "bone",
            "offsetFromHeadBone": (eyes - place(HumanBone::Head)).to_array(),
            "rangeMapHorizontalInner": inner,
            "rangeMapHorizontalOuter": outer,
            "rangeMapVerticalDown": down,
            "rangeMapVerticalUp": up,
        },
        "firstPerson": {"meshAnnotations": annotations},
    })
}

fn expression(kit: &Kit, mix: &Mix) -> Value {
    let mut binds = Vec::new();
    for (shape, weight) in mix {
        for (node, part) in kit.parts.iter().enumerate() {
            if let Some(index) = part.morphs.iter().position(|morph| morph.shape == *shape) {
                binds.push(json!({"node": node, "index": index, "weight": weight}));
            }
        }
    }
    json!({
        "isBinary": false,
        "overrideBlink": "none",
        "overrideLookAt": "none",
        "overrideMouth": "none",
        "morphTargetBinds": binds,
    })
}
