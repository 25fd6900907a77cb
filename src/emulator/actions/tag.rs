//! Tags on everything that can have them, and lists of what has which.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, Sizes, ecs, slb, vpc};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, Tags, invalid, tags_match};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("TagResources", Write, tag),
    ecs("UntagResources", Write, untag),
    ecs("ListTagResources", Read, list),
    ecs("DescribeTags", Read, describe),
    vpc("TagResources", Write, tag),
    vpc("UnTagResources", Write, untag),
    vpc("ListTagResources", Read, list),
    slb("TagResources", Write, tag),
    slb("UntagResources", Write, untag),
    slb("ListTagResources", Read, list),
];

/// How many tags an object may have.
const MOST: usize = 20;

/// The things with tags: product, word of the API, word of the world (empty for what this cloud has none of).
const KINDS: &[(&str, &str, &str)] = &[
    ("ecs", "instance", "instance"),
    ("ecs", "disk", "disk"),
    ("ecs", "volume", "disk"),
    ("ecs", "securitygroup", "security_group"),
    ("ecs", "eni", "interface"),
    ("ecs", "keypair", "key_pair"),
    ("ecs", "image", "image"),
    ("ecs", "snapshot", "snapshot"),
    ("ecs", "snapshotpolicy", ""),
    ("ecs", "ddh", ""),
    ("ecs", "launchtemplate", "launch_template"),
    ("vpc", "vpc", "vpc"),
    ("vpc", "vswitch", "vswitch"),
    ("vpc", "routetable", "route_table"),
    ("vpc", "eip", "eip"),
    ("vpc", "natgateway", "nat_gateway"),
    ("slb", "instance", "load_balancer"),
    ("slb", "listener", ""),
    ("slb", "vservergroup", ""),
    ("slb", "masterslaveservergroup", ""),
    ("slb", "acl", ""),
    ("slb", "certificate", ""),
];

fn kind(request: &Request) -> Result<&'static str, Refusal> {
    let wanted = request.need("ResourceType")?.to_ascii_lowercase();
    let found = KINDS
        .iter()
        .find(|row| row.0 == request.product && row.1 == wanted);
    found.map(|row| row.2).ok_or_else(|| {
        let text = "The ResourceType provided does not exist in our records.";
        refusal(404, "InvalidResourceType.NotFound", text)
    })
}

/// The ids of a request, no more than the product takes.
fn ids(request: &Request) -> Result<Vec<String>, Refusal> {
    let ids = request.list("ResourceId");
    let most = if request.product == "ecs" { 50 } else { 20 };
    if ids.len() > most {
        let text = format!("The ResourceIds parameter's number is exceed , Valid : {most}");
        return refuse(400, "NumberExceed.ResourceIds", text);
    }
    Ok(ids)
}

/// The id by which the world knows an object: key pairs are known by their names in their region.
fn key(request: &Request, kind: &str, id: &str) -> String {
    match kind {
        "key_pair" => format!("{}/{id}", request.region_or_home()),
        _ => id.to_owned(),
    }
}

fn require_all(
    world: &World,
    request: &Request,
    kind: &str,
    ids: &[String],
) -> Result<(), Refusal> {
    let rows = world.table(kind);
    let have = |id: &String| rows.is_some_and(|rows| rows.has(&key(request, kind, id)));
    if ids.iter().all(have) {
        return Ok(());
    }
    let text = "The specified ResourceIds are not found in our records.";
    refuse(404, "InvalidResourceId.NotFound", text)
}

/// Every object of a kind in a region, with its tags.
fn tagged<'a>(
    world: &'a World,
    kind: &str,
    region: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Tags)> {
    world
        .table(kind)
        .into_iter()
        .flat_map(move |rows| rows.tagged(region))
}

fn tag(world: &mut World, request: &Request) -> Reply {
    let kind = kind(request)?;
    let ids = ids(request)?;
    let tags = request.tags()?;
    require_all(world, request, kind, &ids)?;
    let full = ids.iter().any(|id| {
        let have = world
            .table(kind)
            .and_then(|rows| rows.tags(&key(request, kind, id)));
        have.is_some_and(|have| {
            have.keys()
                .chain(tags.keys())
                .collect::<BTreeSet<_>>()
                .len()
                > MOST
        })
    });
    if full {
        let text = "The quota of tags on resource is beyond permitted range.";
        return refuse(400, "OperationDenied.QuotaExceed", text);
    }
    for id in &ids {
        if let Some(have) = tags_mut(world, request, kind, id) {
            have.extend(tags.clone());
        }
    }
    done()
}

fn tags_mut<'a>(
    world: &'a mut World,
    request: &Request,
    kind: &str,
    id: &str,
) -> Option<&'a mut Tags> {
    let now = world.now;
    world
        .table_mut(kind)?
        .tags_mut(&key(request, kind, id), now)
}

