//! Node constraints: a node that turns with another one (roll, rotation) or toward it (aim).

use glam::{Quat, Vec3};

use super::document::{Node, unit};

/// A node whose rotation follows another node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constraint {
    /// The node that is turned.
    pub node: usize,
    /// The node that it follows.
    pub source: usize,
    /// How far it goes from its rest rotation, 0..=1.
    pub weight: f32,
    /// How it follows.
    pub kind: ConstraintKind,
}

/// How a constrained node follows its source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ConstraintKind {
    /// It copies the turn of the source about one of its own axes; a unit vector along +X, +Y or +Z.
    Roll(Vec3),
    /// It points one of its own axes at the source; a unit vector along ±X, ±Y or ±Z.
    Aim(Vec3),
    /// It copies the turn of the source.
    Rotation,
}

/// A constraint with what its formula needs of the rest pose.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConstraintRule {
    constraint: Constraint,
    rest: Quat,
    source_rest_inverse: Quat,
}

impl ConstraintRule {
    pub(super) fn new(constraint: Constraint, nodes: &[Node]) -> Self {
        Self {
            constraint,
            rest: nodes[constraint.node].rest.rotation,
            source_rest_inverse: nodes[constraint.source].rest.rotation.inverse(),
        }
    }

    pub(super) fn node(&self) -> usize {
        self.constraint.node
    }

    pub(super) fn source(&self) -> usize {
        self.constraint.source
    }

    pub(super) fn is_aim(&self) -> bool {
        matches!(self.constraint.kind, ConstraintKind::Aim(_))
    }

    /// The local rotation of the node for the local rotation of its source: roll and rotation. An aim, which goes by
    /// positions, stays at rest.
    pub(super) fn follow(&self, source: Quat) -> Quat {
        match self.constraint.kind {
            ConstraintKind::Rotation => self.weighted(self.rest * (self.source_rest_inverse * source)),
            ConstraintKind::Roll(axis) => {
                // The turn of the source since its rest, seen by its parent, then by the node.
                let turn = self.rest.inverse() * (source * self.source_rest_inverse) * self.rest;
                let Some(to) = (turn * axis).try_normalize() else { return self.rest };
                // What swings the axis away is not roll.
                let swing = Quat::from_rotation_arc(axis, to);
                self.weighted(self.rest * (swing.inverse() * turn))
            }
            ConstraintKind::Aim(_) => self.rest,
        }
    }

    /// The local rotation of the node that looks along `direction` in model space.
    pub(super) fn aim(&self, parent: Quat, direction: Vec3) -> Quat {
        let ConstraintKind::Aim(axis) = self.constraint.kind else { return self.rest };
        let rest = parent * self.rest;
        let (Some(from), Some(to)) = ((rest * axis).try_normalize(), direction.try_normalize()) else {
            return self.rest;
        };
        self.weighted(parent.inverse() * (Quat::from_rotation_arc(from, to) * rest))
    }

