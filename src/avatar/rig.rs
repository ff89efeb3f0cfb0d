//! The rig: entities of the avatar by glTF node index, with the VRM runtime that drives them.

use bevy::prelude::*;

use super::load::{Candidate, NodeIndex, Spawned};
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

/// Rigs every avatar whose entities exist.
pub(super) fn build_rigs(
    avatars: Query<'_, '_, (Entity, &Candidate), (With<Spawned>, Without<Rig>)>,
    children: Query<'_, '_, &Children>,
    indices: Query<'_, '_, &NodeIndex>,
    mut commands: Commands<'_, '_>,
) {
    for (root, Candidate { file, .. }) in &avatars {
        let mut entities = vec![None; file.document.nodes.len()];
        for entity in children.iter_descendants(root) {
            if let Ok(index) = indices.get(entity)
                && let Some(slot) = entities.get_mut(index.0)
            {
                *slot = Some(entity);
            }
        }
        let found = entities.iter().flatten().count();
        info!("avatar ready: {found} of {} nodes, {}", entities.len(), file.place);
        let mut runtime = Runtime::new(file.document.clone());
        // The avatar appears in its first pose, it does not fall into it.
        runtime.reset_springs();
        commands.entity(root).try_insert(Rig { entities, face: FaceMap::for_document(&file.document), runtime });
    }
}
