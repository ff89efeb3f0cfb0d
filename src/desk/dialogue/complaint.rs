//! A product that fails: form → known fault → steps → solved with good will, or pick-up.

use super::{calendar, explain};
use crate::{
    desk::{
        cards,
        draft::Draft,
        knowledge::{BenefitSpec, Fault, Vars},
        language::Lang,
        state::Topic,
    },
    protocol::{Benefit, Case, CaseStatus, EventBody, HandoffReason},
};

/// Says sorry and asks for the device.
pub(super) fn ask_for_device(draft: &mut Draft<'_>, lang: Lang) {
    let vars = draft.vars(lang);
    match draft.state.dialogue.topic {
        // The form is up already: a second one would only be in the way.
        Topic::Form { .. } => draft.say(&draft.knowledge.lines.form_incomplete, lang, &vars),
        _ => {
            draft.state.dialogue.topic = Topic::Form { asked_again: false };
            draft.show(vec![cards::form(&draft.knowledge.form, lang)]);
            draft.say(&draft.knowledge.lines.apology_form, lang, &vars);
        }
    }
}

/// Looks the model up and explains the steps against its known fault.
pub(super) fn diagnose(draft: &mut Draft<'_>, written: &str, asked_again: bool, lang: Lang) {
    let knowledge = draft.knowledge;
    let mut vars = draft.vars(lang);
    if written.is_empty() {
        return draft.say(&knowledge.lines.form_incomplete, lang, &vars);
    }
    let known = knowledge.fault_of_model(written);
    let Some((fault, model, procedure)) = known.and_then(|(f, model)| Some((f, model, f.procedure(knowledge)?))) else {
        vars.insert("model", written.to_owned());
        let attempt = format!("model `{written}` is not known");
        draft.state.dialogue.attempts.push(attempt);
        if asked_again {
            draft.state.dialogue.topic = Topic::Open;
            draft.dismiss(cards::FORM);
            return draft.hand_off(HandoffReason::LowConfidence, &knowledge.lines.low_confidence_handoff, lang);
        }
        draft.state.dialogue.topic = Topic::Form { asked_again: true };
        return draft.say(&knowledge.lines.model_unknown, lang, &vars);
    };
    vars.insert("model", model.to_owned());
    draft.state.dialogue.collected.insert("model".to_owned(), model.into());
    draft.state.dialogue.attempts.push(format!("known fault `{}`: steps `{}` explained", fault.id, procedure.id));
    draft.state.dialogue.topic = Topic::Steps { fault: fault.id.clone(), model: model.to_owned(), ticked: 0 };
    draft.dismiss(cards::FORM);
    draft.show(vec![cards::steps(procedure, 0, lang)]);
    let purchase = purchase(draft, model, lang, &mut vars);
    let found = purchase.then(|| knowledge.lines.purchase_found.say(lang, &vars)).unwrap_or_default();
    let said = found.join(fault.diagnosis.say(lang, &vars), "").join(explain(procedure, lang), "");
    draft.speak(said, lang);
    let open = case(fault, model, CaseStatus::Open);
    draft.push(EventBody::CaseUpdated(open));
}

fn purchase(draft: &Draft<'_>, model: &str, lang: Lang, vars: &mut Vars) -> bool {
    let customer = &draft.state.meta.customer;
    let known = draft.knowledge.customer(customer.customer_id.as_deref(), customer.name.as_deref());
    let bought = known.and_then(|known| known.purchases.iter().find(|purchase| purchase.model == model));
    if let Some(bought) = bought {
        vars.insert("purchased", bought.bought.text(lang, &Vars::new()));
    }
    bought.is_some()
}

/// Ticks off steps up to `ticked` and says what comes next.
pub(super) fn tick(draft: &mut Draft<'_>, fault: String, model: String, ticked: usize, lang: Lang) {
    let knowledge = draft.knowledge;
    let Some(procedure) = knowledge.fault(&fault).and_then(|fault| fault.procedure(knowledge)) else { return };
    let Some(step) = ticked.checked_sub(1).and_then(|index| procedure.step.get(index)) else { return };
    draft.state.dialogue.topic = Topic::Steps { fault, model, ticked };
    draft.state.dialogue.attempts.push(format!("step {ticked} of `{}` done", procedure.id));
    draft.push(EventBody::CardUpdated(cards::steps(procedure, ticked, lang)));
    let last = ticked >= procedure.step.len();
    let line = step.done.as_ref().filter(|_| !last).unwrap_or(&knowledge.lines.all_steps_done);
    draft.say(line, lang, &Vars::new());
}

