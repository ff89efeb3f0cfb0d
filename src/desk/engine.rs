//! What every call does, without HTTP: one write is one transaction, then everyone who waits is told.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{
    auth,
    clock::Clock,
    dialogue,
    draft::Draft,
    handoff,
    hub::Hub,
    knowledge::{Knowledge, length},
    refusal::Refusal,
    state::State,
    store::{Session, Store, Stored, Write},
};
use crate::protocol::{
    AgentMessage, Case, CaseStatus, Claim, Closing, Control, ConversationId, CreateConversation, Event, EventBody,
    EventId, FollowUp, HandoffReason, HandoffRequest, Message, MessageId, OutgoingMessage, Owner, QueueList, Role,
    ScheduleFollowUp, Snapshot, SnapshotMeta, WriteReceipt,
};

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A device, by its session.
    Device(String),
    /// A human agent.
    Operator,
}

/// Longest text in characters.
pub(crate) const MAX_TEXT: u32 = 2000;

/// The desk behind its door.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) store: Store,
    pub(crate) hub: Hub,
    pub(crate) clock: Arc<dyn Clock>,
    knowledge: Knowledge,
    session_life: SignedDuration,
    kept_events: u64,
}

impl Engine {
    pub(crate) fn new(
        store: Store,
        knowledge: Knowledge,
        clock: Arc<dyn Clock>,
        session_life: SignedDuration,
        kept_events: u64,
    ) -> Self {
        Self { store, hub: Hub::new(), clock, knowledge, session_life, kept_events }
    }

    /// Opens a session; the answer is the token, its end, and a conversation to go on with.
    pub(crate) async fn open_session(
        &self,
        device: &str,
    ) -> Result<(String, Timestamp, Option<ConversationId>), Refusal> {
        if device.trim().is_empty() {
            return Err(Refusal::new(422, "bad_device", "the device needs a name"));
        }
        let token = auth::new_secret()?;
        let now = self.clock.now();
        let expires_at = now.checked_add(self.session_life).unwrap_or(now);
        let mut write = self.store.write().await?;
        write.drop_sessions_before(now).await?;
        write.insert_session(&auth::hash(&token), &Session { device: device.to_owned(), expires_at }).await?;
        write.commit().await?;
        Ok((token, expires_at, self.store.open_conversation(device).await?))
    }

    /// The device that a token stands for.
    pub(crate) async fn device_of(&self, token: &str) -> Result<String, Refusal> {
        let session = self.store.session(&auth::hash(token)).await?;
        match session {
            Some(session) if session.expires_at > self.clock.now() => Ok(session.device),
            Some(_) => Err(Refusal::new(401, "token_expired", "the session has ended; open a new one")),
            None => Err(Refusal::new(401, "unauthorized", "the token is not known here")),
        }
    }

    /// Makes a conversation and greets.
    pub(crate) async fn create(
        &self,
        device: &str,
        id: &ConversationId,
        body: &CreateConversation,
    ) -> Result<WriteReceipt, Refusal> {
        check_id(id.as_str())?;
        let fingerprint = serde_json::to_string(body)?;
        let mut write = self.store.write().await?;
        if let Some(stored) = write.conversation(id).await? {
            if stored.device != device {
                return Err(Refusal::conflict("id_taken", "another device has a conversation of this id"));
            }
            return replay(&mut write, id, CREATE, &fingerprint).await?.ok_or_else(|| Refusal::not_found("write"));
        }
        let meta = SnapshotMeta {
            id: id.clone(),
            locale: body.locale.clone(),
            customer: body.customer.clone(),
            channel: body.channel.clone(),
        };
        let stored = Stored { device: device.to_owned(), state: State::new(meta) };
        write.insert_conversation(&stored).await?;
        let mut draft = self.draft(&mut write, stored.state).await?;
        draft.caused_by(id.as_str());
        dialogue::greet(&mut draft);
        let receipt = self.finish(write, draft, Some((CREATE.to_owned(), fingerprint, true))).await?;
        Ok(receipt)
    }

    /// The conversation as it stands.
    pub(crate) async fn snapshot(&self, caller: &Caller, id: &ConversationId) -> Result<Snapshot, Refusal> {
        let stored = self.store.conversation(id).await?.filter(|stored| may_open(caller, stored));
        Ok(stored.ok_or_else(|| Refusal::not_found("conversation"))?.state.snapshot())
    }

