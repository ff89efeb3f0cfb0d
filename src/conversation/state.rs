//! The state of a conversation and its reducer.

use super::{Applied, Change, EntryState, Transcript, transcript::Settled};
use crate::protocol::{
    Benefit, CardId, CardPayload, Case, ClientId, Control, ConversationId, CustomerRef, Event, EventBody, FollowUp,
    FollowUpStatus, Handoff, HandoffReason, Message, MessageId, Owner, Role, Snapshot, Submission, Triage,
};

/// How far the way to a person has come.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Escalation {
    /// Nobody asked.
    #[default]
    None,
    /// The customer asked; the desk has not confirmed it, so nothing may be promised yet.
    Asked {
        /// The write that asks.
        client_id: ClientId,
        /// Why it was asked.
        reason: HandoffReason,
    },
    /// The customer asked and the desk refused.
    Failed {
        /// The write that asked.
        client_id: ClientId,
        /// Why it was refused, for a person.
        why: String,
    },
    /// The operators have the package.
    Requested(Handoff),
    /// A person took over.
    Accepted(Handoff),
    /// The person is done.
    Ended(Handoff),
}

/// A follow-up with where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowUpEntry {
    /// What was promised.
    pub follow_up: FollowUp,
    /// Where it stands.
    pub status: FollowUpStatus,
}

/// Events that were set aside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Of a type that this build does not know.
    pub unknown: u64,
    /// Of a known type with data of the wrong shape.
    pub malformed: u64,
}

/// A conversation as it stands at [`cursor`](Self::cursor).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conversation {
    id: Option<ConversationId>,
    locale: String,
    customer: CustomerRef,
    cursor: u64,
    transcript: Transcript,
    triage: Option<Triage>,
    control: Control,
    escalation: Escalation,
    cards: Vec<CardPayload>,
    case: Option<Case>,
    follow_ups: Vec<FollowUpEntry>,
    benefits: Vec<Benefit>,
    rating: Option<u8>,
    closed: bool,
    skipped: Skipped,
}

impl Conversation {
    /// An empty conversation that the desk has not heard of: it takes echoes and waits for a snapshot.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The conversation of a snapshot.
    #[must_use]
    pub fn from_snapshot(snapshot: &Snapshot) -> Self {
        let mut conversation = Self::default();
        conversation.refresh(snapshot);
        conversation
    }

    /// Its id, once the desk has it.
    #[must_use]
    pub fn id(&self) -> Option<&ConversationId> {
        self.id.as_ref()
    }

    /// BCP 47 tag of the customer's language; empty before the first snapshot.
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// Who the customer is.
    #[must_use]
    pub fn customer(&self) -> &CustomerRef {
        &self.customer
    }

    /// The number of the last event that is part of this state.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// What was said.
    #[must_use]
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// The desk's last reading of the customer.
    #[must_use]
    pub fn triage(&self) -> Option<&Triage> {
        self.triage.as_ref()
    }

