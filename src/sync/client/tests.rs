//! The client against a small server that misbehaves on purpose.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Sender, channel},
};

use serde_json::{Value, json};

use super::*;
use crate::{
    conversation::{Conversation, EntryState},
    sync::call::LinkState,
};

/// Longer than anything here takes; reached only where the test fails.
const LIMIT: Duration = Duration::from_secs(30);

struct Call {
    line: String,
    head: String,
    body: Value,
    to: TcpStream,
}

impl Call {
    fn read(stream: TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|&size| size > 0)?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && head != "\r\n" {
            reader.read_line(&mut head).ok().filter(|&size| size > 0)?;
        }
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        Some(Self { line, head, body: serde_json::from_slice(&body).unwrap_or_default(), to: stream })
    }

    fn send(&mut self, text: &str) {
        self.to.write_all(text.as_bytes()).unwrap();
    }

    fn answer(mut self, status: u16, body: &Value) {
        let body = body.to_string();
        self.send(&format!(
            "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        ));
    }
}

/// Serves each connection with `serve`, one call each.
fn server(mut serve: impl FnMut(Call) + Send + 'static) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            if let Some(call) = Call::read(stream.unwrap()) {
                serve(call);
            }
        }
    });
    url.parse().unwrap()
}

fn config(base_url: Url) -> SyncConfig {
    SyncConfig {
        base_url,
        device_key: "key".into(),
        device: "kiosk".into(),
        locale: "zh-CN".into(),
        customer: CustomerRef::default(),
        channel: "desktop".into(),
        store: StoreLocation::Memory,
        seed: 1,
    }
}

fn event(conversation: &str, seq: u64, id: &str, text: &str) -> String {
    let event = json!({"v": 1, "seq": seq, "id": format!("e{seq}"), "type": "message.created",
        "at": "2026-10-21T00:00:00Z", "conversation_id": conversation,
        "data": {"message_id": id, "role": "customer", "text": text}});
    format!("id: {seq}\ndata: {event}\n\n")
}

/// A desk that takes a message, hangs up without an answer, and streams in crumbs.
fn crumbly_desk(calls: Sender<String>) -> Url {
    let mut conversation = String::new();
    let mut messages: Vec<(String, String)> = vec![];
    let mut streams: Vec<TcpStream> = vec![];
    server(move |mut call| {
        let path = call.line.split(' ').nth(1).unwrap().to_owned();
        calls.send(call.line.clone()).unwrap();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match parts[..] {
            ["v1", "sessions"] => {
                assert!(call.head.contains("authorization: bearer key\r\n"));
                call.answer(
                    200,
                    &json!({"token": "t", "expires_at": "2026-10-22T00:00:00Z",
                    "server_time": "2026-10-21T00:00:00Z", "protocol": {"min": 1, "max": 1}, "limits":
                    {"max_body": 65536, "max_text": 500, "heartbeat_secs": 15, "longpoll_secs": 25}}),
                );
            }
            ["v1", "conversations", id] if call.line.starts_with("PUT") => {
                id.clone_into(&mut conversation);
                call.answer(201, &json!({}));
            }
            ["v1", "conversations", id] => call.answer(
                200,
                &json!({"cursor": 0,
                "control": {"owner": {"kind": "bot"}, "epoch": 0}, "conversation": {"id": id, "locale": "zh-CN"}}),
            ),
            ["v1", "conversations", _, "stream"] => {
                call.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: hello\n\n");
                streams.push(call.to);
            }
            ["v1", "conversations", _, "messages", id] => {
                if messages.iter().any(|(known, _)| known == id) {
                    call.answer(200, &json!({"replayed": true}));
                    let (seq, (id, text)) = (messages.len() as u64, messages.last().unwrap());
                    for crumb in event(&conversation, seq, id, text).as_bytes().chunks(5) {
                        // An older stream may be gone already.
                        streams.iter_mut().for_each(|stream| drop(stream.write_all(crumb)));
                    }
                } else {
                    messages.push((id.to_owned(), call.body["text"].as_str().unwrap().to_owned()));
                }
            }
            _ => call.answer(404, &json!({"status": 404, "code": "not_found"})),
        }
    })
}

#[test]
fn a_lost_answer_doubles_nothing() {
    let (calls, called) = channel();
    let client = SyncClient::start(config(crumbly_desk(calls))).unwrap();
    let mut conversation = Conversation::new();
    let first = client.send(Command::Say { text: "你好，我的路由器坏了".into() }).unwrap();
    let second = client.send(Command::Say { text: "在吗".into() }).unwrap();
    while conversation.cursor() < 2 {
        let update = client.recv_timeout(LIMIT).unwrap_or_else(|| panic!("nothing more; {conversation:?}"));
        update.apply_to(&mut conversation);
    }
    let shown: Vec<_> =
        conversation.transcript().iter().map(|entry| (entry.message.message_id.as_str(), &entry.state)).collect();
    assert_eq!(shown, [(first.as_str(), &EntryState::Final), (second.as_str(), &EntryState::Final)]);
    drop(client);
    let puts = called.try_iter().filter(|line| line.contains("/messages/")).count();
    assert_eq!(puts, 4);
}

#[test]
fn a_redirect_is_not_followed() {
    let (leaked, leaks) = channel();
    let elsewhere = server(move |call| leaked.send(call.line).unwrap());
    let url = server(move |mut call| {
        call.send(&format!(
            "HTTP/1.1 307 x\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        ));
    });
    let client = SyncClient::start(config(url)).unwrap();
    while !matches!(client.recv_timeout(LIMIT).unwrap(), Update::Problem(_)) {}
    assert!(matches!(client.recv_timeout(LIMIT), Some(Update::Link(LinkState::Recovering { .. }))));
    assert!(leaks.try_recv().is_err());
}

#[test]
fn nobody_there_is_offline_and_what_is_said_is_kept() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(format!("http://{address}").parse().unwrap());
    config.store = StoreLocation::File(folder.path().join("outbox.jsonl"));
    let client = SyncClient::start(config.clone()).unwrap();
    client.send(Command::Say { text: "one".into() }).unwrap();
    while client.recv_timeout(LIMIT).unwrap() != Update::Link(LinkState::Offline) {}
    client.send(Command::Say { text: "two".into() }).unwrap();
    drop(client);
    let client = SyncClient::start(config).unwrap();
    let mut echoes = 0;
    while echoes < 2 {
        echoes += usize::from(matches!(client.recv_timeout(LIMIT).unwrap(), Update::Echo { .. }));
    }
}

#[test]
fn bad_input_is_told_clearly() {
    for url in ["desk.example.com", "ftp://desk", "https://me:secret@desk", "http://"] {
        let problem = SyncConfig::parse_url(url).unwrap_err();
        assert!(problem.to_string().starts_with(&format!("cannot use the server address: {url}: ")), "{problem}");
    }
    let mut config = config("http://127.0.0.1:1".parse().unwrap());
    config.device_key = "two words".into();
    assert!(SyncClient::start(config.clone()).is_err());
    config.device_key = "key".into();
    let client = SyncClient::start(config).unwrap();
    assert!(client.send(Command::Say { text: " \n".into() }).is_err());
}
