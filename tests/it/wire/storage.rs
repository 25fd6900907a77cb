//! Disks, snapshots and images by hand-written requests.

use super::*;

/// An instance that runs, and a disk in its zone.
async fn server(service: &Service, network: &Network) -> (String, String) {
    let made = service.ecs("RunInstances", &order(network, &[])).await;
    let id = text(
        &json!({ "it": made["InstanceIdSets"]["InstanceIdSet"][0] }),
        "it",
    );
    let asked = [
        ("ZoneId", ZONE),
        ("DiskCategory", "cloud_essd"),
        ("Size", "40"),
    ];
    let disk = text(&service.ecs("CreateDisk", &asked).await, "DiskId");
    (id, disk)
}

async fn disk(service: &Service, id: &str) -> Value {
    let ids = json!([id]).to_string();
    let shown = service.ecs("DescribeDisks", &[("DiskIds", &ids)]).await;
    shown["Disks"]["Disk"][0].clone()
}

#[tokio::test]
async fn a_disk_is_attached_grows_and_is_released() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let (instance, id) = server(&service, &network).await;
    let this = [("DiskId", id.as_str())];
    let both = [("DiskId", id.as_str()), ("InstanceId", instance.as_str())];
    let refused = async |action: &str, parameters: Parameters<'_>| {
        service.refused(ECS, action, parameters).await
    };
    assert_eq!(
        refused("CreateSnapshot", &this).await,
        "IncorrectDiskStatus.NeverAttached"
    );
    assert_eq!(refused("DetachDisk", &both).await, "DependencyViolation");
    service.ecs("AttachDisk", &both).await;
    assert_eq!(refused("AttachDisk", &both).await, "InvalidDisk.InUse");
    assert_eq!(refused("DeleteDisk", &this).await, "DiskStillAttached");
    let shown = disk(&service, &id).await;
    assert_eq!(shown["Status"], "In_use");
    assert_eq!(shown["Device"], "/dev/xvdb");
    assert_eq!(
        shown["Attachments"]["Attachment"][0]["InstanceId"],
        instance.as_str()
    );
    let resize = |size| [("DiskId", id.as_str()), ("NewSize", size)];
    assert_eq!(
        refused("ResizeDisk", &resize("40")).await,
        "InvalidDiskSize"
    );
    service.ecs("ResizeDisk", &resize("50")).await;
    assert_eq!(disk(&service, &id).await["Size"], 50);
    let charge = [
        ("DiskIds", &*json!([id]).to_string()),
        ("InstanceId", &instance),
        ("DiskChargeType", "PrePaid"),
    ];
    assert_eq!(
        refused("ModifyDiskChargeType", &charge).await,
        "ChargeTypeViolation"
    );
    service.ecs("DetachDisk", &both).await;
    assert_eq!(disk(&service, &id).await["Status"], "Available");
    service.ecs("DeleteDisk", &this).await;
    // What is not there is as good as deleted.
    service.ecs("DeleteDisk", &this).await;
    service.end().await;
}

