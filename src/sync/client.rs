//! The machine at work: one thread with its own small runtime, bounded queues to and from the program.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use tokio::{
    sync::mpsc,
    task::AbortHandle,
    time::{Instant, sleep, sleep_until},
};
use url::Url;
use uuid::Uuid;

use super::{
    call::{Command, StreamId, Update},
    machine::{Action, Identity, Input, Machine, TimerId},
    store::{FileStore, MemoryStore, Store},
    transport::Transport,
};
use crate::{
    problem::Problem,
    protocol::{ClientId, CustomerRef},
};

/// Commands that wait for the thread.
const COMMANDS: usize = 256;
/// Results of calls and pieces of the stream that wait for the machine.
const INPUTS: usize = 64;
/// Updates that wait for the program; when they are full the desk is held back.
const UPDATES: usize = 4096;

/// Where the outbox is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreLocation {
    /// Nowhere: what is unsent when the program ends is lost.
    Memory,
    /// In this file, which this program alone may use.
    File(PathBuf),
}

/// Which desk, and who connects.
#[derive(Debug, Clone)]
pub struct SyncConfig {
    /// What stands before `/v1/…`.
    pub base_url: Url,
    /// Opens sessions.
    pub device_key: String,
    /// The device's own name.
    pub device: String,
    /// BCP 47 tag of the customer's language.
    pub locale: String,
    /// Who the customer is.
    pub customer: CustomerRef,
    /// Where the conversation happens: `desktop`, `vr`, `demo`.
    pub channel: String,
    /// Where the outbox is kept.
    pub store: StoreLocation,
    /// Decides the jitter of waits.
    pub seed: u64,
}

impl SyncConfig {
    /// Reads the address of a desk.
    ///
    /// # Errors
    /// A [`Problem`] where it is no address that a desk can have.
    pub fn parse_url(text: &str) -> Result<Url, Problem> {
        let bad = |why: &dyn std::fmt::Display| {
            Problem::new("cannot use the server address", text, why, "give one such as https://desk.example.com")
        };
        let url = Url::parse(text.trim()).map_err(|error| bad(&error))?;
        check_url(&url).map_err(|why| bad(&why))?;
        Ok(url)
    }
}

fn check_url(url: &Url) -> Result<(), &'static str> {
    match url.scheme() {
        "http" | "https" if !url.has_host() => Err("it names no host"),
        "http" | "https" if !url.username().is_empty() || url.password().is_some() => {
            Err("it holds a name or a password; the device key is given apart from it")
        }
        "http" | "https" => Ok(()),
        _ => Err("it begins with neither http:// nor https://"),
    }
}

/// The connection to a desk. Ends when dropped; the outbox stays where it is kept.
#[derive(Debug)]
pub struct SyncClient {
    commands: Option<mpsc::Sender<(ClientId, Command)>>,
    updates: Option<Mutex<Receiver<Update>>>,
    thread: Option<JoinHandle<()>>,
}

impl SyncClient {
    /// Starts the thread. Returns at once: whether the desk is there is told by updates.
    ///
    /// # Errors
    /// A [`Problem`] where the address, the key or the store cannot be used.
    pub fn start(config: SyncConfig) -> Result<Self, Problem> {
        SyncConfig::parse_url(config.base_url.as_str())?;
        if config.device_key.is_empty() || !config.device_key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let why = "it is empty or holds characters that cannot be sent";
            return Err(Problem::new(
                "cannot use the device key",
                "device key",
                why,
                "give the key that the desk printed",
            ));
        }
        let mut store: Box<dyn Store> = match &config.store {
            StoreLocation::Memory => Box::new(MemoryStore::default()),
            StoreLocation::File(path) => Box::new(FileStore::open(path)?),
        };
        let desk = config.base_url.as_str().trim_end_matches('/').to_owned();
        let (saved, troubles) = store.load(&desk);
        let transport = Arc::new(Transport::new(config.base_url, config.device_key)?);
        let identity = Identity {
            device: config.device,
            locale: config.locale,
            customer: config.customer,
            channel: config.channel,
        };
        let machine = Machine::new(identity, saved, config.seed, Box::new(|| Uuid::now_v7().to_string()));

