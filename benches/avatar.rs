//! How long an avatar takes per frame without an engine.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark without its avatar cannot go on")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use glam::{Quat, Vec3};
use visavis::vrm::{Document, EyeDrive, HumanBone, Input, Runtime};

fn avatar(c: &mut Criterion) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/avatars/agent.vrm");
    let bytes = std::fs::read(path).expect("the avatar of the project");
    c.bench_function("avatar/read", |b| b.iter(|| Document::read(black_box(&bytes), "agent.vrm")));

    let document = Arc::new(Document::read(&bytes, "agent.vrm").expect("the avatar of the project is sound"));
    let mut runtime = Runtime::new(document.clone());
    let handles: Vec<_> =
        document.expressions.iter().filter_map(|e| runtime.expression_handle(&e.name)).step_by(8).take(8).collect();
    let mut frame = 0_u32;
    c.bench_function("avatar/update", |b| {
        b.iter(|| {
            frame = frame.wrapping_add(1);
            let phase = (frame % 628) as f32 / 100.0;
            for (at, handle) in handles.iter().enumerate() {
                runtime.set_weight(*handle, 0.5 + 0.5 * (phase + at as f32).sin());
            }
            let bones = [Quat::from_rotation_y(0.1 * phase.sin()); HumanBone::COUNT];
            let eyes = EyeDrive::Direct { yaw_rad: 0.2 * phase.sin(), pitch_rad: 0.0 };
            black_box(runtime.update(&Input { bones: &bones, hips_offset: Vec3::ZERO, eyes }));
        });
    });
}

criterion_group!(benches, avatar);
criterion_main!(benches);
