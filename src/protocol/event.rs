//! The event log: numbered, contiguous, append-only.

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Act, Benefit, CardId, CardPayload, Case, Control, ConversationId, EventId, FollowUp, HandoffReason, Message,
    MessageId, PackageId, Role, Triage,
};

/// One event with its envelope.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Version of the envelope.
    pub v: u32,
    /// Place in the log, from 1 without gaps; absent on ephemeral events.
    pub seq: Option<u64>,
    /// Its id.
    pub id: EventId,
    /// When, by the desk's clock.
    pub at: Timestamp,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The event or write that caused it.
    pub causation_id: Option<String>,
    /// What happened.
    pub body: EventBody,
}

/// What happened. Names on the wire are in [`EventBody::kind`].
#[derive(Debug, Clone, PartialEq)]
pub enum EventBody {
    /// `message.created`: the customer said something or filled in a card.
    MessageCreated(Message),
    /// `message.started`: a reply begins.
    MessageStarted(MessageStarted),
    /// `message.delta`: ephemeral, a piece of a reply.
    MessageDelta(MessageDelta),
    /// `message.completed`: the reply as it stands for good; replaces its deltas.
    MessageCompleted(Message),
    /// `triage.updated`: the desk's reading of the last turn.
    TriageUpdated(Triage),
    /// `act.requested`: a performance without words.
    ActRequested(Act),
    /// `card.shown`
    CardShown(CardPayload),
    /// `card.updated`
    CardUpdated(CardPayload),
    /// `card.dismissed`
    CardDismissed(CardDismissed),
    /// `control.changed`: who answers from now on.
    ControlChanged(Control),
    /// `handoff.requested`: the package has reached the operators.
    HandoffRequested(Handoff),
    /// `handoff.accepted`
    HandoffAccepted(Handoff),
    /// `handoff.ended`
    HandoffEnded(Handoff),
    /// `case.updated`
    CaseUpdated(Case),
    /// `follow_up.scheduled`
    FollowUpScheduled(FollowUp),
    /// `follow_up.due`
    FollowUpDue(FollowUp),
    /// `follow_up.done`
    FollowUpDone(FollowUp),
    /// `follow_up.canceled`
    FollowUpCanceled(FollowUp),
    /// `benefit.granted`
    BenefitGranted(Benefit),
    /// `conversation.closed`
    ConversationClosed(Closing),
    /// `conversation.reopened`
    ConversationReopened(Closing),
    /// `typing`: ephemeral, somebody writes.
    Typing(Typing),
    /// `presence`: ephemeral, kept as it came.
    Presence(Value),
    /// A type that this build does not know: kept raw, shown as nothing.
    Unknown {
        /// The type as it stood on the wire.
        kind: String,
        /// Its data as it came.
        data: Value,
    },
    /// A known type whose data has the wrong shape: set aside, never applied.
    Malformed {
        /// The type.
        kind: String,
        /// Its data as it came.
        data: Value,
        /// What was wrong.
        error: String,
    },
}

/// Data of `message.started`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageStarted {
    /// The reply that begins.
    pub message_id: MessageId,
    /// Who speaks.
    pub role: Role,
}

/// Data of `message.delta`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageDelta {
    /// The reply.
    pub message_id: MessageId,
    /// Place of the piece, from 0.
    pub idx: u32,
    /// The piece.
    pub text: String,
}

/// Data of `card.dismissed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardDismissed {
    /// The card that goes away.
    pub card_id: CardId,
}

/// Data of `handoff.*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// Why.
    pub reason: HandoffReason,
    /// What the person got.
    pub package_id: PackageId,
}

/// Data of `conversation.closed` and `conversation.reopened`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Why, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Data of `typing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    /// Who writes.
    pub role: Role,
}

/// Answer to `GET …/events`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventPage {
    /// In order of `seq`.
    pub events: Vec<Event>,
    /// The cursor to ask from next.
    pub next: u64,
    /// Whether more are there already.
    pub has_more: bool,
}

macro_rules! event_kinds {
    ($($kind:literal => $variant:ident),+ $(,)?) => {
        impl EventBody {
            /// Every type name that this build knows.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// The type name on the wire.
            #[must_use]
            pub fn kind(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $kind,)+
                    Self::Unknown { kind, .. } | Self::Malformed { kind, .. } => kind,
                }
            }

            /// Reads the body of an event; never fails.
            #[must_use]
            pub fn from_parts(kind: &str, data: Value) -> Self {
                match kind {
                    $($kind => typed(kind, data, Self::$variant),)+
                    _ => Self::Unknown { kind: kind.to_owned(), data },
                }
            }

            fn data(&self) -> Result<Value, serde_json::Error> {
                match self {
                    $(Self::$variant(data) => serde_json::to_value(data),)+
                    Self::Unknown { data, .. } | Self::Malformed { data, .. } => Ok(data.clone()),
                }
            }
        }
    };
}

event_kinds! {
    "message.created" => MessageCreated,
    "message.started" => MessageStarted,
    "message.delta" => MessageDelta,
    "message.completed" => MessageCompleted,
    "triage.updated" => TriageUpdated,
    "act.requested" => ActRequested,
    "card.shown" => CardShown,
    "card.updated" => CardUpdated,
    "card.dismissed" => CardDismissed,
    "control.changed" => ControlChanged,
    "handoff.requested" => HandoffRequested,
    "handoff.accepted" => HandoffAccepted,
    "handoff.ended" => HandoffEnded,
    "case.updated" => CaseUpdated,
    "follow_up.scheduled" => FollowUpScheduled,
    "follow_up.due" => FollowUpDue,
    "follow_up.done" => FollowUpDone,
    "follow_up.canceled" => FollowUpCanceled,
    "benefit.granted" => BenefitGranted,
    "conversation.closed" => ConversationClosed,
    "conversation.reopened" => ConversationReopened,
    "typing" => Typing,
    "presence" => Presence,
}

fn typed<T: DeserializeOwned>(kind: &str, data: Value, wrap: impl FnOnce(T) -> EventBody) -> EventBody {
    match T::deserialize(&data) {
        Ok(parsed) => wrap(parsed),
        Err(error) => EventBody::Malformed { kind: kind.to_owned(), data, error: error.to_string() },
    }
}

impl EventBody {
    /// Whether the event is passed on but never stored or numbered.
    #[must_use]
    pub fn is_ephemeral(&self) -> bool {
        matches!(self, Self::MessageDelta(_) | Self::Typing(_) | Self::Presence(_))
    }
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    v: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    id: EventId,
    #[serde(rename = "type")]
    kind: String,
    at: Timestamp,
    conversation_id: ConversationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    causation_id: Option<String>,
    #[serde(default)]
    data: Value,
}

impl Serialize for Event {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let envelope = Envelope {
            v: self.v,
            seq: self.seq,
            id: self.id.clone(),
            kind: self.body.kind().to_owned(),
            at: self.at,
            conversation_id: self.conversation_id.clone(),
            causation_id: self.causation_id.clone(),
            data: self.body.data().map_err(serde::ser::Error::custom)?,
        };
        envelope.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let envelope = Envelope::deserialize(deserializer)?;
        Ok(Self {
            v: envelope.v,
            seq: envelope.seq,
            id: envelope.id,
            at: envelope.at,
            conversation_id: envelope.conversation_id,
            causation_id: envelope.causation_id,
            body: EventBody::from_parts(&envelope.kind, envelope.data),
        })
    }
}
