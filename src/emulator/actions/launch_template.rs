//! Launch templates: named versions of what an order for instances says.
//!
//! The values of a version are kept as they are given and judged only when instances are made from it.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::launch_data::show_data;
use super::{Route, Sizes, bounded, ecs, ecs_tags, list_of, wants};
use crate::emulator::clock::seconds;
use crate::emulator::objects::{LaunchTemplate, TemplateVersion};
use crate::emulator::reply::{Refusal, Reply, refusal, refuse};
use crate::emulator::request::{
    Request, Tags, good_description, good_name, invalid, missing, tags_match,
};
use crate::emulator::world::{ACCOUNT, DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    ecs("CreateLaunchTemplate", Write, create),
    ecs("CreateLaunchTemplateVersion", Write, create_version),
    ecs("DescribeLaunchTemplates", Read, describe),
    ecs("DescribeLaunchTemplateVersions", Read, describe_versions),
    ecs("ModifyLaunchTemplateDefaultVersion", Write, modify_default),
    ecs("DeleteLaunchTemplate", Write, delete),
    ecs("DeleteLaunchTemplateVersion", Write, delete_versions),
];

/// How many versions a template may have.
const VERSIONS: usize = 30;
/// Parameters that are about the template, and not about instances.
const OWN: &[&str] = &[
    "LaunchTemplateId",
    "LaunchTemplateName",
    "RegionId",
    "TemplateResourceGroupId",
    "VersionDescription",
];

/// The template that a request names, by id or by name.
fn find<'a>(world: &'a World, request: &Request) -> Result<&'a LaunchTemplate, Refusal> {
    let (id, name) = (
        request.text("LaunchTemplateId"),
        request.text("LaunchTemplateName"),
    );
    let region = request.region_or_home();
    let here = |template: &&LaunchTemplate| template.region == region;
    let found = match (id, name) {
        (None, None) => return Err(missing("LaunchTemplateId")),
        (Some(id), _) => world.launch_templates.get(id).filter(here),
        (None, Some(name)) => world
            .launch_templates
            .iter()
            .filter(here)
            .find(|template| template.name == name),
    };
    found
        .filter(|template| wants(name, &template.name))
        .ok_or_else(|| {
            let text = format!(
                "The specified LaunchTemplateId \"{}\" LaunchTemplateName \"{}\" is not found.",
                id.unwrap_or_default(),
                name.unwrap_or_default()
            );
            refusal(404, "InvalidLaunchTemplate.NotFound", text)
        })
}

/// What a request adds from the template that it names, which its own parameters overlay.
pub(super) fn fill(world: &World, request: &Request) -> Result<Request, Refusal> {
    let named = ["LaunchTemplateId", "LaunchTemplateName"];
    if named.iter().all(|name| request.text(name).is_none()) {
        return Ok(request.clone());
    }
    let template = find(world, request)?;
    let number = request
        .integer("LaunchTemplateVersion")
        .unwrap_or(template.default_version);
    let version = version(template, number)?;
    let mut filled = request.clone();
    for (name, value) in &version.parameters {
        let part = part(name);
        let overlaid = request.parameters.keys().any(|own| {
            let own = self::part(own);
            own == part || GROUPS.contains(&own) && GROUPS.contains(&part)
        });
        if !overlaid {
            filled.parameters.insert(name.clone(), value.clone());
        }
    }
    Ok(filled)
}

/// Two ways to say the same.
const GROUPS: &[&str] = &["SecurityGroupId", "SecurityGroupIds"];

/// What is overlaid as a whole: a list with all its elements, any other parameter by itself.
fn part(name: &str) -> &str {
    match name.split_once('.') {
        Some((list, rest)) if rest.starts_with(|c: char| c.is_ascii_digit()) => list,
        _ => name,
    }
}

fn version(template: &LaunchTemplate, number: i64) -> Result<&TemplateVersion, Refusal> {
    let mut versions = template.versions.iter();
    versions
        .find(|version| version.number == number)
        .ok_or_else(|| {
            let text = format!(
                "The specified LaunchTemplateId \"{}\" Version \"{number}\" is not found.",
                template.id
            );
            refusal(404, "InvalidLaunchTemplateVersion.NotFound", text)
        })
}

