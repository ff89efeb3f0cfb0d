//! `visavis avatar`: what a VRM file can do and what is wrong with it; what the runtime makes of
//! it; making one; what it looks like.

mod evaluate;
#[cfg(feature = "forge")]
mod forge;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::print;
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
    /// Run the VRM runtime on scripted inputs and write morph weights and node transforms as JSON
    #[command(
        after_help = "Examples:\n  visavis avatar evaluate agent.vrm --script smile.json | jq '.frames[-1].expressions'\n  visavis avatar evaluate agent.vrm --script smile.json --every 30 --nodes head,12\n  visavis avatar evaluate agent.vrm --script smile.json --time 10\n\nA script:\n  {\"fps\": 60, \"steps\": [{\"frames\": 30, \"expressions\": {\"happy\": 0.5}, \"look_at\": [0, 1.4, 2],\n   \"yaw_pitch_deg\": null, \"bones\": {\"head\": [0, 0, 0, 1]}, \"move_root\": [0, 0, 0]}]}"
    )]
    Evaluate(evaluate::EvaluateArgs),
    /// Make a human avatar from a recipe
    #[cfg(feature = "forge")]
    Forge(forge::ForgeArgs),
    /// Draw a portrait, or a sheet of faces and gestures
    #[cfg(feature = "desktop")]
    Render(super::render::RenderArgs),
}

#[cfg_attr(not(any(feature = "forge", feature = "desktop")), allow(unused_variables, reason = "inspecting needs none"))]
pub(super) fn run(settings: &Settings, args: &AvatarArgs) -> Result<ExitCode, Problem> {
    match &args.command {
        AvatarCommand::Inspect { file, json } => inspect(file, *json),
        AvatarCommand::Evaluate(args) => evaluate::run(args),
        #[cfg(feature = "forge")]
        AvatarCommand::Forge(args) => forge::run(settings, args),
        #[cfg(feature = "desktop")]
        AvatarCommand::Render(args) => super::render::run(settings, args),
    }
}

fn inspect(file: &Path, json: bool) -> Result<ExitCode, Problem> {
    let bytes = std::fs::read(file)
        .map_err(|error| Problem::new("cannot open avatar", file.display(), error, "give the path of a .vrm file"))?;
    let document = Document::read(&bytes, &file.display().to_string())?;
    let report = Report::new(&document);
    if json {
        let text = serde_json::to_string_pretty(&report)
            .map_err(|error| Problem::new("cannot write report", file.display(), error, "report this file"))?;
        print::line(text)?;
    } else {
        print::line(report)?;
    }
    Ok(ExitCode::SUCCESS)
}
