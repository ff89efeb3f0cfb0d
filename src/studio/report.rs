//! The report of a run: what was played, what was measured, in the forms that machines and people read.

mod csv;
mod html;
mod json;
mod junit;
mod plot;

use super::guard::Outcome;
use super::scene::Localized;
use super::still::Still;
use super::track::{Event, Track};

pub use csv::curves_csv;
pub use html::index_html;
pub use json::report_json;
pub use junit::junit_xml;

/// Curves are kept this often: enough for plots and for comparing.
pub const CURVE_HZ: f32 = 10.0;
/// Curves are kept for this long; an hour at rest needs no more to be compared.
pub const CURVE_SECS: f32 = 300.0;

/// One scene played by one avatar under one seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Take {
    /// Name of the scene.
    pub scene: String,
    /// What it shows.
    pub title: Localized,
    /// Name of the avatar.
    pub avatar: String,
    /// Seed of the behavior.
    pub seed: u64,
    /// Seconds played.
    pub secs: f32,
    /// Frames per second.
    pub rate_hz: f32,
    /// Every value of every guard that had something to measure.
    pub outcomes: Vec<Outcome>,
    /// Curves of the first minutes.
    pub curves: Curves,
    /// What happened in the first minutes.
    pub events: Vec<Event>,
    /// Moments of the first minutes.
    pub stills: Vec<Still>,
    /// Their contact sheet as PNG, where one was drawn.
    pub sheet: Option<Vec<u8>>,
}

impl Take {
    /// A name that no other take of the run has.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}.{}.{}", self.scene, self.avatar, self.seed)
    }

    /// Whether every limit holds.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.outcomes.iter().all(|outcome| outcome.measure.passes())
    }
}

/// Named values over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curves {
    /// Time of each row, seconds.
    pub secs: Vec<f32>,
    /// Name and values of each curve.
    pub columns: Vec<(String, Vec<f32>)>,
}

impl Curves {
    /// Adds what a part of a scene has within the time that curves are kept.
    pub fn extend(&mut self, track: &Track) {
        let every = (track.rate_hz / CURVE_HZ).round().max(1.0) as usize;
        for (at, frame) in track.frames.iter().enumerate().step_by(every) {
            let secs = track.start_secs + track.at(at);
            if secs > CURVE_SECS {
                return;
            }
            let row = csv::row(frame);
            if self.columns.is_empty() {
                self.columns = csv::names().into_iter().map(|name| (name, Vec::new())).collect();
            }
            self.secs.push(secs);
            for ((_, values), value) in self.columns.iter_mut().zip(row) {
                values.push(value);
            }
        }
    }

    /// The values of a curve.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[f32]> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, values)| values.as_slice())
    }
}

/// Text with what HTML and XML take for markup replaced.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
pub(super) mod fixture {
    use super::*;
    use crate::studio::guard::{Limit, Measure};

    /// A take with one value that holds and one that does not.
    pub(crate) fn take() -> Take {
        let measure = |value| Measure { what: "seconds", value, limit: Limit::AtMost(3.3), at_secs: 2.5 };
        let outcomes = [("G-G1", 4.5), ("G-T2", 0.1)].map(|(id, value)| Outcome { id, measure: measure(value) });
        let ramp = (0..50).map(|at| at as f32 * 0.01).collect();
        Take {
            scene: "a".into(),
            title: Localized { zh: "甲 <b>".into(), en: "A".into() },
            avatar: "agent".into(),
            seed: 1,
            secs: 5.0,
            rate_hz: 90.0,
            outcomes: outcomes.to_vec(),
            curves: Curves {
                secs: (0..50).map(|at| at as f32 * 0.1).collect(),
                columns: vec![("mouthSmileLeft".into(), ramp)],
            },
            events: Vec::new(),
            stills: Vec::new(),
            sheet: None,
        }
    }
}
