//! The one shape of an error that a person reads: what, where, why, how to mend.

use crate::words::{Language, Words};

/// Bad input or a broken environment, told in one clear line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {place}: {why}; {mend}")]
pub struct Problem {
    /// What could not be done, such as `cannot load avatar`.
    pub what: String,
    /// Where: file, line, field, address.
    pub place: String,
    /// Why.
    pub why: String,
    /// How to mend it.
    pub mend: String,
}

impl Problem {
    /// Puts the four parts together.
    pub fn new(
        what: impl Into<String>,
        place: impl std::fmt::Display,
        why: impl std::fmt::Display,
        mend: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), place: place.to_string(), why: one_line(&why.to_string()), mend: mend.into() }
    }
}

impl Problem {
    /// The line in a person's language. What a library worded stays as it is.
    #[must_use]
    pub fn told(&self, words: Words) -> String {
        let [what, place, why, mend] = [&self.what, &self.place, &self.why, &self.mend].map(|part| words.phrase(part));
        match words.language() {
            Language::ZhCn => format!("{what}：{place}：{why}；{mend}"),
            Language::En => self.to_string(),
        }
    }

    /// Runs the start of a library that panics where its surroundings are broken (no display, no graphics driver),
    /// and tells that as a problem instead.
    ///
    /// # Errors
    /// The panic's message as the reason.
    pub fn contain<T>(what: &str, place: &str, mend: &str, work: impl FnOnce() -> T) -> Result<T, Self> {
        use std::sync::{Arc, Mutex, PoisonError};
        let reason = Arc::new(Mutex::new(String::new()));
        let sink = reason.clone();
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let message = info.payload_as_str().unwrap_or("it gave no reason");
            message.clone_into(&mut sink.lock().unwrap_or_else(PoisonError::into_inner));
        }));
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        std::panic::set_hook(before);
        outcome.map_err(|_| {
            let reason = reason.lock().unwrap_or_else(PoisonError::into_inner);
            Self::new(what, place, &*reason, mend)
        })
    }
}

/// Folds a message of several lines into one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn a_problem_is_one_line() {
        let problem = Problem::new("cannot read", "here", "line one\n  line two", "mend it");
        assert_eq!(problem.to_string(), "cannot read: here: line one line two; mend it");
    }

    #[test]
    fn a_problem_is_told_in_both_languages() {
        let error = std::io::Error::from_raw_os_error(2);
        let problem = Problem::new("cannot open avatar", "a.vrm", error, "give the path of a .vrm file");
        let [zh, en] = [Language::ZhCn, Language::En].map(|language| problem.told(Words::new(language)));
        assert_eq!(en, problem.to_string());
        assert_eq!(zh, "无法打开形象：a.vrm：没有这个文件或文件夹（系统错误 2）；给出 .vrm 文件的路径");
    }

    /// Every literal that is the `what`, `why` or `mend` of a problem has a translation.
    #[test]
    fn every_problem_in_the_source_has_chinese_words() {
        let words = Words::new(Language::ZhCn);
        let mut seen = 0;
        for (file, source) in sources() {
            let problems = calls(&source, "Problem::new(").flat_map(|call| literal_arguments(call, 1));
            let others = if is_wire_or_built_in(&file) { Vec::new() } else { reasons(&source) };
            for text in problems.chain(others) {
                seen += 1;
                assert_ne!(words.phrase(&text), text, "{}: no Chinese for this problem", file.display());
            }
        }
        assert!(seen > 180, "{seen} literals found");
    }

    /// Sources whose errors no person reads: what the desk answers to programs, what is checked when this is built.
    fn is_wire_or_built_in(file: &std::path::Path) -> bool {
        let file = file.to_string_lossy();
        ["/desk/api", "/desk/auth", "/desk/engine", "/forge/data", "/forge/export", "/report/"]
            .iter()
            .any(|part| file.contains(part))
    }

    /// Errors that become the reason of a problem elsewhere.
    fn reasons(source: &str) -> Vec<String> {
        let refusals = calls(source, "Refusal::new(").flat_map(|call| literal_arguments(call, 0));
        ["#[error(", "Err(", "Err(format!(", "let why = ", "let why = format!(", "const MEND: &str = "]
            .iter()
            .flat_map(|start| calls(source, start))
            .filter_map(literal)
            .chain(refusals)
            .filter(|text| text.contains(|c: char| c.is_ascii_lowercase()))
            .collect()
    }

    fn calls<'s>(source: &'s str, start: &'s str) -> impl Iterator<Item = &'s str> {
        source.match_indices(start).map(|(at, _)| &source[at + start.len()..])
    }

    /// The string literal at the start, with a 7 for every value that is filled in.
    fn literal(rest: &str) -> Option<String> {
        let rest = rest.trim_start();
        let rest = rest.strip_prefix("format!(").unwrap_or(rest).trim_start().strip_prefix('"')?;
        let (mut text, mut escaped, mut depth) = (String::new(), false, 0);
        for c in rest.chars() {
            match c {
                '\\' if !escaped => {
                    escaped = true;
                    continue;
                }
                '"' if !escaped => return Some(text),
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        text.push('7');
                    }
                }
                c if depth == 0 => text.push(c),
                _ => {}
            }
            escaped = false;
        }
        None
    }

    /// Source files without their test modules.
    fn sources() -> Vec<(std::path::PathBuf, String)> {
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && path.file_name().is_none_or(|name| name != "tests") {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
                    files.push((path, text[..end].to_owned()));
                }
            }
        }
        files
    }

    /// The arguments of a call that are literals, except the one that names the place.
    fn literal_arguments(rest: &str, place: usize) -> Vec<String> {
        let (mut depth, mut quoted, mut escaped) = (0, false, false);
        let mut arguments = vec![String::new()];
        for c in rest.chars() {
            if quoted {
                quoted = c != '"' || escaped;
                escaped = c == '\\' && !escaped;
            } else {
                match c {
                    '"' => quoted = true,
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' if depth == 0 => break,
                    ')' | ']' | '}' => depth -= 1,
                    ',' if depth == 0 => {
                        arguments.push(String::new());
                        continue;
                    }
                    _ => {}
                }
            }
            if let Some(argument) = arguments.last_mut() {
                argument.push(c);
            }
        }
        arguments.remove(place);
        arguments.iter().filter_map(|argument| literal(argument)).collect()
    }

    #[test]
    fn a_panic_becomes_a_problem() {
        assert_eq!(Problem::contain("w", "p", "m", || 3).unwrap(), 3);
        let problem = Problem::contain("cannot draw", "adapter", "install one", || panic!("none found")).unwrap_err();
        assert_eq!(problem.to_string(), "cannot draw: adapter: none found; install one");
    }
}
