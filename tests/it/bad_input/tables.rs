//! Every check and every rule in the types' tables is broken once, and each is told at its line.
//!
//! What breaks a check follows from it; what breaks a rule in code is written down below, and one that nothing breaks
//! fails the test.

use std::collections::BTreeSet;

use prov::{
    model::{Object, Value},
    resources,
    schema::{Attribute, Check, Presence, Problem, ResourceType, Rule, Type, convert, pairs},
};
use serde_json::{Map, Value as Json, json};

use crate::support::{cloud::Cloud, project::Project};

/// A block, and what must be told of it.
struct Broken {
    kind: &'static str,
    block: Json,
    /// The attribute at whose line it is told; of any line when empty.
    at: &'static str,
    told: String,
}

fn types() -> impl Iterator<Item = &'static ResourceType> {
    let all = resources::ALL.iter().map(|kind| kind.ty);
    all.filter(|ty| ty.alias_of.is_none())
}

/// A value of the attribute, and another one.
fn sample(row: &Attribute, nth: usize) -> Json {
    let words = row.checks.iter().find_map(|check| match check {
        Check::OneOf(words) => words.get(nth.min(words.len() - 1)),
        _ => None,
    });
    let text = words.map_or_else(|| ["first", "second"][nth].to_owned(), ToString::to_string);
    match row.ty {
        Type::Any | Type::String => json!(text),
        Type::Int | Type::Float => json!(nth + 1),
        Type::Bool => json!(nth == 0),
        Type::List(_) | Type::Set(_) => json!([text]),
        Type::Map => json!({ "a": text }),
        Type::Blocks(rows, ..) | Type::BlockSet(rows, ..) => json!([needed(rows)]),
    }
}

/// What must be there, and nothing else.
fn needed(rows: &[Attribute]) -> Json {
    let required = rows.iter().filter(|row| row.presence == Presence::Required);
    let block: Map<String, Json> = required
        .map(|row| (row.name.to_owned(), sample(row, 0)))
        .collect();
    Json::Object(block)
}

/// A block of the type with these arguments beside what must be there.
fn with(rows: &[Attribute], arguments: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
    let mut block = needed(rows);
    for (name, value) in arguments {
        block[name] = value;
    }
    block
}

/// Values of the attribute's type of which each check in code refuses one.
fn pool(ty: &Type) -> Vec<Json> {
    let texts = [
        "",
        "-",
        "1",
        "x",
        "http://x",
        "a b",
        "a_b/c",
        "-1",
        "999999",
        "10.0.0.1/8",
        "fe80::/129",
        "~/it.pem",
        "127.0.0.0/8",
        "224.0.0.0/8",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "\0",
    ];
    let long = "x".repeat(30_000);
    let texts = texts.into_iter().chain([&long[..300], &long]);
    match ty {
        Type::Any | Type::String => texts.map(Json::from).collect(),
        Type::Int | Type::Float => vec![json!(-1), json!(0), json!(0.00001), json!(99_999_999)],
        Type::Bool => Vec::new(),
        Type::List(_) | Type::Set(_) => {
            let many: Vec<String> = (0..200).map(|at| format!("x{at}")).collect();
            let each = texts.map(|text| json!([text]));
            each.chain([json!([]), json!(many)]).collect()
        }
        Type::Map => vec![json!({ "aliyun": "x" }), json!({ "": "x" })],
        Type::Blocks(..) | Type::BlockSet(..) => Vec::new(),
    }
}

