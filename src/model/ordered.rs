//! JSON whose names come in the order in which Terraform writes them.

use std::borrow::Borrow;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value as Json;

/// JSON and what it looks like; a shape of objects also holds for lists of them.
pub struct Ordered<J>(pub J, pub &'static Shape);

/// In which order the names of an object are written, and those of what is below it.
pub enum Shape {
    /// By name, here and below.
    Plain,
    /// These first, in this order, and others by name.
    Fields(Members),
    /// By name; what is below these has a shape.
    Sorted(Members),
    /// By name, since they are names that a person gave; everything below has this shape.
    Each(&'static Self),
}

/// The names of an object that matter, with the shapes of their values.
type Members = &'static [(&'static str, &'static Shape)];

/// The shape of what has no order of its own.
pub static PLAIN: Shape = Shape::Plain;

impl Shape {
    fn below(&self, name: &str) -> &'static Self {
        match self {
            Self::Plain => &PLAIN,
            Self::Each(shape) => shape,
            Self::Fields(members) | Self::Sorted(members) => {
                let found = members.iter().find(|(member, _)| *member == name);
                found.map_or(&PLAIN, |(_, shape)| shape)
            }
        }
    }

    fn first(&self) -> Members {
        match self {
            Self::Fields(members) => members,
            _ => &[],
        }
    }
}

impl<J: Borrow<Json>> Serialize for Ordered<J> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(json, shape) = self;
        match json.borrow() {
            Json::Array(all) => to.collect_seq(all.iter().map(|it| Ordered(it, shape))),
            Json::Object(all) => {
                let first = shape.first();
                let mut map = to.serialize_map(Some(all.len()))?;
                for (name, shape) in first {
                    if let Some(value) = all.get(*name) {
                        map.serialize_entry(name, &Ordered(value, shape))?;
                    }
                }
                let is_first = |name: &str| first.iter().any(|(member, _)| *member == name);
                for (name, value) in all.iter().filter(|(name, _)| !is_first(name)) {
                    map.serialize_entry(name, &Ordered(value, shape.below(name)))?;
                }
                map.end()
            }
            plain => plain.serialize(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_come_in_the_order_of_the_shape_and_others_after_them() {
        static INNER: Shape = Shape::Fields(&[("z", &PLAIN), ("a", &PLAIN)]);
        static OUTER: Shape = Shape::Fields(&[("of", &Shape::Each(&INNER)), ("end", &INNER)]);
        let json = json!({
            "b": { "z": 1, "a": 2 },
            "end": [{ "a": 1, "z": 2, "m": 3 }],
            "of": { "y": { "a": 1, "z": 2 }, "x": null },
        });
        let text = serde_json::to_string(&Ordered(&json, &OUTER)).unwrap();
        assert_eq!(
            text,
            r#"{"of":{"x":null,"y":{"z":2,"a":1}},"end":[{"z":2,"a":1,"m":3}],"b":{"a":2,"z":1}}"#
        );
    }
}
