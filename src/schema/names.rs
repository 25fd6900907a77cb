//! Shared attribute names: a hundred thousand objects of one type have one copy of each name.

use std::{cell::RefCell, collections::HashMap, rc::Rc, sync::Arc};

use super::Attribute;

/// A list of attributes with the shared copies of their names.
#[derive(Debug)]
pub(super) struct Layout {
    /// The names in their order, which is that of an object's entries, with `id`, which every object has.
    pub all: Arc<[Arc<str>]>,
    /// The place of each row of the table in that.
    pub places: Vec<usize>,
    /// The row of each of them; `None` where the table does not have `id`.
    pub rows: Vec<Option<usize>>,
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
        let mut places = vec![0; names.len()];
        for (place, (_, row)) in all.iter().enumerate() {
            if let Some(row) = row {
                places[*row] = place;
            }
        }
        let (all, rows): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        Self {
            all: all.into(),
            places,
            rows,
        }
    }

    /// Returns the row of a name, which is likely to be at this place of an object.
    pub fn row(&self, place: usize, name: &str) -> Option<usize> {
        let likely = self.all.get(place).is_some_and(|it| **it == *name);
        let place = match likely {
            true => place,
            false => self.all.binary_search_by(|it| (**it).cmp(name)).ok()?,
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
