//! Objects that exist already and are taken into the state: what import blocks name, read in few calls.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    build::Input,
    providers::{missing, provider_of},
    scope::InstanceScope,
};
use crate::{
    eval::{
        self, Scope,
        expand::{Expansion, expand},
    },
    manifest::ast::{Expr, ExprKind, Import, Module, Resource, Target},
    model::{
        Address, Diagnostic, Diagnostics, Key, Mode, ModulePath, ModuleStep, Object,
        ResourceAddress, Span, Value, state::Stored,
    },
    provider::{ApiError, Wanted},
    schema,
};

/// An object to take into the state: its address, its block and its id.
pub type Foundling<'m> = (Address, &'m Resource, String);

/// Reads objects by their ids, for taking them into the state; in the order asked.
pub async fn import_all(
    input: &Input<'_, '_>,
    foundlings: &[Foundling<'_>],
) -> Vec<Result<Stored, Box<Diagnostic>>> {
    let mut results: Vec<Option<Result<Stored, Box<Diagnostic>>>> = Vec::new();
    let mut wanted: BTreeMap<Arc<str>, Vec<(usize, Wanted)>> = BTreeMap::new();
    for (at, one) in foundlings.iter().enumerate() {
        match importable(input, one) {
            Ok((provider, one)) => {
                wanted.entry(provider).or_default().push((at, one));
                results.push(None);
            }
            Err(diagnostic) => results.push(Some(Err(diagnostic))),
        }
    }
    for (name, wanted) in wanted {
        let Some(provider) = input.providers.get(&name) else {
            continue;
        };
        let (places, wanted): (Vec<usize>, Vec<Wanted>) = wanted.into_iter().unzip();
        let found = provider.read(&wanted).await;
        for ((at, one), found) in places.into_iter().zip(wanted).zip(found) {
            results[at] = Some(imported(&foundlings[at], one.ty, found));
        }
    }
    let missing = |(address, block, _): &Foundling<'_>| {
        let kind = input
            .registry
            .find(address.resource.mode, &address.resource.kind);
        let name = kind
            .map(|kind| provider_of(input.module, kind, &address.resource.module, block).0)
            .unwrap_or_default();
        Err(Box::new(missing(&address.resource, &name)))
    };
    let results = results.into_iter().zip(foundlings);
    results
        .map(|(result, one)| result.unwrap_or_else(|| missing(one)))
        .collect()
}

/// Reads an object by its id, for taking it into the state.
pub async fn import(
    input: &Input<'_, '_>,
    address: &Address,
    block: &Resource,
    id: &str,
) -> Result<Stored, Box<Diagnostic>> {
    let one = [(address.clone(), block, id.to_owned())];
    let found = import_all(input, &one).await.pop();
    found.expect("one result for each that was asked for")
}

/// Returns what to ask for, and the string of the provider to ask.
fn importable(
    input: &Input<'_, '_>,
    one: &Foundling<'_>,
) -> Result<(Arc<str>, Wanted), Box<Diagnostic>> {
    let (address, block, id) = one;
    let resource = &address.resource;
    let kind = input
        .registry
        .find(resource.mode, &resource.kind)
        .filter(|_| resource.mode == Mode::Managed)
        .ok_or_else(|| {
            let text = format!("{address} is not a managed resource that prov knows.");
            cannot_import(one, text)
        })?;
    let wanted = Wanted {
        ty: kind.ty,
        id: id.clone(),
        known: Arc::new(Object::from_iter([("id", Value::string(&**id))])),
    };
    let (provider, _) = provider_of(input.module, kind, &resource.module, block);
    Ok((provider, wanted))
}

fn imported(
    one: &Foundling<'_>,
    ty: &'static schema::ResourceType,
    found: Result<Option<Object>, ApiError>,
) -> Result<Stored, Box<Diagnostic>> {
    let (address, _, id) = one;
    match found {
        Ok(Some(found)) => Ok(Stored {
            attributes: Arc::new(schema::mark(ty, found)),
            schema_version: ty.schema_version,
            ..Stored::default()
        }),
        Ok(None) => {
            let kind = &address.resource.kind;
            Err(cannot_import(
                one,
                format!("There is no {kind} with the id \"{}\".", shown(ty, id)),
            ))
        }
        Err(failure) => {
            let text = format!(
                "\"{}\" could not be read. {}",
                shown(ty, id),
                failure.told()
            );
            Err(cannot_import(one, text))
        }
    }
}

