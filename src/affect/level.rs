//! The five situations that the behavior matrix tells apart.

use crate::protocol::{Emotion, Issue, Triage};

/// A column of the behavior matrix, from easy to hard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A calm question.
    CalmInquiry,
    /// A calm proposal.
    CalmSuggestion,
    /// A calm complaint.
    CalmComplaint,
    /// Dissatisfied, whatever the issue.
    Dissatisfied,
    /// Furious, whatever the issue.
    Furious,
}

impl Level {
    /// Every level, from easy to hard.
    pub const ALL: [Self; 5] =
        [Self::CalmInquiry, Self::CalmSuggestion, Self::CalmComplaint, Self::Dissatisfied, Self::Furious];

    /// The level of a triage. An emotion that this build does not know counts as dissatisfied: concern is the
    /// safer error than a smile.
    #[must_use]
    pub fn of(triage: &Triage) -> Self {
        match (&triage.emotion, &triage.issue) {
            (Emotion::Furious, _) => Self::Furious,
            (Emotion::Dissatisfied | Emotion::Other(_), _) => Self::Dissatisfied,
            (Emotion::Calm, Issue::Complaint) => Self::CalmComplaint,
            (Emotion::Calm, Issue::Suggestion) => Self::CalmSuggestion,
            (Emotion::Calm, Issue::Inquiry | Issue::Other(_)) => Self::CalmInquiry,
        }
    }

    /// Whether the customer is upset: lean, concern and slow nods belong here.
    #[must_use]
    pub fn upset(self) -> bool {
        self >= Self::Dissatisfied
    }
}