    /// Who answers.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.control.owner
    }

    /// Who answers, with the epoch.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// How far the way to a person has come.
    #[must_use]
    pub fn escalation(&self) -> &Escalation {
        &self.escalation
    }

    /// The cards that are shown, oldest first.
    #[must_use]
    pub fn cards(&self) -> &[CardPayload] {
        &self.cards
    }

    /// The card with this id, if it is shown.
    #[must_use]
    pub fn card(&self, id: &CardId) -> Option<&CardPayload> {
        self.cards.iter().find(|card| card.card_id == *id)
    }

    /// The complaint case.
    #[must_use]
    pub fn case(&self) -> Option<&Case> {
        self.case.as_ref()
    }

    /// Promised follow-ups in the order in which they were promised.
    #[must_use]
    pub fn follow_ups(&self) -> &[FollowUpEntry] {
        &self.follow_ups
    }

    /// Good will granted since this program joined; a snapshot does not tell of earlier ones.
    #[must_use]
    pub fn benefits(&self) -> &[Benefit] {
        &self.benefits
    }

    /// The customer's rating, 1..=5.
    #[must_use]
    pub fn rating(&self) -> Option<u8> {
        self.rating
    }

    /// Whether the conversation is over.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// How many events were set aside.
    #[must_use]
    pub fn skipped(&self) -> Skipped {
        self.skipped
    }

    /// Swaps in a snapshot. What the customer wrote and the desk does not have yet stays.
    pub fn refresh(&mut self, snapshot: &Snapshot) -> Vec<Change> {
        let meta = &snapshot.conversation;
        let same = self.id.as_ref() == Some(&meta.id);
        let history_may_have_a_gap = self.transcript.refresh(&snapshot.messages, same);
        if !same {
            // A wish that the desk has not confirmed yet belongs to the customer, not to the old conversation.
            if !matches!(self.escalation, Escalation::Asked { .. }) {
                self.escalation = Escalation::None;
            }
            self.benefits.clear();
        }
        let statuses = std::mem::take(&mut self.follow_ups);
        self.follow_ups = snapshot.follow_ups.iter().map(|follow_up| follow_up_entry(follow_up, &statuses)).collect();
        self.id = Some(meta.id.clone());
        self.locale.clone_from(&meta.locale);
        self.customer = meta.customer.clone();
        self.cursor = snapshot.cursor;
        self.triage.clone_from(&snapshot.triage);
        self.control = snapshot.control.clone();
        self.cards.clone_from(&snapshot.cards);
        self.case.clone_from(&snapshot.case);
        self.rating = snapshot.rating;
        self.closed = self.control.owner == Owner::Closed;
        vec![Change::Refreshed { history_may_have_a_gap }]
    }

    /// Offers an event. A numbered one is applied only where it is next in line.
    pub fn apply(&mut self, event: &Event) -> Applied {
        if self.id.as_ref().is_some_and(|id| *id != event.conversation_id) {
            return Applied::Foreign;
        }
        if let Some(seq) = event.seq {
            if seq <= self.cursor {
                return Applied::Duplicate;
            }
            let expected = self.cursor + 1;
            if seq != expected {
                return Applied::Gap { expected, got: seq };
            }
            self.cursor = seq;
        }
        self.id.get_or_insert_with(|| event.conversation_id.clone());
        Applied::Changed(self.reduce(event))
    }

    fn reduce(&mut self, event: &Event) -> Vec<Change> {
        match &event.body {
            EventBody::MessageCreated(message) => self.created(dated(message, event)),
            EventBody::MessageStarted(started) => {
                let (message_id, role) = (started.message_id.clone(), started.role.clone());
                one(self.transcript.start(&message_id, role.clone()), || Change::ReplyStarted { message_id, role })
            }
            EventBody::MessageDelta(delta) => {
                // The assistant's words are of no interest once a person answers.
                let stale = matches!(self.control.owner, Owner::Human { .. })
                    && self.transcript.speaker(&delta.message_id) == Some(&Role::Bot);
                if stale {
                    return Vec::new();
                }
                let grown = self.transcript.grow(&delta.message_id, delta.idx, &delta.text);
                grown.map(|text| Change::ReplyGrew { message_id: delta.message_id.clone(), text }).into_iter().collect()
            }
            EventBody::MessageCompleted(message) => self.completed(dated(message, event)),
            EventBody::TriageUpdated(triage) => {
                let from = self.triage.replace(triage.clone());
                vec![Change::TriageUpdated { from, to: triage.clone() }]
            }
            EventBody::ActRequested(act) => vec![Change::ActRequested { act: act.clone() }],
            EventBody::CardShown(card) => self.show_card(card),
            EventBody::CardUpdated(card) => self.update_card(card),
            EventBody::CardDismissed(dismissed) => {
                let before = self.cards.len();
                self.cards.retain(|card| card.card_id != dismissed.card_id);
                let card_id = dismissed.card_id.clone();
                one(self.cards.len() < before, || Change::CardDismissed { card_id })
            }
            EventBody::ControlChanged(control) => self.change_control(control),
            EventBody::HandoffRequested(handoff) => {
                self.escalation = Escalation::Requested(handoff.clone());
                vec![Change::HandoffRequested { handoff: handoff.clone() }]
            }
            EventBody::HandoffAccepted(handoff) => {
                self.escalation = Escalation::Accepted(handoff.clone());
                vec![Change::HandoffAccepted { handoff: handoff.clone() }]
            }
            EventBody::HandoffEnded(handoff) => {
                self.escalation = Escalation::Ended(handoff.clone());
                vec![Change::HandoffEnded { handoff: handoff.clone() }]
            }
            EventBody::CaseUpdated(case) => {
                self.case = Some(case.clone());
                vec![Change::CaseUpdated { case: Box::new(case.clone()) }]
            }
            EventBody::FollowUpScheduled(follow_up) => self.follow_up(follow_up, FollowUpStatus::Scheduled),
            EventBody::FollowUpDue(follow_up) => self.follow_up(follow_up, FollowUpStatus::Due),
            EventBody::FollowUpDone(follow_up) => self.follow_up(follow_up, FollowUpStatus::Done),
            EventBody::FollowUpCanceled(follow_up) => self.follow_up(follow_up, FollowUpStatus::Canceled),
            EventBody::BenefitGranted(benefit) => {
                self.benefits.push(benefit.clone());
                vec![Change::BenefitGranted { benefit: benefit.clone() }]
            }
            EventBody::ConversationClosed(closing) => {
                self.closed = true;
                vec![Change::ConversationClosed { reason: closing.reason.clone() }]
            }
            EventBody::ConversationReopened(closing) => {
                self.closed = false;
                vec![Change::ConversationReopened { reason: closing.reason.clone() }]
            }
            EventBody::Typing(typing) => {
                one(typing.role != Role::Customer, || Change::TypingSeen { role: typing.role.clone() })
            }
            EventBody::Presence(_) => Vec::new(),
            EventBody::Unknown { kind, .. } => {
                self.skipped.unknown += 1;
                vec![Change::EventSkipped { kind: kind.clone(), error: None }]
            }
            EventBody::Malformed { kind, error, .. } => {
                self.skipped.malformed += 1;
                vec![Change::EventSkipped { kind: kind.clone(), error: Some(error.clone()) }]
            }
        }
    }

    fn created(&mut self, message: Message) -> Vec<Change> {
        let message_id = message.message_id.clone();
        match self.transcript.settle(message.clone()) {
            Settled::Appended => vec![Change::TranscriptAppended { message }],
            Settled::Confirmed => vec![Change::MessageConfirmed { message_id }],
            Settled::Revised => vec![Change::TranscriptRevised { message_id }],
            Settled::Unchanged => Vec::new(),
        }
    }

    fn completed(&mut self, message: Message) -> Vec<Change> {
        match self.transcript.settle(message.clone()) {
            Settled::Appended | Settled::Confirmed => vec![Change::ReplyCompleted { message }],
            Settled::Revised => vec![Change::TranscriptRevised { message_id: message.message_id }],
            Settled::Unchanged => Vec::new(),
        }
    }

    fn show_card(&mut self, card: &CardPayload) -> Vec<Change> {
        let card_id = card.card_id.clone();
        if let Some(shown) = self.cards.iter_mut().find(|shown| shown.card_id == card_id) {
            *shown = card.clone();
            return vec![Change::CardUpdated { card_id }];
        }
        self.cards.push(card.clone());
        vec![Change::CardShown { card_id }]
    }

    fn update_card(&mut self, card: &CardPayload) -> Vec<Change> {
        // An update of a card that is not shown must not bring it up: it may have been dismissed on purpose.
        let Some(shown) = self.cards.iter_mut().find(|shown| shown.card_id == card.card_id) else {
            return Vec::new();
        };
        *shown = card.clone();
        vec![Change::CardUpdated { card_id: card.card_id.clone() }]
    }

    fn change_control(&mut self, control: &Control) -> Vec<Change> {
        if control.epoch <= self.control.epoch {
            return Vec::new();
        }
        let from = std::mem::replace(&mut self.control, control.clone()).owner;
        self.closed = control.owner == Owner::Closed;
        let mut changes = vec![Change::ControlChanged { from, to: control.owner.clone() }];
        if matches!(control.owner, Owner::Human { .. }) {
            changes.extend(interruptions(self.transcript.interrupt(Some(&Role::Bot))));
        }
        changes
    }

    fn follow_up(&mut self, follow_up: &FollowUp, status: FollowUpStatus) -> Vec<Change> {
        let entry = FollowUpEntry { follow_up: follow_up.clone(), status: status.clone() };
        match self.follow_ups.iter_mut().find(|known| known.follow_up.follow_up_id == follow_up.follow_up_id) {
            Some(known) => *known = entry,
            None => self.follow_ups.push(entry),
        }
        vec![Change::FollowUpChanged { follow_up: follow_up.clone(), status }]
    }

    /// Shows words of the customer before the desk has them.
    pub fn echo_text(&mut self, client_id: &ClientId, text: &str) -> Vec<Change> {
        self.echo(local(client_id, Some(text.to_owned()), None))
    }

    /// Shows a filled-in card before the desk has it.
    pub fn echo_submission(&mut self, client_id: &ClientId, submission: &Submission) -> Vec<Change> {
        self.echo(local(client_id, None, Some(submission.clone())))
    }

    fn echo(&mut self, message: Message) -> Vec<Change> {
        one(self.transcript.echo(message.clone()), || Change::TranscriptAppended { message })
    }

    /// Notes that the customer asked for a person and the desk has not confirmed it.
    pub fn echo_ask_for_human(&mut self, client_id: &ClientId, reason: &HandoffReason) -> Vec<Change> {
        if matches!(self.escalation, Escalation::Requested(_) | Escalation::Accepted(_)) {
            return Vec::new();
        }
        self.escalation = Escalation::Asked { client_id: client_id.clone(), reason: reason.clone() };
        vec![Change::HumanAsked { client_id: client_id.clone() }]
    }

    /// Notes the customer's rating, 1..=5.
    pub fn echo_rating(&mut self, rating: u8) {
        self.rating = Some(rating.clamp(1, 5));
    }

    /// Notes that the desk has a local write.
    pub fn mark_delivered(&mut self, client_id: &ClientId) -> Vec<Change> {
        let message_id = MessageId(client_id.0.clone());
        one(self.transcript.set_echo(&message_id, EntryState::Sent), || Change::MessageDelivered { message_id })
    }

    /// Notes that a refused write is on its way again.
    pub fn mark_sending(&mut self, client_id: &ClientId) {
        self.transcript.set_echo(&MessageId(client_id.0.clone()), EntryState::Sending);
    }

    /// Notes that the desk refused a local write for good.
    pub fn mark_failed(&mut self, client_id: &ClientId, why: &str) -> Vec<Change> {
        let (client_id, why) = (client_id.clone(), why.to_owned());
        if matches!(&self.escalation, Escalation::Asked { client_id: asked, .. } if *asked == client_id) {
            self.escalation = Escalation::Failed { client_id: client_id.clone(), why: why.clone() };
            return vec![Change::HumanAskFailed { client_id, why }];
        }
        let message_id = MessageId(client_id.0);
        let failed = EntryState::Failed { why: why.clone() };
        one(self.transcript.set_echo(&message_id, failed), || Change::MessageFailed { message_id, why })
    }

    /// Takes out a local write that the customer no longer wants.
    pub fn discard(&mut self, client_id: &ClientId) -> Vec<Change> {
        if matches!(&self.escalation, Escalation::Failed { client_id: failed, .. } if failed == client_id) {
            self.escalation = Escalation::None;
        }
        let message_id = MessageId(client_id.0.clone());
        one(self.transcript.discard(&message_id), || Change::MessageDiscarded { message_id })
    }

    /// Marks growing replies as interrupted: the link broke. Their ends replace them when it is back.
    pub fn interrupt_replies(&mut self) -> Vec<Change> {
        interruptions(self.transcript.interrupt(None)).collect()
    }
}

