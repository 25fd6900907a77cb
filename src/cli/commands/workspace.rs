//! `prov workspace`: list, show, new, select, delete.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::state;
use crate::{
    backend::local::{self, DEFAULT_WORKSPACE},
    cli::{
        failure::{Exit, Failed},
        session::{LockArgs, Session, ViewArgs},
        settings::Settings,
    },
    manifest::ast::Module,
    model::Diagnostic,
};

/// Choose among several states of the same manifests.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the workspaces; a star marks the selected one.
    List,
    /// Show the name of the selected workspace.
    Show,
    /// Make a workspace and select it.
    New {
        name: String,
        /// Begin with a copy of this state file.
        #[arg(long, value_name = "FILE")]
        state: Option<PathBuf>,
        #[command(flatten)]
        lock: Lock,
    },
    /// Select a workspace.
    Select {
        name: String,
        /// Make it if there is none.
        #[arg(long = "or-create")]
        or_create: bool,
    },
    /// Delete a workspace whose state has nothing.
    Delete {
        name: String,
        /// Even if its state has objects: they stay in the cloud, and nothing knows of them any more.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        lock: Lock,
    },
}

/// Flags of how a workspace's state is locked.
#[derive(Debug, ClapArgs)]
struct Lock {
    /// Whether to lock the state.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    lock: bool,
    /// How long to wait for a lock that someone else holds, such as `30s`.
    #[arg(long = "lock-timeout", value_name = "DURATION", default_value = "0s")]
    lock_timeout: String,
}

impl Lock {
    fn args(self) -> LockArgs {
        LockArgs {
            lock: self.lock,
            lock_timeout: self.lock_timeout,
            state: None,
            ignore_remote_version: false,
        }
    }
}

/// Runs one of the workspaces' commands.
pub async fn run(args: Args, settings: Settings) -> Result<Exit, Failed> {
    let mut session = Session::new(settings, &ViewArgs::default(), None);
    let module = session.load_settings();
    let work = Work { session, module };
    match args.command {
        Command::List => work.list(),
        Command::Show => {
            work.session.ui.say(work.session.settings.workspace());
            Ok(Exit::Done)
        }
        Command::New { name, state, lock } => work.add(&name, state, lock.args()).await,
        Command::Select { name, or_create } => work.select(&name, or_create),
        Command::Delete { name, force, lock } => work.delete(&name, force, lock.args()).await,
    }
}

struct Work {
    session: Session,
    module: Module,
}

impl Work {
    fn names(&self) -> Result<Vec<String>, Failed> {
        local::workspaces(&self.session.workspaces(&self.module)?).map_err(|error| {
            self.session
                .state_failed("Error listing workspaces", &error)
        })
    }

    fn list(&self) -> Result<Exit, Failed> {
        let names = self.names()?;
        let settings = &self.session.settings;
        self.session.ui.out(|out| {
            for name in &names {
                let mark = if name == settings.workspace() {
                    '*'
                } else {
                    ' '
                };
                writeln!(out, "{mark} {name}")?;
            }
            writeln!(out)?;
            if let Some(name) = settings.workspace_override() {
                writeln!(out, "TF_WORKSPACE in the environment selects {name}.\n")?;
            }
            Ok(())
        });
        Ok(Exit::Done)
    }

    /// Refuses what only the environment decides.
    fn may_select(&self) -> Result<(), Failed> {
        let Some(name) = self.session.settings.workspace_override() else {
            return Ok(());
        };
        let detail = format!("TF_WORKSPACE in the environment selects {name}.");
        Err(self.session.failed(
            Diagnostic::error("The workspace is chosen by the environment", detail)
                .hint("Unset TF_WORKSPACE, or set it to another name."),
        ))
    }

    async fn add(&self, name: &str, from: Option<PathBuf>, lock: LockArgs) -> Result<Exit, Failed> {
        self.may_select()?;
        self.create(name)?;
        if let Some(from) = from {
            let state = state::read_file(&self.session, &from)?;
            let failed = |error| self.session.state_failed("Error saving the state", &error);
            let store = self
                .session
                .store_of(&self.module, &lock, "workspace-new", name);
            let mut store = store.await?;
            store.replace(state).await.map_err(failed)?;
            store.close().await.map_err(failed)?;
        }
        self.choose(name)?;
        Ok(self.made(name))
    }

