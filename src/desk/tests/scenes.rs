//! The service scenes as event logs.

use super::*;
use crate::protocol::{Emotion, Owner, Role};

const FURIOUS: &str = "你们的智能客服根本听不懂人话！";
const REFRIGERATOR: &str = "花了2万买个废品，明天就去315投诉";

fn target(card: &str, item: u32) -> Option<(String, Option<u32>)> {
    Some((card.to_owned(), Some(item)))
}

#[tokio::test]
async fn a_conversation_begins_with_a_greeting() {
    let bench = Bench::new().await;
    bench.greet().await;
    let events = bench.events("c1", 0).await;
    assert_eq!(kinds(&events), ["message.completed"]);
    assert_eq!(words(&events), "您好，我是AI智能助手小薇，请问有什么可以帮您？");
    assert_eq!(acts(&events)[0].0, "greet");
    bench.create("c2", "en-US", "guest").await;
    assert!(words(&bench.events("c2", 0).await).starts_with("Hello, I am Vivi"));
}

#[tokio::test]
async fn scene_1_furious() {
    let bench = Bench::new().await;
    bench.greet().await;
    let events = bench.say(FURIOUS).await;
    assert_eq!(
        kinds(&events),
        [
            "message.created",
            "triage.updated",
            "handoff.requested",
            "message.completed",
            "control.changed",
            "card.shown"
        ]
    );
    assert_eq!(
        words(&events),
        "非常理解您现在的着急，换作是我可能也会很烦躁。我马上为您转接人工专员，您之前说的内容会一并转过去。"
    );
    assert_eq!(acts(&events)[0], ("empathize".to_owned(), "非常理解您现在的着急".to_owned(), None));
    let EventBody::ControlChanged(control) = &events[4].body else { panic!("{events:?}") };
    assert_eq!((&control.owner, control.epoch), (&Owner::Queued { position: 1, eta_secs: Some(90) }, 1));
    let EventBody::CardShown(card) = &events[5].body else { panic!("{events:?}") };
    assert_eq!(card.card_id.as_str(), "queue");
    assert_eq!(card.card["body"][2]["countdownTo"], "2024-08-01T02:01:30Z");

    let (_, queue) = bench.call("GET", "/v1/queue", OPERATOR_KEY, None).await;
    let entry = &queue["entries"][0];
    assert_eq!((&entry["priority"], &entry["position"]), (&json!(3), &json!(1)));
    let package = &entry["package"];
    assert_eq!((&package["last_request"], &package["reason"]), (&json!(FURIOUS), &json!("furious_complaint")));
    assert_eq!(package["summary"].as_array().unwrap().len(), 3);
    assert_eq!((&package["profile"]["name"], &package["profile"]["tier"]), (&json!("王女士"), &json!("gold")));
    let first_line = package["suggested_first_line"].as_str().unwrap();
    assert_eq!(first_line, "我已为您加急标注，30分钟内会有专员回电确认解决方案。");

    // One short word while waiting, then silence.
    assert_eq!(kinds(&bench.say("快点").await), ["message.created", "triage.updated", "message.completed"]);
    assert_eq!(kinds(&bench.say("还在吗").await), ["message.created", "triage.updated"]);

    let before = bench.snapshot("c1").await.cursor;
    let claim = json!({ "agent_id": "a1", "name": "李敏" });
    let (status, control) = bench.agent("POST", "c1/claim", claim.clone()).await;
    assert_eq!((status, &control["epoch"]), (StatusCode::OK, &json!(2)));
    assert_eq!(bench.agent("POST", "c1/claim", claim).await.1, control, "claiming twice is claiming once");
    let other = bench.agent("POST", "c1/claim", json!({ "agent_id": "a2", "name": "王强" })).await;
    assert_eq!((other.0, &other.1["code"]), (StatusCode::CONFLICT, &json!("already_claimed")));
    assert_eq!(kinds(&bench.events("c1", before).await), ["handoff.accepted", "control.changed", "card.dismissed"]);
    assert_eq!(bench.call("GET", "/v1/queue", OPERATOR_KEY, None).await.1, json!({ "entries": [] }));

    let before = bench.snapshot("c1").await.cursor;
    let message = json!({
        "epoch": 2, "text": first_line,
        "acts": [{ "act": "promise", "target": { "card_id": "promise" }, "at": { "span": [0, 9] } }],
        "cards": [{ "card_id": "promise", "card": { "type": "AdaptiveCard", "version": "1.6", "body": [] } }],
    });
    let (status, _) = bench.agent("PUT", "c1/messages/h1", message.clone()).await;
    assert_eq!(status, StatusCode::CREATED);
    let mut stale = message.clone();
    stale["epoch"] = json!(1);
    let refused = bench.agent("PUT", "c1/messages/h2", stale).await;
    assert_eq!((refused.0, &refused.1["code"]), (StatusCode::CONFLICT, &json!("stale_epoch")));
    let mut wide = message;
    wide["acts"][0]["at"]["span"] = json!([0, 99]);
    assert_eq!(bench.agent("PUT", "c1/messages/h3", wide).await.1["code"], json!("bad_span"));
    let follow_up = json!({ "due_at": "2024-08-01T02:30:00Z", "purpose": "专员回电", "channel": "phone" });
    assert_eq!(bench.agent("POST", "c1/follow_ups", follow_up).await.0, StatusCode::CREATED);
    let events = bench.events("c1", before).await;
    assert_eq!(kinds(&events), ["message.completed", "card.shown", "follow_up.scheduled"]);
    let EventBody::MessageCompleted(said) = &events[0].body else { panic!("{events:?}") };
    assert_eq!((&said.role, said.name.as_deref()), (&Role::Human, Some("李敏")));
    assert_eq!(kinds(&bench.say("好的谢谢").await), ["message.created", "triage.updated"], "the assistant is silent");
    assert_eq!(bench.snapshot("c1").await.triage.unwrap().emotion, Emotion::Calm);

    let before = bench.snapshot("c1").await.cursor;
    assert_eq!(bench.agent("POST", "c1/release", json!({ "epoch": 1 })).await.1["code"], json!("stale_epoch"));
    let (_, control) = bench.agent("POST", "c1/resolve", json!({ "epoch": 2 })).await;
    assert_eq!(control["owner"]["kind"], "closed");
    let events = bench.events("c1", before).await;
    assert_eq!(kinds(&events), ["handoff.ended", "control.changed", "conversation.closed"]);
    let events = bench.say("你好").await;
    assert_eq!(
        kinds(&events),
        ["message.created", "conversation.reopened", "control.changed", "triage.updated", "message.completed"]
    );
}

