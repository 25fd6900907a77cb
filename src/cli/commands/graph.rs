//! `prov graph`.

use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};

use crate::{
    apply::saved,
    cli::{
        dependencies::{self, Graph, Phase},
        failure::{Exit, Failed},
        session::{Session, ViewArgs},
        settings::Settings,
    },
    manifest,
    model::{Diagnostic, Diagnostics, plan::Plan},
    plan,
};

/// Show what depends on what, as Graphviz or Mermaid draws it, or as a picture.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Show variables, local values, outputs, modules and providers too, as a run comes by them; `plan-destroy` shows
    /// in which order what exists is destroyed.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<Kind>,
    /// Show what this saved plan does to each object. Means -type=apply.
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Draw cycles in red rather than refuse them. Needs -type.
    #[arg(long = "draw-cycles")]
    draw_cycles: bool,
    /// Accepted for Terraform's sake.
    #[arg(
        long = "module-depth",
        value_name = "N",
        hide = true,
        allow_hyphen_values = true
    )]
    module_depth: Option<i64>,
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

fn saved_plan(session: &Session, path: &Path) -> Result<Plan, Failed> {
    let plan = saved::open(path).and_then(|saved| saved.plan());
    plan.map_err(|what| {
        let detail = format!("{}: {what}", path.display());
        session.failed(
            Diagnostic::error("Failed to read the given file", detail)
                .hint("Give a plan that `prov plan -out=FILE` wrote."),
        )
    })
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
    let saved = match &args.plan {
        Some(path) => Some(saved_plan(&session, path)?),
        None => None,
    };
    let kind = args.kind.or(saved.is_some().then_some(Kind::Apply));
    let blocks = match args.draw_cycles && kind.is_some() {
        true => plan::graph::blocks_or_cycles(&module, &mut diags),
        false => plan::graph::blocks(&module, &mut diags),
    };
    session.checkpoint(&mut diags)?;
    let mut graph: Box<dyn Graph> = match kind {
        None => Box::new(dependencies::of_resources(&blocks)),
        Some(Kind::Plan | Kind::PlanRefreshOnly) => {
            Box::new(dependencies::of_everything(&module, Phase::Plan))
        }
        Some(Kind::Apply) => {
            let mut graph = dependencies::of_everything(&module, Phase::Apply);
            if let Some(plan) = &saved {
                graph.carry_out(&module, plan);
            }
            Box::new(graph)
        }
        Some(Kind::PlanDestroy) => {
            let state = session.read_state(&module, None).await?;
            Box::new(dependencies::of_destroy(&module, &state))
        }
    };
    if args.draw_cycles {
        graph.draw_cycles();
    }
    let text = match args.format {
        Format::Dot => graph.dot(),
        Format::Mermaid => graph.drawing().mermaid(),
        Format::Svg => graph.drawing().svg(),
    };
    session.ui.out(|out| out.write_all(text.as_bytes()));
    Ok(Exit::Done)
}
