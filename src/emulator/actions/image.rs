//! Images: those that are sold, and those of the account's own.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::launch::check_fit;
use super::listing::{Page, bounded};
use super::{Route, ecs, ecs_tags, end_dry_run, wants};
use crate::emulator::catalog;
use crate::emulator::clock;
use crate::emulator::objects::{Image, ImageDisk};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, glob, good_description, invalid, missing, tags_match};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("DescribeImages", Read, describe),
    ecs("DescribeImageSupportInstanceTypes", Read, types_of_image),
    ecs("ModifyImageAttribute", Write, modify),
    ecs("ModifyImageSharePermission", Write, share),
    ecs("DescribeImageSharePermission", Read, sharers),
    ecs("DeleteImage", Write, delete),
];

/// The instance types that an image runs on.
fn types_of_image(world: &mut World, request: &Request) -> Reply {
    let id = request.need("ImageId")?;
    let Some(image) = world.image(request.region_or_home(), id) else {
        return refuse(
            404,
            "InvalidImageId.NotFound",
            "The specified ImageId does not exist.",
        );
    };
    let fit = catalog::all()
        .instance_types
        .iter()
        .filter(|kind| check_fit(kind, image).is_ok());
    let types: Vec<Value> = fit
        .map(|kind| {
            json!({
                "InstanceTypeId": kind.id,
                "InstanceTypeFamily": kind.family,
                "CpuCoreCount": kind.cpu,
                "MemorySize": kind.memory,
            })
        })
        .collect();
    Ok(json!({
        "ImageId": id,
        "RegionId": request.region_or_home(),
        "InstanceTypes": { "InstanceType": types },
    }))
}

/// The family of an image: its id without size, variant and date.
pub(super) fn family(image: &catalog::Image) -> String {
    let head = image.id.split("_alibase_").next().unwrap_or_default();
    let parts: Vec<&str> = head.split('_').filter(|part| !is_size(part)).collect();
    format!("acs:{}", parts.join("_"))
}

fn is_size(part: &str) -> bool {
    part.strip_suffix('G')
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// One image of a listing.
enum Listed<'a> {
    Sold(&'static catalog::Image),
    Own(&'a Image),
}

impl Listed<'_> {
    fn base(&self) -> &catalog::Image {
        match self {
            Self::Sold(image) => image,
            Self::Own(own) => &own.base,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Sold(image) => &image.id,
            Self::Own(own) => &own.name,
        }
    }

    fn family(&self) -> String {
        match self {
            Self::Sold(image) => family(image),
            Self::Own(own) => own.family.clone(),
        }
    }

    fn show(&self, world: &World) -> Value {
        match self {
            Self::Sold(image) => show_sold(image),
            Self::Own(own) => show_own(world, own),
        }
    }
}

/// What ImageOwnerAlias can be.
const OWNERS: &[&str] = &["system", "self", "others", "marketplace"];

fn describe(world: &mut World, request: &Request) -> Reply {
    let owner = request.text("ImageOwnerAlias");
    if owner.is_some_and(|owner| !OWNERS.contains(&owner)) {
        let text = "The specified parameter \"ImageOwnerAlias\" is not valid.";
        return refuse(400, "InvalidImageOwnerAlias.ValueNotSupported", text);
    }
    end_dry_run(request)?;
    let ids = request.commas("ImageId");
    if ids.as_ref().is_some_and(|ids| ids.len() > 100) {
        return Err(invalid("ImageId"));
    }
    // ImageOwnerId is for images that others share, of which there are none.
    let sold = catalog::all().images.iter().map(Listed::Sold);
    let own = world.images.iter().map(Listed::Own);
    let passes = |image: &Listed<'_>| {
        let of_owner = match image {
            Listed::Sold(_) => owner.is_none_or(|it| it == "system"),
            Listed::Own(own) => {
                owner.is_none_or(|it| it == "self") && own.region == request.region_or_home()
            }
        };
        of_owner
            && ids
                .as_ref()
                .is_none_or(|ids| ids.contains(&image.base().id))
            && request.boolean("Usable") != Some(false)
            && is_as_asked(world, request, image)
    };
    let found: Vec<Listed<'_>> = own.chain(sold).filter(passes).collect();
    let size = bounded(request, "PageSize", 100, 10)?;
    let number = bounded(request, "PageNumber", 1_000_000, 1)?;
    let skip = usize::try_from((number - 1) * size).unwrap_or(usize::MAX);
    let page = Page {
        items: found
            .iter()
            .skip(skip)
            .take(usize::try_from(size).unwrap_or(10))
            .map(|image| image.show(world))
            .collect(),
        fields: json!({
            "RegionId": request.region_or_home(), "TotalCount": found.len(), "PageNumber": number,
            "PageSize": size,
        }),
    };
    Ok(page.answer("Images", "Image"))
}

