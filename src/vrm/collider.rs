//! Colliders at work: shapes in model space that push the tails of joints.

use glam::{Affine3A, BVec4A, Vec3, Vec3A, Vec4};

use super::spring::{Collider, ColliderShape};
use super::wide::{WideVec, root};

/// A collider where its node stands now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    kind: Kind,
    /// One end of the line of a capsule, the middle of a sphere, a point of a plane.
    from: Vec3A,
    /// From there to the other end; zero for spheres. The normal of a plane.
    along: Vec3A,
    /// 1 / the squared length of `along`, or 0.
    inverse_square: f32,
    radius: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Outside,
    Inside,
    Plane,
}

impl Shape {
    /// The shape under the model-space transform of its node. A radius goes with the largest scale of the node, a
    /// normal stays square to its plane.
    pub(super) fn new(collider: &Collider, node: &Affine3A) -> Self {
        let point = |v: Vec3| node.transform_point3a(Vec3A::from(v));
        let matrix = &node.matrix3;
        let scale = || {
            let squares = [matrix.x_axis, matrix.y_axis, matrix.z_axis].map(Vec3A::length_squared);
            squares[0].max(squares[1]).max(squares[2]).sqrt()
        };
        let kind = |inside| if inside { Kind::Inside } else { Kind::Outside };
        match collider.shape {
            ColliderShape::Sphere { offset, radius, inside } => {
                Self::round(kind(inside), point(offset), Vec3A::ZERO, radius * scale())
            }
            ColliderShape::Capsule { offset, tail, radius, inside } => {
                let from = point(offset);
                Self::round(kind(inside), from, point(tail) - from, radius * scale())
            }
            ColliderShape::Plane { offset, normal } => {
                let normal = Vec3A::from(normal);
                // The transposed inverse, up to a factor: its columns are the cross products of the matrix's.
                let (x, y, z) = (matrix.x_axis, matrix.y_axis, matrix.z_axis);
                let turned = y.cross(z) * normal.x + z.cross(x) * normal.y + x.cross(y) * normal.z;
                // A node that mirrors turns the cross products around.
                let turned = if x.cross(y).dot(z) < 0.0 { -turned } else { turned };
                let along = turned.try_normalize().unwrap_or(Vec3A::Y);
                Self { kind: Kind::Plane, from: point(offset), along, inverse_square: 0.0, radius: 0.0 }
            }
        }
    }

    fn round(kind: Kind, from: Vec3A, along: Vec3A, radius: f32) -> Self {
        let square = along.length_squared();
        let inverse_square = if square > 1.0e-12 { 1.0 / square } else { 0.0 };
        Self { kind, from, along, inverse_square, radius }
    }

    /// The shape part of the way from this one to a later one.
    pub(super) fn lerp(&self, later: &Self, part: f32) -> Self {
        let from = self.from.lerp(later.from, part);
        let along = self.along.lerp(later.along, part);
        match self.kind {
            Kind::Plane => Self { from, along: along.try_normalize().unwrap_or(later.along), ..*later },
            _ => Self::round(later.kind, from, along, later.radius),
        }
    }

    /// Whether nothing in a box can touch it: no sphere that lies in the box, whatever its radius.
    #[inline]
    pub(super) fn is_apart_from(&self, bounds: &Bounds) -> bool {
        let (to, radius) = (self.from + self.along, Vec3A::splat(self.radius));
        let apart = bounds.high.cmplt(self.from.min(to) - radius) | bounds.low.cmpgt(self.from.max(to) + radius);
        self.kind == Kind::Outside && apart.any()
    }

    /// The same for four joints.
    #[inline]
    pub(super) fn wide(&self) -> WideShape {
        let kind = match self.kind {
            Kind::Outside if self.inverse_square > 0.0 => WideKind::Capsule,
            Kind::Outside => WideKind::Sphere,
            Kind::Inside => WideKind::Inside,
            Kind::Plane => WideKind::Plane,
        };
        WideShape {
            kind,
            from: WideVec::splat(self.from),
            along: WideVec::splat(self.along),
            inverse_square: Vec4::splat(self.inverse_square),
            radius: Vec4::splat(self.radius),
        }
    }

    /// How far a joint's sphere at `tail` is from touching, meters; negative where it is in the way.
    #[cfg(test)]
    pub(super) fn distance(&self, tail: Vec3A, hit_radius: f32) -> f32 {
        let offset = tail - self.from;
        let part = (offset.dot(self.along) * self.inverse_square).clamp(0.0, 1.0);
        let away = (offset - self.along * part).length();
        match self.kind {
            Kind::Outside => away - self.radius - hit_radius,
            Kind::Inside => (self.radius - hit_radius).max(0.0) - away,
            Kind::Plane => offset.dot(self.along) - hit_radius,
        }
    }
}

