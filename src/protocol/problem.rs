//! Errors on the wire: problem+json (RFC 9457).

use serde::{Deserialize, Serialize};

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type", default = "blank")]
    pub kind: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable machine-readable code, such as `cursor_gone`.
    pub code: String,
    /// One sentence for a person.
    #[serde(default)]
    pub detail: String,
    /// Whether the same call may succeed later.
    #[serde(default)]
    pub retryable: bool,
    /// How long to wait before the next try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Names this answer in the desk's log.
    #[serde(default)]
    pub request_id: String,
}

fn blank() -> String {
    "about:blank".to_owned()
}
