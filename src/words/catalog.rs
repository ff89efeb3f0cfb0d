//! The Fluent files, parsed once, and what was wrong with them, told once.

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::Language;

/// Lists the files of a language: the same names for each.
macro_rules! files {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../assets/words/", $folder, "/", $name, ".ftl")))),+]
    };
}

const ZH_CN: &[(&str, &str)] =
    files!("zh-CN": "app", "service", "chat", "cards", "avatar", "doctor", "demo", "studio", "phrases");
const EN: &[(&str, &str)] =
    files!("en": "app", "service", "chat", "cards", "avatar", "doctor", "demo", "studio", "phrases");

/// Every message of every language.
pub(super) static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::parse);

/// The parsed files.
pub(super) struct Catalog {
    bundles: [FluentBundle<FluentResource>; 2],
    /// Keys that were complained about.
    told: Mutex<BTreeSet<String>>,
}

impl Catalog {
    fn parse() -> Self {
        Self { bundles: Language::ALL.map(bundle), told: Mutex::default() }
    }

    /// The message with its variables filled in; `None` where this language has none of this key.
    pub(super) fn format(
        &self,
        language: Language,
        key: &str,
        variables: &[(&str, FluentValue<'_>)],
    ) -> Option<String> {
        let bundle = &self.bundles[language as usize];
        let pattern = bundle.get_message(key)?.value()?;
        let arguments: FluentArgs<'_> = variables.iter().cloned().collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        for error in errors {
            self.complain(key, || error.to_string());
        }
        Some(text)
    }

    /// Logs what is wrong with this key, the first time.
    pub(super) fn complain(&self, key: &str, why: impl FnOnce() -> String) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() < 1000 && told.insert(key.to_owned()) {
            tracing::warn!(key, "words: {}", why());
        }
    }
}

/// The keys of a language that start so, in the order of the files.
pub(super) fn keys(language: Language, start: &str) -> impl Iterator<Item = &'static str> {
    let lines = files(language).iter().flat_map(|(_, source)| source.lines());
    lines.filter_map(|line| Some(line.split_once(" =")?.0)).filter(move |key| key.starts_with(start))
}

fn files(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::ZhCn => ZH_CN,
        Language::En => EN,
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
    // The marks that keep right-to-left text apart show up as boxes, and no language here needs them.
    bundle.set_use_isolating(false);
    for (name, source) in files(language) {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, errors)| {
            tracing::error!(language = language.tag(), file = name, ?errors, "words: broken messages left out");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(language = language.tag(), file = name, ?errors, "words: messages of one key twice");
        }
    }
    bundle
}

/// The source of every message by key.
#[cfg(test)]
pub(super) fn messages(language: Language) -> std::collections::BTreeMap<String, String> {
    let mut messages = std::collections::BTreeMap::new();
    for (name, source) in files(language) {
        let mut current: Option<String> = None;
        for line in source.lines() {
            if let Some((key, rest)) =
                line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                let twice = messages.insert(key.to_owned(), rest.to_owned());
                assert!(twice.is_none(), "{} {name}: {key} twice", language.tag());
                current = Some(key.to_owned());
            } else if let Some(text) = current.as_ref().and_then(|key| messages.get_mut(key))
                && line.starts_with(' ')
            {
                text.push('\n');
                text.push_str(line);
            }
        }
    }
    messages
}

/// The variables that a message uses.
#[cfg(test)]
pub(super) fn variables(message: &str) -> BTreeSet<String> {
    message
        .split('$')
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn every_file_parses_and_no_key_stands_twice() {
        for language in Language::ALL {
            let mut bundle: FluentBundle<FluentResource> = FluentBundle::new_concurrent(vec![language.identifier()]);
            for (name, source) in files(language) {
                let resource = FluentResource::try_new((*source).to_owned());
                let resource = resource.unwrap_or_else(|(_, errors)| panic!("{} {name}: {errors:?}", language.tag()));
                bundle.add_resource(resource).unwrap_or_else(|errors| panic!("{} {name}: {errors:?}", language.tag()));
            }
            for key in messages(language).keys() {
                assert!(bundle.has_message(key), "{} {key}", language.tag());
            }
        }
    }

    #[test]
    fn languages_index_their_bundles() {
        for (index, language) in Language::ALL.into_iter().enumerate() {
            assert_eq!(language as usize, index);
        }
    }
}
