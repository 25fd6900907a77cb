//! Listings in pages, by number or by token: only the rows of the page are shown, and where an index knows which rows
//! belong to the listing, only they are looked at.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};

use crate::emulator::reply::{Refusal, Text, unwritten};
use crate::emulator::request::{Request, invalid};
use crate::emulator::table::{Mark, Object, Table};

/// One page of a listing, with the fields that say where it stands.
pub(super) struct Page<Item = Value> {
    pub(super) items: Vec<Item>,
    pub(super) fields: Value,
}

impl<Item: Serialize> Page<Item> {
    /// The answer as text, for items that are not worth to be values first.
    pub(super) fn text(&self, plural: &str, singular: &str) -> Text {
        let items = serde_json::to_string(&self.items).map_err(|error| unwritten(&error))?;
        let fields = self.fields.to_string();
        let fields = fields.strip_suffix('}').unwrap_or(&fields);
        Ok(format!(
            "{fields},\"{plural}\":{{\"{singular}\":{items}}}}}"
        ))
    }
}

impl Page {
    /// The answer: the items in their two wrappers, and where the page stands.
    pub(super) fn answer(self, plural: &str, singular: &str) -> Value {
        let mut answer = self.fields;
        answer[plural] = json!({ singular: self.items });
        answer
    }
}

/// How large pages are.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    /// Of numbered pages: the most, and the usual.
    pub(super) page: (i64, i64),
    /// Of pages by token, if there are any: the most, and the usual.
    pub(super) token: Option<(i64, i64)>,
}

/// Lists the rows that pass a filter, by page number or by token.
pub(super) fn list<T: Object>(
    table: &Table<T>,
    request: &Request,
    sizes: Sizes,
    passes: impl Fn(&T) -> bool,
    show: impl Fn(&T) -> Value,
) -> Result<Page, Refusal> {
    list_of((table, None), request, sizes, passes, show)
}

/// Lists those of some rows, known by their ids, that pass a filter; of all rows without ids.
pub(super) fn list_of<'a, T: Object, Item>(
    (table, ids): (&'a Table<T>, Option<&[String]>),
    request: &Request,
    sizes: Sizes,
    passes: impl Fn(&T) -> bool,
    show: impl Fn(&'a T) -> Item,
) -> Result<Page<Item>, Refusal> {
    let candidates = match ids {
        Some(ids) => Candidates::some(table.pick(ids)),
        None => Candidates::of(table, request),
    };
    let cut = Cut::read(request, sizes)?;
    let (chosen, total, more) = if candidates.exact {
        cut.exact(&candidates.serials)
    } else {
        cut.filtered(&candidates.serials, |serial| {
            table.row(serial).is_some_and(&passes)
        })
    };
    let rows = chosen.iter().filter_map(|serial| table.row(*serial));
    let items = rows.map(show).collect();
    let mut fields = json!({ "TotalCount": total, "PageNumber": cut.number, "PageSize": cut.size });
    if sizes.token.is_some() {
        let last = chosen.last().filter(|_| more && cut.by_token);
        fields["NextToken"] = json!(last.map(|last| format!("{last:016x}")).unwrap_or_default());
    }
    Ok(Page { items, fields })
}

/// The rows that a listing has to look at.
struct Candidates<'a> {
    serials: Cow<'a, [u64]>,
    /// Whether all of them pass, so that none needs to be looked at but those of the page.
    exact: bool,
}

/// Parameters that filter nothing beyond the region.
const UNFILTERING: &[&str] = &[
    "RegionId",
    "PageNumber",
    "PageSize",
    "MaxResults",
    "NextToken",
];

impl<'a> Candidates<'a> {
    fn some(serials: Vec<u64>) -> Self {
        Self {
            serials: Cow::Owned(serials),
            exact: false,
        }
    }