/// Whether an image passes the filters that are about what it is.
fn is_as_asked(world: &World, request: &Request, image: &Listed<'_>) -> bool {
    let base = image.base();
    let status = request.text("Status").unwrap_or("Available");
    let tags = request.tag_filter();
    let fits = request
        .text("InstanceType")
        .and_then(catalog::instance_type)
        .is_none_or(|kind| (kind.architecture == "ARM") == (base.architecture == "arm64"));
    let of_kind = match image {
        Listed::Sold(_) => {
            has_status(status, "Available")
                && wants(request.text("Usage"), "instance")
                && tags.is_empty()
                && request.text("SnapshotId").is_none()
                && request.text("ResourceGroupId").is_none()
                && request.boolean("IsPublic").unwrap_or(true)
        }
        Listed::Own(own) => {
            has_status(status, own.course.at(world.now))
                && wants(request.text("Usage"), usage(world, own))
                && tags_match(&own.tags, &tags)
                && wants(request.text("ResourceGroupId"), &own.resource_group)
                && !request.boolean("IsPublic").unwrap_or(false)
                && request
                    .text("SnapshotId")
                    .is_none_or(|id| own.disks.iter().any(|disk| disk.snapshot == id))
        }
    };
    of_kind
        && fits
        && request
            .text("ImageName")
            .is_none_or(|name| glob(name, image.name()))
        && wants(request.text("ImageFamily"), &image.family())
        && wants(request.text("OSType"), &base.os_type)
        && wants(request.text("Architecture"), &base.architecture)
}

fn has_status(wanted: &str, status: &str) -> bool {
    let mut wanted = wanted.split(',').map(str::trim);
    wanted.any(|one| one.eq_ignore_ascii_case("ALL") || one == status)
}

fn usage(world: &World, image: &Image) -> &'static str {
    if is_used(world, image) {
        "instance"
    } else {
        "none"
    }
}

fn is_used(world: &World, image: &Image) -> bool {
    world.instances.iter().any(|it| it.image == image.base.id)
}

/// What every image shows.
fn show(base: &catalog::Image) -> Value {
    json!({
        "ImageId": base.id,
        "OSType": base.os_type,
        "OSName": base.os_name,
        "OSNameEn": base.os_name,
        "Platform": base.platform,
        "Architecture": base.architecture,
        "Size": base.size,
        "IsSupportCloudinit": base.os_type == "linux",
        "IsSupportIoOptimized": true,
        "IsSubscribed": false,
        "ProductCode": "",
    })
}

fn with(mut shown: Value, more: Value) -> Value {
    if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
        shown.extend(more);
    }
    shown
}

