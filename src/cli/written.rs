//! Configuration for what exists, as text: HCL or YAML.
//!
//! A block says what the object is like and leaves out what the cloud decides, so that the plan after it is
//! an import and nothing else. hcl-rs and serde_yaml write; the manifests' own parser reads it back.

use std::{
    collections::HashSet,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Map, Value as Json};

use super::references::{self, Index};
use crate::{
    model::{Address, Diagnostic, Object, Value},
    schema::{self, Attribute, Presence, ResourceType, Rule, Type},
};

/// A block to write.
pub struct Found {
    pub address: Address,
    pub ty: &'static ResourceType,
    pub object: Arc<Object>,
}

/// What goes into a file.
#[derive(Default)]
pub struct Page<'a> {
    /// The region of a provider block, if there is to be one.
    pub region: Option<&'a str>,
    pub found: &'a [Found],
    /// Whether there is an import block for each.
    pub imports: bool,
    /// What ids are written as.
    pub references: References,
}

/// What the blocks of a page can say of each other.
#[derive(Default)]
pub struct References {
    index: Index,
    kept: HashSet<(usize, usize)>,
}

impl References {
    /// Returns the references between these blocks, without those that would close a circle.
    pub fn between(found: &[Found]) -> Self {
        let index = Index::new(found.iter().map(|one| (one.ty, &*one.object)));
        let edges: Vec<Vec<usize>> = found
            .iter()
            .map(|one| {
                let mut targets = Vec::new();
                gather(&index, said_of(one), &mut targets);
                targets
            })
            .collect();
        let kept = references::acyclic(&edges);
        Self { index, kept }
    }
}

