//! `-generate-config-out`: writes resource blocks for objects that import blocks name.
//!
//! A block says what the object is like and leaves out what the cloud decides, so that the plan after it is
//! an import and nothing else. hcl-rs and serde_yaml write; the manifests' own parser reads it back.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Map, Value as Json};

use super::{
    failure::Failed,
    session::{Project, REGISTRY, Session},
};
use crate::{
    apply::store::Store,
    manifest::ast,
    model::{Address, Diagnostic, Diagnostics, Object, Span, Value},
    plan::{self, Options, Special, Values, build},
    schema::{self, Attribute, Presence, ResourceType, Rule, Type},
};

/// A block to write.
struct Found {
    address: Address,
    ty: &'static ResourceType,
    object: Arc<Object>,
}

#[derive(Clone, Copy)]
enum Language {
    Hcl,
    Yaml,
}

/// Writes the blocks that import blocks lack to `path`; `false` when none is lacking.
pub async fn generate(
    session: &Session,
    project: &Project,
    store: &Store,
    special: &Special,
    path: &Path,
) -> Result<bool, Failed> {
    let language = language(path).map_err(|diagnostic| session.failed(diagnostic))?;
    let mut diags = Diagnostics::default();
    let values = Values::new(&project.module, &project.variables, special.clone());
    let mut lacking = build::imports(&project.module, &values, &mut diags);
    lacking.retain(|(address, ..)| !project.module.resources.contains_key(&address.resource));
    session.checkpoint(&mut diags)?;
    if lacking.is_empty() {
        return Ok(false);
    }
    let found = read(session, project, store, special, lacking).await?;
    let text = match language {
        Language::Hcl => hcl_text(&found).map_err(|error| error.to_string()),
        Language::Yaml => yaml_text(&found).map_err(|error| error.to_string()),
    };
    let written = text.and_then(|text| write_new(path, &text).map_err(|error| error.to_string()));
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

fn language(path: &Path) -> Result<Language, Diagnostic> {
    let name = path.to_string_lossy();
    let beside = path.parent().is_none_or(|it| it.as_os_str().is_empty());
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if beside && ends(&[".tf", ".prov.hcl"]) {
        Ok(Language::Hcl)
    } else if beside && ends(&[".prov.yaml", ".prov.yml"]) {
        Ok(Language::Yaml)
    } else {
        Err(Diagnostic::error(
            "Invalid -generate-config-out",
            format!("\"{name}\" would not be read as a manifest of this directory."),
        )
        .hint("Name a file of this directory, such as generated.tf or generated.prov.yaml."))
    }
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
    let providers = session.providers(&project, store.state(), special).await?;
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
    for (address, id, _) in lacking {
        let block = &project.module.resources[&address.resource];
        let kind = REGISTRY.find(address.resource.mode, &address.resource.kind);
        match build::import(&input, &address, block, &id).await {
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

fn empty_block(address: &Address, span: Span) -> ast::Resource {
    ast::Resource {
        address: address.resource.clone(),
        span,
        count: None,
        for_each: None,
        depends_on: Vec::new(),
        provider: None,
        lifecycle: ast::Lifecycle::default(),
        body: ast::Body {
            attributes: Vec::new(),
            blocks: Vec::new(),
            span,
        },
    }
}

/// Returns what a configuration would say of an object: nothing that is computed, usual, old or secret.
fn said(attributes: &'static [Attribute], object: &Object) -> Vec<(&'static Attribute, Value)> {
    let worth_saying = |attribute: &&'static Attribute| {
        attribute.presence != Presence::Computed
            && attribute.deprecated.is_none()
            && !attribute.sensitive
    };
    attributes
        .iter()
        .filter(worth_saying)
        .filter_map(|attribute| {
            let value = object.get(attribute.name)?;
            let usual = attribute.default.is_some_and(|default| {
                let default = match default {
                    schema::Default::String(text) => Value::string(text),
                    schema::Default::Int(number) => Value::from_json(&number.into()),
                    schema::Default::Bool(value) => Value::Bool(value),
                };
                schema::equal(&attribute.ty, value, &default)
            });
            let silent = schema::is_zero(value) || value.has_sensitive() || usual;
            (!silent).then(|| (attribute, value.clone()))
        })
        .collect()
}

/// Leaves out what excludes something that is said already.
fn without_conflicts(
    ty: &ResourceType,
    mut said: Vec<(&'static Attribute, Value)>,
) -> Vec<(&'static Attribute, Value)> {
    for rule in ty.rules {
        let excluded: &[&str] = match rule {
            Rule::ExactlyOneOf(names) => names,
            Rule::Conflicts(kept, other) => &[*kept, *other],
            Rule::AtLeastOneOf(_) | Rule::Requires(..) | Rule::Custom(_) => continue,
        };
        let mut said_one = false;
        said.retain(|(attribute, _)| {
            let concerned = excluded.contains(&attribute.name);
            let kept = !(concerned && said_one);
            said_one |= concerned;
            kept
        });
    }
    said
}

fn hcl_text(found: &[Found]) -> Result<String, hcl::Error> {
    let mut blocks = Vec::new();
    for one in found {
        let resource = &one.address.resource;
        let said = without_conflicts(one.ty, said(one.ty.attributes, &one.object));
        let block = hcl::Block::builder("resource")
            .add_label(resource.kind.to_string())
            .add_label(resource.name.to_string());
        blocks.push(hcl_block(block, said)?);
    }
    let body = hcl::Body::from_iter(blocks);
    Ok(format!(
        "# Made by prov from what exists. Change it as you like.\n\n{}",
        hcl::to_string(&body)?
    ))
}

fn hcl_block(
    mut block: hcl::structure::BlockBuilder,
    said: Vec<(&'static Attribute, Value)>,
) -> Result<hcl::Block, hcl::Error> {
    for (attribute, value) in said {
        match nested(attribute, &value) {
            None => {
                let value = hcl::to_expression(value.to_json())?;
                block = block.add_attribute((attribute.name, value));
            }
            Some(inner) => {
                for said in inner {
                    block = block.add_block(hcl_block(hcl::Block::builder(attribute.name), said)?);
                }
            }
        }
    }
    Ok(block.build())
}

/// Returns what is said of each nested block; `None` when the attribute has none.
fn nested(
    attribute: &'static Attribute,
    value: &Value,
) -> Option<Vec<Vec<(&'static Attribute, Value)>>> {
    let (Type::Blocks(inner, ..) | Type::BlockSet(inner, ..)) = attribute.ty else {
        return None;
    };
    let objects = value.as_list()?.iter().filter_map(Value::as_object);
    Some(objects.map(|object| said(inner, object)).collect())
}

fn yaml_text(found: &[Found]) -> Result<String, serde_yaml::Error> {
    let mut resources = Map::new();
    for one in found {
        let resource = &one.address.resource;
        let said = without_conflicts(one.ty, said(one.ty.attributes, &one.object));
        let named = resources
            .entry(resource.kind.to_string())
            .or_insert_with(|| Map::new().into());
        named[&*resource.name] = json(said);
    }
    let text = serde_yaml::to_string(&serde_json::json!({ "resource": resources }))?;
    Ok(format!(
        "# Made by prov from what exists. Change it as you like.\n\n{text}"
    ))
}

fn json(said: Vec<(&'static Attribute, Value)>) -> Json {
    let entries = said.into_iter().map(|(attribute, value)| {
        let value = match nested(attribute, &value) {
            None => escaped(value.to_json()),
            Some(inner) => inner.into_iter().map(json).collect(),
        };
        (attribute.name.to_owned(), value)
    });
    entries.collect::<Map<_, _>>().into()
}

/// Keeps strings from being read as templates.
fn escaped(json: Json) -> Json {
    match json {
        Json::String(text) => text.replace("${", "$${").replace("%{", "%%{").into(),
        Json::Array(items) => items.into_iter().map(escaped).collect(),
        Json::Object(entries) => entries
            .into_iter()
            .map(|(name, value)| (name, escaped(value)))
            .collect::<Map<_, _>>()
            .into(),
        other => other,
    }
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(PathBuf::from("."))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}
