use glam::Quat;

use super::*;
use crate::forge::test_body;

#[test]
fn the_t_pose_lays_the_arms_level() {
    let rig = &test_body().rig;
    let joints = rig.t_joints();
    for (sign, [_, upper, lower, hand, finger]) in ARMS {
        let y = joints[rig.joint(upper)].y;
        for bone in [lower, hand, finger] {
            let at = joints[rig.joint(bone)];
            assert!((at.y - y).abs() < 1.0e-3, "{bone:?} at {at}");
            assert!(at.x * sign > joints[rig.joint(upper)].x * sign);
        }
    }
}

#[test]
fn every_bone_but_the_jaw_has_a_joint_behind_its_parent() {
    let rig = &test_body().rig;
    for bone in HumanBone::ALL.iter().filter(|bone| **bone != HumanBone::Jaw) {
        assert!(rig.joints.iter().any(|joint| joint.bone == Some(*bone)), "{bone:?}");
    }
    assert!(rig.joints.iter().enumerate().all(|(own, joint)| joint.parent.is_none_or(|parent| parent < own)));
}

#[test]
fn unskin_undoes_skin() {
    let body = test_body();
    let matrices = body.rig.pose_from_t(DesignPose::Hanging);
    let points = body.rig.t_pose(&body.shape);
    let there = skin(&points, &body.rig.weights, &matrices);
    let back = unskin(&there, &body.rig.weights, &matrices);
    assert!(points.iter().zip(&back).all(|(a, b)| a.distance(*b) < 1.0e-3));
    let normals = vec![Vec3::Y; points.len()];
    let there = skin_normals(&normals, &body.rig.weights, &matrices);
    let back = unskin_normals(&there, &body.rig.weights, &matrices);
    assert!(normals.iter().zip(&back).all(|(a, b)| a.dot(*b) > 0.999));
}

#[test]
fn hanging_arms_are_the_same_from_a_and_from_t_for_rigid_points() {
    let rig = &test_body().rig;
    let hand = rig.joint(HumanBone::LeftHand);
    let from_a = rig.pose(DesignPose::Hanging)[hand].transform_point3(rig.joints[hand].rest);
    let from_t = rig.pose_from_t(DesignPose::Hanging)[hand].transform_point3(rig.t_joints()[hand]);
    assert!(from_a.distance(from_t) < 1.0e-4);
    let turned = rig.posed(&[(HumanBone::Hips, Quat::from_rotation_y(1.0))]);
    let hips = rig.joint(HumanBone::Hips);
    assert!(turned[hips].transform_point3(rig.t_joints()[hips]).distance(rig.t_joints()[hips]) < 1.0e-5);
}

#[test]
fn the_strongest_four_sum_to_one() {
    let four = strongest(vec![(7, 0.2), (3, 0.1), (7, 0.2), (1, 0.05), (2, 0.3), (9, 0.15)]);
    assert_eq!(four.map(|(joint, _)| joint), [7, 2, 9, 3]);
    assert!((four.iter().map(|(_, weight)| weight).sum::<f32>() - 1.0).abs() < 1.0e-6);
    assert_eq!(strongest(Vec::new())[0], (0, 1.0));
}

#[test]
fn a_fold_turns_by_half_of_its_bone_and_about_the_same_place() {
    let rig = &test_body().rig;
    let joints = rig.t_joints();
    for bone in FOLDS {
        let (own, fold) = (rig.joint(bone), rig.fold(bone));
        assert_ne!(own, fold, "{bone:?}");
        let turn = Quat::from_rotation_z(1.2) * Quat::from_rotation_x(0.4);
        let posed = rig.posed(&[(bone, turn)]);
        let turned = Quat::from_mat3a(&posed[fold].matrix3);
        assert!((turned.angle_between(turn) - turned.angle_between(Quat::IDENTITY)).abs() < 1.0e-4, "{bone:?}");
        assert!(posed[fold].transform_point3(joints[own]).distance(joints[own]) < 1.0e-4, "{bone:?}");
    }
}
