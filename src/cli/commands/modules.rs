//! `prov modules`.

use clap::Args as ClapArgs;
use serde_json::{Value as Json, json};

use crate::{
    cli::{
        failure::{Exit, Failed},
        session::{Session, ViewArgs},
        settings::Settings,
        tree::{Branch, draw},
    },
    manifest::{
        self,
        ast::Module,
        modules::record::{self, Record},
    },
    model::Diagnostics,
};

/// Show the modules that the manifests call.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    view: ViewArgs,
}

/// Shows the calls as a tree, or as JSON.
pub fn run(args: &Args, settings: Settings) -> Result<Exit, Failed> {
    let view = ViewArgs {
        json: false,
        ..args.view
    };
    let mut session = Session::new(settings, &view, None);
    let mut diags = Diagnostics::default();
    let mut module = Module::default();
    if manifest::has_manifests(&session.root) {
        module = session.manifests(&[], &mut diags);
    }
    session.checkpoint(&mut diags)?;
    let record = Record::read(&session.installed()).map_err(|it| session.failed(it))?;
    if args.view.json {
        let mut all = Vec::new();
        list(&module, "", &record, &mut all);
        let document = json!({ "format_version": "1.0", "modules": all });
        session.ui.out(|out| writeln!(out, "{document}"));
    } else if module.calls.is_empty() {
        session.ui.say("The manifests call no modules.");
    } else {
        let branches = branches(&module, "", &record);
        session.ui.out(|out| {
            writeln!(out, "\nModules declared by configuration:\n.")?;
            draw(&branches, "", out)?;
            writeln!(out)
        });
    }
    Ok(Exit::Done)
}

/// Returns the version that is installed for a key.
fn version<'r>(record: &'r Record, key: &str) -> &'r str {
    let entry = record.find(key);
    entry
        .and_then(|entry| entry.version.as_deref())
        .unwrap_or_default()
}

fn list(module: &Module, key: &str, record: &Record, all: &mut Vec<Json>) {
    for (name, call) in &module.calls {
        let key = record::key(key, name);
        all.push(json!({
            "key": &**name,
            "source": call.source.0,
            "version": version(record, &key),
        }));
        if let Some(child) = module.children.get(name) {
            list(child, &key, record, all);
        }
    }
}

fn branches(module: &Module, key: &str, record: &Record) -> Vec<Branch> {
    let one = |(name, call): (&std::sync::Arc<str>, &manifest::ast::ModuleCall)| {
        let key = record::key(key, name);
        let mut text = format!("\"{name}\"[{}]", call.source.0);
        let version = version(record, &key);
        if !version.is_empty() {
            text += &format!(" {version}");
        }
        if let Some((constraint, _)) = &call.version {
            text += &format!(" ({constraint})");
        }
        let child = module.children.get(name);
        Branch {
            text,
            below: child.map_or(Vec::new(), |child| branches(child, &key, record)),
        }
    };
    module.calls.iter().map(one).collect()
}
