//! `alicloud_images`: the images that instances can be made from.

use futures::future::{BoxFuture, join_all};
use serde_json::{Value as Json, json};

use super::listing::{self, objects};
use crate::{
    cloud::Product,
    model::{Object, Value},
    provider::{
        Failure,
        hooks::{Context, Hooks, Kind},
    },
    schema::*,
};

static IMAGES_READ: Read = read_one("DescribeImages", "ImageId", "Images.Image");

/// The registered data source.
pub const KIND: Kind = Kind {
    ty: &IMAGES,
    hooks: Hooks {
        data: Some(read),
        ..Hooks::NONE
    },
};

/// The arguments that are sent, and under which parameter.
const SENT: &[(&str, &str)] = &[
    ("owners", "ImageOwnerAlias"),
    ("image_owner_id", "ImageOwnerId"),
    ("status", "Status"),
    ("image_id", "ImageId"),
    ("image_name", "ImageName"),
    ("dry_run", "DryRun"),
    ("snapshot_id", "SnapshotId"),
    ("image_family", "ImageFamily"),
    ("instance_type", "InstanceType"),
    ("resource_group_id", "ResourceGroupId"),
    ("usage", "Usage"),
    ("os_type", "OSType"),
    ("architecture", "Architecture"),
    ("action_type", "ActionType"),
];
/// Flags that are sent only when they are true.
const FLAGS: &[(&str, &str)] = &[
    ("is_support_io_optimized", "IsSupportIoOptimized"),
    ("is_support_cloud_init", "IsSupportCloudinit"),
];

/// The images.
pub static IMAGES: ResourceType = ResourceType {
    read: &[&IMAGES_READ],
    attributes: &[
        objects::ID,
        objects::NAME_REGEX.example("^ubuntu_22"),
        boolean("most_recent", "Whether only the newest is kept.").default(Default::Bool(false)),
        string("owners", "Whose images.")
            .check(&[Check::OneOf(&[
                "system",
                "self",
                "others",
                "marketplace",
                "",
            ])])
            .example("system"),
        string("image_owner_id", "The account that owns them."),
        objects::OUTPUT_FILE,
        strings("ids", "The ids of the images.").computed(),
        string("status", "Their state.")
            .default(Default::String("Available"))
            .check(&[Check::OneOf(&[
                "Available",
                "Creating",
                "Waiting",
                "UnAvailable",
                "CreateFailed",
                "Deprecated",
            ])])
            .example("Available"),
        string("image_id", "Only this image."),
        string("image_name", "Only images of this name."),
        boolean("is_support_io_optimized", "Whether they run I/O optimized."),
        boolean("is_support_cloud_init", "Whether they have cloud-init."),
        boolean("dry_run", "Whether the request is only checked."),
        string("snapshot_id", "Only images of this snapshot."),
        string("image_family", "Only images of this family."),
        string("instance_type", "Only images for this instance type."),
        string("resource_group_id", "Only images of this resource group."),
        string("usage", "Whether they are in use.")
            .check(&[Check::OneOf(&["instance", "none"])])
            .example("none"),
        string("os_type", "Their operating system.")
            .check(&[Check::OneOf(&["windows", "linux"])])
            .example("linux"),
        string("architecture", "Their architecture.")
            .check(&[Check::OneOf(&["i386", "x86_64", "arm64"])])
            .example("x86_64"),
        string("action_type", "What they are to be used for.")
            .check(&[Check::OneOf(&["CreateEcs", "CreateOS"])])
            .example("CreateEcs"),
        map("tags", "Only images with these labels."),
        blocks("images", "The images.", IMAGE, 0, listing::MANY)
            .computed()
            .read(&IMAGES_READ, "Images.Image"),
    ],
    rules: &[
        Rule::AtLeastOneOf(&["name_regex", "owners", "image_owner_id"]),
        listing::OUTPUT_FILE,
    ],
    ..resource(
        "alicloud_images",
        Service::Ecs,
        "The images of the region that fit.",
    )
};

const fn text(name: &'static str, doc: &'static str, field: &'static str) -> Attribute {
    string(name, doc).computed().read(&IMAGES_READ, field)
}

