//! Tests of the reducer, among them: a snapshot and the events after it give the state of the whole log.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::protocol::{
    ClientId, Event, EventBody, FollowUpStatus, HandoffReason, MessageId, Owner, Role, Snapshot, SnapshotMeta,
};

fn event(seq: impl Into<Option<u64>>, kind: &str, data: Value) -> Event {
    let seq: Option<u64> = seq.into();
    Event {
        v: 1,
        seq,
        id: format!("e{seq:?}").as_str().into(),
        at: "2026-10-21T07:28:00Z".parse().unwrap(),
        conversation_id: "c".into(),
        causation_id: None,
        body: EventBody::from_parts(kind, data),
    }
}

fn run(conversation: &mut Conversation, seq: u64, kind: &str, data: Value) -> Vec<Change> {
    match conversation.apply(&event(seq, kind, data)) {
        Applied::Changed(changes) => changes,
        other => panic!("{other:?}"),
    }
}

fn ephemeral(conversation: &mut Conversation, kind: &str, data: Value) -> Vec<Change> {
    conversation.apply(&event(None, kind, data)).into_changes()
}

fn texts(conversation: &Conversation) -> Vec<(String, EntryState)> {
    conversation
        .transcript()
        .iter()
        .map(|entry| (entry.message.text.clone().unwrap_or_default(), entry.state.clone()))
        .collect()
}

fn snapshot_of(conversation: &Conversation) -> Snapshot {
    Snapshot {
        cursor: conversation.cursor(),
        control: conversation.control().clone(),
        conversation: SnapshotMeta {
            id: "c".into(),
            locale: "zh-CN".into(),
            customer: Default::default(),
            channel: "desktop".into(),
        },
        messages: conversation.transcript().settled().iter().map(|entry| entry.message.clone()).collect(),
        triage: conversation.triage().cloned(),
        cards: conversation.cards().to_vec(),
        case: conversation.case().cloned(),
        follow_ups: conversation.follow_ups().iter().map(|entry| entry.follow_up.clone()).collect(),
        rating: conversation.rating(),
    }
}

fn bot(id: &str, text: &str) -> Value {
    json!({"message_id": id, "role": "bot", "text": text})
}

fn customer(id: &str, text: &str) -> Value {
    json!({"message_id": id, "role": "customer", "text": text})
}

#[test]
fn a_duplicate_is_dropped_a_gap_reported_a_stranger_refused() {
    let mut conversation = Conversation::new();
    let first = event(1, "message.created", customer("m1", "你好"));
    assert_eq!(conversation.apply(&first).into_changes().len(), 1);
    assert_eq!(conversation.apply(&first), Applied::Duplicate);
    assert_eq!(
        conversation.apply(&event(3, "message.completed", bot("m2", "x"))),
        Applied::Gap { expected: 2, got: 3 }
    );
    let mut other = event(2, "message.completed", bot("m2", "x"));
    other.conversation_id = "d".into();
    assert_eq!(conversation.apply(&other), Applied::Foreign);
    assert_eq!((conversation.cursor(), conversation.transcript().len()), (1, 1));
}

#[test]
fn an_echo_is_merged_by_its_client_id() {
    let mut conversation = Conversation::new();
    let (first, second) = (ClientId::from("a"), ClientId::from("b"));
    assert!(matches!(&conversation.echo_text(&first, "one")[..], [Change::TranscriptAppended { .. }]));
    conversation.echo_text(&second, "two");
    assert!(conversation.echo_text(&second, "two").is_empty());
    assert!(matches!(&conversation.mark_delivered(&first)[..], [Change::MessageDelivered { .. }]));
    assert!(matches!(&conversation.mark_failed(&second, "too long")[..], [Change::MessageFailed { .. }]));
    assert_eq!(
        texts(&conversation),
        [("one".into(), EntryState::Sent), ("two".into(), EntryState::Failed { why: "too long".into() })]
    );
    let changes = run(&mut conversation, 1, "message.created", customer("a", "one"));
    assert_eq!(changes, [Change::MessageConfirmed { message_id: "a".into() }]);
    run(&mut conversation, 2, "message.completed", bot("r", "answer"));
    // A late receipt changes nothing.
    assert!(conversation.mark_delivered(&first).is_empty());
    conversation.mark_sending(&second);
    assert_eq!(
        texts(&conversation),
        [("one".into(), EntryState::Final), ("answer".into(), EntryState::Final), ("two".into(), EntryState::Sending)]
    );
    assert!(matches!(&conversation.discard(&second)[..], [Change::MessageDiscarded { .. }]));
    assert_eq!(conversation.transcript().len(), 2);
}

