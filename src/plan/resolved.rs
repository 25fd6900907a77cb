//! The instances of one resource and what its address means: an object, or a tuple or object of them.

use std::sync::{Arc, OnceLock};

use crate::{
    eval::expand::Expansion,
    manifest::ast::Resource,
    model::{
        Key, Mode, Object, ResourceAddress, Type, Value,
        state::{Instance, State},
    },
};

/// How the instances of a resource are keyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repetition {
    Single,
    Count,
    ForEach,
}

/// The values of one resource's instances, sorted by key.
#[derive(Debug)]
pub struct Resolved {
    pub repetition: Repetition,
    pub instances: Vec<(Key, Value)>,
    whole: OnceLock<Value>,
    /// In which generation of the values in scope it changed last.
    pub(super) since: u64,
}

impl Resolved {
    /// Takes the instances' values; they must be sorted by key.
    pub fn new(repetition: Repetition, instances: Vec<(Key, Value)>) -> Self {
        Self {
            repetition,
            instances,
            whole: OnceLock::new(),
            since: 0,
        }
    }

    /// Guesses the repetition from the keys: for resources that are in the state only.
    pub fn from_keys(instances: Vec<(Key, Value)>) -> Self {
        let repetition = match instances.first() {
            Some((Key::Int(_), _)) => Repetition::Count,
            Some((Key::Text(_), _)) => Repetition::ForEach,
            Some((Key::None, _)) | None => Repetition::Single,
        };
        Self::new(repetition, instances)
    }

    /// Returns instances of which nothing is known but their type and whether they have keys.
    pub fn unknown(block: &Resource, ty: Type) -> Self {
        let (repetition, ty) = if block.count.is_some() {
            (Repetition::Count, Type::List(Arc::new(ty)))
        } else if block.for_each.is_some() {
            (Repetition::ForEach, Type::Map(Arc::new(ty)))
        } else {
            (Repetition::Single, ty)
        };
        Self {
            whole: OnceLock::from(Value::Unknown(ty)),
            ..Self::new(repetition, Vec::new())
        }
    }

    /// Returns the instances that the state has of a resource, which has this block.
    pub fn recorded(block: Option<&Resource>, state: &State, address: &ResourceAddress) -> Self {
        if let Some(block) = block.filter(|_| address.mode == Mode::Ephemeral) {
            return Self::unknown(block, Type::Any);
        }
        let current = |(key, instance): (&Key, &Instance)| {
            let stored = instance.current.as_ref()?;
            Some((key.clone(), Value::Object(stored.attributes.clone())))
        };
        let instances: Vec<_> = state
            .resources
            .get(address)
            .map(|kept| kept.instances.iter().filter_map(current).collect())
            .unwrap_or_default();
        let repetition = match block {
            Some(block) if block.count.is_some() => Repetition::Count,
            Some(block) if block.for_each.is_some() => Repetition::ForEach,
            _ => return Self::from_keys(instances),
        };
        Self::new(repetition, instances)
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Value> {
        let at = self
            .instances
            .binary_search_by(|(candidate, _)| candidate.cmp(key))
            .ok()?;
        Some(&self.instances[at].1)
    }

    pub(super) fn set(&mut self, key: &Key, value: Value) {
        self.whole = OnceLock::new();
        match self
            .instances
            .binary_search_by(|(candidate, _)| candidate.cmp(key))
        {
            Ok(at) => self.instances[at].1 = value,
            Err(at) => self.instances.insert(at, (key.clone(), value)),
        }
    }

    /// Returns what the resource's address means: an object, or a tuple or object of them.
    pub(super) fn whole(&self) -> Value {
        let make = || match self.repetition {
            Repetition::Single => self
                .instances
                .first()
                .map_or(Value::UNKNOWN, |(_, value)| value.clone()),
            Repetition::Count => Value::tuple(
                self.instances
                    .iter()
                    .map(|(_, value)| value.clone())
                    .collect(),
            ),
            Repetition::ForEach => {
                Value::object(self.instances.iter().map(entry).collect::<Object>())
            }
        };
        self.whole.get_or_init(make).clone()
    }
}

/// Returns an instance as an entry of the object that a `for_each` makes.
pub(super) fn entry((key, value): &(Key, Value)) -> (Arc<str>, Value) {
    let name = match key {
        Key::Text(text) => text.clone(),
        Key::Int(index) => index.to_string().into(),
        Key::None => "".into(),
    };
    (name, value.clone())
}

/// The keys of instances, with what `each.value` is in each.
pub type Keys = Vec<(Key, Option<Value>)>;

/// Returns the keys of the instances that a block has.
pub fn keys_of(expansion: Expansion) -> (Repetition, Keys) {
    match expansion {
        Expansion::Single | Expansion::Unknown => (Repetition::Single, vec![(Key::None, None)]),
        Expansion::Count(count) => (
            Repetition::Count,
            (0..count).map(|index| (Key::Int(index), None)).collect(),
        ),
        Expansion::ForEach(entries) => {
            let mut keys: Vec<_> = entries
                .into_iter()
                .map(|(key, value)| (Key::Text(key), Some(value)))
                .collect();
            keys.sort_by(|a, b| a.0.cmp(&b.0));
            (Repetition::ForEach, keys)
        }
    }
}
