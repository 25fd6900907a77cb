//! Security groups: their creation, what they show, and who keeps them from being deleted.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, Sizes, ecs, ecs_tags, end_dry_run, list_of, wants};
use crate::emulator::clock::seconds;
use crate::emulator::objects::{Group, Rule};
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, glob, good_description, good_name, invalid, tags_match};
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    ecs("CreateSecurityGroup", Write, create),
    ecs("DescribeSecurityGroups", Read, describe),
    ecs("DescribeSecurityGroupReferences", Read, references),
    ecs("ModifySecurityGroupAttribute", Write, modify),
    ecs("ModifySecurityGroupPolicy", Write, modify_policy),
    ecs("DeleteSecurityGroup", Write, delete),
];

fn create(world: &mut World, request: &Request) -> Reply {
    check_names(request)?;
    let region = request.region_or_home();
    let kind = request.text_or("SecurityGroupType", "normal");
    if kind != "normal" && kind != "enterprise" {
        let text = "The specified SecurityGroupType is not valid.";
        return refuse(400, "InvalidSecurityGroupType.ValueNotSupported", text);
    }
    let vpc = request.text("VpcId").map(str::to_owned);
    if let Some(id) = &vpc {
        super::vpc::require_available(world, id)?;
        if world.vpc(id)?.region != region {
            return refuse(
                404,
                "InvalidVpcId.NotFound",
                "Specified VPC does not exist.",
            );
        }
    }
    let tags = request.tags()?;
    let here = world
        .groups
        .iter()
        .filter(|group| group.region == region)
        .count();
    if here >= world.quotas.security_groups {
        let text = "The maximum number of security groups is reached.";
        return refuse(403, "QuotaExceed.SecurityGroup", text);
    }
    let group = Group {
        id: world.new_id("sg", region),
        region: region.to_owned(),
        vpc,
        name: request.owned("SecurityGroupName"),
        description: request.owned("Description"),
        inner_access: if kind == "normal" { "Accept" } else { "Drop" }.to_owned(),
        kind,
        resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
        tags,
        created: world.now,
        rules: Vec::new(),
    };
    let answer = json!({ "SecurityGroupId": group.id });
    world.groups.insert(group, world.now);
    Ok(answer)
}

/// Which groups have rules about some groups.
fn references(world: &mut World, request: &Request) -> Reply {
    let ids = request.list("SecurityGroupId");
    if ids.len() > 10 {
        return Err(invalid("SecurityGroupId"));
    }
    let mut shown = Vec::new();
    for id in &ids {
        world.group(id)?;
        let names = |rule: &Rule| rule.target_group == *id && rule.target_owner.is_empty();
        let groups = world.groups.iter();
        let referring: Vec<Value> = groups
            .filter(|group| group.id != *id && group.rules.iter().any(names))
            .map(|group| json!({ "AliUid": world.account, "SecurityGroupId": group.id }))
            .collect();
        shown.push(json!({
            "SecurityGroupId": id,
            "ReferencingSecurityGroups": { "ReferencingSecurityGroup": referring },
        }));
    }
    Ok(json!({ "SecurityGroupReferences": { "SecurityGroupReference": shown } }))
}

fn check_names(request: &Request) -> Result<(), Refusal> {
    if request
        .text("SecurityGroupName")
        .is_some_and(|name| !good_name(name, 2))
    {
        let text = "Specified security group name is not valid.";
        return refuse(400, "InvalidSecurityGroupName.Malformed", text);
    }
    if request
        .text("Description")
        .is_some_and(|text| !good_description(text))
    {
        let text = "Specified security group description is not valid.";
        return refuse(400, "InvalidSecurityGroupDiscription.Malformed", text);
    }
    Ok(())
}

