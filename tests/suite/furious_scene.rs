//! The furious scene from the customer's sentence to the hand-off, through the real desk and the real client.

use std::path::Path;

use visavis::avatar::AvatarFile;
use visavis::encounter::{EncounterConfig, Surface};
use visavis::manner::Manner;
use visavis::settings::QualityChoice;
use visavis::studio::demo::{self, Progress};
use visavis::studio::scene::Scene;
use visavis::words::{Language, Words};

struct Silent;

impl Progress for Silent {
    fn scene(&mut self, _: usize, _: usize, _: &str) {}
    fn share(&mut self, _: f32) {}
    fn picture(&mut self, _: &Path) {}
}

#[test]
fn headless_furious_scene_goes_from_sentence_to_person_in_order() {
    let mut scene = Scene::built_in().unwrap().remove(0);
    scene.steps.retain(|step| !matches!(step, visavis::studio::scene::Step::Picture { .. }));
    let out = tempfile::tempdir().unwrap();
    let config = EncounterConfig {
        surface: Surface::Image { width: 320, height: 180, step: demo::step() },
        quality: QualityChoice::Software,
        words: Words::new(Language::ZhCn),
        avatar: AvatarFile::built_in().unwrap(),
        manner: Manner::built_in(3),
    };
    let result = demo::play_headless(config, &[scene], Language::ZhCn, out.path(), &mut Silent).unwrap();
    let record = &result.scenes[0];
    let kinds: Vec<&str> = record.events.iter().map(|event| event.kind.as_str()).collect();
    let sentence = kinds.iter().position(|kind| *kind == "message.created").unwrap();
    assert_eq!(
        kinds[sentence..sentence + 6],
        [
            "message.created",
            "triage.updated",
            "handoff.requested",
            "message.completed",
            "control.changed",
            "card.shown",
        ],
        "{kinds:?}"
    );
    let triage = &record.events[sentence + 1].says;
    assert_eq!((&triage["issue"], &triage["emotion"]), (&"complaint".into(), &"furious".into()));
    let accepted = kinds.iter().position(|kind| *kind == "handoff.accepted").unwrap();
    let ended = kinds.iter().position(|kind| *kind == "handoff.ended").unwrap();
    let promise = kinds.iter().position(|kind| *kind == "follow_up.scheduled").unwrap();
    assert!(sentence < accepted && accepted < promise && promise < ended, "{kinds:?}");
    let numbers: Vec<u64> = record.events.iter().filter_map(|event| event.seq).collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "{numbers:?}");
    assert!(result.transcript.exists());
}
