//! `prov graph`.

use clap::{Args as ClapArgs, ValueEnum};

use crate::{
    cli::{
        dependencies,
        failure::{Exit, Failed},
        session::{Session, ViewArgs},
        settings::Settings,
    },
    manifest,
    model::{Diagnostic, Diagnostics},
    plan,
};

/// Show what depends on what, as Graphviz or Mermaid draws it.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// `plan` shows variables, local values, outputs and providers too.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<Kind>,
    /// The language of the graph.
    #[arg(long, value_name = "FORMAT", default_value = "dot")]
    format: Format,
    /// Do not use colours.
    #[arg(long = "no-color")]
    no_color: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Plan,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Dot,
    Mermaid,
}

/// Writes the graph of the manifests.
pub fn run(args: &Args, settings: Settings) -> Result<Exit, Failed> {
    let view = ViewArgs {
        no_color: args.no_color,
        json: false,
    };
    let mut session = Session::new(settings, &view, None);
    let mut diags = Diagnostics::default();
    let mut module = manifest::ast::Module::default();
    if manifest::has_manifests(&session.root) {
        module = session.manifests(&[], &mut diags);
    }
    session.checkpoint(&mut diags)?;
    let blocks = plan::graph::blocks(&module, &mut diags);
    session.checkpoint(&mut diags)?;
    let text = match (args.kind, args.format) {
        (None, Format::Dot) => dependencies::of_resources(&blocks).dot(),
        (None, Format::Mermaid) => dependencies::of_resources(&blocks).mermaid(),
        (Some(Kind::Plan), Format::Dot) => dependencies::of_everything(&module).dot(),
        (Some(Kind::Plan), Format::Mermaid) => {
            return Err(session.failed(
                Diagnostic::error("Unsupported format", "The graph of -type=plan is DOT only.")
                    .hint("Leave out -type=plan, or write -format=dot."),
            ));
        }
    };
    session.ui.out(|out| out.write_all(text.as_bytes()));
    Ok(Exit::Done)
}
