//! What the protocol promises whatever is said.

use super::*;

#[tokio::test]
async fn a_write_is_accepted_once() {
    let bench = Bench::new().await;
    bench.greet().await;
    let path = "/v1/conversations/c1/messages/m-1";
    let body = json!({ "text": "冰箱保修多久？" });
    let (status, receipt) = bench.call("PUT", path, &bench.token, Some(body.clone())).await;
    assert_eq!((status, &receipt["replayed"]), (StatusCode::CREATED, &json!(false)));
    let head = bench.snapshot("c1").await.cursor;
    let (status, again) = bench.call("PUT", path, &bench.token, Some(body)).await;
    assert_eq!((status, &again["replayed"], &again["seq"]), (StatusCode::OK, &json!(true), &receipt["seq"]));
    let (status, problem) = bench.call("PUT", path, &bench.token, Some(json!({ "text": "别的" }))).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("id_reused")));
    assert_eq!(bench.snapshot("c1").await.cursor, head, "a replay adds nothing");
    let create =
        json!({ "locale": "zh-CN", "customer": { "customer_id": "wang" }, "channel": "demo", "device": "kiosk-1" });
    let (status, receipt) = bench.call("PUT", "/v1/conversations/c1", &bench.token, Some(create)).await;
    assert_eq!((status, &receipt["replayed"]), (StatusCode::OK, &json!(true)));
}

#[tokio::test]
async fn a_token_opens_only_its_own_device() {
    let bench = Bench::new().await;
    bench.greet().await;
    let stranger = bench.session("kiosk-2").await;
    let message = Some(json!({ "text": "hi" }));
    for (method, path, body) in [
        ("GET", "/v1/conversations/c1", None),
        ("GET", "/v1/conversations/c1/events?after=0", None),
        ("GET", "/v1/conversations/c1/stream", None),
        ("PUT", "/v1/conversations/c1/messages/x", message),
        ("PUT", "/v1/conversations/c1/handoffs/x", Some(json!({ "reason": "user_request" }))),
        ("PUT", "/v1/conversations/c1/ratings/x", Some(json!({ "score": 5 }))),
        ("POST", "/v1/conversations/c1/typing", None),
    ] {
        let (status, problem) = bench.call(method, path, &stranger, body.clone()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{path}");
        let (status, _) = bench.call(method, path, "nonsense", body.clone()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
        let (status, _) = bench.call(method, path, DEVICE_KEY, body).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "the device key opens sessions only: {path}");
    }
    let (status, _) = bench.call("GET", "/v1/queue", &bench.token, None).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    // Another session of the same device goes on with the same conversation.
    let body = json!({ "device": "kiosk-1", "protocol": { "min": 1, "max": 1 } });
    let (_, grant) = bench.call("POST", "/v1/sessions", DEVICE_KEY, Some(body)).await;
    assert_eq!(grant["conversation_id"], "c1");
    assert_eq!(bench.call("GET", "/v1/conversations/c1", grant["token"].as_str().unwrap(), None).await.0, 200);
}

#[tokio::test]
async fn a_token_ends() {
    let bench = Bench::new().await;
    bench.greet().await;
    bench.clock.advance(SignedDuration::from_mins(61));
    let (status, problem) = bench.call("GET", "/v1/conversations/c1", &bench.token, None).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("token_expired")));
}

