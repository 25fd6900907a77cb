//! `alicloud_security_groups`: the security groups of the region.

use futures::future::{BoxFuture, join_all};
use serde_json::{Value as Json, json};

use super::{
    listing::{
        self, Pages,
        objects::{self, Listing, field},
    },
    security_group,
};
use crate::{
    cloud::Product,
    model::Object,
    provider::{
        Failure,
        hooks::{Context, Hooks, Kind},
    },
    schema::*,
};

static LIST: Read = Read {
    action: "DescribeSecurityGroups",
    ids: Ids::Json("SecurityGroupIds", 100),
    item: "SecurityGroups.SecurityGroup",
};

static LISTING: Listing = Listing {
    ty: &SECURITY_GROUPS,
    pages: Pages {
        product: Product::Ecs,
        read: &LIST,
        size: 50,
    },
    id: "SecurityGroupId",
    name: "SecurityGroupName",
    sent: &[
        ("vpc_id", "VpcId"),
        ("resource_group_id", "ResourceGroupId"),
    ],
    equal: &[],
    complete: Some(policies),
};

/// The registered data source.
pub const KIND: Kind = Kind {
    ty: &SECURITY_GROUPS,
    hooks: Hooks {
        data: Some(|context, arguments| objects::read(context, &LISTING, arguments)),
        ..Hooks::NONE
    },
};

/// The security groups.
pub static SECURITY_GROUPS: ResourceType = ResourceType {
    read: &[&LIST, &security_group::DETAIL],
    attributes: &[
        objects::ID,
        objects::NAME_REGEX,
        string("vpc_id", "Only groups of this VPC.").example("vpc-bp1opxu1zkhn00gzv26cn"),
        objects::RESOURCE_GROUP,
        objects::OUTPUT_FILE,
        objects::PAGE_NUMBER,
        objects::PAGE_SIZE,
        objects::TAGS,
        objects::IDS,
        objects::NAMES,
        blocks("groups", "The groups.", GROUP, 0, listing::MANY)
            .computed()
            .read(&LIST, LIST.item),
        objects::DETAILS.default(Default::Bool(true)),
        objects::TOTAL_COUNT,
    ],
    ..objects::source(
        "alicloud_security_groups",
        Service::Ecs,
        "The security groups of the region.",
    )
};

const fn text(name: &'static str, doc: &'static str, field: &'static str) -> Attribute {
    string(name, doc).computed().read(&LIST, field)
}

/// A security group.
static GROUP: &[Attribute] = &[
    text("id", "Its id.", "SecurityGroupId"),
    text("name", "Its name.", "SecurityGroupName"),
    text("description", "Its description.", "Description"),
    text("vpc_id", "The VPC that it is in.", "VpcId"),
    text(
        "resource_group_id",
        "Its resource group.",
        "ResourceGroupId",
    ),
    text(
        "security_group_type",
        "`normal` or `enterprise`.",
        "SecurityGroupType",
    ),
    boolean(
        "inner_access",
        "Whether its members reach each other; needs enable_details.",
    )
    .computed()
    .read(&LIST, "InnerAccess"),
    text("creation_time", "When it was made.", "CreationTime"),
    map("tags", "Its labels.")
        .computed()
        .read(&LIST, "Tags.Tag")
        .wire(Wire::Tags),
];

/// Asks each group whether its members reach each other.
fn policies<'a>(
    context: Context<'a>,
    arguments: &'a Object,
    mut found: Vec<Json>,
) -> BoxFuture<'a, Result<Vec<Json>, Failure>> {
    Box::pin(async move {
        if !objects::detailed(arguments) {
            return Ok(found);
        }
        let asked = found.iter().map(|group| {
            let id = field(group, "SecurityGroupId").to_owned();
            let params = vec![("SecurityGroupId".to_owned(), id)];
            listing::ask(context, Product::Ecs, security_group::DETAIL.action, params)
        });
        let answers = join_all(asked).await;
        for (group, answer) in found.iter_mut().zip(answers) {
            group["InnerAccess"] = json!(answer?["InnerAccessPolicy"] == "Accept");
        }
        Ok(found)
    })
}