/// A box along the axes of the model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    low: Vec3A,
    high: Vec3A,
}

/// A box that grows by four spheres at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct WideBounds {
    low: WideVec,
    high: WideVec,
}

impl WideBounds {
    /// Around nothing.
    pub(super) fn new() -> Self {
        let splat = |v: f32| WideVec::splat(Vec3A::splat(v));
        Self { low: splat(f32::INFINITY), high: splat(f32::NEG_INFINITY) }
    }

    #[inline]
    pub(super) fn grow(&mut self, middle: WideVec, radius: Vec4) {
        let (WideVec { x, y, z }, low, high) = (middle, &mut self.low, &mut self.high);
        // In this order, because what is no number gives way to the second one.
        (low.x, low.y, low.z) = ((x - radius).min(low.x), (y - radius).min(low.y), (z - radius).min(low.z));
        (high.x, high.y, high.z) = ((x + radius).max(high.x), (y + radius).max(high.y), (z + radius).max(high.z));
    }

    pub(super) fn bounds(&self) -> Bounds {
        let (low, high) = (self.low, self.high);
        Bounds {
            low: Vec3A::new(low.x.min_element(), low.y.min_element(), low.z.min_element()),
            high: Vec3A::new(high.x.max_element(), high.y.max_element(), high.z.max_element()),
        }
    }
}

/// A shape that four joints meet at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct WideShape {
    pub(super) kind: WideKind,
    from: WideVec,
    along: WideVec,
    inverse_square: Vec4,
    radius: Vec4,
}

/// Spheres apart from capsules, because most colliders are spheres, which need the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WideKind {
    Sphere,
    Capsule,
    Inside,
    Plane,
}

/// Which of four joints touch, and where those are pushed to.
pub(super) type Pushed = Option<(BVec4A, WideVec)>;

/// For four joints' spheres at `tail`, by the kind of the shape. That none of them touches is found out without a
/// root.
impl WideShape {
    #[inline]
    pub(super) fn push_from_sphere(&self, tail: WideVec, hit_radius: Vec4) -> Pushed {
        self.push_out(tail, tail - self.from, hit_radius)
    }

    #[inline]
    pub(super) fn push_from_capsule(&self, tail: WideVec, hit_radius: Vec4) -> Pushed {
        self.push_out(tail, self.away_from_line(tail), hit_radius)
    }

    #[inline]
    pub(super) fn push_inside(&self, tail: WideVec, hit_radius: Vec4) -> Pushed {
        let away = self.away_from_line(tail);
        let square = away.dot(away);
        let limit = (self.radius - hit_radius).max(Vec4::ZERO);
        let touches = square.cmpgt(limit * limit);
        touches.any().then(|| moved(tail, away, square, limit, touches))
    }

    #[inline]
    pub(super) fn push_from_plane(&self, tail: WideVec, hit_radius: Vec4) -> Pushed {
        let distance = (tail - self.from).dot(self.along) - hit_radius;
        let touches = distance.cmplt(Vec4::ZERO);
        touches.any().then(|| (touches, tail - self.along * distance))
    }

    #[inline]
    fn push_out(&self, tail: WideVec, away: WideVec, hit_radius: Vec4) -> Pushed {
        let square = away.dot(away);
        let limit = self.radius + hit_radius;
        let touches = square.cmplt(limit * limit);
        touches.any().then(|| moved(tail, away, square, limit, touches))
    }

    /// From the nearest point of the line of a capsule.
    #[inline]
    fn away_from_line(&self, tail: WideVec) -> WideVec {
        let offset = tail - self.from;
        let part = (offset.dot(self.along) * self.inverse_square).max(Vec4::ZERO).min(Vec4::ONE);
        offset - self.along * part
    }
}

/// How far from its head a joint touches anything at all, with a margin for what floats leave out.
pub(super) fn reach(length: f32, hit_radius: f32) -> f32 {
    (length + hit_radius) * 1.001 + 1.0e-6
}

/// Tails moved to the limit.
#[inline]
fn moved(tail: WideVec, away: WideVec, square: Vec4, limit: Vec4, touches: BVec4A) -> (BVec4A, WideVec) {
    // In the very middle no direction is better than another: the tail stays.
    let touches = touches & square.cmpgt(Vec4::splat(1.0e-14));
    (touches, tail + away * (limit / root(square) - Vec4::ONE))
}

