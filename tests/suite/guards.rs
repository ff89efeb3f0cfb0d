//! Every guard holds on every scene: both avatars of the project, three seeds, five frame rates, three roles.

use std::sync::{Arc, LazyLock};

use visavis::affect::ServiceRole;
use visavis::manner::Manner;
use visavis::studio::script::Script;
use visavis::studio::take::take;
use visavis::vrm::{BUILT_IN_AVATAR, Document};
use visavis::words::Language;

static WOMAN: LazyLock<Arc<Document>> =
    LazyLock::new(|| Arc::new(Document::read(BUILT_IN_AVATAR, "agent.vrm").unwrap()));
static MAN: LazyLock<Arc<Document>> = LazyLock::new(|| {
    let bytes = include_bytes!("../../assets/avatars/agent_man.vrm");
    Arc::new(Document::read(bytes, "agent_man.vrm").unwrap())
});

/// An hour at rest is for the studio; here it is long enough for what repeats within a minute.
const LONGEST_SECS: f32 = 200.0;

fn holds(scene: &str) {
    let agent = ServiceRole::default();
    let takes = [
        (1, agent, 90.0, "agent", &WOMAN),
        (2, agent, 60.0, "agent_man", &MAN),
        (3, agent, 30.0, "agent", &WOMAN),
        (1, agent, 120.0, "agent_man", &MAN),
        (3, agent, 72.0, "agent_man", &MAN),
        (2, ServiceRole::Concierge, 90.0, "agent", &WOMAN),
        (1, ServiceRole::Receptionist, 90.0, "agent_man", &MAN),
    ];
    let scripts = Script::built_in(Language::ZhCn).unwrap();
    let mut script = scripts.into_iter().find(|script| script.name == scene).unwrap();
    script.secs = script.secs.min(LONGEST_SECS);
    let mut broken = Vec::new();
    for (seed, role, rate_hz, avatar, document) in takes {
        let manner = Manner { role, ..Manner::built_in(seed) };
        let take = take(&script, avatar, (*document).clone(), &manner, rate_hz, |_| ()).unwrap();
        assert!(!take.outcomes.is_empty());
        for outcome in take.outcomes.iter().filter(|outcome| !outcome.measure.passes()) {
            broken.push(format!(
                "{avatar} as {} seed {seed} at {rate_hz} Hz: {} {:?}",
                role.name(),
                outcome.id,
                outcome.measure
            ));
        }
    }
    assert!(broken.is_empty(), "{scene}\n{}", broken.join("\n"));
}

macro_rules! scenes {
    ($($test:ident $name:literal),+ $(,)?) => {
        $(#[test]
        fn $test() {
            holds($name);
        })+

        #[test]
        fn no_scene_is_forgotten() {
            let known = [$($name),+];
            let scripts = Script::built_in(Language::ZhCn).unwrap();
            let names: Vec<&str> = scripts.iter().map(|script| script.name.as_str()).collect();
            assert_eq!(names, known);
        }
    };
}

scenes!(
    listen_inquiry "listen-inquiry",
    listen_suggestion "listen-suggestion",
    listen_complaint "listen-complaint",
    listen_dissatisfied "listen-dissatisfied",
    listen_furious "listen-furious",
    acts "acts",
    acts_upset "acts-upset",
    pointing "pointing",
    idle "idle",
    network "network",
    barge_in "barge-in",
    jumps "jumps",
    scene_1_furious "scene-1-furious",
    scene_2_refrigerator "scene-2-refrigerator",
    scene_3_everyday "scene-3-everyday",
    scene_4_suggestion "scene-4-suggestion",
    scene_5_nobody "scene-5-nobody",
    scene_6_network "scene-6-network",
);
