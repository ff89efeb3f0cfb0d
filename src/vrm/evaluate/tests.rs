#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use glam::{Quat, Vec3};
use serde_json::{Value, json};

use super::{Evaluation, Script};
use crate::vrm::fixture::{self, node_of};
use crate::vrm::{Document, HumanBone};

fn avatar() -> Arc<Document> {
    let mesh = fixture::mesh_node();
    Arc::new(fixture::load(&fixture::with_expressions(
        json!({
            "happy": {
                "morphTargetBinds": [{"node": mesh, "index": 1, "weight": 1}],
                "materialColorBinds": [{"material": 0, "type": "color", "targetValue": [1, 1, 1, 1]}],
                "textureTransformBinds": [{"material": 0, "offset": [0.5, 0]}],
            },
            "blink": {"isBinary": true},
        }),
        json!({"wry": {}}),
    )))
}

/// All frames as JSON.
fn play(document: Arc<Document>, script: &Value, nodes: Option<&[usize]>) -> Vec<Value> {
    let script = Script::parse(&script.to_string(), "s.json").unwrap();
    let mut evaluation = Evaluation::new(document, &script).unwrap();
    let mut frames = Vec::new();
    while evaluation.advance() {
        frames.push(serde_json::to_value(evaluation.frame(nodes)).unwrap());
    }
    assert_eq!(frames.len() as u64, script.updates());
    frames
}

fn refusal(script: &str) -> String {
    Script::parse(script, "s.json").unwrap_err().to_string()
}

fn floats(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
}

#[test]
fn frames_tell_everything_that_moved() {
    let script = json!({"fps": 4, "steps": [{"frames": 2, "expressions": {"happy": 0.5, "blink": 0.7}}]});
    let frames = play(avatar(), &script, None);
    let mesh = fixture::mesh_node().to_string();
    assert_eq!(frames.iter().map(|frame| frame["t"].as_f64().unwrap()).collect::<Vec<_>>(), [0.0, 0.25]);
    let frame = &frames[0];
    assert_eq!(frame["expressions"], json!({"happy": 0.5, "blink": 1.0, "wry": 0.0}));
    assert_eq!(floats(&frame["morphs"][&mesh])[..3], [0.0, 0.5, 0.0]);
    assert_eq!(floats(&frame["materials"]["0"]["color"]), [0.75, 0.75, 0.75, 1.0]);
    assert_eq!(floats(&frame["materials"]["0"]["textureTransform"]["offset"]), [0.25, 0.0]);
    assert_eq!(frame["nodes"].as_object().unwrap().len(), fixture::mesh_node() + 1);
    let head = &frame["nodes"][node_of(HumanBone::Head).to_string()];
    assert_eq!((floats(&head["r"]), floats(&head["s"])), (vec![0.0, 0.0, 0.0, 1.0], vec![1.0; 3]));
    assert_eq!(floats(&head["t"]), [0.0, 0.1, 0.0]);
}

#[test]
fn inputs_hold_until_a_later_step_names_them() {
    let turn = Quat::from_rotation_y(0.5);
    let script = json!({"steps": [
        {"frames": 1, "expressions": {"happy": 1}, "bones": {"head": turn.to_array()}},
        {"frames": 2, "expressions": {"wry": 0.5}},
        {"frames": 1, "expressions": {"happy": 0}, "bones": {"head": [0, 0, 0, 1]}},
    ]});
    let frames = play(avatar(), &script, None);
    let head = node_of(HumanBone::Head).to_string();
    let seen: Vec<_> = frames
        .iter()
        .map(|frame| {
            let weights = &frame["expressions"];
            (
                weights["happy"].as_f64().unwrap(),
                weights["wry"].as_f64().unwrap(),
                floats(&frame["nodes"][&head]["r"])[1],
            )
        })
        .collect();
    assert_eq!(seen, [(1.0, 0.0, turn.y), (1.0, 0.5, turn.y), (1.0, 0.5, turn.y), (0.0, 0.5, 0.0)]);
}

