//! `prov apply` and `prov destroy`.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use tokio::sync::watch;

use super::plan::{PlanningArgs, refused, show};
use crate::{
    apply::{run as carry_out, saved, store::Store},
    backend::StateError,
    cli::{
        failure::{Exit, Failed},
        inputs::Given,
        session::{Project, REGISTRY, Session},
        settings::Settings,
        ui::Answer,
    },
    model::{
        Diagnostic, Diagnostics,
        event::{Event, Summary},
        plan::Mode,
    },
    plan::{Options, Planned, Providers, ephemeral, gates::denied},
    render,
};

/// Plan, ask, and carry the plan out; or carry out a saved plan.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    pub planning: PlanningArgs,
    /// Do not ask.
    #[arg(long = "auto-approve")]
    pub auto_approve: bool,
    /// A plan that `prov plan -out=FILE` saved.
    pub plan: Option<PathBuf>,
}

/// Destroy everything that the state holds.
#[derive(Debug, ClapArgs)]
pub struct DestroyArgs {
    #[command(flatten)]
    planning: PlanningArgs,
    /// Do not ask.
    #[arg(long = "auto-approve")]
    auto_approve: bool,
}

/// `apply -destroy`.
pub async fn destroy(
    args: DestroyArgs,
    settings: Settings,
    given: Vec<Given>,
) -> Result<Exit, Failed> {
    let planning = PlanningArgs {
        destroy: true,
        ..args.planning
    };
    let args = Args {
        planning,
        auto_approve: args.auto_approve,
        plan: None,
    };
    carried_out(args, settings, given, "destroy").await
}

/// Plans (or opens a saved plan), asks, and carries it out.
pub async fn run(args: Args, settings: Settings, given: Vec<Given>) -> Result<Exit, Failed> {
    carried_out(args, settings, given, "apply").await
}

async fn carried_out(
    args: Args,
    settings: Settings,
    given: Vec<Given>,
    command: &str,
) -> Result<Exit, Failed> {
    let planning = &args.planning;
    let mut session = Session::new(settings, &planning.view, Some(&planning.cloud));
    session.ui.style.full = planning.full;
    let saved = match &args.plan {
        None => None,
        Some(path) => Some(open(&session, path)?),
    };
    if saved.is_none() && !args.auto_approve && planning.view.json {
        return Err(session.failed(unaskable()));
    }
    let options = options(&session, planning, saved.as_ref())?;
    let project = match &saved {
        None => session.load(&planning.input, &given)?,
        Some(saved) => session.load_saved(saved, &planning.input, &given)?,
    };
    let timestamp = saved
        .as_ref()
        .map_or_else(Session::timestamp, |saved| saved.timestamp.clone());
    let special = session.special(timestamp);
    let mut store = session
        .store(&project.module, &planning.lock, "OperationTypeApply")
        .await?;
    let mut adopted = false;
    if let Some(saved) = &saved {
        check_saved(&session, saved, &store, &project)?;
        let prior = saved.prior_with_secrets(&store).map_err(|error| {
            session.failed(Diagnostic::error(
                "Failed to load the plan",
                error.to_string(),
            ))
        })?;
        adopted = store.adopt(prior) || saved.has_drift();
    }
    let providers = session.providers(&project, &store, &special).await?;
    if saved.is_none() {
        session
            .recover(&project, &mut store, &providers, &special)
            .await?;
    }
    let mut planned = session
        .plan(&project, &store, &options, &providers, special)
        .await?;
    planned.prior_differs |= adopted;
    let mut denied = denied(&planned.plan, &project.module, &planning.deny);
    if planning.preflight {
        let problems = session.preflight(&project, &mut planned, &providers).await;
        denied.extend(problems);
    }
    if let Some(saved) = &saved {
        saved
            .check_changes(&planned.plan)
            .map_err(|what| stale(&session, &what))?;
    } else {
        show(&session, &planned.plan);
    }
    if denied.has_errors() {
        drop(planned);
        return Err(refused(&session, store, denied).await);
    }
    let idle = planned.plan.is_empty();
    if saved.is_none()
        && !idle
        && !args.auto_approve
        && let Err(refusal) = approval(&session, planning, options.mode)
    {
        drop(planned);
        return Err(refused(&session, store, refusal).await);
    }
    execute(
        &session,
        &project,
        planned,
        store,
        &providers,
        (planning.cloud.parallelism, command),
    )
    .await
}

