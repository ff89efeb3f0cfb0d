//! How long an avatar takes per frame without an engine.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark without its avatar cannot go on")]

use std::hint::black_box;
use std::sync::Arc;

use bevy_tasks::TaskPoolBuilder;
use criterion::{Criterion, criterion_group, criterion_main};
use glam::{Quat, Vec3};
use visavis::vrm::specimen::Specimen;
use visavis::vrm::{BUILT_IN_AVATAR, Document, ExpressionHandle, EyeDrive, HumanBone, Input, Root, Runtime};

/// An avatar that talks, looks around and moves.
struct Busy {
    runtime: Runtime,
    handles: Vec<ExpressionHandle>,
    frame: u32,
}

impl Busy {
    fn new(document: &Arc<Document>) -> Self {
        let runtime = Runtime::new(document.clone());
        let expressions = &document.expressions;
        let every = (expressions.len() / 8).max(1);
        let handles = expressions.iter().filter_map(|e| runtime.expression_handle(&e.name)).step_by(every).take(8);
        Self { handles: handles.collect(), runtime, frame: 0 }
    }

    fn update(&mut self, dt_secs: f32) {
        self.frame = self.frame.wrapping_add(1);
        let phase = (self.frame % 628) as f32 / 100.0;
        for (at, handle) in self.handles.iter().enumerate() {
            self.runtime.set_weight(*handle, 0.5 + 0.5 * (phase + at as f32).sin());
        }
        let bones = [Quat::from_rotation_y(0.1 * phase.sin()); HumanBone::COUNT];
        let eyes = EyeDrive::Target(Vec3::new(phase.sin(), 1.4, 2.0));
        black_box(self.runtime.update(&Input {
            bones: &bones,
            hips_offset: Vec3::ZERO,
            eyes,
            root: Root::IDENTITY,
            dt_secs,
        }));
    }
}

fn specimen(joints: usize) -> Arc<Document> {
    let file = Specimen { joints, ..Specimen::USUAL }.file();
    Arc::new(Document::read(&file, "specimen.vrm").expect("the specimen is sound"))
}

fn avatar(c: &mut Criterion) {
    c.bench_function("avatar/read", |b| b.iter(|| Document::read(black_box(BUILT_IN_AVATAR), "agent.vrm")));
    let document = Arc::new(Document::read(BUILT_IN_AVATAR, "agent.vrm").expect("the avatar of the project is sound"));
    let mut busy = Busy::new(&document);
    c.bench_function("avatar/update", |b| b.iter(|| busy.update(1.0 / 60.0)));
}

fn springs(c: &mut Criterion) {
    for joints in [0, 75, 150, 300, 600] {
        let mut busy = Busy::new(&specimen(joints));
        c.bench_function(&format!("springs/{joints}"), |b| b.iter(|| busy.update(1.0 / 60.0)));
    }
    // Between steps, and with a clock that never meets them.
    for rate in [30.0, 59.0, 90.0, 144.0] {
        let mut busy = Busy::new(&specimen(150));
        c.bench_function(&format!("springs/150 at {rate} Hz"), |b| b.iter(|| busy.update(1.0 / rate)));
    }
}

/// Two hundred avatars on one core and on all: a frame of a crowd.
fn crowd(c: &mut Criterion) {
    let document = specimen(150);
    for threads in [1, std::thread::available_parallelism().map_or(1, usize::from)] {
        // The thread that waits for the crowd works along.
        let pool = TaskPoolBuilder::new().num_threads(threads - 1).build();
        let mut crowd: Vec<Busy> = (0..200).map(|_| Busy::new(&document)).collect();
        c.bench_function(&format!("crowd/200 on {threads} threads"), |b| {
            b.iter(|| {
                pool.scope(|scope| {
                    for part in crowd.chunks_mut(10) {
                        scope.spawn(async move {
                            for busy in part {
                                busy.update(1.0 / 60.0);
                            }
                        });
                    }
                });
            });
        });
    }
}

criterion_group!(benches, avatar, springs, crowd);
criterion_main!(benches);
