//! `prov plan`.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use crate::{
    apply::{saved, store::Store},
    cli::{
        configuration::configuration,
        failure::{Exit, Failed},
        generate::generate,
        inputs::{Given, InputArgs},
        session::{CloudArgs, LockArgs, Project, Session, ViewArgs},
        settings::Settings,
    },
    model::{
        Address, AnyAddress, Diagnostic, Diagnostics, Sources,
        plan::{Mode, Plan},
    },
    plan::{
        Options, Planned,
        gates::{Gate, denied},
    },
    render,
};

/// Show what apply would change, and change nothing.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    pub planning: PlanningArgs,
    /// Save the plan, so that apply does exactly this.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write resource blocks for import blocks that lack one to this new file, and plan with them.
    #[arg(long = "generate-config-out", value_name = "FILE")]
    generate: Option<PathBuf>,
    /// Exit with 2 when there are changes, 0 when there are none.
    #[arg(long = "detailed-exitcode")]
    detailed_exitcode: bool,
}

/// Flags of every command that makes a plan.
#[derive(Clone, Debug, ClapArgs)]
pub struct PlanningArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub view: ViewArgs,
    #[command(flatten)]
    pub cloud: CloudArgs,
    #[command(flatten)]
    pub lock: LockArgs,
    /// Plan to destroy everything.
    #[arg(long)]
    pub destroy: bool,
    /// Only bring the state up to date with what exists.
    #[arg(long = "refresh-only")]
    pub refresh_only: bool,
    /// Whether to read what exists before planning.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub refresh: bool,
    /// Plan only for this resource or instance and what it needs (repeatable).
    #[arg(long = "target", value_name = "ADDRESS")]
    pub targets: Vec<String>,
    /// Replace this instance even if nothing about it changes (repeatable).
    #[arg(long = "replace", value_name = "ADDRESS")]
    pub replace: Vec<String>,
    /// Refuse a plan that would do this: destroy, replace, wipe, reboot, address, billing or no-effect
    /// (with commas between, repeatable).
    #[arg(long = "deny", value_name = "WHAT", value_delimiter = ',', value_parser = Gate::parse)]
    pub deny: Vec<Gate>,
    /// Ask the cloud beforehand: dry runs of what is to be created, stock, quotas and prices.
    #[arg(long)]
    pub preflight: bool,
    /// Whether to ask for what is missing (prov never asks for variables).
    #[arg(long = "input", value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub ask: Option<bool>,
    /// Show warnings by their summary only.
    #[arg(long = "compact-warnings")]
    pub compact_warnings: bool,
    /// Show every change of a very large plan.
    #[arg(long)]
    pub full: bool,
}

impl PlanningArgs {
    /// Returns what the plan is asked for.
    pub fn options(&self, session: &Session) -> Result<Options, Failed> {
        let mut diags = Diagnostics::default();
        let targets = addresses("target", &self.targets, AnyAddress::parse, &mut diags);
        let what = "force-replace address";
        let replace = addresses(what, &self.replace, Address::parse, &mut diags);
        let together = [
            (self.destroy, "-destroy", "plan mode"),
            (!self.refresh, "-refresh=false", "refresh"),
        ];
        for (_, flag, what) in together.iter().filter(|it| self.refresh_only && it.0) {
            let text = format!("-refresh-only and {flag} cannot be used together.");
            diags.push(
                Diagnostic::error(format!("Incompatible {what} options"), text)
                    .hint("Leave one of them out."),
            );
        }
        if !self.replace.is_empty() && (self.destroy || self.refresh_only) {
            let text = "-replace says what a plan creates anew, and this mode creates nothing.";
            let hint = "Leave -replace out, or -destroy or -refresh-only.";
            diags.push(Diagnostic::error("Unsupported plan mode", text).hint(hint));
        }
        session.checkpoint(&mut diags)?;
        let mode = match (self.destroy, self.refresh_only) {
            (true, _) => Mode::Destroy,
            (_, true) => Mode::RefreshOnly,
            _ => Mode::Normal,
        };
        Ok(Options {
            mode,
            refresh: self.refresh,
            frozen: false,
            targets,
            replace,
            preflight: self.preflight,
        })
    }
}

