//! `visavis demo`: the service scenes through the real desk, in a window or as pictures.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bevy::prelude::*;
use jiff::{SignedDuration, Timestamp};

use super::agent::ScriptedAgent;
use super::headless::{Stepper, write_png};
use super::record::{RecordedPicture, SceneRecord};
use super::run::{self, SceneRun};
use super::scene::Scene;
use crate::desk::{DeskConfig, EmbeddedDesk, ManualClock, StoreLocation as DeskStore};
use crate::encounter::{EncounterConfig, Link, Mind, Musing, Surface, Talk, build_app};
use crate::manner::Manner;
use crate::problem::Problem;
use crate::protocol::CustomerRef;
use crate::sync::{AgentClient, StoreLocation, SyncClient, SyncConfig};
use crate::words::Language;

/// Frames per second of the manual clock.
const STEPS_PER_SEC: u32 = 30;
/// How long the desk may take for an answer before the demo gives up.
const PATIENCE: Duration = Duration::from_secs(30);
/// The demo's day: a Monday afternoon in office hours, so that dates on cards are the same in every run.
const DEMO_TIME: &str = "2026-03-16T06:30:00Z";

/// Tells how far a demo is.
pub trait Progress {
    /// A scene begins.
    fn scene(&mut self, number: usize, total: usize, title: &str);
    /// Part of the scene that is done, 0..=1.
    fn share(&mut self, share: f32);
    /// A picture was written.
    fn picture(&mut self, file: &Path);
}

/// What a headless demo left behind.
#[derive(Debug, Clone)]
pub struct DemoResult {
    /// The scenes as they went.
    pub scenes: Vec<SceneRecord>,
    /// The pictures.
    pub pictures: Vec<PathBuf>,
    /// The transcript.
    pub transcript: PathBuf,
}

/// A desk for the demo: in memory, with the demo's own time.
///
/// # Errors
/// A [`Problem`] where it cannot start.
pub fn demo_desk() -> Result<(EmbeddedDesk, ManualClock), Problem> {
    let start: Timestamp = DEMO_TIME
        .parse()
        .map_err(|error| Problem::new("cannot start the demo", "its start time", error, "report this"))?;
    let clock = ManualClock::new(start);
    let desk = EmbeddedDesk::start(DeskConfig {
        store: DeskStore::Memory,
        clock: std::sync::Arc::new(clock.clone()),
        ..DeskConfig::default()
    })?;
    Ok((desk, clock))
}

fn parse_url(text: &str) -> Result<url::Url, Problem> {
    url::Url::parse(text).map_err(|error| Problem::new("cannot reach the desk", text, error, "report this"))
}

/// Opens a fresh conversation for a scene.
///
/// # Errors
/// A [`Problem`] where the client cannot start.
pub fn open_scene(
    desk: &EmbeddedDesk,
    scene: &Scene,
    language: Language,
    seed: u64,
) -> Result<(SyncClient, SceneRun), Problem> {
    let client = SyncClient::start(SyncConfig {
        base_url: parse_url(desk.base_url())?,
        device_key: desk.device_key().to_owned(),
        device: format!("demo-{}", scene.name),
        locale: language.tag().to_owned(),
        customer: CustomerRef {
            customer_id: Some(scene.customer.id.clone()),
            name: Some(scene.customer.name.get(language).to_owned()),
        },
        channel: "demo".to_owned(),
        store: StoreLocation::Memory,
        seed,
    })?;
    let agent = ScriptedAgent::start(AgentClient::new(parse_url(desk.base_url())?, desk.operator_key().to_owned())?);
    Ok((client, SceneRun::new(scene, agent, language)))
}

/// Plays scenes without a window and writes pictures and `transcript.json`.
///
/// # Errors
/// A [`Problem`] where a folder cannot be written, nothing can be drawn, or a scene does not go on.
pub fn play_headless(
    config: EncounterConfig,
    scenes: &[Scene],
    language: Language,
    out: &Path,
    progress: &mut dyn Progress,
) -> Result<DemoResult, Problem> {
    std::fs::create_dir_all(out)
        .map_err(|error| Problem::new("cannot write the demo", out.display(), error, "choose another --out folder"))?;
    let (desk, clock) = demo_desk()?;
    let manner = config.manner.clone();
    let mut app = build_app(config)?;
    app.add_plugins(run::plugin);
    let mut stepper = Stepper::start(app)?;
    let mut result = DemoResult { scenes: Vec::new(), pictures: Vec::new(), transcript: out.join("transcript.json") };
    for (index, scene) in scenes.iter().enumerate() {
        progress.scene(index + 1, scenes.len(), scene.title.get(language));
        let (client, run) = open_scene(&desk, scene, language, manner.seed)?;
        enter_scene(stepper.world_mut(), Link::stepped(client), run, &manner)?;
        play_one(&mut stepper, &clock, out, index, progress, &mut result)?;
        if let Some(run) = stepper.world_mut().remove_resource::<SceneRun>() {
            result.scenes.push(run.record);
        }
    }
    write_transcript(&result, language)?;
    Ok(result)
}

