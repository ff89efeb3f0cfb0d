//! One layer of settings: what a file, the environment or the flags say, and nothing else.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use url::Url;

use super::Settings;
use super::choice::{self, LanguageChoice, QualityChoice};
use crate::affect::ServiceRole;

/// One layer of settings: `None` leaves a setting to the layers below. See [`Settings`] for what each means.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields of Settings")]
pub struct Overrides {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageChoice>,
    #[serde(skip_serializing_if = "Option::is_none", with = "choice::server")]
    pub server: Option<Url>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "path")]
    pub avatar: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<QualityChoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<ServiceRole>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "path")]
    pub lexicon: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "path")]
    pub data_dir: Option<PathBuf>,
    pub customer: CustomerOverrides,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    pub window: WindowOverrides,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "log")]
    pub log: Option<String>,
}

/// One layer of [`Customer`](super::Customer).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields of Customer")]
pub struct CustomerOverrides {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// One layer of [`Window`](super::Window).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields of Window")]
pub struct WindowOverrides {
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "width")]
    pub width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "height")]
    pub height: Option<u32>,
}

impl Overrides {
    /// What serde cannot check about values that code, not text, has set.
    pub(super) fn check(&self) -> Result<(), String> {
        self.window.width.map_or(Ok(()), |width| check_size(width, MIN_WIDTH))?;
        self.window.height.map_or(Ok(()), |height| check_size(height, MIN_HEIGHT))?;
        self.log.as_deref().map_or(Ok(()), check_log)
    }
}

impl From<&Settings> for Overrides {
    fn from(settings: &Settings) -> Self {
        Self {
            language: Some(settings.language),
            server: settings.server.clone(),
            avatar: settings.avatar.clone(),
            quality: Some(settings.quality),
            role: Some(settings.role),
            lexicon: settings.lexicon.clone(),
            data_dir: settings.data_dir.clone(),
            customer: CustomerOverrides { id: settings.customer.id.clone(), name: settings.customer.name.clone() },
            seed: Some(settings.seed),
            window: WindowOverrides { width: Some(settings.window.width), height: Some(settings.window.height) },
            log: Some(settings.log.clone()),
        }
    }
}

const MIN_WIDTH: u32 = 320;
const MIN_HEIGHT: u32 = 240;
/// What GPUs can draw to.
const MAX_SIZE: u32 = 16384;

fn check_size(pixels: u32, min: u32) -> Result<(), String> {
    if (min..=MAX_SIZE).contains(&pixels) {
        return Ok(());
    }
    Err(format!("{pixels} pixels are out of range, expected {min} to {MAX_SIZE}"))
}

fn check_log(filter: &str) -> Result<(), String> {
    let parsed = tracing_subscriber::EnvFilter::try_new(filter);
    parsed.map(drop).map_err(|error| format!("`{filter}` is no log filter such as `warn,visavis=debug`: {error}"))
}

fn width<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    size(deserializer, MIN_WIDTH)
}

fn height<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    size(deserializer, MIN_HEIGHT)
}

fn size<'de, D: Deserializer<'de>>(deserializer: D, min: u32) -> Result<Option<u32>, D::Error> {
    let pixels = Option::<u32>::deserialize(deserializer)?;
    pixels.map_or(Ok(()), |pixels| check_size(pixels, min)).map_err(D::Error::custom)?;
    Ok(pixels)
}

fn log<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let filter = Option::<String>::deserialize(deserializer)?;
    filter.as_deref().map_or(Ok(()), check_log).map_err(D::Error::custom)?;
    Ok(filter)
}

fn path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let path = Option::<PathBuf>::deserialize(deserializer)?;
    if path.as_ref().is_some_and(|path| path.as_os_str().is_empty()) {
        return Err(D::Error::custom("the path is empty"));
    }
    Ok(path)
}