#[cfg(test)]
mod tests {
    use glam::Quat;
    use proptest::prelude::*;

    use super::*;

    fn at_origin(shape: ColliderShape) -> Shape {
        Shape::new(&Collider { node: 0, shape }, &Affine3A::IDENTITY)
    }

    /// For a single joint in the second lane, while the others are far away.
    fn push(shape: &Shape, tail: Vec3A, hit_radius: f32) -> Option<Vec3A> {
        let mut four = [tail.extend(0.0); 4];
        four[0] += Vec4::splat(0.5);
        let (shape, tails, hit_radius) = (shape.wide(), WideVec::gather(four), Vec4::splat(hit_radius));
        let (touches, pushed) = match shape.kind {
            WideKind::Sphere => shape.push_from_sphere(tails, hit_radius),
            WideKind::Capsule => shape.push_from_capsule(tails, hit_radius),
            WideKind::Inside => shape.push_inside(tails, hit_radius),
            WideKind::Plane => shape.push_from_plane(tails, hit_radius),
        }?;
        (touches.bitmask() & 2 != 0).then(|| Vec3A::from_vec4(pushed.scatter()[1]))
    }

    fn close(a: Option<Vec3A>, b: Vec3A) -> bool {
        a.is_some_and(|a| (a - b).length() < 1.0e-5)
    }

    fn shapes() -> [ColliderShape; 5] {
        let (offset, tail) = (Vec3::new(0.1, 0.2, 0.3), Vec3::new(0.1, -0.4, 0.3));
        [
            ColliderShape::Sphere { offset, radius: 0.3, inside: false },
            ColliderShape::Sphere { offset, radius: 0.3, inside: true },
            ColliderShape::Capsule { offset, tail, radius: 0.2, inside: false },
            ColliderShape::Capsule { offset, tail, radius: 0.2, inside: true },
            ColliderShape::Plane { offset, normal: Vec3::new(0.6, 0.8, 0.0) },
        ]
    }

    #[test]
    fn spheres_push_out_by_both_radii() {
        let shape = at_origin(ColliderShape::Sphere { offset: Vec3::Y, radius: 0.5, inside: false });
        assert!(close(push(&shape, Vec3A::new(0.2, 1.0, 0.0), 0.1), Vec3A::new(0.6, 1.0, 0.0)));
        assert_eq!(push(&shape, Vec3A::new(0.61, 1.0, 0.0), 0.1), None);
        assert_eq!(push(&shape, Vec3A::Y, 0.1), None, "no way out of the middle is better than another");
    }

    #[test]
    fn capsules_push_away_from_their_line_and_their_ends() {
        let shape = at_origin(ColliderShape::Capsule {
            offset: Vec3::ZERO,
            tail: Vec3::new(0.0, 1.0, 0.0),
            radius: 0.5,
            inside: false,
        });
        assert!(close(push(&shape, Vec3A::new(0.1, 0.5, 0.0), 0.0), Vec3A::new(0.5, 0.5, 0.0)));
        assert!(close(push(&shape, Vec3A::new(0.0, 1.1, 0.0), 0.0), Vec3A::new(0.0, 1.5, 0.0)));
        assert!(close(push(&shape, Vec3A::new(0.0, -0.2, 0.0), 0.0), Vec3A::new(0.0, -0.5, 0.0)));
        let point = ColliderShape::Capsule { offset: Vec3::ZERO, tail: Vec3::ZERO, radius: 0.5, inside: false };
        assert!(close(push(&at_origin(point), Vec3A::new(0.1, 0.0, 0.0), 0.0), Vec3A::new(0.5, 0.0, 0.0)));
    }

    #[test]
    fn inside_shapes_hold_back_by_the_difference_of_the_radii() {
        let sphere = at_origin(ColliderShape::Sphere { offset: Vec3::ZERO, radius: 0.5, inside: true });
        assert!(close(push(&sphere, Vec3A::new(0.9, 0.0, 0.0), 0.1), Vec3A::new(0.4, 0.0, 0.0)));
        assert_eq!(push(&sphere, Vec3A::new(0.39, 0.0, 0.0), 0.1), None);
        assert!(
            close(push(&sphere, Vec3A::new(0.9, 0.0, 0.0), 0.7), Vec3A::ZERO),
            "too large a joint stays in the middle"
        );
        let capsule = ColliderShape::Capsule { offset: Vec3::ZERO, tail: Vec3::Y, radius: 0.5, inside: true };
        assert!(close(push(&at_origin(capsule), Vec3A::new(0.9, 0.5, 0.0), 0.1), Vec3A::new(0.4, 0.5, 0.0)));
        assert!(close(push(&at_origin(capsule), Vec3A::new(0.0, 2.0, 0.0), 0.1), Vec3A::new(0.0, 1.4, 0.0)));
    }

