//! Four joints that do not depend on each other, side by side: their constants, and where they stand.

use std::ops::Range;

use glam::{Quat, Vec3A, Vec4};

use super::collider::{Pushed, reach};
use super::spring_rig::{Joint, MODEL, SpringRig};
use super::wide::{WideQuat, WideVec};

/// Where four joints stand, model space.
#[derive(Debug, Clone, Copy)]
pub(super) struct WideFrame {
    pub(super) head: WideVec,
    pub(super) tail: WideVec,
    /// From head to tail, unit length; now and at rest.
    pub(super) direction: WideVec,
    pub(super) rest_direction: WideVec,
    pub(super) rotation: WideQuat,
}

impl WideFrame {
    pub(super) const ZERO: Self = Self {
        head: WideVec::ZERO,
        tail: WideVec::ZERO,
        direction: WideVec::ZERO,
        rest_direction: WideVec::ZERO,
        rotation: WideQuat::IDENTITY,
    };

    /// Where they are pushed to, if they touch something. The bones keep their length.
    #[inline]
    pub(super) fn bump(&mut self, length: Vec4, pushed: Pushed) {
        if let Some((touches, pushed)) = pushed {
            let (usable, direction) = (pushed - self.head).try_normalize();
            self.direction = WideVec::select(touches & usable, direction, self.direction);
            self.tail = self.head + self.direction * length;
        }
    }

    /// The head of one of them.
    pub(super) fn head_of(&self, lane: usize) -> Vec4 {
        let [x, y, z] = [self.head.x, self.head.y, self.head.z].map(|v| v.to_array()[lane]);
        Vec4::new(x, y, z, 0.0)
    }

    /// The rotation of one of them.
    pub(super) fn rotation_of(&self, lane: usize) -> Vec4 {
        let WideQuat { v, w } = self.rotation;
        Vec4::from_array([v.x, v.y, v.z, w].map(|v| v.to_array()[lane]))
    }
}

/// Some fours in a row that do not depend on each other, with one list of colliders and one space.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) fours: Range<usize>,
    pub(super) list: usize,
    pub(super) space: usize,
}

impl Group {
    /// As large as they may be.
    pub(super) fn all(rig: &SpringRig) -> Vec<Self> {
        let mut out: Vec<Self> = Vec::new();
        for (at, joints) in rig.joints.as_chunks::<4>().0.iter().enumerate() {
            let Joint { list, space, .. } = joints[0];
            match out.last_mut() {
                Some(group)
                    if (group.list, group.space) == (list, space)
                        && joints.iter().all(|joint| joint.up < rig.anchors.len() + 4 * group.fours.start) =>
                {
                    group.fours.end = at + 1;
                }
                _ => out.push(Self { fours: at..at + 1, list, space }),
            }
        }
        out
    }
}

/// What carries four joints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Up {
    /// One anchor.
    Anchor(usize),
    /// Four joints, lane by lane.
    Four(usize),
    /// Four joints, lane by lane, and where their tails end.
    Tails(usize),
    /// Any frames: anchors first, then joints.
    Mixed([usize; 4]),
}

impl Up {
    /// `all` are the joints up to the four.
    fn new(joints: &[Joint; 4], all: &[Joint], anchors: usize) -> Self {
        let ups = joints.each_ref().map(|joint| joint.up);
        if ups[0] < anchors && ups.iter().all(|up| *up == ups[0]) {
            return Self::Anchor(ups[0]);
        }
        let first = ups[0].wrapping_sub(anchors);
        // Where a joint stands again, nobody asks for it.
        let lanes = || joints.iter().enumerate().filter(|(_, joint)| joint.node != MODEL);
        if ups[0] < anchors || first % 4 != 0 || lanes().any(|(lane, joint)| joint.up != ups[0] + lane) {
            return Self::Mixed(ups);
        }
        let is_tail = |(lane, joint): (usize, &Joint)| {
            /// Less than a float tells at the length of an arm, meters.
            const NOTHING: f32 = 1.0e-6;
            all.get(first + lane).is_some_and(|up| (joint.offset - up.axis * up.length).length() < NOTHING)
        };
        if lanes().all(is_tail) { Self::Tails(first / 4) } else { Self::Four(first / 4) }
    }
}

