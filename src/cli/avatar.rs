//! `visavis avatar`: what a VRM file can do and what is wrong with it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::problem::Problem;
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
}

#[allow(clippy::print_stdout, reason = "the report is the result")]
pub(super) fn run(args: &AvatarArgs) -> Result<ExitCode, Problem> {
    let AvatarCommand::Inspect { file, json } = &args.command;
    let bytes = std::fs::read(file)
        .map_err(|error| Problem::new("cannot open avatar", file.display(), error, "give the path of a .vrm file"))?;
    let document = Document::read(&bytes, &file.display().to_string())?;
    let report = Report::new(&document);
    if *json {
        let text = serde_json::to_string_pretty(&report)
            .map_err(|error| Problem::new("cannot write report", file.display(), error, "report this file"))?;
        println!("{text}");
    } else {
        println!("{report}");
    }
    Ok(ExitCode::SUCCESS)
}
