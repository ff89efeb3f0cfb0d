//! Golden curves: a run compared with a stored one, within the tolerances of one file.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::problem::Problem;

/// How far curves may be from the stored ones.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerances {
    /// Face weights.
    pub weight: f32,
    /// Angles, degrees.
    pub degrees: f32,
    /// Places, meters.
    pub meters: f32,
}

impl Tolerances {
    /// The tolerances that come with the program.
    ///
    /// # Errors
    /// None in a released build: the file is part of it and tested.
    pub fn built_in() -> Result<Self, Problem> {
        Self::parse(include_str!("../../assets/studio/golden/tolerances.toml"), "assets/studio/golden/tolerances.toml")
    }

    /// Reads tolerances.
    ///
    /// # Errors
    /// A [`Problem`] that names the place for text that is none.
    pub fn parse(text: &str, place: &str) -> Result<Self, Problem> {
        toml::from_str(text).map_err(|error| {
            Problem::new("cannot read tolerances", place, error.message(), "give weight, degrees and meters")
        })
    }

    fn of(&self, column: &str) -> f32 {
        if column.ends_with("_deg") {
            self.degrees
        } else if column.ends_with("_m") {
            self.meters
        } else {
            self.weight
        }
    }
}

/// Where two runs part.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The take.
    pub take: String,
    /// When, seconds.
    pub secs: f32,
    /// Which curve.
    pub curve: String,
    /// The stored value; `None` where nothing was stored.
    pub stored: Option<f32>,
    /// The value now; `None` where the take was not played or the curve is gone.
    pub now: Option<f32>,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = |value: Option<f32>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
        write!(f, "{} {:.2} s {}: {} -> {}", self.take, self.secs, self.curve, value(self.stored), value(self.now))
    }
}

/// The first moment at which two runs (`curves.csv`) are farther apart than the tolerances allow. Takes that only the
/// stored run has are passed over: not every scene is played every time.
#[must_use]
pub fn first_difference(stored: &str, now: &str, tolerances: &Tolerances) -> Option<Difference> {
    let (stored_names, stored_rows) = table(stored);
    let (names, rows) = table(now);
    for ((take, centis), values) in &rows {
        let secs = *centis as f32 / 100.0;
        let at =
            |curve: &str, stored, now| Some(Difference { take: take.clone(), secs, curve: curve.into(), stored, now });
        let Some(before) = stored_rows.get(&(take.clone(), *centis)) else { return at("secs", None, Some(secs)) };
        for (column, name) in stored_names.iter().enumerate() {
            let then = before.get(column).copied();
            let now = names.iter().position(|known| known == name).and_then(|column| values.get(column)).copied();
            let near = then.zip(now).is_some_and(|(a, b)| (a - b).abs() <= tolerances.of(name));
            if !near {
                return at(name, then, now);
            }
        }
    }
    None
}

type Rows = BTreeMap<(String, u32), Vec<f32>>;

fn table(text: &str) -> (Vec<&str>, Rows) {
    let mut lines = text.lines();
    let names = lines.next().unwrap_or_default().split(',').skip(2).collect();
    let rows = lines.filter_map(|line| {
        let mut cells = line.split(',');
        let (take, secs) = (cells.next()?.to_owned(), cells.next()?.parse::<f32>().ok()?);
        Some(((take, (secs * 100.0).round() as u32), cells.map(|cell| cell.parse().unwrap_or(f32::NAN)).collect()))
    });
    (names, rows.collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const STORED: &str = "take,secs,smile,lean_deg\na,0.00,0.1,3\na,0.10,0.1,3.5\nb,0.00,0,0\n";

    #[test]
    fn the_first_difference_beyond_the_tolerances_is_named() {
        let tolerances = Tolerances::built_in().unwrap();
        assert_eq!(first_difference(STORED, STORED, &tolerances), None);
        let now = "take,secs,smile,lean_deg\na,0.00,0.1,3\na,0.10,0.1,9.5\n";
        let found = first_difference(STORED, now, &tolerances).unwrap();
        assert_eq!(found.to_string(), "a 0.10 s lean_deg: 3.5 -> 9.5");
    }

    #[test]
    fn what_was_never_stored_is_a_difference() {
        let now = "take,secs,smile,lean_deg\nc,0.00,0.1,3\n";
        let found = first_difference(STORED, now, &Tolerances::built_in().unwrap()).unwrap();
        assert_eq!((found.take.as_str(), found.stored), ("c", None));
    }
}