    /// The case of a conversation.
    pub(crate) async fn case(&self, id: &ConversationId) -> Result<Case, Refusal> {
        self.snapshot(&Caller::Operator, id).await?.case.ok_or_else(|| Refusal::not_found("case"))
    }

    /// Refuses conversations that are not the caller's.
    pub(crate) async fn check_access(&self, caller: &Caller, id: &ConversationId) -> Result<(), Refusal> {
        self.snapshot(caller, id).await.map(|_| ())
    }

    /// Events after a cursor, which must be one that the log still knows.
    pub(crate) async fn events(&self, id: &ConversationId, after: u64, limit: u32) -> Result<Vec<Event>, Refusal> {
        let (pruned, head) = self.store.cursors(id).await?;
        if after > head || after < pruned {
            return Err(Refusal::new(410, "cursor_gone", "this cursor is not in the log any more; take a snapshot"));
        }
        self.store.events(id, after, limit).await
    }

    /// The customer says something or fills in a card.
    pub(crate) async fn say(
        &self,
        caller: &Caller,
        id: &ConversationId,
        client_id: &str,
        body: &OutgoingMessage,
    ) -> Result<WriteReceipt, Refusal> {
        check_id(client_id)?;
        check_outgoing(body)?;
        let key = format!("message/{client_id}");
        let fingerprint = serde_json::to_string(body)?;
        let mut write = self.store.write().await?;
        let stored = self.open(&mut write, caller, id).await?;
        if let Some(receipt) = replay(&mut write, id, &key, &fingerprint).await? {
            return Ok(receipt);
        }
        let mut draft = self.draft(&mut write, stored.state).await?;
        draft.caused_by(client_id);
        let (text, submission) = match body {
            OutgoingMessage::Text { text } => (Some(text.clone()), None),
            OutgoingMessage::Submission(submission) => (None, Some(submission.clone())),
        };
        draft.push(EventBody::MessageCreated(Message {
            message_id: MessageId::from(client_id),
            role: Role::Customer,
            name: None,
            text,
            submission,
            acts: Vec::new(),
            at: Some(draft.now),
        }));
        if draft.state.closed {
            let reason = Some("customer".to_owned());
            draft.push(EventBody::ConversationReopened(Closing { reason }));
            draft.give_to(Owner::Bot);
        }
        match body {
            OutgoingMessage::Text { text } => dialogue::hear(&mut draft, text),
            OutgoingMessage::Submission(submission) => dialogue::take(&mut draft, submission),
        }
        self.finish(write, draft, Some((key, fingerprint, true))).await
    }

    /// The customer asks for a person; asking twice makes one ticket.
    pub(crate) async fn ask_for_person(
        &self,
        caller: &Caller,
        id: &ConversationId,
        client_id: &str,
        body: &HandoffRequest,
    ) -> Result<WriteReceipt, Refusal> {
        check_id(client_id)?;
        let key = format!("handoff/{client_id}");
        let fingerprint = serde_json::to_string(body)?;
        let mut write = self.store.write().await?;
        let stored = self.open(&mut write, caller, id).await?;
        if let Some(receipt) = replay(&mut write, id, &key, &fingerprint).await? {
            return Ok(receipt);
        }
        let mut draft = self.draft(&mut write, stored.state).await?;
        draft.caused_by(client_id);
        if draft.state.bot_in_control() {
            let lines = &self.knowledge.lines;
            let line = match &body.reason {
                HandoffReason::FuriousComplaint => &lines.furious_handoff,
                HandoffReason::Policy => &lines.policy_handoff,
                HandoffReason::LowConfidence | HandoffReason::ToolFailure => &lines.low_confidence_handoff,
                _ => &lines.user_handoff,
            };
            let lang = draft.state.lang();
            draft.hand_off(body.reason.clone(), line, lang);
        }
        self.finish(write, draft, Some((key, fingerprint, true))).await
    }

