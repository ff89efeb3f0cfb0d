//! The keys of a channel, with what cannot be used left out.

use serde::Deserialize;
use serde_json::Value;

use super::track::{Interpolation, Keyed, Track};
use crate::vrm::accessor::Accessors;
use crate::vrm::accessor_data::AccessorData;
use crate::vrm::finding::{Finding, Findings};
use crate::vrm::schema;

/// Later than this is a broken key: a day, seconds.
const MAX_SECS: f32 = 86_400.0;
/// More numbers than any animation has; a file beyond it is meant to fill the memory.
const MAX_NUMBERS: u64 = 1 << 24;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawChannel {
    pub(super) sampler: Option<usize>,
    pub(super) target: RawTarget,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawTarget {
    pub(super) node: Option<usize>,
    pub(super) path: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawSampler {
    input: Option<usize>,
    output: Option<usize>,
    interpolation: String,
}

/// Reads the tracks of one animation.
pub(super) struct Samplers<'a> {
    samplers: Vec<RawSampler>,
    accessors: &'a Accessors,
    data: AccessorData<'a>,
    numbers_left: u64,
}

impl<'a> Samplers<'a> {
    pub(super) fn new(
        animation: &Value,
        accessors: &'a Accessors,
        data: AccessorData<'a>,
        findings: &mut Findings,
    ) -> Self {
        let samplers = schema::list(animation, "samplers", findings);
        Self { samplers, accessors, data, numbers_left: MAX_NUMBERS }
    }

    /// The track of a channel; without one usable key none, with a finding.
    pub(super) fn track<T: Keyed>(
        &mut self,
        channel: &RawChannel,
        place: &str,
        findings: &mut Findings,
    ) -> Option<Track<T>> {
        match self.numbers::<T>(channel, place, findings) {
            Ok(numbers) => numbers.track(place, findings),
            Err(why) => {
                findings.push(Finding::error(place, format!("{why}, dropped")));
                None
            }
        }
    }

    fn numbers<T: Keyed>(
        &mut self,
        channel: &RawChannel,
        place: &str,
        findings: &mut Findings,
    ) -> Result<Numbers, String> {
        let sampler = channel.sampler.and_then(|index| self.samplers.get(index));
        let sampler = sampler.ok_or("names no sampler of the animation")?;
        let interpolation = match sampler.interpolation.as_str() {
            "LINEAR" | "" => Interpolation::Linear,
            "STEP" => Interpolation::Step,
            "CUBICSPLINE" => Interpolation::CubicSpline,
            other => {
                findings.push(Finding::error(place, format!("interpolation {other:?} is unknown, read as LINEAR")));
                Interpolation::Linear
            }
        };
        let (input, output) = sampler.input.zip(sampler.output).ok_or("its sampler lacks input or output")?;
        let count = |index| self.accessors.count(index).ok_or(format!("names accessor {index}, which is not there"));
        let values_each = if interpolation == Interpolation::CubicSpline { 3 } else { 1 };
        let (keys, values) = (count(input)?, count(output)?);
        if Some(values) != keys.checked_mul(values_each) {
            return Err(format!("has {keys} times but {values} values"));
        }
        if self.data.components(input) != Some(1) || self.data.components(output) != Some(T::COMPONENTS) {
            return Err("its times or values have the wrong type".into());
        }
        let wanted = values.saturating_mul(T::COMPONENTS as u64).saturating_add(keys);
        let left = self.numbers_left.checked_sub(wanted);
        self.numbers_left = left.ok_or(format!("the animation has more than {MAX_NUMBERS} numbers"))?;
        let read = |index| self.data.floats(index).ok_or(format!("accessor {index} cannot be read"));
        Ok(Numbers { interpolation, times: read(input)?, values: read(output)? })
    }
}

/// The numbers of a channel as they stand in the file.
struct Numbers {
    interpolation: Interpolation,
    times: Vec<f32>,
    values: Vec<f32>,
}

impl Numbers {
    fn track<T: Keyed>(self, place: &str, findings: &mut Findings) -> Option<Track<T>> {
        let cubic = self.interpolation == Interpolation::CubicSpline;
        let each = T::COMPONENTS * if cubic { 3 } else { 1 };
        let mut keys = Vec::with_capacity(self.times.len());
        let (mut no_time, mut no_value, mut no_tangent) = (0_usize, 0_usize, 0_usize);
        for (&time, numbers) in self.times.iter().zip(self.values.chunks_exact(each)) {
            // NaN is in no range.
            if !(0.0..=MAX_SECS).contains(&time) {
                no_time += 1;
                continue;
            }
            let (into, value, out) = if cubic {
                let (into, rest) = numbers.split_at(T::COMPONENTS);
                let (value, out) = rest.split_at(T::COMPONENTS);
                (into, value, out)
            } else {
                (numbers, numbers, numbers)
            };
            let Some((value, scale)) = T::value(value) else {
                no_value += 1;
                continue;
            };
            let mut tangent = |numbers| {
                let tangent = T::tangent(numbers, scale);
                no_tangent += usize::from(cubic && tangent.is_none());
                tangent.unwrap_or(T::level())
            };
            keys.push((time, value, [tangent(into), tangent(out)]));
        }
        let unsorted = !keys.is_sorted_by(|a, b| a.0 <= b.0);
        if unsorted {
            keys.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        let before = keys.len();
        keys.dedup_by(|later, earlier| later.0 == earlier.0);
        let twice = before - keys.len();
        let mut complain = |count: usize, what: &str| {
            if count > 0 {
                findings.push(Finding::error(place, format!("{count} of {} keys {what}", self.times.len())));
            }
        };
        complain(no_time, "have times that are negative, beyond a day or no numbers, dropped");
        complain(no_value, "have values that are out of bounds or no rotations, dropped");
        complain(no_tangent, "have tangents that are out of bounds, flattened");
        complain(twice, "stand at the time of another key, dropped");
        if unsorted {
            findings.push(Finding::error(place, "its times do not grow, sorted"));
        }
        let track = Track::new(self.interpolation, &keys);
        if track.is_none() {
            findings.push(Finding::error(place, "has no usable key, dropped"));
        }
        track
    }
}
