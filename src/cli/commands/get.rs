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

/// Bring the modules that the manifests call. Those in directories beside them need nothing.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Bring modules that are there already once more, in their newest version.
    #[arg(long, num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true", action = clap::ArgAction::Set)]
    update: bool,
    #[command(flatten)]
    view: ViewArgs,
    /// Accepted for Terraform's sake.
    #[arg(long = "test-directory", value_name = "DIR")]
    test_directory: Option<String>,
}

/// Brings the modules.
pub async fn run(args: Args, settings: Settings) -> Result<Exit, Failed> {
    let mut session = Session::new(settings, &args.view, None);
    if manifest::has_manifests(&session.root) {
        let root = session.root_module(&[])?;
        session.install(&root, args.update).await?;
        let mut diags = Diagnostics::default();
        session.manifests(&[], &mut diags);
        session.checkpoint(&mut diags)?;
    }
    Ok(Exit::Done)
}
