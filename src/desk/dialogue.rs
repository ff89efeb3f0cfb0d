//! The assistant: what it does about a turn of the customer.
//!
//! Reads the state, appends events to a [`Draft`]; knows no storage and no network. It speaks only while it is in
//! control: in the queue it bridges the wait once, beside a person it is silent.

mod calendar;
mod complaint;

use serde_json::Value;

use super::{
    cards,
    draft::Draft,
    knowledge::{Answer, Procedure, Said, Vars},
    language::Lang,
    state::Topic,
    triage::triage,
};
use crate::protocol::{Act, ActKind, CardId, Emotion, EventBody, HandoffReason, Issue, Owner, Submission, Triage};

/// Greets at the start of a conversation.
pub(crate) fn greet(draft: &mut Draft<'_>) {
    let lang = Lang::of_locale(&draft.state.meta.locale);
    draft.say(&draft.knowledge.lines.greet, lang, &Vars::new());
}

/// Answers words of the customer.
pub(crate) fn hear(draft: &mut Draft<'_>, text: &str) {
    let before = draft.state.triage.clone();
    let reading = triage(text, before.as_ref(), draft.state.lang());
    draft.push(EventBody::TriageUpdated(reading.clone()));
    let lang = Lang::of_text(text).unwrap_or_else(|| draft.state.lang());
    match draft.state.control.owner.clone() {
        Owner::Bot if !draft.state.closed => answer(draft, text, &reading, lang),
        Owner::Queued { position, .. } if !draft.state.dialogue.wait_told => {
            draft.state.dialogue.wait_told = true;
            let vars = Vars::from([("position", position.to_string())]);
            draft.say(&draft.knowledge.lines.still_waiting, lang, &vars);
        }
        _ => {}
    }
}

/// Answers a filled-in card.
pub(crate) fn take(draft: &mut Draft<'_>, submission: &Submission) {
    // A second press of a button whose card is gone means what the first one did.
    if !draft.state.shows(submission.card_id.as_str()) {
        return;
    }
    collect(draft, submission);
    if !draft.state.bot_in_control() {
        return;
    }
    let lang = draft.state.lang();
    match (draft.state.dialogue.topic.clone(), submission.action_id.as_str()) {
        (Topic::Form { asked_again }, cards::SUBMIT_FORM) => {
            let model = submission.inputs.get("model").and_then(Value::as_str).unwrap_or_default().to_owned();
            complaint::diagnose(draft, model.trim(), asked_again, lang);
        }
        (Topic::Steps { fault, model, ticked }, cards::STEP_DONE) => {
            complaint::tick(draft, fault, model, ticked + 1, lang);
        }
        (Topic::Offer { fault, model }, cards::ACCEPT) => complaint::accept(draft, &fault, &model, lang),
        (Topic::Offer { .. }, _) => complaint::decline(draft, lang),
        _ => {}
    }
}

fn collect(draft: &mut Draft<'_>, submission: &Submission) {
    for (name, value) in &submission.inputs {
        draft.state.dialogue.collected.insert(name.clone(), value.clone());
    }
}

fn answer(draft: &mut Draft<'_>, text: &str, reading: &Triage, lang: Lang) {
    let knowledge = draft.knowledge;
    let lines = &knowledge.lines;
    let words = &knowledge.words;
    // Only this turn's own fury calls for a person, never the fading of an earlier one.
    if reading.emotion == Emotion::Furious {
        return draft.hand_off(HandoffReason::FuriousComplaint, &lines.furious_handoff, lang);
    }
    if words.human.occur_in(text) {
        return draft.hand_off(HandoffReason::UserRequest, &lines.user_handoff, lang);
    }
    if std::mem::take(&mut draft.state.dialogue.person_offered) {
        if words.no.open(text) {
            return draft.say(&lines.all_right, lang, &Vars::new());
        }
        if words.yes.open(text) {
            return draft.hand_off(HandoffReason::UserRequest, &lines.user_handoff, lang);
        }
    }
    if go_on(draft, text, reading, lang) {
        draft.state.dialogue.unknown_in_a_row = 0;
        return;
    }
    if !begin(draft, text, reading, lang) {
        return unknown(draft, lang);
    }
    draft.state.dialogue.unknown_in_a_row = 0;
}

/// Goes on with what the talk is about; false where the turn is about something else.
fn go_on(draft: &mut Draft<'_>, text: &str, reading: &Triage, lang: Lang) -> bool {
    let words = &draft.knowledge.words;
    let not_solved = words.not_solved.occur_in(text);
    let solved = !not_solved && reading.emotion == Emotion::Calm && words.solved.occur_in(text);
    match draft.state.dialogue.topic.clone() {
        Topic::Steps { fault, model, .. } if solved => complaint::solved(draft, &fault, &model, lang),
        Topic::Steps { fault, model, .. } if not_solved => complaint::offer(draft, fault, model, lang),
        Topic::Offer { .. } if words.no.open(text) => complaint::decline(draft, lang),
        Topic::Offer { fault, model } if words.yes.open(text) => complaint::accept(draft, &fault, &model, lang),
        Topic::Form { asked_again } if draft.knowledge.fault_of_model(text).is_some() => {
            complaint::diagnose(draft, text, asked_again, lang);
        }
        Topic::Suggestion { idea } if draft.knowledge.answer_to(text).is_none() => {
            draft.state.dialogue.topic = Topic::Open;
            draft.state.dialogue.collected.insert("suggestion".to_owned(), Value::String(format!("{idea}\n{text}")));
            draft.say(&draft.knowledge.lines.suggestion_recorded, lang, &Vars::new());
        }
        _ => return false,
    }
    true
}