/// Plans, shows the plan and maybe saves it.
pub async fn run(args: Args, settings: Settings, given: Vec<Given>) -> Result<Exit, Failed> {
    let planning = &args.planning;
    let mut session = Session::new(settings, &planning.view, Some(&planning.cloud));
    session.ui.style.full = planning.full;
    let options = planning.options(&session)?;
    let mut project = session.load(&planning.input, &given)?;
    let special = session.special(Session::timestamp());
    let mut store = session
        .store(&project.module, &planning.lock, "OperationTypePlan")
        .await?;
    if let Some(path) = &args.generate
        && generate(&session, &project, &store, &special, path).await?
    {
        project = with_generated(&mut session, planning, &given, path)?;
    }
    let providers = session.providers(&project, &store, &special).await?;
    session
        .recover(&project, &mut store, &providers, &special)
        .await?;
    let mut planned = session
        .plan(&project, &store, &options, &providers, special)
        .await?;
    let mut denied = denied(&planned.plan, &project.module, &planning.deny);
    if planning.preflight {
        let problems = session.preflight(&project, &mut planned, &providers).await;
        denied.extend(problems);
    }
    show(&session, &planned.plan);
    if denied.has_errors() {
        drop(planned);
        return Err(refused(&session, store, denied).await);
    }
    let changes = !planned.plan.is_empty();
    if let Some(path) = &args.out {
        save(&session, &project, &planned, &store, &options, path)?;
    }
    let place = args.out.as_ref();
    drop(planned);
    store
        .close()
        .await
        .map_err(|error| session.state_failed("Error saving the state", &error))?;
    session.close()?;
    hint(&session, place, changes);
    Ok(if args.detailed_exitcode && changes {
        Exit::Changes
    } else {
        Exit::Done
    })
}

/// Ends a command whose plan is not to be carried out: the state is given back, and nothing is done.
pub async fn refused(session: &Session, store: Store, why: impl Into<Diagnostics>) -> Failed {
    if let Err(error) = store.close().await {
        return session.state_failed("Error saving the state", &error);
    }
    match session.close() {
        Ok(()) => session.failed(why),
        Err(failed) => failed,
    }
}

/// Reads the manifests again, with the one that was written just now.
fn with_generated(
    session: &mut Session,
    planning: &PlanningArgs,
    given: &[Given],
    path: &Path,
) -> Result<Project, Failed> {
    let mut input = planning.input.clone();
    if !input.files.is_empty() {
        input.files.push(path.to_owned());
    }
    session.sources = Sources::default();
    let project = session.load(&input, given)?;
    session
        .ui
        .say(&format!("Wrote what exists to {}.", path.display()));
    Ok(project)
}

/// Shows a plan, for people or programs.
pub fn show(session: &Session, plan: &Plan) {
    if session.ui.is_json() {
        session.ui.with_events(|events, now| events.plan(plan, now));
    } else {
        session
            .ui
            .out(|out| render::terminal::plan(plan, session.ui.style, out));
    }
}

fn save(
    session: &Session,
    project: &Project,
    planned: &Planned<'_>,
    store: &Store,
    options: &Options,
    path: &std::path::Path,
) -> Result<(), Failed> {
    let described = configuration(&project.module);
    saved::save(
        path,
        planned,
        store,
        options,
        &project.fingerprint,
        &described,
    )
    .map_err(|error| {
        session.failed(
            Diagnostic::error(
                "Could not save the plan",
                format!("{}: {error}", path.display()),
            )
            .hint("Check that the directory exists and can be written."),
        )
    })
}

fn hint(session: &Session, saved: Option<&PathBuf>, changes: bool) {
    match saved {
        Some(path) => session.ui.say(&format!(
            "\nSaved the plan to: {0}\n\nTo perform exactly these actions, run the following command to apply:\n    prov apply \"{0}\"",
            path.display()
        )),
        None if changes => session.ui.say(
            "\nNote: You didn't use the -out option to save this plan, so prov can't guarantee to take exactly these actions if you run \"prov apply\" now.",
        ),
        None => {}
    }
}

fn addresses<T>(
    what: &str,
    texts: &[String],
    parse: impl Fn(&str) -> Result<T, String>,
    diags: &mut Diagnostics,
) -> Vec<T> {
    let mut parsed = Vec::new();
    for text in texts {
        match parse(text) {
            Ok(address) => parsed.push(address),
            Err(error) => diags.push(
                Diagnostic::error(format!("Invalid {what} \"{text}\""), format!("{error}."))
                    .hint("Write it as `prov state list` does, for example alicloud_vpc.main."),
            ),
        }
    }
    parsed
}
