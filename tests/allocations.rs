//! An update of an avatar does not allocate, nor do playing clips and standing, listening and waiting. A test binary of its own, because it counts for the whole process.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use glam::{Quat, Vec3};
use visavis::behavior::{Cue, Surroundings};
use visavis::manner::Manner;
use visavis::vrm::specimen::Specimen;
use visavis::vrm::{
    Animation, BUILT_IN_AVATAR, Clip, Document, EyeDrive, HumanBone, Input, Mixer, Repeat, Root, Runtime,
};

#[path = "suite/sample.rs"]
#[allow(clippy::expect_used, reason = "tests fail by panicking")]
mod sample;

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

#[test]
fn clips_play_and_fade_without_allocating() {
    let document = Document::read(BUILT_IN_AVATAR, "agent.vrm").unwrap();
    let file = sample::animation(sample::Rest::Twisted).bytes();
    let clip = Arc::new(Clip::new(Arc::new(Animation::read(&file, "sample.vrma").unwrap()), &document));
    let mut mixer = Mixer::new(&document);
    let counted = allocation_counter::measure(|| {
        for frame in 0..200 {
            match frame % 50 {
                0 => mixer.play(clip.clone(), Repeat::Loop, 0.5),
                7..16 => mixer.play(clip.clone(), Repeat::Hold, 2.0),
                40 => mixer.stop(0.1),
                _ => {}
            }
            mixer.advance(1.0 / 60.0);
        }
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
}

#[test]
fn a_body_that_stands_listens_and_waits_does_not_allocate() {
    let mut engine = Manner::built_in(1).engine().unwrap();
    let around = Surroundings::default();
    // What the first minutes bring finds its room.
    for second in 0..180 {
        if second % 20 == 0 {
            engine.tell(Cue::CustomerTyping);
            engine.tell(Cue::CustomerSpoke { chars: 40, clause_ends: 4 });
        }
        for _ in 0..90 {
            engine.update(1.0 / 90.0, &around);
        }
    }
    let counted = allocation_counter::measure(|| {
        for frame in 0..90 * 60 {
            if frame % 1800 == 0 {
                engine.tell(Cue::CustomerTyping);
                engine.tell(Cue::CustomerSpoke { chars: 40, clause_ends: 4 });
            }
            if frame % 900 == 0 {
                // Before a wait is so long that words are made for it.
                engine.tell(Cue::WaitingForDesk(frame % 1800 == 0));
            }
            if frame % 1800 == 200 {
                engine.tell(Cue::WaitingForDesk(false));
            }
            engine.update(1.0 / 90.0, &around);
        }
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
}