/// The size of step that a headless demo's clock takes.
#[must_use]
pub fn step() -> Duration {
    Duration::from_secs(1) / STEPS_PER_SEC
}

/// Puts a scene into the world: a fresh conversation, a rested mind.
fn enter_scene(world: &mut World, link: Link, run: SceneRun, manner: &Manner) -> Result<(), Problem> {
    world.insert_resource(Talk::default());
    world.insert_resource(Musing::default());
    world.insert_resource(Mind::new(manner.engine()?));
    world.insert_resource(link);
    world.insert_resource(run);
    Ok(())
}

fn play_one(
    stepper: &mut Stepper,
    clock: &ManualClock,
    out: &Path,
    index: usize,
    progress: &mut dyn Progress,
    result: &mut DemoResult,
) -> Result<(), Problem> {
    loop {
        let awaited = stepper.world().resource::<SceneRun>().awaited_event().map(str::to_owned);
        if let Some(kind) = awaited {
            let failure = stepper.world().resource::<SceneRun>().agent_failure();
            if let Some(problem) = failure {
                return Err(problem);
            }
            stepper.world_mut().resource_mut::<Link>().wait_for_event(&kind, PATIENCE)?;
        }
        stepper.step();
        clock.advance(SignedDuration::from_nanos(1_000_000_000 / i64::from(STEPS_PER_SEC)));
        progress.share(stepper.world().resource::<SceneRun>().progress());
        while let Some(name) = stepper.world_mut().resource_mut::<SceneRun>().take_picture() {
            let scene = stepper.world().resource::<SceneRun>().record.name.clone();
            let number = stepper.world().resource::<SceneRun>().record.pictures.len() + 1;
            let picture = stepper.picture()?;
            let path = write_png(&picture, out, &format!("{}-{scene}-{number}-{name}", index + 1))?;
            progress.picture(&path);
            let mut run = stepper.world_mut().resource_mut::<SceneRun>();
            let at_secs = run.secs();
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            run.record.pictures.push(RecordedPicture { at_secs, file });
            result.pictures.push(path);
        }
        if stepper.world().resource::<SceneRun>().is_over() {
            return Ok(());
        }
    }
}

fn write_transcript(result: &DemoResult, language: Language) -> Result<(), Problem> {
    let failed = |error: &dyn std::fmt::Display| {
        Problem::new("cannot write transcript", result.transcript.display(), error, "check the --out folder")
    };
    let json = serde_json::json!({ "language": language.tag(), "scenes": result.scenes });
    let text = serde_json::to_string_pretty(&json).map_err(|error| failed(&error))?;
    std::fs::write(&result.transcript, text).map_err(|error| failed(&error))
}

/// The scenes that are still to be played in a window.
#[derive(Resource)]
struct Program {
    scenes: VecDeque<Scene>,
    desk: EmbeddedDesk,
    language: Language,
    manner: Manner,
}

/// Plays scenes in a window, one after the other; the last one stays until the window is closed.
///
/// # Errors
/// A [`Problem`] where desk or client cannot start.
pub fn play_in_window(
    config: EncounterConfig,
    scenes: Vec<Scene>,
    language: Language,
) -> Result<bevy::app::AppExit, Problem> {
    let desk = EmbeddedDesk::start(DeskConfig { store: DeskStore::Memory, ..DeskConfig::default() })?;
    let manner = config.manner.clone();
    debug_assert!(matches!(config.surface, Surface::Window { .. }));
    let mut app = build_app(config)?;
    app.add_plugins(run::plugin)
        .insert_resource(Program { scenes: scenes.into(), desk, language, manner })
        .add_systems(Last, next_scene);
    Ok(app.run())
}

fn next_scene(world: &mut World) {
    if world.get_resource::<SceneRun>().is_some_and(|run| !run.is_over()) {
        // Nobody keeps pictures here.
        world.resource_mut::<SceneRun>().take_picture();
        return;
    }
    let mut program = world.resource_mut::<Program>();
    let Some(scene) = program.scenes.pop_front() else { return };
    let opened = open_scene(&program.desk, &scene, program.language, program.manner.seed);
    let manner = program.manner.clone();
    let entered = opened.and_then(|(client, run)| enter_scene(world, Link::live(client), run, &manner));
    if let Err(problem) = entered {
        error!("{problem}");
    }
}
