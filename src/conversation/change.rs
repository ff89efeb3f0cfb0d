//! What a step of the conversation did, told to those who react to it.

use crate::protocol::{
    Act, Benefit, CardId, Case, ClientId, FollowUp, FollowUpStatus, Handoff, Message, MessageId, Owner, Role, Triage,
};

/// What became of an event that was offered to the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    /// It was next in line (or ephemeral) and did this; empty where it changed nothing to be seen.
    Changed(Vec<Change>),
    /// It was applied before; nothing happened.
    Duplicate,
    /// Events before it are missing; nothing happened.
    Gap {
        /// The number that is next in line.
        expected: u64,
        /// The number that came.
        got: u64,
    },
    /// It belongs to another conversation; nothing happened.
    Foreign,
}

impl Applied {
    /// The changes; none where the event was not applied.
    #[must_use]
    pub fn into_changes(self) -> Vec<Change> {
        match self {
            Self::Changed(changes) => changes,
            Self::Duplicate | Self::Gap { .. } | Self::Foreign => Vec::new(),
        }
    }
}

/// Something that happened in the conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A snapshot replaced the state: draw everything again, perform nothing again.
    Refreshed {
        /// Whether entries between the old transcript and the new one may be missing.
        history_may_have_a_gap: bool,
    },
    /// A customer entry is new in the transcript, as a local echo or from the desk.
    TranscriptAppended {
        /// The entry.
        message: Message,
    },
    /// An entry that was final already has other content now.
    TranscriptRevised {
        /// The entry.
        message_id: MessageId,
    },
    /// A local echo became part of the log.
    MessageConfirmed {
        /// The entry.
        message_id: MessageId,
    },
    /// The desk has a local echo; its place in the log is not known yet.
    MessageDelivered {
        /// The entry.
        message_id: MessageId,
    },
    /// The desk refused a local echo for good; the customer may retry or discard it.
    MessageFailed {
        /// The entry.
        message_id: MessageId,
        /// Why, for a person.
        why: String,
    },
    /// A local echo was taken out by the customer.
    MessageDiscarded {
        /// The entry.
        message_id: MessageId,
    },
    /// A reply begins.
    ReplyStarted {
        /// The reply.
        message_id: MessageId,
        /// Who speaks.
        role: Role,
    },
    /// A streaming reply has more text to show.
    ReplyGrew {
        /// The reply.
        message_id: MessageId,
        /// The whole text so far.
        text: String,
    },
    /// A reply stopped growing without its end: the link broke or someone else answers now.
    ReplyInterrupted {
        /// The reply.
        message_id: MessageId,
    },
    /// A reply stands for good; now it may be spoken and performed.
    ReplyCompleted {
        /// The reply with its acts.
        message: Message,
    },
    /// The desk read the customer's turn.
    TriageUpdated {
        /// The reading before, if there was one.
        from: Option<Triage>,
        /// The reading now.
        to: Triage,
    },
    /// The desk asks for a performance without words.
    ActRequested {
        /// What to perform.
        act: Act,
    },
    /// A card came up.
    CardShown {
        /// The card, to be found in [`Conversation::cards`](super::Conversation::cards).
        card_id: CardId,
    },
    /// A card that is shown has new content.
    CardUpdated {
        /// The card.
        card_id: CardId,
    },
    /// A card went away.
    CardDismissed {
        /// The card.
        card_id: CardId,
    },
    /// Someone else answers from now on.
    ControlChanged {
        /// Who answered.
        from: Owner,
        /// Who answers.
        to: Owner,
    },
    /// The customer asked for a person; the desk has not confirmed it yet.
    HumanAsked {
        /// The write that asks.
        client_id: ClientId,
    },
    /// The customer's wish for a person could not be delivered.
    HumanAskFailed {
        /// The write that asked.
        client_id: ClientId,
        /// Why, for a person.
        why: String,
    },
    /// The hand-off package has reached the operators.
    HandoffRequested {
        /// Why, and which package.
        handoff: Handoff,
    },
    /// A person took over.
    HandoffAccepted {
        /// Why, and which package.
        handoff: Handoff,
    },
    /// The person is done.
    HandoffEnded {
        /// Why, and which package.
        handoff: Handoff,
    },
    /// The complaint case changed.
    CaseUpdated {
        /// The case now.
        case: Box<Case>,
    },
    /// A follow-up was promised or moved on.
    FollowUpChanged {
        /// The follow-up now.
        follow_up: FollowUp,
        /// Where it stands.
        status: FollowUpStatus,
    },
    /// Good will was granted.
    BenefitGranted {
        /// What.
        benefit: Benefit,
    },
    /// The conversation is over.
    ConversationClosed {
        /// Why, in a word.
        reason: Option<String>,
    },
    /// The conversation goes on after all.
    ConversationReopened {
        /// Why, in a word.
        reason: Option<String>,
    },
    /// Somebody writes; show it for a few seconds.
    TypingSeen {
        /// Who.
        role: Role,
    },
    /// An event was set aside: its type is new or its data has the wrong shape.
    EventSkipped {
        /// The type as it stood on the wire.
        kind: String,
        /// What was wrong, where the type is known.
        error: Option<String>,
    },
}