fn one(happened: bool, change: impl FnOnce() -> Change) -> Vec<Change> {
    if happened { vec![change()] } else { Vec::new() }
}

fn interruptions(ids: Vec<MessageId>) -> impl Iterator<Item = Change> {
    ids.into_iter().map(|message_id| Change::ReplyInterrupted { message_id })
}

/// The message with the time of its event where it has none of its own.
fn dated(message: &Message, event: &Event) -> Message {
    let mut message = message.clone();
    message.at.get_or_insert(event.at);
    message
}

fn local(client_id: &ClientId, text: Option<String>, submission: Option<Submission>) -> Message {
    let message_id = MessageId(client_id.0.clone());
    Message { message_id, role: Role::Customer, name: None, text, submission, acts: Vec::new(), at: None }
}

/// A snapshot does not say where a follow-up stands: keep what is known, else read it off the outcome.
fn follow_up_entry(follow_up: &FollowUp, known: &[FollowUpEntry]) -> FollowUpEntry {
    let before = known.iter().find(|entry| entry.follow_up.follow_up_id == follow_up.follow_up_id);
    let status = match before {
        Some(entry) if entry.follow_up == *follow_up => entry.status.clone(),
        _ if follow_up.outcome.is_some() => FollowUpStatus::Done,
        _ => FollowUpStatus::Scheduled,
    };
    FollowUpEntry { follow_up: follow_up.clone(), status }
}
