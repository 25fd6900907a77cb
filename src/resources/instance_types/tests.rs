use serde_json::json;

use super::*;

fn types() -> Vec<Json> {
    let ty = |id: &str, family: &str, cpu: i64, memory: f64| {
        json!({
            "InstanceTypeId": id, "InstanceTypeFamily": family, "CpuCoreCount": cpu, "MemorySize": memory,
            "EniQuantity": 3, "GPUAmount": 0, "GPUSpec": "", "InitialCredit": 0,
        })
    };
    vec![
        ty("ecs.g7.xlarge", "ecs.g7", 4, 16.0),
        ty("ecs.t6-c4m1.large", "ecs.t6", 2, 0.5),
        ty("ecs.g7.large", "ecs.g7", 2, 8.0),
        ty("ecs.none.large", "ecs.none", 2, 8.0),
    ]
}

fn sold() -> Json {
    let zone = |id: &str, names: &[&str]| {
        let supported: Vec<Json> = names
            .iter()
            .map(|name| json!({ "Value": name, "Status": "Available" }))
            .collect();
        json!({
            "ZoneId": id, "Status": "Available",
            "AvailableResources": { "AvailableResource": [{ "Type": "InstanceType", "SupportedResources": { "SupportedResource": supported } }] },
        })
    };
    json!({ "AvailableZones": { "AvailableZone": [
        zone("z-b", &["ecs.g7.large", "ecs.g7.xlarge"]),
        zone("z-a", &["ecs.g7.large", "ecs.t6-c4m1.large"]),
    ] } })
}

fn ids(arguments: &Object) -> Vec<String> {
    let sold = sold();
    let zones = zones(arguments, &sold).unwrap();
    let found = result(arguments, types(), &zones, None);
    let ids = found.get("ids").unwrap().as_list().unwrap();
    ids.iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn only_what_is_sold_in_the_order_of_the_api() {
    assert_eq!(
        ids(&Object::new()),
        ["ecs.g7.xlarge", "ecs.t6-c4m1.large", "ecs.g7.large"]
    );
    let zone = Object::from_iter([("availability_zone", Value::from("z-a"))]);
    assert_eq!(ids(&zone), ["ecs.t6-c4m1.large", "ecs.g7.large"]);
}

#[test]
fn filters_and_sorting() {
    let of = |pairs: &[(&'static str, Value)]| ids(&pairs.iter().cloned().collect());
    assert_eq!(
        of(&[
            ("cpu_core_count", Value::int(2)),
            ("memory_size", Value::int(8))
        ]),
        ["ecs.g7.large"]
    );
    assert_eq!(
        of(&[("sorted_by", Value::from("Memory"))]),
        ["ecs.t6-c4m1.large", "ecs.g7.large", "ecs.g7.xlarge"]
    );
    assert_eq!(
        of(&[("kubernetes_node_role", Value::from("Worker"))]),
        ["ecs.g7.xlarge", "ecs.g7.large"]
    );
    assert_eq!(of(&[("eni_amount", Value::int(4))]), [""; 0]);
}

#[test]
fn a_zone_without_them_is_an_error() {
    let arguments = Object::from_iter([("availability_zone", Value::from("z-x"))]);
    let sold = sold();
    let failure = zones(&arguments, &sold).unwrap_err();
    assert_eq!(failure.attribute.as_deref(), Some("availability_zone"));
    assert!(failure.error.message.contains("z-a, z-b"));
}

#[test]
fn zones_and_maps_are_filled() {
    let sold = sold();
    let zones = zones(&Object::new(), &sold).unwrap();
    let found = result(&Object::new(), types(), &zones, None);
    let types = found.get("instance_types").unwrap().as_list().unwrap();
    let large = types[2].as_object().unwrap();
    assert_eq!(
        large.get("availability_zones").unwrap(),
        &listing::list(&["z-a", "z-b"])
    );
    let gpu = large.get("gpu").unwrap().as_object().unwrap();
    assert_eq!(gpu.get("amount").unwrap().as_str(), Some("0"));
}