/// Reads a new version.
fn read(world: &World, request: &Request, number: i64) -> Result<TemplateVersion, Refusal> {
    for (name, message) in [
        ("VersionDescription", "VersionDescription"),
        ("Description", "Description"),
    ] {
        if request.text(name).is_some_and(|it| !good_description(it)) {
            let text = format!("The specified parameter \"{message}\" is not valid.");
            return refuse(400, "InvalidDescription.Malformed", text);
        }
    }
    if let Some(user_data) = request.text("UserData") {
        super::launch::check_user_data(user_data, true)?;
    }
    // The tags of the instances are checked like those of instances.
    request.tags()?;
    let own = |name: &String| OWN.contains(&name.as_str()) || name.starts_with("TemplateTag.");
    let parameters = request.parameters.iter().filter(|(name, _)| !own(name));
    Ok(TemplateVersion {
        number,
        description: request.owned("VersionDescription"),
        created: world.now,
        parameters: parameters
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    })
}

/// The tags of the template itself.
fn template_tags(request: &Request) -> Result<Tags, Refusal> {
    let tags = request
        .parameters
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("Template")?, value)))
        .filter(|(name, _)| name.starts_with("Tag."));
    Request {
        parameters: tags
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect(),
        ..request.clone()
    }
    .tags()
}

fn create(world: &mut World, request: &Request) -> Reply {
    let name = request.need("LaunchTemplateName")?;
    if !good_name(name, 2) {
        let text = "The specified parameter LaunchTemplateName is not valid.";
        return refuse(400, "InvalidLaunchTemplateName.Malformed", text);
    }
    let region = request.region_or_home();
    let here = || {
        world
            .launch_templates
            .iter()
            .filter(|it| it.region == region)
    };
    if here().any(|template| template.name == name) {
        let text = format!("The specified LaunchTemplateName \"{name}\" already exist.");
        return refuse(403, "LaunchTemplateName.Duplicated", text);
    }
    if here().count() >= world.quotas.launch_templates {
        let text = "The maximum number of templates is exceeded.";
        return refuse(403, "LaunchTemplateLimitExceed", text);
    }
    let mut template = LaunchTemplate {
        name: name.to_owned(),
        region: region.to_owned(),
        resource_group: request.text_or("TemplateResourceGroupId", DEFAULT_GROUP),
        tags: template_tags(request)?,
        created: world.now,
        modified: world.now,
        default_version: 1,
        latest_version: 1,
        versions: vec![read(world, request, 1)?],
        ..LaunchTemplate::default()
    };
    template.id = world.new_id("lt", &template.region);
    let answer = json!({ "LaunchTemplateId": template.id, "LaunchTemplateVersionNumber": 1 });
    world.launch_templates.insert(template, world.now);
    Ok(answer)
}

fn create_version(world: &mut World, request: &Request) -> Reply {
    let template = find(world, request)?;
    let (id, number) = (template.id.clone(), template.latest_version + 1);
    if template.versions.len() >= VERSIONS {
        let text = "The maximum number of template's versions is exceeded.";
        return refuse(403, "LaunchTemplateVersionLimitExceed", text);
    }
    let version = read(world, request, number)?;
    change(world, &id, |template| {
        template.latest_version = number;
        template.versions.push(version);
    });
    Ok(json!({ "LaunchTemplateId": id, "LaunchTemplateVersionNumber": number }))
}

/// Changes a template that was found.
fn change(world: &mut World, id: &str, change: impl FnOnce(&mut LaunchTemplate)) {
    let now = world.now;
    if let Some(template) = world.launch_templates.change(id, now) {
        template.modified = now;
        change(template);
    }
}

fn describe(world: &mut World, request: &Request) -> Reply {
    let (ids, names) = (
        request.list("LaunchTemplateId"),
        request.list("LaunchTemplateName"),
    );
    if ids.len() > 100 || names.len() > 100 {
        return Err(invalid("LaunchTemplateId"));
    }
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let tags: Vec<_> = template_tags(request)?
        .into_iter()
        .map(|(key, value)| (key, Some(value)))
        .collect();
    let chosen = Some(ids.as_slice()).filter(|ids| !ids.is_empty());
    let page = list_of(
        (&world.launch_templates, chosen),
        request,
        sizes,
        |template| {
            wants(request.region(), &template.region)
                && (names.is_empty() || names.contains(&template.name))
                && wants(
                    request.text("TemplateResourceGroupId"),
                    &template.resource_group,
                )
                && tags_match(&template.tags, &tags)
        },
        show,
    )?;
    Ok(page.answer("LaunchTemplateSets", "LaunchTemplateSet"))
}

