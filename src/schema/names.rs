//! Shared attribute names: a hundred thousand objects of one type have one copy of each name.

use std::{cell::RefCell, collections::HashMap, rc::Rc, sync::Arc};

use super::Attribute;

/// A list of attributes with the shared copies of their names.
#[derive(Debug)]
pub(super) struct Layout {
    /// In the table's order.
    pub names: Vec<Arc<str>>,
    /// Places in the table, in the order of the names: the order of an object's entries.
    pub sorted: Vec<usize>,
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
        let layout = || {
            let names: Vec<Arc<str>> = attributes.iter().map(|one| shared(one.name)).collect();
            let mut sorted: Vec<usize> = (0..names.len()).collect();
            sorted.sort_by(|a, b| names[*a].cmp(&names[*b]));
            Rc::new(Layout { names, sorted })
        };
        layouts.entry(key).or_insert_with(layout).clone()
    })
}
