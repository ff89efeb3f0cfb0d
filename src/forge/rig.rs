//! The skeleton: joints, weights, and the poses between which meshes are carried.

use glam::{Affine3A, Mat3A, Quat, Vec3, Vec3A};

use super::data::BodyData;
use crate::vrm::HumanBone;

/// Most joints that a rig can have: a joint is a byte in the file.
pub const MAX_JOINTS: usize = 256;
/// The collar bones rise by this from the hanging arm to the T-pose: shoulders stay natural with level arms.
const COLLAR_RISE_DEG: f32 = 8.0;
/// How far below the horizontal the upper arms hang in the pose in which clothes are made.
const HANG_DEG: f32 = 66.0;
/// Bend of the elbow in that pose.
const ELBOW_DEG: f32 = 16.0;
/// Vertices of the helper surfaces of the left and the right eye.
pub const EYES: [std::ops::Range<usize>; 2] = [14_598..14_670, 14_670..14_742];

/// Where cloth folds: a joint there turns by half of the bone's turn, so that what is drawn between the two sides of
/// the fold neither shrinks nor swells.
pub const FOLDS: [HumanBone; 4] =
    [HumanBone::LeftUpperArm, HumanBone::RightUpperArm, HumanBone::LeftLowerArm, HumanBone::RightLowerArm];
/// The share of the bone's turn.
pub const FOLD_SHARE: f32 = 0.5;

/// Up to four joints and their weights, summing to one; unused ones are joint 0 with weight 0.
pub type Influence = [(u16, f32); 4];

/// A joint.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// `root`, the VRM name of its bone, or that name with `Fold`.
    pub name: String,
    /// Its bone; the root and folds have none.
    pub bone: Option<HumanBone>,
    /// The joint of which a fold takes over [`FOLD_SHARE`] of the turn.
    pub follows: Option<usize>,
    /// Index of its parent, smaller than its own.
    pub parent: Option<usize>,
    /// Position in the A-pose of the data, decimeters.
    pub rest: Vec3,
}

/// A pose between which meshes are carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesignPose {
    /// As in the data: arms 47.5° below the horizontal.
    A,
    /// Arms level: the bind pose of the avatar file.
    T,
    /// Arms hanging, elbows slightly bent: clothes are made in this one.
    Hanging,
}

/// The skeleton of a shaped person.
#[derive(Debug, Clone, PartialEq)]
pub struct Rig {
    /// Joints, parents first; behind those of the data the eyes and the [`FOLDS`].
    pub joints: Vec<Joint>,
    /// Weights of every base vertex.
    pub weights: Vec<Influence>,
    t_from_a: Vec<Affine3A>,
}

impl Rig {
    /// Fits the skeleton into a shape of the base mesh.
    #[must_use]
    pub fn new(data: &BodyData, shape: &[Vec3]) -> Self {
        let mut joints: Vec<Joint> = data
            .joints
            .iter()
            .map(|rule| Joint {
                name: rule.name.clone(),
                bone: HumanBone::from_name(&rule.name),
                follows: None,
                parent: rule.parent,
                rest: mean(rule.vertices.iter().map(|vertex| shape[*vertex as usize])),
            })
            .collect();
        let head = joints.iter().position(|joint| joint.bone == Some(HumanBone::Head));
        for (bone, eye) in [HumanBone::LeftEye, HumanBone::RightEye].into_iter().zip(EYES) {
            let rest = mean(shape.get(eye).unwrap_or_default().iter().copied());
            joints.push(Joint { name: bone.name().to_owned(), bone: Some(bone), follows: None, parent: head, rest });
        }
        for bone in FOLDS {
            let Some(at) = joints.iter().position(|joint| joint.bone == Some(bone)) else { continue };
            let Joint { parent, rest, .. } = joints[at];
            joints.push(Joint { name: format!("{}Fold", bone.name()), bone: None, follows: Some(at), parent, rest });
        }
        let mut rig = Self { joints, weights: data.weights.clone(), t_from_a: Vec::new() };
        rig.t_from_a = rig.level_arms();
        rig
    }

    /// Index of the joint of a bone; the root's where there is none.
    #[must_use]
    pub fn joint(&self, bone: HumanBone) -> usize {
        self.joints.iter().position(|joint| joint.bone == Some(bone)).unwrap_or(0)
    }

