//! Scripts: what the machine is told, and what it wants done.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use serde_json::{Value, json};

use super::*;
use crate::sync::{
    retry::{HttpReply, NetFailure, NetFailureKind},
    sse::SseEvent,
};

/// A machine with a clock, and a desk's answers in a word.
struct Bench {
    machine: Machine,
    now: Duration,
    saved: Saved,
    todo: Vec<Action>,
    updates: Vec<Update>,
}

impl Bench {
    fn new(saved: Saved) -> Self {
        let identity = Identity {
            device: "kiosk".into(),
            locale: "zh-CN".into(),
            customer: CustomerRef::default(),
            channel: "desktop".into(),
        };
        let mut number = 0;
        let ids = Box::new(move || {
            number += 1;
            format!("conversation-{number}")
        });
        let machine = Machine::new(identity, saved.clone(), 1, ids);
        Self { machine, now: Duration::ZERO, saved, todo: vec![], updates: vec![] }
    }

    fn started() -> Self {
        let mut bench = Self::new(Saved::default());
        bench.tell(Input::Started);
        bench
    }

    /// At the stream, with nothing left to look at.
    fn live() -> Self {
        let mut bench = Self::started();
        bench.answer(200, grant());
        bench.answer(201, json!({}));
        bench.answer(200, snapshot(0, &[]));
        bench.open();
        bench.updates.clear();
        bench
    }

    fn tell(&mut self, input: Input) {
        for action in self.machine.process(input, self.now) {
            match action {
                Action::Persist(record) => self.saved.apply(&record),
                Action::Emit(update) => self.updates.push(update),
                other => self.todo.push(other),
            }
        }
    }

    /// The oldest call that has no answer yet.
    fn call(&mut self) -> (RequestId, Request) {
        let place = self.todo.iter().position(|action| matches!(action, Action::Call { .. }));
        match self.todo.remove(place.unwrap_or_else(|| panic!("no call in {:?}", self.todo))) {
            Action::Call { request_id, request, token } => {
                assert_eq!(token.is_none(), matches!(request, Request::OpenSession(_)));
                (request_id, request)
            }
            other => panic!("{other:?}"),
        }
    }

    fn has_call(&self) -> bool {
        self.todo.iter().any(|action| matches!(action, Action::Call { .. }))
    }

    fn finish(&mut self, outcome: Outcome) -> Request {
        let (request_id, request) = self.call();
        self.tell(Input::HttpCompleted { request_id, outcome });
        request
    }

    fn answer(&mut self, status: u16, body: Value) -> Request {
        self.finish(Ok(reply(status, &body)))
    }

    fn cut(&mut self) -> Request {
        self.finish(Err(unreachable()))
    }

