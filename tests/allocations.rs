//! An update of an avatar does not allocate. A test binary of its own, because it counts for the whole process.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use glam::{Quat, Vec3};
use visavis::vrm::specimen::Specimen;
use visavis::vrm::{BUILT_IN_AVATAR, Document, EyeDrive, HumanBone, Input, Root, Runtime};

#[test]
fn updates_do_not_allocate() {
    for file in [Specimen::USUAL.file(), BUILT_IN_AVATAR.to_vec()] {
        let document = Arc::new(Document::read(&file, "avatar.vrm").unwrap());
        let mut runtime = Runtime::new(document.clone());
        let handles: Vec<_> = document.expressions.iter().filter_map(|e| runtime.expression_handle(&e.name)).collect();
        let counted = allocation_counter::measure(|| {
            for frame in 0..100 {
                let t = frame as f32 * 0.1;
                for (at, handle) in handles.iter().enumerate() {
                    runtime.set_weight(*handle, (t + at as f32).sin());
                }
                if frame == 50 {
                    runtime.teleport();
                    runtime.reset_springs();
                }
                runtime.update(&Input {
                    bones: &[Quat::from_rotation_y(0.1 * t.sin()); HumanBone::COUNT],
                    hips_offset: Vec3::Y * 0.01,
                    eyes: EyeDrive::Target(Vec3::new(t.sin(), 1.5, 2.0)),
                    root: Root { translation: Vec3::X * t.sin(), ..Root::IDENTITY },
                    // From no step at all to many.
                    dt_secs: 0.001 * frame as f32,
                });
            }
        });
        assert_eq!(counted.count_total, 0, "{counted:?}");
    }
}
