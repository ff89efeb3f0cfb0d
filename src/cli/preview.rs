//! `visavis preview`: the agent in a window, with the built-in desk or a company's own.

use std::process::ExitCode;

use bevy::app::AppExit;

use crate::avatar::AvatarFile;
use crate::desk::{DeskConfig, EmbeddedDesk, StoreLocation as DeskStore};
use crate::encounter::{EncounterConfig, Link, Surface, build_app};
use crate::manner::Manner;
use crate::problem::Problem;
use crate::protocol::CustomerRef;
use crate::settings::Settings;
use crate::sync::{StoreLocation, SyncClient, SyncConfig};
use crate::words::Words;

pub(super) fn run(settings: &Settings) -> Result<ExitCode, Problem> {
    require_display()?;
    let words = Words::new(settings.language());
    let avatar = open_avatar(settings)?;
    // The desk lives as long as the window.
    let (client, _desk) = connect(settings)?;
    let mut app = build_app(EncounterConfig {
        surface: Surface::Window { width: settings.window.width, height: settings.window.height },
        quality: settings.quality,
        words,
        avatar,
        manner: Manner::of(settings),
    })?;
    app.insert_resource(Link::live(client));
    Ok(exit_code(&app.run()))
}

/// Refuses politely where no window can be opened.
pub(super) fn require_display() -> Result<(), Problem> {
    let found =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if found || !cfg!(target_os = "linux") {
        return Ok(());
    }
    Err(Problem::new(
        "cannot open a window",
        "display",
        "neither DISPLAY nor WAYLAND_DISPLAY is set",
        "start it from a desktop, or draw pictures with `visavis demo --headless --out DIR`",
    ))
}

/// The avatar of the settings, or the built-in one.
pub(super) fn open_avatar(settings: &Settings) -> Result<AvatarFile, Problem> {
    settings.avatar.as_deref().map_or_else(AvatarFile::built_in, AvatarFile::open)
}

pub(super) fn exit_code(exit: &AppExit) -> ExitCode {
    match exit {
        AppExit::Success => ExitCode::SUCCESS,
        AppExit::Error(code) => ExitCode::from(code.get()),
    }
}

/// Connects to the desk of the settings; without one, starts the built-in desk and connects to that.
fn connect(settings: &Settings) -> Result<(SyncClient, Option<EmbeddedDesk>), Problem> {
    let data = settings.data_folder();
    let (base_url, device_key, desk) = match &settings.server {
        Some(url) => {
            let key = std::env::var("VISAVIS_DEVICE_KEY").map_err(|_| {
                Problem::new(
                    "cannot sign in",
                    url,
                    "VISAVIS_DEVICE_KEY is not set",
                    "set it to the device key that the desk printed at its first start",
                )
            })?;
            (url.clone(), key, None)
        }
        None => {
            let store = data.as_ref().map_or(DeskStore::Memory, |dir| DeskStore::File(dir.join("desk.sqlite")));
            let desk = EmbeddedDesk::start(DeskConfig { store, ..DeskConfig::default() })?;
            let url = url::Url::parse(desk.base_url())
                .map_err(|error| Problem::new("cannot reach the desk", desk.base_url(), error, "report this"))?;
            (url, desk.device_key().to_owned(), Some(desk))
        }
    };
    let client = SyncClient::start(SyncConfig {
        base_url,
        device_key,
        device: "desktop".to_owned(),
        locale: settings.language().tag().to_owned(),
        customer: CustomerRef { customer_id: settings.customer.id.clone(), name: settings.customer.name.clone() },
        channel: "desktop".to_owned(),
        store: data.map_or(StoreLocation::Memory, |dir| StoreLocation::File(dir.join("outbox.jsonl"))),
        seed: settings.seed,
    })?;
    Ok((client, desk))
}
