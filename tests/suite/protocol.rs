//! The wire: every type as JSON for the record, and nothing lost on a round trip.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use visavis::protocol::*;

fn round_trip<T: Serialize + DeserializeOwned>(value: &Value) -> Value {
    let parsed: T = serde_json::from_value(value.clone()).unwrap();
    serde_json::to_value(&parsed).unwrap()
}

fn message() -> Value {
    json!({
        "message_id": "m-1", "role": "bot", "name": "小薇", "text": "第一步，切换到 2.4 GHz。",
        "acts": [{
            "act": "explain_step", "affect": "warm", "intensity": 0.5, "priority": 2,
            "target": { "card_id": "steps", "item": 0 }, "at": { "message_id": "m-1", "span": [0, 3] },
        }],
        "at": "2026-03-16T06:30:00Z",
    })
}

fn card() -> Value {
    json!({
        "card_id": "steps", "card": { "type": "AdaptiveCard", "version": "1.6", "body": [] },
        "placement": { "side": "right", "importance": "high" }, "pinned": true,
    })
}

fn follow_up() -> Value {
    json!({
        "follow_up_id": "f-1", "due_at": "2026-03-16T11:00:00Z", "purpose": "回访", "channel": "app",
        "outcome": "reached",
    })
}

fn case() -> Value {
    json!({
        "category": "network failure", "root_cause": "5 GHz compatibility", "severity": 2,
        "affected_model": "BCD-520WIFI", "affected_batch": "2026-02", "containment": "2.4 GHz",
        "corrective_action": "firmware", "product_suggestion": "manual", "knowledge_draft": "draft",
        "proactive_notice": ["owners of BCD-520WIFI"], "status": "open",
    })
}

fn triage() -> Value {
    json!({
        "issue": "complaint", "emotion": "furious", "confidence": 0.5, "reasons": ["lexicon:听不懂人话"],
        "language": "zh", "priority": 3,
    })
}

fn event(kind: &str, data: Value) -> Value {
    json!({
        "v": 1, "seq": 7, "id": "e-7", "type": kind, "at": "2026-03-16T06:30:00Z", "conversation_id": "c-1",
        "causation_id": "m-0", "data": data,
    })
}

/// Data of every known event type.
fn event_data(kind: &str) -> Value {
    match kind {
        "message.created" => {
            json!({ "message_id": "m-0", "role": "customer", "text": "你好", "at": "2026-03-16T06:30:00Z" })
        }
        "message.completed" => message(),
        "message.started" => json!({ "message_id": "m-1", "role": "bot" }),
        "message.delta" => json!({ "message_id": "m-1", "idx": 0, "text": "第" }),
        "triage.updated" => triage(),
        "act.requested" => json!({ "act": "wait", "intensity": 1.0, "priority": 0 }),
        "card.shown" | "card.updated" => card(),
        "card.dismissed" => json!({ "card_id": "steps" }),
        "control.changed" => json!({ "owner": { "kind": "queued", "position": 2, "eta_secs": 90 }, "epoch": 3 }),
        "handoff.requested" | "handoff.accepted" | "handoff.ended" => {
            json!({ "reason": "furious_complaint", "package_id": "p-1" })
        }
        "case.updated" => case(),
        "follow_up.scheduled" | "follow_up.due" | "follow_up.done" | "follow_up.canceled" => follow_up(),
        "benefit.granted" => json!({ "kind": "coupon", "amount": 100.0, "reason": "goodwill" }),
        "conversation.closed" | "conversation.reopened" => json!({ "reason": "resolved" }),
        "typing" => json!({ "role": "customer" }),
        "presence" => json!({ "agents": 3 }),
        other => panic!("no sample for {other}"),
    }
}

#[test]
fn every_event_type_survives_a_round_trip_and_is_on_record() {
    let mut record = serde_json::Map::new();
    for kind in EventBody::KINDS {
        let value = event(kind, event_data(kind));
        let parsed: Event = serde_json::from_value(value.clone()).unwrap();
        assert!(!matches!(parsed.body, EventBody::Malformed { .. } | EventBody::Unknown { .. }), "{parsed:?}");
        assert_eq!(round_trip::<Event>(&value), value, "{kind}");
        record.insert((*kind).to_owned(), value["data"].clone());
    }
    insta::assert_json_snapshot!("events", record);
}