#[tokio::test]
async fn refusals_are_problems_with_an_id() {
    let bench = Bench::new().await;
    bench.greet().await;
    let long = "长".repeat(2001);
    for (method, path, body, status, code) in [
        ("PUT", "/v1/conversations/c1/messages/a", Some(json!({ "text": long })), 422, "text_too_long"),
        ("PUT", "/v1/conversations/c1/messages/a", Some(json!({ "text": "  " })), 422, "empty_text"),
        ("PUT", "/v1/conversations/c1/messages/a", Some(json!({ "words": 1 })), 400, "bad_json"),
        ("PUT", "/v1/conversations/c1/messages/a%2Fb", Some(json!({ "text": "a" })), 422, "bad_id"),
        ("PUT", "/v1/conversations/c1/ratings/a", Some(json!({ "score": 6 })), 422, "bad_rating"),
        ("GET", "/v1/conversations/c1/events?after=x", None, 400, "bad_cursor"),
        ("GET", "/v1/conversations/c9", None, 404, "not_found"),
        ("GET", "/v2/nowhere", None, 404, "not_found"),
        ("DELETE", "/v1/conversations/c1", None, 405, "method_not_allowed"),
    ] {
        let response = bench.response(method, path, &bench.token, body).await;
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let problem: crate::protocol::Problem = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((problem.status, problem.code.as_str()), (status, code), "{path}");
        assert_eq!(problem.request_id, id);
    }
    let body = Some(json!({ "text": "x".repeat(300 * 1024) }));
    let (status, problem) = bench.call("PUT", "/v1/conversations/c1/messages/a", &bench.token, body).await;
    assert_eq!((status, &problem["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("body_too_large")));
    let body = Some(json!({ "device": "d", "protocol": { "min": 7, "max": 9 } }));
    let (status, problem) = bench.call("POST", "/v1/sessions", DEVICE_KEY, body).await;
    assert_eq!((status.as_u16(), &problem["code"]), (426, &json!("protocol_mismatch")));
}

#[tokio::test]
async fn a_cursor_outside_the_log_is_gone() {
    let bench = Bench::with(StoreLocation::Memory, 3).await;
    bench.greet().await;
    let body = Some(json!({ "text": "冰箱保修多久？" }));
    bench.call("PUT", "/v1/conversations/c1/messages/m", &bench.token, body).await;
    let head = bench.snapshot("c1").await.cursor;
    assert!(head > 4);
    for after in [head + 1, 0, head - 4] {
        for call in ["events", "stream"] {
            let path = format!("/v1/conversations/c1/{call}?after={after}");
            let (status, problem) = bench.call("GET", &path, &bench.token, None).await;
            assert_eq!((status, &problem["code"]), (StatusCode::GONE, &json!("cursor_gone")), "{path}");
        }
    }
    assert_eq!(bench.events("c1", head - 3).await.len(), 3);
}

#[tokio::test]
async fn pages_tell_whether_there_is_more() {
    let bench = Bench::new().await;
    bench.greet().await;
    while bench.snapshot("c1").await.cursor <= 100 {
        bench.say("冰箱保修多久？").await;
    }
    let path = "/v1/conversations/c1/events?after=0";
    let (_, page) = bench.call("GET", path, &bench.token, None).await;
    assert_eq!((&page["has_more"], &page["next"]), (&json!(true), &json!(100)));
    let (_, page) = bench.call("GET", "/v1/conversations/c1/events?after=100", &bench.token, None).await;
    assert_eq!(page["has_more"], json!(false));
}

#[tokio::test]
async fn a_snapshot_is_the_events_folded() {
    let bench = Bench::new().await;
    bench.greet().await;
    bench.say("花了2万买个废品，明天就去315投诉").await;
    let inputs = json!({ "model": "bcd 520", "wifi": "home", "router_changed": "no" });
    bench.press("device-form", "submit-device", inputs).await;
    bench.say("转人工").await;
    let snapshot = bench.snapshot("c1").await;
    let mut folded = super::super::state::State::new(snapshot.conversation.clone());
    for event in bench.events("c1", 0).await {
        folded.apply(&event.body, event.at);
    }
    assert_eq!(folded.snapshot(), snapshot);
}

#[tokio::test]
async fn a_rating_stays() {
    let bench = Bench::new().await;
    bench.greet().await;
    let body = Some(json!({ "score": 5, "comment": "很好" }));
    let (status, _) = bench.call("PUT", "/v1/conversations/c1/ratings/r1", &bench.token, body).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(bench.snapshot("c1").await.rating, Some(5));
}

#[tokio::test]
async fn a_follow_up_becomes_due_by_the_clock() {
    let bench = Bench::new().await;
    bench.greet().await;
    let body = json!({ "due_at": "2024-08-01T11:00:00Z", "purpose": "回访", "channel": "phone" });
    let (status, follow_up) = bench.agent("POST", "c1/follow_ups", body).await;
    assert_eq!(status, StatusCode::CREATED);
    let head = bench.snapshot("c1").await.cursor;
    bench.engine.tell_due().await.unwrap();
    assert_eq!(bench.snapshot("c1").await.cursor, head, "not yet");
    bench.clock.advance(SignedDuration::from_hours(9));
    bench.engine.tell_due().await.unwrap();
    bench.engine.tell_due().await.unwrap();
    let events = bench.events("c1", head).await;
    assert_eq!(kinds(&events), ["follow_up.due"]);
    assert!(matches!(&events[0].body, EventBody::FollowUpDue(due) if due.follow_up_id.0 == follow_up["follow_up_id"]));
}

#[tokio::test]
async fn an_operator_keeps_the_case() {
    let bench = Bench::new().await;
    bench.greet().await;
    let (status, _) = bench.call("GET", "/v1/conversations/c1/case", OPERATOR_KEY, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let case = json!({ "category": "noise", "severity": 1, "status": "open" });
    let (status, receipt) = bench.agent("PUT", "c1/case", case.clone()).await;
    assert_eq!((status, &receipt["replayed"]), (StatusCode::OK, &json!(false)));
    assert_eq!(bench.agent("PUT", "c1/case", case).await.1["replayed"], json!(true));
    let (_, case) = bench.call("GET", "/v1/conversations/c1/case", OPERATOR_KEY, None).await;
    assert_eq!(case["category"], "noise");
}