    /// The customer rates.
    pub(crate) async fn rate(
        &self,
        caller: &Caller,
        id: &ConversationId,
        client_id: &str,
        score: u8,
        comment: Option<&str>,
    ) -> Result<WriteReceipt, Refusal> {
        check_id(client_id)?;
        if !(1..=5).contains(&score) || comment.is_some_and(|comment| length(comment) > MAX_TEXT) {
            return Err(Refusal::new(422, "bad_rating", "a rating is 1 to 5, with a comment within the text limit"));
        }
        let key = format!("rating/{client_id}");
        let fingerprint = serde_json::to_string(&(score, comment))?;
        let mut write = self.store.write().await?;
        let stored = self.open(&mut write, caller, id).await?;
        if let Some(receipt) = replay(&mut write, id, &key, &fingerprint).await? {
            return Ok(receipt);
        }
        let mut draft = self.draft(&mut write, stored.state).await?;
        draft.state.rating = Some(score);
        self.finish(write, draft, Some((key, fingerprint, false))).await
    }

    /// Passes typing or presence on; nothing is stored.
    pub(crate) async fn pass_on(&self, caller: &Caller, id: &ConversationId, body: EventBody) -> Result<(), Refusal> {
        self.check_access(caller, id).await?;
        self.hub.pass_on(Event {
            v: 1,
            seq: None,
            id: EventId(uuid::Uuid::now_v7().to_string()),
            at: self.clock.now(),
            conversation_id: id.clone(),
            causation_id: None,
            body,
        });
        Ok(())
    }

    /// Tells follow-ups that have become due.
    pub(crate) async fn tell_due(&self) -> Result<(), Refusal> {
        for id in self.store.due(self.clock.now()).await? {
            let mut write = self.store.write().await?;
            let Some(stored) = write.conversation(&id).await? else { continue };
            let mut draft = self.draft(&mut write, stored.state).await?;
            for follow_up in write.due(&id, draft.now).await? {
                draft.push(EventBody::FollowUpDue(follow_up));
            }
            self.finish(write, draft, None).await?;
        }
        Ok(())
    }

    async fn open(&self, write: &mut Write<'_>, caller: &Caller, id: &ConversationId) -> Result<Stored, Refusal> {
        let stored = write.conversation(id).await?.filter(|stored| may_open(caller, stored));
        stored.ok_or_else(|| Refusal::not_found("conversation"))
    }

    async fn draft(&self, write: &mut Write<'_>, state: State) -> Result<Draft<'_>, Refusal> {
        let waiting = write.queue().await?.iter().map(|entry| entry.priority).collect();
        Ok(Draft::new(state, &self.knowledge, self.clock.now(), waiting))
    }

    /// Stores everything a write caused, then tells whoever waits.
    async fn finish(
        &self,
        mut write: Write<'_>,
        draft: Draft<'_>,
        accepted: Option<(String, String, bool)>,
    ) -> Result<WriteReceipt, Refusal> {
        let id = draft.state.meta.id.clone();
        // The first event is the write itself.
        let seq = draft.events.first().and_then(|event| event.seq);
        let queue_moves = draft.events.iter().any(|event| matches!(event.body, EventBody::ControlChanged(_)));
        write.append(&draft.events, &draft.state, self.kept_events).await?;
        if let Some(package) = &draft.package {
            write.enqueue(&id, handoff::priority(package), package).await?;
        }
        let mut receipt = WriteReceipt { replayed: false, seq: None };
        if let Some((key, fingerprint, has_seq)) = accepted {
            receipt.seq = seq.filter(|_| has_seq);
            write.accept(&id, &key, &fingerprint, receipt.seq).await?;
        }
        let moved = if queue_moves { self.move_up(&mut write, &id).await? } else { Vec::new() };
        write.commit().await?;
        self.hub.grown(&id);
        for other in moved {
            self.hub.grown(&other);
        }
        if queue_moves {
            self.hub.queue_changed();
        }
        Ok(receipt)
    }

    /// Tells the others in the queue their new places, where these changed.
    async fn move_up(&self, write: &mut Write<'_>, but: &ConversationId) -> Result<Vec<ConversationId>, Refusal> {
        let mut moved = Vec::new();
        for entry in write.queue().await? {
            if entry.conversation_id == *but {
                continue;
            }
            let Some(stored) = write.conversation(&entry.conversation_id).await? else { continue };
            let Owner::Queued { position, .. } = stored.state.control.owner else { continue };
            if position != entry.position {
                let lang = stored.state.lang();
                let mut draft = Draft::new(stored.state, &self.knowledge, self.clock.now(), Vec::new());
                draft.queue_up(entry.position, lang);
                write.append(&draft.events, &draft.state, self.kept_events).await?;
                moved.push(entry.conversation_id);
            }
        }
        Ok(moved)
    }
}

/// Calls of human agents.
impl Engine {
    /// Who waits, next first.
    pub(crate) async fn queue(&self) -> Result<QueueList, Refusal> {
        Ok(QueueList { entries: self.store.queue().await? })
    }