/// The constants of four joints.
#[derive(Debug, Clone, Copy)]
pub(super) struct Four {
    pub(super) up: Up,
    /// Where they point at rest in the frames that carry them.
    pub(super) direction: WideVec,
    pub(super) length: Vec4,
    pub(super) hit_radius: Vec4,
    /// How far from their heads they touch anything at all.
    pub(super) reach: Vec4,
    pub(super) keep: Vec4,
    pub(super) stiffness: Vec4,
    /// Their heads in those frames.
    pub(super) offset: WideVec,
    /// From their own spaces at rest to those frames; `None` where these are the same, which is usual.
    pub(super) rest: Option<WideQuat>,
    /// From the frames that carry them to the spaces of their parent nodes; `None` where these are the same.
    pub(super) between: Option<WideQuat>,
}

impl Four {
    /// All joints of a rig.
    pub(super) fn all(rig: &SpringRig) -> Vec<Self> {
        let joints = rig.joints.as_chunks().0.iter();
        joints.map(|joints| Self::new(joints, &rig.joints, rig.anchors.len())).collect()
    }

    /// The rig sees to it that there are four. `all` are the joints up to them, which hang on so many anchors.
    pub(super) fn new(joints: &[Joint; 4], all: &[Joint], anchors: usize) -> Self {
        let vector = |of: fn(&Joint) -> Vec3A| WideVec::gather(joints.each_ref().map(|joint| of(joint).extend(0.0)));
        let rotation = |of: fn(&Joint) -> Quat| WideQuat::gather(joints.each_ref().map(|joint| of(joint).into()));
        let number = |of: fn(&Joint) -> f32| Vec4::from_array(joints.each_ref().map(of));
        let rest = rotation(|joint| joint.rest);
        Self {
            up: Up::new(joints, all, anchors),
            offset: vector(|joint| joint.offset),
            rest: joints.iter().any(|joint| joint.rest != Quat::IDENTITY).then_some(rest),
            direction: rest.rotate(vector(|joint| joint.axis)),
            length: number(|joint| joint.length),
            hit_radius: number(|joint| joint.hit_radius),
            reach: number(|joint| reach(joint.length, joint.hit_radius)),
            keep: number(|joint| joint.keep),
            stiffness: number(|joint| joint.stiffness),
            between: joints
                .iter()
                .any(|joint| joint.rest != joint.initial)
                .then(|| rotation(|joint| joint.initial) * rest.inverse()),
        }
    }

    /// How far gravity moves their tails in a step, meters along the world's axes.
    pub(super) fn gravity(joints: &[Joint; 4]) -> WideVec {
        WideVec::gather(joints.each_ref().map(|joint| joint.gravity.extend(0.0)))
    }

    /// Their rotations at rest in model space, for those of what carries them.
    #[inline]
    pub(super) fn at_rest(&self, up: WideQuat) -> WideQuat {
        self.rest.map_or(up, |rest| up * rest)
    }

    /// Their rotations in their parent nodes, for those in model space and those of what carries them.
    #[inline]
    pub(super) fn local(&self, up: WideQuat, rotation: WideQuat) -> WideQuat {
        let local = up.inverse() * rotation;
        self.between.map_or(local, |between| between * local)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::super::Document;
    use super::super::specimen::Specimen;
    use super::*;

    #[test]
    fn chains_keep_their_lanes_whatever_their_lengths() {
        // Six chains: five joints in each, and two in the last one.
        let file = Specimen { joints: 27, ..Specimen::USUAL }.file();
        let rig = SpringRig::new(&Document::read(&file, "specimen.vrm").unwrap());
        let fours = Four::all(&rig);
        let groups: Vec<_> = Group::all(&rig).into_iter().map(|group| group.fours).collect();
        assert_eq!(groups, [0..2, 2..4, 4..6, 6..8, 8..10]);
        for (at, four) in fours.iter().enumerate() {
            assert_eq!(four.up, if at < 2 { Up::Anchor(0) } else { Up::Tails(at - 2) });
            assert!(four.rest.is_none() && four.between.is_none());
        }
    }
}
