//! What the fuzz targets do with their bytes. An ordinary test replays the corpus through the same functions.
#![allow(dead_code, reason = "each target uses its own")]

use std::sync::{Arc, LazyLock};

use glam::{Quat, Vec3};
use visavis::vrm::{
    Animation, BUILT_IN_AVATAR, Clip, ClipPose, Document, EyeDrive, HumanBone, Input, Repeat, Report, Root, Runtime,
};

/// A `.vrm` file: read, report, update once.
pub(crate) fn document(bytes: &[u8]) {
    let Ok(document) = Document::read(bytes, "fuzz.vrm") else { return };
    let report = Report::new(&document);
    let _ = report.to_string();
    let _ = serde_json::to_string(&report).expect("a report is JSON");
    let mut runtime = Runtime::new(Arc::new(document));
    let bones = [Quat::from_rotation_x(0.1); HumanBone::COUNT];
    let eyes = EyeDrive::Target(Vec3::new(1.0, 2.0, 3.0));
    runtime.update(&Input { bones: &bones, hips_offset: Vec3::ONE, eyes, dt_secs: 0.1, ..Input::rest() });
    check(&runtime);
}

/// A `.vrma` file: read, fit to an avatar, sample, apply.
pub(crate) fn animation(bytes: &[u8]) {
    static AVATAR: LazyLock<Arc<Document>> =
        LazyLock::new(|| Arc::new(Document::read(BUILT_IN_AVATAR, "agent.vrm").expect("the avatar is sound")));
    let Ok(animation) = Animation::read(bytes, "fuzz.vrma") else { return };
    let duration = animation.duration_secs;
    assert!((0.0..=1.0e6).contains(&duration));
    let clip = Clip::new(Arc::new(animation), &AVATAR);
    let mut pose = ClipPose::rest(&AVATAR);
    for (time, repeat) in [
        (0.0, Repeat::Hold),
        (0.3 * duration, Repeat::Hold),
        (duration, Repeat::Hold),
        (1.7 * duration, Repeat::Loop),
        (f32::INFINITY, Repeat::Loop),
        (f32::NAN, Repeat::Hold),
    ] {
        clip.sample(time, repeat, &mut pose);
        assert!(pose.bones.iter().all(|bone| bone.is_normalized()));
        assert!(pose.hips_offset.is_finite());
        assert!(pose.weights.iter().all(|weight| (0.0..=1.0).contains(weight)));
        assert!(pose.gaze_rad.is_none_or(|(yaw, pitch)| yaw.is_finite() && pitch.is_finite()));
    }
}

/// A stream of inputs for an avatar: a byte says what is set, the bytes that follow to what. Every update is checked.
pub(crate) fn update(avatar: &Arc<Document>, bytes: &[u8]) {
    let mut runtime = Runtime::new(avatar.clone());
    let mut bytes = Bytes(bytes);
    let mut bones = [Quat::IDENTITY; HumanBone::COUNT];
    let (mut hips_offset, mut eyes, mut root) = (Vec3::ZERO, EyeDrive::Keep, Root::IDENTITY);
    let mut updates = 0;
    while let Some(what) = bytes.byte() {
        match what % 8 {
            0 => {
                let at = usize::from(bytes.byte().unwrap_or(0)) % avatar.expressions.len().max(1);
                let name = avatar.expressions.get(at).map(|expression| &expression.name);
                if let Some(handle) = name.and_then(|name| runtime.expression_handle(name)) {
                    runtime.set_weight(handle, bytes.number());
                }
            }
            1 => {
                let at = usize::from(bytes.byte().unwrap_or(0)) % HumanBone::COUNT;
                bones[at] = Quat::from_array(std::array::from_fn(|_| bytes.number()));
            }
            2 => hips_offset = bytes.point(),
            3 => {
                eyes = match bytes.byte().unwrap_or(0) % 4 {
                    0 => EyeDrive::Keep,
                    1 => EyeDrive::Direct {
                        yaw_rad: bytes.number(),
                        pitch_rad: bytes.number(),
                        vergence_rad: bytes.number(),
                    },
                    2 => EyeDrive::Angles { yaw_rad: bytes.number(), pitch_rad: bytes.number() },
                    _ => EyeDrive::Target(bytes.point()),
                };
            }
            4 => {
                runtime.reset_weights();
                runtime.reset_springs();
            }
            6 => {
                let translation = bytes.point();
                let rotation = Quat::from_array(std::array::from_fn(|_| bytes.number()));
                root = Root { translation, rotation, scale: bytes.number() };
            }
            7 => runtime.teleport(),
            _ => {
                runtime.update(&Input { bones: &bones, hips_offset, eyes, root, dt_secs: bytes.number() });
                check(&runtime);
                updates += 1;
                if updates == 200 {
                    return;
                }
            }
        }
    }
}

fn check(runtime: &Runtime) {
    for node in 0..runtime.document().nodes.len() {
        let local = runtime.local(node);
        assert!(local.translation.is_finite() && local.scale.is_finite(), "node {node}: {local:?}");
        assert!(local.rotation.is_normalized(), "node {node}: {local:?}");
    }
    let output = runtime.output();
    assert!(output.nodes.iter().all(|node| node.rotation.is_normalized()));
    assert!(output.nodes.iter().all(|node| node.translation.is_none_or(Vec3::is_finite)));
    assert!(output.weights.iter().all(|weight| (0.0..=1.0).contains(weight)));
    assert!(output.morphs.iter().flat_map(|morph| &morph.weights).all(|weight| weight.is_finite()));
    assert!(output.colors.iter().all(|color| color.value.is_finite()));
    assert!(output.textures.iter().all(|texture| texture.scale.is_finite() && texture.offset.is_finite()));
}

/// Bytes as numbers.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// An everyday number of two bytes, or any float of five.
    fn number(&mut self) -> f32 {
        match self.byte().unwrap_or(0) {
            128 => f32::from_le_bytes(std::array::from_fn(|_| self.byte().unwrap_or(0))),
            high => f32::from(i16::from_be_bytes([high, self.byte().unwrap_or(0)])) / 4_096.0,
        }
    }

    fn point(&mut self) -> Vec3 {
        Vec3::new(self.number(), self.number(), self.number())
    }
}
