//! Which graphics adapter a renderer would get here.

use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::renderer::RenderAdapterInfo;
use bevy::window::ExitCondition;
use bevy::winit::WinitPlugin;

use crate::problem::Problem;

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
    Problem::contain("cannot draw", "graphics driver", "install one", probe).ok().flatten()
}

fn probe() -> Option<Adapter> {
    let mut app = App::new();
    let no_window = WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() };
    app.add_plugins(DefaultPlugins.build().set(no_window).disable::<WinitPlugin>().disable::<LogPlugin>());
    app.finish();
    let info = app.world().get_resource::<RenderAdapterInfo>()?;
    Some(Adapter {
        name: info.name.clone(),
        backend: format!("{:?}", info.backend),
        software: format!("{:?}", info.device_type) == "Cpu",
    })
}
