//! The tables obey their own rules.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::{
    model::{Object, Value},
    provider::lifecycle::create_request,
    schema::{convert, encode, lint::lint, mark, propose, seal, validate},
};

fn object<const N: usize>(entries: [(&str, Value); N]) -> Object {
    Object::from_iter(entries.map(|(name, value)| (name.to_owned(), value)))
}

#[test]
fn tables_are_sound() {
    let registered: Vec<&str> = ALL.iter().chain(DATA).map(|kind| kind.ty.name).collect();
    let faults: Vec<String> = ALL
        .iter()
        .chain(DATA)
        .flat_map(|kind| lint(kind.ty, &registered))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn types_are_found_by_name() {
    let mut names: Vec<&str> = ALL.iter().map(|kind| kind.ty.name).collect();
    names.dedup();
    assert_eq!(names.len(), ALL.len());
    assert_eq!(find("alicloud_vpc").unwrap().ty.name, "alicloud_vpc");
    assert!(find("alicloud_vpcs").is_none());
}

fn problems(name: &str, given: Object) -> Vec<String> {
    let ty = find(name).unwrap().ty;
    let converted = convert(ty, given);
    let mut problems = converted.problems;
    problems.extend(validate(ty, &converted.arguments));
    problems
        .into_iter()
        .map(|problem| format!("{}: {}", problem.path, problem.summary))
        .collect()
}

#[test]
fn vswitch_in_its_vpc() {
    let vpc = object([
        ("cidr_block", "10.0.0.0/16".into()),
        ("secondary_cidr_blocks", Value::Null),
    ]);
    let check = |range: &str| {
        let this = object([("cidr_block", range.into())]);
        (vswitch::VSWITCH.cross[0].check)(&this, &vpc).is_none()
    };
    assert!(check("10.0.3.0/24"));
    assert!(check("10.0.0.0/16"));
    assert!(!check("10.1.0.0/24"));
    let unknown = object([("cidr_block", Value::UNKNOWN)]);
    assert!((vswitch::VSWITCH.cross[0].check)(&unknown, &vpc).is_none());
}

#[test]
fn vswitches_do_not_overlap() {
    let apart = |a: &str, b: &str| {
        let of = |range: &str| object([("cidr_block", range.into())]);
        (vswitch::VSWITCH.siblings.unwrap().check)(&of(a), &of(b)).is_none()
    };
    assert!(apart("10.0.0.0/24", "10.0.1.0/24"));
    assert!(!apart("10.0.0.0/24", "10.0.0.128/25"));
    assert!(!apart("10.0.0.128/25", "10.0.0.0/24"));
}

#[test]
fn vswitch_arguments() {
    assert_eq!(
        problems(
            "alicloud_vswitch",
            object([("is_default", true.into()), ("zone_id", "z".into())])
        ),
        [""; 0]
    );
    assert_eq!(
        problems(
            "alicloud_vswitch",
            object([
                ("cidr_block", "10.0.0.1/24".into()),
                ("vpc_id", "vpc-1".into())
            ])
        ),
        [
            "cidr_block: Invalid CIDR block",
            ": Missing required argument"
        ]
    );
}

#[test]
fn rule_ports_fit_the_protocol() {
    let rule = |protocol: &str, ports: Option<&str>| {
        let mut given = object([
            ("security_group_id", "sg-1".into()),
            ("type", "ingress".into()),
            ("cidr_ip", "0.0.0.0/0".into()),
            ("ip_protocol", protocol.into()),
        ]);
        if let Some(ports) = ports {
            given.insert("port_range", ports.into());
        }
        problems("alicloud_security_group_rule", given)
    };
    assert_eq!(rule("tcp", Some("22/22")), [""; 0]);
    assert_eq!(rule("icmp", None), [""; 0]);
    assert_eq!(
        rule("tcp", None),
        ["port_range: Ports do not fit the protocol"]
    );
    assert_eq!(
        rule("all", Some("1/2")),
        ["port_range: Ports do not fit the protocol"]
    );
    assert_eq!(
        rule("tcp", Some("0/70000")),
        ["port_range: Invalid port range"]
    );
}

#[test]
fn rule_request_is_one_permission() {
    let kind = find("alicloud_security_group_rule").unwrap();
    let given = object([
        ("security_group_id", "sg-1".into()),
        ("type", "egress".into()),
        ("ip_protocol", "tcp".into()),
        ("port_range", "443/443".into()),
        ("ipv6_cidr_ip", "2001:db8::/32".into()),
    ]);
    let desired = propose(kind.ty, kind.hooks.propose, None, &given, &|text| {
        text.to_owned()
    })
    .after;
    let request = create_request(kind.ty, &desired);
    assert_eq!(request.action, "AuthorizeSecurityGroupEgress");
    let params: Vec<(&str, &str)> = request
        .params
        .iter()
        .map(|p| (p.name.as_str(), p.value.as_str()))
        .collect();
    assert_eq!(
        params,
        [
            ("Permissions.1.IpProtocol", "tcp"),
            ("Permissions.1.Ipv6DestCidrIp", "2001:db8::/32"),
            ("Permissions.1.Policy", "accept"),
            ("Permissions.1.PortRange", "443/443"),
            ("Permissions.1.Priority", "1"),
            ("SecurityGroupId", "sg-1"),
        ]
    );
    let id = kind.hooks.id.unwrap()(&request, &serde_json::Value::Null).unwrap();
    assert_eq!(
        id,
        "sg-1:egress:tcp:443/443:intranet:2001_db8__/32:accept:1"
    );
}

#[test]
fn group_names_are_one() {
    let kind = find("alicloud_security_group").unwrap();
    let desired = propose(
        kind.ty,
        None,
        None,
        &object([("name", "web".into())]),
        &|t| t.to_owned(),
    );
    assert_eq!(
        desired.after.get("security_group_name"),
        Some(&Value::from("web"))
    );
    let request = create_request(kind.ty, &desired.after);
    assert_eq!(request.params.len(), 1);
    assert_eq!(request.params[0].name, "SecurityGroupName");
}

#[test]
fn group_policy_has_two_forms() {
    let kind = find("alicloud_security_group").unwrap();
    let given = object([("inner_access", false.into())]);
    let after = propose(kind.ty, None, None, &given, &|t| t.to_owned()).after;
    assert_eq!(after.get("inner_access_policy"), Some(&Value::from("Drop")));
    let both = object([
        ("inner_access", true.into()),
        ("inner_access_policy", "Drop".into()),
    ]);
    assert_eq!(
        problems("alicloud_security_group", both),
        [
            "inner_access: Deprecated argument",
            "inner_access: Conflicting arguments"
        ]
    );
}

/// Any JSON that is not deep, with texts that are more interesting than noise.
fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        prop_oneof![
            "\\PC{0,9}",
            "[0-9./:-]{0,20}",
            "true|false|-1/-1|10.0.0.0/8|tcp|ingress|all"
        ]
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[a-z_]{0,6}|size|category|key", inner, 0..4)
                .prop_map(|entries| json!(entries)),
        ]
    })
}