#[test]
fn a_reply_streams_and_its_end_replaces_the_pieces() {
    let mut conversation = Conversation::new();
    run(&mut conversation, 1, "message.started", json!({"message_id": "r", "role": "bot"}));
    let delta = |idx: u32, text: &str| json!({"message_id": "r", "idx": idx, "text": text});
    assert!(ephemeral(&mut conversation, "message.delta", delta(1, "，世界")).is_empty());
    let changes = ephemeral(&mut conversation, "message.delta", delta(0, "你好"));
    assert_eq!(changes, [Change::ReplyGrew { message_id: "r".into(), text: "你好，世界".into() }]);
    assert!(ephemeral(&mut conversation, "message.delta", delta(0, "你好")).is_empty());
    assert_eq!(conversation.interrupt_replies(), [Change::ReplyInterrupted { message_id: "r".into() }]);
    assert_eq!(texts(&conversation), [("你好，世界".into(), EntryState::Interrupted)]);
    let changes = run(&mut conversation, 2, "message.completed", bot("r", "你好，朋友"));
    assert!(matches!(&changes[..], [Change::ReplyCompleted { .. }]));
    assert_eq!(texts(&conversation), [("你好，朋友".into(), EntryState::Final)]);
    // Late pieces of a complete reply bring nothing back.
    assert!(ephemeral(&mut conversation, "message.delta", delta(2, "!")).is_empty());
    assert_eq!(conversation.transcript().len(), 1);
}

#[test]
fn a_person_silences_the_assistants_stream_and_old_epochs_are_ignored() {
    let mut conversation = Conversation::new();
    run(&mut conversation, 1, "message.started", json!({"message_id": "r", "role": "bot"}));
    ephemeral(&mut conversation, "message.delta", json!({"message_id": "r", "idx": 0, "text": "I"}));
    let human = json!({"owner": {"kind": "human", "agent_id": "7", "name": "Ms Lin"}, "epoch": 4});
    let changes = run(&mut conversation, 2, "control.changed", human);
    assert!(matches!(
        &changes[..],
        [Change::ControlChanged { from: Owner::Bot, to: Owner::Human { .. } }, Change::ReplyInterrupted { .. }]
    ));
    assert!(
        ephemeral(&mut conversation, "message.delta", json!({"message_id": "r", "idx": 1, "text": "t"})).is_empty()
    );
    for epoch in [3, 4] {
        let stale = json!({"owner": {"kind": "bot"}, "epoch": epoch});
        assert!(run(&mut conversation, epoch, "control.changed", stale).is_empty());
    }
    assert!(matches!(conversation.owner(), Owner::Human { .. }));
    run(&mut conversation, 5, "control.changed", json!({"owner": {"kind": "closed"}, "epoch": 5}));
    assert!(conversation.is_closed());
}

