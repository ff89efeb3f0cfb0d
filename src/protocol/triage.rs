//! Triage: what a customer's turn is about (issue) and how the customer feels (emotion).

use serde::{Deserialize, Serialize};

use super::open_enum::open_enum;

open_enum!(
    /// What the turn is about.
    Issue {
        /// 咨询: a question.
        Inquiry = "inquiry",
        /// 投诉: something went wrong.
        Complaint = "complaint",
        /// 建议: a proposal.
        Suggestion = "suggestion",
    }
);

open_enum!(
    /// How the customer feels.
    Emotion {
        /// 平静
        Calm = "calm",
        /// 不满
        Dissatisfied = "dissatisfied",
        /// 暴怒
        Furious = "furious",
    }
);

/// The desk's reading of the conversation as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Triage {
    /// What the turn is about.
    pub issue: Issue,
    /// How the customer feels.
    pub emotion: Emotion,
    /// How sure the desk is, 0..=1.
    pub confidence: f32,
    /// Why, for operators and logs: short machine-readable reasons such as `lexicon:听不懂人话`.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// BCP 47 tag of the language the customer writes.
    #[serde(default)]
    pub language: String,
    /// 0 (lowest) to 3 (at once).
    #[serde(default)]
    pub priority: u8,
}
