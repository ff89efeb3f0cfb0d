//! `visavis studio`: plays scenes without a window and measures how the agent moves.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::print;
use crate::manner::Manner;
use crate::problem::Problem;
use crate::settings::Settings;
use crate::studio::report::Take;
use crate::studio::script::Script;
use crate::studio::{take, write};
use crate::vrm::{BUILT_IN_AVATAR, Document};
use crate::words::{Language, Words};

#[derive(Debug, Args)]
pub(super) struct StudioArgs {
    #[command(subcommand)]
    command: StudioCommand,
}

#[derive(Debug, Subcommand)]
enum StudioCommand {
    /// Play scenes, measure every guard and write a report
    #[command(
        after_help = "Examples:\n  visavis studio run all --out target/studio                            every scene of the program\n  visavis studio run idle --seed 1 --seed 2 --minutes 60 --out target/idle  an hour at rest under two seeds\n  visavis studio run scene-1-furious --pictures --out target/furious    with a contact sheet\n  visavis studio run jumps --golden golden --out target/jumps           compare with stored curves\n  visavis studio run jumps --golden golden --update --out target/jumps"
    )]
    Run(RunArgs),
}

#[derive(Debug, Args)]
struct RunArgs {
    /// Scenes: names, .toml files, or all
    #[arg(required = true, value_name = "SCENE")]
    scenes: Vec<String>,
    /// Avatar files; the avatar of the settings when left out
    #[arg(id = "avatar", long, value_name = "FILE")]
    avatars: Vec<PathBuf>,
    /// Seeds of what varies; the seed of the settings when left out
    #[arg(id = "seed", long, value_name = "N")]
    seeds: Vec<u64>,
    /// Frames per second
    #[arg(long, value_name = "HZ", default_value_t = 90, value_parser = clap::value_parser!(u16).range(30..=240))]
    rate: u16,
    /// Minutes to play instead of the scene's own length
    #[arg(long, value_name = "M")]
    minutes: Option<f32>,
    /// Folder of stored curves to compare with
    #[arg(long, value_name = "DIR")]
    golden: Option<PathBuf>,
    /// Accept this run's curves as golden
    #[arg(long, requires = "golden")]
    update: bool,
    /// Draw eight moments of every take on a contact sheet
    #[cfg(feature = "desktop")]
    #[arg(long)]
    pictures: bool,
    /// Folder for the report
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn run(settings: &Settings, args: &StudioArgs) -> Result<ExitCode, Problem> {
    match &args.command {
        StudioCommand::Run(args) => play(settings, args),
    }
}

fn play(settings: &Settings, args: &RunArgs) -> Result<ExitCode, Problem> {
    let words = Words::new(settings.language());
    let scripts = scripts(settings, args)?;
    let avatars = avatars(settings, args)?;
    let seeds = if args.seeds.is_empty() { vec![settings.seed] } else { args.seeds.clone() };
    let count = scripts.len() * avatars.len() * seeds.len();
    let bar = ProgressBar::new(1000 * count as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {percent:>3}% {msg}") {
        bar.set_style(style);
    }
    let mut takes: Vec<Take> = Vec::with_capacity(count);
    for script in &scripts {
        bar.set_message(script.title.get(settings.language()).to_owned());
        for (name, document) in &avatars {
            for seed in &seeds {
                let done = 1000 * takes.len() as u64;
                let progress = |share: f32| bar.set_position(done + (1000.0 * share) as u64);
                let manner = Manner { seed: *seed, ..Manner::of(settings) };
                takes.push(take::take(script, name, document.clone(), &manner, f32::from(args.rate), progress)?);
            }
        }
    }
    bar.finish_and_clear();
    #[cfg(feature = "desktop")]
    if args.pictures {
        draw(settings, args, &mut takes)?;
    }
    for take in &takes {
        print::line(told(take, words))?;
    }
    for file in write::write_run(&takes, settings.language(), &args.out)? {
        print::line(words.text_with("studio-report", &[("file", file.display().to_string().into())]))?;
    }
    let same = match &args.golden {
        Some(golden) if args.update => {
            let file = write::accept(&takes, golden)?;
            print::line(words.text_with("studio-accepted", &[("file", file.display().to_string().into())]))?;
            true
        }
        Some(golden) => compare(&takes, golden, words)?,
        None => true,
    };
    let fine = same && takes.iter().all(Take::passes);
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Puts a contact sheet into every take, avatar by avatar: opening one takes longer than a picture.
#[cfg(feature = "desktop")]
fn draw(settings: &Settings, args: &RunArgs, takes: &mut [Take]) -> Result<(), Problem> {
    use crate::avatar::AvatarFile;
    use crate::studio::portrait::Portrait;
    use crate::studio::reel;

    let files = avatar_files(settings, args);
    let opened: Vec<AvatarFile> = if files.is_empty() {
        vec![AvatarFile::built_in()?]
    } else {
        files.into_iter().map(|file| AvatarFile::open(file)).collect::<Result<_, _>>()?
    };
    let words = Words::new(settings.language());
    let bar = ProgressBar::new(takes.iter().map(|take| take.stills.len() as u64).sum());
    let avatars = opened.len();
    for (nth, avatar) in opened.into_iter().enumerate() {
        let mut portrait = Portrait::open(reel::config(avatar, settings.quality))?;
        // Takes come scene by scene, of each avatar one for every seed.
        let seeds = args.seeds.len().max(1);
        for take in takes.iter_mut().enumerate().filter(|(at, _)| at / seeds % avatars == nth).map(|(_, take)| take) {
            take.sheet = Some(reel::draw(&mut portrait, &take.stills, words, || bar.inc(1))?);
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn compare(takes: &[Take], golden: &Path, words: Words) -> Result<bool, Problem> {
    let difference = write::compare(takes, golden)?;
    match &difference {
        Some(difference) => {
            print::line(words.text_with("studio-difference", &[("difference", difference.to_string().into())]))?;
        }
        None => print::line(words.text("studio-same"))?,
    }
    Ok(difference.is_none())
}

/// What is outside its limits, a line a value.
fn told(take: &Take, words: Words) -> String {
    let broken: Vec<_> = take.outcomes.iter().filter(|outcome| !outcome.measure.passes()).collect();
    let head = words.text_with(
        "studio-take",
        &[
            ("scene", take.scene.clone().into()),
            ("avatar", take.avatar.clone().into()),
            ("seed", take.seed.to_string().into()),
            ("broken", broken.len().into()),
            ("total", take.outcomes.len().into()),
        ],
    );
    let lines = broken.into_iter().map(|outcome| {
        let measure = outcome.measure;
        words.text_with(
            "studio-broken",
            &[
                ("guard", outcome.id.into()),
                ("what", if words.language() == Language::ZhCn { measure.zh() } else { measure.what }.into()),
                ("value", format!("{:.3}", measure.value).into()),
                ("limit", measure.limit.to_string().into()),
                ("secs", format!("{:.2}", measure.at_secs).into()),
            ],
        )
    });
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
}

fn scripts(settings: &Settings, args: &RunArgs) -> Result<Vec<Script>, Problem> {
    let language = settings.language();
    let built_in = Script::built_in(language)?;
    let mut scripts = Vec::new();
    for wanted in &args.scenes {
        if wanted == "all" {
            scripts.extend(built_in.iter().cloned());
        } else if let Some(script) = built_in.iter().find(|script| script.name == *wanted) {
            scripts.push(script.clone());
        } else if Path::new(wanted).extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(wanted)
                .map_err(|error| Problem::new("cannot open scene", wanted, error, "give the path of a .toml file"))?;
            scripts.push(Script::parse(&text, wanted, language)?);
        } else {
            let names: Vec<&str> = built_in.iter().map(|script| script.name.as_str()).collect();
            return Err(Problem::new(
                "cannot play scene",
                wanted,
                format!("there is no such scene; there are {}", names.join(", ")),
                "choose one of them, or give the path of a .toml file",
            ));
        }
    }
    if let Some(minutes) = args.minutes {
        if !(minutes > 0.0 && minutes <= 1440.0) {
            return Err(Problem::new(
                "cannot play scene",
                "--minutes",
                "it is no length of time",
                "give minutes above 0",
            ));
        }
        scripts.iter_mut().for_each(|script| script.secs = 60.0 * minutes);
    }
    Ok(scripts)
}

/// The avatar files that are asked for; none where the built-in one plays.
fn avatar_files<'a>(settings: &'a Settings, args: &'a RunArgs) -> Vec<&'a PathBuf> {
    if args.avatars.is_empty() { settings.avatar.iter().collect() } else { args.avatars.iter().collect() }
}

/// Names and documents of the avatars.
fn avatars(settings: &Settings, args: &RunArgs) -> Result<Vec<(String, Arc<Document>)>, Problem> {
    let files = avatar_files(settings, args);
    if files.is_empty() {
        return Ok(vec![("agent".to_owned(), Arc::new(Document::read(BUILT_IN_AVATAR, "agent.vrm")?))]);
    }
    let read = |file: &PathBuf| {
        let bytes = std::fs::read(file).map_err(|error| {
            Problem::new("cannot open avatar", file.display(), error, "give the path of a .vrm file")
        })?;
        let name = file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok((name, Arc::new(Document::read(&bytes, &file.display().to_string())?)))
    };
    files.into_iter().map(read).collect()
}
