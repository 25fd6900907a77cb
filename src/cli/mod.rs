//! The person: commands, settings, terminal. The only part that knows all others.
//!
//! A command is one file in `commands`; what they share is `session`. Flags are Terraform's, with one
//! dash or two.

mod adopt;
mod commands;
mod configuration;
mod connect;
pub mod console;
mod conversion;
mod dependencies;
mod failure;
mod generate;
mod inputs;
mod install;
mod logging;
mod place;
mod recording;
mod references;
mod schemas;
mod session;
mod settings;
mod tree;
mod ui;
mod usage;
mod written;

use std::{ffi::OsString, process::ExitCode};

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use failure::{Exit, Failed};
use settings::Settings;

/// Provisions Alibaba Cloud ECS from YAML or HCL manifests.
#[derive(Debug, Parser)]
#[command(
    name = "prov",
    disable_version_flag = true,
    disable_help_subcommand = true,
    propagate_version = false
)]
struct Arguments {
    /// Switch to this directory before doing anything else.
    #[arg(long, global = true, value_name = "DIR")]
    chdir: Option<std::path::PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Adopt(commands::adopt::Args),
    Apply(commands::apply::Args),
    Completion(commands::completion::Args),
    Console(commands::console::Args),
    Destroy(commands::apply::DestroyArgs),
    Emulator(commands::emulator::Args),
    Fmt(commands::fmt::Args),
    #[command(name = "force-unlock")]
    ForceUnlock(commands::force_unlock::Args),
    Get(commands::get::Args),
    Graph(commands::graph::Args),
    Import(commands::import::Args),
    Init(commands::init::Args),
    Modules(commands::modules::Args),
    Output(commands::output::Args),
    Plan(commands::plan::Args),
    Providers(commands::providers::Args),
    Recover(commands::recover::Args),
    Refresh(commands::refresh::Args),
    Show(commands::show::Args),
    State(commands::state::Args),
    Taint(commands::taint::Args),
    Test(commands::test::Args),
    Untaint(commands::taint::UntaintArgs),
    Validate(commands::validate::Args),
    Version(commands::version::Args),
    Workspace(commands::workspace::Args),
}

/// Returns the definition of the whole command line: for completion and the generated reference.
pub fn definition() -> clap::Command {
    Arguments::command()
}

/// Runs the command that the arguments say.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut settings = Settings::read();
    let arguments = with_two_dashes(with_environment(arguments.into_iter().collect(), &settings));
    if let [_, flag] = &arguments[..]
        && ["--version", "-v"].contains(&&*flag.to_string_lossy())
    {
        return run(["prov".into(), "version".into()]);
    }
    let written: Vec<String> = arguments
        .iter()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let parsed = definition()
        .try_get_matches_from(arguments)
        .and_then(|matches| Ok((Arguments::from_arg_matches(&matches)?, matches)));
    let (parsed, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return refused(&error, &settings, &written),
    };
    if let Some(directory) = &parsed.chdir
        && let Err(error) = std::env::set_current_dir(directory)
    {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
            std::io::ErrorKind::NotADirectory => "it is not a directory".to_owned(),
            std::io::ErrorKind::PermissionDenied => "it may not be entered".to_owned(),
            _ => error.to_string(),
        };
        let detail = format!(
            "The directory {} cannot be used: {reason}.",
            directory.display()
        );
        let diagnostic = crate::model::Diagnostic::error("Cannot change the directory", detail)
            .hint("Check the path after -chdir.");
        let ui = ui::Ui::new(&settings, false);
        ui.diagnostics(&diagnostic.into(), &crate::model::Sources::default());
        return ExitCode::FAILURE;
    }
    settings.read_selection();
    logging::start(&settings);
    // Reads the order in which -var and -var-file were given, which decides which one wins.
    let inputs = inputs::order(last_matches(&matches));
    let plain = settings.clone();
    let outcome = dispatch(parsed.command, settings, inputs);
    let code = match outcome {
        Ok(exit) => exit.code(),
        Err(failed) => failed.report(),
    };
    ended(code, &plain)
}

/// Returns the exit code: a command whose output was not written has failed, whatever it did.
fn ended(code: u8, settings: &Settings) -> ExitCode {
    let Some(why) = ui::unwritten().filter(|_| code != 1) else {
        return ExitCode::from(code);
    };
    let detail = format!("Standard output could not be written: {why}.");
    let diagnostic = crate::model::Diagnostic::error("Could not write the output", detail)
        .hint("What was done is in the state. Run the command again with its output elsewhere.");
    let ui = ui::Ui::new(settings, false);
    ui.diagnostics(&diagnostic.into(), &crate::model::Sources::default());
    ExitCode::FAILURE
}