/// Arguments for a type: some of its attributes, with any value.
fn any_arguments() -> impl Strategy<Value = (usize, Vec<(prop::sample::Index, Json)>)> {
    let entry = (any::<prop::sample::Index>(), any_json());
    (0..ALL.len(), prop::collection::vec(entry, 0..12))
}

fn arguments(ty: &crate::schema::ResourceType, entries: &[(prop::sample::Index, Json)]) -> Object {
    entries
        .iter()
        .map(|(at, json)| {
            (
                ty.attributes[at.index(ty.attributes.len())].name,
                Value::from_json(json),
            )
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing that is written in a manifest makes the tables' derivations panic.
    #[test]
    fn any_arguments_are_judged((kind, entries) in any_arguments(), (_, others) in any_arguments()) {
        let kind = &ALL[kind];
        let digest = |text: &str| format!("prov:v1:{:064x}", text.len());
        let given = convert(kind.ty, arguments(kind.ty, &entries)).arguments;
        let _ = validate(kind.ty, &given);
        for rule in kind.ty.cross {
            let _ = (rule.check)(&given, &arguments(kind.ty, &others));
        }
        let made = propose(kind.ty, kind.hooks.propose, None, &given, &digest).after;
        if kind.hooks.create_request.is_none() {
            create_request(kind.ty, &made);
        }
        for call in kind.ty.updates.iter().chain(kind.ty.delete) {
            encode(kind.ty, call, &made);
        }
        let prior = mark(kind.ty, arguments(kind.ty, &others));
        let changed = propose(kind.ty, kind.hooks.propose, Some(&prior), &given, &digest);
        let sealed = seal(kind.ty, &changed.after, &digest);
        prop_assert_eq!(seal(kind.ty, &sealed, &digest), sealed);
    }

    /// What was made as asked needs no update.
    #[test]
    fn what_was_made_needs_no_change((kind, entries) in any_arguments()) {
        let kind = &ALL[kind];
        let digest = |text: &str| format!("prov:v1:{:064x}", text.len());
        let converted = convert(kind.ty, arguments(kind.ty, &entries));
        let bad = converted.problems.iter().any(|problem| !problem.warning);
        if !bad && !validate(kind.ty, &converted.arguments).iter().any(|problem| !problem.warning) {
            let given = converted.arguments;
            let made = propose(kind.ty, kind.hooks.propose, None, &given, &digest).after;
            let made = crate::provider::batch::merge(kind.ty, "id-1", &seal(kind.ty, &made, &digest), []);
            let again = propose(kind.ty, kind.hooks.propose, Some(&made), &given, &digest);
            prop_assert_eq!(again.changed, Vec::<String>::new());
        }
    }
}
