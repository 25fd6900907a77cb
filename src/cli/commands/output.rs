//! `prov output`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::{
    cli::{
        failure::{Exit, Failed},
        session::{Session, ViewArgs},
        settings::Settings,
    },
    model::{Diagnostic, Value},
    render,
};

/// Show the output values of the last apply.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Only this output.
    name: Option<String>,
    #[command(flatten)]
    view: ViewArgs,
    /// The bare text of one output, without quotes or a line end.
    #[arg(long, conflicts_with = "json")]
    raw: bool,
    /// The state file, instead of the configured one.
    #[arg(long)]
    state: Option<PathBuf>,
}

/// Shows outputs from the state.
pub async fn run(args: Args, settings: Settings) -> Result<Exit, Failed> {
    let mut session = Session::new(
        settings,
        &ViewArgs {
            json: false,
            ..args.view
        },
        None,
    );
    let module = session.load_settings();
    let state = session.read_state(&module, args.state.as_deref()).await?;
    let Some(name) = &args.name else {
        return all(&args, &session, &state);
    };
    let Some(output) = state.outputs.get(name) else {
        let names: Vec<&str> = state.outputs.keys().map(String::as_str).collect();
        let hint = crate::model::diagnostic::did_you_mean(name, names).map_or_else(
            || "Outputs appear in the state when they are applied.".to_owned(),
            |it| format!("Did you mean \"{it}\"?"),
        );
        return Err(session.failed(
            Diagnostic::error(
                format!("Output \"{name}\" not found"),
                "The state has no output of this name.",
            )
            .hint(hint),
        ));
    };
    if args.raw {
        let text = match output.value.unmarked() {
            Value::String(text) => text.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Bool(value) => value.to_string(),
            _ => {
                return Err(session.failed(
                    Diagnostic::error(
                        "Unsupported value for raw output",
                        format!("The output \"{name}\" is neither a string, a number nor a bool."),
                    )
                    .hint("Use -json for such values."),
                ));
            }
        };
        session.ui.out(|out| out.write_all(text.as_bytes()));
    } else if args.view.json {
        let json = output.value.to_json();
        session.ui.out(|out| writeln!(out, "{json}"));
    } else {
        session.ui.out(|out| {
            writeln!(
                out,
                "{}",
                render::value::typed_text(&output.value, &output.ty)
            )
        });
    }
    Ok(Exit::Done)
}

fn all(args: &Args, session: &Session, state: &crate::model::state::State) -> Result<Exit, Failed> {
    if args.raw {
        return Err(session.failed(
            Diagnostic::error("Output name missing", "-raw shows one output.")
                .hint("Name it: prov output -raw NAME."),
        ));
    }
    if args.view.json {
        let json = render::json::outputs_json(&state.outputs);
        session.ui.out(|out| render::json::pretty(&json, out));
    } else if state.outputs.is_empty() {
        session.ui.diagnostics(
            &Diagnostic::warning(
                "No outputs found",
                "The state has no outputs: none are declared, or they have not been applied yet.",
            )
            .into(),
            &session.sources,
        );
    } else {
        session
            .ui
            .out(|out| render::terminal::outputs(&state.outputs, out));
    }
    Ok(Exit::Done)
}
