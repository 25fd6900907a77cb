//! `prov graph`.

use clap::{Args as ClapArgs, ValueEnum};

use crate::{
    cli::{
        dependencies::{self, Graph, Phase},
        failure::{Exit, Failed},
        session::{Session, ViewArgs},
        settings::Settings,
    },
    manifest,
    model::Diagnostics,
    plan,
};

/// Show what depends on what, as Graphviz or Mermaid draws it, or as a picture.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Show variables, local values, outputs, modules and providers too, as a run comes by them; `plan-destroy` shows
    /// in which order what exists is destroyed.
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
    PlanRefreshOnly,
    PlanDestroy,
    Apply,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Dot,
    Mermaid,
    Svg,
}

/// Writes the graph of the manifests.
pub async fn run(args: &Args, settings: Settings) -> Result<Exit, Failed> {
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
    let graph: Box<dyn Graph> = match args.kind {
        None => Box::new(dependencies::of_resources(&blocks)),
        Some(Kind::Plan | Kind::PlanRefreshOnly) => {
            Box::new(dependencies::of_everything(&module, Phase::Plan))
        }
        Some(Kind::Apply) => Box::new(dependencies::of_everything(&module, Phase::Apply)),
        Some(Kind::PlanDestroy) => {
            let state = session.read_state(&module, None).await?;
            Box::new(dependencies::of_destroy(&module, &state))
        }
    };
    let text = match args.format {
        Format::Dot => graph.dot(),
        Format::Mermaid => graph.drawing().mermaid(),
        Format::Svg => graph.drawing().svg(),
    };
    session.ui.out(|out| out.write_all(text.as_bytes()));
    Ok(Exit::Done)
}
