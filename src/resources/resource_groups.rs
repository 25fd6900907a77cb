//! `alicloud_resource_manager_resource_groups`: the resource groups of the account.

use futures::future::{BoxFuture, join_all};
use serde_json::{Value as Json, json};

use super::listing::{
    self, Pages,
    objects::{self, Listing, field},
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

static LIST: Read = read_one(
    "ListResourceGroups",
    "ResourceGroupId",
    "ResourceGroups.ResourceGroup",
);
static DETAIL: Read = read_one("GetResourceGroup", "ResourceGroupId", "ResourceGroup");

static LISTING: Listing = Listing {
    ty: &RESOURCE_GROUPS,
    pages: Pages {
        product: Product::ResourceManager,
        read: &LIST,
        size: 100,
    },
    id: "Id",
    name: "Name",
    sent: &[("status", "Status")],
    equal: &[],
    complete: Some(regions),
};

/// The registered data source.
pub const KIND: Kind = Kind {
    ty: &RESOURCE_GROUPS,
    hooks: Hooks {
        data: Some(|context, arguments| objects::read(context, &LISTING, arguments)),
        ..Hooks::NONE
    },
};

/// The resource groups.
pub static RESOURCE_GROUPS: ResourceType = ResourceType {
    read: &[&LIST, &DETAIL],
    attributes: &[
        objects::ID,
        objects::IDS,
        objects::NAME_REGEX,
        objects::NAMES,
        string("status", "Only groups in this state.")
            .check(&[Check::OneOf(&[
                "Creating",
                "Deleted",
                "Deleting",
                "OK",
                "PendingDelete",
            ])])
            .example("OK"),
        objects::OUTPUT_FILE,
        blocks("groups", "The groups.", GROUP, 0, listing::MANY)
            .computed()
            .read(&LIST, LIST.item),
        objects::DETAILS.default(Default::Bool(false)),
    ],
    ..objects::source(
        "alicloud_resource_manager_resource_groups",
        Service::Ecs,
        "The resource groups of the account.",
    )
};

const fn text(name: &'static str, doc: &'static str, field: &'static str) -> Attribute {
    string(name, doc).computed().read(&LIST, field)
}

/// A resource group.
static GROUP: &[Attribute] = &[
    text("id", "Its id.", "Id"),
    text("name", "Its identifier.", "Name"),
    text("resource_group_name", "Its identifier.", "Name"),
    text("display_name", "Its display name.", "DisplayName"),
    text("account_id", "The account that it belongs to.", "AccountId"),
    text("status", "Its state.", "Status"),
    blocks(
        "region_statuses",
        "Its state in each region; needs enable_details.",
        REGION_STATUS,
        0,
        listing::MANY,
    )
    .computed()
    .read(&LIST, "RegionStatuses.RegionStatus"),
];

/// The state of a resource group in a region.
static REGION_STATUS: &[Attribute] = &[
    text("region_id", "The region.", "RegionId"),
    text("status", "The state there.", "Status"),
];

/// Asks each group for its states in the regions.
fn regions<'a>(
    context: Context<'a>,
    arguments: &'a Object,
    mut found: Vec<Json>,
) -> BoxFuture<'a, Result<Vec<Json>, Failure>> {
    Box::pin(async move {
        if !objects::detailed(arguments) {
            return Ok(found);
        }
        let asked = found.iter().map(|group| {
            let params = vec![("ResourceGroupId".to_owned(), field(group, "Id").to_owned())];
            listing::ask(context, LISTING.pages.product, DETAIL.action, params)
        });
        let answers = join_all(asked).await;
        for (group, answer) in found.iter_mut().zip(answers) {
            group["RegionStatuses"] = json!(at(&answer?, "ResourceGroup.RegionStatuses"));
        }
        Ok(found)
    })
}
