//! `prov emulator`.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args as ClapArgs;
use serde::de::DeserializeOwned;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    cli::{
        failure::{Exit, Failed},
        recording,
        session::{Session, ViewArgs},
        settings::Settings,
    },
    emulator::{Emulator, Options, Profile},
    model::Diagnostic,
};

/// Serve an emulator of the cloud's API on a local port, until SIGINT or SIGTERM.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Where to listen; port 0 picks a free one.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:4760")]
    listen: SocketAddr,
    /// Keep the world in this directory (default: in memory).
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Seed of ids and faults.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Faults to make: a file in YAML or JSON.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// How long states last: instant, fast or realistic.
    #[arg(long, default_value = "fast")]
    profile: String,
    /// A further access key (repeatable).
    #[arg(long = "access-key", value_name = "ID:SECRET")]
    access_keys: Vec<String>,
    /// Accounts, users with policies, and roles: a file in YAML or JSON.
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,
}

/// Serves until it is told to stop; the world is saved then.
pub async fn run(args: Args, settings: Settings) -> Result<Exit, Failed> {
    let recorder = recording::recorder(&settings);
    let session = Session::new(settings, &ViewArgs::default(), None);
    let failed = |summary: &str, detail: String, hint: &str| {
        session.failed(Diagnostic::error(summary, detail).hint(hint))
    };
    let profile: Profile = args.profile.parse().map_err(|_| {
        failed(
            "Invalid -profile",
            format!("\"{}\" is not a profile.", args.profile),
            "Use instant, fast or realistic.",
        )
    })?;
    let mut options = Options {
        data: args.data.clone(),
        seed: args.seed,
        profile,
        recorder,
        ..Options::default()
    };
    let keys: Option<Vec<_>> = args.access_keys.iter().map(|key| pair(key)).collect();
    options.access_keys.extend(keys.ok_or_else(|| {
        let detail = "It is not an id and a secret with a colon between them.";
        failed("Invalid -access-key", detail.into(), "Write ID:SECRET.")
    })?);
    if let Some(path) = &args.faults {
        options.faults = Some(read(path).map_err(|error| {
            failed(
                "Could not read the faults",
                format!("{error:#}."),
                "The format is in docs/guide/emulator.md.",
            )
        })?);
    }
    if let Some(path) = &args.accounts {
        options.accounts = read(path).map_err(|error| {
            failed(
                "Could not read the accounts",
                format!("{error:#}."),
                "The format is in docs/guide/emulator.md.",
            )
        })?;
    }
    let emulator = Emulator::open(options).map_err(|error| {
        failed(
            "Could not start the emulator",
            format!("{error}."),
            "Choose another -data.",
        )
    })?;
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .map_err(|error| {
            failed(
                "Could not listen",
                format!("{}: {error}", args.listen),
                "Is another emulator running? Choose another -listen, or port 0 for a free one.",
            )
        })?;
    // Whoever reads the address may end it at once.
    let stop = stopped().map_err(|error| {
        failed(
            "Could not wait for signals",
            error.to_string(),
            "Start it again.",
        )
    })?;
    let address = listener.local_addr().unwrap_or(args.listen);
    session
        .ui
        .out(|out| writeln!(out, "listening on http://{address}"));
    emulator
        .serve(listener, stop)
        .await
        .map_err(|error| failed("The emulator stopped", error.to_string(), "Start it again."))?;
    Ok(Exit::Done)
}

/// An access key's id and secret.
fn pair(key: &str) -> Option<(String, String)> {
    let (id, secret) = key.split_once(':')?;
    let whole = !id.is_empty() && !secret.is_empty();
    whole.then(|| (id.to_owned(), secret.to_owned()))
}

/// Reads a file. JSON is YAML too.
fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text = std::fs::read(path).with_context(|| path.display().to_string())?;
    serde_yaml::from_slice(&text).with_context(|| format!("{} is not understood", path.display()))
}

/// Begins to listen for the signals that end it; what is returned is ready when one has come.
fn stopped() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}
