//! The app that window and headless runs share: the same plugins, another surface and clock.

use std::time::Duration;

use bevy::asset::RenderAssetUsages;
use bevy::camera::RenderTarget;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat, TextureUsages};
use bevy::time::TimeUpdateStrategy;
use bevy::window::{ExitCondition, WindowResolution};
use bevy::winit::WinitPlugin;

use super::{Agent, Behaves, EncounterPlugin, Mind, ScreenWords};
use crate::avatar::{AvatarFile, AvatarPlugin, register_source, seat};
use crate::behavior::Engine;
use crate::cards::{CardWords, CardsPlugin};
use crate::desktop::DesktopPlugin;
use crate::manner::Manner;
use crate::problem::Problem;
use crate::schedule;
use crate::settings::QualityChoice;
use crate::stage::{StagePlugin, ViewTarget};
use crate::words::Words;

/// Where the encounter is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Surface {
    /// A window with the real clock.
    Window {
        /// Logical pixels.
        width: u32,
        /// Logical pixels.
        height: u32,
    },
    /// An image with a manual clock: every update advances by the same step.
    Image {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
        /// Step of the clock.
        step: Duration,
    },
}

/// What an encounter is made of.
pub struct EncounterConfig {
    /// Where it is seen.
    pub surface: Surface,
    /// How much is drawn.
    pub quality: QualityChoice,
    /// The customer's language.
    pub words: Words,
    /// The agent's body.
    pub avatar: AvatarFile,
    /// How it behaves.
    pub manner: Manner,
}

/// Puts the app together; the caller adds a [`Link`](super::Link) and runs or steps it.
///
/// # Errors
/// A [`Problem`] where a data file of the program cannot be read, or neither window nor renderer can be had.
pub fn build_app(config: EncounterConfig) -> Result<App, Problem> {
    let engine = config.manner.engine()?;
    Problem::contain(
        "cannot draw",
        "display or graphics driver",
        "run `visavis doctor`; without a display, use `visavis demo --headless --out DIR`",
        || assemble(config, engine),
    )
}

fn assemble(config: EncounterConfig, engine: Engine) -> App {
    let mut app = bare_app(config.surface, config.words.text("app-title"));
    app.insert_resource(CardWords(config.words))
        .insert_resource(ScreenWords(config.words))
        .insert_resource(Mind::new(engine))
        .insert_resource(Behaves(config.manner))
        .add_plugins(schedule::plugin)
        .add_plugins((
            StagePlugin { quality: config.quality },
            AvatarPlugin,
            CardsPlugin,
            EncounterPlugin,
            DesktopPlugin,
        ));
    let agent = seat(app.world_mut(), Transform::IDENTITY, config.avatar);
    app.world_mut().entity_mut(agent).insert(Agent);
    app
}

/// An engine with a surface to draw on and avatars loadable from memory, and nothing in it yet. It panics where nothing can draw:
/// call it within [`Problem::contain`].
pub fn bare_app(surface: Surface, title: String) -> App {
    let mut app = App::new();
    register_source(&mut app);
    let plugins = DefaultPlugins.build().disable::<LogPlugin>();
    match surface {
        Surface::Window { width, height } => {
            app.add_plugins(plugins.set(WindowPlugin {
                primary_window: Some(Window { title, resolution: WindowResolution::new(width, height), ..default() }),
                ..default()
            }));
        }
        Surface::Image { width, height, step } => {
            app.add_plugins(
                plugins
                    .set(WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() })
                    .set(RenderPlugin { synchronous_pipeline_compilation: true, ..default() })
                    .disable::<WinitPlugin>()
                    .disable::<PipelinedRenderingPlugin>(),
            );
            app.insert_resource(TimeUpdateStrategy::ManualDuration(step));
            let target = image_target(&mut app, width, height);
            app.insert_resource(ViewTarget(target));
        }
    }
    app
}

fn image_target(app: &mut App, width: u32, height: u32) -> RenderTarget {
    let mut image = Image::new_fill(
        Extent3d { width, height, depth_or_array_layers: 1 },
        TextureDimension::D2,
        &[0, 0, 0, 255],
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::default(),
    );
    image.texture_descriptor.usage |= TextureUsages::RENDER_ATTACHMENT | TextureUsages::COPY_SRC;
    RenderTarget::Image(app.world_mut().resource_mut::<Assets<Image>>().add(image).into())
}