fn untag(world: &mut World, request: &Request) -> Reply {
    let kind = kind(request)?;
    let ids = ids(request)?;
    let keys = request.list("TagKey");
    if keys.len() > MOST {
        let text = "The Tags parameter's number is exceed , Valid : 20";
        return refuse(400, "NumberExceed.Tags", text);
    }
    require_all(world, request, kind, &ids)?;
    let all = request.flag("All") && keys.is_empty();
    for id in &ids {
        if let Some(have) = tags_mut(world, request, kind, id) {
            have.retain(|key, _| !all && !keys.contains(key));
        }
    }
    done()
}

fn list(world: &mut World, request: &Request) -> Reply {
    let kind = kind(request)?;
    let ids = ids(request)?;
    let filter = request.tag_filter();
    if ids.is_empty() && filter.is_empty() && request.indices("TagFilter").is_empty() {
        return Err(invalid("ResourceId"));
    }
    let kind_name = request.need("ResourceType")?;
    let region = request.region_or_home();
    let mut rows: Vec<Value> = Vec::new();
    for (id, tags) in tagged(world, kind, region) {
        let named = ids.is_empty() || ids.iter().any(|wanted| wanted == id);
        if !named || !tags_match(tags, &filter) || !tag_filters_match(request, tags) {
            continue;
        }
        for (key, value) in tags {
            rows.push(json!({
                "ResourceId": id, "ResourceType": kind_name, "TagKey": key, "TagValue": value,
            }));
        }
    }
    let size = request.integer("MaxResults").unwrap_or(50);
    let size = usize::try_from(size)
        .ok()
        .filter(|size| (1..=50).contains(size));
    let size = size.ok_or_else(|| invalid("MaxResults"))?;
    let start = match request.text("NextToken") {
        None => 0,
        Some(token) => token.parse::<usize>().map_err(|_| invalid("NextToken"))?,
    };
    let next = if start + size < rows.len() {
        (start + size).to_string()
    } else {
        String::new()
    };
    let rows: Vec<Value> = rows.into_iter().skip(start).take(size).collect();
    Ok(json!({ "NextToken": next, "TagResources": { "TagResource": rows } }))
}

/// The filters `TagFilter.N`: a key, with any of some values.
fn tag_filters_match(request: &Request, tags: &Tags) -> bool {
    request.indices("TagFilter").into_iter().all(|index| {
        let key = request.owned(&format!("TagFilter.{index}.TagKey"));
        let values = request.list(&format!("TagFilter.{index}.TagValues"));
        tags.get(&key)
            .is_some_and(|have| values.is_empty() || values.contains(have))
    })
}

/// The kinds that DescribeTags counts, with the names of their counts.
const COUNTED: &[(&str, &str)] = &[
    ("Instance", "instance"),
    ("Disk", "disk"),
    ("Securitygroup", "security_group"),
    ("Eni", "interface"),
    ("KeyPair", "key_pair"),
    ("Snapshot", "snapshot"),
    ("Image", "image"),
];

fn describe(world: &mut World, request: &Request) -> Reply {
    let region = request.region_or_home();
    let filter = request.tag_filter();
    let wanted = match request.text("ResourceType") {
        Some(_) => Some(kind(request)?),
        None => None,
    };
    let mut counts: BTreeMap<(&String, &String), BTreeMap<&str, i64>> = BTreeMap::new();
    for (name, kind) in COUNTED
        .iter()
        .filter(|row| wanted.is_none_or(|wanted| wanted == row.1))
    {
        for (id, tags) in tagged(world, kind, region) {
            if request
                .text("ResourceId")
                .is_some_and(|wanted| wanted != id)
            {
                continue;
            }
            for pair in tags {
                let passes = |(key, value): &(String, Option<String>)| {
                    key == pair.0 && value.as_ref().is_none_or(|value| value == pair.1)
                };
                if filter.is_empty() || filter.iter().any(passes) {
                    *counts.entry(pair).or_default().entry(name).or_default() += 1;
                }
            }
        }
    }
    let sizes = Sizes {
        page: (100, 50),
        token: None,
    };
    let size = super::bounded(request, "PageSize", sizes.page.0, sizes.page.1)?;
    let number = super::bounded(request, "PageNumber", 1_000_000, 1)?;
    let skip = usize::try_from((number - 1) * size).unwrap_or(usize::MAX);
    let rows: Vec<Value> = counts
        .iter()
        .skip(skip)
        .take(usize::try_from(size).unwrap_or(50))
        .map(|((key, value), counts)| {
            let mut all: BTreeMap<&str, i64> = COUNTED.iter().map(|row| (row.0, 0)).collect();
            all.extend(counts.iter().map(|(name, count)| (*name, *count)));
            json!({ "TagKey": key, "TagValue": value, "ResourceTypeCount": all })
        })
        .collect();
    Ok(json!({
        "TotalCount": counts.len(), "PageNumber": number, "PageSize": size,
        "Tags": { "Tag": rows },
    }))
}
