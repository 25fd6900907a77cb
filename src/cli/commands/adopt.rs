//! `prov adopt`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::{
    cli::{
        adopt::{self, Choice},
        failure::{Exit, Failed},
        generate::empty_block,
        inputs::{Given, InputArgs},
        session::{CloudArgs, LockArgs, Project, REGISTRY, Session, ViewArgs},
        settings::Settings,
        written::{self, Found, Page, References, language},
    },
    model::{
        Address, Diagnostic, Diagnostics, Mode, Sources, Span,
        diagnostic::did_you_mean,
        plan::{Action, Plan},
    },
    plan::{Options, Values, imports, providers},
};

/// Write configuration and import blocks for what exists in a region and is not managed yet.
///
/// Ids of what is found become references. The plan over what was written is made at once, and has to be an import
/// and nothing else. Nothing is changed: `prov apply` takes the objects into the state.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The region, if no provider block names it.
    #[arg(long, value_name = "ID")]
    region: Option<String>,
    /// Only what is in this VPC.
    #[arg(long, value_name = "ID")]
    vpc: Option<String>,
    /// Only what has this tag, and what is part of it (repeatable).
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = tag)]
    tags: Vec<(String, String)>,
    /// Only this resource type (repeatable).
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// The new file: its ending says whether it is HCL or YAML.
    #[arg(long, value_name = "FILE", default_value = "adopted.tf")]
    out: PathBuf,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    view: ViewArgs,
    #[command(flatten)]
    cloud: CloudArgs,
    #[command(flatten)]
    lock: LockArgs,
}

