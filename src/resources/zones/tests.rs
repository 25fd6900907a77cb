use serde_json::json;

use super::*;

fn answers() -> (Json, Json) {
    let zone = |id: &str, types: &[&str]| {
        json!({
            "ZoneId": id, "LocalName": id,
            "AvailableInstanceTypes": { "InstanceTypes": types },
            "AvailableDiskCategories": { "DiskCategories": ["cloud_essd"] },
        })
    };
    let all = json!({ "Zones": { "Zone": [
        zone("z-c", &["ecs.g7.large"]), zone("z-a", &["ecs.g7.large", "ecs.c7.large"]),
        zone("z-b", &["ecs.c7.large"]), zone("z-d", &[]),
    ] } });
    let state = |id: &str, status: &str| json!({ "ZoneId": id, "Status": status });
    let sold = json!({ "AvailableZones": { "AvailableZone": [
        state("z-a", "Available"), state("z-b", "SoldOut"), state("z-c", "Available"), state("z-d", "Available"),
    ] } });
    (all, sold)
}

#[test]
fn open_zones_are_sorted_and_bare() {
    let (all, sold) = answers();
    let found = result(&Object::new(), &all, &sold).unwrap();
    assert_eq!(found.get("ids").unwrap(), &listing::list(&["z-a", "z-c"]));
    let zones = found.get("zones").unwrap().as_list().unwrap();
    assert_eq!(
        zones[0].as_object().unwrap().get("id").unwrap().as_str(),
        Some("z-a")
    );
    assert!(
        zones[0]
            .as_object()
            .unwrap()
            .get("local_name")
            .unwrap()
            .is_null()
    );
}

#[test]
fn a_type_narrows_them_and_details_fill_them() {
    let (all, sold) = answers();
    let arguments = Object::from_iter([
        ("available_instance_type", Value::from("ecs.c7.large")),
        ("enable_details", Value::Bool(true)),
    ]);
    let found = result(&arguments, &all, &sold).unwrap();
    let zones = found.get("zones").unwrap().as_list().unwrap();
    assert_eq!(zones.len(), 1);
    assert_eq!(
        zones[0]
            .as_object()
            .unwrap()
            .get("local_name")
            .unwrap()
            .as_str(),
        Some("z-a")
    );
}

#[test]
fn no_zone_is_an_error() {
    let (all, sold) = answers();
    let arguments = Object::from_iter([("available_instance_type", Value::from("ecs.x.large"))]);
    assert_eq!(
        result(&arguments, &all, &sold).unwrap_err().error.code,
        "NoZone"
    );
}