    /// Index of the joint where cloth folds at a bone; the bone's own where there is none.
    #[must_use]
    pub fn fold(&self, bone: HumanBone) -> usize {
        let own = self.joint(bone);
        self.joints.iter().position(|joint| joint.follows == Some(own)).unwrap_or(own)
    }

    /// Full weight on one bone.
    #[must_use]
    pub fn only(&self, bone: HumanBone) -> Influence {
        [(self.joint(bone) as u16, 1.0), (0, 0.0), (0, 0.0), (0, 0.0)]
    }

    /// Matrices that carry points of the A-pose into a pose.
    #[must_use]
    pub fn pose(&self, pose: DesignPose) -> Vec<Affine3A> {
        match pose {
            DesignPose::A => vec![Affine3A::IDENTITY; self.joints.len()],
            DesignPose::T => self.t_from_a.clone(),
            DesignPose::Hanging => {
                self.pose_from_t(pose).iter().zip(&self.t_from_a).map(|(hang, level)| *hang * *level).collect()
            }
        }
    }

    /// Matrices that carry points of the T-pose into a pose: [`unskin`] with them brings cloth into the file's bind.
    #[must_use]
    pub fn pose_from_t(&self, pose: DesignPose) -> Vec<Affine3A> {
        match pose {
            DesignPose::A => self.t_from_a.iter().map(Affine3A::inverse).collect(),
            DesignPose::T => vec![Affine3A::IDENTITY; self.joints.len()],
            DesignPose::Hanging => self.posed(&hanging()),
        }
    }

    /// Matrices that carry points of the T-pose into one with these local rotations.
    #[must_use]
    pub fn posed(&self, rotations: &[(HumanBone, Quat)]) -> Vec<Affine3A> {
        let turn = |joint: &Joint| {
            let found = rotations.iter().find(|(bone, _)| Some(*bone) == joint.bone);
            found.map_or(Quat::IDENTITY, |(_, rotation)| *rotation)
        };
        let local = |joint: &Joint| {
            Mat3A::from_quat(match joint.follows {
                Some(source) => Quat::IDENTITY.slerp(turn(&self.joints[source]), FOLD_SHARE),
                None => turn(joint),
            })
        };
        let rests = self.t_joints();
        self.chain(&rests, self.joints.iter().map(local))
    }

    /// Positions of the joints in the T-pose, decimeters.
    #[must_use]
    pub fn t_joints(&self) -> Vec<Vec3> {
        self.joints.iter().zip(&self.t_from_a).map(|(joint, matrix)| matrix.transform_point3(joint.rest)).collect()
    }

    /// Carries the base mesh from the A-pose into the T-pose.
    #[must_use]
    pub fn t_pose(&self, shape: &[Vec3]) -> Vec<Vec3> {
        skin(shape, &self.weights, &self.t_from_a)
    }

    /// Each joint turned about itself by a local matrix, parents first.
    fn chain(&self, rests: &[Vec3], locals: impl Iterator<Item = Mat3A>) -> Vec<Affine3A> {
        let mut matrices: Vec<Affine3A> = Vec::with_capacity(self.joints.len());
        for ((joint, rest), turn) in self.joints.iter().zip(rests).zip(locals) {
            let rest = Vec3A::from(*rest);
            let own = Affine3A { matrix3: turn, translation: rest - turn * rest };
            matrices.push(joint.parent.map_or(own, |parent| matrices[parent] * own));
        }
        matrices
    }

    /// A-pose to T-pose: the collar bone rises, then upper arm, lower arm and hand are laid along the x axis.
    fn level_arms(&self) -> Vec<Affine3A> {
        let mut turns = vec![Mat3A::IDENTITY; self.joints.len()];
        for (sign, [collar, upper, lower, hand, finger]) in ARMS {
            let [collar, upper, lower, hand, finger] = [collar, upper, lower, hand, finger].map(|b| self.joint(b));
            turns[collar] = Mat3A::from_rotation_z(sign * COLLAR_RISE_DEG.to_radians());
            let mut above = turns[collar];
            for (from, to) in [(upper, lower), (lower, hand), (hand, finger)] {
                let along = above * Vec3A::from(self.joints[to].rest - self.joints[from].rest);
                let along = Vec3::from(along).try_normalize().unwrap_or(Vec3::X * sign);
                let turn = Mat3A::from_quat(Quat::from_rotation_arc(along, Vec3::X * sign));
                turns[from] = above.transpose() * turn * above;
                above = turn * above;
            }
        }
        let rests: Vec<Vec3> = self.joints.iter().map(|joint| joint.rest).collect();
        self.chain(&rests, turns.into_iter())
    }
}

