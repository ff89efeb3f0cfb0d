//! Cross-fades between clips: what plays, how it comes and goes, and the one pose that results.

use std::sync::Arc;

use super::document::Document;
use super::retarget::{Clip, ClipPose, Repeat};

/// Plays clips over each other. Every clip fades in over all that played before; weights always sum up to 1 and their
/// speed never jumps, also where a fade begins within another. Nothing is allocated while playing.
#[derive(Debug, Clone)]
pub struct Mixer {
    /// From the oldest to the newest; what the first ones leave open is the rest pose.
    layers: Vec<Layer>,
    pose: ClipPose,
    sampled: ClipPose,
}

/// A clip, or the rest pose, on its way in.
#[derive(Debug, Clone)]
struct Layer {
    clip: Option<Arc<Clip>>,
    repeat: Repeat,
    /// Since the layer began.
    time_secs: f32,
    fade_secs: f32,
}

impl Layer {
    /// How far it has come in, 0..=1: a curve that starts and ends level.
    fn share(&self) -> f32 {
        if self.time_secs >= self.fade_secs {
            return 1.0;
        }
        let at = self.time_secs / self.fade_secs;
        at * at * (3.0 - 2.0 * at)
    }
}

impl Mixer {
    /// The most fades at once. One more, and the oldest jumps to its end.
    pub const MAX_LAYERS: usize = 8;

