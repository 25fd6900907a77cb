//! One kind of object: rows in the order of their creation, found by id and by the values that listings ask for.
//!
//! A table keeps what changed since the last call, for the log, and for a while each row as it was before its last
//! change, for stale reads. [`Rows`] is what the world does with every table alike.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use super::clock::Millis;
use super::objects::Course;
use super::request::Tags;

/// What every object has, and what most have.
pub(super) trait Object: Clone + Serialize + DeserializeOwned {
    /// The word for this kind of object in the log.
    const KIND: &'static str;
    /// The word for all of them in the report of the world; empty for what is not reported.
    const PLURAL: &'static str;
    /// The parameters of listings that an index answers. A listing with no other filter shows all that the index has.
    const FILTERS: &'static [&'static str] = &[];

    fn id(&self) -> &str;

    /// The id by which callers know it.
    fn shown_id(&self) -> &str {
        self.id()
    }

    fn region(&self) -> &str {
        ""
    }

    fn course(&self) -> Option<&Course> {
        None
    }

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn tags_mut(&mut self) -> Option<&mut Tags> {
        None
    }

    fn resource_group_mut(&mut self) -> Option<&mut String> {
        None
    }

    /// Tells the values of the parameters in `FILTERS` by which this object is found.
    fn keys(&self, _add: &mut dyn FnMut(&str, &str)) {}
}

/// A value that some rows have, as a number: a table of 100,000 rows has too many for texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mark(u64);

impl Mark {
    /// The mark of a value of a parameter in a region.
    pub(super) fn of(region: &str, parameter: &str, value: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (region, parameter, value).hash(&mut hasher);
        Self(hasher.finish())
    }

    /// The mark of a tag's key.
    pub(super) fn of_tag_key(region: &str, key: &str) -> Self {
        Self::of(region, "Tag.N.Key", key)
    }

    /// The mark of a tag with its value.
    pub(super) fn of_tag(region: &str, key: &str, value: &str) -> Self {
        Self::of(region, "Tag", &format!("{}:{key}{value}", key.len()))
    }
}

struct Row<T> {
    current: Option<Box<T>>,
    previous: Option<Box<T>>,
    changed: Millis,
    marks: Vec<Mark>,
}

/// A change as it is logged: the whole object, or nothing when it is gone.
#[derive(Serialize, Deserialize)]
pub(super) struct Change {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) serial: u64,
    pub(super) object: Option<Box<RawValue>>,
}

/// Rows of one kind.
pub(super) struct Table<T> {
    rows: BTreeMap<u64, Row<T>>,
    serials: HashMap<String, u64>,
    /// The rows that are there, in order: a page is found by its number at once.
    order: Vec<u64>,
    marked: HashMap<Mark, Vec<u64>>,
    next: u64,
    dirty: Vec<u64>,
    /// Rows whose marks may not be right.
    unmarked: Vec<u64>,
    gone: Vec<(u64, String)>,
    ghosts: VecDeque<(Millis, u64, String)>,
    /// Rows that are kept as they were before, and since when.
    aged: VecDeque<(Millis, u64)>,
    /// While set, rows changed after this instant are answered as they were before.
    view: Option<Millis>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            serials: HashMap::new(),
            order: Vec::new(),
            marked: HashMap::new(),
            next: 1,
            dirty: Vec::new(),
            unmarked: Vec::new(),
            gone: Vec::new(),
            ghosts: VecDeque::new(),
            aged: VecDeque::new(),
            view: None,
        }
    }
}

impl<T: Object> Table<T> {
    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.visible(self.rows.get(self.serials.get(id)?)?)
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> usize {
        self.order.len()
    }

    /// The serial numbers of some rows by their ids, in the order of creation.
    pub(super) fn pick(&self, ids: &[String]) -> Vec<u64> {
        let serials: BTreeSet<u64> = ids
            .iter()
            .filter_map(|id| self.serials.get(id))
            .copied()
            .collect();
        serials.into_iter().collect()
    }

