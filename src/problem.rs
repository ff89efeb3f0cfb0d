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

impl Problem {
    /// Runs the start of a library that panics where its surroundings are broken (no display, no graphics driver),
    /// and tells that as a problem instead.
    ///
    /// # Errors
    /// The panic's message as the reason.
    pub fn contain<T>(what: &str, place: &str, mend: &str, work: impl FnOnce() -> T) -> Result<T, Self> {
        use std::sync::{Arc, Mutex, PoisonError};
        let reason = Arc::new(Mutex::new(String::new()));
        let sink = reason.clone();
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let message = info.payload_as_str().unwrap_or("it gave no reason");
            message.clone_into(&mut sink.lock().unwrap_or_else(PoisonError::into_inner));
        }));
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        std::panic::set_hook(before);
        outcome.map_err(|_| {
            let reason = reason.lock().unwrap_or_else(PoisonError::into_inner);
            Self::new(what, place, &*reason, mend)
        })
    }
}

/// Folds a message of several lines into one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn a_problem_is_one_line() {
        let problem = Problem::new("cannot read", "here", "line one\n  line two", "mend it");
        assert_eq!(problem.to_string(), "cannot read: here: line one line two; mend it");
    }

    #[test]
    fn a_panic_becomes_a_problem() {
        assert_eq!(Problem::contain("w", "p", "m", || 3).unwrap(), 3);
        let problem = Problem::contain("cannot draw", "adapter", "install one", || panic!("none found")).unwrap_err();
        assert_eq!(problem.to_string(), "cannot draw: adapter: none found; install one");
    }
}
