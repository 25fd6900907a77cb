//! `prov recover`.

use clap::Args as ClapArgs;

use crate::{
    cli::{
        failure::{Exit, Failed},
        inputs::{Given, InputArgs},
        session::{CloudArgs, LockArgs, Session, ViewArgs},
        settings::Settings,
    },
    model::language::Words,
};

/// Settle what an interrupted run left open, and say what was found. plan and apply do it by themselves.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    view: ViewArgs,
    #[command(flatten)]
    cloud: CloudArgs,
    #[command(flatten)]
    lock: LockArgs,
}

const NOTHING: Words = Words::new(
    "Nothing to recover: the last run ended as it should.",
    "没有需要了结的操作：上一次运行正常结束。",
);

/// Settles open intents.
pub async fn run(args: Args, settings: Settings, given: Vec<Given>) -> Result<Exit, Failed> {
    let json = args.view.json;
    let view = ViewArgs {
        json: false,
        ..args.view
    };
    let mut session = Session::new(settings, &view, Some(&args.cloud));
    let project = session.load(&args.input, &given)?;
    let special = session.special(Session::timestamp());
    let mut store = session
        .store(&project.module, &args.lock, "OperationTypeApply")
        .await?;
    let providers = session.providers(&project, &store, &special).await?;
    let loud = session.ui.clone();
    session.ui = loud.clone().json(json);
    let settled = session
        .recover(&project, &mut store, &providers, &special)
        .await?;
    session.ui = loud;
    store
        .close()
        .await
        .map_err(|error| session.state_failed("Error saving the state", &error))?;
    session.close()?;
    if json {
        session
            .ui
            .out(|out| writeln!(out, "{:#}", serde_json::json!({ "settled": settled })));
    } else if settled.is_empty() {
        session.ui.say(NOTHING.in_language(session.ui.language()));
    }
    Ok(Exit::Done)
}