#[test]
fn cards_keep_their_order_and_an_update_never_brings_one_up() {
    let mut conversation = Conversation::new();
    let card = |id: &str, text: &str| json!({"card_id": id, "card": {"type": "AdaptiveCard", "text": text}});
    run(&mut conversation, 1, "card.shown", card("a", "1"));
    run(&mut conversation, 2, "card.shown", card("b", "1"));
    let changes = run(&mut conversation, 3, "card.shown", card("a", "2"));
    assert_eq!(changes, [Change::CardUpdated { card_id: "a".into() }]);
    run(&mut conversation, 4, "card.updated", card("b", "2"));
    assert!(run(&mut conversation, 5, "card.updated", card("c", "2")).is_empty());
    let ids: Vec<&str> = conversation.cards().iter().map(|card| card.card_id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    run(&mut conversation, 6, "card.dismissed", json!({"card_id": "a"}));
    assert!(run(&mut conversation, 7, "card.dismissed", json!({"card_id": "a"})).is_empty());
    assert!(conversation.card(&"a".into()).is_none() && conversation.card(&"b".into()).is_some());
}

#[test]
fn asking_for_a_person_promises_nothing_before_the_desk_confirms() {
    let mut conversation = Conversation::new();
    let ask = ClientId::from("h");
    assert_eq!(conversation.echo_ask_for_human(&ask, &HandoffReason::UserRequest).len(), 1);
    assert!(matches!(conversation.escalation(), Escalation::Asked { .. }));
    let changes = conversation.mark_failed(&ask, "closed");
    assert!(matches!(&changes[..], [Change::HumanAskFailed { .. }]));
    run(&mut conversation, 1, "handoff.requested", json!({"reason": "user_request", "package_id": "p"}));
    assert!(matches!(conversation.escalation(), Escalation::Requested(_)));
    assert!(conversation.echo_ask_for_human(&ask, &HandoffReason::UserRequest).is_empty());
}

#[test]
fn unknown_and_malformed_events_are_counted_and_passed() {
    let mut conversation = Conversation::new();
    run(&mut conversation, 1, "weather.changed", json!({"sun": true}));
    run(&mut conversation, 2, "control.changed", json!({"owner": 3}));
    assert_eq!(conversation.skipped(), Skipped { unknown: 1, malformed: 1 });
    assert_eq!(conversation.cursor(), 2);
}

#[test]
fn a_snapshot_keeps_what_the_desk_does_not_have() {
    let mut conversation = Conversation::new();
    for seq in 1..=4 {
        run(&mut conversation, seq, "message.completed", bot(&format!("m{seq}"), &seq.to_string()));
    }
    conversation.echo_text(&"x".into(), "unsent");
    conversation.echo_text(&"y".into(), "arrived");
    let mut desk = Conversation::new();
    for seq in 1..=6 {
        run(&mut desk, seq, "message.completed", bot(&format!("m{seq}"), &seq.to_string()));
    }
    run(&mut desk, 7, "message.created", customer("y", "arrived"));
    let mut snapshot = snapshot_of(&desk);
    snapshot.messages.drain(..2);
    assert_eq!(conversation.refresh(&snapshot), [Change::Refreshed { history_may_have_a_gap: false }]);
    let shown: Vec<String> = texts(&conversation).into_iter().map(|(text, _)| text).collect();
    assert_eq!(shown, ["1", "2", "3", "4", "5", "6", "arrived", "unsent"]);
    // Nothing in common: older entries go, and the customer is told.
    snapshot.messages = vec![desk.transcript().get(&"m6".into()).unwrap().message.clone()];
    snapshot.messages[0].message_id = MessageId::from("m60");
    assert_eq!(conversation.refresh(&snapshot), [Change::Refreshed { history_may_have_a_gap: true }]);
    assert_eq!(conversation.transcript().len(), 2);
}

#[test]
fn follow_ups_move_on_by_id() {
    let mut conversation = Conversation::new();
    let follow_up = |outcome: Option<&str>| {
        json!({"follow_up_id": "f", "due_at": "2026-10-22T00:00:00Z", "purpose": "call", "channel": "phone",
               "outcome": outcome})
    };
    run(&mut conversation, 1, "follow_up.scheduled", follow_up(None));
    run(&mut conversation, 2, "follow_up.due", follow_up(None));
    run(&mut conversation, 3, "follow_up.done", follow_up(Some("ok")));
    assert_eq!(conversation.follow_ups().len(), 1);
    assert_eq!(conversation.follow_ups()[0].status, FollowUpStatus::Done);
}

#[test]
fn own_typing_is_not_shown() {
    let mut conversation = Conversation::new();
    assert!(ephemeral(&mut conversation, "typing", json!({"role": "customer"})).is_empty());
    let changes = ephemeral(&mut conversation, "typing", json!({"role": "human"}));
    assert_eq!(changes, [Change::TypingSeen { role: Role::Human }]);
}

/// What a snapshot carries, which is what must come out the same.
fn comparable(conversation: &Conversation) -> Value {
    let mut snapshot = snapshot_of(conversation);
    snapshot.conversation.locale.clear();
    serde_json::to_value(snapshot).unwrap()
}

fn body() -> impl Strategy<Value = (&'static str, Value)> {
    let id = 0..6_u8;
    prop_oneof![
        id.clone().prop_map(|id| ("message.created", customer(&format!("c{id}"), "hi"))),
        id.clone().prop_map(|id| ("message.started", json!({"message_id": format!("r{id}"), "role": "bot"}))),
        (id.clone(), 0..3_u8).prop_map(|(id, text)| ("message.completed", bot(&format!("r{id}"), &text.to_string()))),
        (id.clone(), 0..9_u8).prop_map(|(id, text)| ("card.shown", json!({"card_id": id.to_string(), "card": text}))),
        (id.clone(), 0..9_u8).prop_map(|(id, text)| ("card.updated", json!({"card_id": id.to_string(), "card": text}))),
        id.clone().prop_map(|id| ("card.dismissed", json!({"card_id": id.to_string()}))),
        (0..9_u64).prop_map(|epoch| ("control.changed", json!({"owner": {"kind": "returning"}, "epoch": epoch}))),
        Just(("triage.updated", json!({"issue": "complaint", "emotion": "furious", "confidence": 0.5}))),
        id.prop_map(|id| (
            "follow_up.scheduled",
            json!({"follow_up_id": id.to_string(), "purpose": "p",
            "due_at": "2026-10-22T00:00:00Z", "channel": "app"})
        )),
        Just(("case.updated", json!({"category": "network failure", "status": "open"}))),
        Just(("new.kind", json!({}))),
        Just(("act.requested", json!("wrong"))),
    ]
}

proptest! {
    #[test]
    fn a_snapshot_and_the_rest_give_the_state_of_the_whole_log(
        bodies in prop::collection::vec(body(), 0..40),
        at in any::<prop::sample::Index>(),
        replays in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let log: Vec<Event> = (1..).zip(&bodies).map(|(seq, (kind, data))| event(seq, kind, data.clone())).collect();
        let mut whole = Conversation::new();
        let mut halfway = whole.clone();
        let cut = at.index(log.len() + 1);
        for (place, event) in log.iter().enumerate() {
            if place == cut {
                halfway = whole.clone();
            }
            prop_assert!(matches!(whole.apply(event), Applied::Changed(_)));
        }
        if cut == log.len() {
            halfway = whole.clone();
        }
        let mut resumed = Conversation::from_snapshot(&snapshot_of(&halfway));
        // A desk that repeats itself, and runs ahead, changes nothing.
        let mut replays = replays.iter();
        for event in log.iter().skip(cut) {
            if let Some(replay) = replays.next() {
                let other = &log[replay.index(log.len())];
                if other.seq != event.seq {
                    prop_assert!(!matches!(resumed.apply(other), Applied::Changed(_)));
                }
            }
            prop_assert!(matches!(resumed.apply(event), Applied::Changed(_)));
            prop_assert_eq!(resumed.apply(event), Applied::Duplicate);
        }
        prop_assert_eq!(comparable(&resumed), comparable(&whole));
        // A client that already holds half of it ends up the same when it is refreshed.
        halfway.refresh(&snapshot_of(&whole));
        prop_assert_eq!(comparable(&halfway), comparable(&whole));
    }
}