#[test]
fn every_other_type_survives_a_round_trip_and_is_on_record() {
    let profile = json!({
        "name": "李先生", "tier": "gold", "complaint_count_30d": 1, "complaint_count_90d": 2,
        "purchases": ["BCD-520WIFI"], "locale": "zh-CN", "consent": true,
    });
    let package = json!({
        "package_id": "p-1", "reason": "furious_complaint", "summary": ["一", "二", "三"], "last_request": "转人工",
        "transcript": [message()], "profile": profile, "triage_history": [triage()], "collected": { "model": "X" },
        "attempts": ["answered"], "promises": ["call back"], "case": case(), "suggested_first_line": "您好",
        "created_at": "2026-03-16T06:30:00Z",
    });
    let control = json!({ "owner": { "kind": "human", "agent_id": "A-07", "name": "陈静" }, "epoch": 4 });
    let range = json!({ "min": 1, "max": 1 });
    let mut record = serde_json::Map::new();
    macro_rules! check {
        ($($kind:ty => $value:expr),+ $(,)?) => {$(
            let value = $value;
            assert_eq!(round_trip::<$kind>(&value), value, stringify!($kind));
            record.insert(stringify!($kind).to_owned(), value);
        )+};
    }
    check! {
        CreateSession => json!({ "device": "desktop", "protocol": range }),
        SessionGrant => json!({
            "token": "t", "expires_at": "2026-03-17T06:30:00Z", "conversation_id": "c-1",
            "server_time": "2026-03-16T06:30:00Z",
            "limits": { "max_body": 65536, "max_text": 2000, "heartbeat_secs": 15, "longpoll_secs": 25 },
            "protocol": range, "features": ["sse"],
        }),
        CreateConversation => json!({
            "locale": "zh-CN", "customer": { "customer_id": "C-1001", "name": "李先生" }, "channel": "desktop",
            "device": "desktop",
        }),
        Snapshot => json!({
            "cursor": 7, "control": control,
            "conversation": { "id": "c-1", "locale": "zh-CN", "customer": { "name": "李先生" }, "channel": "demo" },
            "messages": [message()], "triage": triage(), "cards": [card()], "case": case(),
            "follow_ups": [follow_up()], "rating": 5,
        }),
        EventPage => json!({ "events": [event("typing", event_data("typing"))], "next": 7, "has_more": false }),
        OutgoingMessage => json!({ "card_id": "form", "action_id": "submit", "inputs": { "model": "X" } }),
        WriteReceipt => json!({ "replayed": true, "seq": 3 }),
        HandoffRequest => json!({ "reason": "user_request" }),
        QueueList => json!({ "entries": [{
            "conversation_id": "c-1", "position": 1, "priority": 3, "queued_at": "2026-03-16T06:30:00Z",
            "package": package,
        }] }),
        Claim => json!({ "agent_id": "A-07", "name": "陈静" }),
        AgentMessage => json!({ "epoch": 4, "text": "您好", "acts": [], "cards": [card()] }),
        Release => json!({ "epoch": 4 }),
        ScheduleFollowUp => json!({ "due_at": "2026-03-16T11:00:00Z", "purpose": "回访", "channel": "phone" }),
        Problem => json!({
            "type": "about:blank", "status": 410, "code": "cursor_gone", "detail": "take a snapshot",
            "retryable": false, "retry_after_ms": 500, "request_id": "r-1",
        }),
    }
    let words = json!({ "text": "你好" });
    assert_eq!(round_trip::<OutgoingMessage>(&words), words);
    insta::assert_json_snapshot!("types", record);
}

#[test]
fn unknown_types_and_values_survive() {
    let strange = event("robot.danced", json!({ "style": ["jive", 3], "nested": { "a": null } }));
    assert_eq!(round_trip::<Event>(&strange), strange);
    let mut mood = triage();
    mood["emotion"] = json!("amused");
    mood["issue"] = json!("praise");
    assert_eq!(round_trip::<Triage>(&mood), mood);
    let owner = json!({ "owner": { "kind": "committee", "size": 3 }, "epoch": 9 });
    assert_eq!(round_trip::<Control>(&owner), owner);
    let act = json!({ "act": "juggle", "affect": "dreamy", "intensity": 1.0, "priority": 0 });
    assert_eq!(round_trip::<Act>(&act), act);
}

#[test]
fn a_known_type_with_data_of_the_wrong_shape_is_set_aside_whole() {
    let broken = event("triage.updated", json!({ "issue": 5 }));
    let parsed: Event = serde_json::from_value(broken.clone()).unwrap();
    assert!(matches!(&parsed.body, EventBody::Malformed { kind, .. } if kind == "triage.updated"));
    assert_eq!(serde_json::to_value(&parsed).unwrap(), broken);
}
