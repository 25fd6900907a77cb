//! Data sources that list the objects of a type: what is asked, what is kept of it, what is shown.
//! Start with [`read`].

use futures::future::{BoxFuture, join_all};
use serde_json::{Value as Json, json};

use super::{Pages, Params, list, matcher, object, regex, tag_params, with_defaults};
use crate::{
    cloud::page::Listed,
    model::{Object, Value},
    provider::{Failure, hooks::Context},
    schema::{
        Attribute, Check, Default, Ids, Service, at, boolean, decode, int, items, map, string,
        strings, to_wire,
    },
};

/// How a data source lists its objects.
pub(in crate::resources) struct Listing {
    pub(in crate::resources) ty: &'static crate::schema::ResourceType,
    /// The `ids` column of its read says how many ids a call takes; with `Ids::One` it takes none.
    pub(in crate::resources) pages: Pages,
    /// The fields of an object with its id and its name.
    pub(in crate::resources) id: &'static str,
    pub(in crate::resources) name: &'static str,
    /// The arguments that are sent, and under which parameter.
    pub(in crate::resources) sent: &'static [(&'static str, &'static str)],
    /// The arguments that the answer is searched for, and in which field.
    pub(in crate::resources) equal: &'static [(&'static str, &'static str)],
    /// Adds to the objects what another call tells, and drops what does not fit that.
    pub(in crate::resources) complete: Option<Complete>,
}

/// Completes the objects that were found, given the arguments.
pub(in crate::resources) type Complete =
    for<'a> fn(Context<'a>, &'a Object, Vec<Json>) -> BoxFuture<'a, Result<Vec<Json>, Failure>>;

/// The row with the id of the result.
pub(in crate::resources) const ID: Attribute = string("id", "The checksum of the ids.").computed();
/// The row with the ids: those asked for, and those found.
pub(in crate::resources) const IDS: Attribute = strings(
    "ids",
    "Only these; afterwards the ids of what was found. An empty list asks for all.",
)
.kept();
/// The row with the names.
pub(in crate::resources) const NAMES: Attribute =
    strings("names", "The names, in the order of the ids.").computed();
/// The row with the pattern of names.
pub(in crate::resources) const NAME_REGEX: Attribute = string(
    "name_regex",
    "A regular expression that is found in the name.",
)
.check(&[Check::Custom(regex)])
.example("^web-");
/// The row with the tags asked for.
pub(in crate::resources) const TAGS: Attribute = map("tags", "Only those with these labels.");
/// The row with the resource group asked for.
pub(in crate::resources) const RESOURCE_GROUP: Attribute =
    string("resource_group_id", "Only those of this resource group.").example("rg-acfmxazb4ph6aiy");
/// The row of a dry run.
pub(in crate::resources) const DRY_RUN: Attribute = boolean(
    "dry_run",
    "Only checks the request; the plan then ends with an error.",
);
/// The row with the file that nobody writes.
pub(in crate::resources) const OUTPUT_FILE: Attribute =
    string("output_file", "Accepted, but no file is written.");
/// The row with the page asked for.
pub(in crate::resources) const PAGE_NUMBER: Attribute = int(
    "page_number",
    "Only this page of the API's listing, of which the other filters keep what fits; all pages when unset.",
)
.check(&[Check::Range(1, i32::MAX as i64)])
.example("1");
/// The row with the size of that page.
pub(in crate::resources) const PAGE_SIZE: Attribute =
    int("page_size", "How much is on that page: up to 50.")
        .default(Default::Int(50))
        .check(&[Check::Range(1, 50)])
        .example("50");
/// The row with the API's count.
pub(in crate::resources) const TOTAL_COUNT: Attribute = int(
    "total_count",
    "How many there are before names, ids and other local filters are applied.",
)
.computed();
/// The row that says whether there is more than the listing tells.
pub(in crate::resources) const DETAILS: Attribute = boolean(
    "enable_details",
    "Whether the attributes are read that take further calls.",
);

/// Reads a data source.
pub(in crate::resources) fn read<'a>(
    context: Context<'a>,
    listing: &'static Listing,
    arguments: &'a Object,
) -> BoxFuture<'a, Result<Object, Failure>> {
    Box::pin(async move {
        let arguments = with_defaults(listing.ty, arguments);
        let Listed {
            items: mut found,
            total,
        } = ask(context, listing, &arguments).await?;
        keep(listing, &arguments, &mut found)?;
        if let Some(complete) = listing.complete {
            found = complete(context, &arguments, found).await?;
        }
        Ok(result(listing, &arguments, &found, total))
    })
}

/// Whether further calls are wanted.
pub(in crate::resources) fn detailed(arguments: &Object) -> bool {
    arguments.get("enable_details").and_then(Value::as_bool) == Some(true)
}

