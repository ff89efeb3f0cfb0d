//! `visavis avatar evaluate`: the runtime on scripted inputs, frame by frame as JSON, or how long its updates take.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use serde_json::json;

use crate::problem::Problem;
use crate::vrm::Document;
use crate::vrm::evaluate::{Evaluation, Script};

#[derive(Debug, Args)]
pub(super) struct EvaluateArgs {
    /// The avatar
    file: PathBuf,
    /// The script (JSON)
    #[arg(long, value_name = "FILE")]
    script: PathBuf,
    /// Writes only every Nth frame, from the first one on
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Writes only these nodes: glTF node indices or names, separated by commas
    #[arg(long, value_name = "NODES", value_delimiter = ',')]
    nodes: Option<Vec<String>>,
    /// Plays the script N times without writing frames, and tells how long an update takes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    time: Option<u64>,
}

pub(super) fn run(args: &EvaluateArgs) -> Result<ExitCode, Problem> {
    let place = args.file.display();
    let bytes = std::fs::read(&args.file)
        .map_err(|error| Problem::new("cannot open avatar", &place, error, "give the path of a .vrm file"))?;
    let document = Arc::new(Document::read(&bytes, &place.to_string())?);
    let script = read_script(&args.script)?;
    let nodes = args.nodes.as_deref().map(|nodes| resolve(nodes, &document)).transpose()?;
    let evaluation = Evaluation::new(document, &script)?;
    let written = match args.time {
        Some(rounds) => write_time(&evaluation, &script, rounds),
        None => write_frames(evaluation, args.every, nodes.as_deref()),
    };
    match written {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(Problem::new("cannot write frames", "standard output", error, "free some space")),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

fn read_script(path: &Path) -> Result<Script, Problem> {
    let place = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Problem::new("cannot open script", &place, error, "give the path of a JSON file"))?;
    Script::parse(&text, &place.to_string())
}

/// Node indices of indices and names, in growing order.
fn resolve(wanted: &[String], document: &Document) -> Result<Vec<usize>, Problem> {
    let mut nodes = Vec::new();
    for text in wanted {
        let before = nodes.len();
        match text.parse::<usize>() {
            Ok(index) if index < document.nodes.len() => nodes.push(index),
            _ => nodes.extend((0..document.nodes.len()).filter(|at| document.nodes[*at].name == *text)),
        }
        if nodes.len() == before {
            let why = format!("the avatar has {} nodes, none of them with this index or name", document.nodes.len());
            return Err(Problem::new(
                "cannot choose nodes",
                format!("--nodes {text}"),
                why,
                "name nodes as the file does, or by index",
            ));
        }
    }
    nodes.sort_unstable();
    nodes.dedup();
    Ok(nodes)
}

fn write_frames(mut evaluation: Evaluation, every: u64, nodes: Option<&[usize]>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    out.write_all(b"{\"frames\": [")?;
    let mut between = "\n";
    while evaluation.advance() {
        if (evaluation.updates() - 1).is_multiple_of(every) {
            out.write_all(between.as_bytes())?;
            serde_json::to_writer(&mut out, &evaluation.frame(nodes))?;
            between = ",\n";
        }
    }
    out.write_all(b"\n]}\n")?;
    out.flush()
}

fn write_time(start: &Evaluation, script: &Script, rounds: u64) -> io::Result<()> {
    let updates = script.updates().saturating_mul(rounds);
    let mut times_ns = Vec::with_capacity(usize::try_from(updates.min(1 << 24)).unwrap_or(0));
    for _ in 0..rounds {
        let mut evaluation = start.clone();
        loop {
            let began = Instant::now();
            let went_on = evaluation.advance();
            let took = began.elapsed();
            if !went_on {
                break;
            }
            times_ns.push(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
        }
    }
    times_ns.sort_unstable();
    let at = |share: f64| times_ns.get((share * times_ns.len().saturating_sub(1) as f64).round() as usize);
    let result = json!({"updates": times_ns.len(), "median_ns": at(0.5), "p95_ns": at(0.95)});
    writeln!(io::stdout().lock(), "{result}")
}
