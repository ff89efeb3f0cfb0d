//! What outlives the conversation: the complaint case, follow-ups and benefits.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FollowUpId, open_enum::open_enum};

open_enum!(
    /// Where a case stands.
    CaseStatus {
        /// Being worked on.
        Open = "open",
        /// Solved.
        Resolved = "resolved",
    }
);

/// A complaint case (客户投诉分析表).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Kind of complaint, such as `network failure`.
    pub category: String,
    /// Root cause, such as `5 GHz compatibility`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_cause: Option<String>,
    /// 1 (light) to 4 (grave).
    #[serde(default)]
    pub severity: u8,
    /// The product concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected_model: Option<String>,
    /// Its production batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected_batch: Option<String>,
    /// What was done at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub containment: Option<String>,
    /// What will be done for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrective_action: Option<String>,
    /// What the product team should change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_suggestion: Option<String>,
    /// Draft of a knowledge entry for the assistant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knowledge_draft: Option<String>,
    /// Customers who should be told of their own accord.
    #[serde(default)]
    pub proactive_notice: Vec<String>,
    /// Where it stands.
    pub status: CaseStatus,
}

open_enum!(
    /// Where a follow-up stands.
    FollowUpStatus {
        /// Promised, not due yet.
        Scheduled = "scheduled",
        /// Due now.
        Due = "due",
        /// Kept.
        Done = "done",
        /// No longer wanted.
        Canceled = "canceled",
    }
);

/// Something promised for later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowUp {
    /// Its id.
    pub follow_up_id: FollowUpId,
    /// When it is due.
    pub due_at: Timestamp,
    /// What for.
    pub purpose: String,
    /// How: `app`, `phone`.
    pub channel: String,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

open_enum!(
    /// What kind of good will.
    BenefitKind {
        /// Money off, in the smallest whole unit of the currency shown.
        Coupon = "coupon",
        /// Loyalty points.
        Points = "points",
        /// A longer warranty, in months.
        WarrantyExtension = "warranty_extension",
        /// A unit on loan.
        BackupUnit = "backup_unit",
    }
);

/// Good will that was granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Benefit {
    /// What.
    pub kind: BenefitKind,
    /// How much, in the unit of the kind.
    pub amount: f64,
    /// Why.
    pub reason: String,
}