const ARMS: [(f32, [HumanBone; 5]); 2] = [
    (
        1.0,
        [
            HumanBone::LeftShoulder,
            HumanBone::LeftUpperArm,
            HumanBone::LeftLowerArm,
            HumanBone::LeftHand,
            HumanBone::LeftMiddleProximal,
        ],
    ),
    (
        -1.0,
        [
            HumanBone::RightShoulder,
            HumanBone::RightUpperArm,
            HumanBone::RightLowerArm,
            HumanBone::RightHand,
            HumanBone::RightMiddleProximal,
        ],
    ),
];

/// Local rotations from the T-pose to hanging arms.
fn hanging() -> Vec<(HumanBone, Quat)> {
    ARMS.iter()
        .flat_map(|(sign, [collar, upper, lower, ..])| {
            [
                (*collar, Quat::from_rotation_z(-sign * COLLAR_RISE_DEG.to_radians())),
                (*upper, Quat::from_rotation_z(-sign * HANG_DEG.to_radians())),
                (*lower, Quat::from_rotation_y(-sign * ELBOW_DEG.to_radians())),
            ]
        })
        .collect()
}

fn mean(points: impl ExactSizeIterator<Item = Vec3>) -> Vec3 {
    let count = points.len().max(1) as f32;
    points.sum::<Vec3>() / count
}

/// The blended matrix of a vertex. Joints beyond the matrices (those of springs) count as unmoved.
#[must_use]
pub fn blend(influence: &Influence, matrices: &[Affine3A]) -> Affine3A {
    let mut matrix3 = Mat3A::ZERO;
    let mut translation = Vec3A::ZERO;
    for (joint, weight) in influence {
        if *weight > 0.0 {
            let matrix = matrices.get(usize::from(*joint)).copied().unwrap_or(Affine3A::IDENTITY);
            matrix3 += matrix.matrix3 * *weight;
            translation += matrix.translation * *weight;
        }
    }
    Affine3A { matrix3, translation }
}

/// Linear blend skinning of points.
#[must_use]
pub fn skin(points: &[Vec3], weights: &[Influence], matrices: &[Affine3A]) -> Vec<Vec3> {
    points.iter().zip(weights).map(|(point, weight)| blend(weight, matrices).transform_point3(*point)).collect()
}

/// Linear blend skinning of normals, as a shader does it: by the inverse transpose.
#[must_use]
pub fn skin_normals(normals: &[Vec3], weights: &[Influence], matrices: &[Affine3A]) -> Vec<Vec3> {
    let turn = |(normal, weight): (&Vec3, &Influence)| {
        let matrix = blend(weight, matrices).matrix3.inverse().transpose();
        Vec3::from(matrix * Vec3A::from(*normal)).normalize_or(*normal)
    };
    normals.iter().zip(weights).map(turn).collect()
}

/// The points that [`skin`] carries to these.
#[must_use]
pub fn unskin(points: &[Vec3], weights: &[Influence], matrices: &[Affine3A]) -> Vec<Vec3> {
    points.iter().zip(weights).map(|(p, weight)| blend(weight, matrices).inverse().transform_point3(*p)).collect()
}

/// The normals that [`skin_normals`] carries to these.
#[must_use]
pub fn unskin_normals(normals: &[Vec3], weights: &[Influence], matrices: &[Affine3A]) -> Vec<Vec3> {
    let turn = |(normal, weight): (&Vec3, &Influence)| {
        let matrix = blend(weight, matrices).matrix3.transpose();
        Vec3::from(matrix * Vec3A::from(*normal)).normalize_or(*normal)
    };
    normals.iter().zip(weights).map(turn).collect()
}

/// The four strongest of any number of influences, summing to one; joint 0 where there are none.
#[must_use]
pub fn strongest(mut all: Vec<(u16, f32)>) -> Influence {
    all.sort_unstable_by_key(|(joint, _)| *joint);
    all.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut four = Influence::default();
    for (slot, found) in four.iter_mut().zip(all.into_iter().filter(|(_, weight)| *weight > 1.0e-5)) {
        *slot = found;
    }
    let sum: f32 = four.iter().map(|(_, weight)| weight).sum();
    if sum > 0.0 {
        four.iter_mut().for_each(|(_, weight)| *weight /= sum);
    } else {
        four[0].1 = 1.0;
    }
    four
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests;
