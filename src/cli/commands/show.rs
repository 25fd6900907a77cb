//! `prov show`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::{
    apply::saved,
    backend::format,
    cli::{
        failure::{Exit, Failed},
        session::{Session, ViewArgs},
        settings::Settings,
    },
    model::Diagnostic,
    render,
};

/// Show the state, or a saved plan.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// A saved plan or a state file; without it, the current state.
    path: Option<PathBuf>,
    #[command(flatten)]
    view: ViewArgs,
    /// Show every change of a very large plan.
    #[arg(long)]
    full: bool,
}

/// Shows a state or a plan.
pub async fn run(args: Args, settings: Settings) -> Result<Exit, Failed> {
    let view = ViewArgs {
        json: false,
        ..args.view
    };
    let mut session = Session::new(settings, &view, None);
    session.ui.style.full = args.full;
    let state = match &args.path {
        None => {
            let module = session.load_settings();
            let kept = session
                .backend(&module, None)?
                .read()
                .await
                .map_err(|error| session.state_failed("Error loading the state", &error))?;
            if kept.snapshot.is_none() && kept.journal.is_none() {
                let none = if args.view.json {
                    "{\"format_version\":\"1.0\"}"
                } else {
                    "No state."
                };
                session.ui.out(|out| writeln!(out, "{none}"));
                return Ok(Exit::Done);
            }
            session.read_state(&module, None).await?
        }
        Some(path) => {
            let unreadable = |what: String| {
                session.failed(
                    Diagnostic::error(
                        "Failed to read the given file",
                        format!("{}: {what}", path.display()),
                    )
                    .hint("Give a plan that `prov plan -out=FILE` wrote, or a state file."),
                )
            };
            let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
            if saved::is_one(&bytes) {
                let saved = saved::parse(&bytes).map_err(|error| unreadable(error.to_string()))?;
                return plan(&session, &saved, args.view.json).map_err(unreadable);
            }
            format::read(&bytes)
                .map_err(|error| unreadable(format!("neither a saved plan nor a state: {error}")))?
        }
    };
    if args.view.json {
        session
            .ui
            .out(|out| render::json::write(&render::json::state_json(&state), out));
    } else {
        session
            .ui
            .out(|out| render::terminal::state(&state, session.ui.style, out));
    }
    Ok(Exit::Done)
}

fn plan(session: &Session, saved: &saved::Saved, json: bool) -> Result<Exit, String> {
    let plan = saved.plan().map_err(|error| error.to_string())?;
    if json {
        session.ui.out(|out| {
            render::json::write(&render::json::plan_json(&plan, &saved.configuration), out)
        });
    } else {
        session
            .ui
            .out(|out| render::terminal::plan(&plan, session.ui.style, out));
    }
    Ok(Exit::Done)
}
