//! The reference backend: a small service desk that serves the Conversation API and answers as an AI assistant.
//!
//! Includes the API over HTTP, the store, triage, the assistant's dialogue, cards, hand-off to people and follow-ups.
//! Does not include connectors to other systems or a console for operators.
//!
//! ```text
//! api ── engine ── dialogue ── draft ── state        one write: read state → draft events → one transaction
//!           │          └── triage, knowledge, cards, handoff (pure)
//!           ├── store (SQLite)
//!           └── hub (wakes long polls and streams)
//! ```

mod api;
mod auth;
mod cards;
mod clock;
mod dialogue;
mod draft;
mod engine;
mod handoff;
mod hub;
mod keys;
mod knowledge;
mod language;
mod refusal;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod triage;

pub use clock::{Clock, ManualClock, SystemClock};
pub use knowledge::KnowledgeSource;
pub use store::StoreLocation;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use jiff::SignedDuration;
use tokio::{net::TcpListener, sync::oneshot};

use crate::problem::Problem;
use api::Door;
use engine::Engine;
use knowledge::Knowledge;
use store::Store;

/// Streams and calls get this long to end when the desk stops.
const DRAIN: Duration = Duration::from_secs(5);
/// How often the desk looks for follow-ups that are due.
const FOLLOW_UP_TICK: Duration = Duration::from_secs(1);

/// How a desk is set up.
#[derive(Debug, Clone)]
pub struct DeskConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where to keep what it knows.
    pub store: StoreLocation,
    /// Opens sessions; else from `VISAVIS_DEVICE_KEY`, else made and kept beside the store.
    pub device_key: Option<String>,
    /// Opens the calls of human agents; else from `VISAVIS_OPERATOR_KEY`, else made and kept beside the store.
    pub operator_key: Option<String>,
    /// What it says.
    pub knowledge: KnowledgeSource,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How long a session's token is good.
    pub session_life: SignedDuration,
    /// Events kept per conversation; older cursors get 410 `cursor_gone`.
    pub kept_events: u64,
}

impl Default for DeskConfig {
    /// In memory, on a free port of the loopback interface, with the shipped knowledge and the machine's clock.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            store: StoreLocation::default(),
            device_key: None,
            operator_key: None,
            knowledge: KnowledgeSource::default(),
            clock: Arc::new(SystemClock),
            session_life: SignedDuration::from_hours(12),
            kept_events: 10_000,
        }
    }
}

/// Reads a line with act markup, as in the knowledge file, into its words and acts.
///
/// # Errors
/// A [`Problem`] that says what is wrong with the markup.
pub fn read_markup(line: &str) -> Result<(String, Vec<crate::protocol::Act>), Problem> {
    let said = knowledge::Line::parse(line)
        .map_err(|why| Problem::new("cannot read the line", line, why, "compare with the built-in knowledge file"))?
        .say(&knowledge::Vars::default());
    Ok((said.text, said.acts))
}

/// The reference backend.
#[derive(Debug)]
pub struct Desk;

impl Desk {
    /// Starts a desk on the current tokio runtime.
    ///
    /// # Errors
    /// Bad knowledge, bad keys, a store that cannot be opened, an address that cannot be listened on.
    pub async fn start(config: DeskConfig) -> Result<RunningDesk, Problem> {
        let door = open(&config).await?;
        let (device_key, operator_key) = (door.device_key.to_string(), door.operator_key.to_string());
        let engine = door.engine.clone();
        let listening = |error: std::io::Error| {
            Problem::new("cannot listen", config.listen, error, "choose another address or end what uses it")
        };
        let listener = TcpListener::bind(config.listen).await.map_err(listening)?;
        let address = listener.local_addr().map_err(listening)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, api::router(door)).with_graceful_shutdown(async move {
            // A dropped sender means the same as a message.
            let _ = stopped.await;
        });
        let server = tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "the desk stopped serving");
            }
        });
        let follow_ups = tokio::spawn(watch_follow_ups(engine.clone()));
        tracing::info!(%address, "the desk is ready");
        Ok(RunningDesk { address, device_key, operator_key, engine, stop: Some(stop), server, follow_ups })
    }
}

