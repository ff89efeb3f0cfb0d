//! What a customer reads: messages in Chinese and English from the Fluent files in `assets/words/`.
//!
//! The files are part of the program, so nothing can be missing at run time. A key that one language lacks is taken
//! from the other, and at last the key itself is shown: words never fail. What the assistant *says* is not here: that
//! comes from the desk.

mod catalog;
pub mod font;
mod language;
mod phrase;

pub use fluent_bundle::FluentValue;
pub use language::Language;

use catalog::CATALOG;

/// The messages in one language. Cheap to clone; every clone reads the same parsed files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Words {
    language: Language,
}

impl Words {
    /// The messages in this language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// Which language this is.
    #[must_use]
    pub fn language(self) -> Language {
        self.language
    }

    /// The message of this key, without variables. See [`Self::text_with`].
    #[must_use]
    pub fn text(self, key: &str) -> String {
        self.text_with(key, &[])
    }

    /// The message of this key with its variables filled in:
    ///
    /// ```
    /// # use visavis::words::{Language, Words};
    /// let words = Words::new(Language::ZhCn);
    /// assert_eq!(words.text_with("owner-queued", &[("position", 2.into())]), "排队中（第 2 位）");
    /// ```
    ///
    /// A key that this language lacks is taken from the other language; one that both lack is shown as it is. Both,
    /// and a variable that is not given, are logged once.
    #[must_use]
    pub fn text_with(self, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
        for language in [self.language, self.language.other()] {
            if let Some(text) = CATALOG.format(language, key, variables) {
                return text;
            }
            CATALOG.complain(key, || format!("no message in {}", language.tag()));
        }
        key.to_owned()
    }

    /// An English text of the program's own (a problem, help of the command line) in this language; as it is where
    /// there is no translation, for example where a library worded it.
    ///
    /// ```
    /// # use visavis::words::{Language, Words};
    /// let words = Words::new(Language::ZhCn);
    /// assert_eq!(words.phrase("make the file readable or set KEY"), "让文件可读，或设置 KEY");
    /// ```
    #[must_use]
    pub fn phrase(self, english: &str) -> String {
        phrase::translate(self.language, english)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::catalog::{messages, variables};
    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_and_variables() {
        let [zh, en] = [Language::ZhCn, Language::En].map(messages);
        let keys = |map: &std::collections::BTreeMap<String, String>| map.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(&zh), keys(&en));
        for (key, text) in &zh {
            assert_eq!(variables(text), variables(&en[key]), "variables of {key}");
        }
    }

    #[test]
    fn every_message_can_be_formatted_and_says_something() {
        for language in Language::ALL {
            for (key, text) in messages(language) {
                let names = variables(&text);
                let values: Vec<(&str, FluentValue<'_>)> =
                    names.iter().map(|name| (name.as_str(), FluentValue::from("7"))).collect();
                let said = Words::new(language).text_with(&key, &values);
                assert!(!said.trim().is_empty() && said != key, "{} {key}: {said:?}", language.tag());
                assert!(!said.contains(['{', '}']), "{} {key}: {said:?}", language.tag());
                assert!(!said.contains(['\u{2068}', '\u{2069}']), "isolation marks in {key}");
            }
        }
    }

    #[test]
    fn every_key_in_the_source_exists() {
        let known = messages(Language::ZhCn);
        let mut files = Vec::new();
        collect_rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        assert!(files.len() > 10);
        for file in files {
            let source = std::fs::read_to_string(&file).unwrap();
            for key in keys_in(&source) {
                assert!(known.contains_key(&key), "{}: no message `{key}`", file.display());
            }
        }
    }

    #[test]
    fn a_missing_key_falls_back_to_itself() {
        for language in Language::ALL {
            let words = Words::new(language);
            let key = ["no", "such", "key"].join("-");
            assert_eq!(words.text(&key), key);
            assert_eq!(words.text(""), "");
            assert_eq!(words.text("{ $x"), "{ $x");
        }
    }

    #[test]
    fn variables_are_filled_in_by_language() {
        let [zh, en] = [Language::ZhCn, Language::En].map(Words::new);
        assert_eq!(zh.text("chat-placeholder"), "请输入您的问题…");
        assert_eq!(zh.text_with("owner-human", &[("name", "小李".into())]), "人工客服 小李");
        assert_eq!(zh.text_with("card-countdown", &[("minutes", 29.into()), ("seconds", 5.into())]), "剩余 29 分 5 秒");
        assert_eq!(en.text_with("owner-queued", &[("position", 3.into())]), "Waiting for a person (number 3)");
    }

    #[test]
    fn a_forgotten_variable_is_no_failure() {
        assert!(Words::new(Language::ZhCn).text("owner-queued").contains("position"));
    }

    #[test]
    fn words_may_cross_threads() {
        fn assert_shared<T: Send + Sync + 'static>() {}
        assert_shared::<Words>();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Words::new(Language::En).text_with("owner-queued", &[("position", 1.into())]));
            }
        });
    }

    fn collect_rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect_rust_files(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }

    /// The literal keys of `.text("…")` and `.text_with("…"`.
    fn keys_in(source: &str) -> Vec<String> {
        let mut keys = Vec::new();
        for call in [".text(", ".text_with("] {
            for (at, _) in source.match_indices(call) {
                let argument = source[at + call.len()..].trim_start();
                if let Some(key) = argument.strip_prefix('"').and_then(|rest| rest.split('"').next())
                    && !key.is_empty()
                    && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                {
                    keys.push(key.to_owned());
                }
            }
        }
        keys
    }
}
