//! Objects that were read from a state file, given the types that their schema says.

use super::{
    Presence, ResourceType, Service, Type,
    names::shared,
    seal::{self, Memory},
};
use crate::model::{Object, Value};

/// Returns the object with every value in the shape of its declared type, and marked; `None` where it
/// is so already. Attributes that the type does not declare stay as they are. `memory` is for objects of one type.
pub fn restore(ty: &ResourceType, object: &Object, memory: &mut Memory) -> Option<Object> {
    // Values of any type carry their own in the file.
    if ty
        .attributes
        .iter()
        .all(|attribute| matches!(attribute.ty, Type::Any | Type::String))
    {
        return None;
    }
    seal::changed(ty.attributes, object, memory)
}

/// Returns a data source that will be read during the apply: its arguments, and the rest unknown.
pub fn unread(ty: &ResourceType, arguments: &Object) -> Object {
    let mut object = Object::with_capacity(ty.attributes.len() + 1);
    for attribute in ty.attributes {
        let given = arguments
            .get(attribute.name)
            .filter(|value| !value.is_null())
            .cloned();
        let told = matches!(attribute.presence, Presence::Computed | Presence::Kept);
        let open = || match told {
            true => Value::Unknown(super::convert::model_type(&attribute.ty)),
            false => Value::Null,
        };
        let value = given.unwrap_or_else(open);
        object.insert(shared(attribute.name), value);
    }
    if !object.contains_key("id") && !matches!(ty.service, Service::Builtin) {
        object.insert(shared("id"), Value::Unknown(crate::model::Type::String));
    }
    object
}
