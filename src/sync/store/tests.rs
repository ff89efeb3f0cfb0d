//! What every store keeps, and what a file store survives.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::{fs, path::PathBuf};

use super::*;
use crate::{
    protocol::{Limits, ProtocolRange},
    sync::outbox::Write,
};

fn item(id: &str) -> OutboxItem {
    OutboxItem { client_id: id.into(), write: Write::Say { text: format!("你好 {id}\n") }, wedged: None }
}

fn grant() -> SessionGrant {
    SessionGrant {
        token: "secret".into(),
        expires_at: "2026-10-22T00:00:00Z".parse().unwrap(),
        conversation_id: None,
        server_time: "2026-10-21T00:00:00Z".parse().unwrap(),
        limits: Limits { max_body: 1, max_text: 2, heartbeat_secs: 3, longpoll_secs: 4 },
        protocol: ProtocolRange { min: 1, max: 1 },
        features: vec![],
    }
}

fn script() -> Vec<Record> {
    vec![
        Record::Session(Box::new(grant())),
        Record::Conversation { id: "c".into(), created: false },
        Record::Queued(item("a")),
        Record::Conversation { id: "c".into(), created: true },
        Record::Queued(item("b")),
        Record::Queued(item("c")),
        Record::Settled("a".into()),
        Record::Cursor(12),
        Record::Wedged { client_id: "b".into(), why: "no".into() },
        Record::Wedged { client_id: "c".into(), why: "no".into() },
        Record::Unwedged("c".into()),
    ]
}

/// Behaves the same for every kind of store; `reopen` gives the store as a later process finds it.
fn conforms<S: Store>(mut store: S, reopen: impl Fn(S) -> S) {
    let mut expected = Saved::default();
    for record in script() {
        store.append("one", &record).unwrap();
        expected.apply(&record);
        store = reopen(store);
        assert_eq!(store.load("one"), (expected.clone(), vec![]));
    }
    assert_eq!(store.load("two").0, Saved::default());
    store.append("two", &Record::Queued(item("z"))).unwrap();
    store = reopen(store);
    assert_eq!(store.load("one").0, expected);
    assert_eq!(store.load("two").0.outbox.len(), 1);
    store.append("one", &Record::ConversationGone).unwrap();
    store.append("one", &Record::SessionGone).unwrap();
    let saved = reopen(store).load("one").0;
    assert_eq!((saved.session, saved.conversation, saved.cursor, saved.outbox.len()), (None, None, 0, 2));
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep").join("outbox.jsonl");
    (folder, path)
}

#[test]
fn memory_conforms() {
    conforms(MemoryStore::default(), |store| store);
}

#[test]
fn file_conforms() {
    let (_folder, path) = place();
    conforms(FileStore::open(&path).unwrap(), |store| {
        drop(store);
        FileStore::open(&path).unwrap()
    });
}

#[test]
fn every_cut_of_the_file_keeps_every_whole_line() {
    let (_folder, path) = place();
    let mut store = FileStore::open(&path).unwrap();
    for record in script() {
        store.append("one", &record).unwrap();
    }
    drop(store);
    let bytes = fs::read(&path).unwrap();
    let script = script();
    for cut in (0..bytes.len()).step_by(7).chain([bytes.len() - 1]) {
        fs::write(&path, &bytes[..cut]).unwrap();
        let whole = bytes[..cut].iter().filter(|&&byte| byte == b'\n').count();
        let mut expected = Saved::default();
        script[..whole].iter().for_each(|record| expected.apply(record));
        let mut store = FileStore::open(&path).unwrap();
        assert_eq!(store.load("one"), (expected.clone(), vec![]), "cut at {cut}");
        // What is appended after a torn line is not glued to it.
        store.append("one", &Record::Queued(item("after"))).unwrap();
        drop(store);
        assert_eq!(FileStore::open(&path).unwrap().load("one").0.outbox.len(), expected.outbox.len() + 1);
    }
}

#[test]
fn a_damaged_file_is_set_aside_and_what_can_be_read_is_kept() {
    let (_folder, path) = place();
    let mut store = FileStore::open(&path).unwrap();
    store.append("one", &Record::Queued(item("a"))).unwrap();
    drop(store);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend(b"\x00\xff garbage\n");
    fs::write(&path, &bytes).unwrap();
    for name in ["damaged", "damaged2"] {
        let mut store = FileStore::open(&path).unwrap();
        let (saved, troubles) = store.load("one");
        assert_eq!(saved.outbox.len(), 1);
        let [problem] = &troubles[..] else { panic!("{troubles:?}") };
        assert!(problem.to_string().contains("1 lines are damaged"), "{problem}");
        assert_eq!(fs::read(path.with_extension(format!("jsonl.{name}"))).unwrap(), bytes);
        assert_eq!(store.load("one").1, vec![]);
        drop(store);
        fs::write(&path, &bytes).unwrap();
    }
}

#[test]
fn one_process_at_a_time() {
    let (_folder, path) = place();
    let store = FileStore::open(&path).unwrap();
    let refused = FileStore::open(&path).unwrap_err();
    assert!(refused.to_string().contains("another window"), "{refused}");
    drop(store);
    FileStore::open(&path).unwrap();
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = place();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let mut store = FileStore::open(&path).unwrap();
    store.append("one", &Record::Queued(item("a"))).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_long_file_is_shortened() {
    let (_folder, path) = place();
    let mut store = FileStore::open(&path).unwrap();
    for cursor in 1..=4500 {
        store.append("one", &Record::Cursor(cursor)).unwrap();
    }
    drop(store);
    let lines = fs::read(&path).unwrap().iter().filter(|&&byte| byte == b'\n').count();
    assert!(lines < 600, "{lines}");
    assert_eq!(FileStore::open(&path).unwrap().load("one").0.cursor, 4500);
}

#[test]
fn a_place_that_cannot_be_written_is_told_clearly() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let problem = FileStore::open(&folder.path().join("file").join("outbox")).unwrap_err();
    assert!(problem.to_string().starts_with("cannot open the outbox: "), "{problem}");
}
