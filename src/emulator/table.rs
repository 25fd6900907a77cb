//! One kind of object: rows in the order of their creation, found by id, with what changed since the last save.
//!
//! For stale reads a table can also keep each row as it was before its last change.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::clock::Millis;

/// What every object has.
pub(super) trait Object: Clone + Serialize + DeserializeOwned {
    /// The word for this kind of object in the log.
    const KIND: &'static str;

    fn id(&self) -> &str;
}

struct Row<T> {
    current: Option<T>,
    previous: Option<T>,
    changed: Millis,
}

/// A change as it is logged: the whole object, or nothing when it is gone.
#[derive(Serialize, Deserialize)]
pub(super) struct Change {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) serial: u64,
    pub(super) object: Value,
}

/// Rows of one kind.
pub(super) struct Table<T> {
    rows: BTreeMap<u64, Row<T>>,
    serials: HashMap<String, u64>,
    next: u64,
    dirty: Vec<u64>,
    gone: Vec<(u64, String)>,
    ghosts: VecDeque<(Millis, u64, String)>,
    /// While set, rows changed after this instant are answered as they were before.
    view: Option<Millis>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            serials: HashMap::new(),
            next: 1,
            dirty: Vec::new(),
            gone: Vec::new(),
            ghosts: VecDeque::new(),
            view: None,
        }
    }
}

impl<T: Object> Table<T> {
    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.visible(self.rows.get(self.serials.get(id)?)?)
    }

    /// The rows in the order of creation.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.values().filter_map(|row| self.visible(row))
    }

    /// The rows after a serial number, with their serial numbers.
    pub(super) fn after(&self, serial: u64) -> impl Iterator<Item = (u64, &T)> {
        self.rows
            .range(serial + 1..)
            .filter_map(|(serial, row)| Some((*serial, self.visible(row)?)))
    }

    pub(super) fn insert(&mut self, object: T, now: Millis) {
        let serial = self.next;
        self.next += 1;
        self.serials.insert(object.id().to_owned(), serial);
        self.rows.insert(
            serial,
            Row {
                current: Some(object),
                previous: None,
                changed: now,
            },
        );
        self.dirty.push(serial);
    }

    /// The row to change.
    pub(super) fn change(&mut self, id: &str, now: Millis) -> Option<&mut T> {
        let serial = *self.serials.get(id)?;
        let row = self.rows.get_mut(&serial)?;
        if row.changed < now {
            row.previous.clone_from(&row.current);
            row.changed = now;
        }
        row.current.as_ref()?;
        self.dirty.push(serial);
        row.current.as_mut()
    }

    pub(super) fn remove(&mut self, id: &str, now: Millis) -> Option<T> {
        let serial = *self.serials.get(id)?;
        let row = self.rows.get_mut(&serial)?;
        let removed = row.current.take()?;
        row.previous = Some(removed.clone());
        row.changed = now;
        self.gone.push((serial, id.to_owned()));
        self.ghosts.push_back((now, serial, id.to_owned()));
        Some(removed)
    }

    /// Looks at the table as it was at an instant, or again as it is.
    pub(super) fn look_at(&mut self, view: Option<Millis>) {
        self.view = view;
    }

    /// Forgets removed rows that no stale read will ask for any more.
    pub(super) fn forget_before(&mut self, instant: Millis) {
        while self.ghosts.front().is_some_and(|(at, ..)| *at < instant) {
            let Some((_, serial, id)) = self.ghosts.pop_front() else {
                break;
            };
            self.rows.remove(&serial);
            if self.serials.get(&id) == Some(&serial) {
                self.serials.remove(&id);
            }
        }
    }

    /// What changed since the last call.
    pub(super) fn changes(&mut self) -> Vec<Change> {
        let mut serials = std::mem::take(&mut self.dirty);
        serials.sort_unstable();
        serials.dedup();
        let gone = std::mem::take(&mut self.gone);
        let mut changes: Vec<Change> = serials
            .iter()
            .filter_map(|serial| self.row_change(*serial))
            .collect();
        for (serial, id) in gone {
            let kind = T::KIND.to_owned();
            changes.push(Change {
                kind,
                id,
                serial,
                object: Value::Null,
            });
        }
        changes
    }

    /// Every row as a change, for a snapshot.
    pub(super) fn snapshot(&self) -> Vec<Change> {
        self.rows
            .keys()
            .filter_map(|serial| self.row_change(*serial))
            .collect()
    }

    /// Takes a change from the log.
    pub(super) fn load(&mut self, change: Change) -> Result<(), serde_json::Error> {
        self.next = self.next.max(change.serial + 1);
        if change.object.is_null() {
            self.rows.remove(&change.serial);
            if self.serials.get(&change.id) == Some(&change.serial) {
                self.serials.remove(&change.id);
            }
            return Ok(());
        }
        let object: T = serde_json::from_value(change.object)?;
        self.serials.insert(change.id, change.serial);
        let row = Row {
            current: Some(object),
            previous: None,
            changed: 0,
        };
        self.rows.insert(change.serial, row);
        Ok(())
    }

    fn row_change(&self, serial: u64) -> Option<Change> {
        let object = self.rows.get(&serial)?.current.as_ref()?;
        Some(Change {
            kind: T::KIND.to_owned(),
            id: object.id().to_owned(),
            serial,
            object: serde_json::to_value(object).ok()?,
        })
    }

    fn visible<'a>(&self, row: &'a Row<T>) -> Option<&'a T> {
        match self.view {
            Some(view) if row.changed > view => row.previous.as_ref(),
            _ => row.current.as_ref(),
        }
    }
}