fn describe(world: &mut World, request: &Request) -> Reply {
    end_dry_run(request)?;
    let ids = request.json_list("SecurityGroupIds", 100)?;
    let ids = ids.or_else(|| {
        request
            .text("SecurityGroupId")
            .map(|id| vec![id.to_owned()])
    });
    let tags = request.tag_filter();
    let fuzzy = request.flag("FuzzyQuery");
    let sizes = Sizes {
        page: (100, 10),
        token: Some((100, 10)),
    };
    let named = |group: &Group| {
        request
            .text("SecurityGroupName")
            .is_none_or(|wanted| match fuzzy {
                true => glob(&format!("*{}*", wanted.trim_matches('*')), &group.name),
                false => wanted == group.name,
            })
    };
    let page = list_of(
        (&world.groups, ids.as_deref()),
        request,
        sizes,
        |group| {
            let network = if group.vpc.is_some() {
                "vpc"
            } else {
                "classic"
            };
            wants(request.region(), &group.region)
                && wants(request.text("SecurityGroupId"), &group.id)
                && wants(
                    request.text("VpcId"),
                    group.vpc.as_deref().unwrap_or_default(),
                )
                && wants(request.text("NetworkType"), network)
                && wants(request.text("SecurityGroupType"), &group.kind)
                && wants(request.text("ResourceGroupId"), &group.resource_group)
                && named(group)
                && tags_match(&group.tags, &tags)
        },
        |group| show(world, group),
    )?;
    let mut answer = page.answer("SecurityGroups", "SecurityGroup");
    answer["RegionId"] = json!(request.region_or_home());
    Ok(answer)
}

fn show(world: &World, group: &Group) -> Value {
    let members = world.member_count(&group.id);
    let instances = world
        .members(&group.id)
        .filter(|member| member.instance.is_some())
        .count();
    let between_groups = group
        .rules
        .iter()
        .filter(|rule| !rule.target_group.is_empty())
        .count();
    json!({
        "SecurityGroupId": group.id,
        "SecurityGroupName": group.name,
        "SecurityGroupType": group.kind,
        "Description": group.description,
        "VpcId": group.vpc.clone().unwrap_or_default(),
        "EcsCount": instances,
        "AvailableInstanceAmount": world.quotas.addresses_per_group.saturating_sub(members),
        "RuleCount": group.rules.len(),
        "GroupToGroupRuleCount": between_groups,
        "ResourceGroupId": group.resource_group,
        "ServiceManaged": false,
        "ServiceID": 0,
        "CreationTime": seconds(group.created),
        "Tags": ecs_tags(&group.tags),
    })
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let id = request.need("SecurityGroupId")?;
    world.group(id)?;
    check_names(request)?;
    let group = world.group_mut(id)?;
    if let Some(name) = request.text("SecurityGroupName") {
        group.name = name.to_owned();
    }
    if let Some(description) = request.given("Description") {
        group.description = description.to_owned();
    }
    done()
}

fn modify_policy(world: &mut World, request: &Request) -> Reply {
    let id = request.need("SecurityGroupId")?;
    let wanted = request.need("InnerAccessPolicy")?;
    let policy = ["Accept", "Drop"]
        .into_iter()
        .find(|policy| policy.eq_ignore_ascii_case(wanted));
    let Some(policy) = policy else {
        let text = "The specified parameter \"InnerAccessPolicy\" is not valid.";
        return refuse(400, "InvalidPolicy.Malformed", text);
    };
    if world.group(id)?.kind == "enterprise" {
        let text = "The specified security group type does not support this operation.";
        return refuse(403, "InvalidOperation.InvalidSecurityGroupType", text);
    }
    world.group_mut(id)?.inner_access = policy.to_owned();
    done()
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let id = request.need("SecurityGroupId")?;
    world.group(id)?;
    if world.member_count(id) > 0 {
        let text = "There is still instance(s) in the specified security group.";
        return refuse(403, "DependencyViolation", text);
    }
    let referenced = world
        .groups
        .iter()
        .filter(|group| group.id != id)
        .any(|group| group.rules.iter().any(|rule| rule.target_group == id));
    if referenced {
        let text = "The specified security group has been authorized in another one.";
        return refuse(403, "DependencyViolation", text);
    }
    world.groups.remove(id, world.now);
    done()
}
