//! Values that a setting may have.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::words::Language;

/// A setting with a few named values: `FromStr` and `Display` use the names of the settings file.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in settings and flags.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(format!("unknown value `{text}`, expected one of {}", [$($text),+].join(", "))),
                }
            }
        }
    };
}

choice! {
    /// Which language the words are in.
    LanguageChoice {
        /// The system's language.
        #[default]
        Auto = "auto",
        /// Simplified Chinese.
        ZhCn = "zh-CN",
        /// English.
        En = "en",
    }
}

choice! {
    /// How much detail is drawn.
    QualityChoice {
        /// What the machine can draw smoothly.
        #[default]
        Auto = "auto",
        /// For a processor that draws without a GPU.
        Software = "software",
        /// For a small GPU.
        Low = "low",
        /// Everything.
        High = "high",
    }
}

impl LanguageChoice {
    /// The language chosen; with `auto` the first of the system's languages that has messages, or else Chinese.
    #[must_use]
    pub fn resolve(self, system_tags: impl FnOnce() -> Vec<String>) -> Language {
        match self {
            Self::Auto => Language::best(system_tags().iter().map(String::as_str)),
            Self::ZhCn => Language::ZhCn,
            Self::En => Language::En,
        }
    }
}

impl From<Language> for LanguageChoice {
    fn from(language: Language) -> Self {
        match language {
            Language::ZhCn => Self::ZhCn,
            Language::En => Self::En,
        }
    }
}

/// The address of a service desk, as a flag or a setting gives it.
///
/// # Errors
/// What is wrong with it, in a few words.
pub fn parse_server(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("`{text}` is no address: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{text}` does not start with http:// or https://"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(format!("`{text}` names no host"));
    }
    Ok(url)
}

/// A service desk's address as serde reads and writes it.
pub(super) mod server {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use url::Url;

    #[allow(clippy::ref_option, reason = "serde's `with` asks for this shape")]
    pub(crate) fn serialize<S: Serializer>(server: &Option<Url>, serializer: S) -> Result<S::Ok, S::Error> {
        match server {
            Some(url) => serializer.serialize_some(url.as_str()),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| super::parse_server(&text).map_err(D::Error::custom)).transpose()
    }
}
