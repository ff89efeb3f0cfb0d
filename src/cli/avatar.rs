//! `visavis avatar`: what a VRM file can do, what is wrong with it, and what it looks like.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::problem::Problem;
use crate::settings::Settings;
use crate::vrm::{Document, Report};

#[derive(Debug, Args)]
pub(super) struct AvatarArgs {
    #[command(subcommand)]
    command: AvatarCommand,
}

#[derive(Debug, Subcommand)]
enum AvatarCommand {
    /// Say what a VRM file can do and what is wrong with it
    #[command(
        after_help = "Examples:\n  visavis avatar inspect agent.vrm\n  visavis avatar inspect agent.vrm --json | jq .capabilities"
    )]
    Inspect {
        /// The file
        file: PathBuf,
        /// JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Draw a portrait, or a sheet of faces and gestures
    #[cfg(feature = "desktop")]
    Render(super::render::RenderArgs),
}

#[cfg_attr(not(feature = "desktop"), expect(unused_variables, reason = "only portraits follow the settings"))]
pub(super) fn run(settings: &Settings, args: &AvatarArgs) -> Result<ExitCode, Problem> {
    match &args.command {
        AvatarCommand::Inspect { file, json } => inspect(file, *json),
        #[cfg(feature = "desktop")]
        AvatarCommand::Render(args) => super::render::run(settings, args),
    }
}

#[allow(clippy::print_stdout, reason = "the report is the result")]
fn inspect(file: &Path, json: bool) -> Result<ExitCode, Problem> {
    let bytes = std::fs::read(file)
        .map_err(|error| Problem::new("cannot open avatar", file.display(), error, "give the path of a .vrm file"))?;
    let document = Document::read(&bytes, &file.display().to_string())?;
    let report = Report::new(&document);
    if json {
        let text = serde_json::to_string_pretty(&report)
            .map_err(|error| Problem::new("cannot write report", file.display(), error, "report this file"))?;
        println!("{text}");
    } else {
        println!("{report}");
    }
    Ok(ExitCode::SUCCESS)
}