fn tag(text: &str) -> Result<(String, String), String> {
    let (key, value) = text
        .split_once('=')
        .filter(|(key, _)| !key.is_empty())
        .ok_or("write it as KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Finds, writes, and plans over what was written.
pub async fn run(args: Args, settings: Settings, given: Vec<Given>) -> Result<Exit, Failed> {
    let mut session = Session::new(settings, &args.view, Some(&args.cloud));
    session.connector.region.clone_from(&args.region);
    let language = language(&args.out, "-out").map_err(|wrong| session.failed(wrong))?;
    if args.out.exists() {
        return Err(session.failed(not_new(&args.out)));
    }
    let choice = Choice {
        vpc: args.vpc.clone(),
        tags: args.tags.clone(),
        types: types(&session, &args.types)?,
    };
    let project = session.load_some(&args.input, &given)?;
    let store = session
        .store(&project.module, &args.lock, "OperationTypePlan")
        .await?;
    let nowhere = Span {
        source: session.sources.add("<adopt>", String::new()),
        start: 0,
        end: 0,
    };
    let found = find(&session, &project, nowhere, &store, &choice).await?;
    if found.is_empty() {
        store
            .close()
            .await
            .map_err(|error| session.state_failed("Error saving the state", &error))?;
        session.close()?;
        session
            .ui
            .say("Nothing found that is not managed already. Nothing was written.");
        return Ok(Exit::Done);
    }
    let configured = providers::block_of(&project.module, providers::ALICLOUD).is_some();
    let region = (!configured).then_some(args.region.as_deref()).flatten();
    let page = Page {
        region,
        found: &found,
        imports: true,
        references: References::between(&found),
    };
    written::write(&args.out, language, &page).map_err(|why| {
        let text = format!("{}: {why}.", args.out.display());
        let error = Diagnostic::error("Could not write the configuration", text);
        session.failed(error.hint("Name a file in this directory that does not exist yet."))
    })?;
    tell(&session, &found, &args.out);
    let proved = prove(&mut session, &args, &given, &store).await;
    store
        .close()
        .await
        .map_err(|error| session.state_failed("Error saving the state", &error))?;
    session.close()?;
    proved
}

fn not_new(path: &std::path::Path) -> Diagnostic {
    let text = format!("{} exists already.", path.display());
    Diagnostic::error("Could not write the configuration", text)
        .hint("Name a new file with -out, or take that one away.")
}

fn types(
    session: &Session,
    names: &[String],
) -> Result<Vec<&'static crate::schema::ResourceType>, Failed> {
    let find = |name: &String| {
        REGISTRY
            .find(Mode::Managed, name)
            .map(|kind| kind.ty)
            .ok_or_else(|| {
                let near = did_you_mean(name, REGISTRY.names(Mode::Managed));
                let error = Diagnostic::error(
                    "Invalid -type",
                    format!("There is no resource type \"{name}\"."),
                );
                session.failed(match near {
                    Some(near) => error.hint(format!("Did you mean \"{near}\"?")),
                    None => error,
                })
            })
    };
    names.iter().map(find).collect()
}

/// Finds what is wanted and not managed.
async fn find(
    session: &Session,
    project: &Project,
    nowhere: Span,
    store: &crate::apply::store::Store,
    choice: &Choice,
) -> Result<Vec<Found>, Failed> {
    let mut module = project.module.clone();
    // A block of some type asks for the provider, whatever the manifests have.
    let address = Address::parse("alicloud_vpc.adopted")
        .map_err(|error| session.failed(Diagnostic::error("Invalid address", error.to_string())))?;
    let block = empty_block(&address, nowhere);
    module
        .resources
        .entry(address.resource.clone())
        .or_insert(block);
    let asking = Project {
        module,
        fingerprint: project.fingerprint.clone(),
        variables: project.variables.clone(),
    };
    let special = session.special(Session::timestamp());
    let providers = session.providers(&asking, store, &special).await?;
    let Some(provider) = providers.get(providers::ALICLOUD) else {
        return Ok(Vec::new());
    };
    let discovery = adopt::discover(&**provider, &REGISTRY, choice)
        .await
        .map_err(|(ty, error)| {
            let text = format!("{ty} could not be read. {}", error.told());
            session.failed(Diagnostic::error("Could not find what exists", text))
        })?;
    let existing = discovery.existing;
    let mut diags = Diagnostics::default();
    let values = Values::new(&project.module, &project.variables, special);
    let imported = imports::imports(&project.module, &values, &mut diags);
    session.checkpoint(&mut diags)?;
    let module = &project.module;
    let managed = adopt::managed(&existing, store.state(), &imported, module, &REGISTRY);
    let mut existing = adopt::choose(existing, choice);
    existing.retain(|one| !managed.contains(&(one.ty.canonical(), one.id.clone())));
    let mut warnings = Diagnostics::default();
    for (ty, error) in discovery.refused {
        warnings.push(Diagnostic::warning(
            "Not all could be looked for",
            format!("{ty} is left out: {}", error.told()),
        ));
    }
    session.ui.diagnostics(&warnings, &Sources::default());
    for (ty, count) in discovery.left {
        session.ui.say(&format!(
            "{count:>7}  {ty} left alone: the cloud made it and looks after it"
        ));
    }
    let taken = project.module.resources.keys();
    Ok(adopt::named(
        existing,
        &taken.map(ToString::to_string).collect(),
    ))
}

/// Says what was found, by type.
fn tell(session: &Session, found: &[Found], path: &std::path::Path) {
    let mut counts = std::collections::BTreeMap::new();
    for one in found {
        *counts.entry(one.ty.name).or_insert(0_usize) += 1;
    }
    for (ty, count) in &counts {
        session.ui.say(&format!("{count:>7}  {ty}"));
    }
    session.ui.say(&format!("\nWrote {}.", path.display()));
}

/// Plans over what was written: it has to be an import and nothing else.
async fn prove(
    session: &mut Session,
    args: &Args,
    given: &[Given],
    store: &crate::apply::store::Store,
) -> Result<Exit, Failed> {
    let mut input = args.input.clone();
    if !input.files.is_empty() {
        input.files.push(args.out.clone());
    }
    session.sources = Sources::default();
    let project = session.load(&input, given)?;
    let special = session.special(Session::timestamp());
    let providers = session.providers(&project, store, &special).await?;
    let options = Options::default();
    let planned = session
        .plan(&project, store, &options, &providers, special)
        .await?;
    let differing = differing(&planned.plan);
    let imports = planned.plan.changes.iter();
    let imports = imports.filter(|change| change.importing.is_some()).count();
    if differing.is_empty() {
        session.ui.say(&format!(
            "The plan over it is an import of {imports} and nothing else.\n\nRun \"prov apply\" to take them into the state."
        ));
        return Ok(Exit::Done);
    }
    let mut diags = Diagnostics::default();
    for (address, what) in differing {
        diags.push(
            Diagnostic::error("The configuration differs from what exists", what)
                .about(&address)
                .hint(format!(
                    "Edit {} until `prov plan` shows no change of it.",
                    args.out.display()
                )),
        );
    }
    Err(session.failed(diags))
}

/// Returns what the plan would do beyond importing.
fn differing(plan: &Plan) -> Vec<(Address, String)> {
    let mut differing = Vec::new();
    for change in plan.changes.iter().filter(|it| it.importing.is_some()) {
        if change.action == Action::NoOp {
            continue;
        }
        let what = format!(
            "{} would be changed after its import: {}.",
            change.address,
            change.changed().join(", ")
        );
        differing.push((change.address.clone(), what));
    }
    differing
}