#[test]
fn the_eyes_look_until_null() {
    let script = json!({"steps": [
        {"frames": 1, "yaw_pitch_deg": [90, 0]}, {"frames": 1},
        {"frames": 1, "yaw_pitch_deg": null}, {"frames": 1, "look_at": [5, 0.4, 0]}, {"frames": 1, "look_at": null},
    ]});
    let eye = node_of(HumanBone::LeftEye);
    let yaw = |frame: &Value| {
        let ahead = Quat::from_slice(&floats(&frame["nodes"][eye.to_string()]["r"])) * Vec3::Z;
        ahead.x.atan2(ahead.z).to_degrees().round()
    };
    let frames = play(avatar(), &script, Some(&[eye]));
    assert_eq!(frames.iter().map(yaw).collect::<Vec<_>>(), [10.0, 10.0, 0.0, 10.0, 0.0]);
    assert_eq!(frames[0]["nodes"].as_object().unwrap().len(), 1, "only the nodes that were asked for");
    assert_eq!(frames[0]["morphs"], json!({}));
}

#[test]
fn look_expressions_end_with_the_look() {
    let mut vrm = fixture::with_expressions(json!({"lookLeft": {}}), json!({}));
    vrm["extensions"]["VRMC_vrm"]["lookAt"] = json!({"type": "expression"});
    let script = json!({"steps": [{"frames": 1, "yaw_pitch_deg": [90, 0]}, {"frames": 1, "yaw_pitch_deg": null}]});
    let frames = play(Arc::new(fixture::load(&vrm)), &script, None);
    let seen: Vec<_> = frames.iter().map(|frame| frame["expressions"]["lookLeft"].as_f64().unwrap()).collect();
    assert_eq!(seen, [1.0, 0.0]);
}

#[test]
fn scripts_are_refused_with_place_and_reason() {
    for (script, place, why) in [
        ("{", "s.json: EOF", "line 1"),
        ("[]", "s.json", "no JSON object"),
        (r#"{"step": []}"#, "step", "unknown"),
        (r#"{"fps": 0, "steps": []}"#, "fps", "no number above 0"),
        (r#"{"steps": {}}"#, "steps", "is no list"),
        (r#"{"steps": [{"frames": 1}, {"frames": 1, "expresions": {}}]}"#, "steps[1]", "unknown field `expresions`"),
        (r#"{"steps": [{}]}"#, "steps[0]", "missing field `frames`"),
        (r#"{"steps": [{"frames": -1}]}"#, "steps[0]", "invalid value"),
        (r#"{"steps": [{"frames": 0}]}"#, "steps[0].frames", "at least one"),
        (r#"{"steps": [{"frames": 20000000}]}"#, "steps", "more than"),
        (r#"{"steps": [{"frames": 1, "expressions": {"happy": "much"}}]}"#, "steps[0].expressions.happy", "no number"),
        (r#"{"steps": [{"frames": 1, "bones": {"tail": [0, 0, 0, 1]}}]}"#, "steps[0].bones.tail", "no humanoid bone"),
        (r#"{"steps": [{"frames": 1, "bones": {"head": [0, 0, 0, 0]}}]}"#, "steps[0].bones.head", "no rotation"),
        (r#"{"steps": [{"frames": 1, "bones": {"head": [0, 0, 1]}}]}"#, "steps[0].bones.head", "invalid length"),
        (r#"{"steps": [{"frames": 1, "look_at": [1e300, 0, 0]}]}"#, "steps[0].look_at", "usable position"),
        (r#"{"steps": [{"frames": 1, "look_at": [0, 0, 0], "yaw_pitch_deg": [0, 0]}]}"#, "steps[0]", "can do one"),
    ] {
        let message = refusal(script);
        assert!(message.contains(place) && message.contains(why), "{script}: {message}");
    }
}

#[test]
fn unknown_expressions_are_refused_but_presets_may_lack() {
    let script = Script::parse(r#"{"steps": [{"frames": 1, "expressions": {"smirk": 1}}]}"#, "s.json").unwrap();
    let message = Evaluation::new(avatar(), &script).unwrap_err().to_string();
    assert!(message.contains("steps[0].expressions.smirk") && message.contains("happy, blink, wry"), "{message}");
    let script = json!({"steps": [{"frames": 1, "expressions": {"surprised": 1}}]});
    assert_eq!(play(avatar(), &script, None)[0]["expressions"]["surprised"], Value::Null);
}

#[test]
fn the_same_script_gives_the_same_frames() {
    let script = json!({"steps": [
        {"frames": 5, "expressions": {"happy": 0.3}, "look_at": [1, 2, 3], "bones": {"neck": [0.1, 0.2, 0, 1]}},
        {"frames": 5, "move_root": [0.5, 0, 0]},
    ]});
    assert_eq!(play(avatar(), &script, None), play(avatar(), &script, None));
}
