//! The languages a customer may read, and how they are found from language tags.

use unic_langid::LanguageIdentifier;

/// A language that every message exists in. Chinese comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    ZhCn,
    /// English.
    En,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The language of a BCP 47 tag (`zh-Hans-CN`, `en-GB`) or of a POSIX locale (`zh_CN.UTF-8`); `None` for a
    /// language without messages, and for what is no tag.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().split(['.', '@']).next().unwrap_or_default();
        let identifier: LanguageIdentifier = tag.parse().ok()?;
        match identifier.language.as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first of these tags that has messages; Chinese where none has.
    pub fn best<'tag>(tags: impl IntoIterator<Item = &'tag str>) -> Self {
        tags.into_iter().find_map(Self::from_tag).unwrap_or_default()
    }

    /// The BCP 47 tag: `zh-CN` or `en`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// What speakers of the language call it.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::ZhCn => "简体中文",
            Self::En => "English",
        }
    }

    /// The other language: what the language switch changes to.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::ZhCn => Self::En,
            Self::En => Self::ZhCn,
        }
    }

    /// The tag as Fluent wants it, for plurals.
    pub(super) fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_locales_are_understood() {
        for tag in ["zh-CN", "zh", "zh_CN.UTF-8", "zh-Hans-CN", "zh-TW", "ZH-cn", " zh "] {
            assert_eq!(Language::from_tag(tag), Some(Language::ZhCn), "{tag}");
        }
        for tag in ["en", "en-US", "en_GB.UTF-8", "en_US@euro"] {
            assert_eq!(Language::from_tag(tag), Some(Language::En), "{tag}");
        }
        for tag in ["", "C", "POSIX", "C.UTF-8", "fr-FR", "你好", "x-y-z", "-----"] {
            assert_eq!(Language::from_tag(tag), None, "{tag}");
        }
    }

    #[test]
    fn the_best_language_is_the_first_that_exists() {
        assert_eq!(Language::best(["fr-FR", "en-US", "zh-CN"]), Language::En);
        assert_eq!(Language::best(["C"]), Language::ZhCn);
        assert_eq!(Language::best([]), Language::ZhCn);
    }

    #[test]
    fn a_tag_leads_back_to_its_language() {
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
            assert_eq!(language.identifier().to_string(), language.tag());
            assert_ne!(language.other(), language);
        }
    }
}