/// Returns a value that the check refuses, and what is told of it.
fn refused(row: &Attribute, check: &Check) -> Option<(Json, String)> {
    let told = format!("is not a valid {}", row.name);
    let bad = match check {
        Check::Custom(refuses) => {
            let mut pool = pool(&row.ty).into_iter();
            return pool.find_map(|json| {
                let told = refuses(&Value::from_json(&json)).err()?;
                Some((json, told))
            });
        }
        Check::Length(_, most) | Check::Characters(_, most) => json!("x".repeat(most + 1)),
        Check::Range(_, most) => json!(most + 1),
        Check::OneOf(_) => json!("none of them"),
        Check::OneOfInts(_) => json!(987_654),
        Check::Cidr(..) => json!("10.0.0.0/99"),
        Check::Ipv4 => json!("10.0.0"),
        Check::NoPrefix(prefixes) => json!(format!("{}x", prefixes[0])),
    };
    let listed = matches!(row.ty, Type::List(_) | Type::Set(_));
    Some((if listed { json!([bad]) } else { bad }, told))
}

/// Breaks every check of a type's attributes, and of those in its blocks.
fn checks(ty: &'static ResourceType) -> Vec<Result<Broken, String>> {
    let mut all = Vec::new();
    for row in ty.attributes {
        let mut add = |inner: &'static Attribute, around: &dyn Fn(Json) -> Json| {
            if inner.presence == Presence::Computed {
                return;
            }
            for check in inner.checks {
                let name = inner.name;
                let broken = refused(inner, check).map(|(bad, told)| Broken {
                    kind: ty.name,
                    at: if bad.is_array() || bad.is_object() {
                        ""
                    } else {
                        name
                    },
                    block: with(ty.attributes, [(row.name, around(bad))]),
                    told,
                });
                all.push(broken.ok_or_else(|| format!("{}.{name}: {check:?}", ty.name)));
            }
        };
        add(row, &|bad| bad);
        if let Type::Blocks(rows, ..) | Type::BlockSet(rows, ..) = row.ty {
            for inner in rows {
                add(inner, &|bad| json!([with(rows, [(inner.name, bad)])]));
            }
        }
    }
    all
}

/// Breaks every rule of a type that is not in code, in each way.
fn rules(ty: &'static ResourceType) -> Vec<Broken> {
    let row = |name: &str| ty.attributes.iter().find(|row| row.name == name).unwrap();
    let both = |names: [&'static str; 2]| {
        let block = with(
            ty.attributes,
            names.map(|name| (name, sample(row(name), 0))),
        );
        ("Only one of".to_owned(), block)
    };
    let none = |names: &[&str]| (format!("One of \"{}\"", names[0]), with(ty.attributes, []));
    let mut all = Vec::new();
    for rule in ty.rules {
        match rule {
            Rule::ExactlyOneOf(names) => all.extend([none(names), both([names[0], names[1]])]),
            Rule::AtLeastOneOf(names) => all.push(none(names)),
            Rule::Conflicts(a, b) => all.push(both([a, b])),
            Rule::Requires(a, b) => {
                let block = with(ty.attributes, [(*a, sample(row(a), 0))]);
                all.push((format!("it needs \"{b}\""), block));
            }
            Rule::Custom(_) | Rule::New(_) => {}
        }
    }
    let set = |row: &Attribute| row.presence != Presence::Computed;
    for (old, new) in pairs(ty).filter(|(old, new)| set(old) && set(new)) {
        let names = [(old.name, sample(old, 0)), (new.name, sample(new, 1))];
        let block = with(ty.attributes, names);
        all.push((format!("is the old name of \"{}\"", new.name), block));
    }
    for one in ty.attributes.iter() {
        if one.presence == Presence::Required {
            let mut block = needed(ty.attributes);
            block.as_object_mut().unwrap().remove(one.name);
            all.push((format!("\"{}\"", one.name), block));
        }
    }
    let broken = |(told, block)| Broken {
        kind: ty.name,
        at: "",
        block,
        told,
    };
    all.into_iter().map(broken).collect()
}