#[tokio::test]
async fn a_person_gives_the_conversation_back() {
    let bench = Bench::new().await;
    bench.greet().await;
    let asked = json!({ "reason": "user_request" });
    let path = "/v1/conversations/c1/handoffs/h1";
    assert_eq!(bench.call("PUT", path, &bench.token, Some(asked.clone())).await.0, StatusCode::CREATED);
    let again = bench.call("PUT", "/v1/conversations/c1/handoffs/h2", &bench.token, Some(asked)).await;
    assert_eq!(again.1["seq"], Value::Null, "one ticket however often it is asked for");
    bench.agent("POST", "c1/claim", json!({ "agent_id": "a1", "name": "李敏" })).await;
    let before = bench.snapshot("c1").await.cursor;
    let (_, control) = bench.agent("POST", "c1/release", json!({ "epoch": 2 })).await;
    assert_eq!((&control["owner"]["kind"], &control["epoch"]), (&json!("bot"), &json!(3)));
    assert_eq!(kinds(&bench.events("c1", before).await), ["handoff.ended", "control.changed"]);
    let late = json!({ "epoch": 2, "text": "还有一句" });
    assert_eq!(bench.agent("PUT", "c1/messages/h9", late).await.1["code"], json!("stale_epoch"));
    assert!(kinds(&bench.say("冰箱保修多久？").await).contains(&"message.completed"));
}

