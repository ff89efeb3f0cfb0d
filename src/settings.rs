//! Settings: defaults < file < environment < flags.
//!
//! Each layer is checked on its own, so that a mistake is told with its own file and line, variable or flag; then the
//! layers are laid over one another.

mod choice;
mod environment;
mod file;
mod layer;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use config::Config;
use serde::{Deserialize, Serialize};
use url::Url;

pub use choice::{LanguageChoice, QualityChoice, parse_server};
pub use environment::VARIABLES;
pub use layer::{CustomerOverrides, Overrides, WindowOverrides};

use crate::affect::ServiceRole;
use crate::problem::Problem;
use crate::words::Language;

const WHAT: &str = "cannot read the settings";

/// Everything that may be set, after all layers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The language of the words; `auto` follows the system.
    pub language: LanguageChoice,
    /// The service desk; without one the built-in desk is started.
    #[serde(default, with = "choice::server")]
    pub server: Option<Url>,
    /// The avatar's VRM file; without one the built-in avatar is used.
    #[serde(default)]
    pub avatar: Option<PathBuf>,
    /// How much detail is drawn; `auto` measures.
    pub quality: QualityChoice,
    /// What part the agent plays: how lively it is.
    pub role: ServiceRole,
    /// The file that says how acts look; without one the built-in lexicon is used.
    #[serde(default)]
    pub lexicon: Option<PathBuf>,
    /// Where the outbox and the desk's database live; see [`Settings::data_folder`].
    #[serde(default)]
    pub data_dir: Option<PathBuf>,
    /// Who the customer is, where the channel knows it.
    #[serde(default)]
    pub customer: Customer,
    /// Seed of everything random in the agent's behavior.
    pub seed: u64,
    /// The window at the start.
    pub window: Window,
    /// What is logged to standard error, in the syntax of `tracing`: `warn,visavis=debug`.
    pub log: String,
}

/// Who the customer is, where the channel knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Customer {
    /// The customer's id in the company's own system.
    pub id: Option<String>,
    /// The name to address the customer by.
    pub name: Option<String>,
}

/// The window at the start, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Width, 320 to 16384.
    pub width: u32,
    /// Height, 240 to 16384.
    pub height: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: LanguageChoice::default(),
            server: None,
            avatar: None,
            quality: QualityChoice::default(),
            role: ServiceRole::default(),
            lexicon: None,
            data_dir: None,
            customer: Customer::default(),
            seed: 1,
            window: Window { width: 1280, height: 800 },
            log: "warn,visavis=info".to_owned(),
        }
    }
}

impl Settings {
    /// Reads `file` (or else the user's own settings file, which may be absent) and the environment of the process,
    /// and puts the flags over them.
    ///
    /// # Errors
    /// A [`Problem`] that names the file and line, or the variable: a given file that is missing, TOML that is
    /// malformed, an unknown key, a wrong value.
    pub fn load(file: Option<&Path>, flags: Overrides) -> Result<Self, Problem> {
        let environment = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        Self::layered(file, Self::default_file().as_deref(), &environment.collect(), flags)
    }

    /// [`Self::load`] with the environment and the place of the user's own file given.
    ///
    /// # Errors
    /// As for [`Self::load`].
    pub fn layered(
        file: Option<&Path>,
        default_file: Option<&Path>,
        environment: &BTreeMap<String, OsString>,
        flags: Overrides,
    ) -> Result<Self, Problem> {
        let from_file = match (file, default_file) {
            (Some(file), _) => file::read(file)?,
            (None, Some(file)) if file.exists() => file::read(file)?,
            _ => Overrides::default(),
        };
        let from_environment = environment::read(environment)?;
        let wrong = |error: config::ConfigError| {
            Problem::new(WHAT, "command line", error, "give the flags values that `--help` allows")
        };
        let mut builder = Config::builder().add_source(Config::try_from(&Self::default()).map_err(wrong)?);
        for layer in [from_file, from_environment, flags] {
            builder = builder.add_source(Config::try_from(&layer).map_err(wrong)?);
        }
        let settings: Self = builder.build().and_then(Config::try_deserialize).map_err(wrong)?;
        Overrides::from(&settings).check().map_err(|why| wrong(config::ConfigError::Message(why)))?;
        Ok(settings)
    }

    /// Where the user's own settings file may be: `visavis/settings.toml` in the system's folder for settings.
    #[must_use]
    pub fn default_file() -> Option<PathBuf> {
        Some(directories::ProjectDirs::from("", "", "visavis")?.config_dir().join("settings.toml"))
    }

    /// Where data is kept: `data_dir`, or else the system's folder for the data of programs; `None` where the user
    /// has no home.
    #[must_use]
    pub fn data_folder(&self) -> Option<PathBuf> {
        let own = || Some(directories::ProjectDirs::from("", "", "visavis")?.data_local_dir().to_path_buf());
        self.data_dir.clone().or_else(own)
    }

    /// The language of the words: the one chosen, or with `auto` the system's, Chinese where it has no messages.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language.resolve(|| sys_locale::get_locales().collect())
    }
}

#[cfg(test)]
mod tests;
