//! `prov get`.

use clap::Args as ClapArgs;

use crate::{
    cli::{
        failure::{Exit, Failed},
        session::{Session, ViewArgs},
        settings::Settings,
    },
    manifest,
    model::Diagnostics,
};

/// Check the manifests. There is nothing to download: scripts may call it all the same.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Accepted for Terraform's sake: there is nothing to update.
    #[arg(long)]
    update: bool,
    /// Do not use colours.
    #[arg(long = "no-color")]
    no_color: bool,
}

/// Loads the manifests.
pub fn run(args: &Args, settings: Settings) -> Result<Exit, Failed> {
    let view = ViewArgs {
        no_color: args.no_color,
        json: false,
    };
    let mut session = Session::new(settings, &view, None);
    let mut diags = Diagnostics::default();
    if manifest::has_manifests(&session.root) {
        manifest::load(&session.root, &[], &mut session.sources, &mut diags);
    }
    session.checkpoint(&mut diags)?;
    Ok(Exit::Done)
}
