//! Long polls and server-sent events.

use futures_util::StreamExt as _;

use super::*;

/// Reads a stream until it holds `needle`.
async fn read_until(body: Body, needle: &str) -> (String, axum::body::BodyDataStream) {
    let mut chunks = body.into_data_stream();
    let mut text = String::new();
    while !text.contains(needle) {
        let chunk = chunks.next().await.expect("the stream goes on").unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    (text, chunks)
}

fn ids(text: &str) -> Vec<u64> {
    text.lines().filter_map(|line| line.strip_prefix("id: ")).map(|id| id.parse().unwrap()).collect()
}

#[tokio::test]
async fn a_long_poll_wakes_up() {
    let bench = Bench::new().await;
    bench.greet().await;
    let head = bench.snapshot("c1").await.cursor;
    let path = format!("/v1/conversations/c1/events?after={head}&wait=25");
    let poll = bench.call("GET", &path, &bench.token, None);
    // The poll is polled first and waits; the message then wakes it.
    let (woken, _) = tokio::join!(biased; poll, bench.say("冰箱保修多久？"));
    assert_eq!(woken.0, StatusCode::OK);
    assert!(woken.1["events"].as_array().unwrap().iter().any(|event| event["type"] == "message.created"));
}

#[tokio::test]
async fn a_long_poll_ends_empty_when_the_time_is_up_or_the_desk_stops() {
    let bench = Bench::new().await;
    bench.greet().await;
    let path = "/v1/conversations/c1/events?after=1&wait=0";
    let (status, page) = bench.call("GET", path, &bench.token, None).await;
    assert_eq!((status, &page["next"], &page["events"]), (StatusCode::OK, &json!(1), &json!([])));
    let path = "/v1/conversations/c1/events?after=1&wait=25";
    let poll = bench.call("GET", path, &bench.token, None);
    let ((status, page), ()) = tokio::join!(biased; poll, async { bench.engine.hub.drain() });
    assert_eq!((status, &page["events"]), (StatusCode::OK, &json!([])));
}

#[tokio::test]
async fn a_stream_resumes_after_the_last_event() {
    let bench = Bench::new().await;
    bench.greet().await;
    bench.say("冰箱保修多久？").await;
    let head = bench.snapshot("c1").await.cursor;
    let request = Request::builder()
        .uri("/v1/conversations/c1/stream")
        .header(header::AUTHORIZATION, format!("Bearer {}", bench.token))
        .header("Last-Event-ID", "2")
        .body(Body::empty())
        .unwrap();
    let response = bench.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let (text, rest) = read_until(response.into_body(), &format!("id: {head}\n")).await;
    assert_eq!(ids(&text), (3..=head).collect::<Vec<_>>());
    // What comes later comes by the same stream, ephemerals without an id.
    let typing = bench.call("POST", "/v1/conversations/c1/typing", OPERATOR_KEY, None).await;
    assert_eq!(typing.0, StatusCode::NO_CONTENT);
    let (text, rest) = read_until(Body::from_stream(rest), "typing").await;
    assert!(ids(&text).is_empty() && text.contains("\"role\":\"human\""), "{text}");
    let after = bench.say("转人工").await.last().unwrap().seq.unwrap();
    let (text, _) = read_until(Body::from_stream(rest), &format!("id: {after}\n")).await;
    assert_eq!(ids(&text), (head + 1..=after).collect::<Vec<_>>());
    assert_eq!(bench.snapshot("c1").await.cursor, after, "typing is not stored");
}

#[tokio::test]
async fn a_quiet_stream_beats_and_a_stopping_desk_says_when_to_come_back() {
    let bench = Bench::new().await;
    bench.greet().await;
    let response = bench.response("GET", "/v1/conversations/c1/stream?after=1", &bench.token, None).await;
    let (text, rest) = read_until(response.into_body(), ":").await;
    assert!(text.starts_with(':'), "{text:?}");
    bench.engine.hub.drain();
    let (text, mut rest) = read_until(Body::from_stream(rest), "retry").await;
    assert!(text.contains("retry: 2000"), "{text:?}");
    assert!(rest.next().await.is_none());
}

#[tokio::test]
async fn the_queue_streams_its_changes() {
    let bench = Bench::new().await;
    bench.greet().await;
    let response = bench.response("GET", "/v1/queue/stream", OPERATOR_KEY, None).await;
    let (text, rest) = read_until(response.into_body(), "\n\n").await;
    assert!(text.contains("{\"entries\":[]}"), "{text}");
    bench.say("转人工").await;
    // A slow machine gets a keep-alive comment first.
    let (text, _) = read_until(Body::from_stream(rest), "\"conversation_id\":\"c1\"").await;
    assert!(text.contains("\"entries\""), "{text}");
}
