//! `prov force-unlock`.

use clap::Args as ClapArgs;

use crate::{
    cli::{
        failure::{Exit, Failed},
        session::{Session, ViewArgs},
        settings::Settings,
        ui::Answer,
    },
    model::Diagnostic,
};

/// Break the lock on the state. Only for when its holder is certainly gone.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The id of the lock, as the refusal shows it.
    lock_id: String,
    /// Do not ask.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    view: ViewArgs,
}

/// Breaks the lock with the given id.
pub async fn run(args: Args, settings: Settings) -> Result<Exit, Failed> {
    let mut session = Session::new(settings, &args.view, None);
    let module = session.load_settings();
    let backend = session.backend(&module, None)?;
    let question = "Do you really want to force-unlock?";
    let explanation =
        "prov will remove the lock on the state. Whoever holds it can no longer write.";
    if !args.force {
        match session.ui.asks(question, explanation) {
            Answer::Yes => {}
            Answer::No => {
                session.ui.say("force-unlock cancelled.");
                return Ok(Exit::Failed);
            }
            Answer::Silence => {
                return Err(session.failed(
                    Diagnostic::error("Cannot ask for approval", "Standard input has ended.")
                        .hint("Add -force if the lock's holder is certainly gone."),
                ));
            }
        }
    }
    backend
        .force_unlock(&args.lock_id)
        .await
        .map_err(|error| session.state_failed("Failed to unlock the state", &error))?;
    session.ui.say("prov state has been successfully unlocked!");
    Ok(Exit::Done)
}