    /// The rows in the order of creation.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.values().filter_map(|row| self.visible(row))
    }

    /// A row by its serial number.
    pub(super) fn row(&self, serial: u64) -> Option<&T> {
        self.visible(self.rows.get(&serial)?)
    }

    /// The serial numbers of all rows, if the table is looked at as it is now.
    pub(super) fn all(&self) -> Option<&[u64]> {
        self.view.is_none().then_some(self.order.as_slice())
    }

    /// The serial numbers of the rows that once were there or are.
    pub(super) fn ever(&self) -> Vec<u64> {
        self.rows.keys().copied().collect()
    }

    /// The serial numbers of the rows with a mark, if the table is looked at as it is now.
    pub(super) fn marked(&self, mark: Mark) -> Option<&[u64]> {
        let found = self.marked.get(&mark).map_or(&[][..], Vec::as_slice);
        self.view.is_none().then_some(found)
    }

    /// The rows that may have this value of a parameter in `FILTERS`; all rows, when no index knows.
    pub(super) fn near(&self, region: &str, parameter: &str, value: &str) -> Vec<&T> {
        let serials = match self.marked(Mark::of(region, parameter, value)) {
            Some(serials) => serials.to_vec(),
            None => self.ever(),
        };
        serials
            .into_iter()
            .filter_map(|serial| self.row(serial))
            .collect()
    }

    pub(super) fn insert(&mut self, object: T, now: Millis) {
        let serial = self.next;
        self.next += 1;
        self.serials.insert(object.id().to_owned(), serial);
        let row = Row {
            current: Some(Box::new(object)),
            previous: None,
            changed: now,
            marks: Vec::new(),
        };
        self.rows.insert(serial, row);
        self.order.push(serial);
        self.dirty.push(serial);
        self.unmarked.push(serial);
    }

    /// The row to change.
    pub(super) fn change(&mut self, id: &str, now: Millis) -> Option<&mut T> {
        let serial = *self.serials.get(id)?;
        let row = self.rows.get_mut(&serial)?;
        row.current.as_ref()?;
        if row.changed < now {
            row.previous.clone_from(&row.current);
            row.changed = now;
            self.aged.push_back((now, serial));
        }
        self.dirty.push(serial);
        self.unmarked.push(serial);
        row.current.as_deref_mut()
    }

    pub(super) fn remove(&mut self, id: &str, now: Millis) -> Option<T> {
        let serial = *self.serials.get(id)?;
        let row = self.rows.get_mut(&serial)?;
        let removed = row.current.take()?;
        row.previous = Some(removed.clone());
        row.changed = now;
        for mark in std::mem::take(&mut row.marks) {
            unmark(&mut self.marked, mark, serial);
        }
        take_out(&mut self.order, serial);
        self.gone.push((serial, id.to_owned()));
        self.ghosts.push_back((now, serial, id.to_owned()));
        Some(*removed)
    }

    fn row_change(&self, serial: u64) -> Option<Change> {
        let object = self.rows.get(&serial)?.current.as_ref()?;
        Some(Change {
            kind: T::KIND.to_owned(),
            id: object.id().to_owned(),
            serial,
            object: Some(to_raw_value(object).ok()?),
        })
    }

    fn visible<'a>(&self, row: &'a Row<T>) -> Option<&'a T> {
        match self.view {
            Some(view) if row.changed > view => row.previous.as_deref(),
            _ => row.current.as_deref(),
        }
    }

    /// The number of a row in the log.
    fn load_row(&mut self, change: Change, object: T) {
        if !self.rows.contains_key(&change.serial) {
            put_in(&mut self.order, change.serial);
        }
        self.serials.insert(change.id, change.serial);
        let row = Row {
            current: Some(Box::new(object)),
            previous: None,
            changed: 0,
            marks: Vec::new(),
        };
        self.rows.insert(change.serial, row);
        self.unmarked.push(change.serial);
    }
}

/// The marks of an object: its region's, its tags', and those of its keys.
fn marks<T: Object>(object: &T) -> Vec<Mark> {
    if T::FILTERS.is_empty() {
        return Vec::new();
    }
    let region = object.region();
    let mut marks = vec![Mark::of(region, "", "")];
    object.keys(&mut |parameter, value| marks.push(Mark::of(region, parameter, value)));
    for (key, value) in object.tags().into_iter().flatten() {
        marks.push(Mark::of_tag_key(region, key));
        marks.push(Mark::of_tag(region, key, value));
    }
    marks
}

fn put_in(serials: &mut Vec<u64>, serial: u64) {
    if let Err(at) = serials.binary_search(&serial) {
        serials.insert(at, serial);
    }
}

fn take_out(serials: &mut Vec<u64>, serial: u64) {
    if let Ok(at) = serials.binary_search(&serial) {
        serials.remove(at);
    }
}

fn unmark(marked: &mut HashMap<Mark, Vec<u64>>, mark: Mark, serial: u64) {
    if let Some(serials) = marked.get_mut(&mark) {
        take_out(serials, serial);
        if serials.is_empty() {
            marked.remove(&mark);
        }
    }
}

