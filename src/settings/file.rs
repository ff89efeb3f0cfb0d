//! The layer of a TOML file. Mistakes are told with their line.

use std::path::Path;

use super::{Overrides, WHAT};
use crate::problem::Problem;

/// Reads a settings file. Relative paths in it start at the folder that it is in.
pub(super) fn read(file: &Path) -> Result<Overrides, Problem> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let mend = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path of the settings file",
            std::io::ErrorKind::InvalidData => "save the file as UTF-8 text",
            _ => "make the file readable",
        };
        Problem::new(WHAT, file.display(), error, mend)
    })?;
    let mut layer = parse(&text).map_err(|(line, why)| mistake(file, &text, line, &why))?;
    if let Some(folder) = file.parent() {
        for path in [&mut layer.avatar, &mut layer.data_dir].into_iter().flatten() {
            *path = folder.join(&*path);
        }
    }
    Ok(layer)
}

/// The layer, or the line (from 1) and what is wrong there.
fn parse(text: &str) -> Result<Overrides, (usize, String)> {
    toml::from_str(text.trim_start_matches('\u{feff}')).map_err(|error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.as_bytes().get(..start).unwrap_or(text.as_bytes());
        (before.iter().filter(|byte| **byte == b'\n').count() + 1, error.message().to_owned())
    })
}

fn mistake(file: &Path, text: &str, line: usize, why: &str) -> Problem {
    let content = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let key = content.split_once('=').map(|(key, _)| key.trim()).filter(|key| !key.is_empty());
    let place = match key {
        Some(key) => format!("{}, line {line}, key `{key}`", file.display()),
        None => format!("{}, line {line}", file.display()),
    };
    let mend = if why.starts_with("unknown field") { "correct or remove the key" } else { "correct this line" };
    Problem::new(WHAT, place, why, mend)
}
