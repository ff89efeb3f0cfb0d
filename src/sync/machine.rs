//! The sync machine: inputs and a time in, actions out. No clock, no I/O, no chance but the seed.
//!
//! The way to the desk is not a chain of states but a question asked again after every step: what is
//! missing first? A token, then a conversation, then a snapshot, then the stream (`link`). Losing one of
//! them (401, 404, 410) means forgetting it and asking again. `follow` turns the stream, or long polls
//! where no stream holds, into events that come once and in order; `drain` delivers the outbox.

mod drain;
mod follow;
mod link;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, time::Duration};

use super::{
    call::{Command, LinkState, Request, RequestId, StreamEnd, StreamId, Token, Update},
    outbox::{Outbox, OutboxItem, Write},
    retry::{Backoff, Failure, Outcome},
    sse::SseItem,
    store::{Record, Saved},
};
use crate::{
    problem::Problem,
    protocol::{ClientId, ConversationId, CreateConversation, CustomerRef, Event, HandoffReason, Limits, SessionGrant},
};

/// What the machine is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Begin.
    Started,
    /// A timer ran out.
    Timer(TimerId),
    /// A call is over.
    HttpCompleted {
        /// Which.
        request_id: RequestId,
        /// What came of it.
        outcome: Outcome,
    },
    /// The desk accepted a stream.
    StreamOpened(StreamId),
    /// A stream said something.
    StreamItem(StreamId, SseItem),
    /// A stream is over.
    StreamEnded(StreamId, StreamEnd),
    /// The customer or the program wants something; `client_id` names it if it is a write.
    Command {
        /// A fresh id.
        client_id: ClientId,
        /// What is wanted.
        command: Command,
    },
    /// End: the program closes.
    Shutdown,
}

/// What the machine wants done, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Make a call.
    Call {
        /// Names it.
        request_id: RequestId,
        /// What.
        request: Request,
        /// The session's token; none for opening a session, which takes the device key.
        token: Option<Token>,
    },
    /// Open the event stream.
    OpenStream {
        /// Names it.
        stream: StreamId,
        /// Of which conversation.
        id: ConversationId,
        /// After this event.
        after: u64,
        /// The session's token.
        token: Token,
    },
    /// Close a stream, whether it is open or not yet.
    CloseStream(StreamId),
    /// Wake the machine after a time; replaces the timer of the same name.
    SetTimer(TimerId, Duration),
    /// Keep a change, before anything that follows is done.
    Persist(Record),
    /// Tell the program.
    Emit(Update),
    /// Nothing more will come.
    Stop,
}

/// The machine's timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimerId {
    /// The next try to connect, or the next poll.
    Connect,
    /// Whether the stream is still alive.
    Watchdog,
    /// The next try of a write.
    Write,
}

/// Who connects.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// The device's own name.
    pub device: String,
    /// BCP 47 tag of the customer's language.
    pub locale: String,
    /// Who the customer is.
    pub customer: CustomerRef,
    /// Where the conversation happens: `desktop`, `vr`, `demo`.
    pub channel: String,
}

/// Makes ids for new conversations.
pub type IdSource = Box<dyn FnMut() -> String + Send>;

/// What a desk allows where it has not said so yet.
const DEFAULT_LIMITS: Limits = Limits { max_body: 65_536, max_text: 4_000, heartbeat_secs: 15, longpoll_secs: 25 };

/// The machine of one desk.
pub struct Machine {
    identity: Identity,
    ids: IdSource,
    backoff: Backoff,
    now: Duration,
    actions: Vec<Action>,
    next_id: u64,
    stopped: bool,

    // What there is of the way to the desk.
    session: Option<SessionGrant>,
    conversation: Option<(ConversationId, bool)>,
    snapshot_taken: bool,
    cursor: u64,

    // The step under way.
    link: LinkState,
    call: Option<(RequestId, link::Step)>,
    /// No step before this time.
    connect_at: Option<Duration>,
    attempt: u32,
    /// The session was opened anew and nothing has been accepted with it yet: a second refusal is final.
    session_untried: bool,

    // The stream.
    stream: Option<follow::Stream>,
    stream_failures: u32,
    polls: u32,
    poll_started: Duration,
    server_retry: Option<Duration>,
    fetch: Option<RequestId>,
    held: BTreeMap<u64, Event>,

    // The outbox.
    outbox: Outbox,
    write: Option<(RequestId, ClientId)>,
    write_at: Option<Duration>,
    /// The desk asked for the wait, so that a live link is no reason to cut it short.
    write_wait_is_asked: bool,
    write_attempt: u32,
    /// A write whose refusal may have meant the token or the conversation: a second one means the write.
    doubted: Option<ClientId>,
    typed_at: Option<Duration>,
}

impl Machine {
    /// A machine that goes on from what was kept. `seed` decides the jitter of waits.
    #[must_use]
    pub fn new(identity: Identity, saved: Saved, seed: u64, ids: IdSource) -> Self {
        Self {
            identity,
            ids,
            backoff: Backoff::new(seed),
            now: Duration::ZERO,
            actions: Vec::new(),
            next_id: 0,
            stopped: false,
            session: saved.session,
            conversation: saved.conversation,
            snapshot_taken: false,
            cursor: saved.cursor,
            link: LinkState::Connecting,
            call: None,
            connect_at: None,
            attempt: 0,
            session_untried: false,
            stream: None,
            stream_failures: 0,
            polls: 0,
            poll_started: Duration::ZERO,
            server_retry: None,
            fetch: None,
            held: BTreeMap::new(),
            outbox: saved.outbox,
            write: None,
            write_at: None,
            write_wait_is_asked: false,
            write_attempt: 0,
            doubted: None,
            typed_at: None,
        }
    }

