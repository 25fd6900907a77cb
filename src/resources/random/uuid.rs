//! `random_uuid`.

use super::{KEEPERS, id, kind, random, with};
use crate::{
    model::{Object, Value},
    provider::hooks::Kind,
    schema::{ResourceType, string},
};

/// The type with its hooks.
pub const UUID: Kind = kind(&TABLE, make, Some(import));

static TABLE: ResourceType = ResourceType {
    attributes: &[
        id("The UUID."),
        KEEPERS,
        string("result", "The UUID.").computed(),
    ],
    import: "the UUID, such as `aabbccdd-eeff-0011-2233-445566778899`",
    ..random("random_uuid", "A random UUID.")
};

fn entries(uuid: &::uuid::Uuid) -> [(&'static str, Value); 2] {
    let text = Value::string(uuid.to_string());
    [("id", text.clone()), ("result", text)]
}

fn make(desired: &Object) -> Result<Object, String> {
    Ok(with(desired, entries(&::uuid::Uuid::new_v4())))
}

fn import(id: &str) -> Result<Object, String> {
    // Only the form with hyphens: others read alike and would not be the id that was given.
    let uuid = ::uuid::Uuid::try_parse(id).ok().filter(|_| id.len() == 36);
    let uuid = uuid.ok_or_else(|| format!("\"{id}\" is not a UUID of 32 digits and 4 hyphens."))?;
    let known = Object::from_iter([("keepers", Value::Null)]);
    Ok(with(&known, entries(&uuid)))
}