#[tokio::test]
async fn create_disk_enforces_its_document() {
    let service = Service::instant().await;
    let cases: &[(Parameters<'_>, &str)] = &[
        (&[("Size", "20")], "MissingParameter"),
        (
            &[("ZoneId", "cn-hangzhou-z"), ("Size", "20")],
            "InvalidZoneId.NotFound",
        ),
        (&[("ZoneId", ZONE)], "MissingParameter"),
        (
            &[("ZoneId", ZONE), ("Size", "4")],
            "InvalidSize.ValueNotSupported",
        ),
        (
            &[("ZoneId", ZONE), ("Size", "40"), ("DiskCategory", "floppy")],
            "InvalidDiskCategory.NotSupported",
        ),
        (
            &[
                ("ZoneId", ZONE),
                ("Size", "40"),
                ("DiskCategory", "cloud_essd"),
                ("PerformanceLevel", "PL3"),
            ],
            "InvalidSize.ValueNotSupported",
        ),
        (
            &[("ZoneId", ZONE), ("Size", "40"), ("DiskName", "1")],
            "InvalidDiskName.Malformed",
        ),
        (
            &[("ZoneId", ZONE), ("SnapshotId", "s-none")],
            "InvalidSnapshotId.NotFound",
        ),
        (
            &[("InstanceId", "i-none"), ("Size", "40")],
            "InvalidInstanceId.NotFound",
        ),
        (
            &[("ZoneId", ZONE), ("Size", "40"), ("MultiAttach", "Enabled")],
            "InvalidParameter",
        ),
    ];
    for (parameters, code) in cases {
        let answer = service.refused(ECS, "CreateDisk", parameters).await;
        assert_eq!(answer, *code, "{parameters:?}");
    }
    service.end().await;
}

#[tokio::test]
async fn a_shared_disk_is_on_several_instances() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let (one, _) = server(&service, &network).await;
    let (two, _) = server(&service, &network).await;
    let asked = [
        ("ZoneId", ZONE),
        ("DiskCategory", "cloud_essd"),
        ("Size", "40"),
        ("MultiAttach", "Enabled"),
    ];
    let id = text(&service.ecs("CreateDisk", &asked).await, "DiskId");
    for instance in [&one, &two] {
        let both = [("DiskId", id.as_str()), ("InstanceId", instance)];
        service.ecs("AttachDisk", &both).await;
        let listed = service
            .ecs("DescribeDisks", &[("InstanceId", instance)])
            .await;
        let disks = listed["Disks"]["Disk"].as_array().unwrap();
        assert!(disks.iter().any(|disk| disk["DiskId"] == id.as_str()));
    }
    assert_eq!(disk(&service, &id).await["MountInstanceNum"], 2);
    let both = [("DiskId", id.as_str()), ("InstanceId", one.as_str())];
    service.ecs("DetachDisk", &both).await;
    let left = disk(&service, &id).await;
    assert_eq!(left["Status"], "In_use");
    assert_eq!(left["InstanceId"], two.as_str());
    service.end().await;
}

#[tokio::test]
async fn a_snapshot_is_used_and_kept_while_it_is() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let (instance, id) = server(&service, &network).await;
    let both = [("DiskId", id.as_str()), ("InstanceId", instance.as_str())];
    service.ecs("AttachDisk", &both).await;
    let asked = [
        ("DiskId", id.as_str()),
        ("SnapshotName", "one"),
        ("RetentionDays", "3"),
    ];
    let snapshot = text(&service.ecs("CreateSnapshot", &asked).await, "SnapshotId");
    let refused = async |action: &str, parameters: Parameters<'_>| {
        service.refused(ECS, action, parameters).await
    };
    let named = [("DiskId", id.as_str()), ("SnapshotName", "auto-one")];
    assert_eq!(
        refused("CreateSnapshot", &named).await,
        "InvalidSnapshotName.Malformed"
    );
    let less = [("ZoneId", ZONE), ("SnapshotId", &snapshot), ("Size", "30")];
    assert_eq!(
        refused("CreateDisk", &less).await,
        "InvalidDiskSize.TooSmall"
    );
    let copy = [("ZoneId", ZONE), ("SnapshotId", snapshot.as_str())];
    let copy = text(&service.ecs("CreateDisk", &copy).await, "DiskId");
    let shown = disk(&service, &copy).await;
    assert_eq!(
        (&shown["Size"], &shown["SourceSnapshotId"]),
        (&json!(40), &json!(snapshot))
    );
    let listed = service.ecs("DescribeSnapshots", &[("DiskId", &id)]).await;
    let one = &listed["Snapshots"]["Snapshot"][0];
    assert_eq!(one["Usage"], "disk");
    assert_eq!(one["SourceDiskType"], "data");
    assert_eq!(one["RetentionDays"], 3);
    let this = [("SnapshotId", snapshot.as_str())];
    assert_eq!(
        refused("DeleteSnapshot", &this).await,
        "SnapshotCreatedDisk"
    );
    assert_eq!(
        refused("ModifySnapshotAttribute", &this).await,
        "NoAttributeToModify"
    );
    // An image needs the snapshot of a system disk.
    assert_eq!(refused("CreateImage", &this).await, "OperationDenied");
    service.ecs("DeleteDisk", &[("DiskId", &copy)]).await;
    service.ecs("DeleteSnapshot", &this).await;
    assert_eq!(
        refused("DeleteSnapshot", &this).await,
        "InvalidSnapshotId.NotFound"
    );
    service.end().await;
}