/// An image.
static IMAGE: &[Attribute] = &[
    text("id", "Its id.", "ImageId"),
    text("image_id", "Its id.", "ImageId"),
    text("architecture", "Its architecture.", "Architecture"),
    text("creation_time", "When it was made.", "CreationTime"),
    text("description", "Its description.", "Description"),
    text("image_owner_alias", "Who owns it.", "ImageOwnerAlias"),
    text("os_type", "linux or windows.", "OSType"),
    text("os_name", "Its operating system.", "OSName"),
    text(
        "os_name_en",
        "Its operating system, in English.",
        "OSNameEn",
    ),
    text("name", "Its name.", "ImageName"),
    text("platform", "Its platform.", "Platform"),
    text("status", "Its state.", "Status"),
    text("state", "Its state.", "Status"),
    int("size", "Its size in GiB.")
        .computed()
        .read(&IMAGES_READ, "Size"),
    blocks(
        "disk_device_mappings",
        "Its disks.",
        MAPPING,
        0,
        listing::MANY,
    )
    .computed()
    .read(&IMAGES_READ, "DiskDeviceMappings.DiskDeviceMapping"),
    text(
        "product_code",
        "Its product in the marketplace.",
        "ProductCode",
    ),
    text(
        "is_self_shared",
        "Whether the account shares it.",
        "IsSelfShared",
    ),
    boolean("is_subscribed", "Whether the account subscribed to it.")
        .computed()
        .read(&IMAGES_READ, "IsSubscribed"),
    boolean("is_copied", "Whether it is a copy.")
        .computed()
        .read(&IMAGES_READ, "IsCopied"),
    boolean("is_support_io_optimized", "Whether it runs I/O optimized.")
        .computed()
        .read(&IMAGES_READ, "IsSupportIoOptimized"),
    text("image_version", "Its version.", "ImageVersion"),
    text("progress", "How far it is.", "Progress"),
    text("usage", "Whether it is in use.", "Usage"),
    map("tags", "Its labels.")
        .computed()
        .read(&IMAGES_READ, "Tags.Tag")
        .wire(Wire::Tags),
];

/// A disk of an image.
static MAPPING: &[Attribute] = &[
    text("device", "Where it is mounted.", "Device"),
    text("size", "Its size in GiB.", "Size"),
    text(
        "snapshot_id",
        "The snapshot that it is made from.",
        "SnapshotId",
    ),
];

fn read<'a>(context: Context<'a>, arguments: &'a Object) -> BoxFuture<'a, Result<Object, Failure>> {
    Box::pin(async move {
        let arguments = listing::with_defaults(&IMAGES, arguments);
        let found = match ids(&arguments) {
            // The API takes a hundred ids at a time.
            Some(ids) => listed(context, &arguments, &ids).await?,
            None => all(context, request(&arguments)).await?,
        };
        result(&arguments, found)
    })
}

async fn all(context: Context<'_>, params: listing::Params) -> Result<Vec<Json>, Failure> {
    let pages = listing::Pages {
        product: Product::Ecs,
        read: &IMAGES_READ,
        size: 100,
    };
    Ok(pages.all(context, params).await?.items)
}

/// The ids asked for, when there are more than one call takes.
fn ids(arguments: &Object) -> Option<Vec<&str>> {
    let ids: Vec<&str> = listing::text(arguments, "image_id")?
        .split(',')
        .map(str::trim)
        .collect();
    (ids.len() > 100).then_some(ids)
}

async fn listed(
    context: Context<'_>,
    arguments: &Object,
    ids: &[&str],
) -> Result<Vec<Json>, Failure> {
    let calls = ids.chunks(100).map(|some| {
        let mut params = request(arguments);
        params.retain(|(name, _)| name != "ImageId");
        params.push(("ImageId".to_owned(), some.join(",")));
        all(context, params)
    });
    let mut found = Vec::new();
    for some in join_all(calls).await {
        found.extend(some?);
    }
    Ok(found)
}

/// The parameters of the listing.
fn request(arguments: &Object) -> listing::Params {
    let mut params = listing::params(arguments, SENT);
    let flags = listing::params(arguments, FLAGS);
    params.extend(flags.into_iter().filter(|(_, value)| value == "true"));
    params.extend(listing::tag_params(arguments));
    params
}

/// Keeps what fits, or the newest of it.
fn result(arguments: &Object, mut found: Vec<Json>) -> Result<Object, Failure> {
    let field = |image: &Json, name: &str| image[name].as_str().unwrap_or_default().to_owned();
    if let Some(pattern) = listing::matcher(arguments, "name_regex")? {
        found.retain(|image| pattern.is_match(image["ImageName"].as_str().unwrap_or_default()));
    }
    if arguments.get("most_recent").and_then(Value::as_bool) == Some(true) {
        let newest = found.into_iter().max_by_key(|image| {
            // Among images of one moment the choice must be the same on every run.
            (field(image, "CreationTime"), field(image, "ImageId"))
        });
        found = newest.into_iter().collect();
    }
    let ids: Vec<String> = found.iter().map(|image| field(image, "ImageId")).collect();
    let results = decode(
        &IMAGES,
        &IMAGES_READ,
        &json!({ "Images": { "Image": found } }),
    );
    Ok(listing::object(&IMAGES, arguments, &ids, results))
}

#[cfg(test)]
mod tests;
