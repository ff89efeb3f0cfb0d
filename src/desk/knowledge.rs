//! What the desk knows and says: one TOML file, checked as a whole when it is read.
//!
//! Includes lines with their acts, answers, procedures, faults, good will and the customers of the demonstration.
//! Does not include when anything is said; that is [`dialogue`](super::dialogue).

mod markup;
mod model;

pub(crate) use markup::{Line, Said, Vars, length};
pub(crate) use model::{Answer, BenefitSpec, FactCard, Fault, FormWords, Knowledge, Procedure, QueueWords, Text};

use std::path::{Path, PathBuf};

use crate::problem::Problem;

const SHIPPED: &str = include_str!("../../assets/desk/knowledge.toml");
const SHIPPED_NAME: &str = "assets/desk/knowledge.toml";

/// Where the desk's knowledge comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KnowledgeSource {
    /// The file that is built in.
    #[default]
    Shipped,
    /// A file of one's own in the same form.
    File(PathBuf),
}

impl Knowledge {
    /// Reads and checks.
    ///
    /// # Errors
    /// A file that cannot be read, or that says something the desk does not understand: with file and line.
    pub(crate) fn load(source: &KnowledgeSource) -> Result<Self, Problem> {
        match source {
            KnowledgeSource::Shipped => Self::parse(SHIPPED, Path::new(SHIPPED_NAME)),
            KnowledgeSource::File(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| {
                    Problem::new(WHAT, path.display(), error, "name a readable knowledge file or leave it out")
                })?;
                Self::parse(&text, path)
            }
        }
    }

    fn parse(text: &str, path: &Path) -> Result<Self, Problem> {
        let at = |span: Option<std::ops::Range<usize>>, why: &str| {
            let line = span.map(|span| line_of(text, span.start));
            let place = line.map_or_else(|| path.display().to_string(), |line| format!("{}:{line}", path.display()));
            Problem::new(WHAT, place, why, "correct the knowledge file")
        };
        let knowledge: Self = toml::from_str(text).map_err(|error| at(error.span(), error.message()))?;
        knowledge.check().map_err(|(span, why)| at(Some(span), &why))?;
        Ok(knowledge)
    }
}

const WHAT: &str = "cannot load the desk's knowledge";

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::desk::language::Lang;

    fn error_after(from: &str, to: &str) -> String {
        assert!(SHIPPED.contains(from), "{from}");
        Knowledge::parse(&SHIPPED.replacen(from, to, 1), Path::new("own.toml")).unwrap_err().to_string()
    }

    fn line_with(needle: &str) -> usize {
        SHIPPED.lines().position(|line| line.contains(needle)).unwrap() + 1
    }

    #[test]
    fn the_shipped_file_is_sound_and_greets() {
        let knowledge = Knowledge::load(&KnowledgeSource::Shipped).unwrap();
        let said = knowledge.lines.greet.say(Lang::Zh, &Vars::new());
        assert_eq!(said.text, "您好，我是AI智能助手小薇，请问有什么可以帮您？");
        assert_eq!(said.acts[0].at.as_ref().unwrap().span, [0, 3]);
        let said = knowledge.lines.furious_handoff.say(Lang::Zh, &Vars::new());
        assert_eq!(
            said.text,
            "非常理解您现在的着急，换作是我可能也会很烦躁。我马上为您转接人工专员，您之前说的内容会一并转过去。"
        );
    }

    #[test]
    fn errors_name_file_and_line() {
        let place = format!("own.toml:{}", line_with("[greet]您好，"));
        let error = error_after("[greet]您好，[/]", "[greet]您好，");
        assert!(error.contains(&place) && error.contains("do not nest"), "{error}");
        let error = error_after("[greet]您好，[/]", "您好{nmae}");
        assert!(error.contains(&place) && error.contains("{nmae}"), "{error}");
        let error = error_after("procedure = \"steps-24ghz\"", "procedure = \"steps-25ghz\"");
        assert!(error.contains(&format!("own.toml:{}", line_with("procedure = \"steps-24ghz\""))), "{error}");
        assert!(error.contains("steps-25ghz"), "{error}");
        let error = error_after("severity = 2", "severity = \"two\"");
        assert!(error.contains(&format!("own.toml:{}", line_with("severity = 2"))), "{error}");
        let error = error_after("bye = { zh", "buy = { zh");
        assert!(error.contains("own.toml:") && error.contains("buy"), "{error}");
        let error = error_after("[lines.unknown]", "[lines.unknwon]");
        assert!(error.contains("own.toml:") && error.contains("unknwon"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_there_is_told() {
        let error = Knowledge::load(&KnowledgeSource::File("/nowhere/at/all.toml".into())).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all.toml"));
    }
}
