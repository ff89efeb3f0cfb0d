//! The hand-off package: everything a person needs to go on without asking again.

use super::{draft::Draft, knowledge::Vars, language::Lang};
use crate::protocol::{Emotion, HandoffPackage, HandoffReason, Issue, Message, PackageId, Profile, Role, Triage};

/// Puts the package together from the conversation as it stands.
pub(crate) fn package(draft: &Draft<'_>, package_id: PackageId, reason: HandoffReason, lang: Lang) -> HandoffPackage {
    let state = &draft.state;
    let last_request = state
        .messages
        .iter()
        .rev()
        .filter(|message| message.role == Role::Customer)
        .find_map(|message| message.text.clone())
        .unwrap_or_default();
    let profile = profile(draft, lang);
    HandoffPackage {
        summary: summary(draft, &profile, &last_request, lang),
        package_id,
        reason,
        last_request,
        transcript: state.messages.iter().cloned().collect::<Vec<Message>>(),
        profile,
        triage_history: state.triage_history.iter().cloned().collect(),
        collected: state.dialogue.collected.clone(),
        attempts: state.dialogue.attempts.clone(),
        promises: state.dialogue.promises.clone(),
        case: state.case.clone(),
        suggested_first_line: draft.knowledge.lines.suggested_first_line.text(lang, &Vars::new()),
        created_at: draft.now,
    }
}

/// How urgent a package is in the queue, 0..=3.
pub(crate) fn priority(package: &HandoffPackage) -> u8 {
    let asked = package.triage_history.last().map_or(0, |triage| triage.priority);
    match package.reason {
        HandoffReason::FuriousComplaint => 3,
        HandoffReason::Vip | HandoffReason::Repeat => asked.max(2),
        _ => asked.min(3),
    }
}

fn profile(draft: &Draft<'_>, lang: Lang) -> Profile {
    let meta = &draft.state.meta;
    let customer = draft.knowledge.customer(meta.customer.customer_id.as_deref(), meta.customer.name.as_deref());
    let Some(customer) = customer else {
        let name = meta.customer.name.clone().unwrap_or_default();
        return Profile { name, locale: meta.locale.clone(), ..Profile::default() };
    };
    let nothing = Vars::new();
    let purchases = customer
        .purchases
        .iter()
        .map(|bought| format!("{} · {} · {}", bought.model, bought.bought.text(lang, &nothing), bought.price));
    let known_name = customer.name.text(lang, &nothing);
    Profile {
        name: meta.customer.name.clone().filter(|_| known_name.is_empty()).unwrap_or(known_name),
        tier: customer.tier.clone(),
        complaint_count_30d: customer.complaints_30d,
        complaint_count_90d: customer.complaints_90d,
        purchases: purchases.collect(),
        locale: meta.locale.clone(),
        consent: customer.consent,
    }
}

/// Three lines: who, what, where it stands.
fn summary(draft: &Draft<'_>, profile: &Profile, last_request: &str, lang: Lang) -> Vec<String> {
    let state = &draft.state;
    let (issue, emotion) = state.triage.as_ref().map_or_else(Default::default, |triage| words(triage, lang));
    let attempts = &state.dialogue.attempts;
    match lang {
        Lang::Zh => vec![
            format!(
                "客户：{}（等级 {}，近30天投诉 {} 次，近90天 {} 次）",
                if profile.name.is_empty() { "未识别" } else { &profile.name },
                profile.tier,
                profile.complaint_count_30d,
                profile.complaint_count_90d
            ),
            format!("诉求：{issue} · {emotion} · “{last_request}”"),
            format!("进展：{}", if attempts.is_empty() { "尚未处理".to_owned() } else { attempts.join("；") }),
        ],
        Lang::En => vec![
            format!(
                "Customer: {} (tier {}, {} complaints in 30 days, {} in 90)",
                if profile.name.is_empty() { "not identified" } else { &profile.name },
                profile.tier,
                profile.complaint_count_30d,
                profile.complaint_count_90d
            ),
            format!("Request: {issue} · {emotion} · “{last_request}”"),
            format!("So far: {}", if attempts.is_empty() { "nothing tried".to_owned() } else { attempts.join("; ") }),
        ],
    }
}

fn words(triage: &Triage, lang: Lang) -> (String, String) {
    if lang == Lang::En {
        return (triage.issue.to_string(), triage.emotion.to_string());
    }
    let issue = match &triage.issue {
        Issue::Inquiry => "咨询",
        Issue::Complaint => "投诉",
        Issue::Suggestion => "建议",
        Issue::Other(other) => other,
    };
    let emotion = match &triage.emotion {
        Emotion::Calm => "平静",
        Emotion::Dissatisfied => "不满",
        Emotion::Furious => "暴怒",
        Emotion::Other(other) => other,
    };
    (issue.to_owned(), emotion.to_owned())
}