/// What the world does with every table, whatever is in it.
pub(super) trait Rows {
    fn kind(&self) -> &'static str;
    fn plural(&self) -> &'static str;
    fn has(&self, id: &str) -> bool;
    fn tags(&self, id: &str) -> Option<&Tags>;
    fn tags_mut(&mut self, id: &str, now: Millis) -> Option<&mut Tags>;
    fn resource_group_mut(&mut self, id: &str, now: Millis) -> Option<&mut String>;
    /// The objects of a region with their tags, by the ids that callers know.
    fn tagged<'a>(&'a self, region: &'a str) -> Box<dyn Iterator<Item = (&'a str, &'a Tags)> + 'a>;
    /// Removes a row. Tells whether there was one.
    fn leave(&mut self, id: &str, now: Millis) -> bool;
    /// Looks at the table as it was at an instant, or again as it is.
    fn look_at(&mut self, view: Option<Millis>);
    /// Forgets what no stale read will ask for any more.
    fn forget_before(&mut self, instant: Millis);
    /// Brings the indexes up to date.
    fn refresh(&mut self);
    /// What changed since the last call.
    fn changes(&mut self, changes: &mut Vec<Change>);
    /// Every row as a change, for a snapshot.
    fn snapshot(&self, put: &mut dyn FnMut(Change) -> std::io::Result<()>) -> std::io::Result<()>;
    /// Takes a change from the log.
    fn load(&mut self, change: Change) -> Result<(), serde_json::Error>;
    /// The objects with their states of now, for people and tests.
    fn describe(&self, now: Millis) -> Vec<Value>;
}

impl<T: Object> Rows for Table<T> {
    fn kind(&self) -> &'static str {
        T::KIND
    }

    fn plural(&self) -> &'static str {
        T::PLURAL
    }

    fn has(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    fn tags(&self, id: &str) -> Option<&Tags> {
        self.get(id)?.tags()
    }

    fn tags_mut(&mut self, id: &str, now: Millis) -> Option<&mut Tags> {
        self.change(id, now)?.tags_mut()
    }

    fn resource_group_mut(&mut self, id: &str, now: Millis) -> Option<&mut String> {
        self.change(id, now)?.resource_group_mut()
    }

    fn tagged<'a>(&'a self, region: &'a str) -> Box<dyn Iterator<Item = (&'a str, &'a Tags)> + 'a> {
        let here = self.iter().filter(move |it| it.region() == region);
        Box::new(here.filter_map(|it| Some((it.shown_id(), it.tags()?))))
    }

    fn leave(&mut self, id: &str, now: Millis) -> bool {
        self.remove(id, now).is_some()
    }

    fn look_at(&mut self, view: Option<Millis>) {
        self.view = view;
    }

    fn forget_before(&mut self, instant: Millis) {
        while self.ghosts.front().is_some_and(|(at, ..)| *at < instant) {
            let Some((_, serial, id)) = self.ghosts.pop_front() else {
                break;
            };
            self.rows.remove(&serial);
            if self.serials.get(&id) == Some(&serial) {
                self.serials.remove(&id);
            }
        }
        while self.aged.front().is_some_and(|(at, _)| *at < instant) {
            if let Some((at, serial)) = self.aged.pop_front()
                && let Some(row) = self.rows.get_mut(&serial)
                && row.changed == at
                && row.current.is_some()
            {
                row.previous = None;
            }
        }
    }

    fn refresh(&mut self) {
        for serial in std::mem::take(&mut self.unmarked) {
            let Some(row) = self.rows.get_mut(&serial) else {
                continue;
            };
            let Some(object) = &row.current else {
                continue;
            };
            let fresh = marks(&**object);
            if fresh == row.marks {
                continue;
            }
            for mark in std::mem::replace(&mut row.marks, fresh) {
                unmark(&mut self.marked, mark, serial);
            }
            for mark in &row.marks {
                put_in(self.marked.entry(*mark).or_default(), serial);
            }
        }
    }

    fn changes(&mut self, changes: &mut Vec<Change>) {
        let mut serials = std::mem::take(&mut self.dirty);
        serials.sort_unstable();
        serials.dedup();
        changes.extend(serials.iter().filter_map(|serial| self.row_change(*serial)));
        for (serial, id) in std::mem::take(&mut self.gone) {
            changes.push(Change {
                kind: T::KIND.to_owned(),
                id,
                serial,
                object: None,
            });
        }
    }

    fn snapshot(&self, put: &mut dyn FnMut(Change) -> std::io::Result<()>) -> std::io::Result<()> {
        let changes = self
            .order
            .iter()
            .filter_map(|serial| self.row_change(*serial));
        for change in changes {
            put(change)?;
        }
        Ok(())
    }

    fn load(&mut self, change: Change) -> Result<(), serde_json::Error> {
        self.next = self.next.max(change.serial + 1);
        let Some(object) = &change.object else {
            if self.rows.remove(&change.serial).is_some() {
                take_out(&mut self.order, change.serial);
            }
            if self.serials.get(&change.id) == Some(&change.serial) {
                self.serials.remove(&change.id);
            }
            return Ok(());
        };
        let object: T = serde_json::from_str(object.get())?;
        self.load_row(change, object);
        Ok(())
    }

    fn describe(&self, now: Millis) -> Vec<Value> {
        self.iter().map(|object| described(object, now)).collect()
    }
}

/// An object with its state of now in place of its course. What has no course is available as soon as it exists.
fn described<T: Object>(object: &T, now: Millis) -> Value {
    let mut value = serde_json::to_value(object).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("course");
        let state = object.course().map_or("Available", |course| course.at(now));
        fields.insert("state".to_owned(), json!(state));
    }
    value
}
