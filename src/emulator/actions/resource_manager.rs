//! Resource Management: the account's resource groups. The default one is always there.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Effect, Route, Sizes, ecs_tags, list, route, wants};
use crate::emulator::catalog;
use crate::emulator::clock::{Transition, seconds};
use crate::emulator::objects::ResourceGroup;
use crate::emulator::reply::{Refusal, Reply, refuse};
use crate::emulator::request::{Request, tags_match};
use crate::emulator::table::Table;
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    manager("CreateResourceGroup", Write, create),
    manager("GetResourceGroup", Read, describe_one),
    manager("ListResourceGroups", Read, describe),
];

const STATES: &[&str] = &["Creating", "OK", "PendingDelete", "Deleting", "Deleted"];

const fn manager(
    action: &'static str,
    effect: Effect,
    run: fn(&mut World, &Request) -> Reply,
) -> Route {
    route("resourcemanager", action, effect, run)
}

/// Every group, the default one first.
fn groups(world: &World) -> Vec<ResourceGroup> {
    let default = ResourceGroup {
        id: DEFAULT_GROUP.to_owned(),
        name: "default".to_owned(),
        display_name: "default resource group".to_owned(),
        ..ResourceGroup::default()
    };
    let others = world.resource_groups.iter().cloned();
    std::iter::once(default).chain(others).collect()
}

fn state<'a>(world: &World, group: &'a ResourceGroup) -> &'a str {
    match group.course.at(world.now) {
        "" => "OK",
        state => state,
    }
}

fn show(world: &World, group: &ResourceGroup) -> Value {
    json!({
        "Id": group.id,
        "Name": group.name,
        "DisplayName": group.display_name,
        "AccountId": world.account,
        "Status": state(world, group),
        "CreateDate": seconds(group.created),
        "Tags": ecs_tags(&group.tags),
    })
}

fn show_whole(world: &World, group: &ResourceGroup) -> Value {
    let regions: Vec<Value> = catalog::all()
        .regions
        .iter()
        .map(|region| json!({ "RegionId": region.id, "Status": state(world, group) }))
        .collect();
    let mut value = show(world, group);
    value["RegionStatuses"] = json!({ "RegionStatus": regions });
    value
}

fn create(world: &mut World, request: &Request) -> Reply {
    let name = request.need("Name")?;
    check_name(name)?;
    if groups(world).iter().any(|group| group.name == name) {
        let text = "The name of the resource group already exists.";
        return refuse(409, "EntityAlreadyExists.ResourceGroup", text);
    }
    let group = ResourceGroup {
        id: format!("rg-{}", world.letters(15)),
        name: name.to_owned(),
        display_name: request.need("DisplayName")?.to_owned(),
        tags: request.tags()?,
        created: world.now,
        course: world
            .course("Creating")
            .then(world.length(Transition::Vpc), "OK"),
    };
    let mut shown = show_whole(world, &group);
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("Tags");
    }
    world.resource_groups.insert(group, world.now);
    Ok(json!({ "ResourceGroup": shown }))
}

/// An identifier: letters, digits, hyphens and underscores, a letter first.
fn check_name(name: &str) -> Result<(), Refusal> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    if first && (2..=50).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(());
    }
    let text = "The name of the resource group is invalid.";
    refuse(400, "InvalidParameter.ResourceGroup.Name", text)
}

fn describe_one(world: &mut World, request: &Request) -> Reply {
    let id = request.need("ResourceGroupId")?;
    let Some(group) = groups(world).into_iter().find(|group| group.id == id) else {
        let text = "The resource group does not exist.";
        return refuse(404, "EntityNotExists.ResourceGroup", text);
    };
    Ok(json!({ "ResourceGroup": show_whole(world, &group) }))
}

fn describe(world: &mut World, request: &Request) -> Reply {
    if let Some(status) = request.text("Status")
        && !STATES.contains(&status)
    {
        let text = "The specified Status is invalid.";
        return refuse(400, "InvalidParameter.Status", text);
    }
    let mut all = Table::default();
    for group in groups(world) {
        all.insert(group, world.now);
    }
    let tags = request.tag_filter();
    let ids = request.list("ResourceGroupIds");
    let sizes = Sizes {
        page: (100, 10),
        token: None,
    };
    let page = list(
        &all,
        request,
        sizes,
        |group| {
            wants(request.text("ResourceGroupId"), &group.id)
                && wants(request.text("Name"), &group.name)
                && wants(request.text("DisplayName"), &group.display_name)
                && wants(request.text("Status"), state(world, group))
                && (ids.is_empty() || ids.contains(&group.id))
                && tags_match(&group.tags, &tags)
        },
        |group| show(world, group),
    )?;
    Ok(page.answer("ResourceGroups", "ResourceGroup"))
}
