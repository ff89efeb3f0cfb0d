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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[derive(Resource, Default)]
    struct Asked(Vec<PathBuf>);

    #[test]
    fn the_last_file_dropped_is_asked_for_and_one_that_only_hovers_is_not() {
        let mut app = App::new();
        app.add_message::<FileDragAndDrop>()
            .init_resource::<Asked>()
            .add_systems(Update, take_dropped_avatar)
            .add_observer(|asked: On<'_, '_, OpenAvatar>, mut all: ResMut<'_, Asked>| all.0.push(asked.path.clone()));
        let window = app.world_mut().spawn_empty().id();
        app.world_mut().spawn(Agent);
        app.update();
        for path_buf in ["a.vrm", "b.vrm"] {
            app.world_mut().write_message(FileDragAndDrop::DroppedFile { window, path_buf: path_buf.into() });
        }
        app.world_mut().write_message(FileDragAndDrop::HoveredFile { window, path_buf: "c.vrm".into() });
        app.update();
        app.update();
        assert_eq!(app.world().resource::<Asked>().0, [PathBuf::from("b.vrm")]);
    }
}
