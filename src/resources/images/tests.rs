use serde_json::json;

use super::*;

fn found() -> Vec<Json> {
    let image = |id: &str, created: &str| {
        json!({
            "ImageId": id, "ImageName": id, "CreationTime": created, "Size": 20, "IsCopied": false,
            "DiskDeviceMappings": { "DiskDeviceMapping": [{ "Device": "/dev/xvda", "Size": "20", "SnapshotId": "" }] },
            "Tags": { "Tag": [{ "TagKey": "a", "TagValue": "1" }] },
        })
    };
    vec![
        image("ubuntu_22", "2024-09-26T02:00:00Z"),
        image("ubuntu_24", "2025-09-16T02:00:00Z"),
        image("centos_7", "2021-11-30T02:00:00Z"),
    ]
}

#[test]
fn names_are_searched_and_the_newest_kept() {
    let mut arguments = Object::from_iter([("name_regex", Value::from("^ubuntu"))]);
    let all = result(&arguments, found()).unwrap();
    assert_eq!(
        all.get("ids").unwrap(),
        &listing::list(&["ubuntu_22", "ubuntu_24"])
    );
    arguments.insert("most_recent", Value::Bool(true));
    let newest = result(&arguments, found()).unwrap();
    assert_eq!(newest.get("ids").unwrap(), &listing::list(&["ubuntu_24"]));
    let images = newest.get("images").unwrap().as_list().unwrap();
    let image = images[0].as_object().unwrap();
    assert_eq!(image.get("size").unwrap().as_int(), Some(20));
    let mapping = image
        .get("disk_device_mappings")
        .unwrap()
        .as_list()
        .unwrap();
    assert_eq!(
        mapping[0]
            .as_object()
            .unwrap()
            .get("size")
            .unwrap()
            .as_str(),
        Some("20")
    );
    assert_eq!(
        image
            .get("tags")
            .unwrap()
            .as_object()
            .unwrap()
            .get("a")
            .unwrap()
            .as_str(),
        Some("1")
    );
}

#[test]
fn arguments_become_parameters() {
    let arguments = Object::from_iter([
        ("owners", Value::from("system")),
        ("is_support_cloud_init", Value::Bool(false)),
        (
            "tags",
            Value::map(Object::from_iter([("a", Value::from("1"))])),
        ),
    ]);
    let sent = request(&listing::with_defaults(&IMAGES, &arguments));
    let sent: Vec<(&str, &str)> = sent
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        sent,
        [
            ("ImageOwnerAlias", "system"),
            ("Status", "Available"),
            ("Tag.1.Key", "a"),
            ("Tag.1.Value", "1")
        ]
    );
}

#[test]
fn some_filter_is_needed() {
    assert_eq!(validate(&IMAGES, &Object::new()).len(), 1);
    let owners = Object::from_iter([("owners", Value::from("system"))]);
    assert_eq!(validate(&IMAGES, &owners), []);
}
