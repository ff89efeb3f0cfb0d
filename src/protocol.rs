//! Wire types of the Conversation API, version 1: the only serde types that a backend sees.
//!
//! Includes every request, answer and event. Does not include transport, storage or meaning:
//! this module knows nobody. Everything that a newer desk may send survives a round trip:
//! unknown enum values are kept as [`Other`](Issue::Other) strings, unknown event types as
//! [`EventBody::Unknown`], and a known type with data of the wrong shape as
//! [`EventBody::Malformed`], so that one bad event can be set aside without losing the log.

mod act;
mod agent;
mod card;
mod case;
mod control;
mod conversation;
mod event;
mod handoff;
mod ids;
mod message;
mod open_enum;
mod problem;
mod session;
mod triage;

pub use act::{Act, ActKind, ActTarget, ActTime, Affect};
pub use agent::{AgentMessage, Claim, QueueEntry, QueueList, Release, ScheduleFollowUp};
pub use card::{CardPayload, CardPlacement, Importance, Side};
pub use case::{Benefit, BenefitKind, Case, CaseStatus, FollowUp, FollowUpStatus};
pub use control::{Control, Owner};
pub use conversation::{CreateConversation, CustomerRef, Snapshot, SnapshotMeta};
pub use event::{CardDismissed, Closing, Event, EventBody, EventPage, Handoff, MessageDelta, MessageStarted, Typing};
pub use handoff::{HandoffPackage, HandoffReason, HandoffRequest, Profile};
pub use ids::{AgentId, CardId, ClientId, ConversationId, EventId, FollowUpId, MessageId, PackageId};
pub use message::{Message, OutgoingMessage, Role, Submission, WriteReceipt};
pub use problem::Problem;
pub use session::{CreateSession, Limits, ProtocolRange, SessionGrant};
pub use triage::{Emotion, Issue, Triage};

/// The protocol version that this build speaks.
pub const PROTOCOL_VERSION: u32 = 1;
