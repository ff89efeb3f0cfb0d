//! Triage by rules: what a turn is about, how the customer feels, and how sure that is.
//!
//! Rules first: they can be read, tested and explained to an operator (`reasons`), in Chinese and English, and they
//! know negation. A feeling fades over quiet turns instead of vanishing; a thank-you calms at once.

mod lexicon;

use lexicon::{
    ANGER, CALMING, EMPHASIS, EN_FILLERS, EN_NEGATORS, HARMLESS, QUESTION, SUGGESTION, Weight, ZH_FILLERS, ZH_NEGATORS,
    ZH_NO_NEGATION,
};

use super::{
    knowledge::length,
    language::{Lang, is_han},
};
use crate::protocol::{Emotion, Issue, Triage};

/// Points from which on a customer is furious.
const FURY_POINTS: f32 = 2.5;

/// Reads a turn, given the reading of the turn before and the conversation's language.
pub(crate) fn triage(text: &str, before: Option<&Triage>, fallback: Lang) -> Triage {
    let language = Lang::of_text(text).unwrap_or(fallback);
    let folded = fold(text);
    let evidence = Evidence::gather(&folded, text);
    let mut reasons = evidence.reasons.clone();

    let own = evidence.emotion();
    let emotion = match (&own, before.map(|before| &before.emotion)) {
        (Emotion::Calm, Some(was)) if *was != Emotion::Calm && !evidence.calming => fade(was, before, &mut reasons),
        (own, _) => own.clone(),
    };
    let issue = evidence.issue(&own, before);
    let confidence = evidence.confidence(&own);
    let priority = match (&emotion, &issue) {
        (Emotion::Furious, _) => 3,
        (Emotion::Dissatisfied, Issue::Complaint) => 2,
        (Emotion::Dissatisfied, _) | (_, Issue::Complaint) => 1,
        _ => 0,
    };
    Triage { issue, emotion, confidence, reasons, language: language.tag().to_owned(), priority }
}

/// A quiet turn after an upset one: fury becomes displeasure, displeasure lasts one quiet turn more.
fn fade(was: &Emotion, before: Option<&Triage>, reasons: &mut Vec<String>) -> Emotion {
    let faded_already = before.is_some_and(|before| before.reasons.iter().any(|reason| reason.starts_with("fading:")));
    if faded_already && *was == Emotion::Dissatisfied {
        return Emotion::Calm;
    }
    reasons.push(format!("fading:{was}"));
    Emotion::Dissatisfied
}

#[derive(Debug, Default)]
struct Evidence {
    points: f32,
    words_of_anger: usize,
    strong: bool,
    calming: bool,
    suggestion: bool,
    question: bool,
    reasons: Vec<String>,
}

impl Evidence {
    fn gather(folded: &str, original: &str) -> Self {
        let mut found = Self::default();
        let mut threat = 0.0_f32;
        for (weight, words) in ANGER {
            for word in *words {
                match occurrence(folded, word) {
                    Occurrence::No => continue,
                    Occurrence::Negated => found.reasons.push(format!("negated:{word}")),
                    Occurrence::Yes => {
                        found.reasons.push(format!("lexicon:{word}"));
                        found.words_of_anger += 1;
                        found.strong |= matches!(weight, Weight::Fury | Weight::Strong);
                        // Naming an authority twice is not twice as angry.
                        match weight {
                            Weight::Threat => threat = weight.points(),
                            _ => found.points += weight.points(),
                        }
                    }
                }
            }
        }
        found.points += threat;
        for word in CALMING {
            match occurrence(folded, word) {
                Occurrence::No => {}
                Occurrence::Yes => {
                    found.calming = true;
                    found.reasons.push(format!("calming:{word}"));
                }
                Occurrence::Negated if found.words_of_anger == 0 => {
                    found.words_of_anger += 1;
                    found.points += Weight::Mild.points();
                    found.reasons.push(format!("not:{word}"));
                }
                Occurrence::Negated => {}
            }
        }
        found.suggestion = SUGGESTION.iter().any(|word| occurrence(folded, word) == Occurrence::Yes);
        found.question = QUESTION.iter().any(|word| occurrence(folded, word) != Occurrence::No);
        found.intensify(folded, original);
        found
    }