fn show_sold(image: &catalog::Image) -> Value {
    let date = image.id.rsplit('_').next().unwrap_or_default();
    let date = date.trim_end_matches(".vhd");
    let created = match date.len() {
        8 => format!("{}-{}-{}T02:00:00Z", &date[..4], &date[4..6], &date[6..]),
        _ => "2020-01-01T02:00:00Z".to_owned(),
    };
    let own = json!({
        "ImageName": image.id,
        "ImageFamily": family(image),
        "ImageVersion": "",
        "Description": "",
        "ImageOwnerAlias": "system",
        "ImageOwnerId": 0,
        "Status": "Available",
        "Usable": true,
        "Usage": "instance",
        "Progress": "100%",
        "CreationTime": created,
        "IsPublic": true,
        "IsCopied": false,
        "IsSelfShared": "",
        "BootMode": "BIOS",
        "ResourceGroupId": "",
        "DiskDeviceMappings": { "DiskDeviceMapping": [] },
        "Tags": { "Tag": [] },
    });
    with(show(image), own)
}

fn show_own(world: &World, image: &Image) -> Value {
    let status = image.course.at(world.now);
    let ready = status != "Creating";
    let progress = if ready { "100%" } else { "0%" };
    let own = json!({
        "ImageName": image.name,
        "ImageFamily": image.family,
        "ImageVersion": image.version,
        "Description": image.description,
        "ImageOwnerAlias": "self",
        "ImageOwnerId": world.account.parse::<u64>().unwrap_or_default(),
        "Status": status,
        "Usable": status == "Available",
        "Usage": usage(world, image),
        "Progress": progress,
        "CreationTime": clock::seconds(image.created),
        "IsPublic": false,
        "IsCopied": image.copied,
        "IsSelfShared": if image.shared_with.is_empty() { "False" } else { "True" },
        "BootMode": image.boot_mode,
        "LicenseType": image.license_type,
        "Features": { "NvmeSupport": image.nvme, "ImdsSupport": "v1" },
        "ResourceGroupId": image.resource_group,
        "DiskDeviceMappings": {
            "DiskDeviceMapping": image.disks.iter().map(|disk| show_disk(disk, progress)).collect::<Vec<_>>(),
        },
        "Tags": ecs_tags(&image.tags),
    });
    with(show(&image.base), own)
}

fn show_disk(disk: &ImageDisk, progress: &str) -> Value {
    json!({
        "Device": disk.device,
        "Type": if disk.system { "system" } else { "data" },
        "Size": disk.size.to_string(),
        "SnapshotId": disk.snapshot,
        "Encrypted": disk.encrypted,
        "Format": "",
        "Progress": progress,
        "RemainTime": 0,
        "ImportOSSBucket": "",
        "ImportOSSObject": "",
    })
}

/// An image of the account's own.
pub(super) fn own<'a>(world: &'a World, request: &Request) -> Result<&'a Image, Refusal> {
    let id = request.need("ImageId")?;
    let here = |own: &&Image| own.region == request.region_or_home();
    world.images.get(id).filter(here).ok_or_else(|| {
        let text = "The specified ImageId does not exist.";
        refusal(404, "InvalidImageId.NotFound", text)
    })
}

/// The name of an image: well formed, and no other image of the account's has it in the region.
pub(super) fn check_name(
    world: &World,
    (name, region): (&str, &str),
    but: Option<&str>,
) -> Result<(), Refusal> {
    let reserved = ["acs:", "aliyun", "http://", "https://"];
    let good = crate::emulator::request::good_name(name, 2)
        && !reserved.iter().any(|start| name.starts_with(start));
    if !good {
        let text = "The specified Image name is wrongly formed.";
        return refuse(400, "InvalidImageName.Malformed", text);
    }
    let same =
        |own: &Image| own.name == name && own.region == region && Some(own.id.as_str()) != but;
    if world.images.iter().any(same) {
        let text = "The specified Image name has already bean used.";
        return refuse(400, "InvalidImageName.Duplicated", text);
    }
    Ok(())
}

/// The ways to boot.
pub(super) const BOOT_MODES: &[&str] = &["BIOS", "UEFI", "UEFI-Preferred"];

