//! An avatar file dropped onto the window becomes the agent's body.

use bevy::prelude::*;
use bevy::window::FileDragAndDrop;

use crate::avatar::OpenAvatar;
use crate::encounter::Agent;

/// Of several files the last counts, as it does of several drops.
pub(super) fn take_dropped_avatar(
    mut drops: MessageReader<'_, '_, FileDragAndDrop>,
    agents: Query<'_, '_, Entity, With<Agent>>,
    mut commands: Commands<'_, '_>,
) {
    let dropped = drops.read().filter_map(|drop| match drop {
        FileDragAndDrop::DroppedFile { path_buf, .. } => Some(path_buf.clone()),
        _ => None,
    });
    if let (Some(path), Ok(seat)) = (dropped.last(), agents.single()) {
        commands.trigger(OpenAvatar { seat, path });
    }
}