#[tokio::test]
async fn the_queue_moves_up() {
    let bench = Bench::new().await;
    for id in ["c1", "c2", "c3"] {
        bench.create(id, "zh-CN", "guest").await;
    }
    let say = async |id: &str, text: &str| {
        let path = format!("/v1/conversations/{id}/messages/m");
        bench.call("PUT", &path, &bench.token, Some(json!({ "text": text }))).await
    };
    say("c1", "转人工").await;
    say("c2", "转人工").await;
    say("c3", FURIOUS).await;
    let places = async || {
        let mut places = Vec::new();
        for id in ["c1", "c2", "c3"] {
            match bench.snapshot(id).await.control.owner {
                Owner::Queued { position, .. } => places.push(position),
                _ => places.push(0),
            }
        }
        places
    };
    assert_eq!(places().await, [2, 3, 1], "the urgent one first, and the others know");
    bench.agent("POST", "c3/claim", json!({ "agent_id": "a1", "name": "李敏" })).await;
    assert_eq!(places().await, [1, 2, 0]);
}

async fn refrigerator() -> Bench {
    let bench = Bench::new().await;
    bench.greet().await;
    let events = bench.say(REFRIGERATOR).await;
    assert_eq!(kinds(&events), ["message.created", "triage.updated", "card.shown", "message.completed"]);
    assert_eq!(acts(&events)[0].0, "apologize");
    assert_eq!(bench.cards().await, ["device-form"]);
    let inputs = json!({ "model": "BCD-520WIFI", "wifi": "home", "router_changed": "yes" });
    let events = bench.press("device-form", "submit-device", inputs).await;
    assert_eq!(
        kinds(&events),
        ["message.created", "card.dismissed", "card.shown", "message.completed", "case.updated"]
    );
    assert!(words(&events).contains("查到您7月20日购买的BCD-520WIFI"), "{}", words(&events));
    let steps: Vec<_> = acts(&events).into_iter().filter(|act| act.0 == "explain_step").collect();
    assert_eq!(steps.len(), 3);
    assert_eq!(steps[0].2, target("steps-24ghz", 0));
    assert!(steps[0].1.starts_with("第一步") && steps[2].1.starts_with("第三步"), "{steps:?}");
    assert_eq!(bench.cards().await, ["steps-24ghz"]);
    bench
}

#[tokio::test]
async fn scene_2_solved() {
    let bench = refrigerator().await;
    for step in 0..3 {
        let events = bench.press("steps-24ghz", "step-done", json!({})).await;
        assert_eq!(kinds(&events), ["message.created", "card.updated", "message.completed"]);
        let EventBody::CardUpdated(card) = &events[1].body else { panic!("{events:?}") };
        assert_eq!(card.card["body"][1]["items"][step]["columns"][0]["items"][0]["text"], "✓");
    }
    assert_eq!(kinds(&bench.press("steps-24ghz", "step-done", json!({})).await), ["message.created"]);
    let events = bench.say("连上了，谢谢").await;
    assert_eq!(
        kinds(&events),
        [
            "message.created",
            "triage.updated",
            "card.dismissed",
            "benefit.granted",
            "benefit.granted",
            "card.shown",
            "card.shown",
            "message.completed",
            "follow_up.scheduled",
            "follow_up.scheduled",
            "follow_up.scheduled",
            "case.updated"
        ]
    );
    assert_eq!(bench.cards().await, ["benefit-coupon", "benefit-warranty"]);
    let snapshot = bench.snapshot("c1").await;
    assert_eq!(snapshot.triage.unwrap().emotion, Emotion::Calm);
    let due: Vec<String> = snapshot.follow_ups.iter().map(|follow_up| follow_up.due_at.to_string()).collect();
    assert_eq!(due, ["2024-08-01T11:00:00Z", "2024-08-02T11:00:00Z", "2024-08-03T11:00:00Z"]);
    let case = snapshot.case.unwrap();
    assert_eq!((case.category.as_str(), case.root_cause.as_deref()), ("network failure", Some("5 GHz compatibility")));
    assert_eq!(case.status.as_str(), "resolved");
    assert!(case.product_suggestion.is_some());
}

