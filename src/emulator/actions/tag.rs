//! Tags on everything that can have them, and lists of what has which.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, ecs, slb, vpc};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, Tags, invalid, tags_match};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("TagResources", Write, tag),
    ecs("UntagResources", Write, untag),
    ecs("ListTagResources", Read, list),
    ecs("DescribeTags", Read, describe),
    ecs("AddTags", Write, add),
    ecs("RemoveTags", Write, remove),
    ecs("DescribeResourceByTags", Read, resources),
    vpc("TagResources", Write, tag),
    vpc("UnTagResources", Write, untag),
    vpc("ListTagResources", Read, list),
    vpc("DescribeTags", Read, pairs),
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

/// The ids of a request, no more than the product takes; the older actions take one.
fn ids(request: &Request) -> Result<Vec<String>, Refusal> {
    let one = request.text("ResourceId").map(|id| vec![id.to_owned()]);
    let ids = one.unwrap_or_else(|| request.list("ResourceId"));
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

fn add(world: &mut World, request: &Request) -> Reply {
    require_tags(request)?;
    tag(world, request)
}

/// Takes tags from one object: of a key with a value only where that is the value.
fn remove(world: &mut World, request: &Request) -> Reply {
    let kind = kind(request)?;
    let ids = ids(request)?;
    require_tags(request)?;
    require_all(world, request, kind, &ids)?;
    let gone = request.tag_filter();
    for id in &ids {
        if let Some(have) = tags_mut(world, request, kind, id) {
            have.retain(|key, have| {
                let fits = |value: &Option<String>| value.as_ref().is_none_or(|it| it == have);
                !gone.iter().any(|(name, value)| name == key && fits(value))
            });
        }
    }
    done()
}

fn require_tags(request: &Request) -> Result<(), Refusal> {
    if (1..=MOST).contains(&request.indices("Tag").len()) {
        return Ok(());
    }
    let text = "The specified tags are beyond the permitted range.";
    refuse(400, "InvalidTagCount", text)
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
    by_token(request, "MaxResults", rows)
}

/// The part of some rows that a request asks for by its token.
fn by_token(request: &Request, most: &str, rows: Vec<Value>) -> Reply {
    let size = super::bounded(request, most, 50, 50)?;
    let size = usize::try_from(size).unwrap_or(50);
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

/// The part of some rows that a request asks for by its number.
fn by_number(request: &Request, plural: &str, singular: &str, rows: Vec<Value>) -> Reply {
    let size = super::bounded(request, "PageSize", 100, 50)?;
    let number = super::bounded(request, "PageNumber", 1_000_000, 1)?;
    let skip = usize::try_from((number - 1) * size).unwrap_or(usize::MAX);
    let (total, size) = (rows.len(), usize::try_from(size).unwrap_or(50));
    let rows: Vec<Value> = rows.into_iter().skip(skip).take(size).collect();
    Ok(json!({
        "TotalCount": total, "PageNumber": number, "PageSize": size,
        plural: { singular: rows },
    }))
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
    let show = |((key, value), counts): (&(&String, &String), &BTreeMap<&str, i64>)| {
        let mut all: BTreeMap<&str, i64> = COUNTED.iter().map(|row| (row.0, 0)).collect();
        all.extend(counts.iter().map(|(name, count)| (*name, *count)));
        json!({ "TagKey": key, "TagValue": value, "ResourceTypeCount": all })
    };
    let rows = counts.iter().map(show).collect();
    by_number(request, "Tags", "Tag", rows)
}

/// The objects that have all of some tags, or any without.
fn resources(world: &mut World, request: &Request) -> Reply {
    let region = request.region_or_home();
    let filter = request.tag_filter();
    let wanted = match request.text("ResourceType") {
        Some(_) => Some(kind(request)?),
        None => None,
    };
    let mut rows = Vec::new();
    for (name, kind) in COUNTED {
        if wanted.is_some_and(|wanted| wanted != *kind) {
            continue;
        }
        for (id, tags) in tagged(world, kind, region) {
            if !tags.is_empty() && tags_match(tags, &filter) {
                rows.push(json!({
                    "RegionId": region, "ResourceId": id,
                    "ResourceType": name.to_ascii_lowercase(),
                }));
            }
        }
    }
    by_number(request, "Resources", "Resource", rows)
}

/// The tags that objects of VPC have, each pair once.
fn pairs(world: &mut World, request: &Request) -> Reply {
    let region = request.region_or_home();
    let (ids, filter) = (ids(request)?, request.tag_filter());
    let wanted = match request.text("ResourceType") {
        Some(_) => Some(kind(request)?),
        None => None,
    };
    let mut found = BTreeSet::new();
    let kinds = KINDS.iter().filter(|row| row.0 == request.product);
    for (_, _, kind) in kinds.filter(|row| wanted.is_none_or(|wanted| wanted == row.2)) {
        for (id, tags) in tagged(world, kind, region) {
            if (ids.is_empty() || ids.iter().any(|it| it == id)) && tags_match(tags, &filter) {
                found.extend(tags.iter());
            }
        }
    }
    let show = |(key, value)| json!({ "TagKey": key, "TagValue": value });
    by_token(request, "MaxResult", found.into_iter().map(show).collect())
}