/// Asks the API for one page, for some ids, or for all pages.
async fn ask(
    context: Context<'_>,
    listing: &Listing,
    arguments: &Object,
) -> Result<Listed, Failure> {
    let mut asked = sent(listing, arguments);
    asked.extend(tag_params(arguments));
    let number = |name: &str| arguments.get(name).and_then(Value::as_int);
    if let Some(page) = number("page_number").and_then(|page| u64::try_from(page).ok()) {
        let size = number("page_size").and_then(|size| u32::try_from(size).ok());
        let size = size.unwrap_or(listing.pages.size);
        return listing.pages.one(context, asked, page, size).await;
    }
    let Some(batches) = batches(listing, arguments) else {
        return listing.pages.all(context, asked).await;
    };
    let calls = batches.into_iter().map(|ids| {
        let params: Params = asked.iter().cloned().chain([ids]).collect();
        listing.pages.all(context, params)
    });
    let mut all = Listed::default();
    for answer in join_all(calls).await {
        let some = answer?;
        all.items.extend(some.items);
        all.total += some.total;
    }
    Ok(all)
}

/// The parameters that arguments stand for, as the API spells their values.
fn sent(listing: &Listing, arguments: &Object) -> Params {
    let spelt = |(argument, parameter): &(&str, &str)| {
        let value = arguments.get(argument).filter(|value| !value.is_null())?;
        let row = listing
            .ty
            .attributes
            .iter()
            .find(|row| row.name == *argument)?;
        let text = to_wire(&row.wire, value).filter(|text| !text.is_empty())?;
        Some(((*parameter).to_owned(), text))
    };
    listing.sent.iter().filter_map(spelt).collect()
}

/// The ids asked for, as many as a call takes at a time; `None` when all objects are to be listed.
fn batches(listing: &Listing, arguments: &Object) -> Option<Vec<(String, String)>> {
    let mut ids = asked_ids(arguments);
    if ids.is_empty() {
        return None;
    }
    ids.sort_unstable();
    ids.dedup();
    let batches = match listing.pages.read.ids {
        Ids::One(_) | Ids::Numbered(..) | Ids::Pages(..) | Ids::Within(..) | Ids::Listed { .. } => {
            return None;
        }
        Ids::Commas(name, most) | Ids::CommasWith(name, most, _) => {
            let batch = |ids: &[&str]| (name.to_owned(), ids.join(","));
            ids.chunks(most).map(batch).collect()
        }
        Ids::Json(name, most) | Ids::JsonPaged(name, most) => {
            let batch = |ids: &[&str]| (name.to_owned(), Json::from(ids).to_string());
            ids.chunks(most).map(batch).collect()
        }
    };
    Some(batches)
}

fn asked_ids(arguments: &Object) -> Vec<&str> {
    let ids = arguments.get("ids").and_then(Value::as_list);
    ids.unwrap_or_default()
        .iter()
        .filter_map(Value::as_str)
        .collect()
}

/// Keeps the objects that the arguments ask for beyond what the API was asked.
pub(super) fn keep(
    listing: &Listing,
    arguments: &Object,
    found: &mut Vec<Json>,
) -> Result<(), Failure> {
    let ids = asked_ids(arguments);
    let pattern = matcher(arguments, "name_regex")?;
    found.retain(|one| {
        let named = pattern
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(field(one, listing.name)));
        let asked = ids.is_empty() || ids.contains(&field(one, listing.id));
        let equal = listing.equal.iter().all(|(argument, path)| {
            super::text(arguments, argument)
                .is_none_or(|wanted| items(one, path).iter().any(|have| *have == wanted))
        });
        one.is_object() && named && asked && equal
    });
    Ok(())
}

/// The text at a path of an object; empty when there is none.
pub(in crate::resources) fn field<'a>(one: &'a Json, path: &str) -> &'a str {
    at(one, path).and_then(Json::as_str).unwrap_or_default()
}

fn result(listing: &Listing, arguments: &Object, found: &[Json], total: u64) -> Object {
    let read = listing.pages.read;
    let texts = |path: &str| -> Vec<String> {
        let all = found.iter().map(|one| field(one, path).to_owned());
        all.collect()
    };
    let mut results = decode(listing.ty, read, &wrapped(read.item, found));
    for row in listing.ty.attributes {
        match row.name {
            "names" => results.insert("names", list(&texts(listing.name))),
            "total_count" => {
                let total = i64::try_from(total).unwrap_or(i64::MAX);
                results.insert("total_count", Value::int(total))
            }
            _ => None,
        };
    }
    object(listing.ty, arguments, &texts(listing.id), results)
}

/// An answer with these items at the path.
fn wrapped(path: &str, found: &[Json]) -> Json {
    let wrap = |inner: Json, name: &str| json!({ name: inner });
    path.rsplit('.').fold(Json::from(found), wrap)
}

/// The start of a data source's row: one that lists.
pub(in crate::resources) const fn source(
    name: &'static str,
    service: Service,
    doc: &'static str,
) -> crate::schema::ResourceType {
    crate::schema::ResourceType {
        rules: &[super::OUTPUT_FILE],
        ..crate::schema::resource(name, service, doc)
    }
}
