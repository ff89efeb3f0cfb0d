//! Events in the making: everything that one write causes, in order, before it is stored as a whole.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{
    cards, handoff,
    knowledge::{Knowledge, Said, Text, Vars},
    language::Lang,
    state::State,
};
use crate::protocol::{
    CardDismissed, CardId, CardPayload, Control, ConversationId, Event, EventBody, EventId, FollowUp, FollowUpId,
    Handoff, HandoffPackage, HandoffReason, Message, MessageId, Owner, PackageId, Role,
};

/// Ids of events follow from the conversation and the number, so that the same story gives the same log.
const NAMESPACE: Uuid = Uuid::from_u128(0x6e0e_7b52_5d3c_4f0e_9a86_3b1f_0c94_d2a7);

/// At most this many cards are up at once.
const MOST_CARDS: usize = 3;

/// One write's worth of events on top of a state.
#[derive(Debug)]
pub(crate) struct Draft<'k> {
    pub(crate) now: Timestamp,
    pub(crate) knowledge: &'k Knowledge,
    pub(crate) state: State,
    pub(crate) events: Vec<Event>,
    /// The package that goes into the queue with these events.
    pub(crate) package: Option<HandoffPackage>,
    /// Conversations that already wait, by priority.
    waiting: Vec<u8>,
    cause: Option<String>,
}

impl<'k> Draft<'k> {
    pub(crate) fn new(state: State, knowledge: &'k Knowledge, now: Timestamp, waiting: Vec<u8>) -> Self {
        Self { now, knowledge, state, events: Vec::new(), package: None, waiting, cause: None }
    }

    /// Everything from here on is caused by this write.
    pub(crate) fn caused_by(&mut self, cause: &str) {
        self.cause = Some(cause.to_owned());
    }

    /// Appends an event.
    pub(crate) fn push(&mut self, body: EventBody) {
        let seq = self.state.head + 1;
        self.state.apply(&body, self.now);
        self.events.push(Event {
            v: 1,
            seq: Some(seq),
            id: EventId(self.name("event", seq)),
            at: self.now,
            conversation_id: self.state.meta.id.clone(),
            causation_id: self.cause.clone(),
            body,
        });
    }

    fn conversation(&self) -> &ConversationId {
        &self.state.meta.id
    }

    fn name(&self, kind: &str, seq: u64) -> String {
        Uuid::new_v5(&NAMESPACE, format!("{}/{kind}/{seq}", self.conversation()).as_bytes()).to_string()
    }

    /// Values for placeholders that are known about every customer.
    pub(crate) fn vars(&self, lang: Lang) -> Vars {
        let mut vars = Vars::new();
        let customer = &self.state.meta.customer;
        let known = self.knowledge.customer(customer.customer_id.as_deref(), customer.name.as_deref());
        let known_name = known.map(|known| known.name.text(lang, &Vars::new())).filter(|name| !name.is_empty());
        let name = known_name.or_else(|| customer.name.clone()).unwrap_or_default();
        let comma = if lang == Lang::Zh { "，" } else { ", " };
        vars.insert("name", if name.is_empty() { name } else { format!("{name}{comma}") });
        vars
    }

    /// The assistant says a line.
    pub(crate) fn say(&mut self, text: &Text, lang: Lang, vars: &Vars) {
        self.speak(text.say(lang, vars), lang);
    }

    /// The assistant speaks.
    pub(crate) fn speak(&mut self, said: Said, lang: Lang) {
        self.state.dialogue.lang = Some(lang);
        let message = Message {
            message_id: MessageId(self.name("message", self.state.head + 1)),
            role: Role::Bot,
            name: Some(self.knowledge.service.assistant.text(lang, &Vars::new())),
            text: Some(said.text),
            submission: None,
            acts: said.acts,
            at: Some(self.now),
        };
        self.push(EventBody::MessageCompleted(message));
    }

    /// Shows cards together; cards that are not pinned give way, and so does the oldest where room is short.
    pub(crate) fn show(&mut self, new: Vec<CardPayload>) {
        let is_new = |id: &CardId| new.iter().any(|card| card.card_id == *id);
        let old: Vec<(CardId, bool)> = self
            .state
            .cards
            .iter()
            .filter(|card| !is_new(&card.card_id))
            .map(|c| (c.card_id.clone(), c.pinned))
            .collect();
        let pinned = old.iter().filter(|(_, pinned)| *pinned).count();
        let mut surplus = (pinned + new.len()).saturating_sub(MOST_CARDS);
        for (card_id, pinned) in old {
            if !pinned {
                self.dismiss(card_id.as_str());
            } else if surplus > 0 && card_id.as_str() != cards::QUEUE {
                surplus -= 1;
                self.dismiss(card_id.as_str());
            }
        }
        for card in new {
            self.push(EventBody::CardShown(card));
        }
    }

    /// Takes a card away if it is up.
    pub(crate) fn dismiss(&mut self, card_id: &str) {
        if self.state.shows(card_id) {
            self.push(EventBody::CardDismissed(CardDismissed { card_id: CardId::from(card_id) }));
        }
    }

    /// Gives the conversation to another party.
    pub(crate) fn give_to(&mut self, owner: Owner) {
        let epoch = self.state.control.epoch + 1;
        self.push(EventBody::ControlChanged(Control { owner, epoch }));
    }

    /// Promises something for later.
    pub(crate) fn follow_up(&mut self, due_at: Timestamp, purpose: &str, channel: &str) -> FollowUp {
        let follow_up = FollowUp {
            follow_up_id: FollowUpId(self.name("follow_up", self.state.head + 1)),
            due_at,
            purpose: purpose.to_owned(),
            channel: channel.to_owned(),
            outcome: None,
        };
        self.push(EventBody::FollowUpScheduled(follow_up.clone()));
        follow_up
    }

    /// Hands the conversation to the queue: the package first, then the words, then control and the card.
    pub(crate) fn hand_off(&mut self, reason: HandoffReason, line: &Text, lang: Lang) {
        let package_id = PackageId(self.name("package", self.state.head + 1));
        let package = handoff::package(self, package_id.clone(), reason.clone(), lang);
        let priority = handoff::priority(&package);
        self.push(EventBody::HandoffRequested(Handoff { reason, package_id }));
        self.say(line, lang, &self.vars(lang));
        let ahead = self.waiting.iter().filter(|waiting| **waiting >= priority).count();
        let position = u32::try_from(ahead).unwrap_or(u32::MAX).saturating_add(1);
        self.queue_up(position, lang);
        self.package = Some(package);
        self.state.dialogue.person_offered = false;
        self.state.dialogue.unknown_in_a_row = 0;
        self.state.dialogue.wait_told = false;
    }

    /// Tells the place in the queue, by control and by card.
    pub(crate) fn queue_up(&mut self, position: u32, lang: Lang) {
        let eta_secs = position.saturating_mul(self.knowledge.service.eta_per_place_secs);
        self.give_to(Owner::Queued { position, eta_secs: Some(eta_secs) });
        let mut vars = self.vars(lang);
        vars.insert("position", position.to_string());
        vars.insert("minutes", eta_secs.div_ceil(60).to_string());
        let expected = self.now.checked_add(SignedDuration::from_secs(i64::from(eta_secs))).unwrap_or(self.now);
        let card = cards::queue(&self.knowledge.queue, expected, lang, &vars);
        if self.state.shows(cards::QUEUE) {
            self.push(EventBody::CardUpdated(card));
        } else {
            self.show(vec![card]);
        }
    }
}
