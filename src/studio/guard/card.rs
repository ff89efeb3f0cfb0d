//! Guards of distance and cards.

use super::{Limit, Measure, worst};
use crate::studio::track::{Track, What};
use crate::vrm::HumanBone;

pub(super) fn distance(track: &Track) -> Vec<Measure> {
    let far = |frame: &crate::studio::track::Frame| frame.customer.distance(frame.eyes);
    let nearest = track.frames.iter().enumerate().map(|(at, frame)| (far(frame), track.at(at)));
    let mean = track.frames.iter().map(far).sum::<f32>() / track.frames.len().max(1) as f32;
    [
        worst("nearest, m", Limit::AtLeast(1.0), nearest),
        worst("mean, m", Limit::Within(1.2, 1.8), (!track.frames.is_empty()).then_some((mean, 0.0))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn place(track: &Track) -> Vec<Measure> {
    let (mut far, mut across, mut up, mut depth) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for event in &track.events {
        let What::Card { center, .. } = event.what else { continue };
        let Some(frame) = track.frames.get(track.frame_at(event.secs)) else { continue };
        let to_avatar = frame.joint(HumanBone::Head).place - frame.customer;
        let to_card = center - frame.customer;
        let yaw = |v: glam::Vec3| v.x.atan2(-v.z);
        let mut turned = yaw(to_card) - yaw(to_avatar);
        if turned.abs() > std::f32::consts::PI {
            turned -= turned.signum() * std::f32::consts::TAU;
        }
        let pitch = to_card.y.atan2(to_card.x.hypot(to_card.z));
        let at = event.secs;
        far.push((to_card.length(), at));
        across.push((turned.abs().to_degrees(), at));
        up.push((pitch.to_degrees(), at));
        depth.push(((to_card.length() - to_avatar.length()).abs(), at));
    }
    [
        worst("distance, m", Limit::Within(1.3, 1.8), far),
        worst("sideways, degrees", Limit::AtMost(30.0), across),
        worst("upright, degrees", Limit::Within(-30.0, 15.0), up),
        worst("depth gap, m", Limit::AtMost(0.25), depth),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use glam::Vec3;

    use super::super::specimen::{Specimen, catches};
    use super::*;

    #[test]
    fn a_face_too_near_is_caught() {
        catches("G-V1", &Specimen::Calm, |track| track.frames[900].customer = Vec3::new(0.0, 1.5, 0.7));
    }

    #[test]
    fn a_card_behind_the_agent_is_caught() {
        catches("G-V2", &Specimen::Pointing, |track| {
            for event in &mut track.events {
                if let What::Card { center, .. } = &mut event.what {
                    *center = Vec3::new(0.3, 1.4, -1.5);
                }
            }
        });
    }
}
