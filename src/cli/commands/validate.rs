//! `prov validate`.

use clap::Args as ClapArgs;

use crate::{
    backend::format::TERRAFORM_VERSION,
    cli::{
        failure::{Exit, Failed},
        inputs::InputArgs,
        session::{Session, ViewArgs},
        settings::Settings,
    },
    model::{Diagnostics, Severity, ordered::Ordered},
    plan::{check, required},
    render,
};

/// Check the manifests without talking to the cloud or reading the state.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    view: ViewArgs,
    /// Accepted for Terraform's sake: `prov test` checks the test files.
    #[arg(long = "no-tests", hide = true)]
    no_tests: bool,
    /// Accepted for Terraform's sake.
    #[arg(long = "test-directory", value_name = "DIR", hide = true)]
    test_directory: Option<String>,
}

/// Reports everything that can be found wrong in the manifests alone.
pub fn run(args: &Args, settings: Settings) -> Result<Exit, Failed> {
    let mut session = Session::new(
        settings,
        &ViewArgs {
            json: false,
            ..args.view
        },
        None,
    );
    let mut diags = Diagnostics::default();
    let module = session.manifests(&args.input.files, &mut diags);
    required::check(&module, TERRAFORM_VERSION, &mut diags);
    if !diags.has_errors() {
        check::check(
            &module,
            &crate::cli::session::REGISTRY,
            session.special(Session::timestamp()),
            &mut diags,
        );
    }
    let valid = !diags.has_errors();
    if args.view.json {
        let count = |severity: Severity| diags.iter().filter(|it| it.severity == severity).count();
        let json = serde_json::json!({
            "format_version": "1.0",
            "valid": valid,
            "error_count": count(Severity::Error),
            "warning_count": count(Severity::Warning),
            "diagnostics": diags.iter()
                .map(|it| render::diagnostic_json(it, &session.sources))
                .collect::<Vec<_>>(),
        });
        session
            .ui
            .out(|out| render::json::pretty(&Ordered(json, &render::order::VALIDATION), out));
    } else {
        session.ui.diagnostics(&diags, &session.sources);
        if valid {
            let warned = if diags.is_empty() {
                "."
            } else {
                ", but there were some validation warnings as shown above."
            };
            session
                .ui
                .say(&format!("Success! The configuration is valid{warned}"));
        }
    }
    Ok(if valid { Exit::Done } else { Exit::Failed })
}
