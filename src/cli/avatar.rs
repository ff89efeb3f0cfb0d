//! `visavis avatar`: what a VRM file can do and what is wrong with it; what the runtime makes of it.

mod evaluate;

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
    /// Run the VRM runtime on scripted inputs and write morph weights and node transforms as JSON
    #[command(
        after_help = "Examples:\n  visavis avatar evaluate agent.vrm --script smile.json | jq '.frames[-1].expressions'\n  visavis avatar evaluate agent.vrm --script smile.json --every 30 --nodes head,12\n  visavis avatar evaluate agent.vrm --script smile.json --time 10\n\nA script: {\"fps\": 60, \"steps\": [{\"frames\": 30, \"expressions\": {\"happy\": 0.5}, \"look_at\": [0, 1.4, 2],\n  \"bones\": {\"head\": [0, 0, 0, 1]}, \"move_root\": [0, 0, 0]}]}; `yaw_pitch_deg`: [yaw, pitch] instead of `look_at`"
    )]
    Evaluate(evaluate::EvaluateArgs),
}

#[allow(clippy::print_stdout, reason = "the report is the result")]
pub(super) fn run(args: &AvatarArgs) -> Result<ExitCode, Problem> {
    let (file, json) = match &args.command {
        AvatarCommand::Inspect { file, json } => (file, json),
        AvatarCommand::Evaluate(args) => return evaluate::run(args),
    };
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