    /// Loudness only makes anger louder; it makes no anger.
    fn intensify(&mut self, folded: &str, original: &str) {
        if self.words_of_anger == 0 {
            return;
        }
        let exclamations = folded.matches('!').count();
        if exclamations > 0 {
            self.points += if exclamations > 1 { 1.0 } else { 0.5 };
            self.reasons.push("intensity:exclamation".to_owned());
        }
        if let Some(word) = EMPHASIS.iter().find(|word| occurrence(folded, word) != Occurrence::No) {
            self.points += 0.5;
            self.reasons.push(format!("intensity:{word}"));
        }
        let capital = |word: &&str| word.len() >= 3 && word.chars().all(|c| c.is_ascii_uppercase());
        if original.split(|c: char| !c.is_alphanumeric()).filter(capital).count() >= 2 {
            self.points += 1.0;
            self.reasons.push("intensity:capitals".to_owned());
        }
    }

    fn emotion(&self) -> Emotion {
        if self.words_of_anger == 0 {
            Emotion::Calm
        } else if self.points >= FURY_POINTS && self.strong {
            Emotion::Furious
        } else if self.calming && self.points <= Weight::Mild.points() {
            // "It was broken, thanks, solved now": the good end wins over a mild word.
            Emotion::Calm
        } else {
            Emotion::Dissatisfied
        }
    }

    fn issue(&self, own: &Emotion, before: Option<&Triage>) -> Issue {
        if self.suggestion && !self.strong && *own != Emotion::Furious {
            Issue::Suggestion
        } else if *own != Emotion::Calm {
            Issue::Complaint
        } else if self.question {
            Issue::Inquiry
        } else {
            before.map_or(Issue::Inquiry, |before| before.issue.clone())
        }
    }

