//! The schemas of all types in the form of `terraform providers schema -json`.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

use super::{connect, session::REGISTRY};
use crate::{
    model::Mode,
    provider::hooks::Kind,
    schema::{
        Attribute, Presence, ResourceType, Type, model_type,
        source::{SOURCES, Source},
    },
};

/// Returns the whole document.
pub fn document() -> Json {
    let schemas: Map<String, Json> = SOURCES.iter().map(|source| provider(source)).collect();
    json!({ "format_version": "1.0", "provider_schemas": schemas })
}

/// Whether an argument is one of nested blocks: of the block of this kind and first label, after the names of the
/// blocks around it.
pub fn is_block(kind: &str, label: &str, path: &[&str]) -> bool {
    static DOCUMENT: LazyLock<Json> = LazyLock::new(document);
    let providers = DOCUMENT["provider_schemas"].as_object();
    let of = |(address, schemas): (&String, &Json)| {
        let schema = match kind {
            "resource" => &schemas["resource_schemas"][label],
            "data" => &schemas["data_source_schemas"][label],
            "ephemeral" => &schemas["ephemeral_resource_schemas"][label],
            "provider" if address.rsplit('/').next() == Some(label) => &schemas["provider"],
            _ => &Json::Null,
        };
        let mut steps = path.iter();
        let found = steps.try_fold(schema, |schema, name| {
            let inner = &schema["block"]["block_types"][*name];
            (!inner.is_null()).then_some(inner)
        });
        found.is_some()
    };
    providers.into_iter().flatten().any(of)
}

fn provider(source: &'static Source) -> (String, Json) {
    let of = |kinds: &'static [Kind]| {
        let own = move |kind: &&Kind| kind.ty.service.source() == source;
        kinds.iter().filter(own)
    };
    let configuration = if source.within {
        json!({ "description_kind": "plain" })
    } else {
        connect::schema()
    };
    let schema = json!({
        "provider": { "version": 0, "block": configuration },
        "resource_schemas": types(of(REGISTRY.kinds), Mode::Managed),
        "data_source_schemas": types(of(REGISTRY.data), Mode::Data),
        "ephemeral_resource_schemas": types(of(REGISTRY.ephemeral), Mode::Ephemeral),
    });
    (source.address.to_owned(), schema)
}

fn types<'k>(kinds: impl Iterator<Item = &'k Kind>, mode: Mode) -> Json {
    let schema = |kind: &Kind| {
        let ty = kind.ty;
        let block = whole(ty, mode);
        (
            ty.name.to_owned(),
            json!({ "version": ty.schema_version, "block": block }),
        )
    };
    Json::Object(kinds.map(schema).collect())
}

/// Returns the block of a type, with what every type has.
fn whole(ty: &ResourceType, mode: Mode) -> Json {
    let mut block = block(ty.attributes);
    block["description"] = ty.doc.into();
    if ty.alias_of.is_some() {
        block["deprecated"] = true.into();
    }
    let attributes = block["attributes"].as_object_mut();
    if let Some(attributes) = attributes
        && !attributes.contains_key("id")
        && mode != Mode::Ephemeral
    {
        let mut id = json!({ "type": "string", "description_kind": "plain", "computed": true });
        if mode == Mode::Data {
            id["optional"] = true.into();
        }
        attributes.insert("id".to_owned(), id);
    }
    let limits = [
        ("create", ty.timeouts.create),
        ("update", ty.timeouts.update),
        ("delete", ty.timeouts.delete),
    ];
    let limits: Map<String, Json> = limits
        .iter()
        .filter(|(_, minutes)| *minutes > 0)
        .map(|(name, _)| {
            let optional =
                json!({ "type": "string", "description_kind": "plain", "optional": true });
            ((*name).to_owned(), optional)
        })
        .collect();
    if !limits.is_empty() {
        block["block_types"]["timeouts"] = json!({
            "nesting_mode": "single",
            "block": { "attributes": limits, "description_kind": "plain" },
        });
    }
    block
}

/// Returns a block with these attributes and nested blocks.
fn block(attributes: &[Attribute]) -> Json {
    let mut plain = Map::new();
    let mut nested = Map::new();
    for attribute in attributes {
        let name = attribute.name.to_owned();
        // What only the cloud says is an attribute, whatever it looks like.
        match (&attribute.ty, attribute.presence) {
            (Type::Blocks(inner, least, most), presence) if presence != Presence::Computed => {
                nested.insert(name, blocks("list", inner, *least, *most));
            }
            (Type::BlockSet(inner, least, most), presence) if presence != Presence::Computed => {
                nested.insert(name, blocks("set", inner, *least, *most));
            }
            _ => {
                plain.insert(name, described(attribute));
            }
        }
    }
    let mut block = json!({ "attributes": plain, "description_kind": "plain" });
    if !nested.is_empty() {
        block["block_types"] = Json::Object(nested);
    }
    block
}

fn blocks(mode: &str, inner: &[Attribute], least: usize, most: usize) -> Json {
    let mut blocks = json!({ "nesting_mode": mode, "block": block(inner) });
    if least > 0 {
        blocks["min_items"] = least.into();
    }
    if most != usize::MAX && most > 0 {
        blocks["max_items"] = most.into();
    }
    blocks
}

fn described(attribute: &Attribute) -> Json {
    let mut said = json!({
        "type": model_type(&attribute.ty).to_json(),
        "description": attribute.doc,
        "description_kind": "plain",
    });
    let flags = [
        ("required", attribute.presence == Presence::Required),
        (
            "optional",
            matches!(attribute.presence, Presence::Optional | Presence::Kept),
        ),
        (
            "computed",
            matches!(attribute.presence, Presence::Computed | Presence::Kept),
        ),
        ("sensitive", attribute.sensitive),
        ("deprecated", attribute.deprecated.is_some()),
        ("write_only", attribute.write_only.is_some()),
    ];
    for (name, _) in flags.iter().filter(|(_, holds)| *holds) {
        said[*name] = true.into();
    }
    said
}
