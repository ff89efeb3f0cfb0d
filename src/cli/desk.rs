//! `visavis desk`: the reference backend alone.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::print;
use crate::desk::{Desk, DeskConfig, KnowledgeSource, RunningDesk, StoreLocation};
use crate::problem::Problem;
use crate::settings::Settings;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  visavis desk\n  visavis desk --listen 0.0.0.0:8787 --data /var/lib/visavis\n  VISAVIS_DEVICE_KEY=… VISAVIS_OPERATOR_KEY=… visavis desk\n  visavis desk --memory\n\nThe keys come from VISAVIS_DEVICE_KEY and VISAVIS_OPERATOR_KEY; otherwise they are made at the first start, kept\nbeside the data with mode 0600, and printed once."
)]
pub(super) struct DeskArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// Folder for database and keys instead of the user's data folder
    #[arg(long, value_name = "DIR", conflicts_with = "memory")]
    data: Option<PathBuf>,
    /// Keep nothing: everything is gone when the desk stops
    #[arg(long)]
    memory: bool,
    /// Knowledge file (TOML) instead of the built-in one
    #[arg(long, value_name = "FILE")]
    knowledge: Option<PathBuf>,
}

pub(super) fn run(settings: &Settings, args: DeskArgs) -> Result<ExitCode, Problem> {
    let store = if args.memory {
        StoreLocation::Memory
    } else {
        let dir = args.data.or_else(|| settings.data_folder()).ok_or_else(|| {
            Problem::new("cannot keep data", "data folder", "this user has no home", "give one by --data, or --memory")
        })?;
        StoreLocation::File(dir.join("desk.sqlite"))
    };
    let made = keys_to_make(&store);
    let config = DeskConfig {
        listen: args.listen,
        store,
        knowledge: args.knowledge.map_or_else(KnowledgeSource::default, KnowledgeSource::File),
        ..DeskConfig::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::new("cannot start the desk", "threads", error, "end other programs and try again"))?;
    runtime.block_on(async {
        let desk = Desk::start(config).await?;
        announce(&desk, &made)?;
        wait_for_end().await?;
        desk.shutdown().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// A key as an operator meets it: variable, file beside the store.
const KEYS: [(&str, &str); 2] = [("VISAVIS_DEVICE_KEY", "device.key"), ("VISAVIS_OPERATOR_KEY", "operator.key")];

/// The variables whose keys this start will make: neither set nor kept from before.
fn keys_to_make(store: &StoreLocation) -> Vec<&'static str> {
    let kept = |file: &str| match store {
        StoreLocation::Memory => false,
        StoreLocation::File(database) => database.with_file_name(file).exists(),
    };
    KEYS.iter()
        .filter(|(variable, file)| std::env::var_os(variable).is_none() && !kept(file))
        .map(|(variable, _)| *variable)
        .collect()
}

/// One line with the address, so that a script can wait for it; keys only when they were made just now.
fn announce(desk: &RunningDesk, made: &[&str]) -> Result<(), Problem> {
    for variable in made {
        let key = if *variable == KEYS[0].0 { &desk.device_key } else { &desk.operator_key };
        print::line(format_args!("{variable}={key}"))?;
    }
    print::line(format_args!("visavis desk ready at {}", desk.base_url()))
}

/// Waits for Ctrl-C or, on Unix, SIGTERM.
async fn wait_for_end() -> Result<(), Problem> {
    let failed =
        |error| Problem::new("cannot listen for signals", "process", error, "end the desk by its process id instead");
    #[cfg(unix)]
    {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).map_err(failed)?;
        tokio::select! {
            done = tokio::signal::ctrl_c() => done.map_err(failed),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(failed)
}
