//! `visavis demo`: the service scenes, in a window or as pictures.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::print;
use crate::avatar::AvatarFile;
use crate::encounter::{EncounterConfig, Surface};
use crate::manner::Manner;
use crate::problem::Problem;
use crate::settings::{QualityChoice, Settings};
use crate::studio::demo::{self, Progress};
use crate::studio::scene::Scene;
use crate::words::Words;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  visavis demo\n  visavis demo --scene furious\n  visavis demo --headless --out target/demo\n  visavis demo --headless --out target/demo-en --language en"
)]
pub(super) struct DemoArgs {
    /// Scene to play (furious, refrigerator, everyday) or a scene file; all of them when left out
    #[arg(long, value_name = "NAME")]
    scene: Option<String>,
    /// Draw pictures instead of opening a window
    #[arg(long, requires = "out")]
    headless: bool,
    /// Folder for pictures and transcript.json
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Width of the pictures in pixels
    #[arg(long, default_value_t = 1280, value_parser = clap::value_parser!(u32).range(320..=7680))]
    width: u32,
    /// Height of the pictures in pixels
    #[arg(long, default_value_t = 720, value_parser = clap::value_parser!(u32).range(180..=4320))]
    height: u32,
}

pub(super) fn run(settings: &Settings, args: &DemoArgs) -> Result<ExitCode, Problem> {
    let scenes = choose_scenes(args.scene.as_deref())?;
    let language = settings.language();
    let words = Words::new(language);
    let avatar = super::preview::open_avatar(settings)?;
    match &args.out {
        Some(out) if args.headless => headless(settings, args, &scenes, words, avatar, out),
        _ => {
            super::preview::require_display()?;
            let surface = Surface::Window { width: settings.window.width, height: settings.window.height };
            let config =
                EncounterConfig { surface, quality: settings.quality, words, avatar, manner: Manner::of(settings) };
            let exit = demo::play_in_window(config, scenes, language)?;
            Ok(super::preview::exit_code(&exit))
        }
    }
}

fn headless(
    settings: &Settings,
    args: &DemoArgs,
    scenes: &[Scene],
    words: Words,
    avatar: AvatarFile,
    out: &Path,
) -> Result<ExitCode, Problem> {
    let surface = Surface::Image { width: args.width, height: args.height, step: demo::step() };
    // Pictures are few and are looked at closely: draw them as well as can be, whatever the adapter.
    let quality = match settings.quality {
        QualityChoice::Auto => QualityChoice::High,
        chosen => chosen,
    };
    let mut bar = Bar::new(words);
    let config = EncounterConfig { surface, quality, words, avatar, manner: Manner::of(settings) };
    let result = demo::play_headless(config, scenes, settings.language(), out, &mut bar)?;
    bar.finish();
    for picture in &result.pictures {
        print::line(words.text_with("demo-picture", &[("file", picture.display().to_string().into())]))?;
    }
    print::line(words.text_with("demo-transcript", &[("file", result.transcript.display().to_string().into())]))?;
    Ok(ExitCode::SUCCESS)
}

fn choose_scenes(wanted: Option<&str>) -> Result<Vec<Scene>, Problem> {
    let scenes = Scene::built_in()?;
    let Some(wanted) = wanted else { return Ok(scenes) };
    if let Some(scene) = scenes.iter().find(|scene| scene.name == wanted) {
        return Ok(vec![scene.clone()]);
    }
    let names: Vec<&str> = scenes.iter().map(|scene| scene.name.as_str()).collect();
    let path = Path::new(wanted);
    if path.extension().is_some_and(|extension| extension == "toml") {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Problem::new("cannot open scene", wanted, error, "give the path of a scene file"))?;
        return Ok(vec![Scene::parse(&text, wanted)?]);
    }
    Err(Problem::new(
        "cannot play scene",
        format!("--scene {wanted}"),
        format!("there is no such scene; there are {}", names.join(", ")),
        "choose one of them, or give the path of a .toml file",
    ))
}

/// Progress on the terminal.
struct Bar {
    bar: ProgressBar,
    words: Words,
}

impl Bar {
    fn new(words: Words) -> Self {
        let bar = ProgressBar::new(1000);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {percent:>3}% {msg}") {
            bar.set_style(style);
        }
        Self { bar, words }
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn scene(&mut self, number: usize, total: usize, title: &str) {
        self.bar.set_message(
            self.words.text_with(
                "demo-scene",
                &[("number", number.into()), ("total", total.into()), ("title", title.into())],
            ),
        );
    }

    fn share(&mut self, share: f32) {
        self.bar.set_position((share * 1000.0) as u64);
    }

    fn picture(&mut self, file: &Path) {
        self.bar.println(self.words.text_with("demo-picture", &[("file", file.display().to_string().into())]));
    }
}
