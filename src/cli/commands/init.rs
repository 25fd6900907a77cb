//! `prov init`.

use clap::Args as ClapArgs;

use crate::cli::{
    failure::{Exit, Failed},
    inputs::{Given, InputArgs},
    session::{Session, ViewArgs},
    settings::Settings,
};

/// Check the manifests and the state's place. prov needs no initialization: scripts may call it all the same.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    view: ViewArgs,
    /// Accepted for Terraform's sake; prov never asks here.
    #[arg(long = "input", num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    input_prompt: Option<bool>,
    /// Accepted for Terraform's sake: there are no plugins to upgrade.
    #[arg(long)]
    upgrade: bool,
    /// Accepted for Terraform's sake.
    #[arg(long)]
    reconfigure: bool,
}

/// Says whether plan and apply can start.
pub async fn run(args: Args, settings: Settings, _given: Vec<Given>) -> Result<Exit, Failed> {
    let mut session = Session::new(settings, &args.view, None);
    let mut diags = crate::model::Diagnostics::default();
    let module = crate::manifest::load(
        &session.root,
        &args.input.files,
        &mut session.sources,
        &mut diags,
    );
    session.checkpoint(&mut diags)?;
    session.read_state(&module, None).await?;
    session
        .ui
        .say("prov is ready: no plugins and no initialization are needed.");
    session
        .ui
        .say("\nTry \"prov plan\" to see what would change.");
    Ok(Exit::Done)
}
