//! `prov version`.

use clap::Args as ClapArgs;

use crate::{
    backend::format::TERRAFORM_VERSION,
    cli::{
        failure::{Exit, Failed},
        settings::Settings,
        ui::Ui,
    },
    model::ordered::Ordered,
    render,
};

/// Show the version of prov.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Write JSON.
    #[arg(long)]
    json: bool,
}

/// Writes the version.
#[expect(clippy::unnecessary_wraps, reason = "every command answers alike")]
pub fn run(args: &Args, settings: &Settings) -> Result<Exit, Failed> {
    let version = env!("CARGO_PKG_VERSION");
    let platform = format!("{}_{}", std::env::consts::OS, std::env::consts::ARCH);
    Ui::new(settings, false).out(|out| {
        if args.json {
            let json = serde_json::json!({
                "prov_version": version,
                "terraform_version": TERRAFORM_VERSION,
                "platform": platform,
                "provider_selections": {},
                "terraform_outdated": false,
            });
            render::json::pretty(&Ordered(json, &render::order::VERSION), out)
        } else {
            writeln!(out, "prov v{version}\non {platform}\nspeaks the language of Terraform v{TERRAFORM_VERSION}")
        }
    });
    Ok(Exit::Done)
}
