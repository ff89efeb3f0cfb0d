//! Handing a conversation to a person, with everything that person needs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Case, Message, PackageId, Triage, open_enum::open_enum};

open_enum!(
    /// Why a person is needed.
    HandoffReason {
        /// The customer asked.
        UserRequest = "user_request",
        /// A complaint from a furious customer.
        FuriousComplaint = "furious_complaint",
        /// The assistant is not sure enough.
        LowConfidence = "low_confidence",
        /// A rule of the company.
        Policy = "policy",
        /// An important customer.
        Vip = "vip",
        /// The same trouble again.
        Repeat = "repeat",
        /// A system that the assistant needs failed.
        ToolFailure = "tool_failure",
    }
);

/// Body of `PUT …/handoffs/{client_id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandoffRequest {
    /// Why.
    pub reason: HandoffReason,
}

/// What the company knows about the customer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Name to address the customer by.
    pub name: String,
    /// Loyalty tier.
    #[serde(default)]
    pub tier: String,
    /// Complaints in the last 30 days.
    #[serde(default)]
    pub complaint_count_30d: u32,
    /// Complaints in the last 90 days.
    #[serde(default)]
    pub complaint_count_90d: u32,
    /// What the customer bought.
    #[serde(default)]
    pub purchases: Vec<String>,
    /// BCP 47 tag of the customer's language.
    #[serde(default)]
    pub locale: String,
    /// Whether the customer agreed to the use of this data.
    #[serde(default)]
    pub consent: bool,
}

/// Everything the person needs, delivered before the customer hears that a person is coming.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandoffPackage {
    /// Its id.
    pub package_id: PackageId,
    /// Why a person is needed.
    pub reason: HandoffReason,
    /// Three lines: who, what, where it stands.
    pub summary: Vec<String>,
    /// The customer's last request, word for word.
    pub last_request: String,
    /// The last messages, oldest first, 50 at most.
    pub transcript: Vec<Message>,
    /// Who the customer is.
    pub profile: Profile,
    /// Triage of every turn, oldest first.
    pub triage_history: Vec<Triage>,
    /// What was collected on forms.
    #[serde(default)]
    pub collected: Map<String, Value>,
    /// What was tried, and what came of it.
    #[serde(default)]
    pub attempts: Vec<String>,
    /// What was promised.
    #[serde(default)]
    pub promises: Vec<String>,
    /// The open case, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Case>,
    /// A first line that the person may use.
    pub suggested_first_line: String,
    /// When it was made.
    pub created_at: Timestamp,
}
