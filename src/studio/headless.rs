//! Frames without a window: the encounter's app stepped by hand, pictures kept as PNG.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bevy::app::SubApps;
use bevy::prelude::*;
use bevy::render::render_resource::PollType;
use bevy::render::renderer::RenderDevice;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy::time::TimeUpdateStrategy;

use crate::avatar::AvatarState;
use crate::problem::Problem;
use crate::stage::{CustomerView, ViewTarget};

/// Updates that a picture may take to come back from the GPU.
const PICTURE_PATIENCE: usize = 64;
/// Updates that loading the avatar may take; loading runs in tasks beside the updates.
const LOAD_PATIENCE: usize = 100_000;

/// A stepped app.
pub struct Stepper {
    sub_apps: SubApps,
}

impl Stepper {
    /// Takes an app built for [`Surface::Image`](crate::encounter::Surface) and brings it to the point where
    /// avatar and room stand.
    ///
    /// # Errors
    /// A [`Problem`] without a graphics adapter, or where the avatar cannot be loaded.
    pub fn start(mut app: App) -> Result<Self, Problem> {
        if app.world().get_resource::<RenderDevice>().is_none() && !app.is_plugin_added::<bevy::render::RenderPlugin>()
        {
            return Err(no_adapter());
        }
        // The device is created asynchronously; plugins are ready once it is there.
        while app.plugins_state() == bevy::app::PluginsState::Adding {
            bevy::tasks::tick_global_task_pools_on_main_thread();
        }
        app.finish();
        app.cleanup();
        if app.world().get_resource::<RenderDevice>().is_none() {
            return Err(no_adapter());
        }
        let mut stepper = Self { sub_apps: std::mem::take(app.sub_apps_mut()) };
        // The first frame spawns the views; nothing is worth drawing before the first picture.
        stepper.step();
        stepper.set_drawing(false);
        for _ in 0..LOAD_PATIENCE {
            stepper.step();
            let world = stepper.world_mut();
            let mut all_ready = true;
            for state in world.query::<&AvatarState>().iter(world) {
                match state {
                    AvatarState::Ready => {}
                    AvatarState::Failed(problem) => return Err(problem.clone()),
                    AvatarState::Loading => all_ready = false,
                }
            }
            if all_ready {
                return Ok(stepper);
            }
            std::thread::yield_now();
        }
        Err(Problem::new("cannot load avatar", "renderer", "it did not become ready", "run `visavis doctor`"))
    }

    /// The main world.
    pub fn world(&self) -> &World {
        self.sub_apps.main.world()
    }

    /// The main world, to put things in.
    pub fn world_mut(&mut self) -> &mut World {
        self.sub_apps.main.world_mut()
    }

    /// One frame.
    pub fn step(&mut self) {
        self.sub_apps.update();
    }

    /// Whether the customer's views are drawn; between pictures they are not, which makes a scene play fast.
    pub fn set_drawing(&mut self, drawing: bool) {
        let world = self.world_mut();
        let mut views =
            world.query_filtered::<&mut Camera, Or<(With<CustomerView>, With<crate::desktop::InterfaceView>)>>();
        for mut camera in views.iter_mut(world) {
            camera.is_active = drawing;
        }
    }

    /// Draws this moment. The clock does not advance: pictures show what is, they do not move it.
    ///
    /// # Errors
    /// A [`Problem`] where the picture does not come back.
    pub fn picture(&mut self) -> Result<image::RgbaImage, Problem> {
        let Some(target) = self.world().resource::<ViewTarget>().0.as_image().cloned() else {
            return Err(Problem::new("cannot draw picture", "renderer", "the app draws to a window", "use an image"));
        };
        let step = match self.world().resource::<TimeUpdateStrategy>() {
            TimeUpdateStrategy::ManualDuration(step) => *step,
            _ => Duration::ZERO,
        };
        self.world_mut().insert_resource(TimeUpdateStrategy::ManualDuration(Duration::ZERO));
        // Layout and card textures catch up first; drawing the scene is what costs.
        for _ in 0..2 {
            self.step();
        }
        self.set_drawing(true);
        // What comes into view gets its morph weights one frame later, and the very first frame uploads meshes and
        // compiles shaders.
        self.step();
        let taken: Arc<Mutex<Option<Image>>> = Arc::default();
        let sink = taken.clone();
        self.world_mut().spawn(Screenshot::image(target)).observe(move |captured: On<'_, '_, ScreenshotCaptured>| {
            if let Ok(mut slot) = sink.lock() {
                *slot = Some(captured.image.clone());
            }
        });
        self.step();
        self.set_drawing(false);
        let mut image = None;
        for _ in 0..PICTURE_PATIENCE {
            self.step();
            if let Some(device) = self.world().get_resource::<RenderDevice>() {
                // A lost device shows as a picture that never comes; the loop's end reports it.
                let _ = device.wgpu_device().poll(PollType::Wait { submission_index: None, timeout: None });
            }
            image = taken.lock().ok().and_then(|mut slot| slot.take());
            if image.is_some() {
                break;
            }
        }
        self.world_mut().insert_resource(TimeUpdateStrategy::ManualDuration(step));
        image.and_then(|image| image.try_into_dynamic().ok()).map(|image| image.to_rgba8()).ok_or_else(|| {
            Problem::new("cannot draw picture", "renderer", "no picture came back", "run `visavis doctor`")
        })
    }
}

fn no_adapter() -> Problem {
    Problem::new(
        "cannot draw",
        "graphics adapter",
        "there is none that Vulkan knows",
        "install a driver, or mesa-vulkan-drivers for drawing by the processor",
    )
}

/// Writes a picture as PNG.
///
/// # Errors
/// A [`Problem`] where the file cannot be written.
pub fn write_png(image: &image::RgbaImage, dir: &Path, name: &str) -> Result<PathBuf, Problem> {
    let path = dir.join(format!("{name}.png"));
    image::DynamicImage::ImageRgba8(image.clone())
        .to_rgb8()
        .save(&path)
        .map_err(|error| Problem::new("cannot write picture", path.display(), error, "check the --out folder"))?;
    Ok(path)
}