    /// Takes a waiting conversation over; claiming twice is claiming once.
    pub(crate) async fn claim(&self, id: &ConversationId, claim: &Claim) -> Result<Control, Refusal> {
        let mut write = self.store.write().await?;
        let stored = self.open(&mut write, &Caller::Operator, id).await?;
        match &stored.state.control.owner {
            Owner::Queued { .. } => {}
            Owner::Human { agent_id, .. } if *agent_id == claim.agent_id => return Ok(stored.state.control),
            Owner::Human { name, .. } => {
                return Err(Refusal::conflict("already_claimed", format!("{name} has taken this conversation over")));
            }
            _ => return Err(Refusal::conflict("not_queued", "this conversation does not wait for a person")),
        }
        let mut draft = self.draft(&mut write, stored.state).await?;
        draft.caused_by(claim.agent_id.as_str());
        if let Some(handoff) = draft.state.handoff.clone() {
            draft.push(EventBody::HandoffAccepted(handoff));
        }
        draft.give_to(Owner::Human { agent_id: claim.agent_id.clone(), name: claim.name.clone() });
        draft.dismiss(super::cards::QUEUE);
        let control = draft.state.control.clone();
        self.finish(write, draft, None).await?;
        Ok(control)
    }

    /// A person says something.
    pub(crate) async fn agent_say(
        &self,
        id: &ConversationId,
        client_id: &str,
        body: &AgentMessage,
    ) -> Result<WriteReceipt, Refusal> {
        check_id(client_id)?;
        check_text(&body.text)?;
        let end = length(&body.text);
        let spans = body.acts.iter().filter_map(|act| act.at.as_ref()).map(|at| at.span);
        if let Some([from, to]) = spans.into_iter().find(|[from, to]| from > to || *to > end) {
            let detail = format!("the span {from}..{to} is not within a text of {end} characters");
            return Err(Refusal::new(422, "bad_span", detail));
        }
        let key = format!("agent/{client_id}");
        let fingerprint = serde_json::to_string(body)?;
        let mut write = self.store.write().await?;
        let stored = self.open(&mut write, &Caller::Operator, id).await?;
        if let Some(receipt) = replay(&mut write, id, &key, &fingerprint).await? {
            return Ok(receipt);
        }
        let name = check_epoch(&stored.state.control, body.epoch)?;
        let mut draft = self.draft(&mut write, stored.state).await?;
        draft.caused_by(client_id);
        draft.push(EventBody::MessageCompleted(Message {
            message_id: MessageId::from(client_id),
            role: Role::Human,
            name: Some(name),
            text: Some(body.text.clone()),
            submission: None,
            acts: body.acts.clone(),
            at: Some(draft.now),
        }));
        if !body.cards.is_empty() {
            draft.show(body.cards.clone());
        }
        self.finish(write, draft, Some((key, fingerprint, true))).await
    }

    /// A person gives the conversation back to the assistant, or ends it as solved.
    pub(crate) async fn give_back(&self, id: &ConversationId, epoch: u64, solved: bool) -> Result<Control, Refusal> {
        let mut write = self.store.write().await?;
        let stored = self.open(&mut write, &Caller::Operator, id).await?;
        check_epoch(&stored.state.control, epoch)?;
        let mut draft = self.draft(&mut write, stored.state).await?;
        if let Some(case) = draft.state.case.clone().filter(|case| solved && case.status != CaseStatus::Resolved) {
            draft.push(EventBody::CaseUpdated(Case { status: CaseStatus::Resolved, ..case }));
        }
        if let Some(handoff) = draft.state.handoff.clone() {
            draft.push(EventBody::HandoffEnded(handoff));
        }
        draft.give_to(if solved { Owner::Closed } else { Owner::Bot });
        if solved {
            draft.push(EventBody::ConversationClosed(Closing { reason: Some("resolved".to_owned()) }));
        }
        let control = draft.state.control.clone();
        self.finish(write, draft, None).await?;
        Ok(control)
    }

