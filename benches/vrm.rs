//! This runtime beside `vrm-runtime`, an independent one, on the same file with the same inputs in the same run; and
//! what a clip costs.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark without its avatar cannot go on")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use glam::{Quat, Vec3};
use visavis::vrm::specimen::Specimen;
use visavis::vrm::{
    Animation, Clip, ClipPose, Document, ExpressionName, EyeDrive, HumanBone, Input, Mixer, Repeat, Runtime,
};
use vrm_runtime::{AvatarAsset, AvatarRuntime, Transform};

#[path = "../tests/suite/sample.rs"]
mod sample;

const DT_SECS: f32 = 1.0 / 60.0;
const IDENTITY: [[f32; 4]; 4] =
    [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]];
/// Set anew in every update.
const EXPRESSIONS: [&str; 3] = ["happy", "aa", "blink"];

/// Inputs that change from update to update: a weight for each expression, the turn of the head, a point to look at.
fn inputs(update: &mut u32) -> ([f32; 3], Quat, Vec3) {
    *update = update.wrapping_add(1);
    let phase = (*update % 628) as f32 / 100.0;
    let weights = std::array::from_fn(|at| 0.5 + 0.5 * (phase + at as f32).sin());
    (weights, Quat::from_rotation_y(0.3 * phase.sin()), Vec3::new(phase.sin(), 1.4, 2.0))
}

fn ours(file: &[u8]) -> impl FnMut() {
    let mut runtime = Runtime::new(Arc::new(Document::read(file, "bench.vrm").expect("a sound file")));
    let handles = EXPRESSIONS.map(|name| runtime.expression_handle(&ExpressionName::parse(name)).expect("it has it"));
    let mut bones = [Quat::IDENTITY; HumanBone::COUNT];
    let mut update = 0;
    move || {
        let (weights, turn, target) = inputs(&mut update);
        for (handle, weight) in handles.into_iter().zip(weights) {
            runtime.set_weight(handle, weight);
        }
        bones[HumanBone::Head.index()] = turn;
        let eyes = EyeDrive::Target(target);
        black_box(runtime.update(&Input { bones: &bones, eyes, dt_secs: DT_SECS, ..Input::rest() }));
    }
}

fn theirs(file: &[u8]) -> impl FnMut() {
    let mut runtime = AvatarRuntime::new(AvatarAsset::from_bytes(file).expect("a sound file"));
    let (_, mut rotation, mut point) = Transform::from_matrix(IDENTITY).to_scale_rotation_translation();
    let mut update = 0;
    move || {
        let (weights, turn, target) = inputs(&mut update);
        for (name, weight) in EXPRESSIONS.into_iter().zip(weights) {
            runtime.set_expression(name, weight).expect("it has it");
        }
        (rotation.x, rotation.y, rotation.z, rotation.w) = (turn.x, turn.y, turn.z, turn.w);
        (point.x, point.y, point.z) = (target.x, target.y, target.z);
        runtime.set_bone_rotation(vrm_runtime::HumanBone::Head, rotation).expect("it has a head");
        runtime.set_look_at_target(Some(point)).expect("a point");
        black_box(runtime.update(DT_SECS).expect("time runs forward").world_matrices());
    }
}

fn updates(c: &mut Criterion) {
    let sample = sample::moving(sample::Rest::Straight, sample::Eyes::Bones).bytes();
    for (name, file) in [("sample", sample), ("150 joints", Specimen::USUAL.file())] {
        let mut group = c.benchmark_group(format!("vrm/update/{name}"));
        group.bench_function("ours", |b| b.iter(ours(&file)));
        group.bench_function("vrm-runtime", |b| b.iter(theirs(&file)));
        group.finish();
    }
}

fn clips(c: &mut Criterion) {
    let avatar = sample::avatar(sample::Rest::Straight, sample::Eyes::Bones).bytes();
    let document = Document::read(&avatar, "bench.vrm").expect("a sound file");
    let file = sample::animation(sample::Rest::Twisted).bytes();
    c.bench_function("vrm/animation/read", |b| b.iter(|| Animation::read(black_box(&file), "bench.vrma")));
    let animation = Arc::new(Animation::read(&file, "bench.vrma").expect("a sound file"));
    let clip = Arc::new(Clip::new(animation, &document));
    let (mut pose, mut time) = (ClipPose::rest(&document), 0.0);
    c.bench_function("vrm/clip/sample", |b| {
        b.iter(|| {
            time += DT_SECS;
            clip.sample(time, Repeat::Loop, &mut pose);
            black_box(&pose);
        });
    });
    let mut mixer = Mixer::new(&document);
    mixer.play(clip.clone(), Repeat::Loop, 0.0);
    mixer.play(clip, Repeat::Loop, f32::MAX);
    c.bench_function("vrm/mixer/two clips", |b| b.iter(|| black_box(mixer.advance(DT_SECS)).hips_offset));
}

criterion_group!(benches, updates, clips);
criterion_main!(benches);