#[tokio::test]
async fn an_image_is_made_used_shared_and_deleted() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let (instance, _) = server(&service, &network).await;
    let of = [("InstanceId", instance.as_str()), ("ImageName", "mine")];
    let image = text(&service.ecs("CreateImage", &of).await, "ImageId");
    let refused = async |action: &str, parameters: Parameters<'_>| {
        service.refused(ECS, action, parameters).await
    };
    assert_eq!(
        refused("CreateImage", &of).await,
        "InvalidImageName.Duplicated"
    );
    assert_eq!(refused("CreateImage", &[]).await, "MissingParameter");
    let listed = service
        .ecs("DescribeImages", &[("ImageOwnerAlias", "self")])
        .await;
    let shown = &listed["Images"]["Image"][0];
    assert_eq!(listed["TotalCount"], 1);
    assert_eq!(
        (&shown["ImageId"], &shown["Usage"]),
        (&json!(image), &json!("none"))
    );
    assert_eq!(shown["Size"], 40);
    let snapshot = text(
        &shown["DiskDeviceMappings"]["DiskDeviceMapping"][0],
        "SnapshotId",
    );
    let of_it = [("ImageId", image.as_str())];
    service.ecs("RunInstances", &order(&network, &of_it)).await;
    assert_eq!(refused("DeleteImage", &of_it).await, "ImageUsingByInstance");
    let this = [("SnapshotId", snapshot.as_str())];
    assert_eq!(
        refused("DeleteSnapshot", &this).await,
        "SnapshotCreatedImage"
    );
    let shared = [("ImageId", image.as_str()), ("AddAccount.1", "1234")];
    service.ecs("ModifyImageSharePermission", &shared).await;
    let sharers = service.ecs("DescribeImageSharePermission", &of_it).await;
    assert_eq!(sharers["Accounts"]["Account"][0]["AliyunId"], "1234");
    let to = [
        ("ImageId", image.as_str()),
        ("DestinationRegionId", "cn-beijing"),
        ("DestinationImageName", "mine"),
    ];
    let copy = text(&service.ecs("CopyImage", &to).await, "ImageId");
    assert!(copy.starts_with("m-2ze"), "{copy}");
    // An image is of its region.
    assert_eq!(
        refused("DeleteImage", &[("ImageId", &copy)]).await,
        "InvalidImageId.NotFound"
    );
    let forced = [("ImageId", image.as_str()), ("Force", "true")];
    service.ecs("DeleteImage", &forced).await;
    service.ecs("DeleteSnapshot", &this).await;
    service.end().await;
}

#[tokio::test]
async fn disks_change() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let more = [("SystemDisk.Category", "cloud_essd")];
    let made = service.ecs("CreateInstance", &order(&network, &more)).await;
    let id = text(&made, "InstanceId");
    let this = ("InstanceId", id.as_str());
    let shown = service
        .ecs("DescribeDisks", &[this, ("DiskType", "system")])
        .await;
    let disk = text(&shown["Disks"]["Disk"][0], "DiskId");
    let smaller = [("DiskId", disk.as_str()), ("NewSize", "40")];
    assert_eq!(
        service.refused(ECS, "ResizeDisk", &smaller).await,
        "InvalidDiskSize"
    );
    service
        .ecs("ResizeDisk", &[("DiskId", &disk), ("NewSize", "100")])
        .await;
    service
        .ecs(
            "ModifyDiskSpec",
            &[("DiskId", &disk), ("PerformanceLevel", "PL0")],
        )
        .await;
    service
        .ecs(
            "ModifyDiskAttribute",
            &[("DiskId", &disk), ("DiskName", "root")],
        )
        .await;
    let ids = json!([disk]).to_string();
    let policy = [
        ("autoSnapshotPolicyId", "sp-1"),
        ("diskIds", &ids),
        ("regionId", REGION),
    ];
    service.ecs("ApplyAutoSnapshotPolicy", &policy).await;
    let shown = service.ecs("DescribeDisks", &[("DiskIds", &ids)]).await;
    let shown = &shown["Disks"]["Disk"][0];
    assert_eq!(shown["Size"], 100);
    assert_eq!(shown["PerformanceLevel"], "PL0");
    assert_eq!(shown["DiskName"], "root");
    assert_eq!(shown["AutoSnapshotPolicyId"], "sp-1");

    service.end().await;
}
