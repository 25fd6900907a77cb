//! `prov init`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::{
    backend::format::TERRAFORM_VERSION,
    cli::{
        failure::{Exit, Failed},
        inputs::{Given, InputArgs},
        session::{Session, ViewArgs},
        settings::Settings,
    },
    model::Diagnostics,
    plan::required,
};

/// Bring the modules that the manifests call, and check the manifests and the state's place. Nothing else needs it: there are no
/// plugins, and modules in directories beside the manifests are read as they are.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    view: ViewArgs,
    /// Bring modules that are there already once more, in their newest version.
    #[arg(long)]
    upgrade: bool,
    /// Copy this module here first; there must be no manifests yet.
    #[arg(long = "from-module", value_name = "SOURCE")]
    from_module: Option<String>,
    /// Whether to bring modules.
    #[arg(long, num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    get: bool,
    /// Whether to look at the state's place.
    #[arg(long, alias = "cloud", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    backend: bool,
    /// An argument of the backend that its block leaves out, as NAME=VALUE or a file of such; kept for later commands.
    #[arg(long = "backend-config", value_name = "NAME=VALUE|FILE")]
    backend_config: Vec<String>,
    /// Forget what -backend-config said before.
    #[arg(long)]
    reconfigure: bool,
    #[command(flatten)]
    accepted: AcceptedArgs,
}

/// Flags that mean nothing here, since there are no plugins and no state is moved.
#[derive(Debug, ClapArgs)]
struct AcceptedArgs {
    /// Accepted for Terraform's sake; prov never asks here.
    #[arg(long = "input", num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    input_prompt: Option<bool>,
    /// Accepted for Terraform's sake.
    #[arg(long = "migrate-state")]
    migrate_state: bool,
    /// Accepted for Terraform's sake.
    #[arg(long = "force-copy")]
    force_copy: bool,
    /// Accepted for Terraform's sake.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    lock: Option<bool>,
    /// Accepted for Terraform's sake.
    #[arg(long = "lock-timeout", value_name = "DURATION")]
    lock_timeout: Option<String>,
    /// Accepted for Terraform's sake.
    #[arg(long, value_name = "MODE")]
    lockfile: Option<String>,
    /// Accepted for Terraform's sake.
    #[arg(long = "plugin-dir", value_name = "DIR")]
    plugin_dir: Vec<PathBuf>,
    /// Accepted for Terraform's sake.
    #[arg(long = "ignore-remote-version")]
    ignore_remote_version: bool,
    /// Accepted for Terraform's sake.
    #[arg(long = "test-directory", value_name = "DIR")]
    test_directory: Option<String>,
}

/// Brings the modules, and says whether plan and apply can start.
pub async fn run(args: Args, settings: Settings, _given: Vec<Given>) -> Result<Exit, Failed> {
    let mut session = Session::new(settings, &args.view, None);
    if let Some(source) = &args.from_module {
        session.copy_module(source).await?;
    }
    let root = session.root_module(&args.input.files)?;
    if args.backend {
        session.configure_backend(&root, &args.backend_config, args.reconfigure)?;
    }
    if args.get && !root.calls.is_empty() {
        let (text, code) = if args.upgrade {
            ("Upgrading modules...", "upgrading_modules_message")
        } else {
            ("Initializing modules...", "initializing_modules_message")
        };
        session.ui.say(text);
        session
            .ui
            .with_events(|events, now| events.init_output(text, code, now));
        session.install(&root, args.upgrade).await?;
    }
    let mut diags = Diagnostics::default();
    let module = session.manifests(&args.input.files, &mut diags);
    required::check(&module, TERRAFORM_VERSION, &mut diags);
    session.checkpoint(&mut diags)?;
    if args.backend {
        session.read_state(&module, None).await?;
    }
    let text = "prov is ready: no plugins and no further initialization are needed.\n\nTry \"prov plan\" to see what would change.";
    session.ui.say(text);
    session
        .ui
        .with_events(|events, now| events.init_output(text, "output_init_success_message", now));
    Ok(Exit::Done)
}
