//! `prov state`: list, show, mv, rm, pull, push.

use std::{
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args as ClapArgs, Subcommand};

use crate::{
    apply::store::Store,
    backend::format,
    cli::{
        failure::{Exit, Failed},
        session::{LockArgs, Session, ViewArgs},
        settings::Settings,
    },
    model::{Address, AnyAddress, Diagnostic, Key, Mode, ModulePath, state::State},
    render,
};

/// Look into the state.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the addresses of all instances.
    List {
        /// Only these resources or instances.
        addresses: Vec<String>,
        /// Only the object with this id.
        #[arg(long)]
        id: Option<String>,
        #[arg(long)]
        state: Option<PathBuf>,
    },
    /// Show one instance.
    Show {
        address: String,
        #[arg(long)]
        state: Option<PathBuf>,
        #[arg(long = "no-color")]
        no_color: bool,
    },
    /// Give instances another address; what exists in the cloud stays as it is.
    Mv {
        /// A resource or an instance.
        from: String,
        to: String,
        #[command(flatten)]
        lock: LockArgs,
        /// Only say what would be moved.
        #[arg(long = "dry-run")]
        dry_run: bool,
    },
    /// Take instances out of the state; what exists in the cloud stays.
    Rm {
        #[arg(required = true)]
        addresses: Vec<String>,
        #[command(flatten)]
        lock: LockArgs,
        /// Only say what would be taken out.
        #[arg(long = "dry-run")]
        dry_run: bool,
    },
    /// Write the state's JSON.
    Pull,
    /// Put a state in the place of the stored one; it must have the same lineage and no older serial.
    Push {
        /// A state file; `-` is standard input.
        file: PathBuf,
        /// Whatever lineage and serial it has.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        lock: LockArgs,
    },
}

/// Runs one of the state's commands.
pub async fn run(args: Args, settings: Settings) -> Result<Exit, Failed> {
    let mut session = Session::new(settings, &ViewArgs::default(), None);
    let module = session.load_settings();
    match args.command {
        Command::List {
            addresses,
            id,
            state,
        } => {
            let kept = session.read_state(&module, state.as_deref()).await?;
            if !session
                .backend(&module, state.as_deref())?
                .read()
                .await
                .is_ok_and(|kept| kept.snapshot.is_some())
            {
                return Err(no_state(&session));
            }
            list(&session, &kept, &addresses, id.as_deref())
        }
        Command::Show {
            address,
            state,
            no_color,
        } => {
            session.ui = crate::cli::ui::Ui::new(&session.settings, no_color);
            let kept = session.read_state(&module, state.as_deref()).await?;
            show(&session, &kept, &address)
        }
        Command::Mv {
            from,
            to,
            lock,
            dry_run,
        } => {
            let mut store = session.store(&module, &lock, "state-mv").await?;
            mv(&session, &mut store, (&from, &to), dry_run)?;
            store
                .close()
                .await
                .map_err(|error| session.state_failed("Error saving the state", &error))?;
            Ok(Exit::Done)
        }
        Command::Rm {
            addresses,
            lock,
            dry_run,
        } => {
            let store = session.store(&module, &lock, "state-rm").await?;
            rm(&session, store, &addresses, dry_run).await
        }
        Command::Pull => {
            let kept = session.read_state(&module, None).await?;
            session
                .ui
                .out(|out| format::write(&kept, out).map_err(std::io::Error::other));
            Ok(Exit::Done)
        }
        Command::Push { file, force, lock } => {
            let state = read_file(&session, &file)?;
            let store = session.store(&module, &lock, "state-push").await?;
            push(&session, store, state, force).await
        }
    }
}

/// Forgets resources or instances; what they stand for stays as it is.
async fn rm(
    session: &Session,
    mut store: Store,
    addresses: &[String],
    dry_run: bool,
) -> Result<Exit, Failed> {
    let mut chosen = matching(session, store.state(), addresses)?;
    let open = store.open_creates();
    chosen.extend(among(session, open.into_iter(), addresses)?);
    if chosen.is_empty() {
        return Err(session.failed(
            Diagnostic::error("Invalid target address", "No matching objects found.")
                .hint("`prov state list` shows every address."),
        ));
    }
    for address in &chosen {
        let word = if dry_run { "Would remove" } else { "Removed" };
        session.ui.say(&format!("{word} {address}"));
        if !dry_run {
            let forgotten = store.forget_open(address).await;
            forgotten.map_err(|error| session.state_failed("Error saving the state", &error))?;
            store.state_mut().remove(address, None);
        }
    }
    store
        .close()
        .await
        .map_err(|error| session.state_failed("Error saving the state", &error))?;
    if !dry_run {
        session.ui.say(&format!(
            "Successfully removed {} resource instance(s).",
            chosen.len()
        ));
    }
    Ok(Exit::Done)
}

