//! A command line that cannot be understood, told as one problem like all other bad input.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _};

use super::{Cli, help};
use crate::problem::Problem;
use crate::settings::LanguageChoice;
use crate::words::Words;

/// What the arguments ask for.
pub(super) enum Parsed {
    Run(Box<Cli>),
    /// `--help` or `--version`: the text.
    Text(clap::Error),
}

/// The language before the settings are read: flag, environment, system.
pub(super) fn early_words(arguments: &[OsString]) -> Words {
    let mut flag = None;
    let mut rest = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(argument) = rest.next() {
        match argument.strip_prefix("--language") {
            Some("") => flag = rest.next(),
            Some(value) => flag = value.strip_prefix('='),
            None => {}
        }
    }
    let variable = std::env::var("VISAVIS_LANGUAGE").ok();
    let chosen = flag.or(variable.as_deref()).and_then(|tag| tag.parse().ok()).unwrap_or(LanguageChoice::Auto);
    Words::new(chosen.resolve(|| sys_locale::get_locales().collect()))
}

/// Reads the arguments.
///
/// # Errors
/// A [`Problem`] that names the argument.
pub(super) fn parse(arguments: Vec<OsString>, words: Words) -> Result<Parsed, Problem> {
    let command = help::localize(Cli::command(), words);
    let parsed = command.try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => Ok(Parsed::Run(Box::new(cli))),
        Err(error) if !error.use_stderr() => Ok(Parsed::Text(error)),
        Err(error) => Err(problem(&error)),
    }
}

fn problem(error: &clap::Error) -> Problem {
    let said = |kind| error.get(kind).map(ToString::to_string).filter(|text| !text.is_empty());
    let argument = said(ContextKind::InvalidArg).or_else(|| said(ContextKind::InvalidSubcommand));
    let place = argument.unwrap_or_else(|| "command line".to_owned());
    let value = said(ContextKind::InvalidValue);
    let suggestion = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(said);
    let why = match error.kind() {
        ErrorKind::UnknownArgument => "there is no such option".to_owned(),
        ErrorKind::InvalidSubcommand => "there is no such command".to_owned(),
        ErrorKind::MissingRequiredArgument => "it is required".to_owned(),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "a command is required".to_owned()
        }
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg) {
            Some(other) => format!("it cannot be used together with {other}"),
            None => "it is given twice".to_owned(),
        },
        ErrorKind::InvalidValue if value.is_none() => "it needs a value".to_owned(),
        ErrorKind::InvalidValue => match (value, said(ContextKind::ValidValue)) {
            (Some(value), Some(valid)) => format!("unknown value `{value}`, expected one of {valid}"),
            (value, _) => format!("the value `{}` is not allowed", value.unwrap_or_default()),
        },
        ErrorKind::ValueValidation => match error.source() {
            Some(reason) => reason.to_string(),
            None => format!("the value `{}` is not allowed", value.unwrap_or_default()),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            "it has the wrong number of values".to_owned()
        }
        ErrorKind::InvalidUtf8 => "the value is no UTF-8 text".to_owned(),
        _ => error.to_string(),
    };
    let mend =
        suggestion.map_or_else(|| "see --help".to_owned(), |better| format!("did you mean {better}? see --help"));
    Problem::new("cannot read the command line", place, why, mend)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::*;
    use crate::words::Language;

    fn told(arguments: &[&str], language: Language) -> String {
        let arguments = std::iter::once("visavis").chain(arguments.iter().copied()).map(OsString::from).collect();
        match parse(arguments, Words::new(language)) {
            Err(problem) => problem.told(Words::new(language)),
            Ok(_) => panic!("must be refused"),
        }
    }

    #[test]
    fn mistakes_are_one_line_in_both_languages() {
        let cases: [(&[&str], &str, &str); 5] = [
            (&["--langauge", "en"], "--langauge", "没有这个选项"),
            (&["doktor"], "doktor", "没有这个命令"),
            (&["--language", "fr"], "fr", "不认识的值“fr”"),
            (&["--seed", "many"], "--seed", "参数"),
            (&["avatar", "inspect"], "FILE", "不可缺少"),
        ];
        for (arguments, place, chinese) in cases {
            let (zh, en) = (told(arguments, Language::ZhCn), told(arguments, Language::En));
            assert!(zh.contains(place) && zh.contains(chinese), "{zh}");
            assert!(en.contains(place) && en.is_ascii(), "{en}");
            assert!(!zh.contains('\n') && !en.contains('\n'));
        }
        assert!(told(&["doktor"], Language::En).contains("did you mean doctor?"));
    }

    #[test]
    fn the_flag_chooses_the_language_early() {
        let words = |arguments: &[&str]| early_words(&arguments.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(words(&["visavis", "--language", "en"]).language(), Language::En);
        assert_eq!(words(&["visavis", "demo", "--language=zh-CN"]).language(), Language::ZhCn);
        let _ = words(&["visavis", "--language"]);
    }
}
