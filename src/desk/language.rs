//! Which of the desk's two languages a text or a locale is.

use serde::{Deserialize, Serialize};

/// A language that the desk speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language of a BCP 47 tag: Chinese for `zh…`, English for everything else.
    pub(crate) fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }

    /// The language that a text is clearly in, if it is clear. Model names such as `BCD-520WIFI` say nothing.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let han = text.chars().filter(|&c| is_han(c)).count();
        if han >= 2 {
            return Some(Self::Zh);
        }
        let words = text
            .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
            .filter(|word| word.chars().any(|c| c.is_ascii_alphabetic()) && !word.chars().any(|c| c.is_ascii_digit()))
            .filter(|word| !word.chars().all(|c| c.is_ascii_uppercase() || c == '-') || word.len() == 1)
            .count();
        let letters = text.chars().filter(char::is_ascii_alphabetic).count();
        (han == 0 && words >= 1 && letters >= 4).then_some(Self::En)
    }

    /// The BCP 47 tag.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

/// Whether a character is a Chinese ideograph.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_chinese_english_or_unclear() {
        assert_eq!(Lang::of_text("我的订单到哪了？"), Some(Lang::Zh));
        assert_eq!(Lang::of_text("Wi-Fi 连不上"), Some(Lang::Zh));
        assert_eq!(Lang::of_text("Where is my order?"), Some(Lang::En));
        assert_eq!(Lang::of_text("thanks"), Some(Lang::En));
        assert_eq!(Lang::of_text("BCD-520WIFI"), None);
        assert_eq!(Lang::of_text("OK"), None);
        assert_eq!(Lang::of_text("？？"), None);
        assert_eq!(Lang::of_locale("zh-TW"), Lang::Zh);
        assert_eq!(Lang::of_locale("fr"), Lang::En);
    }
}
