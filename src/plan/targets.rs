//! What `-target` chooses, and what is said about it.

use std::{collections::BTreeSet, sync::Arc};

use super::{build::Input, graph::Blocks};
use crate::model::{
    Address, AnyAddress, Diagnostic, Diagnostics, Key, Mode, ResourceAddress,
    plan::{self, Change},
};

/// What `-target` chooses.
pub(super) struct Chosen {
    /// `None`: everything.
    resources: Option<BTreeSet<Arc<ResourceAddress>>>,
    instances: Vec<AnyAddress>,
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
            let known = match target {
                AnyAddress::Module(path) => input.module.call(path).is_some(),
                AnyAddress::Resource(address) => input.module.block(&address.resource).is_some(),
            };
            let known = known
                || input
                    .recorded
                    .resources
                    .keys()
                    .any(|it| touches(target, it));
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
        let all = blocks.resources().cloned();
        let recorded = input.recorded.resources.keys().map(ResourceAddress::config);
        let start: BTreeSet<_> = all
            .chain(recorded)
            .filter(|it| targets.iter().any(|target| touches(target, it)))
            .collect();
        let mut resources = match input.options.mode {
            plan::Mode::Destroy => blocks.with_dependants(start.iter().cloned()),
            plan::Mode::Normal | plan::Mode::RefreshOnly => {
                blocks.with_needs(start.iter().cloned())
            }
        };
        resources.extend(start);
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
        let one = |target: &AnyAddress| match target {
            AnyAddress::Resource(address) => Some(address.clone()),
            AnyAddress::Module(_) => None,
        };
        let targets: Vec<Address> = input.options.targets.iter().filter_map(one).collect();
        let flags = [("-target", &targets), ("-replace", &input.options.replace)];
        for (flag, wanted) in flags {
            for address in wanted.iter().filter(|it| it.resource.mode == Mode::Managed) {
                let any_key = address.key == Key::None;
                let matches = |change: &Change| {
                    address.covers(&change.address.resource)
                        && (change.address.key == address.key || any_key && flag == "-target")
                };
                let empty = any_key && input.module.block(&address.resource).is_some();
                if changes.iter().any(matches) || empty && flag == "-target" {
                    continue;
                }
                let instances: Vec<String> = changes
                    .iter()
                    .filter(|change| address.covers(&change.address.resource))
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
        let needs = blocks.output_needs.get(name).map_or(&[][..], |it| it);
        self.resources.is_none() || !needs.is_empty() && needs.iter().all(|it| self.resource(it))
    }

    /// Whether anything of a resource may be chosen.
    pub(super) fn resource(&self, address: &ResourceAddress) -> bool {
        let Some(resources) = &self.resources else {
            return true;
        };
        match address.module.is_root() {
            true => resources.contains(address),
            false => resources.contains(&address.within(address.module.config())),
        }
    }

    pub(super) fn instance(&self, address: &Address) -> bool {
        let config = address.resource.config();
        let mut named = self
            .instances
            .iter()
            .filter(|it| touches(it, &config))
            .peekable();
        self.resource(&config)
            && (named.peek().is_none() || named.any(|target| target.covers(address)))
    }
}

/// Whether a target has anything to do with a resource, whichever its instances.
fn touches(target: &AnyAddress, resource: &ResourceAddress) -> bool {
    let module = resource.module.config();
    match target {
        AnyAddress::Module(path) => path.config().covers(&module),
        AnyAddress::Resource(own) => {
            let own = &own.resource;
            (own.mode, &own.kind, &own.name) == (resource.mode, &resource.kind, &resource.name)
                && own.module.config() == module
        }
    }
}