/// What breaks rules in code.
fn written() -> Vec<(&'static str, Json)> {
    let of_nothing =
        json!({ "length": 9, "lower": false, "upper": false, "number": false, "special": false });
    let instance = |more: Json| {
        let mut block = json!({
            "instance_type": "ecs.g7.large",
            "image_id": "ubuntu_22_04_x64_20G_alibase_20240926.vhd",
            "vswitch_id": "vsw-1",
            "security_groups": ["sg-1"],
        });
        for (name, value) in more.as_object().unwrap() {
            block[name] = value.clone();
        }
        ("alicloud_instance", block)
    };
    let rule = |ports: &str, group: &str, nic: &str| {
        let block = json!({
            "type": "ingress", "ip_protocol": "tcp", "port_range": ports, "nic_type": nic,
            "security_group_id": "sg-1", "source_security_group_id": group,
        });
        ("alicloud_security_group_rule", block)
    };
    let many: Vec<String> = (0..17).map(|at| format!("sg-{at}")).collect();
    let interface = json!({
        "vswitch_id": "vsw-1", "security_group_ids": many,
        "private_ip_addresses": ["10.0.0.5"], "secondary_private_ip_address_count": 2,
    });
    let mapping =
        json!({ "disk_device_mapping": [{ "disk_type": "system" }, { "disk_type": "data" }] });
    vec![
        ("alicloud_route_entry", json!({ "route_table_id": "vtb-1" })),
        (
            "alicloud_route_entry",
            json!({
                "route_table_id": "vtb-1", "destination_cidrblock": "0.0.0.0/0",
                "nexthop_type": "NatGateway", "nexthop_id": "i-1",
            }),
        ),
        rule("-1/-1", "sg-2", "intranet"),
        rule("22/22", "sg-1", "internet"),
        ("alicloud_ecs_network_interface", interface),
        ("alicloud_image", mapping),
        ("alicloud_vswitch", json!({ "vpc_id": "vpc-1" })),
        (
            "alicloud_vswitch",
            json!({
                "vpc_id": "vpc-1", "zone_id": "cn-hangzhou-h", "cidr_block": "10.0.0.0/24",
                "enable_ipv6": true,
            }),
        ),
        (
            "alicloud_ecs_launch_template",
            json!({ "launch_template_name": "it", "spot_strategy": "SpotWithPriceLimit" }),
        ),
        (
            "alicloud_ecs_launch_template",
            json!({
                "launch_template_name": "it",
                "data_disks": [{ "category": "cloud_essd", "performance_level": "PL3", "size": 40 }],
            }),
        ),
        (
            "alicloud_ecs_disk",
            json!({ "zone_id": "z", "size": 99_999 }),
        ),
        (
            "alicloud_ecs_disk",
            json!({ "zone_id": "z", "size": 40, "performance_level": "PL1" }),
        ),
        (
            "alicloud_ecs_disk",
            json!({ "zone_id": "z", "size": 40, "encrypted": false, "kms_key_id": "key-1" }),
        ),
        (
            "alicloud_ecs_key_pair",
            json!({ "public_key": "ssh-rsa AAAA", "key_file": "it.pem" }),
        ),
        (
            "alicloud_ecs_key_pair_attachment",
            json!({ "key_pair_name": "it", "instance_ids": [] }),
        ),
        (
            "alicloud_eip_address",
            json!({ "payment_type": "Subscription", "internet_charge_type": "PayByTraffic" }),
        ),
        (
            "alicloud_eip_address",
            json!({ "high_definition_monitor_log_status": "ON", "log_store": "eip" }),
        ),
        (
            "alicloud_eip_association",
            json!({ "allocation_id": "eip-1", "instance_id": "10.0.0.5", "instance_type": "IpAddress" }),
        ),
        (
            "alicloud_nat_gateway",
            json!({ "vpc_id": "vpc-1", "nat_type": "Enhanced" }),
        ),
        (
            "alicloud_nat_gateway",
            json!({
                "vpc_id": "vpc-1", "internet_charge_type": "PayByLcu", "payment_type": "Subscription",
            }),
        ),
        (
            "alicloud_slb_load_balancer",
            json!({ "address_type": "internet" }),
        ),
        (
            "alicloud_slb_load_balancer",
            json!({ "address_type": "intranet" }),
        ),
        (
            "alicloud_slb_load_balancer",
            json!({ "payment_type": "Subscription", "instance_charge_type": "PayByCLCU" }),
        ),
        (
            "alicloud_slb_load_balancer",
            json!({
                "modification_protection_status": "NonProtection",
                "modification_protection_reason": "why",
            }),
        ),
        (
            "alicloud_slb_load_balancer",
            json!({ "instance_charge_type": "PayBySpec" }),
        ),
        (
            "alicloud_security_group",
            json!({ "security_group_type": "enterprise", "inner_access_policy": "Drop" }),
        ),
        instance(
            json!({ "instance_type": "ecs.g7.xlarge", "image_id": "centos_6_i386_20G_alibase_1.vhd" }),
        ),
        instance(
            json!({ "image_id": "win2022_21H2_x64_40G_alibase_1.vhd", "system_disk_size": 30 }),
        ),
        instance(
            json!({ "system_disk_category": "cloud_ssd", "system_disk_performance_level": "PL1" }),
        ),
        instance(json!({ "data_disks": [{ "size": 5 }] })),
        instance(json!({ "data_disks": [{ "size": 50, "category": "ephemeral_ssd" }] })),
        instance(json!({
            "data_disks": [{ "size": 50, "device": "/dev/xvdb" }, { "size": 50, "device": "/dev/vdb" }],
        })),
        instance(json!({ "credit_specification": "Standard" })),
        instance(json!({ "host_name": "a..b" })),
        instance(json!({ "password": "weak" })),
        instance(json!({ "key_name": "it", "password": "EcsV587!" })),
        instance(json!({ "vswitch_id": null, "private_ip": "10.0.0.5" })),
        instance(json!({ "system_disk_category": "cloud" })),
        instance(json!({ "instance_charge_type": "PrePaid" })),
        instance(json!({ "spot_strategy": "SpotWithPriceLimit" })),
        instance(json!({ "volume_tags": { "aliyun": "it" } })),
        instance(json!({ "cluster_id": "c-1", "enable_jumbo_frame": true })),
        ("random_integer", json!({ "min": 9, "max": 1 })),
        ("random_string", json!({ "length": 3, "min_lower": 4 })),
        ("random_string", of_nothing.clone()),
        ("random_password", json!({ "length": 3, "min_lower": 4 })),
        ("random_password", of_nothing),
    ]
}