/// Moves a resource with all its instances, or one instance.
fn mv(
    session: &Session,
    store: &mut Store,
    (from, to): (&str, &str),
    dry_run: bool,
) -> Result<(), Failed> {
    let parse = |text: &str| {
        AnyAddress::parse(text).map_err(|error| {
            session.failed(Diagnostic::error("Invalid address", format!("{error}.")))
        })
    };
    let refuse = |detail: String, hint: &str| {
        session.failed(Diagnostic::error("Invalid source address", detail).hint(hint))
    };
    let (from, to) = (parse(from)?, parse(to)?);
    if store.has_open() {
        return Err(refuse(
            "An interrupted run has left work open.".to_owned(),
            "Run `prov recover` first.",
        ));
    }
    let mut chosen = matching(session, store.state(), &[from.to_string()])?;
    if let AnyAddress::Resource(from) = &from {
        chosen.retain(|address| address.resource == from.resource);
    }
    if chosen.is_empty() {
        return Err(refuse(
            format!("The state has nothing at {from}."),
            "`prov state list` shows every address.",
        ));
    }
    let typed = |address: &AnyAddress| match address {
        AnyAddress::Resource(it) => Some((it.resource.mode, it.resource.kind.clone())),
        AnyAddress::Module(_) => None,
    };
    if typed(&from) != typed(&to) {
        return Err(refuse(
            format!("{from} and {to} are of different types."),
            "Move to an address of the same type.",
        ));
    }
    for address in &chosen {
        let Some(target) = target_of(address, &from, &to) else {
            return Err(refuse(
                format!("{address} has no place in {to}."),
                "Name one instance of the module, with its key.",
            ));
        };
        if store.state().get(&target).is_some() {
            return Err(refuse(
                format!("The state already has an object at {target}."),
                "Take that one out with `prov state rm` first, or choose another address.",
            ));
        }
        let word = if dry_run { "Would move" } else { "Move" };
        session
            .ui
            .say(&format!("{word} \"{address}\" to \"{target}\""));
        if !dry_run {
            store.state_mut().rename(address, &target);
        }
    }
    if !dry_run {
        session
            .ui
            .say(&format!("Successfully moved {} object(s).", chosen.len()));
    }
    Ok(())
}

/// Returns where an instance goes; without keys on both sides it keeps its own.
fn target_of(address: &Address, from: &AnyAddress, to: &AnyAddress) -> Option<Address> {
    match (from, to) {
        (AnyAddress::Resource(from), AnyAddress::Resource(to)) => {
            let whole = from.key == Key::None && to.key == Key::None;
            Some(Address {
                resource: to.resource.clone(),
                key: if whole { &address.key } else { &to.key }.clone(),
            })
        }
        (AnyAddress::Module(from), AnyAddress::Module(to)) => {
            let own = &address.resource.module;
            let there = ModulePath::new(own.steps().get(..from.steps().len())?.to_vec());
            let (_, from) = from.split()?;
            let (_, last) = there.split()?;
            let (caller, target) = to.split()?;
            let whole = from.key == Key::None && target.key == Key::None;
            let key = if whole { &last.key } else { &target.key };
            let to = caller.child(&target.name, key.clone());
            Some(Address {
                resource: Arc::new(address.resource.within(own.moved(&there, &to)?)),
                key: address.key.clone(),
            })
        }
        _ => None,
    }
}

/// Reads a state that is to be pushed.
pub(super) fn read_file(session: &Session, file: &Path) -> Result<State, Failed> {
    let name = file.display();
    let refuse = |why: String| {
        session.failed(
            Diagnostic::error("Error reading the source state", format!("{name}: {why}."))
                .hint("Name a state file, such as `prov state pull` writes."),
        )
    };
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    let bytes = bytes.map_err(|error| refuse(error.to_string()))?;
    let state = format::read(&bytes).map_err(|error| refuse(error.to_string()))?;
    if state.extra.open.is_empty() {
        return Ok(state);
    }
    Err(session.failed(
        Diagnostic::error(
            "The source state has open operations",
            format!("{name} was written by an apply that has not been settled yet."),
        )
        .hint("Run `prov recover` where it comes from, then take it with `prov state pull`."),
    ))
}

