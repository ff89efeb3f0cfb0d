//! Killing and restarting the desk in the middle of a conversation loses and doubles nothing.

use std::{net::SocketAddr, path::Path, time::Duration};

use tokio::runtime::Runtime;
use visavis::{
    conversation::{Conversation, EntryState},
    desk::{Desk, DeskConfig, RunningDesk, StoreLocation as DeskStore},
    protocol::{CustomerRef, EventBody, Role},
    sync::{Command, LinkState, StoreLocation, SyncClient, SyncConfig, Update},
};

/// Longer than anything here takes; reached only where the test fails.
const LIMIT: Duration = Duration::from_secs(30);

/// A desk whose end is as sudden as that of a killed process: no drain, no farewell.
struct Killable {
    runtime: Runtime,
    desk: RunningDesk,
}

impl Killable {
    fn start(database: &Path, listen: SocketAddr) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let config = DeskConfig {
            listen,
            store: DeskStore::File(database.to_owned()),
            device_key: Some("device-key-for-tests".into()),
            operator_key: Some("operator-key-for-tests".into()),
            ..DeskConfig::default()
        };
        let desk = runtime.block_on(Desk::start(config)).unwrap();
        Self { runtime, desk }
    }

    fn kill(self) {
        drop(self.desk);
        // Waits for what runs on its threads, so that the port is free; tasks are dropped where they stand.
        self.runtime.shutdown_timeout(LIMIT);
    }
}

/// What the program would hold: the conversation, and every numbered event that came.
struct Program {
    client: SyncClient,
    conversation: Conversation,
    replies: Vec<String>,
}

impl Program {
    fn start(folder: &Path, address: SocketAddr) -> Self {
        let config = SyncConfig {
            base_url: SyncConfig::parse_url(&format!("http://{address}")).unwrap(),
            device_key: "device-key-for-tests".into(),
            device: "kiosk".into(),
            locale: "zh-CN".into(),
            customer: CustomerRef::default(),
            channel: "desktop".into(),
            store: StoreLocation::File(folder.join("outbox.jsonl")),
            seed: 7,
        };
        let client = SyncClient::start(config).unwrap();
        Self { client, conversation: Conversation::new(), replies: vec![] }
    }

    fn say(&self, text: &str) {
        self.client.send(Command::Say { text: text.into() }).unwrap();
    }

    /// Takes in updates until this one has come.
    fn until(&mut self, wanted: impl Fn(&Update, &Conversation) -> bool) {
        loop {
            let update =
                self.client.recv_timeout(LIMIT).unwrap_or_else(|| panic!("nothing more: {:#?}", self.conversation));
            if let Update::Event(event) = &update
                && let EventBody::MessageCompleted(message) = &event.body
            {
                self.replies.push(message.message_id.0.clone());
            }
            update.apply_to(&mut self.conversation);
            if wanted(&update, &self.conversation) {
                return;
            }
        }
    }

    fn until_live(&mut self) {
        self.until(|update, _| *update == Update::Link(LinkState::Live));
    }

    /// Until everything that was said stands in the log.
    fn until_arrived(&mut self, said: usize) {
        let arrived = |conversation: &Conversation| {
            said_by_customer(conversation).len() == said && conversation.transcript().echoes().is_empty()
        };
        if !arrived(&self.conversation) {
            self.until(|_, conversation| arrived(conversation));
        }
    }
}

fn said_by_customer(conversation: &Conversation) -> Vec<String> {
    let settled = conversation.transcript().settled().iter();
    settled
        .filter(|entry| entry.message.role == Role::Customer)
        .map(|entry| entry.message.text.clone().unwrap_or_default())
        .collect()
}

/// Plays a conversation, with or without accidents; gives who spoke, in order.
fn play(accidents: bool) -> Vec<Role> {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("desk.db");
    let desk = Killable::start(&database, "127.0.0.1:0".parse().unwrap());
    let address = desk.desk.address;
    let mut desk = Some(desk);
    let mut program = Program::start(folder.path(), address);
    program.until_live();

    let mut said = Vec::new();
    let say = |program: &Program, said: &mut Vec<String>, text: String| {
        program.say(&text);
        said.push(text);
    };
    for round in 0..3 {
        // Under way when the desk dies: arrived or not, nobody knows.
        for part in ["怎么修改无线密码", "保修期多久"] {
            say(&program, &mut said, format!("{part}（{round}）"));
        }
        program.until(|update, _| matches!(update, Update::Delivered { .. }));
        if accidents {
            desk.take().unwrap().kill();
            program
                .until(|update, _| matches!(update, Update::Link(LinkState::Recovering { .. } | LinkState::Offline)));
        }
        for part in ["你们还在吗", "谢谢"] {
            say(&program, &mut said, format!("{part}（{round}）"));
        }
        if accidents {
            if round == 1 {
                // The program dies too, with unsent words on its disk.
                drop(program);
                program = Program::start(folder.path(), address);
            }
            desk = Some(Killable::start(&database, address));
            program.client.send(Command::Reconnect).unwrap();
            program.until_live();
        }
        program.until_arrived(said.len());
    }

    // A second program that knows nothing finds the conversation by its device and sees the same.
    let elsewhere = tempfile::tempdir().unwrap();
    let mut fresh = Program::start(elsewhere.path(), address);
    fresh.until(|update, _| matches!(update, Update::Snapshot(_)));
    let cursor = fresh.conversation.cursor();
    if program.conversation.cursor() < cursor {
        program.until(|_, conversation| conversation.cursor() >= cursor);
    }
    let messages = |conversation: &Conversation| {
        let settled = conversation.transcript().settled().iter();
        settled.map(|entry| (entry.message.message_id.clone(), entry.message.text.clone())).collect::<Vec<_>>()
    };
    assert_eq!(messages(&program.conversation), messages(&fresh.conversation));

    assert_eq!(said_by_customer(&program.conversation), said);
    let settled = program.conversation.transcript().settled();
    assert!(settled.iter().all(|entry| entry.state == EntryState::Final));
    let mut ids: Vec<_> = settled.iter().map(|entry| &entry.message.message_id).collect();
    let entries = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), entries, "an entry stands twice in the transcript");
    let told = program.replies.len();
    program.replies.sort_unstable();
    program.replies.dedup();
    assert_eq!(program.replies.len(), told, "a reply came twice");
    let roles = settled.iter().map(|entry| entry.message.role.clone()).collect();
    drop((program, fresh));
    desk.unwrap().kill();
    roles
}

#[test]
fn a_killed_desk_loses_and_doubles_nothing() {
    let quiet = play(false);
    assert!(quiet.contains(&Role::Bot));
    // Each turn has the answers that it has without accidents: none is missing, none comes twice.
    assert_eq!(play(true), quiet);
}