#[tokio::test]
async fn scene_2_not_solved() {
    let bench = refrigerator().await;
    bench.press("steps-24ghz", "step-done", json!({})).await;
    let events = bench.say("还是不行").await;
    assert_eq!(
        kinds(&events),
        ["message.created", "triage.updated", "card.dismissed", "card.shown", "message.completed"]
    );
    assert!(words(&events).contains("今天下午上门取机"), "{}", words(&events));
    assert_eq!(bench.cards().await, ["pickup-offer"]);
    let events = bench.press("pickup-offer", "pickup-accept", json!({})).await;
    assert_eq!(
        kinds(&events),
        [
            "message.created",
            "card.dismissed",
            "benefit.granted",
            "benefit.granted",
            "card.shown",
            "message.completed",
            "follow_up.scheduled",
            "case.updated"
        ]
    );
    assert!(acts(&events).iter().any(|act| act.0 == "promise"));
    assert_eq!(bench.snapshot("c1").await.follow_ups[0].due_at.to_string(), "2024-08-01T10:00:00Z");
}

#[tokio::test]
async fn a_model_that_nobody_knows_goes_to_a_person() {
    let bench = Bench::new().await;
    bench.greet().await;
    bench.say(REFRIGERATOR).await;
    let events = bench.press("device-form", "submit-device", json!({ "model": "X-999" })).await;
    assert_eq!(kinds(&events), ["message.created", "message.completed"]);
    let events = bench.press("device-form", "submit-device", json!({ "model": "X-998" })).await;
    assert!(kinds(&events).contains(&"handoff.requested"));
    let (_, queue) = bench.call("GET", "/v1/queue", OPERATOR_KEY, None).await;
    assert_eq!(queue["entries"][0]["package"]["collected"]["model"], "X-998");
    assert_eq!(queue["entries"][0]["package"]["attempts"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn scene_3_everyday_questions() {
    let bench = Bench::new().await;
    bench.greet().await;
    let events = bench.say("我的订单到哪了？").await;
    assert_eq!(kinds(&events), ["message.created", "triage.updated", "card.shown", "message.completed"]);
    assert!(words(&events).contains("8月2日"), "{}", words(&events));
    assert_eq!(bench.cards().await, ["order"]);
    let next = ["message.created", "triage.updated", "card.dismissed", "card.shown", "message.completed"];
    assert_eq!(kinds(&bench.say("冰箱保修多久？").await), next);
    assert_eq!(bench.cards().await, ["warranty"]);
    let events = bench.say("怎么把冷冻室设成速冻？").await;
    assert_eq!(kinds(&events), next);
    assert_eq!(bench.cards().await, ["steps-fast-freeze"]);
    assert_eq!(acts(&events).iter().filter(|act| act.0 == "explain_step").count(), 3);
    // A message in the other language is answered in it.
    let events = bench.say("How long is the warranty?").await;
    assert!(words(&events).starts_with("The whole refrigerator"), "{}", words(&events));
    assert_eq!(acts(&events)[1].2, target("warranty", 1));
}

#[tokio::test]
async fn scene_4_a_suggestion() {
    let bench = Bench::new().await;
    bench.greet().await;
    let events = bench.say("我有个建议，能不能加一个会学习的度假模式").await;
    assert_eq!(acts(&events).iter().map(|act| act.0.as_str()).collect::<Vec<_>>(), ["thank", "ask"]);
    let events = bench.say("出差一周的时候，让它自己省电").await;
    assert!(words(&events).contains("原样记录"), "{}", words(&events));
}

#[tokio::test]
async fn what_it_does_not_know_it_says_and_then_gets_a_person() {
    let bench = Bench::new().await;
    bench.greet().await;
    let events = bench.say("月球上有几只兔子").await;
    assert_eq!(kinds(&events), ["message.created", "triage.updated", "message.completed"]);
    assert!(words(&events).contains("不知道答案"));
    let events = bench.say("那火星呢").await;
    let (_, queue) = bench.call("GET", "/v1/queue", OPERATOR_KEY, None).await;
    assert!(kinds(&events).contains(&"handoff.requested"));
    assert_eq!(queue["entries"][0]["package"]["reason"], "low_confidence");
    bench.create("c2", "en", "guest").await;
    let path = "/v1/conversations/c2/messages/a";
    bench.call("PUT", path, &bench.token, Some(json!({ "text": "Let me talk to a human agent" }))).await;
    assert!(matches!(bench.snapshot("c2").await.control.owner, Owner::Queued { .. }));
}
