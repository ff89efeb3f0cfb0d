//! What the machine asks of the transport, and what it tells the program.

use std::{fmt, time::Duration};

use crate::{
    conversation::{Change, Conversation},
    problem::Problem,
    protocol::{ClientId, ConversationId, CreateConversation, CreateSession, Event, Snapshot, Submission},
};

use super::{
    outbox::{OutboxItem, Write},
    retry::{HttpReply, NetFailure},
};

/// Names a call; an answer to a call that is over is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Names one connection of the event stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(pub u64);

/// A bearer token that does not show itself in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A call of the Conversation API. All but the session carry the session's token.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// `POST /v1/sessions`, with the device key.
    OpenSession(CreateSession),
    /// `PUT /v1/conversations/{id}`
    Create {
        /// Under this id.
        id: ConversationId,
        /// What for.
        body: CreateConversation,
    },
    /// `GET /v1/conversations/{id}`
    TakeSnapshot {
        /// Of which.
        id: ConversationId,
    },
    /// `GET …/events`
    FetchEvents {
        /// Of which.
        id: ConversationId,
        /// After this one.
        after: u64,
        /// How long the desk may hold the answer back, in seconds.
        wait_secs: u32,
    },
    /// `PUT …/messages`, `…/handoffs`, `…/ratings`
    Write {
        /// To which.
        id: ConversationId,
        /// What.
        item: OutboxItem,
    },
    /// `POST …/typing`
    Typing {
        /// In which.
        id: ConversationId,
    },
}

/// Why a stream is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEnd {
    /// The desk closed it.
    Closed,
    /// It broke, or never came up.
    Broken(NetFailure),
    /// The desk answered with something else than a stream.
    Refused(HttpReply),
    /// An event was larger than this side reads.
    TooLarge,
}

/// How the link to the desk stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// On the way to the first contact.
    Connecting,
    /// Events arrive.
    Live,
    /// The desk was there and is not now, or cannot answer; it is tried again.
    Recovering {
        /// Failures in a row, from 1.
        attempt: u32,
        /// The time to the next try.
        retry_in: Duration,
    },
    /// Nobody answers; it is tried again.
    Offline,
    /// The desk does not accept this device, or speaks another protocol; nothing is tried until
    /// [`Command::Reconnect`]. The outbox is kept.
    SignedOut,
}

/// What the customer or the program wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Say something.
    Say {
        /// The words.
        text: String,
    },
    /// Send a filled-in card.
    Submit(Submission),
    /// Ask for a person.
    AskForHuman,
    /// Rate the service.
    Rate {
        /// 1 (not at all) to 5.
        rating: u8,
        /// In the customer's words.
        comment: Option<String>,
    },
    /// The customer is writing; may be sent with every key.
    Typing,
    /// Try a wedged write again.
    Retry {
        /// Which.
        client_id: ClientId,
    },
    /// Give up a write that is not under way.
    Discard {
        /// Which.
        client_id: ClientId,
    },
    /// Try to connect now instead of later: the machine woke up, the network is back, the customer asks.
    Reconnect,
    /// End the connection; the outbox is kept.
    Close,
}

/// News for the program, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// The link changed.
    Link(LinkState),
    /// The whole state; replaces what was there.
    Snapshot(Box<Snapshot>),
    /// The next event: each numbered one comes once, in order.
    Event(Box<Event>),
    /// A write is queued for good and may be shown; also told after a start for what is left from before.
    Echo {
        /// Its id; the message's id for what is said.
        client_id: ClientId,
        /// What it is.
        write: Write,
    },
    /// The desk has a write.
    Delivered {
        /// Which.
        client_id: ClientId,
    },
    /// The desk refused a write for good: the customer may retry or discard it.
    Wedged {
        /// Which.
        client_id: ClientId,
        /// Why, for a person.
        why: String,
    },
    /// A wedged write is on its way again.
    Unwedged {
        /// Which.
        client_id: ClientId,
    },
    /// A write was given up.
    Discarded {
        /// Which.
        client_id: ClientId,
    },
    /// Something that a person should read.
    Problem(Problem),
}

impl Update {
    /// Brings a conversation up to date with this news.
    pub fn apply_to(&self, conversation: &mut Conversation) -> Vec<Change> {
        match self {
            Self::Link(LinkState::Live | LinkState::Connecting) | Self::Problem(_) => Vec::new(),
            Self::Link(_) => conversation.interrupt_replies(),
            Self::Snapshot(snapshot) => conversation.refresh(snapshot),
            Self::Event(event) => conversation.apply(event).into_changes(),
            Self::Echo { client_id, write } => match write {
                Write::Say { text } => conversation.echo_text(client_id, text),
                Write::Submit(submission) => conversation.echo_submission(client_id, submission),
                Write::AskForHuman { reason } => conversation.echo_ask_for_human(client_id, reason),
                Write::Rate { rating, .. } => {
                    conversation.echo_rating(*rating);
                    Vec::new()
                }
            },
            Self::Delivered { client_id } => conversation.mark_delivered(client_id),
            Self::Wedged { client_id, why } => conversation.mark_failed(client_id, why),
            Self::Unwedged { client_id } => {
                conversation.mark_sending(client_id);
                Vec::new()
            }
            Self::Discarded { client_id } => conversation.discard(client_id),
        }
    }
}
