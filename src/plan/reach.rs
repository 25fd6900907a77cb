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
        language::Words,
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

const UNREACHABLE: Words = Words::new("Cannot reach the cloud", "无法连接云端");
const BAD_REGION: Words = Words::new("Invalid region", "地域无效");
const BAD_ENDPOINT: Words = Words::new("Invalid endpoint", "endpoint 无效");
const BAD_KEY: Words = Words::new("Invalid credentials", "凭证无效");
const SILENT: Words = Words::new("The cloud does not answer", "云端没有正常响应");
const CHECK: Words = Words::new(
    "Check region, endpoints and credentials in the provider block and the environment.",
    "请检查 provider 块和环境变量中的地域、endpoint 和凭证。",
);

fn refused(error: &ApiError, block: Option<&ast::Provider>) -> Diagnostic {
    let (summary, arguments): (_, &[&str]) = match (error.kind, error.code.as_str()) {
        (
            _,
            "NotTheApi" | "InvalidEndpoint" | "InsecureEndpoint" | "UntrustedEndpoint" | "NotTls",
        ) => (BAD_ENDPOINT, &["endpoint", "endpoints"]),
        (_, "ProxyUnreachable") => (UNREACHABLE, &[]),
        (ApiErrorKind::Unreachable, _) => (UNREACHABLE, &["endpoint", "endpoints", "region"]),
        (_, code) if code.starts_with("InvalidRegionId") => (BAD_REGION, &["region"]),
        (_, code) if code.starts_with("SignatureDoesNotMatch") => (BAD_KEY, &["secret_key"]),
        (ApiErrorKind::Denied, _) => (BAD_KEY, &["access_key"]),
        _ => (SILENT, &[]),
    };
    let place = block.map(|block| {
        let mut written = arguments
            .iter()
            .filter_map(|argument| Some((eval::span_of(&block.body, argument)?, *argument)));
        let (span, argument) = written.next().unwrap_or((block.span, ""));
        (span, argument == "secret_key")
    });
    let diagnostic = provider::explain(summary, error, Some(CHECK)).at(place.map(|(span, _)| span));
    match place {
        Some((_, true)) => diagnostic.masked(),
        _ => diagnostic,
    }
}