    #[test]
    fn planes_keep_to_the_side_of_the_normal() {
        let plane = at_origin(ColliderShape::Plane { offset: Vec3::Y, normal: Vec3::Y });
        assert!(close(push(&plane, Vec3A::new(3.0, 0.5, 0.0), 0.1), Vec3A::new(3.0, 1.1, 0.0)));
        assert_eq!(push(&plane, Vec3A::new(0.0, 1.2, 0.0), 0.1), None);
    }

    #[test]
    fn normals_stay_square_to_their_plane_under_scale() {
        let node = Affine3A::from_scale_rotation_translation(
            Vec3::new(1.0, 4.0, 1.0),
            Quat::from_rotation_z(0.3),
            Vec3::new(5.0, 6.0, 7.0),
        );
        let normal = Vec3::new(1.0, 1.0, 0.0).normalize();
        let shape = ColliderShape::Plane { offset: Vec3::ZERO, normal };
        let plane = Shape::new(&Collider { node: 0, shape }, &node);
        let in_plane = node.transform_vector3a(Vec3A::new(1.0, -1.0, 0.0));
        assert!(plane.along.dot(in_plane).abs() < 1.0e-5);
        assert!(plane.along.dot(node.transform_vector3a(Vec3A::from(normal))) > 0.0);
        let mirrored = Affine3A::from_scale(Vec3::new(-1.0, 1.0, 1.0));
        let plane = Shape::new(&Collider { node: 0, shape }, &mirrored);
        assert!((plane.along - Vec3A::new(-1.0, 1.0, 0.0).normalize()).length() < 1.0e-5);
    }

    #[test]
    fn radii_and_places_follow_the_node() {
        let node = Affine3A::from_scale_rotation_translation(Vec3::splat(2.0), Quat::IDENTITY, Vec3::X);
        let shape = ColliderShape::Sphere { offset: Vec3::Y, radius: 0.5, inside: false };
        let shape = Shape::new(&Collider { node: 0, shape }, &node);
        assert!(close(push(&shape, Vec3A::new(1.5, 2.0, 0.0), 0.0), Vec3A::new(2.0, 2.0, 0.0)));
    }

    proptest! {
        #[test]
        fn what_is_pushed_is_not_apart(
            head in proptest::array::uniform3(-1.0_f32..1.0), direction in proptest::array::uniform3(-1.0_f32..1.0),
            length in 0.0_f32..1.0, hit_radius in 0.0_f32..0.3, kind in 0_usize..5,
        ) {
            let shape = at_origin(shapes()[kind]);
            let head = Vec3A::from(head);
            let Some(direction) = Vec3A::from(direction).try_normalize() else { return Ok(()) };
            let mut bounds = WideBounds::new();
            bounds.grow(WideVec::splat(head), Vec4::splat(reach(length, hit_radius)));
            if shape.is_apart_from(&bounds.bounds()) {
                prop_assert!(shape.distance(head + direction * length, hit_radius) > 0.0);
            }
        }

        #[test]
        fn what_is_pushed_touches_and_is_finite(
            tail in proptest::array::uniform3(-2.0_f32..2.0), hit_radius in 0.0_f32..0.5, kind in 0_usize..5,
        ) {
            let shape = at_origin(shapes()[kind]);
            let tail = Vec3A::from(tail);
            match push(&shape, tail, hit_radius) {
                Some(pushed) => {
                    prop_assert!(shape.distance(tail, hit_radius) < 0.0);
                    prop_assert!(shape.distance(pushed, hit_radius).abs() < 1.0e-5);
                }
                None => prop_assert!(shape.distance(tail, hit_radius) > -1.0e-6),
            }
        }

        #[test]
        fn broken_numbers_do_not_push_or_push_to_what_can_be_told(
            numbers in proptest::array::uniform4(proptest::num::f32::ANY), kind in 0_usize..5,
        ) {
            let shape = at_origin(shapes()[kind]);
            // Only must not panic; the solver refuses what is not finite.
            let _ = push(&shape, Vec3A::from_slice(&numbers), numbers[3]);
        }
    }
}
