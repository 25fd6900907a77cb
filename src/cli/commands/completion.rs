//! `prov completion`.

use clap::Args as ClapArgs;
use clap_complete::Shell;

use crate::cli::{
    definition,
    failure::{Exit, Failed},
    settings::Settings,
    ui::Ui,
};

/// Write a completion script for a shell.
///
/// For bash: `source <(prov completion bash)`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The shell.
    shell: Shell,
}

/// Writes the script.
#[expect(clippy::unnecessary_wraps, reason = "every command answers alike")]
pub fn run(args: &Args, settings: &Settings) -> Result<Exit, Failed> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut definition(), "prov", &mut script);
    Ui::new(settings, true).out(|out| out.write_all(&script));
    Ok(Exit::Done)
}
