//! `prov console`.
//!
//! `cli::console` evaluates an expression, `interactive` talks to a person.

mod interactive;

use std::{
    io::{BufRead, IsTerminal},
    path::PathBuf,
};

use clap::Args as ClapArgs;

use crate::{
    cli::{
        console::{Console, Said},
        failure::{Exit, Failed},
        inputs::{Given, InputArgs},
        session::{CloudArgs, Project, Session, ViewArgs},
        settings::Settings,
    },
    manifest::goes_on,
    model::{Diagnostic, Diagnostics},
    plan::{Options, Values},
};

/// Try expressions with the values of variables, locals and the state.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    cloud: CloudArgs,
    /// Do not use colours.
    #[arg(long = "no-color")]
    no_color: bool,
    /// Make a plan first, and use the values that it would lead to.
    #[arg(long)]
    plan: bool,
    /// The state file, instead of the configured one.
    #[arg(long)]
    state: Option<PathBuf>,
}

/// Evaluates expressions until the input ends. Nothing is changed, and the state is not locked.
pub async fn run(args: Args, settings: Settings, given: Vec<Given>) -> Result<Exit, Failed> {
    let view = ViewArgs {
        no_color: args.no_color,
        json: false,
    };
    let mut session = Session::new(settings, &view, Some(&args.cloud));
    let project = session.load_partly(&args.input, &given)?;
    if args.plan {
        return planned(&args, session, &project).await;
    }
    let state = session
        .read_state(&project.module, args.state.as_deref())
        .await?;
    let mut values = Values::new(
        &project.module,
        &project.variables,
        session.special(Session::timestamp()),
    );
    values.recall(&state);
    serve(&mut session, values)
}

/// Evaluates with the values of a plan.
async fn planned(args: &Args, mut session: Session, project: &Project) -> Result<Exit, Failed> {
    let special = session.special(Session::timestamp());
    let state = session
        .read_store(&project.module, args.state.as_deref())
        .await?;
    let providers = session.providers(project, &state, &special).await?;
    let planned = session
        .plan(project, &state, &Options::default(), &providers, special)
        .await?;
    let exit = serve(&mut session, planned.values)?;
    session.close()?;
    Ok(exit)
}

fn serve(session: &mut Session, mut values: Values<'_>) -> Result<Exit, Failed> {
    values.go_live();
    let mut console = Console::new(&values, session.sources.clone());
    if std::io::stdin().is_terminal() {
        interactive::serve(session, &mut console)
    } else {
        piped(session, &mut console)
    }
}

/// Evaluates what is piped in, and writes the last result. The first error ends it, as in Terraform.
fn piped(session: &mut Session, console: &mut Console<'_>) -> Result<Exit, Failed> {
    let mut last = String::new();
    let mut entered = String::new();
    let mut ended = |console: &mut Console<'_>, text: &str| match console.answer(text) {
        Ok(Said::Result(text)) => {
            last = text;
            Ok(false)
        }
        Ok(Said::Exit) => Ok(true),
        Err(diags) => Err(diags),
    };
    let mut failed = |console: &Console<'_>, diags: Diagnostics| {
        session.sources = console.sources.clone();
        session.failed(diags)
    };
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| {
            let text = format!("Standard input cannot be read: {error}.");
            failed(console, Diagnostic::error("Unreadable input", text).into())
        })?;
        entered.push_str(&line);
        if goes_on(&entered) {
            entered.push('\n');
            continue;
        }
        let text = std::mem::take(&mut entered);
        if ended(console, &text).map_err(|diags| failed(console, diags))? {
            return Ok(Exit::Done);
        }
    }
    if !entered.is_empty() && ended(console, &entered).map_err(|diags| failed(console, diags))? {
        return Ok(Exit::Done);
    }
    session.ui.out(|out| writeln!(out, "{last}"));
    Ok(Exit::Done)
}