fn show(template: &LaunchTemplate) -> Value {
    json!({
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "DefaultVersionNumber": template.default_version,
        "LatestVersionNumber": template.latest_version,
        "CreateTime": seconds(template.created),
        "ModifiedTime": seconds(template.modified),
        "CreatedBy": ACCOUNT,
        "ResourceGroupId": template.resource_group,
        "Tags": ecs_tags(&template.tags),
    })
}

fn describe_versions(world: &mut World, request: &Request) -> Reply {
    let template = find(world, request)?;
    let numbers = request.list("LaunchTemplateVersion");
    let numbers: Vec<i64> = numbers.iter().filter_map(|it| it.parse().ok()).collect();
    let least = request.integer("MinVersion").unwrap_or(i64::MIN);
    let most = request.integer("MaxVersion").unwrap_or(i64::MAX);
    let detailed = request.boolean("DetailFlag") != Some(false);
    let passing: Vec<&TemplateVersion> = template
        .versions
        .iter()
        .rev()
        .filter(|it| numbers.is_empty() || numbers.contains(&it.number))
        .filter(|it| (least..=most).contains(&it.number))
        .filter(|it| !request.flag("DefaultVersion") || it.number == template.default_version)
        .collect();
    let size = bounded(request, "PageSize", 50, 10)?;
    let number = bounded(request, "PageNumber", i64::MAX / 1000, 1)?;
    let skip = usize::try_from((number - 1) * size).unwrap_or(usize::MAX);
    let shown: Vec<Value> = passing
        .iter()
        .skip(skip)
        .take(usize::try_from(size).unwrap_or(usize::MAX))
        .map(|version| show_version(template, version, detailed))
        .collect();
    Ok(json!({
        "TotalCount": passing.len(),
        "PageNumber": number,
        "PageSize": size,
        "LaunchTemplateVersionSets": { "LaunchTemplateVersionSet": shown },
    }))
}

fn show_version(template: &LaunchTemplate, version: &TemplateVersion, detailed: bool) -> Value {
    let mut shown = json!({
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "VersionNumber": version.number,
        "VersionDescription": version.description,
        "DefaultVersion": version.number == template.default_version,
        "CreateTime": seconds(version.created),
        "ModifiedTime": seconds(version.created),
        "CreatedBy": ACCOUNT,
    });
    if detailed {
        shown["LaunchTemplateData"] = show_data(&version.parameters);
    }
    shown
}

fn modify_default(world: &mut World, request: &Request) -> Reply {
    let template = find(world, request)?;
    let wanted = request.integer("DefaultVersionNumber").unwrap_or(0);
    let (id, number) = (template.id.clone(), version(template, wanted)?.number);
    change(world, &id, |template| template.default_version = number);
    Ok(json!({ "LaunchTemplateId": id }))
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let template = find(world, request)?;
    let id = template.id.clone();
    let numbers: Vec<i64> = template.versions.iter().map(|it| it.number).collect();
    world.launch_templates.remove(&id, world.now);
    Ok(json!({
        "LaunchTemplateId": id,
        "LaunchTemplateVersionNumbers": { "versionNumbers": numbers },
    }))
}

fn delete_versions(world: &mut World, request: &Request) -> Reply {
    let template = find(world, request)?;
    let id = template.id.clone();
    let mut numbers = Vec::new();
    for text in request.list("DeleteVersion") {
        let number = text.parse().map_err(|_| invalid("DeleteVersion"))?;
        numbers.push(version(template, number)?.number);
    }
    if numbers.contains(&template.default_version) {
        let text = "The default version of a launch template cannot be deleted.";
        return refuse(400, "InvalidParameter", text);
    }
    change(world, &id, |template| {
        template.versions.retain(|it| !numbers.contains(&it.number));
    });
    let deleted: Vec<Value> = numbers
        .iter()
        .map(|it| json!({ "LaunchTemplateId": id, "LaunchTemplateVersionNumber": it }))
        .collect();
    Ok(json!({ "LaunchTemplateVersions": { "LaunchTemplateVersion": deleted } }))
}
