//! A desk on the same file goes on where the last one stopped; a desk on a socket starts and stops.

use super::*;
use crate::desk::{DeskConfig, EmbeddedDesk};

#[tokio::test]
async fn a_restart_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = StoreLocation::File(folder.path().join("desk.sqlite"));
    let bench = Bench::with(store.clone(), 10_000).await;
    bench.greet().await;
    bench.say("花了2万买个废品，明天就去315投诉").await;
    bench.say("转人工").await;
    let (before, snapshot) = (bench.events("c1", 0).await, bench.snapshot("c1").await);
    let (_, queue) = bench.call("GET", "/v1/queue", OPERATOR_KEY, None).await;
    let token = bench.token.clone();
    bench.engine.store.close().await;

    let mut bench = Bench::with(store, 10_000).await;
    bench.token = token;
    assert_eq!(bench.events("c1", 0).await, before);
    assert_eq!(bench.snapshot("c1").await, snapshot);
    assert_eq!(bench.call("GET", "/v1/queue", OPERATOR_KEY, None).await.1, queue);
    assert_eq!(queue["entries"].as_array().unwrap().len(), 1);
    // The token still opens the conversation, the replay is still a replay, the queue goes on.
    let (status, _) = bench.call("GET", "/v1/conversations/c1", &bench.token, None).await;
    assert_eq!(status, StatusCode::OK);
    let body = Some(json!({ "text": "花了2万买个废品，明天就去315投诉" }));
    assert_eq!(bench.call("PUT", "/v1/conversations/c1/messages/m1", &bench.token, body).await.0, StatusCode::OK);
    let (status, control) = bench.agent("POST", "c1/claim", json!({ "agent_id": "a1", "name": "李敏" })).await;
    assert_eq!((status, &control["owner"]["kind"]), (StatusCode::OK, &json!("human")));
}

#[tokio::test]
async fn a_write_that_is_not_committed_leaves_no_trace() {
    let bench = Bench::new().await;
    bench.greet().await;
    let before = bench.events("c1", 0).await;
    let id = crate::protocol::ConversationId::from("c1");
    let mut write = bench.engine.store.write().await.unwrap();
    let stored = write.conversation(&id).await.unwrap().unwrap();
    let mut state = stored.state;
    let mut event = before[0].clone();
    event.seq = Some(2);
    state.apply(&event.body, event.at);
    write.append(&[event], &state, 10_000).await.unwrap();
    drop(write);
    assert_eq!(bench.events("c1", 0).await, before);
    assert_eq!(bench.snapshot("c1").await.cursor, 1);
}

#[test]
fn an_embedded_desk_answers_on_its_socket_and_stops_when_dropped() {
    use std::io::{Read as _, Write as _};

    let desk = EmbeddedDesk::start(DeskConfig { device_key: Some(DEVICE_KEY.to_owned()), ..DeskConfig::default() });
    let desk = desk.unwrap();
    let address = desk.base_url().trim_start_matches("http://").to_owned();
    let mut socket = std::net::TcpStream::connect(&address).unwrap();
    let request = format!(
        "GET /v1/queue HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
        desk.operator_key()
    );
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("{\"entries\":[]}"), "{answer}");
    drop(desk);
    assert!(std::net::TcpStream::connect(&address).is_err());
}

#[test]
fn a_taken_address_is_told() {
    let desk = EmbeddedDesk::start(DeskConfig::default()).unwrap();
    let listen = desk.base_url().trim_start_matches("http://").parse().unwrap();
    let error = EmbeddedDesk::start(DeskConfig { listen, ..DeskConfig::default() }).unwrap_err();
    assert!(error.to_string().contains(&listen.to_string()), "{error}");
}
