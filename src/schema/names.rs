//! Shared attribute names: a hundred thousand objects of one type have one copy of each name.

use std::{cell::RefCell, collections::HashMap, rc::Rc, sync::Arc};

use super::{Attribute, convert::model_type};
use crate::model::{Object, Value};

/// The names of an object's entries, in their order.
type Names = Arc<[Arc<str>]>;

/// A list of attributes with the shared copies of their names.
#[derive(Debug)]
pub(super) struct Layout {
    /// The names in their order, which is that of an object's entries, with `id`, which every object has.
    pub all: Names,
    /// The row of each of them; `None` where the table does not have `id`.
    pub rows: Vec<Option<usize>>,
    /// What each row is as long as nothing is known of it.
    pub unknown: Vec<Value>,
    /// The objects looked at last mostly have the names of the next.
    last: RefCell<Option<(Names, Rc<Aligned>)>>,
}

/// An object's entries beside the rows of a table.
#[derive(Debug)]
pub(super) struct Aligned {
    /// The row of each entry.
    pub rows: Vec<Option<usize>>,
    /// The entry of each row.
    pub places: Vec<Option<usize>>,
}

impl Layout {
    fn new(attributes: &'static [Attribute]) -> Self {
        let names: Vec<Arc<str>> = attributes.iter().map(|one| shared(one.name)).collect();
        let mut sorted: Vec<usize> = (0..names.len()).collect();
        sorted.sort_by(|a, b| names[*a].cmp(&names[*b]));
        let mut all: Vec<(Arc<str>, Option<usize>)> = sorted
            .iter()
            .map(|row| (names[*row].clone(), Some(*row)))
            .collect();
        if let Err(at) = all.binary_search_by(|(name, _)| (**name).cmp("id")) {
            all.insert(at, (shared("id"), None));
        }
        let (all, rows): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        let unknown = attributes.iter();
        Self {
            all: all.into(),
            rows,
            unknown: unknown
                .map(|it| Value::Unknown(model_type(&it.ty)))
                .collect(),
            last: RefCell::default(),
        }
    }

    /// Returns which entry of an object is which row.
    pub fn align(&self, object: &Object) -> Rc<Aligned> {
        let Some(names) = object.shared_names() else {
            return Rc::new(self.aligned(object.keys()));
        };
        if let Some((last, aligned)) = &*self.last.borrow()
            && Arc::ptr_eq(last, names)
        {
            return aligned.clone();
        }
        let aligned = Rc::new(self.aligned(names.iter()));
        self.last.replace(Some((names.clone(), aligned.clone())));
        aligned
    }

    fn aligned<'a>(&self, names: impl Iterator<Item = &'a Arc<str>>) -> Aligned {
        let rows: Vec<Option<usize>> = names
            .enumerate()
            .map(|(place, name)| self.row(place, name))
            .collect();
        let mut places = vec![None; self.unknown.len()];
        for (place, row) in rows.iter().enumerate() {
            if let Some(row) = row {
                places[*row] = Some(place);
            }
        }
        Aligned { rows, places }
    }

    /// Returns the row of a name, which is likely to be at this place of an object.
    pub fn row(&self, place: usize, name: &str) -> Option<usize> {
        let likely = self.all.get(place).is_some_and(|it| **it == *name);
        let place = match likely {
            true => place,
            // Most names differ in their length already, which takes no look at their text.
            false => self.all.iter().position(|it| **it == *name)?,
        };
        self.rows[place]
    }
}

/// By an address and a length: tables are static, so that says which one it is.
type Known<T> = RefCell<HashMap<(usize, usize), T, foldhash::fast::FixedState>>;

thread_local! {
    static NAMES: Known<Arc<str>> = RefCell::new(HashMap::default());
    static LAYOUTS: Known<Rc<Layout>> = RefCell::new(HashMap::default());
}

/// Returns the shared copy of a table's name.
pub fn shared(name: &'static str) -> Arc<str> {
    NAMES.with_borrow_mut(|names| {
        names
            .entry((name.as_ptr().addr(), name.len()))
            .or_insert_with(|| name.into())
            .clone()
    })
}

/// Returns the layout of a list of attributes.
pub(super) fn layout(attributes: &'static [Attribute]) -> Rc<Layout> {
    LAYOUTS.with_borrow_mut(|layouts| {
        let key = (attributes.as_ptr().addr(), attributes.len());
        let layout = || Rc::new(Layout::new(attributes));
        layouts.entry(key).or_insert_with(layout).clone()
    })
}
