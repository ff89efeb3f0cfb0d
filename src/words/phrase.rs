//! The program's English texts that other parts only pass on (problems, help), found again in the Fluent files.

use std::sync::LazyLock;

use fluent_bundle::FluentValue;

use super::Language;
use super::catalog::{CATALOG, keys};

/// Keys of texts that are found by their English wording.
const START: &str = "phrase-";

/// The variables of a phrase, in the order of the English text.
const NAMES: [&str; 3] = ["a", "b", "c"];

/// What stands for a variable while the phrases are cut up.
const MARK: &str = "\u{1}";

/// An English text cut at its variables.
struct Phrase {
    key: &'static str,
    literals: Vec<String>,
}

/// Phrases with the most fixed text first: the closest match wins.
static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let marks = NAMES.map(|name| (name, FluentValue::from(MARK)));
    let mut phrases: Vec<Phrase> = keys(Language::En, START)
        .filter_map(|key| {
            let text = CATALOG.format(Language::En, key, &marks)?;
            Some(Phrase { key, literals: text.split(MARK).map(str::to_owned).collect() })
        })
        .collect();
    phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.literals.iter().map(String::len).sum::<usize>()));
    phrases
});

impl Phrase {
    /// What stands in a text where this phrase has variables; `None` for another text.
    fn values<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, rest) = self.literals.split_first()?;
        let mut left = text.strip_prefix(first.as_str())?;
        let mut values = Vec::new();
        for (at, literal) in rest.iter().enumerate() {
            let is_last = at + 1 == rest.len();
            let end = if is_last { left.len().checked_sub(literal.len())? } else { left.find(literal.as_str())? };
            let (value, tail) = left.split_at_checked(end)?;
            values.push(value);
            left = tail.strip_prefix(literal.as_str())?;
        }
        left.is_empty().then_some(values)
    }
}

pub(super) fn translate(language: Language, english: &str) -> String {
    if language == Language::En {
        return english.to_owned();
    }
    let found = PHRASES.iter().find_map(|phrase| Some((phrase.key, phrase.values(english)?)));
    let said = found.and_then(|(key, values)| {
        let values = values.into_iter().map(|value| FluentValue::from(translate(language, value)));
        let variables: Vec<_> = NAMES.into_iter().zip(values).collect();
        CATALOG.format(language, key, &variables)
    });
    said.unwrap_or_else(|| english.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn phrases_are_found_by_their_english_words() {
        let zh = |text| translate(Language::ZhCn, text);
        assert_eq!(zh("cannot draw"), "无法绘图");
        assert_eq!(zh("cannot draw picture"), "无法绘制图片");
        assert_eq!(zh("No such file or directory (os error 2)"), "没有这个文件或文件夹（系统错误 2）");
        assert_eq!(zh("`x` is no address: relative URL without a base"), "“x”不是地址：缺少 http:// 或 https://");
        assert_eq!(zh("words of a library"), "words of a library");
        assert_eq!(zh(""), "");
        assert_eq!(translate(Language::En, "cannot draw"), "cannot draw");
    }

    #[test]
    fn every_phrase_has_words_of_its_own() {
        for (at, phrase) in PHRASES.iter().enumerate() {
            let is_whole = phrase.literals.len() == 1;
            let is_told = is_whole || phrase.literals.iter().any(|literal| literal.trim().len() > 3);
            assert!(is_told, "{} matches anything", phrase.key);
            assert!(phrase.literals.len() <= NAMES.len() + 1, "{} has too many variables", phrase.key);
            let english = phrase.literals.join("7");
            let found = PHRASES.iter().position(|other| other.values(&english).is_some()).unwrap();
            assert_eq!(found, at, "{} is hidden by {}", phrase.key, PHRASES[found].key);
            assert_ne!(translate(Language::ZhCn, &english), english, "{} has no Chinese", phrase.key);
        }
    }
}
