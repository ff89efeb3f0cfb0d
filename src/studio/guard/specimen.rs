//! Recordings of the real engine for tests, and faults put into them.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::{Arc, LazyLock};

use super::{GUARDS, Measure};
use crate::manner::Manner;
use crate::studio::play::Player;
use crate::studio::script::Script;
use crate::studio::track::Track;
use crate::vrm::{BUILT_IN_AVATAR, Document};
use crate::words::Language;

pub(crate) static DOCUMENT: LazyLock<Arc<Document>> =
    LazyLock::new(|| Arc::new(Document::read(BUILT_IN_AVATAR, "agent.vrm").unwrap()));

/// A short scene.
pub(crate) enum Specimen {
    /// Nobody says anything.
    Calm,
    /// Three minutes of that.
    Long,
    /// A furious customer, an acknowledgement, an interruption.
    Furious,
    /// A card is explained.
    Pointing,
    /// The desk takes long to answer.
    Waiting,
}

fn record(body: &str) -> Track {
    let text = format!("name = \"x\"\ntitle = {{ zh = \"x\", en = \"x\" }}\n{body}");
    let script = Script::parse(&text, "x.toml", Language::ZhCn).unwrap();
    Player::new(script, DOCUMENT.clone(), &Manner::built_in(1), 90.0).unwrap().part().unwrap()
}

static CALM: LazyLock<Track> = LazyLock::new(|| record("secs = 40.0\n[[step]]\nat = 1.0\nwaiting = false\n"));
static LONG: LazyLock<Track> = LazyLock::new(|| record("secs = 180.0\n[[step]]\nat = 1.0\nwaiting = false\n"));
static FURIOUS: LazyLock<Track> = LazyLock::new(|| {
    record(
        "secs = 45.0\n[[step]]\nat = 6.0\ntriage = { issue = \"complaint\", emotion = \"furious\" }\n\
         [[step]]\nat = 6.0\nspoke = { chars = 18, clauses = 2 }\n\
         [[step]]\nat = 22.0\nspoke = { chars = 10, clauses = 1 }\n\
         [[step]]\nat = 32.0\nsay = { text = { zh = \"非常理解您现在的着急，换作是我可能也会很烦躁。\", en = \"x\" } }\n\
         [[step]]\nat = 35.0\ninterrupt = true\n",
    )
});
static POINTING: LazyLock<Track> = LazyLock::new(|| {
    record(
        "secs = 20.0\n[[step]]\nat = 2.0\ncard = { id = \"c\", at = [0.60, 1.35, 0.20], items = 3 }\n\
         [[step]]\nat = 8.0\nsay = { text = { zh = \"请先切换到二点四赫，然后重新启动路由器。\", en = \"x\" }, \
         acts = [{ act = \"explain_step\", card = \"c\", item = 1, words = { zh = \"然后重新启动路由器\", en = \"x\" } }] }\n",
    )
});
static WAITING: LazyLock<Track> = LazyLock::new(|| {
    record(
        "secs = 14.0\n[[step]]\nat = 3.0\nspoke = { chars = 12, clauses = 1 }\n\
         [[step]]\nat = 3.0\nwaiting = true\n[[step]]\nat = 12.0\nwaiting = false\n",
    )
});

impl Specimen {
    pub(crate) fn track(&self) -> Track {
        let track: &Track = match self {
            Self::Calm => &CALM,
            Self::Long => &LONG,
            Self::Furious => &FURIOUS,
            Self::Pointing => &POINTING,
            Self::Waiting => &WAITING,
        };
        track.clone()
    }
}

fn measures(id: &str, track: &Track) -> Vec<Measure> {
    let guard = GUARDS.iter().find(|guard| guard.id == id).unwrap();
    (guard.measure)(track)
}

/// The fault must make the guard fail where it passed.
pub(super) fn catches(id: &str, specimen: &Specimen, fault: impl FnOnce(&mut Track)) {
    let mut track = specimen.track();
    let before = measures(id, &track);
    fault(&mut track);
    let after = measures(id, &track);
    let caught = after.iter().any(|now| {
        let then = before.iter().find(|then| then.what == now.what);
        !now.passes() && then.is_none_or(Measure::passes)
    });
    assert!(caught, "{id} before: {before:?}\nafter: {after:?}");
}
