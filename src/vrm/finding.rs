//! What is wrong with a file, told so that its maker can mend it.

use serde::Serialize;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Info,
    /// Allowed but probably not meant.
    Warning,
    /// Against the standard: the part was dropped or replaced.
    Error,
}

/// One thing found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where in the file, as a JSON place such as `nodes[3].rotation`.
    pub place: String,
    /// What it is and what was done about it.
    pub message: String,
}

impl Finding {
    pub(super) fn info(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Info, place: place.into(), message: message.into() }
    }

    pub(super) fn warning(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, place: place.into(), message: message.into() }
    }

    pub(super) fn error(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, place: place.into(), message: message.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let severity = match self.severity {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}: {}: {}", self.place, self.message)
    }
}

/// Collects findings up to a limit, so that a hostile file cannot fill the memory with complaints.
#[derive(Debug, Default)]
pub(super) struct Findings {
    found: Vec<Finding>,
    left_out: usize,
}

impl Findings {
    const LIMIT: usize = 500;

    pub(super) fn push(&mut self, finding: Finding) {
        if self.found.len() < Self::LIMIT {
            self.found.push(finding);
        } else {
            self.left_out += 1;
        }
    }

    pub(super) fn into_vec(mut self) -> Vec<Finding> {
        if self.left_out > 0 {
            self.found.push(Finding::warning("file", format!("{} more findings are not listed", self.left_out)));
        }
        self.found
    }
}