    /// What the indexes of a table know of a request: the fewest rows that one of them finds.
    fn of<T: Object>(table: &'a Table<T>, request: &Request) -> Self {
        let Some(all) = table.all() else {
            return Self::some(table.ever());
        };
        let region = request.region().filter(|_| !T::FILTERS.is_empty());
        let Some(region) = region else {
            return Self {
                serials: Cow::Borrowed(all),
                exact: false,
            };
        };
        let mut found = Vec::new();
        let mut exact = true;
        for name in request.parameters.keys() {
            match request.text(name) {
                Some(value) if T::FILTERS.contains(&name.as_str()) && !value.contains('*') => {
                    found.extend(table.marked(Mark::of(region, name, value)));
                }
                _ => exact &= UNFILTERING.contains(&name.as_str()) || name.starts_with("Tag."),
            }
        }
        for (key, value) in request.tag_filter() {
            found.extend(table.marked(match value {
                None => Mark::of_tag_key(region, &key),
                Some(value) => Mark::of_tag(region, &key, &value),
            }));
        }
        exact &= found.len() <= 1;
        let fewest = found.into_iter().min_by_key(|serials| serials.len());
        let here = fewest.or_else(|| table.marked(Mark::of(region, "", "")));
        Self {
            serials: Cow::Borrowed(here.unwrap_or_default()),
            exact,
        }
    }
}

/// Which part of a listing is asked for.
struct Cut {
    by_token: bool,
    size: usize,
    number: i64,
    skip: usize,
    /// The serial number that the page before ended with.
    after: u64,
}

impl Cut {
    fn read(request: &Request, sizes: Sizes) -> Result<Self, Refusal> {
        let asked = ["MaxResults", "NextToken"]
            .iter()
            .any(|name| request.text(name).is_some());
        let (size, number, after) = match sizes.token.filter(|_| asked) {
            Some((most, usual)) => (
                bounded(request, "MaxResults", most, usual)?,
                1,
                read_token(request)?,
            ),
            None => {
                let size = bounded(request, "PageSize", sizes.page.0, sizes.page.1)?;
                (size, bounded(request, "PageNumber", i64::MAX / 1000, 1)?, 0)
            }
        };
        Ok(Self {
            by_token: sizes.token.is_some() && asked,
            size: usize::try_from(size).unwrap_or(usize::MAX),
            number,
            skip: usize::try_from((number - 1) * size).unwrap_or(usize::MAX),
            after,
        })
    }

    /// The page of rows that all belong to the listing, how many there are, and whether more follow.
    fn exact(&self, serials: &[u64]) -> (Vec<u64>, usize, bool) {
        let from = serials
            .partition_point(|serial| *serial <= self.after)
            .max(self.skip);
        let rest = serials.get(from..).unwrap_or_default();
        let chosen = rest.iter().take(self.size).copied().collect();
        (chosen, serials.len(), rest.len() > self.size)
    }

    /// The same of rows that have to be looked at.
    fn filtered(&self, serials: &[u64], passes: impl Fn(u64) -> bool) -> (Vec<u64>, usize, bool) {
        let (mut chosen, mut total, mut met, mut more) = (Vec::new(), 0, 0, false);
        for serial in serials.iter().copied().filter(|serial| passes(*serial)) {
            total += 1;
            if serial <= self.after {
                continue;
            }
            met += 1;
            if met <= self.skip {
                continue;
            }
            if chosen.len() < self.size {
                chosen.push(serial);
            } else {
                more = true;
            }
        }
        (chosen, total, more)
    }
}

pub(super) fn bounded(
    request: &Request,
    name: &str,
    most: i64,
    usual: i64,
) -> Result<i64, Refusal> {
    let value = request.integer(name).unwrap_or(usual);
    if (1..=most).contains(&value) {
        Ok(value)
    } else {
        Err(invalid(name))
    }
}

fn read_token(request: &Request) -> Result<u64, Refusal> {
    match request.text("NextToken") {
        None => Ok(0),
        Some(token) => u64::from_str_radix(token, 16).map_err(|_| invalid("NextToken")),
    }
}