    fn confidence(&self, own: &Emotion) -> f32 {
        let hits = f32::from(u8::try_from(self.words_of_anger.min(3)).unwrap_or(3));
        match own {
            Emotion::Calm if self.suggestion || self.calming => 0.85,
            Emotion::Calm if self.question => 0.8,
            Emotion::Calm => 0.55,
            Emotion::Furious => (0.8 + 0.06 * hits).min(0.98),
            _ => (0.65 + 0.08 * hits).min(0.95),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Occurrence {
    No,
    Negated,
    Yes,
}

/// Whether an expression occurs; one plain occurrence outweighs negated ones.
fn occurrence(folded: &str, word: &str) -> Occurrence {
    let mut found = Occurrence::No;
    let latin = word.starts_with(|c: char| c.is_ascii_alphanumeric());
    for (at, _) in folded.match_indices(word) {
        let after = &folded[at + word.len()..];
        if latin && (joined(&folded[..at], true) || joined(after, false)) {
            continue;
        }
        if harmless(folded, at, word) {
            continue;
        }
        let clause = clause_before(&folded[..at]);
        let negated = if latin { negated_en(clause) } else { negated_zh(clause, after) };
        if !negated {
            return Occurrence::Yes;
        }
        found = Occurrence::Negated;
    }
    found
}

fn joined(beside: &str, before: bool) -> bool {
    let c = if before { beside.chars().next_back() } else { beside.chars().next() };
    c.is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Whether the occurrence lies inside a word that means something else.
fn harmless(folded: &str, at: usize, word: &str) -> bool {
    HARMLESS.iter().any(|whole| {
        whole.contains(word)
            && folded.match_indices(whole).any(|(start, _)| start <= at && at + word.len() <= start + whole.len())
    })
}

fn clause_before(text: &str) -> &str {
    text.rsplit(['，', '。', '！', '？', '；', ',', '.', '!', '?', ';', '\n']).next().unwrap_or_default()
}

fn negated_zh(clause: &str, after: &str) -> bool {
    let mut head = clause.trim_end();
    loop {
        if ZH_NO_NEGATION.iter().any(|words| head.ends_with(words)) {
            return false;
        }
        if let Some(negator) = ZH_NEGATORS.iter().find(|negator| head.ends_with(*negator)) {
            let before = &head[..head.len() - negator.len()];
            // "这不是骗人吗": a rhetorical question says yes.
            let clause_end =
                after.split(['，', '。', '！', '？', '；', ',', '.', '!', '?', ';']).next().unwrap_or_default();
            let rhetorical = *negator == "不是"
                && (clause_end.ends_with(['吗', '么', '嘛'])
                    || before.ends_with(['这', '那']) && clause_end.ends_with('吧'));
            return !rhetorical;
        }
        match ZH_FILLERS.iter().filter(|filler| head.ends_with(*filler)).max_by_key(|filler| filler.len()) {
            Some(filler) => head = &head[..head.len() - filler.len()],
            None => return false,
        }
    }
}

fn negated_en(clause: &str) -> bool {
    for word in clause.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty()).rev() {
        if EN_NEGATORS.contains(&word) || word.ends_with("n't") {
            return true;
        }
        if !EN_FILLERS.contains(&word) {
            return false;
        }
    }
    false
}

/// Lower case, one kind of exclamation mark and apostrophe, no spaces between Chinese characters.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '！' => folded.push('!'),
            '’' => folded.push('\''),
            c if c.is_whitespace() => {
                let between =
                    folded.chars().next_back().is_some_and(is_han) && chars.peek().copied().is_some_and(is_han);
                if !between && length(&folded) > 0 {
                    folded.push(' ');
                }
            }
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use Emotion::{Calm, Dissatisfied, Furious};
    use Issue::{Complaint, Inquiry, Suggestion};

    #[test]
    fn single_sentences() {
        let table = [
            ("你们的智能客服根本听不懂人话！", Complaint, Furious),
            ("花了2万买个废品，明天就去315投诉", Complaint, Dissatisfied),
            ("气死我了，到底有没有人管！", Complaint, Furious),
            ("垃圾产品，骗子公司！！", Complaint, Furious),
            ("我受够了，每次都要重新说一遍", Complaint, Furious),
            ("这不是骗人吗！！根本没人管", Complaint, Furious),
            ("我要投诉！", Complaint, Dissatisfied),
            ("冰箱又坏了，很失望", Complaint, Dissatisfied),
            ("冰箱三天连不上网", Complaint, Dissatisfied),
            ("你们是不是骗子", Complaint, Dissatisfied),
            ("等了很久还是不行", Complaint, Dissatisfied),
            ("我对这个服务不满意", Complaint, Dissatisfied),
            ("再不解决我就投诉", Complaint, Dissatisfied),
            ("不得不投诉了", Complaint, Dissatisfied),
            ("问题还没解决", Complaint, Dissatisfied),
            ("我不是来投诉的", Inquiry, Calm),
            ("我没有不满意", Inquiry, Calm),
            ("没有不满意，就是问一下", Inquiry, Calm),
            ("我没生气", Inquiry, Calm),
            ("我不想投诉，只想知道怎么用", Inquiry, Calm),
            ("不是垃圾，挺好的", Inquiry, Calm),
            ("厨房的垃圾桶可以放旁边吗？", Inquiry, Calm),
            ("我的订单到哪了？", Inquiry, Calm),
            ("冰箱保修多久？", Inquiry, Calm),
            ("怎么把冷冻室设成速冻？", Inquiry, Calm),
            ("麻烦您帮我查一下发票", Inquiry, Calm),
            ("我有个建议，能不能加一个度假模式", Suggestion, Calm),
            ("希望你们出一个会学习的度假模式", Suggestion, Calm),
            ("连上了，谢谢", Inquiry, Calm),
            ("好的谢谢", Inquiry, Calm),
            ("已经解决了，辛苦了", Inquiry, Calm),
            ("Your smart assistant doesn't understand human language at all!", Complaint, Furious),
            ("This is ridiculous, I am fed up!", Complaint, Furious),
            ("YOUR PRODUCT IS GARBAGE!!", Complaint, Furious),
            ("I paid 20,000 for junk, tomorrow I will file a complaint", Complaint, Dissatisfied),
            ("The fridge is broken again", Complaint, Dissatisfied),
            ("It still doesn't work", Complaint, Dissatisfied),
            ("I am very disappointed", Complaint, Dissatisfied),
            ("That is not fixed", Complaint, Dissatisfied),
            ("I'm not angry", Inquiry, Calm),
            ("I am not here to complain", Inquiry, Calm),
            ("I have no complaints at all", Inquiry, Calm),
            ("It's not bad", Inquiry, Calm),
            ("Where is my order?", Inquiry, Calm),
            ("How long is the warranty?", Inquiry, Calm),
            ("How do I set the freezer to fast freeze?", Inquiry, Calm),
            ("I have a suggestion: a vacation mode", Suggestion, Calm),
            ("It would be great if it learned my habits", Suggestion, Calm),
            ("It works now, thank you", Inquiry, Calm),
            ("Great, thanks!", Inquiry, Calm),
        ];
        for (text, issue, emotion) in table {
            let triage = triage(text, None, Lang::Zh);
            assert_eq!((&triage.issue, &triage.emotion), (&issue, &emotion), "{text}: {triage:?}");
            assert!((0.0..=1.0).contains(&triage.confidence), "{text}");
        }
    }

    #[test]
    fn language_priority_and_reasons() {
        let furious = triage("你们的智能客服根本听不懂人话！", None, Lang::En);
        assert_eq!((furious.language.as_str(), furious.priority), ("zh-CN", 3));
        assert!(furious.reasons.contains(&"lexicon:听不懂人话".to_owned()), "{furious:?}");
        assert!(furious.confidence > 0.8);
        let calm = triage("I am not here to complain", None, Lang::Zh);
        assert_eq!((calm.language.as_str(), calm.priority), ("en", 0));
        assert!(calm.reasons.contains(&"negated:complain".to_owned()), "{calm:?}");
        assert_eq!(triage("??", None, Lang::En).language, "en");
    }

    #[test]
    fn feelings_fade_and_thanks_calm() {
        let emotions = |turns: &[&str]| {
            let mut before: Option<Triage> = None;
            let mut seen = Vec::new();
            for text in turns {
                let now = triage(text, before.as_ref(), Lang::Zh);
                seen.push(now.emotion.clone());
                before = Some(now);
            }
            seen
        };
        assert_eq!(emotions(&["气死我了！", "好的谢谢"]), [Furious, Calm]);
        assert_eq!(emotions(&["气死我了！", "型号是520", "路由器没换"]), [Furious, Dissatisfied, Calm]);
        assert_eq!(emotions(&["太差了", "型号是520", "路由器没换"]), [Dissatisfied, Dissatisfied, Calm]);
        assert_eq!(emotions(&["太差了", "还是不行", "型号是520"]), [Dissatisfied, Dissatisfied, Dissatisfied]);
        assert_eq!(emotions(&["花了2万买个废品，明天就去315投诉", "连上了，谢谢"]), [Dissatisfied, Calm]);
        assert_eq!(emotions(&["谢谢你们的垃圾服务！！"]), [Furious]);
    }

    #[test]
    fn nothing_panics() {
        for text in ["", " ", "！", "不", "没", "n't", "😀😀", "[]{}", "不不不不是是是投诉", "\u{202e}投诉"]
        {
            let _ = triage(text, None, Lang::Zh);
        }
    }
}
