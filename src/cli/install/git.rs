//! Repositories: brought by the git that is installed.
//!
//! No shell is between, what follows `--` cannot be an option, and a login goes through the environment: arguments
//! can be read by everyone on the machine.

use std::{
    fs, io,
    path::Path,
    process::{Output, Stdio},
};

use base64::Engine;
use tokio::process::Command;

use crate::manifest::modules::address::Package;

/// Variables that say which repository git is in: of no concern here, where prov runs in a hook.
const SURROUNDINGS: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
];

/// Clones a repository at the `ref` that is asked for, with its submodules, and without its history.
pub(super) async fn clone(package: &Package, into: &Path) -> Result<(), String> {
    let reference = package.asked("ref");
    let mut arguments = vec!["clone", "--quiet"];
    if let Some(depth) = package.asked("depth") {
        arguments.extend(["--depth", depth]);
        // What is not cloned cannot be checked out.
        if let Some(reference) = reference {
            arguments.extend(["--branch", reference]);
        }
    }
    arguments.extend(["--", &package.url]);
    let mut command = git(package, &arguments);
    command.arg(into);
    run(command).await?;
    let inside = |arguments: &[&str]| {
        let mut command = git(package, &[]);
        command.arg("-C").arg(into).args(arguments);
        command
    };
    if let Some(reference) = reference {
        run(inside(&["checkout", "--quiet", reference, "--"])).await?;
    }
    if into.join(".gitmodules").exists() {
        run(inside(&[
            "submodule",
            "--quiet",
            "update",
            "--init",
            "--recursive",
        ]))
        .await?;
    }
    fs::remove_dir_all(into.join(".git")).map_err(|error| error.to_string())
}

fn git(package: &Package, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    for variable in SURROUNDINGS {
        command.env_remove(variable);
    }
    if let Some(login) = &package.login {
        let encoded = base64::engine::general_purpose::STANDARD.encode(login);
        let host = package.url.splitn(4, '/').take(3).collect::<Vec<_>>();
        command
            .env("GIT_CONFIG_COUNT", "1")
            .env(
                "GIT_CONFIG_KEY_0",
                format!("http.{}/.extraHeader", host.join("/")),
            )
            .env(
                "GIT_CONFIG_VALUE_0",
                format!("Authorization: Basic {encoded}"),
            );
    }
    command
}

async fn run(mut command: Command) -> Result<(), String> {
    let Output { status, stderr, .. } =
        command.output().await.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                "it is a git repository, and there is no git on the PATH.".to_owned()
            }
            _ => format!("git cannot be started: {error}."),
        })?;
    if status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&stderr);
    Err(format!("git failed.\n\n{}", said.trim()))
}