/// Returns an import's id as it may be shown.
pub fn shown<'i>(ty: &schema::ResourceType, id: &'i str) -> &'i str {
    if ty.import_is_secret {
        "(sensitive value)"
    } else {
        id
    }
}

fn cannot_import((address, block, _): &Foundling<'_>, detail: String) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error("Cannot import", detail)
            .at(block.span)
            .about(address)
            .hint("Check the id and the provider's region."),
    )
}

/// Returns what the import blocks name: address, id, and where the address is written.
pub fn imports(
    module: &Module,
    scope: &dyn Scope,
    diags: &mut Diagnostics,
) -> Vec<(Address, String, Span)> {
    let mut found: Vec<(Address, String, Span)> = Vec::new();
    for import in &module.imports {
        let keys = match expand(None, import.for_each.as_ref(), scope) {
            Ok(Expansion::ForEach(entries)) => entries
                .into_iter()
                .map(|(key, each)| (Key::Text(key), Some(each)))
                .collect(),
            Ok(_) => vec![(Key::None, None)],
            Err(diagnostic) => {
                diags.push(diagnostic);
                continue;
            }
        };
        for (key, each) in keys {
            let scope = InstanceScope {
                values: scope,
                key: &key,
                each: each.as_ref(),
                this: None,
            };
            match one(import, &scope) {
                Ok((address, id)) => {
                    if let Some((_, _, first)) = found.iter().find(|it| it.0 == address) {
                        diags.push(twice(&address, import.to.span, *first));
                    }
                    found.push((address, id, import.to.span));
                }
                Err(diagnostic) => diags.push(diagnostic),
            }
        }
    }
    found
}

fn twice(address: &Address, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        format!("Duplicate import configuration for \"{address}\""),
        format!("Two import blocks name {address}, and it is one object."),
    )
    .at(span)
    .label(first, "first named here")
    .hint("Remove one of the two.")
}

fn one(import: &Import, scope: &dyn Scope) -> Result<(Address, String), Diagnostic> {
    let address = import_target(&import.to, scope).ok_or_else(|| {
        let text = "`to` must be the address of a resource instance.";
        Diagnostic::error("Invalid import target", text).at(import.to.span)
    })?;
    let mut found = Vec::new();
    eval::references(&import.id, &mut found);
    let invalid = |text: &str| {
        Diagnostic::error("Invalid import id argument", text)
            .at(import.id.span)
            .hint("Write the id out, or take it from a variable or a local value.")
    };
    if found
        .iter()
        .any(|it| matches!(it.target, Target::Resource(_)))
    {
        return Err(invalid(
            "The id must be known before anything is read: it cannot come from a resource.",
        ));
    }
    let value = eval::evaluate(&import.id, scope)?;
    let id = value.as_str().filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| invalid("The id must be a known, non-empty string."))?;
    Ok((address, id.to_owned()))
}

fn import_target(expr: &Expr, scope: &dyn Scope) -> Option<Address> {
    // The last name comes first.
    let mut names: Vec<(&Arc<str>, Key)> = Vec::new();
    let (mut at, mut key) = (expr, Key::None);
    loop {
        match &at.kind {
            ExprKind::Parens(inner) => at = inner,
            ExprKind::Index(inner, index) => {
                key = match eval::evaluate(index, scope).ok()? {
                    Value::String(text) => Key::Text(text),
                    number => Key::Int(u64::try_from(number.as_int()?).ok()?),
                };
                at = inner;
            }
            ExprKind::GetAttr(inner, name) => {
                names.push((&name.text, std::mem::take(&mut key)));
                at = inner;
            }
            ExprKind::Variable(name) => {
                names.push((name, std::mem::take(&mut key)));
                break;
            }
            _ => return None,
        }
    }
    let mut steps = Vec::new();
    while let [.., (name, key), (root, _)] = names.as_slice()
        && &***root == "module"
    {
        steps.push(ModuleStep {
            name: (*name).clone(),
            key: key.clone(),
        });
        names.truncate(names.len() - 2);
    }
    let mode = match names.last() {
        Some((root, _)) => match Mode::of_root(root) {
            Some(mode) => {
                names.pop();
                mode
            }
            None => Mode::Managed,
        },
        None => Mode::Managed,
    };
    let [(name, key), (kind, Key::None)] = names.as_slice() else {
        return None;
    };
    let resource = ResourceAddress::new(mode, (*kind).clone(), (*name).clone());
    Some(Address {
        resource: Arc::new(resource.within(ModulePath::new(steps))),
        key: key.clone(),
    })
}