/// Returns what the plan is asked for, or was when it was saved.
fn options(
    session: &Session,
    planning: &PlanningArgs,
    saved: Option<&saved::Saved>,
) -> Result<Options, Failed> {
    let Some(saved) = saved else {
        return planning.options(session);
    };
    let options = saved
        .options()
        .map_err(|error| session.failed(Diagnostic::error("Failed to load the plan", error)))?;
    Ok(Options {
        preflight: planning.preflight,
        ..options
    })
}

fn unaskable() -> Diagnostic {
    Diagnostic::error(
        "Plan file or auto-approve required",
        "-json cannot ask for approval.",
    )
    .hint("Add -auto-approve, or give a saved plan.")
}

fn open(session: &Session, path: &Path) -> Result<saved::Saved, Failed> {
    saved::open(path).map_err(|error| {
        session.failed(
            Diagnostic::error(
                "Failed to load the plan",
                format!("{}: {}.", path.display(), error.trim_end_matches('.')),
            )
            .hint("Give a file that `prov plan -out=FILE` wrote, or none to plan now."),
        )
    })
}

/// Asks for approval; the error says why there is none.
fn approval(session: &Session, planning: &PlanningArgs, mode: Mode) -> Result<(), Diagnostic> {
    const HINT: &str =
        "Add -auto-approve, or save a plan with `prov plan -out=FILE` and apply that.";
    let unasked = |why: &str| Diagnostic::error("Cannot ask for approval", why).hint(HINT);
    let environment = session.settings.get("TF_INPUT");
    let mute = planning
        .ask
        .map_or(matches!(environment, Some("0" | "false")), |ask| !ask);
    if mute {
        return Err(unasked(
            "-input=false (or TF_INPUT) says not to ask for anything.",
        ));
    }
    let (question, explanation) = match mode {
        Mode::Normal => (
            "Do you want to perform these actions?",
            "prov will perform the actions described above.",
        ),
        Mode::Destroy => (
            "Do you really want to destroy all resources?",
            "prov will destroy all your managed infrastructure, as shown above.\n  There is no undo.",
        ),
        Mode::RefreshOnly => (
            "Would you like to update the prov state to reflect these detected changes?",
            "prov will write these changes to the state without modifying any real infrastructure.",
        ),
    };
    let from_input = planning
        .input
        .files
        .iter()
        .any(|file| file.as_os_str() == "-");
    match (session.ui.asks(question, explanation), mode) {
        (Answer::Yes, _) => Ok(()),
        (Answer::No, Mode::Destroy) => Err(Diagnostic::error("Destroy cancelled.", "")),
        (Answer::No, Mode::Normal | Mode::RefreshOnly) => {
            Err(Diagnostic::error("Apply cancelled.", ""))
        }
        (Answer::Silence, _) if from_input => Err(unasked(
            "Standard input held the manifest, so that no answer can come from it.",
        )),
        (Answer::Silence, _) => Err(unasked("Standard input has ended without an answer.")),
    }
}

fn stale(session: &Session, what: &str) -> Failed {
    session.failed(
        Diagnostic::error(
            "Saved plan is stale",
            format!("The given plan file can no longer be applied: {what}."),
        )
        .hint("Make a new plan, and apply that."),
    )
}

