//! Reading lists that come in pages.
//!
//! Two ways, after the action: numbered pages with a total, whose later pages are read side by side, and
//! chains of tokens, one page after the other.

use std::collections::HashSet;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::Value as Json;

use super::{
    client::{Call, Client},
    error::ApiError,
};

/// Later pages that are read at the same time.
const SIDE_BY_SIDE: usize = 8;
/// A list that claims more pages than this is wrong.
const MOST_PAGES: u64 = 100_000;

/// What a list, or a page of it, holds.
#[derive(Default)]
pub struct Listed {
    pub items: Vec<Json>,
    /// How many there are on all pages, as the answer says.
    pub total: u64,
}

/// Reads all items of a list that is paged by `PageNumber`, `PageSize` and `TotalCount`.
///
/// `path` is where the items are in an answer: `Vpcs.Vpc`.
pub async fn pages(
    client: &Client,
    call: &Call,
    path: &str,
    page_size: u32,
) -> Result<Listed, ApiError> {
    let first = numbered(client, call, 1, page_size).await?;
    // The server may give smaller pages than were asked for.
    let size = first.get("PageSize").and_then(Json::as_u64);
    let size = size.filter(|size| *size > 0);
    let mut listed = listed(first, path);
    let size = size.unwrap_or(u64::from(page_size)).max(1);
    let last = listed.total.div_ceil(size);
    if last > MOST_PAGES {
        return Err(endless(call));
    }
    let later: Vec<_> = (2..=last)
        .map(|page| numbered(client, call, page, page_size))
        .collect();
    let later: Vec<Json> = stream::iter(later)
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    let later = later.into_iter().flat_map(|page| take(page, path));
    listed.items.extend(later);
    Ok(listed)
}

/// Reads one page of such a list.
pub async fn page(
    client: &Client,
    call: &Call,
    path: &str,
    number: u64,
    page_size: u32,
) -> Result<Listed, ApiError> {
    let answer = numbered(client, call, number, page_size).await?;
    Ok(listed(answer, path))
}

/// Reads all items of a list that is paged by `NextToken`, in pages as large as the call says.
pub async fn chain(client: &Client, call: &Call, path: &str) -> Result<Vec<Json>, ApiError> {
    let mut seen = HashSet::new();
    let mut items = Vec::new();
    let mut next = String::new();
    loop {
        let mut page = call.clone();
        if !next.is_empty() {
            page = page.param("NextToken", next.clone());
        }
        let answer = client.call(&page).await?;
        next = answer
            .get("NextToken")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned();
        items.extend(take(answer, path));
        if next.is_empty() {
            return Ok(items);
        }
        if !seen.insert(next.clone()) {
            return Err(endless(call));
        }
    }
}

fn listed(answer: Json, path: &str) -> Listed {
    let total = answer.get("TotalCount").and_then(Json::as_u64);
    Listed {
        total: total.unwrap_or(0),
        items: take(answer, path),
    }
}

/// Returns the items at `path` in an answer; none when there is no such place.
fn take(mut answer: Json, path: &str) -> Vec<Json> {
    let mut place = Some(&mut answer);
    for name in path.split('.') {
        place = place.and_then(|json| json.get_mut(name));
    }
    match place.map(Json::take) {
        Some(Json::Array(items)) => items,
        _ => Vec::new(),
    }
}

async fn numbered(
    client: &Client,
    call: &Call,
    page: u64,
    page_size: u32,
) -> Result<Json, ApiError> {
    let call = call
        .clone()
        .param("PageNumber", page.to_string())
        .param("PageSize", page_size.to_string());
    client.call(&call).await
}

fn endless(call: &Call) -> ApiError {
    ApiError {
        action: call.action.to_owned(),
        ..ApiError::local(
            "EndlessList",
            "The answers give page after page without an end: check `endpoints`",
        )
    }
}
