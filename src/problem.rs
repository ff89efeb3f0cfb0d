//! The one shape of an error that a person reads: what, where, why, how to mend.

/// Bad input or a broken environment, told in one clear line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {place}: {why}; {mend}")]
pub struct Problem {
    /// What could not be done, such as `cannot load avatar`.
    pub what: String,
    /// Where: file, line, field, address.
    pub place: String,
    /// Why.
    pub why: String,
    /// How to mend it.
    pub mend: String,
}

impl Problem {
    /// Puts the four parts together.
    pub fn new(
        what: impl Into<String>,
        place: impl std::fmt::Display,
        why: impl std::fmt::Display,
        mend: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), place: place.to_string(), why: one_line(&why.to_string()), mend: mend.into() }
    }
}

/// Folds a message of several lines into one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
