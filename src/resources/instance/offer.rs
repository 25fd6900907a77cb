//! What an instance takes from the market and from the account.

use crate::{
    model::{Object, Value},
    provider::offer::{Amount, Ask, Limit, Offer, Pricing, Related, Term, Wares, related},
};

/// The hook.
pub(super) fn offer(instance: &Object, around: &Related) -> Offer {
    Offer {
        wares: wares(instance, around),
        price: price(instance, around),
        takes: takes(instance),
    }
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

fn number(object: &Object, name: &str) -> Option<i64> {
    object.get(name).and_then(Value::as_int)
}

fn zone(instance: &Object, around: &Related) -> Option<String> {
    text(instance, "availability_zone")
        .or_else(|| related(around, "vswitch_id", "zone_id"))
        .map(ToOwned::to_owned)
}

fn is_prepaid(instance: &Object) -> bool {
    text(instance, "instance_charge_type") == Some("PrePaid")
}

fn spot_strategy(instance: &Object) -> &str {
    text(instance, "spot_strategy").unwrap_or("NoSpot")
}

fn data_disks(instance: &Object) -> impl Iterator<Item = &Object> {
    let disks = instance.get("data_disks").and_then(Value::as_list);
    disks
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_object)
}

fn wares(instance: &Object, around: &Related) -> Option<Wares> {
    let mut data: Vec<String> = data_disks(instance)
        .filter_map(|disk| text(disk, "category"))
        .map(ToOwned::to_owned)
        .collect();
    data.sort();
    data.dedup();
    Some(Wares {
        zone: zone(instance, around),
        instance_type: Some(text(instance, "instance_type")?.to_owned()),
        charge_type: text(instance, "instance_charge_type")
            .unwrap_or("PostPaid")
            .to_owned(),
        spot_strategy: spot_strategy(instance).to_owned(),
        system_disk: text(instance, "system_disk_category").map(ToOwned::to_owned),
        data_disks: data,
    })
}

/// Attributes and the parameters under which the price action takes them.
const PRICED: &[(&str, &str)] = &[
    ("instance_type", "InstanceType"),
    ("image_id", "ImageId"),
    ("system_disk_category", "SystemDisk.Category"),
    ("system_disk_size", "SystemDisk.Size"),
    ("io_optimized", "IoOptimized"),
];
const PRICED_DISK: &[(&str, &str)] = &[
    ("category", "Category"),
    ("size", "Size"),
    ("performance_level", "PerformanceLevel"),
    ("provisioned_iops", "ProvisionedIops"),
];

fn add(params: &mut Vec<(String, String)>, object: &Object, name: &str, parameter: String) {
    let value = text(object, name)
        .map(ToOwned::to_owned)
        .or_else(|| number(object, name).map(|number| number.to_string()));
    params.extend(value.map(|value| (parameter, value)));
}

fn price(instance: &Object, around: &Related) -> Pricing {
    if text(instance, "instance_type").is_none() {
        return Pricing::Open("instance_type");
    }
    let Some(term) = term(instance) else {
        return Pricing::Open("period");
    };
    let mut params = vec![
        ("ResourceType".to_owned(), "instance".to_owned()),
        ("InstanceNetworkType".to_owned(), "vpc".to_owned()),
    ];
    for (name, parameter) in PRICED {
        add(&mut params, instance, name, (*parameter).to_owned());
    }
    if text(instance, "system_disk_category") == Some("cloud_essd") {
        let parameter = "SystemDisk.PerformanceLevel".to_owned();
        add(
            &mut params,
            instance,
            "system_disk_performance_level",
            parameter,
        );
    }
    for (at, disk) in data_disks(instance).enumerate() {
        for (name, parameter) in PRICED_DISK {
            let parameter = format!("DataDisk.{}.{parameter}", at + 1);
            add(&mut params, disk, name, parameter);
        }
    }
    let bandwidth = number(instance, "internet_max_bandwidth_out").unwrap_or(0);
    let by_bandwidth = text(instance, "internet_charge_type") == Some("PayByBandwidth");
    if bandwidth > 0 && by_bandwidth {
        params.push(("InternetChargeType".to_owned(), "PayByBandwidth".to_owned()));
        params.push(("InternetMaxBandwidthOut".to_owned(), bandwidth.to_string()));
    }
    if spot_strategy(instance) != "NoSpot" && term == Term::Hour {
        let strategy = spot_strategy(instance).to_owned();
        params.push(("SpotStrategy".to_owned(), strategy));
        add(
            &mut params,
            instance,
            "spot_duration",
            "SpotDuration".to_owned(),
        );
        params.extend(zone(instance, around).map(|zone| ("ZoneId".to_owned(), zone)));
    }
    Pricing::Ask(Ask {
        params,
        term,
        note: (bandwidth > 0 && !by_bandwidth).then_some("public traffic is paid by use"),
    })
}

fn term(instance: &Object) -> Option<Term> {
    if !is_prepaid(instance) {
        return Some(Term::Hour);
    }
    let count = match instance.get("period") {
        Some(value) if value.is_unknown() => return None,
        // Of an imported subscription, nobody tells for how long it was bought.
        other => other.and_then(Value::as_int).unwrap_or(1),
    };
    Some(match text(instance, "period_unit") {
        Some("Week") => Term::Weeks(count),
        _ => Term::Months(count),
    })
}

fn takes(instance: &Object) -> Vec<(Limit, Amount)> {
    let interfaces = instance
        .get("network_interfaces")
        .and_then(Value::as_list)
        .map_or(0, <[Value]>::len);
    let interfaces = u64::try_from(interfaces).unwrap_or(0) + 1;
    let mut takes = vec![(Limit::Interfaces, Amount::Count(interfaces))];
    if let Some(kind) = text(instance, "instance_type").filter(|_| !is_prepaid(instance)) {
        let limit = match spot_strategy(instance) {
            "NoSpot" => Limit::Vcpus,
            _ => Limit::SpotVcpus,
        };
        takes.push((limit, Amount::Cores(kind.to_owned())));
    }
    takes
}
