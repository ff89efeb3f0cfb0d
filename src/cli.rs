//! The command line: parse, run, one clear line for bad input.

mod avatar;
#[cfg(feature = "desktop")]
mod demo;
#[cfg(feature = "desk")]
mod desk;
mod doctor;
mod help;
#[cfg(feature = "desktop")]
mod preview;
mod print;
#[cfg(feature = "desktop")]
mod render;
mod studio;
mod usage;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::affect::ServiceRole;
use crate::problem::Problem;
use crate::settings::{LanguageChoice, Overrides, QualityChoice, Settings, parse_server};
use crate::words::Words;
use usage::Parsed;

/// Face to face with a service agent.
#[derive(Debug, Parser)]
#[command(
    name = "visavis",
    version,
    about = "Visavis: a customer meets a service agent with a body, in step with a service desk",
    after_help = "Examples:\n  visavis                                   meet the agent in a window\n  visavis --server https://desk.example.com  the same with your company's desk\n  visavis demo                              watch the service scenes\n  visavis demo --headless --out target/demo  the same as pictures and a transcript\n  visavis avatar inspect agent.vrm          what a VRM file can do\n  visavis avatar render -o agent.png        a portrait of the agent\n  visavis doctor                            what works here, and how to mend the rest"
)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Settings that every command takes.
#[derive(Debug, Clone, Args)]
struct Common {
    /// Settings file (TOML) instead of the user's own
    #[arg(long, global = true, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Language of the words: zh-CN, en or auto
    #[arg(long, global = true, value_name = "TAG")]
    language: Option<LanguageChoice>,
    /// Service desk to use instead of the built-in one
    #[arg(long, global = true, value_name = "URL")]
    server: Option<String>,
    /// Avatar file (VRM 1.0) instead of the built-in one
    #[arg(long, global = true, value_name = "FILE")]
    avatar: Option<PathBuf>,
    /// How much is drawn: auto, software, low or high
    #[arg(long, global = true, value_name = "TIER")]
    quality: Option<QualityChoice>,
    /// How lively the agent is: concierge, agent or receptionist
    #[arg(long, global = true, value_name = "ROLE")]
    role: Option<ServiceRole>,
    /// File that says how the agent's acts look, instead of the built-in one; read again when it changes
    #[arg(long, global = true, value_name = "FILE")]
    lexicon: Option<PathBuf>,
    /// Seed of everything that varies in the agent's behavior
    #[arg(long, global = true, value_name = "N")]
    seed: Option<u64>,
    /// What is logged to standard error, such as warn,visavis=debug
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Meet the agent in a window (the default)
    #[cfg(feature = "desktop")]
    Preview,
    /// Play the service scenes, in a window or as pictures
    #[cfg(feature = "desktop")]
    Demo(demo::DemoArgs),
    /// Run the service desk alone
    #[cfg(feature = "desk")]
    Desk(desk::DeskArgs),
    /// Look into avatar files
    Avatar(avatar::AvatarArgs),
    /// Play scenes without a window and measure how the agent moves
    Studio(studio::StudioArgs),
    /// Say what works here, what is missing, and how to mend it
    Doctor,
}

/// Parses the command line and runs the command.
///
/// Exit codes: 0 done, 1 something failed on the way, 2 bad input.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let mut words = usage::early_words(&arguments);
    let outcome = usage::parse(arguments, words).and_then(|parsed| match parsed {
        Parsed::Run(cli) => execute(*cli, &mut words),
        Parsed::Text(text) => {
            // A closed pipe is the reader's wish.
            let _ = text.print();
            Ok(ExitCode::SUCCESS)
        }
    });
    outcome.unwrap_or_else(|problem| {
        // Where even this cannot be written, the exit code still tells.
        let _ = writeln!(std::io::stderr(), "visavis: {}", problem.told(words));
        ExitCode::from(2)
    })
}

/// Runs the command; from when the settings are known, `words` are in their language.
fn execute(cli: Cli, words: &mut Words) -> Result<ExitCode, Problem> {
    let settings = Settings::load(cli.common.settings.as_deref(), cli.common.overrides()?)?;
    *words = Words::new(settings.language());
    start_log(&settings)?;
    match cli.command {
        #[cfg(feature = "desktop")]
        None | Some(Command::Preview) => preview::run(&settings),
        #[cfg(not(feature = "desktop"))]
        None => Err(Problem::new("cannot open a window", "this build", "it has no desktop", "name a command: --help")),
        #[cfg(feature = "desktop")]
        Some(Command::Demo(args)) => demo::run(&settings, &args),
        #[cfg(feature = "desk")]
        Some(Command::Desk(args)) => desk::run(&settings, args),
        Some(Command::Avatar(args)) => avatar::run(&settings, &args),
        Some(Command::Studio(args)) => studio::run(&settings, &args),
        Some(Command::Doctor) => doctor::run(&settings),
    }
}

impl Common {
    fn overrides(&self) -> Result<Overrides, Problem> {
        Ok(Overrides {
            language: self.language,
            server: self.server.as_deref().map(server).transpose()?,
            avatar: self.avatar.clone(),
            quality: self.quality,
            role: self.role,
            lexicon: self.lexicon.clone(),
            seed: self.seed,
            log: self.log.clone(),
            ..Overrides::default()
        })
    }
}

fn server(text: &str) -> Result<url::Url, Problem> {
    parse_server(text)
        .map_err(|why| Problem::new("cannot use this service desk", "--server", why, "write it like http://host:port"))
}

/// Logs to standard error; libraries that chatter are kept down unless asked for.
fn start_log(settings: &Settings) -> Result<(), Problem> {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::builder().parse(format!("{QUIET},{}", settings.log)).map_err(|error| {
        Problem::new("cannot read the log filter", "log", error, "write it like warn,visavis=debug")
    })?;
    // A second logger (tests, embedding) is fine: the first one stays.
    let colored = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colored).with_writer(std::io::stderr).try_init();
    Ok(())
}

/// The text layout asks for a segmentation model that Chinese does not need (lines break between characters).
const QUIET: &str = "icu_provider=off,icu_segmenter=off,wgpu_hal=off,naga=error";
