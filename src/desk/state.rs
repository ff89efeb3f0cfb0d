//! A conversation as it stands: folded from its events, plus where the assistant's dialogue is.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::language::Lang;
use crate::protocol::{
    Benefit, CardPayload, Case, Control, EventBody, FollowUp, Handoff, Message, Owner, Snapshot, SnapshotMeta, Triage,
};

/// Messages kept at hand for snapshots and packages; the log keeps all.
const KEPT_MESSAGES: usize = 50;
/// Triage readings kept for a package.
const KEPT_TRIAGE: usize = 100;

/// The projection that is stored with the log, in the same transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) meta: SnapshotMeta,
    pub(crate) head: u64,
    pub(crate) control: Control,
    pub(crate) messages: VecDeque<Message>,
    pub(crate) triage: Option<Triage>,
    pub(crate) triage_history: VecDeque<Triage>,
    pub(crate) cards: Vec<CardPayload>,
    pub(crate) case: Option<Case>,
    pub(crate) follow_ups: Vec<FollowUp>,
    pub(crate) benefits: Vec<Benefit>,
    pub(crate) handoff: Option<Handoff>,
    pub(crate) closed: bool,
    pub(crate) rating: Option<u8>,
    pub(crate) dialogue: Dialogue,
}

/// Where the assistant is in the talk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Dialogue {
    pub(crate) topic: Topic,
    /// The language of the last reply.
    pub(crate) lang: Option<Lang>,
    pub(crate) unknown_in_a_row: u8,
    /// Whether a yes now means "get me a person".
    pub(crate) person_offered: bool,
    /// Whether the wait in the queue was already bridged with words.
    pub(crate) wait_told: bool,
    pub(crate) collected: Map<String, Value>,
    pub(crate) attempts: Vec<String>,
    pub(crate) promises: Vec<String>,
}

/// What the assistant is busy with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Topic {
    /// Nothing in particular.
    #[default]
    Open,
    /// The form about the device is up.
    Form {
        /// A model was given that nobody knows.
        asked_again: bool,
    },
    /// The customer follows the steps against a fault.
    Steps { fault: String, model: String, ticked: usize },
    /// The pick-up was offered.
    Offer { fault: String, model: String },
    /// A suggestion was made and one question asked about it.
    Suggestion { idea: String },
}

impl State {
    pub(crate) fn new(meta: SnapshotMeta) -> Self {
        Self {
            meta,
            head: 0,
            control: Control::default(),
            messages: VecDeque::new(),
            triage: None,
            triage_history: VecDeque::new(),
            cards: Vec::new(),
            case: None,
            follow_ups: Vec::new(),
            benefits: Vec::new(),
            handoff: None,
            closed: false,
            rating: None,
            dialogue: Dialogue::default(),
        }
    }

    /// Folds the next event in.
    pub(crate) fn apply(&mut self, body: &EventBody, at: Timestamp) {
        self.head += 1;
        match body {
            EventBody::MessageCreated(message) | EventBody::MessageCompleted(message) => {
                self.messages.push_back(Message { at: Some(at), ..message.clone() });
                if self.messages.len() > KEPT_MESSAGES {
                    self.messages.pop_front();
                }
            }
            EventBody::TriageUpdated(triage) => {
                self.triage_history.push_back(triage.clone());
                if self.triage_history.len() > KEPT_TRIAGE {
                    self.triage_history.pop_front();
                }
                self.triage = Some(triage.clone());
            }
            EventBody::CardShown(card) | EventBody::CardUpdated(card) => {
                match self.cards.iter_mut().find(|shown| shown.card_id == card.card_id) {
                    Some(shown) => *shown = card.clone(),
                    None => self.cards.push(card.clone()),
                }
            }
            EventBody::CardDismissed(gone) => self.cards.retain(|card| card.card_id != gone.card_id),
            EventBody::ControlChanged(control) => self.control = control.clone(),
            EventBody::HandoffRequested(handoff) | EventBody::HandoffAccepted(handoff) => {
                self.handoff = Some(handoff.clone());
            }
            EventBody::HandoffEnded(_) => self.handoff = None,
            EventBody::CaseUpdated(case) => self.case = Some(case.clone()),
            EventBody::FollowUpScheduled(follow_up) | EventBody::FollowUpDue(follow_up) => {
                self.follow_ups.retain(|known| known.follow_up_id != follow_up.follow_up_id);
                self.follow_ups.push(follow_up.clone());
            }
            EventBody::FollowUpDone(follow_up) | EventBody::FollowUpCanceled(follow_up) => {
                self.follow_ups.retain(|known| known.follow_up_id != follow_up.follow_up_id);
            }
            EventBody::BenefitGranted(benefit) => self.benefits.push(benefit.clone()),
            EventBody::ConversationClosed(_) => self.closed = true,
            EventBody::ConversationReopened(_) => self.closed = false,
            EventBody::MessageStarted(_)
            | EventBody::MessageDelta(_)
            | EventBody::ActRequested(_)
            | EventBody::Typing(_)
            | EventBody::Presence(_)
            | EventBody::Unknown { .. }
            | EventBody::Malformed { .. } => {}
        }
    }

    /// What a client needs to go on from here.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot {
            cursor: self.head,
            control: self.control.clone(),
            conversation: self.meta.clone(),
            messages: self.messages.iter().cloned().collect(),
            triage: self.triage.clone(),
            cards: self.cards.clone(),
            case: self.case.clone(),
            follow_ups: self.follow_ups.clone(),
            rating: self.rating,
        }
    }

    /// Whether a card is up.
    pub(crate) fn shows(&self, card_id: &str) -> bool {
        self.cards.iter().any(|card| card.card_id.as_str() == card_id)
    }

    /// Whether the assistant may speak.
    pub(crate) fn bot_in_control(&self) -> bool {
        matches!(self.control.owner, Owner::Bot) && !self.closed
    }

    /// The language for a reply that no words of the customer decide.
    pub(crate) fn lang(&self) -> Lang {
        self.dialogue.lang.unwrap_or_else(|| Lang::of_locale(&self.meta.locale))
    }
}