/// Adds what these attributes, and blocks in them, name.
fn gather(index: &Index, said: Vec<(&'static Attribute, Value)>, targets: &mut Vec<usize>) {
    for (attribute, value) in said {
        if let Type::Blocks(inner, ..) | Type::BlockSet(inner, ..) = attribute.ty {
            for object in objects(&value) {
                gather(index, self::said(inner, object), targets);
            }
        } else {
            targets.extend(index.named(attribute, &value).map(|(place, _)| place));
        }
    }
}

#[derive(Clone, Copy)]
pub enum Language {
    Hcl,
    Yaml,
}

/// Returns the language of a file in this directory, after its name; `flag` names it.
pub fn language(path: &Path, flag: &str) -> Result<Language, Diagnostic> {
    let name = path.to_string_lossy();
    let beside = path.parent().is_none_or(|it| it.as_os_str().is_empty());
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if beside && ends(&[".tf", ".prov.hcl"]) {
        Ok(Language::Hcl)
    } else if beside && ends(&[".prov.yaml", ".prov.yml"]) {
        Ok(Language::Yaml)
    } else {
        Err(Diagnostic::error(
            format!("Invalid {flag}"),
            format!("\"{name}\" would not be read as a manifest of this directory."),
        )
        .hint("Name a file of this directory, such as generated.tf or generated.prov.yaml."))
    }
}

/// Writes a new file. The error is a sentence's worth of why not.
pub fn write(path: &Path, language: Language, page: &Page<'_>) -> Result<(), String> {
    let text = match language {
        Language::Hcl => hcl_text(page).map_err(|error| error.to_string()),
        Language::Yaml => yaml_text(page).map_err(|error| error.to_string()),
    };
    write_new(path, &text?).map_err(|error| error.to_string())
}

const TITLE: &str = "# Made by prov from what exists. Change it as you like.\n\n";

/// What is said of an attribute.
enum Said {
    Value(Value),
    Reference(Address, &'static str),
    /// Texts with commas between them, some of them references.
    Joined(Vec<Self>),
    List(Vec<Self>),
    Blocks(Vec<Block>),
}

type Block = Vec<(&'static str, Said)>;

impl Page<'_> {
    /// Returns what the configuration says of the object at a place.
    fn block(&self, place: usize) -> Block {
        self.entries(said_of(&self.found[place]), place)
    }

    fn entries(&self, said: Vec<(&'static Attribute, Value)>, own: usize) -> Block {
        said.into_iter()
            .map(|(attribute, value)| (attribute.name, self.entry(attribute, value, own)))
            .collect()
    }

    fn entry(&self, attribute: &'static Attribute, value: Value, own: usize) -> Said {
        if let Type::Blocks(inner, ..) | Type::BlockSet(inner, ..) = attribute.ty {
            let blocks = objects(&value).map(|object| self.entries(said(inner, object), own));
            return Said::Blocks(blocks.collect());
        }
        let one = |value: &Value| {
            let text = value.as_str().unwrap_or_default();
            match self.referred(attribute, text, own) {
                Some(reference) => reference,
                None => self
                    .joined(attribute, text, own)
                    .unwrap_or_else(|| Said::Value(value.clone())),
            }
        };
        match (value.as_list(), &attribute.ty) {
            (Some(items), Type::List(_) | Type::Set(_)) => {
                Said::List(items.iter().map(one).collect())
            }
            (None, Type::String) => one(&value),
            _ => Said::Value(value),
        }
    }

    fn referred(&self, attribute: &Attribute, text: &str, own: usize) -> Option<Said> {
        let (place, name) = self.references.index.find(attribute, text)?;
        let kept = self.references.kept.contains(&(own, place));
        kept.then(|| Said::Reference(self.found[place].address.clone(), name))
    }

    /// Returns a text with commas in which something is a reference.
    fn joined(&self, attribute: &Attribute, text: &str, own: usize) -> Option<Said> {
        let part = |part: &str| self.referred(attribute, part, own);
        let parts: Vec<_> = text.split(',').map(|text| (text, part(text))).collect();
        let some = parts.len() > 1 && parts.iter().any(|(_, said)| said.is_some());
        let said = |(text, said): (&str, Option<Said>)| {
            said.unwrap_or_else(|| Said::Value(Value::string(text)))
        };
        some.then(|| Said::Joined(parts.into_iter().map(said).collect()))
    }
}

fn objects(value: &Value) -> impl Iterator<Item = &Object> {
    let blocks = value.as_list().unwrap_or_default();
    blocks.iter().filter_map(Value::as_object)
}

/// Returns what a block says at its top.
fn said_of(one: &Found) -> Vec<(&'static Attribute, Value)> {
    let said = said(one.ty.attributes, &one.object);
    let said = said
        .into_iter()
        .filter(|(attribute, _)| !one.ty.adopt.unsaid.contains(&attribute.name));
    without_conflicts(one.ty, said.collect())
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
            // What the cloud tells can be what nobody can ask for: -1 for no bandwidth of its own.
            let silent = silent || !schema::is_allowed(attribute, value);
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
            Rule::AtLeastOneOf(_) | Rule::Requires(..) | Rule::Custom(_) | Rule::New(_) => {
                continue;
            }
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

fn hcl_text(page: &Page<'_>) -> Result<String, hcl::Error> {
    let mut texts = Vec::new();
    let mut add = |block: hcl::Block| -> Result<(), hcl::Error> {
        texts.push(hcl::to_string(&hcl::Body::from(block))?);
        Ok(())
    };
    if let Some(region) = page.region {
        let block = hcl::Block::builder("provider").add_label("alicloud");
        add(block.add_attribute(("region", region)).build())?;
    }
    for (place, one) in page.found.iter().enumerate() {
        let resource = &one.address.resource;
        if page.imports {
            let id = one.object.get("id").and_then(Value::as_str);
            let block = hcl::Block::builder("import")
                .add_attribute(("to", traversal(&one.address, &[])))
                .add_attribute(("id", id.unwrap_or_default()));
            add(block.build())?;
        }
        let block = hcl::Block::builder("resource")
            .add_label(resource.kind.to_string())
            .add_label(resource.name.to_string());
        add(hcl_block(block, page.block(place))?)?;
    }
    Ok(format!("{TITLE}{}", texts.join("\n")))
}

fn hcl_block(
    mut block: hcl::structure::BlockBuilder,
    said: Block,
) -> Result<hcl::Block, hcl::Error> {
    for (name, said) in said {
        if let Said::Blocks(blocks) = said {
            for inner in blocks {
                block = block.add_block(hcl_block(hcl::Block::builder(name), inner)?);
            }
        } else {
            block = block.add_attribute((name, hcl_value(said)?));
        }
    }
    Ok(block.build())
}

fn hcl_value(said: Said) -> Result<hcl::Expression, hcl::Error> {
    match said {
        Said::Value(value) => hcl::to_expression(value.to_json()),
        Said::Reference(address, name) => Ok(traversal(&address, &[name])),
        Said::Joined(parts) => Ok(hcl::expr::TemplateExpr::QuotedString(template(parts)).into()),
        Said::List(items) => {
            let items: Result<Vec<_>, _> = items.into_iter().map(hcl_value).collect();
            Ok(hcl::Expression::Array(items?))
        }
        Said::Blocks(_) => Ok(hcl::Expression::Null),
    }
}

fn traversal(address: &Address, rest: &[&str]) -> hcl::Expression {
    let resource = &address.resource;
    let kind = hcl::Identifier::sanitized(&resource.kind);
    let names = std::iter::once(&*resource.name).chain(rest.iter().copied());
    let start = hcl::expr::Traversal::builder(hcl::expr::Variable::from(kind));
    names
        .fold(start, |built, name| {
            built.attr(hcl::Identifier::sanitized(name))
        })
        .build()
        .into()
}

fn yaml_text(page: &Page<'_>) -> Result<String, serde_yaml::Error> {
    let mut resources = Map::new();
    let mut imports = Vec::new();
    for (place, one) in page.found.iter().enumerate() {
        let resource = &one.address.resource;
        let named = resources
            .entry(resource.kind.to_string())
            .or_insert_with(|| Map::new().into());
        named[&*resource.name] = json_block(page.block(place));
        let id = one.object.get("id").and_then(Value::as_str);
        imports.push(serde_json::json!({ "to": resource.to_string(), "id": id }));
    }
    let mut top = Map::new();
    if let Some(region) = page.region {
        let provider = serde_json::json!({ "alicloud": { "region": region } });
        top.insert("provider".to_owned(), provider);
    }
    if page.imports {
        top.insert("import".to_owned(), imports.into());
    }
    top.insert("resource".to_owned(), resources.into());
    Ok(format!("{TITLE}{}", serde_yaml::to_string(&top)?))
}

fn json_block(said: Block) -> Json {
    let entries = said
        .into_iter()
        .map(|(name, said)| (name.to_owned(), json(said)));
    entries.collect::<Map<_, _>>().into()
}

fn json(said: Said) -> Json {
    match said {
        Said::Value(value) => escaped(value.to_json()),
        Said::Reference(address, name) => interpolated(&address, name).into(),
        Said::Joined(parts) => template(parts).into(),
        Said::List(items) => items.into_iter().map(json).collect(),
        Said::Blocks(blocks) => blocks.into_iter().map(json_block).collect(),
    }
}

fn interpolated(address: &Address, name: &str) -> String {
    format!("${{{}.{name}}}", address.resource)
}

/// Returns texts and references with commas between them, as a template.
fn template(parts: Vec<Said>) -> String {
    let part = |said: Said| match said {
        Said::Reference(address, name) => interpolated(&address, name),
        Said::Value(value) => escaped(value.to_json())
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        Said::Joined(_) | Said::List(_) | Said::Blocks(_) => String::new(),
    };
    parts.into_iter().map(part).collect::<Vec<_>>().join(",")
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
