//! The layer of environment variables. Mistakes are told with their variable.

use std::collections::BTreeMap;
use std::ffi::OsString;

use serde::Deserialize;
use toml::{Table, Value};

use super::{Overrides, WHAT};
use crate::problem::Problem;

/// The variables that are read, with the setting that each stands for. An empty one counts as unset.
pub const VARIABLES: [(&str, &str); 13] = [
    ("VISAVIS_LANGUAGE", "language"),
    ("VISAVIS_SERVER", "server"),
    ("VISAVIS_AVATAR", "avatar"),
    ("VISAVIS_QUALITY", "quality"),
    ("VISAVIS_ROLE", "role"),
    ("VISAVIS_LEXICON", "lexicon"),
    ("VISAVIS_DATA_DIR", "data_dir"),
    ("VISAVIS_CUSTOMER_ID", "customer.id"),
    ("VISAVIS_CUSTOMER_NAME", "customer.name"),
    ("VISAVIS_SEED", "seed"),
    ("VISAVIS_WINDOW_WIDTH", "window.width"),
    ("VISAVIS_WINDOW_HEIGHT", "window.height"),
    ("VISAVIS_LOG", "log"),
];

/// Reads the variables; each is checked alone, as a settings file of one line would be.
pub(super) fn read(environment: &BTreeMap<String, OsString>) -> Result<Overrides, Problem> {
    let mut all = Table::new();
    for (variable, key) in VARIABLES {
        let Some(value) = environment.get(variable).filter(|value| !value.is_empty()) else { continue };
        let wrong = |why: String| {
            Problem::new(WHAT, format!("environment variable {variable}"), why, "correct or unset the variable")
        };
        let text = value.to_str().ok_or_else(|| wrong("the value is no UTF-8 text".to_owned()))?;
        let value = typed(key, text).map_err(wrong)?;
        let mut one = Table::new();
        set(&mut one, key, value.clone());
        Overrides::deserialize(one).map_err(|error: toml::de::Error| wrong(error.message().to_owned()))?;
        set(&mut all, key, value);
    }
    Overrides::deserialize(all).map_err(|error: toml::de::Error| {
        Problem::new(WHAT, "environment", error.message(), "correct the VISAVIS_ variables")
    })
}

/// A variable is text; some settings are numbers.
fn typed(key: &str, text: &str) -> Result<Value, String> {
    if matches!(key, "seed" | "window.width" | "window.height") {
        let number: i64 = text.trim().parse().map_err(|_| format!("`{text}` is no whole number"))?;
        return Ok(Value::Integer(number));
    }
    Ok(Value::String(text.to_owned()))
}

fn set(table: &mut Table, key: &str, value: Value) {
    match key.split_once('.') {
        Some((section, key)) => {
            let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(section) = section {
                section.insert(key.to_owned(), value);
            }
        }
        None => {
            table.insert(key.to_owned(), value);
        }
    }
}