    /// For poses of an avatar; nothing plays yet.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        let pose = ClipPose::rest(document);
        Self { layers: Vec::with_capacity(Self::MAX_LAYERS), sampled: pose.clone(), pose }
    }

    /// Starts a clip from its beginning, fading over from what plays now. The clip has been fitted to the same
    /// avatar. A fade that is negative or no number is none.
    pub fn play(&mut self, clip: Arc<Clip>, repeat: Repeat, fade_secs: f32) {
        self.push(Some(clip), repeat, fade_secs);
    }

    /// Fades back to the rest pose.
    pub fn stop(&mut self, fade_secs: f32) {
        if !self.layers.is_empty() {
            self.push(None, Repeat::Hold, fade_secs);
        }
    }

    fn push(&mut self, clip: Option<Arc<Clip>>, repeat: Repeat, fade_secs: f32) {
        if self.layers.len() == Self::MAX_LAYERS {
            self.layers.remove(0);
            if let Some(oldest) = self.layers.first_mut() {
                oldest.fade_secs = 0.0;
            }
        }
        self.layers.push(Layer { clip, repeat, time_secs: 0.0, fade_secs: fade_secs.max(0.0) });
    }

    /// Lets time pass, seconds, and computes the pose. Time that is negative or no number stands still.
    pub fn advance(&mut self, dt_secs: f32) -> &ClipPose {
        let dt = if dt_secs.is_finite() { dt_secs.max(0.0) } else { 0.0 };
        for layer in &mut self.layers {
            layer.time_secs = (layer.time_secs + dt).min(f32::MAX);
            if layer.time_secs >= layer.fade_secs {
                layer.fade_secs = 0.0;
                // Small again, so that a clip that loops for hours stays as smooth as at first.
                if let (Some(clip), Repeat::Loop) = (&layer.clip, layer.repeat) {
                    layer.time_secs = clip.local_secs(layer.time_secs, Repeat::Loop);
                }
            }
        }
        // What has come in wholly hides everything older.
        if let Some(covering) = self.layers.iter().rposition(|layer| layer.share() >= 1.0) {
            self.layers.drain(..covering);
            if self.layers.first().is_some_and(|layer| layer.clip.is_none()) {
                self.layers.remove(0);
            }
        }
        self.pose.reset();
        for layer in &self.layers {
            match &layer.clip {
                Some(clip) => clip.sample(layer.time_secs, layer.repeat, &mut self.sampled),
                None => self.sampled.reset(),
            }
            self.pose.blend(&self.sampled, layer.share());
        }
        &self.pose
    }

    /// The pose as of the last [`Self::advance`].
    #[must_use]
    pub fn pose(&self) -> &ClipPose {
        &self.pose
    }

    /// Weight of each clip that plays, from the oldest to the newest, as of the last [`Self::advance`]. Together with
    /// [`Self::rest_weight`] they sum up to 1.
    pub fn weights(&self) -> impl Iterator<Item = (&Arc<Clip>, f32)> {
        self.layers.iter().enumerate().filter_map(|(at, layer)| Some((layer.clip.as_ref()?, self.weight_of(at))))
    }

    /// Weight of the rest pose: 1 where nothing plays. What else moves the avatar has this much say.
    #[must_use]
    pub fn rest_weight(&self) -> f32 {
        let below: f32 = self.layers.iter().map(|layer| 1.0 - layer.share()).product();
        let stops = self.layers.iter().enumerate().filter(|(_, layer)| layer.clip.is_none());
        (below + stops.map(|(at, _)| self.weight_of(at)).sum::<f32>()).min(1.0)
    }

    /// Whether the newest clip has come to its end and holds there; false where nothing plays.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.layers.last().is_some_and(|layer| {
            let clip = layer.clip.as_ref();
            clip.is_some_and(|clip| layer.repeat == Repeat::Hold && layer.time_secs >= clip.duration_secs())
        })
    }

    fn weight_of(&self, layer: usize) -> f32 {
        let above: f32 = self.layers[layer + 1..].iter().map(|later| 1.0 - later.share()).product();
        self.layers[layer].share() * above
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use glam::Quat;
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::HumanBone;
    use super::super::animation::fixture::Vrma;
    use super::super::fixture;
    use super::*;

    fn avatar() -> Document {
        fixture::load(&fixture::with_expressions(json!({"happy": {}}), json!({})))
    }

    /// A second of a turned head with a weight of `happy`.
    fn clip(turn_rad: f32, happy: f32, avatar: &Document) -> Arc<Clip> {
        let turn = Quat::from_rotation_y(turn_rad).to_array();
        let weights = [happy, 0.0, 0.0, happy, 0.0, 0.0];
        let vrma = Vrma::new().with(fixture::node_of(HumanBone::Head), "rotation", "STEP", &[0.0], &turn).with(
            Vrma::HAPPY,
            "translation",
            "LINEAR",
            &[0.0, 1.0],
            &weights,
        );
        Arc::new(Clip::new(Arc::new(vrma.load()), avatar))
    }

    fn yaw(pose: &ClipPose) -> f32 {
        let ahead = pose.bones[HumanBone::Head.index()] * glam::Vec3::Z;
        ahead.x.atan2(ahead.z)
    }

    #[test]
    fn one_clip_fades_in_from_rest_and_out_to_it() {
        let avatar = avatar();
        let mut mixer = Mixer::new(&avatar);
        assert_eq!(*mixer.advance(1.0), ClipPose::rest(&avatar));
        assert_eq!(mixer.rest_weight(), 1.0);
        mixer.play(clip(1.0, 0.8, &avatar), Repeat::Loop, 2.0);
        let pose = mixer.advance(1.0);
        assert!((yaw(pose) - 0.5).abs() < 1.0e-3 && (pose.weights[0] - 0.4).abs() < 1.0e-6);
        assert_eq!(mixer.rest_weight(), 0.5);
        assert!((yaw(mixer.advance(1.0)) - 1.0).abs() < 1.0e-3);
        assert_eq!(mixer.rest_weight(), 0.0);
        mixer.stop(1.0);
        assert!((mixer.advance(0.5).weights[0] - 0.4).abs() < 1.0e-6);
        assert_eq!(*mixer.advance(0.5), ClipPose::rest(&avatar));
        assert_eq!(mixer.rest_weight(), 1.0);
        assert_eq!(mixer.weights().count(), 0);
    }

    #[test]
    fn without_a_fade_a_clip_is_there_at_once() {
        let avatar = avatar();
        for fade in [0.0, -1.0, f32::NAN] {
            let mut mixer = Mixer::new(&avatar);
            mixer.play(clip(1.0, 0.8, &avatar), Repeat::Hold, fade);
            assert_eq!(mixer.advance(0.0).weights[0], 0.8, "fade of {fade}");
        }
    }

    #[test]
    fn rotations_fade_along_the_shorter_arc() {
        let avatar = avatar();
        let mut mixer = Mixer::new(&avatar);
        mixer.play(clip(2.5, 0.0, &avatar), Repeat::Hold, 0.0);
        mixer.advance(0.0);
        mixer.play(clip(-2.5, 0.0, &avatar), Repeat::Hold, 1.0);
        // Past the back, not past the front.
        assert!(yaw(mixer.advance(0.5)).abs() > 3.0);
    }

    #[test]
    fn what_holds_at_its_end_is_over_and_what_loops_is_not() {
        let avatar = avatar();
        let mut mixer = Mixer::new(&avatar);
        assert!(!mixer.is_over());
        mixer.play(clip(0.0, 1.0, &avatar), Repeat::Hold, 0.1);
        mixer.advance(0.9);
        assert!(!mixer.is_over());
        mixer.advance(0.2);
        assert!(mixer.is_over());
        mixer.play(clip(0.0, 1.0, &avatar), Repeat::Loop, 0.1);
        mixer.advance(50.0);
        assert!(!mixer.is_over());
    }

    #[test]
    fn more_fades_than_fit_keep_the_newest() {
        let avatar = avatar();
        let mut mixer = Mixer::new(&avatar);
        for at in 0..20 {
            mixer.play(clip(0.0, at as f32 / 20.0, &avatar), Repeat::Hold, 1.0);
        }
        mixer.advance(0.1);
        assert_eq!(mixer.weights().count(), Mixer::MAX_LAYERS);
        mixer.advance(1.0);
        assert_eq!(mixer.pose().weights[0], 0.95);
    }

    proptest! {
        #[test]
        fn weights_sum_up_to_one_whenever_fades_begin(
            events in proptest::collection::vec((0.0_f32..0.5, 0.0_f32..1.0, 0.0_f32..1.0, any::<bool>()), 1..30),
        ) {
            let avatar = avatar();
            let mut mixer = Mixer::new(&avatar);
            for (dt, fade, happy, play) in events {
                if play {
                    mixer.play(clip(0.3, happy, &avatar), Repeat::Loop, fade);
                } else {
                    mixer.stop(fade);
                }
                let pose = mixer.advance(dt).clone();
                let weights: Vec<f32> = mixer.weights().map(|(_, weight)| weight).collect();
                let sum = weights.iter().sum::<f32>() + mixer.rest_weight();
                prop_assert!((sum - 1.0).abs() < 1.0e-5, "{sum}");
                prop_assert!(weights.iter().all(|weight| (0.0..=1.0).contains(weight)));
                prop_assert!((0.0..=1.0).contains(&pose.weights[0]));
                prop_assert!(pose.bones.iter().all(|bone| bone.is_normalized()));
            }
        }

        #[test]
        fn neither_value_nor_speed_jumps_when_a_fade_interrupts_another(
            first in 0.2_f32..1.0, second in 0.0_f32..1.0, begin in 0.05_f32..0.9, fade in 0.3_f32..1.0,
        ) {
            let avatar = avatar();
            let mut mixer = Mixer::new(&avatar);
            let dt = 1.0e-2;
            mixer.play(clip(0.0, first, &avatar), Repeat::Loop, 1.0);
            let mut values = vec![mixer.advance(0.0).weights[0]];
            for frame in 0..150 {
                if frame == (begin / dt) as usize {
                    mixer.play(clip(0.0, second, &avatar), Repeat::Loop, fade);
                }
                values.push(mixer.advance(dt).weights[0]);
            }
            // The curve's second derivative is at most 6 / fade²; products of two curves add a little.
            let most = 2.0 * (6.0 / (fade * fade) + 6.0 + 4.5 / fade) * dt * dt;
            for three in values.windows(3) {
                let bend = (three[2] - 2.0 * three[1] + three[0]).abs();
                prop_assert!(bend < most, "{bend} of {most}");
            }
        }

        #[test]
        fn any_step_of_time_is_safe(steps in proptest::collection::vec(proptest::num::f32::ANY, 1..8)) {
            let avatar = avatar();
            let mut mixer = Mixer::new(&avatar);
            mixer.play(clip(0.5, 0.5, &avatar), Repeat::Loop, 0.5);
            for dt in steps {
                let pose = mixer.advance(dt);
                prop_assert!(pose.bones.iter().all(|bone| bone.is_normalized()));
                prop_assert!((0.0..=1.0).contains(&pose.weights[0]));
            }
        }
    }
}