    /// Writes the case down.
    pub(crate) async fn put_case(&self, id: &ConversationId, case: &Case) -> Result<WriteReceipt, Refusal> {
        let mut write = self.store.write().await?;
        let stored = self.open(&mut write, &Caller::Operator, id).await?;
        if stored.state.case.as_ref() == Some(case) {
            return Ok(WriteReceipt { replayed: true, seq: None });
        }
        let mut draft = self.draft(&mut write, stored.state).await?;
        draft.push(EventBody::CaseUpdated(case.clone()));
        let seq = draft.state.head;
        self.finish(write, draft, None).await?;
        Ok(WriteReceipt { replayed: false, seq: Some(seq) })
    }

    /// Promises something for later.
    pub(crate) async fn schedule(&self, id: &ConversationId, wanted: &ScheduleFollowUp) -> Result<FollowUp, Refusal> {
        check_text(&wanted.purpose)?;
        let mut write = self.store.write().await?;
        let stored = self.open(&mut write, &Caller::Operator, id).await?;
        let mut draft = self.draft(&mut write, stored.state).await?;
        let follow_up = draft.follow_up(wanted.due_at, &wanted.purpose, &wanted.channel);
        draft.state.dialogue.promises.push(format!("{} by {}", wanted.purpose, wanted.due_at));
        self.finish(write, draft, None).await?;
        Ok(follow_up)
    }
}

const CREATE: &str = "create";

fn may_open(caller: &Caller, stored: &Stored) -> bool {
    match caller {
        Caller::Operator => true,
        Caller::Device(device) => stored.device == *device,
    }
}

/// The receipt of a write that was accepted before; refused where the body differs.
async fn replay(
    write: &mut Write<'_>,
    id: &ConversationId,
    key: &str,
    fingerprint: &str,
) -> Result<Option<WriteReceipt>, Refusal> {
    let Some(accepted) = write.accepted(id, key).await? else { return Ok(None) };
    // Compared as values: the order of keys says nothing.
    let (before, now): (Value, Value) = (serde_json::from_str(&accepted.body)?, serde_json::from_str(fingerprint)?);
    if before != now {
        return Err(Refusal::conflict("id_reused", "this id was used with another body"));
    }
    Ok(Some(WriteReceipt { replayed: true, seq: accepted.seq }))
}

/// The name of the person in control, if the epoch is the present one.
fn check_epoch(control: &Control, epoch: u64) -> Result<String, Refusal> {
    if control.epoch != epoch {
        let detail = format!("epoch {epoch} is over, now it is {}", control.epoch);
        return Err(Refusal::conflict("stale_epoch", detail));
    }
    match &control.owner {
        Owner::Human { name, .. } => Ok(name.clone()),
        _ => Err(Refusal::conflict("not_in_control", "no person is in control of this conversation")),
    }
}

fn check_id(id: &str) -> Result<(), Refusal> {
    let sound = (1..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let refusal = || Refusal::new(422, "bad_id", "an id is 1 to 64 of a-z, A-Z, 0-9, `-`, `_` and `.`");
    sound.then_some(()).ok_or_else(refusal)
}

fn check_text(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(422, "empty_text", "there are no words in it"));
    }
    if length(text) > MAX_TEXT {
        return Err(Refusal::new(422, "text_too_long", format!("at most {MAX_TEXT} characters at a time")));
    }
    Ok(())
}

fn check_outgoing(body: &OutgoingMessage) -> Result<(), Refusal> {
    match body {
        OutgoingMessage::Text { text } => check_text(text),
        OutgoingMessage::Submission(submission) => {
            if serde_json::to_string(submission).map_or(true, |text| length(&text) > MAX_TEXT) {
                return Err(Refusal::new(422, "text_too_long", format!("at most {MAX_TEXT} characters in a form")));
            }
            Ok(())
        }
    }
}