    /// Takes an input at a time on a clock that never goes back; gives what is to be done, in order.
    pub fn process(&mut self, input: Input, now: Duration) -> Vec<Action> {
        self.now = self.now.max(now);
        if self.stopped {
            return Vec::new();
        }
        match input {
            Input::Started => self.started(),
            Input::Timer(timer) => self.timer(timer),
            Input::HttpCompleted { request_id, outcome } => self.completed(request_id, &outcome),
            Input::StreamOpened(stream) => self.stream_opened(stream),
            Input::StreamItem(stream, item) => self.stream_item(stream, item),
            Input::StreamEnded(stream, end) => self.stream_ended(stream, end),
            Input::Command { client_id, command } => self.command(client_id, command),
            Input::Shutdown => self.shut_down(),
        }
        if !self.stopped {
            self.advance();
            self.pump();
        }
        std::mem::take(&mut self.actions)
    }

    /// How the link stands.
    #[must_use]
    pub fn link(&self) -> &LinkState {
        &self.link
    }

    /// What has not been delivered.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    fn started(&mut self) {
        self.emit(Update::Link(LinkState::Connecting));
        let items: Vec<OutboxItem> = self.outbox.iter().cloned().collect();
        for OutboxItem { client_id, write, wedged } in items {
            self.emit(Update::Echo { client_id: client_id.clone(), write });
            if let Some(why) = wedged {
                self.emit(Update::Wedged { client_id, why });
            }
        }
    }

    fn timer(&mut self, timer: TimerId) {
        match timer {
            TimerId::Connect if self.connect_at.is_some_and(|at| at <= self.now) => self.connect_at = None,
            TimerId::Write if self.write_at.is_some_and(|at| at <= self.now) => self.write_at = None,
            TimerId::Watchdog => self.watch(),
            TimerId::Connect | TimerId::Write => {}
        }
    }

    fn completed(&mut self, request_id: RequestId, outcome: &Outcome) {
        if self.fetch == Some(request_id) {
            self.fetch = None;
            self.fetched(outcome);
        } else if let Some((_, step)) = self.call.take_if(|(id, _)| *id == request_id) {
            self.step_completed(step, outcome);
        } else if let Some((_, client_id)) = self.write.take_if(|(id, _)| *id == request_id) {
            self.write_completed(&client_id, outcome);
        }
    }

    fn command(&mut self, client_id: ClientId, command: Command) {
        match command {
            Command::Say { text } => self.queue(client_id, Write::Say { text }),
            Command::Submit(submission) => self.queue(client_id, Write::Submit(submission)),
            Command::AskForHuman => self.queue(client_id, Write::AskForHuman { reason: HandoffReason::UserRequest }),
            Command::Rate { rating, comment } => {
                self.queue(client_id, Write::Rate { rating: rating.clamp(1, 5), comment });
            }
            Command::Typing => self.typing(),
            Command::Retry { client_id } => self.retry(&client_id),
            Command::Discard { client_id } => self.discard(&client_id),
            Command::Reconnect => self.reconnect(),
            Command::Close => self.shut_down(),
        }
    }

    fn shut_down(&mut self) {
        self.close_stream();
        if self.cursor > 0 {
            self.act(Action::Persist(Record::Cursor(self.cursor)));
        }
        self.act(Action::Stop);
        self.stopped = true;
    }

    fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    fn emit(&mut self, update: Update) {
        self.actions.push(Action::Emit(update));
    }

    fn problem(&mut self, what: &str, why: &str, mend: &str) {
        self.emit(Update::Problem(Problem::new(what, "service desk", why, mend)));
    }

    fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn ask(&mut self, request: Request) -> RequestId {
        let request_id = RequestId(self.fresh_id());
        let token = match &request {
            Request::OpenSession(_) => None,
            _ => self.token(),
        };
        self.act(Action::Call { request_id, request, token });
        request_id
    }

    fn token(&self) -> Option<Token> {
        self.session.as_ref().map(|session| Token(session.token.clone()))
    }

    fn limits(&self) -> Limits {
        self.session.as_ref().map_or(DEFAULT_LIMITS, |session| session.limits)
    }

    /// The conversation, once the desk has it and a token opens it.
    fn open_conversation(&self) -> Option<ConversationId> {
        let (id, created) = self.conversation.as_ref()?;
        (self.session.is_some() && *created).then(|| id.clone())
    }

    fn create_body(&self) -> CreateConversation {
        let Identity { device, locale, customer, channel } = self.identity.clone();
        CreateConversation { locale, customer, channel, device }
    }

    /// The token is not accepted: forgets it and everything that was under way with it.
    fn unauthorized(&mut self, failure: &Failure) {
        self.drop_link();
        self.session = None;
        self.act(Action::Persist(Record::SessionGone));
        if std::mem::take(&mut self.session_untried) {
            return self.sign_out(&failure.why);
        }
        // At once the first time; a desk that refuses again and again is not asked in a circle.
        if self.attempt > 0 {
            let wait = self.backoff.wait(self.attempt);
            self.wait(wait);
        }
        self.attempt = self.attempt.saturating_add(1);
    }

    /// The desk does not know the conversation: forgets it; a new one is started and takes the outbox over.
    fn conversation_lost(&mut self) {
        self.drop_link();
        if self.conversation.take().is_some() {
            self.act(Action::Persist(Record::ConversationGone));
            self.problem(
                "cannot go on with the conversation",
                "the desk does not know it any more",
                "a new one is started; unsent messages go there",
            );
        }
    }
}