    fn stream(&mut self) -> (StreamId, u64) {
        let found = self.todo.iter().rev().find_map(|action| match action {
            Action::OpenStream { stream, after, .. } => Some((*stream, *after)),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("no stream in {:?}", self.todo))
    }

    fn open(&mut self) -> u64 {
        let (stream, after) = self.stream();
        self.tell(Input::StreamOpened(stream));
        after
    }

    fn hear(&mut self, event: &Value) {
        let (stream, _) = self.stream();
        let id = event["seq"].as_u64().map(|seq| seq.to_string());
        let item = SseItem::Event(SseEvent { id, event: "message".into(), data: event.to_string() });
        self.tell(Input::StreamItem(stream, item));
    }

    fn end(&mut self, end: StreamEnd) {
        let (stream, _) = self.stream();
        self.todo.retain(|action| !matches!(action, Action::OpenStream { .. }));
        self.tell(Input::StreamEnded(stream, end));
    }

    /// Lets the last timer of this name run out; gives how long it took.
    fn ring(&mut self, timer: TimerId) -> Duration {
        let place = self.todo.iter().rposition(|action| matches!(action, Action::SetTimer(id, _) if *id == timer));
        let Some(Action::SetTimer(_, wait)) = place.map(|place| self.todo.remove(place)) else {
            panic!("no {timer:?} in {:?}", self.todo)
        };
        self.now += wait;
        self.tell(Input::Timer(timer));
        wait
    }

    fn say(&mut self, id: &str) {
        let command = Command::Say { text: format!("text {id}") };
        self.tell(Input::Command { client_id: id.into(), command });
    }

    fn seqs(&self) -> Vec<u64> {
        let seq = |update: &Update| match update {
            Update::Event(event) => event.seq,
            _ => None,
        };
        self.updates.iter().filter_map(seq).collect()
    }

    fn links(&self) -> Vec<&LinkState> {
        let links = self.updates.iter().filter_map(|update| match update {
            Update::Link(link) => Some(link),
            _ => None,
        });
        links.collect()
    }

    fn has(&self, wanted: impl Fn(&Update) -> bool) -> bool {
        self.updates.iter().any(wanted)
    }

    fn delivered(&self) -> Vec<&str> {
        let ids = self.updates.iter().filter_map(|update| match update {
            Update::Delivered { client_id } => Some(client_id.as_str()),
            _ => None,
        });
        ids.collect()
    }
}

fn reply(status: u16, body: &Value) -> HttpReply {
    HttpReply { status, is_json: true, retry_after: None, body: body.to_string().into_bytes() }
}

fn refusal(status: u16, code: &str) -> Value {
    json!({"status": status, "code": code, "detail": format!("because {code}")})
}

fn unreachable() -> NetFailure {
    NetFailure { kind: NetFailureKind::Unreachable, why: "connection reset".into() }
}

fn grant() -> Value {
    json!({"token": "t", "expires_at": "2026-10-22T00:00:00Z", "server_time": "2026-10-21T00:00:00Z",
           "limits": {"max_body": 65536, "max_text": 20, "heartbeat_secs": 10, "longpoll_secs": 25},
           "protocol": {"min": 1, "max": 1}})
}

fn snapshot_in(conversation: &str, cursor: u64, messages: &[&str]) -> Value {
    let said = |id: &&str| json!({"message_id": id, "role": "customer", "text": "x"});
    json!({"cursor": cursor, "control": {"owner": {"kind": "bot"}, "epoch": 0},
           "conversation": {"id": conversation, "locale": "zh-CN"},
           "messages": messages.iter().map(said).collect::<Vec<_>>()})
}

fn snapshot(cursor: u64, messages: &[&str]) -> Value {
    snapshot_in("conversation-1", cursor, messages)
}

fn event(seq: u64) -> Value {
    event_of(seq, "message.created", &json!({"message_id": format!("m{seq}"), "role": "customer", "text": "x"}))
}

fn event_of(seq: u64, kind: &str, data: &Value) -> Value {
    json!({"v": 1, "seq": seq, "id": format!("e{seq}"), "type": kind, "at": "2026-10-21T00:00:00Z",
           "conversation_id": "conversation-1", "data": data})
}

fn page(seqs: &[u64], has_more: bool) -> Value {
    let events: Vec<Value> = seqs.iter().map(|seq| event(*seq)).collect();
    json!({"events": events, "next": seqs.last(), "has_more": has_more})
}

fn written(request: &Request) -> &str {
    match request {
        Request::Write { item, .. } => item.client_id.as_str(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn happy_path() {
    let mut bench = Bench::started();
    assert!(matches!(bench.answer(200, grant()), Request::OpenSession(_)));
    // Kept before the desk hears of it.
    assert_eq!(bench.saved.conversation, Some(("conversation-1".into(), false)));
    assert!(matches!(bench.answer(201, json!({})), Request::Create { .. }));
    assert!(matches!(bench.answer(200, snapshot(4, &[])), Request::TakeSnapshot { .. }));
    assert_eq!(bench.open(), 4);
    assert_eq!(bench.links(), [&LinkState::Connecting, &LinkState::Live]);
    bench.say("a");
    bench.say("b");
    assert_eq!(bench.saved.outbox.len(), 2);
    assert_eq!(written(&bench.answer(201, json!({"seq": 5}))), "a");
    assert_eq!(written(&bench.answer(200, json!({"replayed": true}))), "b");
    for seq in 5..8 {
        bench.hear(&event(seq));
    }
    assert_eq!((bench.seqs(), bench.delivered()), (vec![5, 6, 7], vec!["a", "b"]));
    assert!(bench.saved.outbox.is_empty() && !bench.has_call());
    bench.tell(Input::Shutdown);
    assert_eq!((bench.saved.cursor, bench.todo.last()), (7, Some(&Action::Stop)));
}

#[test]
fn a_duplicate_comes_out_once() {
    let mut bench = Bench::live();
    for seq in [1, 1, 2, 1, 2, 3] {
        bench.hear(&event(seq));
    }
    assert_eq!(bench.seqs(), [1, 2, 3]);
    assert!(!bench.has_call());
}

#[test]
fn a_gap_is_fetched_page_by_page_and_order_is_kept() {
    let mut bench = Bench::live();
    for seq in [1, 5, 6] {
        bench.hear(&event(seq));
    }
    assert_eq!(bench.seqs(), [1]);
    let request = bench.answer(200, page(&[2, 3], true));
    assert!(matches!(request, Request::FetchEvents { after: 1, wait_secs: 0, .. }));
    let request = bench.answer(200, page(&[4, 5], false));
    assert!(matches!(request, Request::FetchEvents { after: 3, .. }));
    assert_eq!(bench.seqs(), [1, 2, 3, 4, 5, 6]);
    assert!(!bench.has_call());
    bench.hear(&event(7));
    assert_eq!(bench.seqs().last(), Some(&7));
}

#[test]
fn a_gap_that_cannot_be_filled_leads_to_a_snapshot() {
    let mut bench = Bench::live();
    bench.hear(&event(3));
    bench.answer(200, page(&[], false));
    assert!(matches!(bench.answer(200, snapshot(3, &["m3"])), Request::TakeSnapshot { .. }));
    assert_eq!(bench.open(), 3);
}

#[test]
fn a_gone_cursor_leads_to_a_snapshot_and_keeps_the_outbox() {
    let mut bench = Bench::live();
    bench.say("a");
    bench.cut();
    bench.hear(&event(1));
    bench.end(StreamEnd::Closed);
    bench.ring(TimerId::Connect);
    bench.end(StreamEnd::Refused(reply(410, &refusal(410, "cursor_gone"))));
    assert_eq!(bench.machine.outbox().len(), 1);
    if !bench.has_call() {
        bench.ring(TimerId::Connect);
    }
    assert!(matches!(bench.answer(200, snapshot(90, &[])), Request::TakeSnapshot { .. }));
    assert_eq!(bench.open(), 90);
    assert_eq!(written(&bench.answer(201, json!({}))), "a");
    assert!(bench.has(|update| matches!(update, Update::Snapshot(snapshot) if snapshot.cursor == 90)));
}

#[test]
fn a_refused_token_is_renewed_once_and_then_final() {
    let mut bench = Bench::live();
    bench.say("a");
    bench.answer(401, refusal(401, "unauthorized"));
    assert_eq!(bench.saved.session, None);
    assert!(matches!(bench.answer(200, grant()), Request::OpenSession(_)));
    // The outbox and the conversation go on.
    let first = bench.answer(401, refusal(401, "unauthorized"));
    assert!(matches!(first, Request::TakeSnapshot { .. }));
    assert_eq!(bench.links().last(), Some(&&LinkState::SignedOut));
    assert!(bench.saved.outbox.len() == 1);
    let open_calls = bench.todo.iter().filter(|action| matches!(action, Action::Call { .. })).count();
    bench.say("b");
    let after = bench.todo.iter().filter(|action| matches!(action, Action::Call { .. })).count();
    assert_eq!(open_calls, after);
    bench.tell(Input::Command { client_id: "x".into(), command: Command::Reconnect });
    assert_eq!(bench.machine.link(), &LinkState::Connecting);
}

#[test]
fn a_wrong_device_key_signs_out() {
    let mut bench = Bench::started();
    bench.answer(401, refusal(401, "unauthorized"));
    assert_eq!(bench.links().last(), Some(&&LinkState::SignedOut));
    assert!(bench.has(|update| matches!(update, Update::Problem(_))) && !bench.has_call());
}

#[test]
fn a_busy_desk_is_given_the_time_it_asks_for() {
    let mut bench = Bench::live();
    bench.say("a");
    bench.say("b");
    let busy = HttpReply { retry_after: Some(Duration::from_secs(30)), ..reply(429, &refusal(429, "slow_down")) };
    assert_eq!(written(&bench.finish(Ok(busy))), "a");
    bench.say("c");
    assert!(!bench.has_call());
    let wait = bench.ring(TimerId::Write);
    assert!(wait >= Duration::from_secs(30) && wait < Duration::from_secs(36), "{wait:?}");
    for id in ["a", "b", "c"] {
        assert_eq!(written(&bench.answer(201, json!({}))), id);
    }
}

#[test]
fn a_cut_in_the_middle_of_a_write_repeats_the_same_id() {
    let mut bench = Bench::live();
    bench.say("a");
    bench.say("b");
    assert_eq!(written(&bench.cut()), "a");
    bench.ring(TimerId::Write);
    // An answer that was cut short is no receipt either.
    let torn = HttpReply { body: b"{\"repl".to_vec(), ..reply(200, &json!({})) };
    assert_eq!(written(&bench.finish(Ok(torn))), "a");
    bench.ring(TimerId::Write);
    assert_eq!(written(&bench.answer(200, json!({"replayed": true}))), "a");
    assert_eq!(written(&bench.answer(201, json!({}))), "b");
    assert_eq!(bench.delivered(), ["a", "b"]);
}

#[test]
fn a_message_in_the_log_has_arrived_whatever_becomes_of_its_receipt() {
    let mut bench = Bench::live();
    bench.say("m1");
    let (lost, _) = bench.call();
    bench.hear(&event(1));
    assert_eq!(bench.delivered(), ["m1"]);
    bench.tell(Input::HttpCompleted { request_id: lost, outcome: Err(unreachable()) });
    assert!(!bench.has_call() && bench.saved.outbox.is_empty());
}

#[test]
fn a_refused_write_is_wedged_and_later_ones_go_on() {
    let mut bench = Bench::live();
    bench.say("a");
    bench.say("b");
    bench.answer(422, refusal(422, "bad_text"));
    assert!(bench.has(|update| matches!(update, Update::Wedged { client_id, why }
        if client_id.as_str() == "a" && why == "because bad_text")));
    assert_eq!(written(&bench.answer(201, json!({}))), "b");
    assert!(!bench.has_call());
    bench.tell(Input::Command { client_id: "x".into(), command: Command::Retry { client_id: "a".into() } });
    assert_eq!(written(&bench.answer(409, refusal(409, "conflict"))), "a");
    bench.tell(Input::Command { client_id: "y".into(), command: Command::Discard { client_id: "a".into() } });
    assert!(bench.saved.outbox.is_empty());
}

#[test]
fn what_is_too_long_is_refused_before_it_is_sent() {
    let mut bench = Bench::live();
    let command = Command::Say { text: "很".repeat(21) };
    bench.tell(Input::Command { client_id: "a".into(), command });
    assert!(bench.has(|update| matches!(update, Update::Wedged { .. })) && !bench.has_call());
}

#[test]
fn a_silent_stream_is_left_after_three_heartbeats() {
    let mut bench = Bench::live();
    bench.now = Duration::from_secs(20);
    let (stream, _) = bench.stream();
    bench.tell(Input::StreamItem(stream, SseItem::Comment));
    bench.now = Duration::ZERO;
    // The first alarm is early: something was heard since.
    bench.ring(TimerId::Watchdog);
    assert!(!bench.todo.contains(&Action::CloseStream(stream)));
    bench.todo.retain(|action| !matches!(action, Action::OpenStream { .. }));
    bench.ring(TimerId::Watchdog);
    assert!(bench.todo.contains(&Action::CloseStream(stream)));
    assert_eq!(bench.now, Duration::from_secs(50));
    assert!(matches!(bench.links().last(), Some(LinkState::Recovering { attempt: 1, .. })));
    bench.ring(TimerId::Connect);
    bench.open();
    assert_eq!(bench.machine.link(), &LinkState::Live);
}

#[test]
fn offline_start_then_live() {
    let mut bench = Bench::started();
    bench.say("a");
    bench.say("b");
    let mut waits = vec![];
    for _ in 0..12 {
        bench.cut();
        waits.push(bench.ring(TimerId::Connect));
    }
    assert_eq!(bench.links(), [&LinkState::Connecting, &LinkState::Offline]);
    assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(60)));
    assert!(waits.iter().sum::<Duration>() > Duration::from_secs(20), "{waits:?}");
    bench.answer(200, grant());
    bench.answer(201, json!({}));
    assert!(matches!(bench.answer(200, snapshot(0, &[])), Request::TakeSnapshot { .. }));
    bench.open();
    for id in ["a", "b"] {
        assert_eq!(written(&bench.answer(201, json!({}))), id);
    }
    assert_eq!(bench.delivered(), ["a", "b"]);
}

#[test]
fn a_restart_goes_on_with_conversation_token_and_outbox() {
    let mut first = Bench::live();
    first.say("a");
    first.say("b");
    let mut bench = Bench::new(first.saved.clone());
    bench.tell(Input::Started);
    let echoes = bench.updates.iter().filter(|update| matches!(update, Update::Echo { .. })).count();
    assert_eq!(echoes, 2);
    // No session is opened: the token is still good. "a" had arrived before the crash, its receipt had not.
    let request = bench.answer(200, snapshot(1, &["a"]));
    assert!(matches!(request, Request::TakeSnapshot { id } if id.as_str() == "conversation-1"));
    assert_eq!(bench.delivered(), ["a"]);
    assert_eq!(written(&bench.answer(201, json!({}))), "b");
    assert_eq!(bench.delivered(), ["a", "b"]);
}

#[test]
fn a_write_that_is_forbidden_again_and_again_is_wedged() {
    let mut bench = Bench::live();
    bench.say("a");
    bench.answer(403, refusal(403, "forbidden"));
    bench.answer(200, grant());
    bench.answer(200, snapshot(0, &[]));
    assert_eq!(written(&bench.answer(403, refusal(403, "forbidden"))), "a");
    assert!(bench.has(|update| matches!(update, Update::Wedged { .. })) && !bench.has_call());
}

#[test]
fn a_lost_conversation_is_replaced_and_the_outbox_moves() {
    let mut bench = Bench::live();
    bench.say("a");
    bench.answer(404, refusal(404, "not_found"));
    assert!(matches!(bench.answer(404, refusal(404, "not_found")), Request::TakeSnapshot { .. }));
    let request = bench.answer(201, json!({}));
    assert!(matches!(request, Request::Create { id, .. } if id.as_str() == "conversation-2"));
    assert!(matches!(bench.answer(200, snapshot_in("conversation-2", 0, &[])), Request::TakeSnapshot { .. }));
    assert_eq!(written(&bench.answer(201, json!({}))), "a");
}

#[test]
fn polls_take_over_where_streams_do_not_hold() {
    let mut bench = Bench::live();
    for _ in 0..3 {
        bench.end(StreamEnd::Closed);
        bench.ring(TimerId::Connect);
    }
    let request = bench.answer(200, page(&[1, 2], false));
    assert!(matches!(request, Request::FetchEvents { after: 0, wait_secs: 25, .. }));
    assert_eq!(bench.machine.link(), &LinkState::Live);
    // A desk that answers at once with nothing is not asked in a circle.
    bench.answer(200, page(&[], false));
    assert!(!bench.has_call());
    assert_eq!(bench.ring(TimerId::Connect), Duration::from_secs(1));
    bench.answer(200, page(&[3], false));
    assert_eq!(bench.seqs(), [1, 2, 3]);
    // A stream is tried again in the end.
    for _ in 0..40 {
        if bench.todo.iter().any(|action| matches!(action, Action::OpenStream { .. })) {
            return;
        }
        bench.now += Duration::from_secs(25);
        bench.answer(200, page(&[], false));
    }
    panic!("no stream was tried again");
}

#[test]
fn a_drained_stream_comes_back_when_the_desk_says() {
    let mut bench = Bench::live();
    let (stream, _) = bench.stream();
    bench.hear(&event(1));
    bench.tell(Input::StreamItem(stream, SseItem::Retry(Duration::from_secs(4))));
    bench.end(StreamEnd::Closed);
    let wait = bench.ring(TimerId::Connect);
    assert!(wait >= Duration::from_secs(4) && wait < Duration::from_secs(5), "{wait:?}");
    assert_eq!(bench.open(), 1);
    for seq in [1, 2] {
        bench.hear(&event(seq));
    }
    assert_eq!(bench.seqs(), [1, 2]);
}

#[test]
fn malformed_and_unreadable_events_are_passed_by_way_of_a_snapshot() {
    let mut bench = Bench::live();
    bench.hear(&event_of(1, "control.changed", &json!("wrong")));
    assert_eq!(bench.seqs(), [1]);
    assert!(matches!(bench.answer(200, snapshot(1, &[])), Request::TakeSnapshot { .. }));
    bench.open();
    bench.hear(&json!({"seq": 2, "v": "not an envelope"}));
    assert!(matches!(bench.answer(200, snapshot(2, &[])), Request::TakeSnapshot { .. }));
    assert_eq!(bench.open(), 2);
    bench.hear(&event_of(3, "weather.changed", &json!({})));
    assert_eq!(bench.seqs(), [1, 3]);
    assert!(!bench.has_call());
}

#[test]
fn a_captive_portal_is_no_verdict_on_a_message() {
    let mut bench = Bench::live();
    bench.say("a");
    let page = HttpReply { status: 200, is_json: false, retry_after: None, body: b"<html>".to_vec() };
    bench.finish(Ok(page));
    assert!(!bench.has(|update| matches!(update, Update::Wedged { .. })));
    assert!(bench.ring(TimerId::Write) >= Duration::from_secs(60));
    assert_eq!(written(&bench.answer(201, json!({}))), "a");
}

#[test]
fn another_protocol_is_told_and_not_tried() {
    let mut bench = Bench::started();
    let mut grant = grant();
    grant["protocol"] = json!({"min": 2, "max": 3});
    bench.answer(200, grant);
    assert!(bench.has(|update| matches!(update, Update::Problem(problem) if problem.why.contains("2 to 3"))));
    assert_eq!(bench.machine.link(), &LinkState::SignedOut);
}

#[test]
fn typing_is_told_now_and_then_and_only_when_live() {
    let mut bench = Bench::live();
    let typing = || Input::Command { client_id: "t".into(), command: Command::Typing };
    bench.tell(typing());
    bench.tell(typing());
    assert!(matches!(bench.cut(), Request::Typing { .. }));
    assert!(!bench.has_call());
    bench.now += Duration::from_secs(3);
    bench.tell(typing());
    assert!(bench.has_call());
}
