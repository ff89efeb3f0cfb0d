//! The dependency arrows of the code map, held by reading the source.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules of the crate that each module may name. A module may always name itself, `problem` and `words`.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("problem", &[]),
    ("words", &[]),
    ("vrm", &[]),
    ("forge", &["vrm"]),
    ("motion", &[]),
    ("settings", &["affect"]),
    ("manner", &["settings", "behavior", "affect"]),
    ("conversation", &["protocol"]),
    ("affect", &["protocol", "conversation", "motion"]),
    ("speech", &["behavior", "motion"]),
    ("behavior", &["protocol", "conversation", "affect", "speech", "motion", "vrm"]),
    ("sync", &["protocol", "conversation"]),
    ("desk", &["protocol"]),
    ("schedule", &[]),
    ("stage", &["schedule", "settings"]),
    ("avatar", &["behavior", "vrm", "schedule", "stage"]),
    ("cards", &["behavior", "protocol", "schedule", "stage"]),
];

/// Modules that may know everyone, and whom none of the modules above may know.
const SHELLS: &[&str] = &["encounter", "desktop", "studio", "cli"];

/// Modules that hold values and rules only: no engine, no clock, no files, no network.
const PURE: &[&str] = &["protocol", "vrm", "forge", "motion", "conversation", "affect", "speech", "behavior"];

fn sources(module: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![root.join(format!("{module}.rs"))];
    let mut folders = vec![root.join(module)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.into_iter().filter_map(|path| fs::read_to_string(&path).ok().map(|text| (path, text))).collect()
}

/// Code lines without comments and without test modules at the end of a file.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    text[..end].lines().filter(|line| !line.trim_start().starts_with("//"))
}

fn is_test_file(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
        || path.file_stem().is_some_and(|stem| ["tests", "fixture", "hostile"].contains(&&*stem.to_string_lossy()))
}

#[test]
fn modules_name_only_those_they_may_know() {
    let mut broken = Vec::new();
    for (module, allowed) in MAY_KNOW {
        let files = sources(module);
        assert!(!files.is_empty(), "no source of {module}");
        for (path, text) in files {
            if is_test_file(&path) {
                continue;
            }
            for line in code(&text) {
                for (other, _) in MAY_KNOW {
                    let named =
                        line.contains(&format!("crate::{other}::")) || line.contains(&format!("crate::{other};"));
                    let may = other == module || ["problem", "words"].contains(other) || allowed.contains(other);
                    if named && !may {
                        broken.push(format!("{}: {}", path.display(), line.trim()));
                    }
                }
                for shell in SHELLS {
                    if line.contains(&format!("crate::{shell}::")) {
                        broken.push(format!("{}: {}", path.display(), line.trim()));
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "arrows broken:\n{}", broken.join("\n"));
}

#[test]
fn every_module_is_on_the_map() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for line in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let module = line.trim_end_matches(';');
        let known = MAY_KNOW.iter().any(|(name, _)| *name == module) || SHELLS.contains(&module);
        assert!(known, "{module} has no arrows");
    }
}

#[test]
fn reqwest_appears_only_in_the_transport_and_the_connectors() {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let modules = MAY_KNOW.iter().map(|(name, _)| *name).chain(SHELLS.iter().copied());
    for (path, text) in modules.flat_map(sources) {
        let place = path.display().to_string();
        let allowed = place.contains("sync/transport") || place.contains("desk/connectors") || is_test_file(&path);
        if !allowed && code(&text).any(|line| line.contains("reqwest")) {
            *found.entry(place).or_default() += 1;
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn pure_modules_have_no_engine_clock_files_or_network() {
    let forbidden = [
        "bevy",
        "tokio",
        "reqwest",
        "std::fs",
        "std::net",
        "Instant::now",
        "SystemTime",
        "Timestamp::now",
        "rand::rng",
    ];
    let mut broken = Vec::new();
    for (path, text) in PURE.iter().flat_map(|module| sources(module)) {
        if is_test_file(&path) {
            continue;
        }
        for line in code(&text) {
            if let Some(word) = forbidden.iter().find(|word| line.contains(**word)) {
                broken.push(format!("{}: `{word}` in {}", path.display(), line.trim()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn no_file_grows_past_six_hundred_lines() {
    let modules = MAY_KNOW.iter().map(|(name, _)| *name).chain(SHELLS.iter().copied());
    let long: Vec<String> = modules
        .flat_map(sources)
        .filter(|(_, text)| text.lines().count() > 600)
        .map(|(path, text)| format!("{}: {}", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{long:?}");
}
