//! The way in from the desk: reading a stream, and bringing a conversation up to date.
#![allow(missing_docs, clippy::unwrap_used, reason = "criterion's macros make public items; a bench may fail loudly")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::json;
use visavis::conversation::Conversation;
use visavis::protocol::Event;
use visavis::sync::sse::SseParser;

/// A log of completed replies, as a busy conversation has them.
fn events(count: u64) -> Vec<Event> {
    (1..=count)
        .map(|seq| {
            serde_json::from_value(json!({
                "v": 1, "seq": seq, "id": format!("e-{seq}"), "type": "message.completed",
                "at": "2026-03-16T06:30:00Z", "conversation_id": "c",
                "data": {
                    "message_id": format!("m-{seq}"), "role": "bot", "text": "第一步，切换到二点四赫兹；第二步，重启路由器。",
                    "acts": [{ "act": "explain_step", "target": { "card_id": "steps", "item": 0 }, "at": { "span": [0, 3] } }],
                },
            }))
            .unwrap()
        })
        .collect()
}

fn stream(events: &[Event]) -> Vec<u8> {
    events
        .iter()
        .flat_map(|event| {
            let seq = event.seq.unwrap_or_default();
            format!("id: {seq}\nevent: message.completed\ndata: {}\n\n", serde_json::to_string(event).unwrap())
                .into_bytes()
        })
        .collect()
}

fn bench(criterion: &mut Criterion) {
    let log = events(200);
    let bytes = stream(&log);
    let mut group = criterion.benchmark_group("sse");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("parse_in_1400_byte_chunks", |bencher| {
        bencher.iter_batched(
            || (SseParser::new(), Vec::with_capacity(256)),
            |(mut parser, mut items)| {
                for chunk in bytes.chunks(1400) {
                    parser.feed(chunk, &mut items).unwrap();
                }
                black_box(items)
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();

    let snapshot = serde_json::from_value(json!({
        "cursor": 0, "control": { "owner": { "kind": "bot" }, "epoch": 0 },
        "conversation": { "id": "c", "locale": "zh-CN" },
    }))
    .unwrap();
    let mut group = criterion.benchmark_group("reducer");
    group.throughput(Throughput::Elements(log.len() as u64));
    group.bench_function("apply_200_events", |bencher| {
        bencher.iter_batched(
            || Conversation::from_snapshot(&snapshot),
            |mut conversation| {
                for event in &log {
                    black_box(conversation.apply(event));
                }
                conversation
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
