//! What is wrong with a command line, told like everything else that is wrong.
//!
//! clap finds it; the words are ours, since its own know options with two dashes only.

use clap::{
    Command,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::model::{Diagnostic, diagnostic::did_you_mean};

/// Returns what to tell of an error that is about the arguments.
pub fn explain(error: &clap::Error, definition: &Command, arguments: &[String]) -> Diagnostic {
    let (command, name) = command_of(definition, arguments);
    let help = format!("`{name} -help` says how it is used.");
    let argument = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument if argument.starts_with('-') => Diagnostic::error(
            "Unknown option",
            format!("{name} has no option {}.", one_dash(&argument)),
        )
        .hint(near_option(command, &argument).map_or(help, |near| format!("Did you mean {near}?"))),
        ErrorKind::UnknownArgument => Diagnostic::error(
            "Unexpected argument",
            format!("{name} takes no argument \"{argument}\" here."),
        )
        .hint(help),
        ErrorKind::InvalidSubcommand => {
            let given = text(error, ContextKind::InvalidSubcommand);
            let known = command.get_subcommands().map(Command::get_name);
            let hint = did_you_mean(&given, known).map_or_else(
                || format!("`{name} -help` lists the commands."),
                |near| format!("Did you mean `{name} {near}`?"),
            );
            Diagnostic::error(
                "Unknown command",
                format!("{name} has no command \"{given}\"."),
            )
            .hint(hint)
        }
        ErrorKind::MissingRequiredArgument => {
            Diagnostic::error("Missing argument", format!("{name} needs {argument}.")).hint(help)
        }
        ErrorKind::InvalidValue if value.is_empty() => Diagnostic::error(
            "Missing value",
            format!("{} needs a value.", one_dash(&argument)),
        )
        .hint(help),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let allowed = text(error, ContextKind::ValidValue);
            let allowed = match (allowed.is_empty(), std::error::Error::source(error)) {
                (false, _) => format!(": it is one of {allowed}"),
                (true, Some(why)) => format!(": {why}"),
                (true, None) => String::new(),
            };
            Diagnostic::error(
                "Invalid value",
                format!(
                    "\"{value}\" is no value of {}{allowed}.",
                    one_dash(&argument)
                ),
            )
            .hint(help)
        }
        _ => {
            let text = error.render().to_string();
            let first = text.lines().next().unwrap_or_default();
            let first = first.trim_start_matches("error: ").replace("'--", "'-");
            Diagnostic::error("Invalid command line", format!("{first}.")).hint(help)
        }
    }
}

/// Returns a help text with the flags as Terraform's users write them, with one dash.
pub fn help(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let mut help = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("--") {
        let (before, flag) = rest.split_at(at);
        let begins = before.ends_with([' ', '[', '<', '(', '|', '`']) || before.is_empty();
        let named = flag[2..].starts_with(|c: char| c.is_ascii_alphabetic());
        help.push_str(before);
        help.push_str(if begins && named { "-" } else { "--" });
        rest = &flag[2..];
    }
    help.push_str(rest);
    help
}

/// Returns the command that the arguments name as far as they do, and its whole name.
fn command_of<'c>(definition: &'c Command, arguments: &[String]) -> (&'c Command, String) {
    let mut command = definition;
    let mut name = "prov".to_owned();
    for argument in arguments.iter().skip(1) {
        if let Some(inner) = command.find_subcommand(argument) {
            name = format!("{name} {}", inner.get_name());
            command = inner;
        } else if !argument.starts_with('-') {
            break;
        }
    }
    (command, name)
}

fn near_option(command: &Command, given: &str) -> Option<String> {
    let name = given.trim_start_matches('-').split('=').next()?;
    let known = command.get_arguments().filter_map(clap::Arg::get_long);
    did_you_mean(name, known.filter(|known| known.len() > 1)).map(|near| format!("-{near}"))
}

/// Writes an option as Terraform's users know it: `-var <NAME=VALUE>`.
fn one_dash(option: &str) -> String {
    option
        .strip_prefix("--")
        .map_or_else(|| option.to_owned(), |name| format!("-{name}"))
}

fn text(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        _ => String::new(),
    }
}