/// Takes up something new; false where the assistant does not know what it is.
fn begin(draft: &mut Draft<'_>, text: &str, reading: &Triage, lang: Lang) -> bool {
    let knowledge = draft.knowledge;
    let lines = &knowledge.lines;
    let words = &knowledge.words;
    let nothing = Vars::new();
    if reading.issue == Issue::Suggestion && knowledge.answer_to(text).is_none_or(|answer| answer.handoff.is_some()) {
        draft.state.dialogue.topic = Topic::Suggestion { idea: text.to_owned() };
        draft.say(&lines.suggestion_thanks, lang, &nothing);
    } else if let Some(answer) = knowledge.answer_to(text) {
        give(draft, answer, reading, lang);
    } else if words.bye.occur_in(text) {
        draft.say(&lines.farewell, lang, &nothing);
    } else if knowledge.fault_by_symptom(text).is_some() || upset_by_this_turn(reading) {
        complaint::ask_for_device(draft, lang);
    } else if words.thanks.occur_in(text) || words.solved.open(text) {
        draft.say(&lines.you_are_welcome, lang, &nothing);
    } else if words.hello.occur_in(text) {
        let vars = draft.vars(lang);
        draft.say(&lines.hello, lang, &vars);
    } else if words.yes.open(text) || words.no.open(text) {
        draft.say(&lines.all_right, lang, &nothing);
    } else {
        return false;
    }
    true
}

fn upset_by_this_turn(reading: &Triage) -> bool {
    reading.emotion == Emotion::Dissatisfied && !reading.reasons.iter().any(|reason| reason.starts_with("fading:"))
}

fn give(draft: &mut Draft<'_>, answer: &Answer, reading: &Triage, lang: Lang) {
    let knowledge = draft.knowledge;
    if let Some(reason) = &answer.handoff {
        return draft.hand_off(reason.clone(), &knowledge.lines.policy_handoff, lang);
    }
    // First the feeling, then the matter.
    let comfort = upset_by_this_turn(reading).then(|| knowledge.lines.empathize.say(lang, &Vars::new()));
    let comfort = comfort.unwrap_or_default();
    if let Some(procedure) = answer.procedure(knowledge) {
        draft.show(vec![cards::steps(procedure, 0, lang)]);
        return draft.speak(comfort.join(explain(procedure, lang), gap(lang)), lang);
    }
    let mut vars = draft.vars(lang);
    if answer.needs_order && !order_vars(draft, lang, &mut vars) {
        draft.state.dialogue.person_offered = true;
        return draft.say(&knowledge.lines.no_order, lang, &vars);
    }
    if let Some(card) = &answer.card {
        draft.show(vec![cards::facts(card, lang, &vars, false)]);
    }
    if let Some(say) = &answer.say {
        draft.speak(comfort.join(say.say(lang, &vars), gap(lang)), lang);
    }
}

fn order_vars(draft: &Draft<'_>, lang: Lang, vars: &mut Vars) -> bool {
    let customer = &draft.state.meta.customer;
    let known = draft.knowledge.customer(customer.customer_id.as_deref(), customer.name.as_deref());
    let Some(order) = known.and_then(|known| known.order.as_ref()) else { return false };
    let nothing = Vars::new();
    let offset = draft.knowledge.service.utc_offset_hours;
    vars.insert("order_no", order.no.clone());
    vars.insert("status", order.status.text(lang, &nothing));
    vars.insert("carrier", order.carrier.text(lang, &nothing));
    vars.insert("expected", calendar::day_in(draft.now, offset, order.expected_in_days, lang));
    true
}

/// The spoken procedure: the act of each step covers its words and points at its row.
fn explain(procedure: &Procedure, lang: Lang) -> Said {
    let nothing = Vars::new();
    let intro = procedure.intro.say(lang, &nothing);
    procedure.step.iter().zip(0..).fold(intro, |said, (step, index)| {
        let text = step.say.text(lang, &nothing);
        let end = super::knowledge::length(text.trim_end());
        let act = Act::new(ActKind::ExplainStep).about(CardId::from(procedure.id.as_str()), Some(index)).over(0, end);
        said.join(Said { text, acts: vec![act] }, "")
    })
}

fn gap(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "",
        Lang::En => " ",
    }
}

fn unknown(draft: &mut Draft<'_>, lang: Lang) {
    draft.state.dialogue.unknown_in_a_row += 1;
    let lines = &draft.knowledge.lines;
    if draft.state.dialogue.unknown_in_a_row >= 2 {
        draft.hand_off(HandoffReason::LowConfidence, &lines.low_confidence_handoff, lang);
    } else {
        draft.state.dialogue.person_offered = true;
        draft.say(&lines.unknown, lang, &Vars::new());
    }
}
