//! Arguments that are sent and never kept: what is proposed has them as null, and a call has them in the place of the
//! attributes that they stand for.

use super::{Attribute, ResourceType, names::shared};
use crate::model::{Object, Value};

fn pairs(ty: &ResourceType) -> impl Iterator<Item = (&'static Attribute, &'static str)> {
    let attributes: &'static [Attribute] = ty.attributes;
    attributes
        .iter()
        .filter_map(|attribute| Some((attribute, attribute.write_only?)))
}

fn is_given(object: &Object, name: &str) -> bool {
    object.get(name).is_some_and(|value| !value.is_null())
}

/// Puts the write-only arguments into the object that a call is to make; returns the attributes that have their values.
pub fn write_in(ty: &ResourceType, arguments: &Object, object: &mut Object) -> Vec<&'static str> {
    let mut written = Vec::new();
    for (attribute, instead_of) in pairs(ty) {
        if let Some(value) = arguments.get(attribute.name).filter(|it| !it.is_null()) {
            object.insert(shared(attribute.name), value.clone());
            object.insert(shared(instead_of), value.clone());
            written.push(instead_of);
        }
    }
    written
}

/// Does the same, and adds to the attributes that an update changes those whose write-only argument has a new version.
pub fn renew(
    ty: &ResourceType,
    arguments: &Object,
    object: &mut Object,
    changed: &mut Vec<String>,
) {
    let written = write_in(ty, arguments, object);
    for (attribute, instead_of) in pairs(ty) {
        let version = format!("{}_version", attribute.name);
        let name = instead_of.to_owned();
        if written.contains(&instead_of) && changed.contains(&version) && !changed.contains(&name) {
            changed.push(name);
        }
    }
}

/// Returns the object without what is kept nowhere.
pub fn without_write_only(ty: &ResourceType, mut object: Object) -> Object {
    for (attribute, instead_of) in pairs(ty) {
        if is_given(&object, attribute.name) {
            object.insert(shared(attribute.name), Value::Null);
            object.insert(shared(instead_of), Value::Null);
        }
    }
    object
}
