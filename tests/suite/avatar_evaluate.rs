//! `visavis avatar evaluate`: frames as JSON, times, and one clear line for what it cannot do.

use std::process::{Command, Output};

use serde_json::Value;

use crate::sample::{self, Eyes, Rest};

const SCRIPT: &str = r#"{"fps": 30, "steps": [
    {"frames": 5, "expressions": {"happy": 0.5}, "look_at": [0.5, 1.4, 1], "bones": {"head": [0, 0.1, 0, 1]}},
    {"frames": 5, "move_root": [0.2, 0, 0], "yaw_pitch_deg": null}
]}"#;

/// Runs the command on the sample avatar in a folder of its own.
fn evaluate(script: &str, more: &[&str]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let (avatar, file) = (dir.path().join("sample.vrm"), dir.path().join("script.json"));
    std::fs::write(&avatar, sample::moving(Rest::Twisted, Eyes::Bones).bytes()).unwrap();
    std::fs::write(&file, script).unwrap();
    Command::new(env!("CARGO_BIN_EXE_visavis"))
        .args(["avatar", "evaluate"])
        .arg(&avatar)
        .arg("--script")
        .arg(&file)
        .args(more)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn frames_hold_what_the_format_names() {
    let result = json(&evaluate(SCRIPT, &[]));
    let frames = result["frames"].as_array().unwrap();
    assert_eq!(frames.len(), 10);
    assert_eq!(frames[3]["t"], 0.1);
    assert_eq!(frames[0]["expressions"]["happy"], 0.5);
    let face = frames[0]["morphs"].as_object().unwrap().values().next().unwrap();
    assert!((face[0].as_f64().unwrap() - 0.35).abs() < 1.0e-6);
    for (key, count) in [("t", 3), ("r", 4), ("s", 3)] {
        assert_eq!(frames[9]["nodes"]["1"][key].as_array().unwrap().len(), count);
    }
    assert_eq!(frames[0]["materials"]["0"]["color"].as_array().unwrap().len(), 4);
}

#[test]
fn frames_can_be_thinned_and_nodes_chosen() {
    let result = json(&evaluate(SCRIPT, &["--every", "4", "--nodes", "head,1"]));
    let frames = result["frames"].as_array().unwrap();
    assert_eq!(frames.len(), 3);
    assert_eq!(frames[1]["t"].as_f64().unwrap(), 4.0 / 30.0);
    assert_eq!(frames[0]["nodes"].as_object().unwrap().len(), 2);
}

#[test]
fn times_are_told_per_update() {
    let result = json(&evaluate(SCRIPT, &["--time", "3"]));
    assert_eq!(result["updates"], 30);
    assert!(result["median_ns"].as_u64().unwrap() > 0);
    assert!(result["p95_ns"].as_u64() >= result["median_ns"].as_u64());
}

#[test]
fn what_is_wrong_is_told_in_one_line() {
    for (script, more, place) in [
        (r#"{"steps": [{"frames": 1, "bone": {}}]}"#, &[][..], "script.json: steps[0]"),
        (r#"{"steps": [{"frames": 1, "expressions": {"smirk": 1}}]}"#, &[], "steps[0].expressions.smirk"),
        (SCRIPT, &["--nodes", "nose"], "--nodes nose"),
    ] {
        let output = evaluate(script, more);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert_eq!(errors.trim_end().lines().count(), 1, "{errors}");
        assert!(errors.contains(place) && output.stdout.is_empty(), "{errors}");
    }
}
