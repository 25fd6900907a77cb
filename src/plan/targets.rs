//! What `-target` chooses, and what is said about it.

use std::{collections::BTreeSet, sync::Arc};

use super::{build::Input, graph::Blocks};
use crate::model::{
    Address, Diagnostic, Diagnostics, Key, Mode, ResourceAddress,
    plan::{self, Change},
};

/// What `-target` chooses.
pub(super) struct Chosen {
    /// `None`: everything.
    resources: Option<BTreeSet<Arc<ResourceAddress>>>,
    instances: Vec<Address>,
}

impl Chosen {
    pub(super) fn new(input: &Input<'_, '_>, blocks: &Blocks, diags: &mut Diagnostics) -> Self {
        let targets = &input.options.targets;
        if targets.is_empty() {
            return Self {
                resources: None,
                instances: Vec::new(),
            };
        }
        for target in targets {
            let known = input.module.resources.contains_key(&target.resource)
                || input.recorded.resources.contains_key(&target.resource);
            if !known {
                diags.push(
                    Diagnostic::error(
                        "Target not found",
                        format!(
                            "-target={target} names nothing in the configuration or the state."
                        ),
                    )
                    .hint("`prov state list` shows what the state holds."),
                );
            }
        }
        if diags.has_errors() {
            return Self {
                resources: None,
                instances: Vec::new(),
            };
        }
        diags.push(Diagnostic::warning(
            "Resource targeting is in effect",
            "The plan covers only the targets and what they need. Use -target for exceptional cases only, and plan without it afterwards.",
        ));
        let start = targets.iter().map(|target| target.resource.clone());
        let mut resources = match input.options.mode {
            plan::Mode::Destroy => blocks.with_dependants(start),
            plan::Mode::Normal | plan::Mode::RefreshOnly => blocks.with_needs(start),
        };
        resources.extend(targets.iter().map(|target| target.resource.clone()));
        Self {
            resources: Some(resources),
            instances: targets.clone(),
        }
    }

    /// Reports addresses of `-target` and `-replace` that name no instance of what was planned.
    pub(super) fn unmatched(input: &Input<'_, '_>, changes: &[Change], diags: &mut Diagnostics) {
        if input.options.mode != plan::Mode::Normal || diags.has_errors() {
            return;
        }
        let flags = [
            ("-target", &input.options.targets),
            ("-replace", &input.options.replace),
        ];
        for (flag, wanted) in flags {
            for address in wanted.iter().filter(|it| it.resource.mode == Mode::Managed) {
                let any_key = address.key == Key::None;
                let matches = |change: &Change| {
                    change.address.resource == address.resource
                        && (change.address.key == address.key || any_key && flag == "-target")
                };
                let empty = any_key && input.module.resources.contains_key(&address.resource);
                if changes.iter().any(matches) || empty && flag == "-target" {
                    continue;
                }
                let instances: Vec<String> = changes
                    .iter()
                    .filter(|change| change.address.resource == address.resource)
                    .take(3)
                    .map(|change| change.address.to_string())
                    .collect();
                let hint = match instances.as_slice() {
                    [] => "`prov state list` shows what the state holds.".to_owned(),
                    some => format!("Its instances are {} ….", some.join(", ")),
                };
                diags.push(
                    Diagnostic::error(
                        format!("Invalid {flag}"),
                        format!(
                            "There is no instance {address} in the configuration or the state."
                        ),
                    )
                    .hint(hint),
                );
            }
        }
    }

    /// Whether an output is planned: all that it needs is, and that is something.
    pub(super) fn output(&self, blocks: &Blocks, name: &str) -> bool {
        let needs = blocks.output_needs.get(name).map_or(&[][..], Vec::as_slice);
        self.resources.is_none() || !needs.is_empty() && needs.iter().all(|it| self.resource(it))
    }

    pub(super) fn resource(&self, address: &ResourceAddress) -> bool {
        self.resources
            .as_ref()
            .is_none_or(|resources| resources.contains(address))
    }

    pub(super) fn instance(&self, address: &Address) -> bool {
        let named: Vec<&Address> = self
            .instances
            .iter()
            .filter(|target| target.resource == address.resource)
            .collect();
        self.resource(&address.resource)
            && (named.is_empty()
                || named
                    .iter()
                    .any(|target| target.key == Key::None || target.key == address.key))
    }
}