    fn weighted(&self, target: Quat) -> Quat {
        let Some(target) = unit(target) else { return self.rest };
        let weight = self.constraint.weight;
        if weight >= 1.0 { target } else { unit(self.rest.slerp(target, weight)).unwrap_or(self.rest) }
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::FRAC_PI_2;

    use glam::EulerRot;
    use proptest::prelude::*;

    use super::super::document::Local;
    use super::*;

    fn rule(kind: ConstraintKind, weight: f32, rest: Quat, source_rest: Quat) -> ConstraintRule {
        let node = |rotation| Node {
            name: String::new(),
            parent: None,
            mesh: None,
            skin: None,
            rest: Local { rotation, ..Local::IDENTITY },
            morph_weights: Vec::new(),
        };
        let constraint = Constraint { node: 0, source: 1, weight, kind };
        ConstraintRule::new(constraint, &[node(rest), node(source_rest)])
    }

    fn close(a: Quat, b: Quat) -> bool {
        a.dot(b).abs() > 1.0 - 1.0e-6
    }

    fn turns() -> impl Strategy<Value = Quat> {
        (-3.0_f32..3.0, -1.5_f32..1.5, -3.0_f32..3.0).prop_map(|(y, x, z)| Quat::from_euler(EulerRot::YXZ, y, x, z))
    }

    #[test]
    fn rotation_carries_the_turn_from_space_to_space() {
        let source_rest = Quat::from_rotation_z(0.7);
        let rest = Quat::from_rotation_x(FRAC_PI_2);
        let rule = rule(ConstraintKind::Rotation, 1.0, rest, source_rest);
        let turn = Quat::from_rotation_y(0.4);
        assert!(close(rule.follow(source_rest * turn), rest * turn));
    }

    #[test]
    fn weight_goes_along_the_arc_from_rest() {
        let rule = rule(ConstraintKind::Rotation, 0.25, Quat::from_rotation_x(0.3), Quat::IDENTITY);
        let expected = Quat::from_rotation_x(0.3) * Quat::from_rotation_y(0.2);
        assert!(close(rule.follow(Quat::from_rotation_y(0.8)), expected));
    }

    #[test]
    fn roll_leaves_out_the_swing() {
        let rule = rule(ConstraintKind::Roll(Vec3::X), 1.0, Quat::IDENTITY, Quat::IDENTITY);
        let (swing, roll) = (Quat::from_rotation_y(0.9), Quat::from_rotation_x(0.5));
        assert!(close(rule.follow(swing * roll), roll));
        assert!(close(rule.follow(swing), Quat::IDENTITY));
    }

    #[test]
    fn roll_goes_about_the_axis_of_the_constrained_node() {
        // The node lies so that its Y points where X of the source's parent points.
        let rest = Quat::from_rotation_z(-FRAC_PI_2);
        let rule = rule(ConstraintKind::Roll(Vec3::Y), 0.5, rest, Quat::IDENTITY);
        assert!((rest * Vec3::Y - Vec3::X).length() < 1.0e-6);
        assert!(close(rule.follow(Quat::from_rotation_x(0.6)), rest * Quat::from_rotation_y(0.3)));
    }

    #[test]
    fn aim_points_the_axis_by_the_smallest_turn() {
        let rest = Quat::from_rotation_z(0.4);
        let rule = rule(ConstraintKind::Aim(Vec3::NEG_Z), 1.0, rest, Quat::IDENTITY);
        let parent = Quat::from_rotation_y(0.8);
        let direction = Vec3::new(0.3, -0.5, -1.0);
        let out = parent * rule.aim(parent, direction);
        assert!((out * Vec3::NEG_Z - direction.normalize()).length() < 1.0e-5);
        let from = parent * rest * Vec3::NEG_Z;
        let turned = (out * (parent * rest).inverse()).normalize();
        assert!((turned.to_axis_angle().1 - from.angle_between(direction)).abs() < 1.0e-3);
        assert!(close(rule.aim(parent, Vec3::ZERO), rest), "nothing to aim at");
    }

    proptest! {
        #[test]
        fn rest_in_rest_out(rest in turns(), source_rest in turns(), weight in 0.0_f32..1.0) {
            for kind in [ConstraintKind::Rotation, ConstraintKind::Roll(Vec3::Y), ConstraintKind::Aim(Vec3::X)] {
                let rule = rule(kind, weight, rest, source_rest);
                prop_assert!(close(rule.follow(source_rest), rest));
                prop_assert!(close(rule.aim(Quat::IDENTITY, rest * Vec3::X), rest));
            }
        }

        #[test]
        fn finite_whatever_comes_in(numbers in proptest::array::uniform4(proptest::num::f32::ANY), weight in 0.0_f32..1.0) {
            let source = unit(Quat::from_array(numbers)).unwrap_or(Quat::IDENTITY);
            let direction = Vec3::from_slice(&numbers);
            for kind in [ConstraintKind::Rotation, ConstraintKind::Roll(Vec3::Z), ConstraintKind::Aim(Vec3::X)] {
                let rule = rule(kind, weight, Quat::from_rotation_x(0.5), Quat::from_rotation_y(0.5));
                for out in [rule.follow(source), rule.aim(source, direction)] {
                    prop_assert!(out.is_finite() && out.is_normalized());
                }
            }
        }
    }
}
