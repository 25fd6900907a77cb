//! Which object another one names: by the id, or by an attribute that stands for it.

use std::collections::{HashMap, HashSet};

use crate::{
    model::{Object, Value},
    schema::{Attribute, ResourceType},
};

/// An object's place among those that were indexed, and the attribute that it is named by.
pub type Target = (usize, &'static str);

/// Objects by what they can be named by.
#[derive(Default)]
pub struct Index {
    typed: HashMap<(&'static str, String), Target>,
    any: HashMap<String, Target>,
}

impl Index {
    /// Indexes objects in their order.
    pub fn new<'a>(objects: impl IntoIterator<Item = (&'static ResourceType, &'a Object)>) -> Self {
        let mut index = Self::default();
        for (place, (ty, object)) in objects.into_iter().enumerate() {
            for name in std::iter::once(&"id").chain(ty.adopt.known_by) {
                let Some(text) = object.get(name).and_then(Value::as_str) else {
                    continue;
                };
                if *name == "id" {
                    let key = (ty.canonical(), text.to_owned());
                    index.typed.insert(key, (place, name));
                }
                // A name (of a key pair) is an id only to those that say of which type.
                if text.contains(['-', '.'])
                    && !text.contains(':')
                    && is_cloud_given(ty, text, object)
                {
                    index.any.insert(text.to_owned(), (place, name));
                }
            }
        }
        index
    }

    /// Returns what this text in an attribute names.
    pub fn find(&self, attribute: &Attribute, text: &str) -> Option<Target> {
        let typed = attribute.refers_to;
        let typed = typed.and_then(|kind| self.typed.get(&(kind, text.to_owned())));
        let names_ids = ["_id", "_ids", "_ip"].iter();
        let any = names_ids
            .clone()
            .any(|end| attribute.name.ends_with(end))
            .then(|| self.any.get(text))
            .flatten();
        typed.or(any).copied()
    }

    /// Returns what the texts of a value name.
    pub fn named<'a>(
        &'a self,
        attribute: &'a Attribute,
        value: &'a Value,
    ) -> impl Iterator<Item = Target> + 'a {
        let values = value.as_list().unwrap_or(std::slice::from_ref(value));
        let texts = values.iter().filter_map(Value::as_str);
        let texts = texts.flat_map(|text| text.split(','));
        texts.filter_map(|text| self.find(attribute, text))
    }
}

/// Whether the cloud chose a text, which then names one object of all types.
fn is_cloud_given(ty: &ResourceType, text: &str, object: &Object) -> bool {
    !ty.attributes.iter().any(|attribute| {
        attribute.name.ends_with("_name")
            && attribute.refers_to.is_none()
            && object.get(attribute.name).and_then(Value::as_str) == Some(text)
    })
}

/// The references between objects that close no circle: of those that do, the last is left out.
pub fn acyclic(edges: &[Vec<usize>]) -> HashSet<(usize, usize)> {
    let mut kept: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    let mut pairs = HashSet::new();
    for (from, targets) in edges.iter().enumerate() {
        for to in targets.iter().copied() {
            if from != to && !pairs.contains(&(from, to)) && !reaches(&kept, to, from) {
                kept[from].push(to);
                pairs.insert((from, to));
            }
        }
    }
    pairs
}

fn reaches(edges: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = HashSet::from([from]);
    let mut open = vec![from];
    while let Some(place) = open.pop() {
        if place == to {
            return true;
        }
        let next = edges[place].iter().copied();
        open.extend(next.filter(|next| seen.insert(*next)));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_opened_at_its_last_reference() {
        let kept = acyclic(&[vec![1], vec![2], vec![0, 3], vec![3]]);
        let expected = [(0, 1), (1, 2), (2, 3)];
        assert_eq!(kept, expected.into_iter().collect());
    }
}
