//! Replays the fuzz corpus on the stable compiler.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use visavis::vrm::Document;

use crate::sample::{self, Eyes, Rest};

#[path = "../../fuzz/bodies.rs"]
mod bodies;

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = files.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    assert!(!files.is_empty(), "no seed in {}", folder.display());
    files
}

/// Runs a target on every seed, and on each seed cut off at some places.
fn replay(target: &str, body: impl Fn(&[u8])) {
    for (path, bytes) in corpus(target) {
        println!("{}", path.display());
        for cut in 1..8 {
            body(&bytes[..bytes.len() * cut / 8]);
        }
        body(&bytes);
    }
}

#[test]
fn documents_replay() {
    replay("document", bodies::document);
}

#[test]
fn animations_replay() {
    replay("animation", bodies::animation);
}

#[test]
fn updates_replay() {
    for (rest, eyes) in [(Rest::Twisted, Eyes::Expressions), (Rest::Straight, Eyes::Bones)] {
        let avatar = Arc::new(Document::read(&sample::moving(rest, eyes).bytes(), "sample.vrm").unwrap());
        replay("update", |bytes| bodies::update(&avatar, bytes));
    }
}