/// A rule in code.
type InCode = fn(&Object) -> Vec<Problem>;

/// Says of the written blocks what is told, and which of these rules none of them breaks.
fn in_code(of: impl Fn(&Rule) -> Option<InCode>) -> (Vec<Broken>, Vec<String>) {
    let (mut all, mut unbroken) = (Vec::new(), Vec::new());
    let written = written();
    for ty in types() {
        for (at, rule) in ty.rules.iter().enumerate() {
            let Some(refuses) = of(rule) else {
                continue;
            };
            let own = written.iter().filter(|(kind, _)| *kind == ty.name);
            let before = all.len();
            for (kind, block) in own {
                let entries = block.as_object().unwrap().iter();
                let object: Object = entries
                    .map(|(name, value)| (name.clone(), Value::from_json(value)))
                    .collect();
                let problems = refuses(&convert(ty, object).arguments);
                all.extend(problems.into_iter().map(|problem| Broken {
                    kind,
                    block: block.clone(),
                    at: "",
                    told: problem.detail,
                }));
            }
            if all.len() == before {
                unbroken.push(format!("rule {at} of {}", ty.name));
            }
        }
    }
    (all, unbroken)
}

/// Returns what is not told as it should be.
fn untold(all: &[Broken]) -> Vec<String> {
    let mut resources = json!({});
    for (at, broken) in all.iter().enumerate() {
        resources[broken.kind][format!("c{at}")] = broken.block.clone();
    }
    let text = serde_json::to_string_pretty(&json!({ "resource": resources })).unwrap();
    let project = Project::new();
    project.write("main.tf.json", &text);
    let said = project.prov("validate -json");
    let json: Json = serde_json::from_str(&said.stdout).unwrap_or_else(|_| panic!("{said}"));
    let lines: Vec<&str> = text.lines().collect();
    let diagnostics = json["diagnostics"].as_array().unwrap();
    let is_told = |at: usize, broken: &Broken| {
        let address = format!("{}.c{at}", broken.kind);
        diagnostics.iter().any(|one| {
            let line = one["range"]["start"]["line"].as_u64().unwrap_or(0);
            let line = usize::try_from(line).unwrap();
            let here = one["range"]["filename"] == "main.tf.json"
                && line > 0
                && lines[line - 1].contains(broken.at);
            let detail = one["detail"].as_str().unwrap();
            here && one["address"] == address.as_str() && detail.contains(&broken.told)
        })
    };
    let untold = all.iter().enumerate().filter(|(at, it)| !is_told(*at, it));
    untold
        .map(|(at, it)| {
            let address = format!("{}.c{at}", it.kind);
            let mut own = diagnostics
                .iter()
                .filter(|one| one["address"] == address.as_str());
            let first = own.next().map(|one| one["detail"].clone());
            let mut block = it.block.to_string();
            block.truncate(200);
            format!("{address} {block}: not {:?}, but {first:?}", it.told)
        })
        .collect()
}

