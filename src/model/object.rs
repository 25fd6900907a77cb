//! An ordered map from names to values, small and cheap to share.
//!
//! A sorted vector: a hundred thousand resources must fit in memory, and the order has to be the same on every run. The names
//! of what a table describes are in memory once for all objects.

use std::{fmt, sync::Arc};

use super::value::Value;

/// Up to so many names that stand beside their values are looked at one after the other.
const FEW: usize = 24;
/// Up to so many names that stand together are.
const MANY: usize = 128;

/// A map from names to values, sorted by name.
#[derive(Clone)]
pub struct Object(Entries);

/// Where the names are.
#[derive(Clone)]
enum Entries {
    /// With each value.
    Own(Vec<(Arc<str>, Value)>),
    /// Apart, as many objects have the same; there are as many values.
    Shared(Arc<[Arc<str>]>, Vec<Value>),
}

impl Default for Object {
    fn default() -> Self {
        Self(Entries::Own(Vec::new()))
    }
}

impl Object {
    /// Returns an empty object.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an empty object with room for `capacity` entries.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Entries::Own(Vec::with_capacity(capacity)))
    }

    /// Returns an object with these names, which must be sorted and differ, and as many values.
    pub fn with_names(names: Arc<[Arc<str>]>, values: Vec<Value>) -> Self {
        debug_assert!(names.len() == values.len() && names.is_sorted());
        Self(Entries::Shared(names, values))
    }

    /// Returns the names that it shares with others, if it does.
    pub fn shared_names(&self) -> Option<&Arc<[Arc<str>]>> {
        match &self.0 {
            Entries::Own(_) => None,
            Entries::Shared(names, _) => Some(names),
        }
    }

    /// Returns the value under `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        // Most names differ in their length already, which takes no look at their text.
        match &self.0 {
            Entries::Own(entries) if entries.len() <= FEW => {
                let mut entries = entries.iter();
                entries.find(|(key, _)| **key == *name).map(|it| &it.1)
            }
            Entries::Shared(names, values) if names.len() <= MANY => {
                let at = names.iter().position(|key| **key == *name)?;
                Some(&values[at])
            }
            Entries::Own(_) | Entries::Shared(..) => {
                let at = self.find(name).ok()?;
                Some(self.at(at).1)
            }
        }
    }

    /// Returns the value at a place in the order of the names.
    pub fn value_at(&self, place: usize) -> Option<&Value> {
        match &self.0 {
            Entries::Own(entries) => entries.get(place).map(|(_, value)| value),
            Entries::Shared(_, values) => values.get(place),
        }
    }

    /// Returns the value under `name` for changing it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let at = self.find(name).ok()?;
        Some(match &mut self.0 {
            Entries::Own(entries) => &mut entries[at].1,
            Entries::Shared(_, values) => &mut values[at],
        })
    }

    /// Puts `value` under `name` and returns what was there.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: Value) -> Option<Value> {
        let name = name.into();
        if let Entries::Own(entries) = &mut self.0
            // Entries mostly arrive in order: appending needs no search.
            && entries.last().is_none_or(|(last, _)| **last < *name)
        {
            entries.push((name, value));
            return None;
        }
        match self.find(&name) {
            Ok(at) => Some(match &mut self.0 {
                Entries::Own(entries) => std::mem::replace(&mut entries[at].1, value),
                Entries::Shared(_, values) => std::mem::replace(&mut values[at], value),
            }),
            Err(at) => {
                self.own().insert(at, (name, value));
                None
            }
        }
    }

    /// Takes the value under `name` out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.find(name).ok()?;
        Some(self.own().remove(at).1)
    }

    /// Whether there is a value under `name`.
    pub fn contains_key(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        match &self.0 {
            Entries::Own(entries) => entries.len(),
            Entries::Shared(_, values) => values.len(),
        }
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the entries in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> {
        (0..self.len()).map(|at| self.at(at))
    }

    /// Returns the names in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.iter().map(|(name, _)| name)
    }

    /// Returns the values in the order of their names.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    fn at(&self, at: usize) -> (&Arc<str>, &Value) {
        match &self.0 {
            Entries::Own(entries) => (&entries[at].0, &entries[at].1),
            Entries::Shared(names, values) => (&names[at], &values[at]),
        }
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        match &self.0 {
            Entries::Own(entries) => entries.binary_search_by(|(key, _)| (**key).cmp(name)),
            Entries::Shared(names, _) => names.binary_search_by(|key| (**key).cmp(name)),
        }
    }

    /// Returns the entries with names of their own.
    fn own(&mut self) -> &mut Vec<(Arc<str>, Value)> {
        if let Entries::Shared(names, values) = &mut self.0 {
            let values = std::mem::take(values);
            self.0 = Entries::Own(names.iter().cloned().zip(values).collect());
        }
        match &mut self.0 {
            Entries::Own(entries) => entries,
            Entries::Shared(..) => unreachable!("they were made its own"),
        }
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Into<Arc<str>>> FromIterator<(K, Value)> for Object {
    /// Later entries of the same name win.
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Self {
        let mut entries: Vec<(Arc<str>, Value)> = entries
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect();
        // Sorting is stable, so of equal names the last given is the last in the run.
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        Self(Entries::Own(entries))
    }
}

impl IntoIterator for Object {
    type Item = (Arc<str>, Value);
    type IntoIter = std::vec::IntoIter<(Arc<str>, Value)>;

    fn into_iter(mut self) -> Self::IntoIter {
        std::mem::take(self.own()).into_iter()
    }
}
