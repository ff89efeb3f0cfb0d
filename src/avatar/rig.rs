//! The rig: entities of the avatar by glTF node index, with the VRM runtime that drives them.

use bevy::prelude::*;
use bevy::world_serialization::WorldInstanceReady;

use super::load::{AvatarFile, AvatarRoot, AvatarState, NodeIndex};
use crate::vrm::{FaceMap, Runtime};

/// Drives one avatar: the VRM runtime and the entities that its nodes became.
#[derive(Component)]
pub struct Rig {
    /// Entity of each glTF node, by node index.
    pub(super) entities: Vec<Option<Entity>>,
    /// How ARKit shapes and visemes map to this avatar's expressions.
    pub(super) face: FaceMap,
    /// The VRM runtime.
    pub(super) runtime: Runtime,
}

/// Runs once when the avatar's entities exist.
pub(super) fn build_rig(
    ready: On<'_, '_, WorldInstanceReady>,
    roots: Query<'_, '_, (), With<AvatarRoot>>,
    children: Query<'_, '_, &Children>,
    indices: Query<'_, '_, &NodeIndex>,
    file: Res<'_, AvatarFile>,
    mut state: ResMut<'_, AvatarState>,
    mut commands: Commands<'_, '_>,
) {
    if !roots.contains(ready.entity) {
        return;
    }
    let mut entities = vec![None; file.document.nodes.len()];
    for entity in children.iter_descendants(ready.entity) {
        if let Ok(index) = indices.get(entity)
            && let Some(slot) = entities.get_mut(index.0)
        {
            *slot = Some(entity);
        }
    }
    let found = entities.iter().flatten().count();
    info!("avatar ready: {found} of {} nodes", entities.len());
    let mut runtime = Runtime::new(file.document.clone());
    // The avatar appears in its first pose, it does not fall into it.
    runtime.reset_springs();
    commands.entity(ready.entity).insert(Rig { entities, face: FaceMap::for_document(&file.document), runtime });
    *state = AvatarState::Ready;
}
