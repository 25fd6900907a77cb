//! `required_version` and `required_providers`: whether this program is one that the manifests are for.

use std::{collections::HashSet, path::Path};

use semver::Version;

use crate::{
    manifest::{ast::Module, version::allows},
    model::{Diagnostic, Diagnostics},
    schema::source::SOURCES,
};

/// Checks what the manifests require; `version` is the version of Terraform whose language prov speaks.
pub fn check(module: &Module, version: &str, diags: &mut Diagnostics) {
    if let Ok(version) = Version::parse(version) {
        one(module, &version, &mut HashSet::new(), diags);
    }
}

/// Checks a module and what it calls, each directory once.
fn one<'m>(
    module: &'m Module,
    version: &Version,
    seen: &mut HashSet<&'m Path>,
    diags: &mut Diagnostics,
) {
    if !seen.insert(&module.directory) {
        return;
    }
    let settings = &module.settings;
    for (text, span) in &settings.required_version {
        match allows(text, version) {
            Ok(true) => {}
            Ok(false) => diags.push(
                Diagnostic::error(
                    "Unsupported Terraform Core version",
                    format!(
                        "The manifests require Terraform {text}; prov speaks the language of Terraform {version}."
                    ),
                )
                .at(*span)
                .hint("Widen the constraint, if the manifests need nothing newer."),
            ),
            Err(part) => diags.push(
                Diagnostic::error(
                    "Invalid version constraint",
                    format!("\"{part}\" is not a version constraint."),
                )
                .at(*span)
                .hint("Write it like \">= 1.5\" or \"~> 1.5, != 1.6.2\"."),
            ),
        }
    }
    for provider in &settings.required_providers {
        let name = &*provider.name.text;
        let ours = SOURCES.iter().find(|source| source.name == name);
        let (Some(ours), Some(source)) = (ours, provider.source.as_deref()) else {
            continue;
        };
        // The last two parts say whose it is: any registry has the same. Terraform's older name of the
        // cloud's is hashicorp/alicloud.
        let ends = |text: &str| source == text || source.ends_with(&format!("/{text}"));
        let (_, short) = ours.address.split_once('/').unwrap_or_default();
        if !ends(short) && !ends(&format!("hashicorp/{name}")) {
            diags.push(
                Diagnostic::warning(
                    "Other source for a provider",
                    format!("prov stands in for {short}, not for {source}."),
                )
                .at(provider.name.span),
            );
        }
    }
    for child in module.children.values() {
        one(child, version, seen, diags);
    }
}
