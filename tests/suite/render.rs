//! Pictures without a window: avatar, Chinese card and pose are really there, and differ by mood.

use image::RgbaImage;
use visavis::avatar::AvatarFile;
use visavis::encounter::{EncounterConfig, Mind, Surface, Talk, build_app};
use visavis::manner::Manner;
use visavis::protocol::{CardPayload, Emotion, Event, EventBody, EventId, Issue, Triage};
use visavis::settings::QualityChoice;
use visavis::studio::demo::step;
use visavis::studio::headless::Stepper;
use visavis::words::{Language, Words};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 360;

fn stepper() -> Stepper {
    let app = build_app(EncounterConfig {
        surface: Surface::Image { width: WIDTH, height: HEIGHT, step: step() },
        quality: QualityChoice::Software,
        words: Words::new(Language::ZhCn),
        avatar: AvatarFile::built_in().unwrap(),
        manner: Manner::built_in(7),
    })
    .unwrap();
    Stepper::start(app).unwrap()
}

/// Lets the avatar live for some frames without drawing.
fn live(stepper: &mut Stepper, frames: usize) {
    for _ in 0..frames {
        stepper.step();
    }
}

fn feel(stepper: &mut Stepper, emotion: Emotion, issue: Issue) {
    let triage =
        Triage { issue, emotion, confidence: 0.9, reasons: Vec::new(), language: "zh".to_owned(), priority: 1 };
    stepper.world_mut().resource_mut::<Mind>().engine.tell(visavis::behavior::Cue::TriageUpdated(triage));
}

/// Mean absolute difference per channel in a region given by fractions of the scene (without the panel).
fn difference(a: &RgbaImage, b: &RgbaImage, x: (f32, f32), y: (f32, f32)) -> f32 {
    let scene = WIDTH as f32 - visavis::desktop::PANEL_WIDTH;
    let (mut sum, mut count) = (0.0, 0.0);
    for py in (y.0 * HEIGHT as f32) as u32..(y.1 * HEIGHT as f32) as u32 {
        for px in (x.0 * scene) as u32..(x.1 * scene) as u32 {
            for channel in 0..3 {
                sum += f32::from(a.get_pixel(px, py)[channel].abs_diff(b.get_pixel(px, py)[channel]));
                count += 1.0;
            }
        }
    }
    sum / count
}

/// Share of dark pixels (ink) in the card's part of the scene.
fn show_card(stepper: &mut Stepper, text: &str) {
    let card = serde_json::json!({
        "type": "AdaptiveCard", "version": "1.6", "fallbackText": text,
        "body": [{ "type": "TextBlock", "text": text, "wrap": true, "size": "Large" }],
    });
    let event = Event {
        v: 1,
        seq: None,
        id: EventId::from("e"),
        at: "2026-03-16T06:30:00Z".parse().unwrap(),
        conversation_id: "c".into(),
        causation_id: None,
        body: EventBody::CardShown(CardPayload { card_id: "card".into(), card, placement: None, pinned: true }),
    };
    let snapshot = serde_json::from_value(serde_json::json!({
        "cursor": 0, "control": { "owner": { "kind": "bot" }, "epoch": 0 },
        "conversation": { "id": "c", "locale": "zh-CN" },
    }))
    .unwrap();
    let mut talk = stepper.world_mut().resource_mut::<Talk>();
    talk.0.refresh(&snapshot);
    let mut event = event;
    event.seq = Some(1);
    talk.0.apply(&event);
}

#[test]
fn render_shows_avatar_card_and_mood() {
    let mut stepper = stepper();
    feel(&mut stepper, Emotion::Calm, Issue::Inquiry);
    live(&mut stepper, 60);
    let calm = stepper.picture().unwrap();
    assert_eq!((calm.width(), calm.height()), (WIDTH, HEIGHT));

    // The avatar stands in the middle: its dark suit against the light room.
    let suit =
        calm.get_pixel(((WIDTH as f32 - visavis::desktop::PANEL_WIDTH) * 0.42) as u32, (HEIGHT as f32 * 0.8) as u32);
    assert!(suit[0] < 90 && suit[1] < 90, "no suit where the body should be: {suit:?}");

    // The same moment drawn again is the same picture.
    let again = stepper.picture().unwrap();
    assert!(difference(&calm, &again, (0.0, 1.0), (0.0, 1.0)) < 0.5);

    // Fury of the customer: face and body answer, the corner of the room does not change.
    feel(&mut stepper, Emotion::Furious, Issue::Complaint);
    live(&mut stepper, 120);
    let furious = stepper.picture().unwrap();
    let face = difference(&calm, &furious, (0.35, 0.65), (0.05, 0.45));
    let body = difference(&calm, &furious, (0.2, 0.8), (0.5, 1.0));
    let room = difference(&calm, &furious, (0.0, 0.08), (0.0, 0.2));
    assert!(face > 4.0, "the face does not answer: {face}");
    assert!(body > 4.0, "the body does not answer: {body}");
    assert!(room < 1.0, "the room moved: {room}");

    // A Chinese card stands beside the avatar, and other words look different.
    show_card(&mut stepper, "请切换到二点四赫兹频段");
    live(&mut stepper, 60);
    let with_card = stepper.picture().unwrap();
    let sides = difference(&furious, &with_card, (0.0, 0.33), (0.0, 1.0)).max(difference(
        &furious,
        &with_card,
        (0.67, 1.0),
        (0.0, 1.0),
    ));
    assert!(sides > 5.0, "no card beside the avatar: {sides}");
}
