//! A take: one scene, one avatar, one seed, played and measured.

use std::sync::Arc;

use super::guard::measure;
use super::play::Player;
use super::report::{CURVE_SECS, Curves, Take};
use super::script::Script;
use super::still::stills;
use super::track::{Event, Track};
use crate::manner::Manner;
use crate::problem::Problem;
use crate::vrm::Document;

/// Plays a scene and measures it; `progress` hears the share that is done, 0..=1.
///
/// # Errors
/// A lexicon that cannot be read.
pub fn take(
    script: &Script,
    avatar: &str,
    document: Arc<Document>,
    manner: &Manner,
    rate_hz: f32,
    mut progress: impl FnMut(f32),
) -> Result<Take, Problem> {
    let mut player = Player::new(script.clone(), document, manner, rate_hz)?;
    let (mut outcomes, mut curves, mut events) = (Vec::new(), Curves::default(), Vec::new());
    let mut moments = Vec::new();
    // One part is measured while the next is played.
    std::thread::scope(|scope| {
        let (tracks, played) = std::sync::mpsc::sync_channel::<Track>(1);
        let (done, used) = std::sync::mpsc::channel();
        let (outcomes, curves, events, moments) = (&mut outcomes, &mut curves, &mut events, &mut moments);
        scope.spawn(move || {
            for track in played {
                measure(&track, outcomes);
                curves.extend(&track);
                let start = track.start_secs;
                if moments.is_empty() {
                    *moments = stills(&track);
                }
                let early = track.events.iter().filter(|event| start + event.secs < CURVE_SECS);
                events.extend(early.map(|event| Event { secs: start + event.secs, what: event.what.clone() }));
                // Nobody takes it after the last part.
                let _ = done.send(track.frames);
            }
        });
        loop {
            used.try_iter().for_each(|frames| player.reuse(frames));
            let Some(track) = player.part() else { break };
            progress((track.start_secs + track.secs()) / script.secs);
            if tracks.send(track).is_err() {
                break;
            }
        }
    });
    Ok(Take {
        scene: script.name.clone(),
        title: script.title.clone(),
        avatar: avatar.to_owned(),
        seed: manner.seed,
        secs: script.secs,
        rate_hz,
        outcomes,
        curves,
        events,
        stills: moments,
        sheet: None,
    })
}