        let no_thread = |error: &std::io::Error| {
            Problem::new("cannot start the connection", "thread", error, "end other programs and try again")
        };
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| no_thread(&error))?;
        let (commands, wanted) = mpsc::channel(COMMANDS);
        let (told, updates) = sync_channel(UPDATES);
        let mut driver = Driver::new(machine, transport, store, desk, told);
        let work = move || {
            runtime.block_on(driver.run(wanted, troubles));
            // Does not wait for a name look-up that hangs.
            runtime.shutdown_background();
        };
        let thread =
            std::thread::Builder::new().name("sync".to_owned()).spawn(work).map_err(|error| no_thread(&error))?;
        Ok(Self { commands: Some(commands), updates: Some(Mutex::new(updates)), thread: Some(thread) })
    }

    /// Hands over what is wanted; never waits. Gives the id that a write goes by from now on.
    ///
    /// # Errors
    /// A [`Problem`] where the words are blank, or the thread has ended or is far behind.
    pub fn send(&self, command: Command) -> Result<ClientId, Problem> {
        let cannot = |why: &str, mend: &str| Problem::new("cannot send", "message", why, mend);
        if matches!(&command, Command::Say { text } if text.trim().is_empty()) {
            return Err(cannot("it is blank", "write something"));
        }
        let client_id = ClientId(Uuid::now_v7().to_string());
        let ended = || cannot("the connection has ended", "start the program again");
        match self.commands.as_ref().ok_or_else(ended)?.try_send((client_id.clone(), command)) {
            Ok(()) => Ok(client_id),
            Err(mpsc::error::TrySendError::Full(_)) => Err(cannot("too much is waiting", "try again in a moment")),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(ended()),
        }
    }

    /// The next news, if there is any; never waits.
    #[must_use]
    pub fn try_recv(&self) -> Option<Update> {
        let updates = self.updates.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        updates.try_recv().ok()
    }

    /// The next news; waits for it, for so long at most.
    #[must_use]
    pub fn recv_timeout(&self, limit: Duration) -> Option<Update> {
        let updates = self.updates.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        updates.recv_timeout(limit).ok()
    }
}

impl Drop for SyncClient {
    fn drop(&mut self) {
        // Both ends, so that the thread can neither wait for more nor for room.
        self.commands = None;
        self.updates = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the sync thread ended badly");
        }
    }
}

/// Carries out what the machine wants.
struct Driver {
    machine: Machine,
    transport: Arc<Transport>,
    store: Box<dyn Store>,
    desk: String,
    updates: SyncSender<Update>,
    began: Instant,
    timers: BTreeMap<TimerId, Instant>,
    streams: HashMap<StreamId, AbortHandle>,
}

impl Driver {
    fn new(
        machine: Machine,
        transport: Arc<Transport>,
        store: Box<dyn Store>,
        desk: String,
        updates: SyncSender<Update>,
    ) -> Self {
        let (timers, streams) = (BTreeMap::new(), HashMap::new());
        Self { machine, transport, store, desk, updates, began: Instant::now(), timers, streams }
    }

    async fn run(&mut self, mut commands: mpsc::Receiver<(ClientId, Command)>, troubles: Vec<Problem>) {
        let (results, mut inputs) = mpsc::channel(INPUTS);
        for trouble in troubles {
            self.emit(Update::Problem(trouble)).await;
        }
        let mut input = Input::Started;
        while self.step(input, &results).await {
            let next = self.timers.iter().map(|(timer, at)| (*at, *timer)).min();
            input = tokio::select! {
                // What the customer wants first: it is kept even where the program goes right after.
                biased;
                command = commands.recv() => match command {
                    Some((client_id, command)) => Input::Command { client_id, command },
                    None => Input::Shutdown,
                },
                // This side holds a sender too, so there is always a next one.
                Some(input) = inputs.recv() => input,
                timer = alarm(next) => {
                    self.timers.remove(&timer);
                    Input::Timer(timer)
                }
            };
        }
    }

    /// Lets the machine think and does what it wants; false at the end.
    async fn step(&mut self, input: Input, results: &mpsc::Sender<Input>) -> bool {
        if let Input::StreamEnded(stream, _) = &input {
            self.streams.remove(stream);
        }
        for action in self.machine.process(input, self.began.elapsed()) {
            match action {
                Action::Call { request_id, request, token } => {
                    let (transport, results) = (self.transport.clone(), results.clone());
                    tokio::spawn(async move {
                        let outcome = transport.call(&request, token.as_ref()).await;
                        // An error means that the connection has ended: nobody asks any more.
                        let _ = results.send(Input::HttpCompleted { request_id, outcome }).await;
                    });
                }
                Action::OpenStream { stream, id, after, token } => {
                    let (transport, results) = (self.transport.clone(), results.clone());
                    let task = tokio::spawn(async move {
                        let end = transport.follow(stream, &id, after, &token, &results).await;
                        let _ = results.send(Input::StreamEnded(stream, end)).await;
                    });
                    self.streams.insert(stream, task.abort_handle());
                }
                Action::CloseStream(stream) => {
                    if let Some(task) = self.streams.remove(&stream) {
                        task.abort();
                    }
                }
                Action::SetTimer(timer, wait) => {
                    self.timers.insert(timer, Instant::now() + wait);
                }
                Action::Persist(record) => {
                    if let Err(problem) = self.store.append(&self.desk, &record) {
                        self.emit(Update::Problem(problem)).await;
                    }
                }
                Action::Emit(update) => self.emit(update).await,
                Action::Stop => return false,
            }
        }
        true
    }

    /// Tells the program, if it is still there. Waits while the queue is full.
    async fn emit(&self, mut update: Update) {
        while let Err(TrySendError::Full(back)) = self.updates.try_send(update) {
            update = back;
            sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn alarm(next: Option<(Instant, TimerId)>) -> TimerId {
    match next {
        Some((at, timer)) => {
            sleep_until(at).await;
            timer
        }
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
