//! Shared attribute names: a hundred thousand objects of one type have one copy of each name.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

thread_local! {
    /// By the name's address: table names are static, so the address is the name.
    static NAMES: RefCell<HashMap<(usize, usize), Arc<str>, foldhash::fast::FixedState>> =
        RefCell::new(HashMap::default());
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