    /// Makes an empty workspace.
    fn create(&self, name: &str) -> Result<(), Failed> {
        // Names that are not allowed are refused here.
        self.session.backend_of(&self.module, None, name)?;
        if self.names()?.iter().any(|known| known == name) {
            return Err(self.session.failed(
                Diagnostic::error(format!("Workspace \"{name}\" already exists"), "")
                    .hint(format!("`prov workspace select {name}` selects it.")),
            ));
        }
        local::create_workspace(&self.session.workspaces(&self.module)?, name).map_err(|error| {
            self.session
                .state_failed("Error making the workspace", &error)
        })
    }

    fn made(&self, name: &str) -> Exit {
        self.session.ui.say(&format!(
            "Created and switched to workspace \"{name}\"!\n\nIt has a state of its own, which is empty: a plan in it knows nothing of what\nother workspaces have made."
        ));
        Exit::Done
    }

    fn select(&self, name: &str, or_create: bool) -> Result<Exit, Failed> {
        self.may_select()?;
        self.session.backend_of(&self.module, None, name)?;
        if name == self.session.settings.workspace() && name == DEFAULT_WORKSPACE {
            return Ok(Exit::Done);
        }
        if !self.names()?.iter().any(|known| known == name) {
            if !or_create {
                return Err(self.unknown(name));
            }
            self.create(name)?;
            self.choose(name)?;
            return Ok(self.made(name));
        }
        if name != self.session.settings.workspace() {
            self.choose(name)?;
            let said = format!("Switched to workspace \"{name}\".");
            self.session.ui.say(&said);
        }
        Ok(Exit::Done)
    }

    fn unknown(&self, name: &str) -> Failed {
        let names = self.names().unwrap_or_default();
        let near = crate::model::diagnostic::did_you_mean(name, names.iter().map(String::as_str));
        let hint = near.map_or_else(
            || format!("`prov workspace new {name}` makes it, `list` shows what there is."),
            |near| format!("Did you mean {near}?"),
        );
        let summary = format!("Workspace \"{name}\" doesn't exist");
        self.session
            .failed(Diagnostic::error(summary, "").hint(hint))
    }

    /// Writes down which workspace is selected, in one step.
    fn choose(&self, name: &str) -> Result<(), Failed> {
        let path = self.session.settings.selection();
        let kept = self
            .session
            .settings
            .keep(Settings::SELECTION, name.as_bytes());
        kept.map_err(|error| {
            let detail = format!("{} cannot be written: {error}.", path.display());
            self.session.failed(
                Diagnostic::error("Could not select the workspace", detail)
                    .hint("Check the directory, or select with TF_WORKSPACE."),
            )
        })
    }

    async fn delete(&self, name: &str, force: bool, lock: LockArgs) -> Result<Exit, Failed> {
        let refuse = |summary: String, hint: &str| {
            self.session
                .failed(Diagnostic::error(summary, "").hint(hint))
        };
        self.session.backend_of(&self.module, None, name)?;
        if !self.names()?.iter().any(|known| known == name) {
            return Err(self.unknown(name));
        }
        if name == self.session.settings.workspace() {
            return Err(refuse(
                format!("Workspace \"{name}\" is your active workspace"),
                "Select another one first.",
            ));
        }
        if name == DEFAULT_WORKSPACE {
            return Err(refuse(
                "The default workspace cannot be deleted".to_owned(),
                "Destroy what is in it with `prov destroy` instead.",
            ));
        }
        let store = self
            .session
            .store_of(&self.module, &lock, "workspace-delete", name);
        let store = store.await?;
        let mut held: Vec<String> = store
            .state()
            .resources
            .keys()
            .map(|address| format!("  - {address}"))
            .collect();
        held.extend(
            store
                .open_creates()
                .iter()
                .map(|address| format!("  - {address} (being created)")),
        );
        // The lock's files are among what is deleted.
        let failed = |error| {
            self.session
                .state_failed("Error deleting the workspace", &error)
        };
        store.keep().await.map_err(failed)?;
        if !held.is_empty() && !force {
            let detail = format!("Its state has these resources:\n{}", held.join("\n"));
            let summary = format!("Workspace \"{name}\" is not empty");
            return Err(self.session.failed(Diagnostic::error(summary, detail).hint(
                "Destroy them first. With -force they stay in the cloud, and nothing knows of them any more.",
            )));
        }
        let folder = self.session.workspaces(&self.module)?;
        local::delete_workspace(&folder, name).map_err(failed)?;
        self.session
            .ui
            .say(&format!("Deleted workspace \"{name}\"!"));
        if !held.is_empty() {
            let detail = "What its state had may still exist, and nothing knows of it any more.";
            let warning = Diagnostic::warning(format!("\"{name}\" was not empty"), detail);
            self.session
                .ui
                .diagnostics(&warning.into(), &self.session.sources);
        }
        Ok(Exit::Done)
    }
}
