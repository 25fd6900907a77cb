//! `-generate-config-out`: writes resource blocks for objects that import blocks name.

use std::path::Path;

use super::{
    failure::Failed,
    session::{Project, REGISTRY, Session},
    written::{self, Found, Page, References, language},
};
use crate::{
    apply::store::Store,
    manifest::ast,
    model::{Address, Diagnostic, Diagnostics, Span},
    plan::{self, Options, Special, Values, build, imports},
};

/// Writes the blocks that import blocks lack to `path`; `false` when none is lacking.
pub async fn generate(
    session: &Session,
    project: &Project,
    store: &Store,
    special: &Special,
    path: &Path,
) -> Result<bool, Failed> {
    let language = language(path, "-generate-config-out");
    let language = language.map_err(|diagnostic| session.failed(diagnostic))?;
    let mut diags = Diagnostics::default();
    let values = Values::new(&project.module, &project.variables, special.clone());
    let mut lacking = imports::imports(&project.module, &values, &mut diags);
    lacking.retain(|(address, ..)| project.module.block(&address.resource).is_none());
    let of_modules = lacking.iter().filter(|it| !it.0.resource.module.is_root());
    for (address, _, span) in of_modules {
        let detail = format!(
            "There is no resource block for {address}, and only those of the root module can be written."
        );
        diags.push(
            Diagnostic::error("Configuration for import target does not exist", detail)
                .at(*span)
                .hint("Write the block in a file of the module first."),
        );
    }
    session.checkpoint(&mut diags)?;
    if lacking.is_empty() {
        return Ok(false);
    }
    let found = read(session, project, store, special, lacking).await?;
    let page = Page {
        found: &found,
        references: References::between(&found),
        ..Page::default()
    };
    let written = written::write(path, language, &page);
    written.map_err(|error| {
        session.failed(
            Diagnostic::error(
                "Could not write the configuration",
                format!("{}: {error}.", path.display()),
            )
            .hint("Name a file in this directory that does not exist yet."),
        )
    })?;
    Ok(true)
}

/// Reads the objects, as if there were an empty block for each.
async fn read(
    session: &Session,
    project: &Project,
    store: &Store,
    special: &Special,
    lacking: Vec<(Address, String, Span)>,
) -> Result<Vec<Found>, Failed> {
    let mut diags = Diagnostics::default();
    let mut module = project.module.clone();
    for (address, _, span) in &lacking {
        let block = empty_block(address, *span);
        module.resources.insert(address.resource.clone(), block);
    }
    build::unknown_types(&module, &REGISTRY, &mut diags);
    session.checkpoint(&mut diags)?;
    let project = Project {
        module,
        fingerprint: project.fingerprint.clone(),
        variables: project.variables.clone(),
    };
    let providers = session.providers(&project, store, special).await?;
    let options = Options::default();
    let digest = |text: &str| store.digest(text);
    let input = plan::Input {
        module: &project.module,
        variables: &project.variables,
        recorded: store.state(),
        options: &options,
        registry: REGISTRY,
        providers: &providers,
        special: special.clone(),
        digest: &digest,
        events: &|_| {},
    };
    let mut all = Vec::new();
    let block = |address: &Address| &project.module.resources[&address.resource];
    let lacking: Vec<_> = lacking
        .into_iter()
        .map(|(address, id, _)| (address.clone(), block(&address), id))
        .collect();
    let found = imports::import_all(&input, &lacking).await;
    for ((address, ..), found) in lacking.into_iter().zip(found) {
        let kind = REGISTRY.find(address.resource.mode, &address.resource.kind);
        match found {
            Ok(stored) => all.extend(kind.map(|kind| Found {
                object: stored.attributes,
                ty: kind.ty,
                address,
            })),
            Err(diagnostic) => diags.push(*diagnostic),
        }
    }
    session.checkpoint(&mut diags)?;
    Ok(all)
}

/// Returns a block that says nothing.
pub fn empty_block(address: &Address, span: Span) -> ast::Resource {
    ast::Resource {
        address: address.resource.clone(),
        span,
        count: None,
        for_each: None,
        depends_on: Vec::new(),
        provider: None,
        lifecycle: ast::Lifecycle::default(),
        check: None,
        provisioners: Vec::new(),
        body: ast::Body {
            attributes: Vec::new(),
            blocks: Vec::new(),
            span,
        },
    }
}