/// Refuses what no image can have.
pub(super) fn check_details(request: &Request) -> Result<(), Refusal> {
    let one_of = |name: &str, allowed: &[&str]| match request.text(name) {
        Some(value) if !allowed.contains(&value) => Err(invalid(name)),
        _ => Ok(()),
    };
    one_of("BootMode", BOOT_MODES)?;
    one_of("Features.NvmeSupport", &["supported", "unsupported"])?;
    one_of("LicenseType", &["Auto", "Aliyun", "BYOL"])?;
    if request
        .text("Description")
        .is_some_and(|text| !good_description(text))
    {
        let text = "The specified description is wrongly formed.";
        return refuse(400, "InvalidDescription.Malformed", text);
    }
    if request
        .text("ImageFamily")
        .is_some_and(|family| family.starts_with("acs:") || family.chars().count() < 2)
    {
        return Err(invalid("ImageFamily"));
    }
    Ok(())
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let image = own(world, request)?;
    let (id, region) = (image.id.clone(), image.region.clone());
    check_details(request)?;
    if let Some(name) = request.text("ImageName") {
        check_name(world, (name, &region), Some(&id))?;
    }
    let status = request.text("Status").map(str::to_owned);
    if status
        .as_deref()
        .is_some_and(|status| !["Available", "Deprecated"].contains(&status))
    {
        return Err(invalid("Status"));
    }
    end_dry_run(request)?;
    let now = world.now;
    let course = status.map(|status| world.course(&status));
    let Some(image) = world.images.change(&id, now) else {
        return done();
    };
    let places = [
        ("ImageName", &mut image.name),
        ("Description", &mut image.description),
        ("ImageFamily", &mut image.family),
        ("BootMode", &mut image.boot_mode),
        ("LicenseType", &mut image.license_type),
        ("Features.NvmeSupport", &mut image.nvme),
    ];
    for (name, place) in places {
        if let Some(value) = request.given(name) {
            value.clone_into(place);
        }
    }
    if let Some(course) = course {
        image.course = course;
    }
    done()
}

fn share(world: &mut World, request: &Request) -> Reply {
    let id = own(world, request)?.id.clone();
    let (add, remove) = (request.list("AddAccount"), request.list("RemoveAccount"));
    if add.is_empty() && remove.is_empty() && request.boolean("IsPublic").is_none() {
        return Err(missing("AddAccount"));
    }
    if add.len() > 10 || remove.len() > 10 {
        return Err(invalid("AddAccount"));
    }
    end_dry_run(request)?;
    let now = world.now;
    if let Some(image) = world.images.change(&id, now) {
        image.shared_with.retain(|one| !remove.contains(one));
        for account in add {
            if !image.shared_with.contains(&account) {
                image.shared_with.push(account);
            }
        }
    }
    done()
}

fn sharers(world: &mut World, request: &Request) -> Reply {
    let image = own(world, request)?;
    let size = bounded(request, "PageSize", 100, 10)?;
    let number = bounded(request, "PageNumber", 1_000_000, 1)?;
    let skip = usize::try_from((number - 1) * size).unwrap_or(usize::MAX);
    let accounts: Vec<Value> = image
        .shared_with
        .iter()
        .skip(skip)
        .take(usize::try_from(size).unwrap_or(10))
        .map(|account| json!({ "AliyunId": account }))
        .collect();
    Ok(json!({
        "ImageId": image.id, "RegionId": image.region, "PageNumber": number, "PageSize": size,
        "TotalCount": image.shared_with.len(), "Accounts": { "Account": accounts },
        "ShareGroups": { "ShareGroup": [] },
    }))
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let image = own(world, request)?;
    let id = image.id.clone();
    if image.course.at(world.now) == "Creating" {
        let text = "The specified image is being created.";
        return refuse(403, "ImageIsCreating", text);
    }
    if !request.flag("Force") {
        if is_used(world, image) {
            let text = "The specified image has been used to create instances.";
            return refuse(403, "ImageUsingByInstance", text);
        }
        if !image.shared_with.is_empty() {
            let text = "The specified image has been shared to others.";
            return refuse(403, "ImageUseShared", text);
        }
    }
    end_dry_run(request)?;
    world.images.remove(&id, world.now);
    done()
}