/// The fault is gone: good will, thanks, follow-ups, the case is closed.
pub(super) fn solved(draft: &mut Draft<'_>, fault_id: &str, model: &str, lang: Lang) {
    let knowledge = draft.knowledge;
    let service = &knowledge.service;
    draft.state.dialogue.topic = Topic::Open;
    draft.state.dialogue.attempts.push("solved".to_owned());
    let mut vars = draft.vars(lang);
    vars.insert("model", model.to_owned());
    if let Some(procedure) = knowledge.fault(fault_id).and_then(|fault| fault.procedure(knowledge)) {
        draft.dismiss(&procedure.id);
    }
    grant(draft, &knowledge.solved_benefit);
    let shown = knowledge.solved_benefit.iter().filter_map(|spec| spec.card.as_ref());
    draft.show(shown.map(|card| cards::facts(card, lang, &vars, false)).collect());
    draft.say(&knowledge.lines.solved, lang, &vars);
    for due_at in
        calendar::evenings(draft.now, service.utc_offset_hours, service.follow_up_hour, service.follow_up_evenings)
    {
        draft.follow_up(due_at, "check that the fault stays away", "app");
    }
    draft.state.dialogue.promises.push("follow-up on the next evenings".to_owned());
    if let Some(fault) = knowledge.fault(fault_id) {
        draft.push(EventBody::CaseUpdated(case(fault, model, CaseStatus::Resolved)));
    }
}

/// The fault stays: offers the pick-up.
pub(super) fn offer(draft: &mut Draft<'_>, fault_id: String, model: String, lang: Lang) {
    let knowledge = draft.knowledge;
    let (words, _) = calendar::pickup(draft.now, knowledge.service.utc_offset_hours, lang);
    let mut vars = draft.vars(lang);
    vars.insert("model", model.clone());
    vars.insert("pickup", words);
    if let Some(procedure) = knowledge.fault(&fault_id).and_then(|fault| fault.procedure(knowledge)) {
        draft.dismiss(&procedure.id);
    }
    draft.state.dialogue.attempts.push("the steps did not solve it: pick-up offered".to_owned());
    draft.state.dialogue.topic = Topic::Offer { fault: fault_id, model };
    draft.show(vec![cards::facts(&knowledge.offer.card, lang, &vars, true)]);
    draft.say(&knowledge.lines.not_solved_offer, lang, &vars);
}

/// The customer takes the offer: good will, a promise with its deadline, a follow-up.
pub(super) fn accept(draft: &mut Draft<'_>, fault_id: &str, model: &str, lang: Lang) {
    let knowledge = draft.knowledge;
    let (words, visit_over) = calendar::pickup(draft.now, knowledge.service.utc_offset_hours, lang);
    let mut vars = draft.vars(lang);
    vars.insert("model", model.to_owned());
    vars.insert("pickup", words);
    draft.state.dialogue.topic = Topic::Open;
    draft.dismiss(&knowledge.offer.card.id);
    grant(draft, &knowledge.offer.benefit);
    draft.show(vec![cards::facts(&knowledge.offer.confirmed, lang, &vars, false)]);
    draft.say(&knowledge.lines.offer_accepted, lang, &vars);
    draft.follow_up(visit_over, &knowledge.offer.follow_up, "phone");
    draft.state.dialogue.promises.push(format!("pick-up by {visit_over} with a backup unit"));
    if let Some(fault) = knowledge.fault(fault_id) {
        let mut open = case(fault, model, CaseStatus::Open);
        open.containment = Some("unit picked up for repair, backup unit on loan".to_owned());
        draft.push(EventBody::CaseUpdated(open));
    }
}

/// The customer does not want the pick-up.
pub(super) fn decline(draft: &mut Draft<'_>, lang: Lang) {
    let knowledge = draft.knowledge;
    draft.state.dialogue.topic = Topic::Open;
    draft.state.dialogue.attempts.push("pick-up declined".to_owned());
    draft.state.dialogue.person_offered = true;
    draft.dismiss(&knowledge.offer.card.id);
    draft.say(&knowledge.lines.offer_declined, lang, &Vars::new());
}

fn grant(draft: &mut Draft<'_>, benefits: &[BenefitSpec]) {
    for spec in benefits {
        let benefit = Benefit { kind: spec.kind.clone(), amount: spec.amount, reason: spec.reason.clone() };
        draft.push(EventBody::BenefitGranted(benefit));
    }
}

fn case(fault: &Fault, model: &str, status: CaseStatus) -> Case {
    let text = |text: &String| Some(text.clone());
    Case {
        category: fault.category.clone(),
        root_cause: text(&fault.root_cause),
        severity: fault.severity,
        affected_model: Some(model.to_owned()),
        affected_batch: text(&fault.batch),
        containment: text(&fault.containment),
        corrective_action: text(&fault.corrective_action),
        product_suggestion: text(&fault.product_suggestion),
        knowledge_draft: text(&fault.knowledge_draft),
        proactive_notice: fault.proactive_notice.clone(),
        status,
    }
}
