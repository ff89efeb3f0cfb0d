//! Bad input on the command line: one clear line, exit code 2, never a panic.

use std::path::Path;
use std::process::{Command, Output};

fn visavis(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_visavis"))
        .args(args)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("VISAVIS_SERVER")
        .env("VISAVIS_LANGUAGE", "en")
        .output()
        .unwrap()
}

/// Checks for exit code 2 and one line that names `place`.
fn refuses(args: &[&str], place: &str) {
    let output = visavis(args);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {errors}");
    assert_eq!(errors.trim_end().lines().count(), 1, "{args:?}: {errors}");
    assert!(errors.contains(place), "{args:?}: {errors}");
    assert!(!errors.contains("panicked"), "{errors}");
}

fn scratch(name: &str, content: &[u8]) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    (dir, path.display().to_string())
}

#[test]
fn a_missing_or_broken_avatar_is_refused() {
    refuses(&["avatar", "inspect", "no-such.vrm"], "no-such.vrm");
    let (_dir, path) = scratch("broken.vrm", b"glTF but not really");
    refuses(&["avatar", "inspect", &path], "broken.vrm");
}

#[cfg(all(feature = "desktop", feature = "desk"))]
#[test]
fn a_portrait_of_a_missing_or_broken_avatar_is_refused() {
    refuses(&["avatar", "render", "no-such.vrm", "-o", "x.png"], "no-such.vrm");
    let (_dir, path) = scratch("broken.vrm", b"glTF but not really");
    refuses(&["avatar", "render", &path, "-o", "x.png"], "broken.vrm");
}

#[test]
fn a_broken_settings_file_is_refused_with_its_line() {
    refuses(&["--settings", "no-such.toml", "doctor"], "no-such.toml");
    let (_dir, path) = scratch("settings.toml", b"language = \"en\"\nseed = \"many\"\n");
    refuses(&["--settings", &path, "doctor"], "line 2");
    let (_dir, path) = scratch("settings.toml", b"langauge = \"en\"\n");
    refuses(&["--settings", &path, "doctor"], "langauge");
}

#[test]
fn a_bad_server_address_is_refused() {
    refuses(&["--server", "not a url", "doctor"], "--server");
    refuses(&["--server", "ftp://example.com", "doctor"], "ftp://example.com");
}

#[test]
fn bad_input_is_told_in_chinese_too() {
    let output = visavis(&["--language", "zh-CN", "avatar", "inspect", "no-such.vrm"]);
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.starts_with("visavis: 无法打开形象：no-such.vrm：没有这个文件"), "{errors}");
    refuses(&["avatar", "inspect", "a.vrm", "--jsn"], "--json");
}

#[cfg(all(feature = "desktop", feature = "desk"))]
#[test]
fn a_missing_or_broken_scene_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().display().to_string();
    refuses(&["demo", "--headless", "--out", &out, "--scene", "opera"], "opera");
    let (_dir, path) = scratch("scene.toml", b"name = \"x\"\nstep = 1\n");
    refuses(&["demo", "--headless", "--out", &out, "--scene", &path], "scene.toml:");
    refuses(&["demo", "--headless", "--out", &out, "--avatar", "no-such.vrm"], "no-such.vrm");
}

#[cfg(feature = "desktop")]
#[test]
fn without_a_display_the_window_says_so() {
    refuses(&["preview"], "DISPLAY");
}

#[cfg(feature = "desktop")]
#[test]
fn a_display_that_is_not_there_is_told_without_a_panic() {
    let output = Command::new(env!("CARGO_BIN_EXE_visavis"))
        .args(["preview", "--log", "off", "--language", "en"])
        .env("DISPLAY", ":9173")
        .env_remove("WAYLAND_DISPLAY")
        .env("VISAVIS_DATA_DIR", tempfile::tempdir().unwrap().path())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("cannot draw") && !errors.contains("panicked"), "{errors}");
}

#[cfg(feature = "desktop")]
#[test]
fn the_doctor_examines_everything() {
    let output = Command::new(env!("CARGO_BIN_EXE_visavis"))
        .args(["doctor", "--language", "en"])
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("VISAVIS_DATA_DIR", tempfile::tempdir().unwrap().path())
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{report}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(report.lines().filter(|line| line.starts_with('[')).count(), 8, "{report}");
}

#[test]
fn inspecting_the_built_in_avatar_tells_what_it_can_do() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/avatars/agent.vrm");
    let output = visavis(&["avatar", "inspect", &file.display().to_string(), "--json"]);
    assert!(output.status.success());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report.to_string().contains("can frown"), "{report}");
    let text = visavis(&["avatar", "inspect", &file.display().to_string()]);
    assert!(String::from_utf8_lossy(&text.stdout).contains("VRM 1.0"));
}

#[cfg(feature = "desk")]
#[test]
fn help_of_the_desk_has_examples() {
    let output = visavis(&["desk", "--help"]);
    assert!(output.status.success());
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(help.contains("Examples") && help.contains("--listen"), "{help}");
}
