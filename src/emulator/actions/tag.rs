//! Tags on everything that can have them, and lists of what has which.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, Sizes, ecs, vpc};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, Tags, invalid, tags_match};
use crate::emulator::table::{Object, Table};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("TagResources", Write, tag),
    ecs("UntagResources", Write, untag),
    ecs("ListTagResources", Read, list),
    ecs("DescribeTags", Read, describe),
    vpc("TagResources", Write, tag),
    vpc("UnTagResources", Write, untag),
    vpc("ListTagResources", Read, list),
];

/// How many tags an object may have.
const MOST: usize = 20;

/// The kinds of things with tags.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Instance,
    Disk,
    Group,
    Interface,
    KeyPair,
    Vpc,
    VSwitch,
    RouteTable,
    Eip,
    /// Things that can have tags and of which this cloud has none.
    Other,
}

const KINDS: &[(&str, &str, Kind)] = &[
    ("ecs", "instance", Kind::Instance),
    ("ecs", "disk", Kind::Disk),
    ("ecs", "volume", Kind::Disk),
    ("ecs", "securitygroup", Kind::Group),
    ("ecs", "eni", Kind::Interface),
    ("ecs", "keypair", Kind::KeyPair),
    ("ecs", "image", Kind::Other),
    ("ecs", "snapshot", Kind::Other),
    ("ecs", "snapshotpolicy", Kind::Other),
    ("ecs", "ddh", Kind::Other),
    ("ecs", "launchtemplate", Kind::Other),
    ("vpc", "vpc", Kind::Vpc),
    ("vpc", "vswitch", Kind::VSwitch),
    ("vpc", "routetable", Kind::RouteTable),
    ("vpc", "eip", Kind::Eip),
    ("vpc", "natgateway", Kind::Other),
];

fn kind(request: &Request) -> Result<Kind, Refusal> {
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

fn key(request: &Request, kind: Kind, id: &str) -> String {
    match kind {
        Kind::KeyPair => format!("{}/{id}", request.region_or_home()),
        _ => id.to_owned(),
    }
}

fn tags_mut<'a>(world: &'a mut World, kind: Kind, id: &str) -> Option<&'a mut Tags> {
    let now = world.now;
    match kind {
        Kind::Instance => world.instances.change(id, now).map(|it| &mut it.tags),
        Kind::Disk => world.disks.change(id, now).map(|it| &mut it.tags),
        Kind::Group => world.groups.change(id, now).map(|it| &mut it.tags),
        Kind::Interface => world.interfaces.change(id, now).map(|it| &mut it.tags),
        Kind::KeyPair => world.key_pairs.change(id, now).map(|it| &mut it.tags),
        Kind::Vpc => world.vpcs.change(id, now).map(|it| &mut it.tags),
        Kind::VSwitch => world.vswitches.change(id, now).map(|it| &mut it.tags),
        Kind::RouteTable => world.route_tables.change(id, now).map(|it| &mut it.tags),
        Kind::Eip => world.eips.change(id, now).map(|it| &mut it.tags),
        Kind::Other => None,
    }
}

/// Every object of a kind in a region, with its tags.
fn tagged<'a>(world: &'a World, kind: Kind, region: &'a str) -> Vec<(&'a str, &'a Tags)> {
    match kind {
        Kind::Instance => rows(&world.instances, region, |it| {
            (&it.region, &it.id, &it.tags)
        }),
        Kind::Disk => rows(&world.disks, region, |it| (&it.region, &it.id, &it.tags)),
        Kind::Group => rows(&world.groups, region, |it| (&it.region, &it.id, &it.tags)),
        Kind::Interface => rows(&world.interfaces, region, |it| {
            (&it.region, &it.id, &it.tags)
        }),
        Kind::KeyPair => rows(&world.key_pairs, region, |it| {
            (&it.region, &it.name, &it.tags)
        }),
        Kind::Vpc => rows(&world.vpcs, region, |it| (&it.region, &it.id, &it.tags)),
        Kind::VSwitch => rows(&world.vswitches, region, |it| {
            (&it.region, &it.id, &it.tags)
        }),
        Kind::RouteTable => rows(&world.route_tables, region, |it| {
            (&it.region, &it.id, &it.tags)
        }),
        Kind::Eip => rows(&world.eips, region, |it| (&it.region, &it.id, &it.tags)),
        Kind::Other => Vec::new(),
    }
}

fn rows<'a, T: Object + 'a>(
    table: &'a Table<T>,
    region: &str,
    parts: fn(&T) -> (&str, &str, &Tags),
) -> Vec<(&'a str, &'a Tags)> {
    let parts = table.iter().map(parts).filter(|(have, ..)| *have == region);
    parts.map(|(_, id, tags)| (id, tags)).collect()
}

fn require_all(
    world: &World,
    request: &Request,
    kind: Kind,
    ids: &[String],
) -> Result<(), Refusal> {
    let have = |id: &String| {
        let key = key(request, kind, id);
        match kind {
            Kind::Instance => world.instances.get(&key).is_some(),
            Kind::Disk => world.disks.get(&key).is_some(),
            Kind::Group => world.groups.get(&key).is_some(),
            Kind::Interface => world.interfaces.get(&key).is_some(),
            Kind::KeyPair => world.key_pairs.get(&key).is_some(),
            Kind::Vpc => world.vpcs.get(&key).is_some(),
            Kind::VSwitch => world.vswitches.get(&key).is_some(),
            Kind::RouteTable => world.route_tables.get(&key).is_some(),
            Kind::Eip => world.eips.get(&key).is_some(),
            Kind::Other => false,
        }
    };
    if ids.iter().all(have) {
        return Ok(());
    }
    let text = "The specified ResourceIds are not found in our records.";
    refuse(404, "InvalidResourceId.NotFound", text)
}

fn tag(world: &mut World, request: &Request) -> Reply {
    let kind = kind(request)?;
    let ids = ids(request)?;
    let tags = request.tags()?;
    require_all(world, request, kind, &ids)?;
    let mut full = false;
    for id in &ids {
        let have = tags_mut(world, kind, &key(request, kind, id));
        let union = have.map(|have| {
            have.keys()
                .chain(tags.keys())
                .collect::<BTreeSet<_>>()
                .len()
        });
        full |= union.is_some_and(|count| count > MOST);
    }
    if full {
        let text = "The quota of tags on resource is beyond permitted range.";
        return refuse(400, "OperationDenied.QuotaExceed", text);
    }
    for id in &ids {
        if let Some(have) = tags_mut(world, kind, &key(request, kind, id)) {
            have.extend(tags.clone());
        }
    }
    done()
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
        if let Some(have) = tags_mut(world, kind, &key(request, kind, id)) {
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
const COUNTED: &[(&str, Kind)] = &[
    ("Instance", Kind::Instance),
    ("Disk", Kind::Disk),
    ("Securitygroup", Kind::Group),
    ("Eni", Kind::Interface),
    ("KeyPair", Kind::KeyPair),
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
        for (id, tags) in tagged(world, *kind, region) {
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
