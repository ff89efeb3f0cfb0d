//! Which graphics adapter a renderer would get here.

use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::renderer::RenderAdapterInfo;
use bevy::window::ExitCondition;

/// A graphics adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adapter {
    /// Its name.
    pub name: String,
    /// The interface it is reached by, such as `Vulkan`.
    pub backend: String,
    /// Whether a processor does the drawing.
    pub software: bool,
}

/// Starts a renderer without a window just to see what it gets; `None` where nothing can draw.
#[must_use]
pub fn adapter() -> Option<Adapter> {
    let mut app = App::new();
    app.add_plugins((
        MinimalPlugins,
        bevy::asset::AssetPlugin::default(),
        WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() },
        RenderPlugin::default(),
    ));
    while app.plugins_state() == bevy::app::PluginsState::Adding {
        bevy::tasks::tick_global_task_pools_on_main_thread();
    }
    app.finish();
    let info = app.world().get_resource::<RenderAdapterInfo>()?;
    Some(Adapter {
        name: info.name.clone(),
        backend: format!("{:?}", info.backend),
        software: format!("{:?}", info.device_type) == "Cpu",
    })
}