fn dispatch(
    command: Command,
    settings: Settings,
    given: Vec<inputs::Given>,
) -> Result<Exit, Failed> {
    // What needs no runtime answers in a few milliseconds.
    match command {
        Command::Version(args) => return commands::version::run(&args, &settings),
        Command::Completion(args) => return commands::completion::run(&args, &settings),
        Command::Fmt(args) => return commands::fmt::run(&args, &settings),
        Command::Modules(args) => return commands::modules::run(&args, settings),
        Command::Validate(args) => return commands::validate::run(&args, settings),
        _ => {}
    }
    // Expressions are evaluated on these threads, and may be nested deeply.
    let _ = rayon::ThreadPoolBuilder::new()
        .stack_size(16 << 20)
        .build_global();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(8 << 20)
        .enable_all()
        .build()
        .map_err(|error| Failed::message(&settings, format!("Could not start: {error}")))?;
    let work = async {
        match command {
            Command::Adopt(args) => commands::adopt::run(args, settings, given).await,
            Command::Apply(args) => commands::apply::run(args, settings, given).await,
            Command::Console(args) => commands::console::run(args, settings, given).await,
            Command::Destroy(args) => commands::apply::destroy(args, settings, given).await,
            Command::Emulator(args) => commands::emulator::run(args, settings).await,
            Command::ForceUnlock(args) => commands::force_unlock::run(args, settings).await,
            Command::Get(args) => commands::get::run(args, settings).await,
            Command::Import(args) => commands::import::run(args, settings, given).await,
            Command::Init(args) => commands::init::run(args, settings, given).await,
            Command::Graph(args) => commands::graph::run(&args, settings).await,
            Command::Output(args) => commands::output::run(args, settings).await,
            Command::Plan(args) => commands::plan::run(args, settings, given).await,
            Command::Providers(args) => commands::providers::run(args, settings).await,
            Command::Recover(args) => commands::recover::run(args, settings, given).await,
            Command::Refresh(args) => commands::refresh::run(args, settings, given).await,
            Command::Show(args) => commands::show::run(args, settings).await,
            Command::State(args) => commands::state::run(args, settings).await,
            Command::Taint(args) => commands::taint::run(args, settings).await,
            Command::Test(args) => commands::test::run(args, settings, given).await,
            Command::Untaint(args) => commands::taint::untaint(args, settings).await,
            Command::Workspace(args) => commands::workspace::run(args, settings).await,
            Command::Completion(_)
            | Command::Fmt(_)
            | Command::Modules(_)
            | Command::Validate(_)
            | Command::Version(_) => Ok(Exit::Done),
        }
    };
    // The future of a whole command is large: on the heap it costs no stack.
    let outcome = runtime.block_on(Box::pin(work));
    runtime.shutdown_background();
    outcome
}

fn refused(error: &clap::Error, settings: &Settings, arguments: &[String]) -> ExitCode {
    use clap::error::ErrorKind;
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let ui = ui::Ui::new(settings, false);
            ui.out(|out| out.write_all(usage::help(error).as_bytes()));
            ended(0, settings)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            ui::complain(&usage::help(error));
            ExitCode::FAILURE
        }
        _ => {
            let diagnostic = usage::explain(error, &definition(), arguments);
            let no_color = arguments.iter().any(|it| it == "--no-color");
            let ui = ui::Ui::new(settings, no_color);
            ui.diagnostics(&diagnostic.into(), &crate::model::Sources::default());
            ExitCode::FAILURE
        }
    }
}

fn last_matches(mut matches: &ArgMatches) -> &ArgMatches {
    while let Some((_, inner)) = matches.subcommand() {
        matches = inner;
    }
    matches
}

/// Puts in what `TF_CLI_ARGS` and `TF_CLI_ARGS_command` hold, as Terraform does: right after the command.
fn with_environment(mut arguments: Vec<OsString>, settings: &Settings) -> Vec<OsString> {
    let command = arguments
        .iter()
        .skip(1)
        .position(|it| !it.to_string_lossy().starts_with('-'));
    let Some(at) = command.map(|at| at + 1) else {
        return arguments;
    };
    let name = format!(
        "TF_CLI_ARGS_{}",
        arguments[at].to_string_lossy().replace('-', "_")
    );
    let mut extra = Vec::new();
    for variable in ["TF_CLI_ARGS", &name] {
        let text = settings.get(variable).unwrap_or_default();
        extra.extend(words(text).into_iter().map(OsString::from));
    }
    arguments.splice(at + 1..at + 1, extra);
    arguments
}

/// Splits a text into words like a shell: blanks separate, quotes and backslashes keep them.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            (_, Some(open)) if letter == open => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(letters.next()),
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (blank, None) if blank.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// Makes `-flag` into `--flag`: Terraform's flags have one dash, and clap's long ones two.
fn with_two_dashes(arguments: Vec<OsString>) -> Vec<OsString> {
    let mut rest = false;
    arguments
        .into_iter()
        .enumerate()
        .map(|(at, argument)| {
            let text = argument.to_string_lossy();
            rest |= text == "--";
            let long = text.len() > 2
                && text.starts_with('-')
                && text[1..].starts_with(|c: char| c.is_ascii_alphabetic());
            if at > 0 && !rest && long {
                format!("-{text}").into()
            } else {
                argument
            }
        })
        .collect()
}
