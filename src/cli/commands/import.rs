//! `prov import`.

use std::sync::Arc;

use clap::Args as ClapArgs;

use crate::{
    cli::{
        failure::{Exit, Failed},
        inputs::{Given, InputArgs},
        session::{CloudArgs, LockArgs, REGISTRY, Session, ViewArgs},
        settings::Settings,
    },
    eval::expand::expand,
    manifest::ast::{Module, Resource},
    model::{Address, Diagnostic, event::Event},
    plan::{
        self, Options, Values,
        imports::{import, shown},
        providers::provider_of,
        scope::keys_of,
    },
};

/// Take an existing object into the state, under the address of a resource block.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The address of the resource, such as alicloud_vpc.main.
    address: String,
    /// The object's id, such as vpc-bp1….
    id: String,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    view: ViewArgs,
    #[command(flatten)]
    cloud: CloudArgs,
    #[command(flatten)]
    lock: LockArgs,
    /// Accepted for Terraform's sake; prov never asks here.
    #[arg(long = "input", hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    input_prompt: Option<bool>,
}

/// Reads the object and records it.
pub async fn run(args: Args, settings: Settings, given: Vec<Given>) -> Result<Exit, Failed> {
    let mut session = Session::new(settings, &args.view, Some(&args.cloud));
    let address = Address::parse(&args.address).map_err(|error| {
        session.failed(Diagnostic::error("Invalid address", format!("{error}.")))
    })?;
    let project = session.load(&args.input, &given)?;
    let Some(block) = project.module.block(&address.resource) else {
        return Err(session.failed(no_block(&project.module, &address)));
    };
    let special = session.special(Session::timestamp());
    let mut store = session
        .store(&project.module, &args.lock, "OperationTypeApply")
        .await?;
    if store.state().get(&address).is_some() {
        return Err(session.failed(
            Diagnostic::error(
                "Resource already managed",
                format!("The state already has an object at {address}."),
            )
            .hint("Take it out with `prov state rm` first, if it is to be another one."),
        ));
    }
    let providers = session.providers(&project, &store, &special).await?;
    // What else an earlier run left open stays open: this may be how a person settles it, one by one.
    let options = Options::default();
    let events = |event: Event| session.ui.event(&event);
    let digest = |text: &str| store.digest(text);
    let input = plan::Input {
        module: &project.module,
        variables: &project.variables,
        recorded: store.state(),
        options: &options,
        registry: REGISTRY,
        providers: &providers,
        special,
        digest: &digest,
        events: &events,
    };
    if !is_wanted(&input, &address, block) {
        let text = format!("The configuration has no instance {address}.");
        let hint = "Correct the key, or the count or for_each that makes the instances.";
        return Err(session.failed(
            Diagnostic::error("Configuration for import target does not exist", text).hint(hint),
        ));
    }
    let stored = import(&input, &address, block, &args.id)
        .await
        .map_err(|diagnostic| session.failed(*diagnostic))?;
    let kind = REGISTRY.find(address.resource.mode, &address.resource.kind);
    let provider: Arc<str> = kind
        .map(|kind| provider_of(&project.module, kind, &address.resource.module, block).0)
        .unwrap_or_default();
    store
        .take(&address, &provider, stored)
        .map_err(|error| session.state_failed("Error saving the state", &error))?;
    store
        .close()
        .await
        .map_err(|error| session.state_failed("Error saving the state", &error))?;
    session.close()?;
    let id = kind.map_or(&*args.id, |kind| shown(kind.ty, &args.id));
    session
        .ui
        .say(&format!("{address}: Import complete [id={id}]"));
    session
        .ui
        .say("\nImport successful! Run \"prov plan\" to compare the object with its block.");
    Ok(Exit::Done)
}

fn no_block(root: &Module, address: &Address) -> Diagnostic {
    let resource = &address.resource;
    if root.descendant(&resource.module).is_none() {
        let text = format!("The configuration has no {}.", resource.module);
        return Diagnostic::error("Import to non-existent module", text)
            .hint("Write the module block first, or correct the address.");
    }
    Diagnostic::error(
        "Resource block not found",
        format!("The manifests have no block for {resource}."),
    )
    .hint(format!(
        "Write resource \"{}\" \"{}\" {{ … }} first.",
        resource.kind, resource.name
    ))
}

/// Whether the configuration has an instance, as far as that is known without anything new.
fn is_wanted(input: &plan::Input<'_, '_>, address: &Address, block: &Resource) -> bool {
    let mut values = Values::new(input.module, input.variables, input.special.clone());
    values.recall(input.recorded);
    let Some(scope) = values.within(&address.resource.module) else {
        return false;
    };
    match expand(block.count.as_ref(), block.for_each.as_ref(), &scope) {
        Ok(expansion) => keys_of(expansion).1.iter().any(|it| it.0 == address.key),
        Err(_) => true,
    }
}
