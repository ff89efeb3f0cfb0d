//! Carries the composed pose onto the avatar's entities: the last step, and the only writer of bones and morphs.

use bevy::mesh::morph::{MeshMorphWeights, MorphWeights};
use bevy::prelude::*;

use super::rig::Rig;
use super::seat::{HeldExpressions, PoseNow};
use crate::vrm::{Input, Root};

pub(super) fn apply_pose(
    time: Res<'_, Time>,
    seats: Query<'_, '_, (&PoseNow, Ref<'_, HeldExpressions>)>,
    mut rigs: Query<'_, '_, (&mut Rig, &ChildOf)>,
    mut transforms: Query<'_, '_, &mut Transform>,
    mut morphs: Query<'_, '_, &mut MorphWeights>,
) {
    for (mut rig, child) in &mut rigs {
        let rig = &mut *rig;
        let Ok((PoseNow(pose), held)) = seats.get(child.parent()) else { continue };
        if held.is_changed() {
            rig.runtime.reset_weights();
        }
        rig.face.drive(&pose.face, &pose.visemes, &mut rig.runtime);
        for (name, weight) in &held.0 {
            if let Some(handle) = rig.runtime.expression_handle(name) {
                rig.runtime.set_weight(handle, *weight);
            }
        }
        let place = transforms.get(child.parent()).copied().unwrap_or_default();
        let output = rig.runtime.update(&Input {
            bones: &pose.bones,
            hips_offset: pose.hips_offset,
            eyes: pose.eyes(),
            root: Root { translation: place.translation, rotation: place.rotation, scale: place.scale.x },
            dt_secs: time.delta_secs(),
        });
        for node in &output.nodes {
            let Some(entity) = rig.entities.get(node.node).copied().flatten() else { continue };
            let Ok(mut transform) = transforms.get_mut(entity) else { continue };
            transform.rotation = node.rotation;
            if let Some(translation) = node.translation {
                transform.translation = translation;
            }
        }
        for moved in &output.morphs {
            let Some(entity) = rig.entities.get(moved.node).copied().flatten() else { continue };
            let Ok(mut target) = morphs.get_mut(entity) else { continue };
            let slots = target.weights_mut();
            let count = slots.len().min(moved.weights.len());
            slots[..count].copy_from_slice(&moved.weights[..count]);
        }
    }
}

/// Has the renderer collect every mesh with morph targets anew in this frame.
///
/// Bevy 0.19 gives a mesh its place in the table of morph weights one frame after the mesh came into view, and
/// tells the mesh only if something else about it changes. A skinned head does not move by itself: without this,
/// a face that was out of view for a moment would come back rigid.
pub(super) fn keep_morphs_live(mut meshes: Query<'_, '_, &mut GlobalTransform, With<MeshMorphWeights>>) {
    for mut transform in &mut meshes {
        transform.set_changed();
    }
}
