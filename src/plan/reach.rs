//! Whether the cloud answers to what the provider blocks say, asked before anything is changed.
//!
//! A plan of nothing but new objects reads nothing. Without this, a wrong secret, region or endpoint
//! would only come out halfway through an apply.

use std::collections::BTreeMap;

use super::{build::Input, providers::block_of};
use crate::{
    eval,
    manifest::ast,
    model::{
        Diagnostic, Diagnostics, Mode,
        plan::{Action, Change},
    },
    provider::{self, ApiError, ApiErrorKind},
    schema::ResourceType,
};

/// Asks each provider that is to create something; not where manifests are wrong already, nor where
/// nothing is to be read.
pub async fn check(changes: &[Change], input: &Input<'_, '_>, diags: &mut Diagnostics) {
    if diags.has_errors() || !input.options.refresh || input.options.frozen {
        return;
    }
    let mut asked: BTreeMap<&str, &'static ResourceType> = BTreeMap::new();
    let creates = |change: &&Change| change.action == Action::Create || change.action.replaces();
    for change in changes.iter().filter(creates) {
        let kind = &change.address.resource.kind;
        if let Some(found) = input.registry.find(Mode::Managed, kind) {
            asked.entry(&change.provider).or_insert(found.ty);
        }
    }
    for (name, ty) in asked {
        let Some(provider) = input.providers.get(name) else {
            continue;
        };
        if let Err(error) = provider.check(ty).await {
            diags.push(refused(&error, block_of(input.module, name)));
        }
    }
}

fn refused(error: &ApiError, block: Option<&ast::Provider>) -> Diagnostic {
    let (summary, argument) = match (error.kind, error.code.as_str()) {
        (ApiErrorKind::Unreachable, _) => ("Cannot reach the cloud", "region"),
        (_, code) if code.starts_with("InvalidRegionId") => ("Invalid region", "region"),
        (_, "NotTheApi" | "InvalidEndpoint" | "InsecureEndpoint") => {
            ("Invalid endpoint", "endpoint")
        }
        (_, code) if code.starts_with("SignatureDoesNotMatch") => {
            ("Invalid credentials", "secret_key")
        }
        (ApiErrorKind::Denied, _) => ("Invalid credentials", "access_key"),
        _ => ("The cloud does not answer", ""),
    };
    let place = block.map(|block| {
        let span = eval::span_of(&block.body, argument);
        (
            span.unwrap_or(block.span),
            span.is_some() && argument == "secret_key",
        )
    });
    let diagnostic = Diagnostic::error(summary, error.told())
        .at(place.map(|(span, _)| span))
        .hint(provider::remedy(error).unwrap_or_else(|| {
            "Check region, endpoints and credentials in the provider block and the environment."
                .to_owned()
        }));
    match place {
        Some((_, true)) => diagnostic.masked(),
        _ => diagnostic,
    }
}
