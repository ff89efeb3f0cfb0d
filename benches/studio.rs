//! What the behavior engine costs per frame, and how much faster than life the studio plays and measures.
#![allow(missing_docs, clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints, or cannot go on")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use visavis::behavior::Surroundings;
use visavis::manner::Manner;
use visavis::studio::script::Script;
use visavis::studio::take::take;
use visavis::vrm::{BUILT_IN_AVATAR, Document};
use visavis::words::Language;

const RATE_HZ: f32 = 90.0;

fn engine(c: &mut Criterion) {
    let around = Surroundings::default();
    let mut engine = Manner::built_in(1).engine().expect("the project's own files are sound");
    c.bench_function("behavior/update", |b| b.iter(|| black_box(engine.update(1.0 / RATE_HZ, &around)).hips_offset));
}

/// One avatar, one seed: played, measured by every guard, its curves kept.
fn ratio(_: &mut Criterion) {
    let document = Arc::new(Document::read(BUILT_IN_AVATAR, "agent.vrm").expect("the project's avatar is sound"));
    let scripts = Script::built_in(Language::ZhCn).expect("the project's own scenes are sound");
    let manner = Manner::built_in(1);
    for (name, secs) in [("idle", 1800.0), ("scene-2-refrigerator", 80.0)] {
        let mut script = scripts.iter().find(|script| script.name == name).expect("there is this scene").clone();
        script.secs = secs;
        let start = Instant::now();
        let played = take(&script, "agent", document.clone(), &manner, RATE_HZ, |_| ()).expect("the scene plays");
        let took = start.elapsed().as_secs_f32();
        assert!(!played.outcomes.is_empty());
        println!("studio/{name}: {secs} s at {RATE_HZ} Hz in {took:.2} s, {:.0} times real time", secs / took);
    }
}

criterion_group!(benches, engine, ratio);
criterion_main!(benches);
