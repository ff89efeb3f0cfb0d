//! `visavis avatar forge`: a recipe becomes a human avatar.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::super::print;
use crate::forge::{self, BodyData, HUMAN, Recipe, Step};
use crate::problem::Problem;
use crate::settings::Settings;
use crate::words::{Words, font};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  visavis avatar forge assets/forge/recipes/woman.toml -o woman.vrm\n  visavis avatar forge my.toml -o my.vrm && visavis --avatar my.vrm"
)]
pub(super) struct ForgeArgs {
    /// The recipe (TOML); an empty file makes the default woman
    recipe: PathBuf,
    /// The file to write (VRM 1.0)
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn run(settings: &Settings, args: &ForgeArgs) -> Result<ExitCode, Problem> {
    let place = args.recipe.display().to_string();
    let text = std::fs::read_to_string(&args.recipe)
        .map_err(|error| Problem::new("cannot open recipe", &place, error, "give the path of a .toml file"))?;
    let recipe = Recipe::read(&text, &place)?;
    let data = Arc::new(BodyData::read(HUMAN)?);
    let words = Words::new(settings.language());
    let bar = ProgressBar::new(Step::ALL.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    let file = forge::forge(recipe, data, font::REGULAR, &mut |step| {
        bar.set_position(Step::ALL.iter().position(|other| *other == step).unwrap_or(0) as u64);
        bar.set_message(words.phrase(name(step)));
    })?;
    bar.finish_and_clear();
    std::fs::write(&args.out, &file).map_err(|error| {
        Problem::new("cannot write avatar", args.out.display(), error, "name a file in a folder that can be written")
    })?;
    print::line(args.out.display())?;
    Ok(ExitCode::SUCCESS)
}

fn name(step: Step) -> &'static str {
    match step {
        Step::Shape => "shaping the body",
        Step::Head => "making head and hands",
        Step::Clothes => "sewing clothes",
        Step::Hair => "dressing hair",
        Step::Paint => "painting",
        Step::Write => "writing the file",
    }
}