fn check_saved(
    session: &Session,
    saved: &saved::Saved,
    store: &Store,
    project: &Project,
) -> Result<(), Failed> {
    if store.has_open() {
        return Err(stale(
            session,
            "an interrupted run has left work open since; plan again",
        ));
    }
    // What is ephemeral may be another in each run.
    let mut lasting = project.variables.clone();
    lasting.retain(|name, _| !ephemeral::is_variable(&project.module, name));
    saved
        .check(store, &project.fingerprint, &lasting)
        .map_err(|what| stale(session, &what))
}

async fn execute(
    session: &Session,
    project: &Project,
    planned: Planned<'_>,
    mut store: Store,
    providers: &Providers,
    (parallelism, command): (usize, &str),
) -> Result<Exit, Failed> {
    let mode = planned.plan.mode;
    let targeted = !planned.plan.targets.is_empty();
    let (stop_sender, stop) = watch::channel(0);
    let signals = listen(stop_sender);
    let events = |event: Event| session.ui.event(&event);
    let mut diags = Diagnostics::default();
    let work = carry_out::run(
        carry_out::Run {
            module: &project.module,
            registry: REGISTRY,
            providers,
            parallelism: parallelism.max(1),
            events: &events,
            stop,
        },
        planned,
        &mut store,
        &mut diags,
    );
    let summary = tokio::select! {
        summary = work => summary,
        never = signals => match never {},
    };
    let failed = diags.has_errors() || summary.summary.interrupted;
    if targeted && !failed {
        let text = "-target left parts of the configuration out, so that more may be to be done.";
        diags.push(
            Diagnostic::warning("Applied changes may be incomplete", text)
                .hint("`prov plan` without -target shows what is left."),
        );
    }
    let outputs = store.state().outputs.clone();
    let leave_now = summary.left;
    let kept = if leave_now {
        store.keep().await
    } else {
        store.close().await
    };
    if let Err(error) = kept {
        let mut detail = format!("{error}.");
        if !matches!(error, StateError::Moved { .. } | StateError::Unkept { .. }) {
            detail += " What was done is in the journal beside the state file and is picked up by the next run.";
        }
        let mut diagnostic = Diagnostic::error("Failed to save the state", detail);
        diagnostic.hint = error.hint();
        diags.push(diagnostic);
    }
    // What is told is what was asked for: `apply -destroy` applies a plan.
    let told = match (mode, command) {
        (Mode::Destroy, "apply") => Mode::Normal,
        (mode, _) => mode,
    };
    finish(session, &summary.summary, told, &outputs);
    if !failed && !session.ui.is_json() && !outputs.is_empty() && mode != Mode::Destroy {
        session.ui.say("\nOutputs:\n");
        session
            .ui
            .out(|out| render::terminal::outputs(&outputs, out));
    }
    session.ui.diagnostics(&diags, &session.sources);
    session.close()?;
    Ok(if failed || diags.has_errors() {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn finish(
    session: &Session,
    summary: &Summary,
    mode: Mode,
    outputs: &std::collections::BTreeMap<String, crate::model::state::Output>,
) {
    if session.ui.is_json() {
        session
            .ui
            .with_events(|events, now| events.applied(summary, mode, outputs, now));
    } else {
        session
            .ui
            .out(|out| render::terminal::summary(summary, mode, session.ui.style, out));
    }
}

/// Counts Ctrl-C (and SIGTERM, and the end of the terminal) into `stop`; never returns.
pub async fn listen(stop: watch::Sender<u8>) -> std::convert::Infallible {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return std::future::pending().await;
    };
    // What is started with nohup goes on.
    let mut hangup = if ignores_hangup() {
        None
    } else {
        signal(SignalKind::hangup()).ok()
    };
    loop {
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hung_up => {}
        }
        stop.send_modify(|count| *count = count.saturating_add(1));
    }
}

/// Whether this process was started with SIGHUP ignored, where the system tells.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines();
    let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Bit 0 is signal 1.
    mask.is_some_and(|mask| mask & 1 == 1)
}