/// Puts a state in the place of the stored one.
async fn push(
    session: &Session,
    mut store: Store,
    state: State,
    force: bool,
) -> Result<Exit, Failed> {
    if let Some(refusal) = unfit(&store, &state, force) {
        let kept = store.keep().await;
        kept.map_err(|error| session.state_failed("Error unlocking the state", &error))?;
        return Err(session.failed(refusal));
    }
    let failed = |error| session.state_failed("Error saving the state", &error);
    store.replace(state).await.map_err(failed)?;
    store.close().await.map_err(failed)?;
    Ok(Exit::Done)
}

/// Says why a state may not take the place of the stored one.
fn unfit(store: &Store, state: &State, force: bool) -> Option<Diagnostic> {
    let summary = "The state cannot be pushed";
    if store.has_open() {
        return Some(
            Diagnostic::error(summary, "An interrupted run has left work open.")
                .hint("Run `prov recover` first."),
        );
    }
    let stored = store.state();
    if force || store.is_new() {
        None
    } else if state.lineage != stored.lineage {
        let detail = format!(
            "It has the lineage {}, and the stored state has {}: they are of different projects.",
            state.lineage, stored.lineage
        );
        Some(Diagnostic::error(summary, detail).hint(
            "Check that this is the right directory and workspace; -force pushes it all the same.",
        ))
    } else if state.serial < store.serial() {
        let detail = format!(
            "It has the serial {}, and the stored state is newer: {}.",
            state.serial,
            store.serial()
        );
        Some(Diagnostic::error(summary, detail).hint(
            "Begin from `prov state pull`; -force pushes it all the same, and loses what is newer.",
        ))
    } else {
        None
    }
}

fn no_state(session: &Session) -> Failed {
    session.failed(
        Diagnostic::error(
            "No state file was found!",
            "State management commands require a state file.",
        )
        .hint("Run this where the manifests are, after the first apply."),
    )
}

fn matching(session: &Session, state: &State, wanted: &[String]) -> Result<Vec<Address>, Failed> {
    among(session, state.current().map(|(address, _)| address), wanted)
}

fn among(
    session: &Session,
    addresses: impl Iterator<Item = Address>,
    wanted: &[String],
) -> Result<Vec<Address>, Failed> {
    let mut parsed = Vec::new();
    for text in wanted {
        parsed.push(AnyAddress::parse(text).map_err(|error| {
            session.failed(Diagnostic::error("Invalid address", format!("{error}.")))
        })?);
    }
    let matches = |address: &Address| parsed.iter().any(|it| it.covers(address));
    Ok(addresses.filter(matches).collect())
}

fn list(
    session: &Session,
    state: &State,
    wanted: &[String],
    id: Option<&str>,
) -> Result<Exit, Failed> {
    let chosen = matching(session, state, wanted)?;
    let mut shown: Vec<Address> = state
        .current()
        .filter(|(address, _)| wanted.is_empty() || chosen.contains(address))
        .filter(|(_, stored)| {
            id.is_none_or(|id| stored.attributes.get("id").and_then(|it| it.as_str()) == Some(id))
        })
        .map(|(address, _)| address)
        .collect();
    // Data sources first, as Terraform lists them.
    shown.sort_by_key(|address| {
        let resource = &address.resource;
        (resource.module.clone(), resource.mode == Mode::Managed)
    });
    session.ui.out(|out| {
        shown
            .iter()
            .try_for_each(|address| writeln!(out, "{address}"))
    });
    Ok(Exit::Done)
}

fn show(session: &Session, state: &State, text: &str) -> Result<Exit, Failed> {
    let address = Address::parse(text).map_err(|error| {
        session.failed(Diagnostic::error("Invalid address", format!("{error}.")))
    })?;
    let Some(stored) = state.get(&address) else {
        let all: Vec<String> = state
            .current()
            .map(|(address, _)| address.to_string())
            .collect();
        let hint = crate::model::diagnostic::did_you_mean(text, all.iter().map(String::as_str))
            .map_or_else(
                || "`prov state list` shows every address.".to_owned(),
                |it| format!("Did you mean {it}?"),
            );
        return Err(session.failed(
            Diagnostic::error(
                "No instance found for the given address!",
                format!("The state has nothing at {text}."),
            )
            .hint(hint),
        ));
    };
    session
        .ui
        .out(|out| render::terminal::resource(&address, stored, session.ui.style, out));
    Ok(Exit::Done)
}