#[test]
fn every_check_is_told_at_its_line() {
    let (mut all, mut unbroken) = (Vec::new(), Vec::new());
    for one in types().flat_map(checks) {
        match one {
            Ok(broken) => all.push(broken),
            Err(which) => unbroken.push(which),
        }
    }
    assert!(unbroken.is_empty(), "nothing breaks {unbroken:#?}");
    let untold = untold(&all);
    assert!(untold.is_empty(), "{}", untold.join("\n"));
}

#[test]
fn every_rule_is_told_at_its_line() {
    let (mut all, unbroken) = in_code(|rule| match rule {
        Rule::Custom(refuses) => Some(*refuses),
        _ => None,
    });
    assert!(unbroken.is_empty(), "nothing breaks {unbroken:#?}");
    all.extend(types().flat_map(rules));
    let untold = untold(&all);
    assert!(untold.is_empty(), "{}", untold.join("\n"));
}

/// Whether a rule for old and new refuses a block, and the plan does not come to what is for new ones only.
fn is_refused_anyway(broken: &Broken) -> bool {
    let ty = types().find(|ty| ty.name == broken.kind).unwrap();
    let entries = broken.block.as_object().unwrap().iter();
    let object: Object = entries
        .map(|(name, value)| (name.clone(), Value::from_json(value)))
        .collect();
    let arguments = convert(ty, object).arguments;
    ty.rules.iter().any(|rule| match rule {
        Rule::Custom(refuses) => !refuses(&arguments).is_empty(),
        _ => false,
    })
}

/// Only a plan knows what is new.
#[test]
fn every_rule_for_what_is_new_is_told_in_the_plan() {
    let (all, unbroken) = in_code(|rule| match rule {
        Rule::New(refuses) => Some(*refuses),
        _ => None,
    });
    assert!(unbroken.is_empty(), "nothing breaks {unbroken:#?}");
    let told: BTreeSet<String> = all.iter().map(|broken| broken.told.clone()).collect();
    let all: Vec<Broken> = all
        .into_iter()
        .filter(|it| !is_refused_anyway(it))
        .collect();
    let alone: BTreeSet<String> = all.iter().map(|broken| broken.told.clone()).collect();
    assert_eq!(alone, told, "broken only along with another rule");
    let cloud = Cloud::instant();
    let project = Project::with(&cloud.provider());
    for Broken {
        kind, block, told, ..
    } in all
    {
        let text = json!({ "resource": { kind: { "it": block } } });
        project.write("it.tf.json", &text.to_string());
        project.prov("plan -no-color").fails(&[&told]);
    }
}
