//! `--help` in the chosen language: the English texts beside the flags are found again among the phrases.

use clap::builder::{PossibleValue, StyledStr};
use clap::{Arg, Command};

use crate::words::{Language, Words};

/// clap's own layout with its headings in Chinese.
const TEMPLATE: &str = "{before-help}{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// Puts a command and all below it into a language.
pub(super) fn localize(mut command: Command, words: Words) -> Command {
    if words.language() == Language::En {
        return command;
    }
    command.build();
    translate(command, words)
}

fn translate(command: Command, words: Words) -> Command {
    let about = command.get_about().map(|text| words.phrase(&text.to_string()));
    let examples = command.get_after_help().map(|text| lines(&text.to_string(), words));
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading(words.phrase("Commands"))
        .subcommand_value_name(words.phrase("COMMAND"))
        .mut_args(|arg| argument(arg, words))
        .mut_subcommands(|sub| translate(sub, words));
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(examples) = examples {
        command = command.after_help(examples);
    }
    command
}

fn argument(arg: Arg, words: Words) -> Arg {
    let heading = words.phrase(if arg.is_positional() { "Arguments" } else { "Options" });
    let said = |text: Option<&StyledStr>| text.map(|text| words.phrase(&text.to_string()));
    let (short, long) = (said(arg.get_help()), said(arg.get_long_help()));
    let choice = choice(&arg, words);
    // What clap itself would say of values and defaults is English.
    let mut arg = arg.help_heading(heading).hide_possible_values(true).hide_default_value(true);
    if let Some(text) = short {
        arg = arg.help(text + &choice);
    }
    if let Some(text) = long {
        arg = arg.long_help(text + &choice);
    }
    arg
}

/// The values that an argument takes, with what they mean, and the one that it has when left out.
fn choice(arg: &Arg, words: Words) -> String {
    if !arg.get_action().takes_values() {
        return String::new();
    }
    let value = |value: &PossibleValue| match value.get_help() {
        Some(help) => format!("{}（{}）", value.get_name(), words.phrase(&help.to_string())),
        None => value.get_name().to_owned(),
    };
    let values: Vec<_> = arg.get_possible_values().iter().filter(|value| !value.is_hide_set()).map(value).collect();
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let values = if values.is_empty() { String::new() } else { format!("：{}", values.join("、")) };
    let default = if default.is_empty() { String::new() } else { format!("（默认 {}）", default.join(" ")) };
    values + &default
}

/// Examples: each line is a command with, after two or more spaces, what it does.
fn lines(text: &str, words: Words) -> String {
    let line = |line: &str| match line.trim_start().split_once("  ") {
        Some((command, meaning)) => {
            let start = line.len() - meaning.trim_start().len();
            let (kept, meaning) = line.split_at_checked(start).unwrap_or((command, meaning));
            format!("{kept}{}", words.phrase(meaning))
        }
        None if line.starts_with(' ') => line.to_owned(),
        None => words.phrase(line),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use clap::CommandFactory as _;

    use super::super::Cli;
    use super::*;

    /// Latin words that are the same in Chinese help: names of values, flags, programs and formats.
    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn all_help_exists_in_chinese() {
        let words = Words::new(Language::ZhCn);
        let mut commands = vec![localize(Cli::command(), words)];
        let mut seen = 0;
        while let Some(command) = commands.pop() {
            if command.get_name() == "help" {
                continue;
            }
            let name = command.get_name().to_owned();
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(is_chinese(&about), "about of {name}: {about}");
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(is_chinese(&help), "{name}, {}: {help}", arg.get_id());
                for value in arg.get_possible_values() {
                    let meaning = value.get_help().map(|text| words.phrase(&text.to_string())).unwrap_or_default();
                    assert!(meaning.is_empty() || is_chinese(&meaning), "{name}, {}: {meaning}", arg.get_id());
                }
                seen += 1;
            }
            for line in command.get_after_help().map(ToString::to_string).unwrap_or_default().lines() {
                let meaning = line.trim_start().split_once("  ").map_or("", |(_, meaning)| meaning);
                assert!(meaning.is_empty() || is_chinese(meaning), "{name}: {line}");
            }
            commands.extend(command.get_subcommands().cloned());
        }
        assert!(seen > 20, "{seen} arguments");
    }

    #[cfg(feature = "desktop")]
    #[test]
    fn values_and_defaults_are_told_in_chinese() {
        let mut command = localize(Cli::command(), Words::new(Language::ZhCn));
        let render = command.find_subcommand_mut("avatar").unwrap().find_subcommand_mut("render").unwrap();
        let help = render.render_long_help().to_string();
        assert!(help.contains("face（下巴到发际线）") && help.contains("（默认 bust）"), "{help}");
        assert!(!help.contains("default") && !help.contains("Possible"), "{help}");
    }

    #[test]
    fn english_help_is_left_alone() {
        let help = localize(Cli::command(), Words::new(Language::En)).render_help().to_string();
        assert!(help.contains("Usage:") && help.contains("meet the agent in a window"));
    }
}
