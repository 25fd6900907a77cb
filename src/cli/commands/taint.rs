//! `prov taint` and `prov untaint`: whether the next apply replaces an object.

use clap::Args as ClapArgs;

use crate::{
    apply::store::Store,
    cli::{
        failure::{Exit, Failed},
        session::{LockArgs, Session, ViewArgs},
        settings::Settings,
    },
    model::{
        Address, Diagnostic, Mode,
        diagnostic::did_you_mean,
        state::{Status, Stored},
    },
};

/// Have the next apply replace an object.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    which: Which,
}

/// Have the next apply leave an object alone that is tainted.
#[derive(Debug, ClapArgs)]
pub struct UntaintArgs {
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, ClapArgs)]
struct Which {
    /// The address of one instance.
    address: String,
    /// An instance that is not there is no error.
    #[arg(long = "allow-missing")]
    allow_missing: bool,
    #[command(flatten)]
    lock: LockArgs,
    /// Do not use colours.
    #[arg(long = "no-color")]
    no_color: bool,
}

/// Marks an object as tainted.
pub async fn run(args: Args, settings: Settings) -> Result<Exit, Failed> {
    let name = "taint";
    mark(&args.which, settings, name, |address, stored| {
        stored.status = Status::Tainted;
        Ok(format!(
            "Resource instance {address} has been marked as tainted."
        ))
    })
    .await
}

/// Takes the mark off.
pub async fn untaint(args: UntaintArgs, settings: Settings) -> Result<Exit, Failed> {
    let name = "untaint";
    mark(&args.which, settings, name, |address, stored| {
        if stored.status != Status::Tainted {
            let detail = format!("{address} is not tainted, so there is no mark to take off.");
            return Err(
                Diagnostic::error("Resource instance is not tainted", detail)
                    .hint("`prov plan` shows what would be replaced, and why."),
            );
        }
        stored.status = Status::Ready;
        Ok(format!(
            "Resource instance {address} has been successfully untainted."
        ))
    })
    .await
}

/// Changes the mark of an object and says what was done.
async fn mark(
    which: &Which,
    settings: Settings,
    operation: &str,
    change: impl FnOnce(&Address, &mut Stored) -> Result<String, Diagnostic>,
) -> Result<Exit, Failed> {
    let view = ViewArgs {
        no_color: which.no_color,
        json: false,
    };
    let mut session = Session::new(settings, &view, None);
    let module = session.load_settings();
    let address = Address::parse(&which.address).map_err(|error| {
        session.failed(Diagnostic::error("Invalid address", format!("{error}.")))
    })?;
    if address.resource.mode != Mode::Managed {
        let detail = format!("{address} is read or opened anew by every run.");
        let diagnostic = Diagnostic::error("What is no managed resource cannot be tainted", detail)
            .hint("Name a managed resource's instance.");
        return Err(session.failed(diagnostic));
    }
    let mut store = session.store(&module, &which.lock, operation).await?;
    let Some(found) = store.state().get(&address) else {
        let missing = missing(&store, &address, which.allow_missing);
        let kept = store.keep().await;
        kept.map_err(|error| session.state_failed("Error unlocking the state", &error))?;
        if !which.allow_missing {
            return Err(session.failed(missing));
        }
        session.ui.diagnostics(&missing.into(), &session.sources);
        return Ok(Exit::Done);
    };
    let mut changed = found.clone();
    let said = match change(&address, &mut changed) {
        Ok(said) => said,
        Err(diagnostic) => {
            let kept = store.keep().await;
            kept.map_err(|error| session.state_failed("Error unlocking the state", &error))?;
            return Err(session.failed(diagnostic));
        }
    };
    if changed != *found {
        let state = store.state_mut();
        state.put(&address, changed);
        // Whatever it was marked for before, it is by hand now.
        state.extra.triggered.remove(&address.to_string());
    }
    store
        .close()
        .await
        .map_err(|error| session.state_failed("Error saving the state", &error))?;
    session.ui.say(&said);
    Ok(Exit::Done)
}

fn missing(store: &Store, address: &Address, allowed: bool) -> Diagnostic {
    let summary = "No such resource instance";
    let detail = format!("The state has nothing at {address}.");
    if allowed {
        return Diagnostic::warning(summary, format!("{detail} -allow-missing lets that pass."));
    }
    let all: Vec<String> = store
        .state()
        .current()
        .map(|(it, _)| it.to_string())
        .collect();
    let near = did_you_mean(&address.to_string(), all.iter().map(String::as_str));
    let hint = near.map_or_else(
        || "`prov state list` shows every address.".to_owned(),
        |near| format!("Did you mean {near}?"),
    );
    Diagnostic::error(summary, detail).hint(hint)
}