/// Everything but the network.
async fn open(config: &DeskConfig) -> Result<Door, Problem> {
    let knowledge = Knowledge::load(&config.knowledge)?;
    if let StoreLocation::File(path) = &config.store {
        let folder = keys::folder_of(path);
        std::fs::create_dir_all(&folder).map_err(|error| {
            Problem::new("cannot make the desk's folder", folder.display(), error, "choose a folder that is writable")
        })?;
    }
    let key = |given: &Option<String>, variable, file| keys::key(given.as_deref(), variable, file, &config.store);
    let device_key = key(&config.device_key, "VISAVIS_DEVICE_KEY", "device.key")?;
    let operator_key = key(&config.operator_key, "VISAVIS_OPERATOR_KEY", "operator.key")?;
    if device_key == operator_key {
        let why = "the device key and the operator key are the same";
        return Err(Problem::new("cannot use the keys", "desk", why, "choose two different keys"));
    }
    let store = Store::open(&config.store).await?;
    let engine = Engine::new(store, knowledge, config.clock.clone(), config.session_life, config.kept_events);
    Ok(Door {
        engine: Arc::new(engine),
        device_key: device_key.into(),
        operator_key: operator_key.into(),
        heartbeat: api::HEARTBEAT,
    })
}

async fn watch_follow_ups(engine: Arc<Engine>) {
    let mut tick = tokio::time::interval(FOLLOW_UP_TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(refusal) = engine.tell_due().await {
            tracing::warn!(detail = refusal.detail, "follow-ups could not be told; trying again");
        }
    }
}

/// A desk at work.
#[derive(Debug)]
pub struct RunningDesk {
    /// Where it listens.
    pub address: SocketAddr,
    /// Opens sessions.
    pub device_key: String,
    /// Opens the calls of human agents.
    pub operator_key: String,
    engine: Arc<Engine>,
    stop: Option<oneshot::Sender<()>>,
    server: tokio::task::JoinHandle<()>,
    follow_ups: tokio::task::JoinHandle<()>,
}

impl RunningDesk {
    /// What clients put before `/v1/…`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends streams with a `retry:`, lets calls finish, writes everything out.
    pub async fn shutdown(mut self) {
        self.engine.hub.drain();
        self.follow_ups.abort();
        if let Some(stop) = self.stop.take() {
            // An error means that the server has ended already.
            let _ = stop.send(());
        }
        if tokio::time::timeout(DRAIN, &mut self.server).await.is_err() {
            tracing::warn!("some connections did not end in time");
            self.server.abort();
        }
        self.engine.store.close().await;
    }
}

/// A desk on a thread and runtime of its own, for programs that are not asynchronous. Stops when dropped.
#[derive(Debug)]
pub struct EmbeddedDesk {
    base_url: String,
    device_key: String,
    operator_key: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl EmbeddedDesk {
    /// Starts; returns when the desk is ready.
    ///
    /// # Errors
    /// Like [`Desk::start`], or the system gives no thread.
    pub fn start(config: DeskConfig) -> Result<Self, Problem> {
        let told = |why: &dyn std::fmt::Display| {
            Problem::new("cannot start the desk", "thread", why, "end other programs and try again")
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, started) = std::sync::mpsc::sync_channel(1);
        // Everything happens on that thread, so that a caller who is inside a runtime may start a desk as well.
        let thread = std::thread::Builder::new()
            .name("desk-main".to_owned())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(1)
                    .thread_name("desk")
                    .enable_all()
                    .build();
                let started = match &runtime {
                    Ok(runtime) => runtime.block_on(Desk::start(config)).map_err(Some),
                    // Told by the caller, who gets no answer.
                    Err(_) => Err(None),
                };
                let desk = match started {
                    Ok(desk) => desk,
                    Err(problem) => {
                        let _ = ready.send(Err(problem));
                        return;
                    }
                };
                let keys = (desk.base_url(), desk.device_key.clone(), desk.operator_key.clone());
                let _ = ready.send(Ok(keys));
                if let Ok(runtime) = runtime {
                    runtime.block_on(async {
                        // A dropped sender means the same as a message.
                        let _ = stopped.await;
                        desk.shutdown().await;
                    });
                }
            })
            .map_err(|error| told(&error))?;
        let (base_url, device_key, operator_key) = match started.recv() {
            Ok(Ok(keys)) => keys,
            Ok(Err(Some(problem))) => return Err(problem),
            Ok(Err(None)) | Err(_) => return Err(told(&"the system gives no runtime")),
        };
        Ok(Self { base_url, device_key, operator_key, stop: Some(stop), thread: Some(thread) })
    }

    /// What clients put before `/v1/…`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Opens sessions.
    #[must_use]
    pub fn device_key(&self) -> &str {
        &self.device_key
    }

    /// Opens the calls of human agents.
    #[must_use]
    pub fn operator_key(&self) -> &str {
        &self.operator_key
    }
}

impl Drop for EmbeddedDesk {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            // A panic in there was told already; here is nothing left to mend.
            let _ = thread.join();
        }
    }
}
