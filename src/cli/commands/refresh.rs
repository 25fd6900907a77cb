//! `prov refresh`.

use clap::Args as ClapArgs;

use crate::cli::{
    commands::{apply, plan::PlanningArgs},
    failure::{Exit, Failed},
    inputs::Given,
    settings::Settings,
};

/// Bring the state up to date with what exists: `apply -refresh-only -auto-approve`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    planning: PlanningArgs,
}

/// Refreshes the state.
pub async fn run(args: Args, settings: Settings, given: Vec<Given>) -> Result<Exit, Failed> {
    let planning = PlanningArgs {
        refresh_only: true,
        ..args.planning
    };
    apply::run(
        apply::Args {
            planning,
            auto_approve: true,
            plan: None,
        },
        settings,
        given,
    )
    .await
}
