//! The table's derivations, over one table that has every column.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::{Object, Value, plan::Effect};

static MAKE: Call = call("Make").with(&[("Kind", "x")]).token();
static CHANGE: Call = call("Change");
static ADD: Call = call("Add").part(Part::EachAdded);
static TAG: Call = call("TagResources").with(&[("ResourceType", "thing")]);
static REMOVE: Call = call("Remove");
static LOOK: Read = read_one("Look", "Id", "Things.Thing");

static THING: ResourceType = ResourceType {
    id: Id::Field("Id"),
    create: &[&MAKE],
    read: &[&LOOK],
    updates: &[&CHANGE, &ADD, &TAG],
    delete: &[&REMOVE],
    timeouts: Timeouts {
        create: 10,
        update: 0,
        delete: 5,
    },
    attributes: ATTRIBUTES,
    rules: &[Rule::Conflicts("size", "level")],
    ..resource("test_thing", Service::Ecs, "A thing.")
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "Id.").computed().sent(&[
        (&CHANGE, "Id"),
        (&ADD, "Id"),
        (&TAG, "ResourceId.1"),
        (&REMOVE, "Id"),
    ]),
    string("thing_name", "Name.")
        .kept()
        .sent(&[(&MAKE, "Name"), (&CHANGE, "Name")])
        .read(&LOOK, "Name")
        .check(&[Check::Length(2, 8)]),
    string("name", "Old name.")
        .deprecated("thing_name")
        .kept()
        .sent(&[(&MAKE, "Name"), (&CHANGE, "Name")])
        .read(&LOOK, "Name"),
    string("zone", "Zone.")
        .required()
        .replaces()
        .sent(&[(&MAKE, "Zone")])
        .read(&LOOK, "Zone")
        .check(&[Check::OneOf(&["a", "b"])]),
    string("description", "Text.")
        .sent(&[(&MAKE, "Description"), (&CHANGE, "Description")])
        .read(&LOOK, "Description"),
    int("size", "Size.")
        .sent(&[(&MAKE, "Size"), (&CHANGE, "Size")])
        .read(&LOOK, "Size")
        .check(&[Check::Range(1, 9)])
        .effects(&[
            (Effect::Restarts, On::Any),
            (Effect::Costs, On::Larger),
            (Effect::Saves, On::Smaller),
        ]),
    int("level", "Level.")
        .sent(&[(&MAKE, "Level")])
        .read(&LOOK, "Level"),
    boolean("fast", "Fast.")
        .default(Default::Bool(true))
        .sent(&[(&MAKE, "Fast"), (&CHANGE, "Fast")])
        .read(&LOOK, "Fast"),
    string("password", "Secret.")
        .sensitive()
        .sent(&[(&MAKE, "Password"), (&CHANGE, "Password")]),
    string_set("groups", "Groups.")
        .kept()
        .sent(&[(&MAKE, "GroupId"), (&ADD, "GroupId")])
        .read(&LOOK, "Groups.Group"),
    strings("ranges", "Ranges.")
        .sent(&[(&MAKE, "Range")])
        .wire(Wire::Commas)
        .read(&LOOK, "Ranges")
        .check(&[Check::Cidr(8, 28)]),
    tags("Tags.")
        .sent(&[(&MAKE, "Tag"), (&TAG, "Tag")])
        .read(&LOOK, "Tags.Tag"),
    blocks("disks", "Disks.", DISKS, 1, 2).sent(&[(&MAKE, "Disk")]),
    string("status", "Status.").computed().read(&LOOK, "Status"),
];

static DISKS: &[Attribute] = &[
    int("size", "Size.")
        .required()
        .replaces()
        .sent(&[(&MAKE, "Size")])
        .check(&[Check::Range(1, 100)]),
    string("kind", "Kind.")
        .default(Default::String("plain"))
        .replaces()
        .sent(&[(&MAKE, "Kind")]),
    string("key", "Key.").sent(&[(&MAKE, "KeyId")]),
    string("secret", "Secret.")
        .sensitive()
        .sent(&[(&MAKE, "Secret")]),
];

#[expect(clippy::needless_pass_by_value, reason = "reads best with json!")]
fn object(json: serde_json::Value) -> Object {
    Value::from_json(&json).as_object().unwrap().clone()
}

fn given(json: serde_json::Value) -> Object {
    let converted = convert(&THING, object(json));
    assert!(
        converted.problems.iter().all(|problem| problem.warning),
        "{:?}",
        converted.problems
    );
    converted.arguments
}

fn digest(text: &str) -> String {
    format!("prov:v1:{:064x}", text.len())
}

fn told(proposal: &Proposal) -> Vec<(Effect, Vec<&str>)> {
    proposal
        .effects
        .iter()
        .map(|it| (it.effect, it.causes.iter().map(String::as_str).collect()))
        .collect()
}

fn plan(prior: Option<&Object>, json: serde_json::Value) -> Proposal {
    propose(&THING, None, prior, &given(json), &digest)
}

/// A thing as it is after a creation: nothing is unknown.
fn made(json: serde_json::Value) -> Object {
    let after = plan(None, json).after;
    let mut object: Object = seal(&THING, &after, &digest)
        .into_iter()
        .map(|(name, value)| {
            (
                name,
                if value.is_unknown() {
                    Value::Null
                } else {
                    value
                },
            )
        })
        .collect();
    object.insert("id", Value::from("t-1"));
    object
}

fn paths(problems: &[Problem]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| format!("{}: {}", problem.path, problem.summary))
        .collect()
}

#[test]
fn values_are_coerced() {
    let arguments = given(json!({
        "zone": "a", "size": "3", "fast": "false", "level": 2, "groups": ["b", "a", "b"],
        "tags": {"n": 1, "gone": null}, "disks": {"size": 40}, "password": "hunter2",
    }));
    assert_eq!(arguments.get("size"), Some(&Value::int(3)));
    assert_eq!(arguments.get("fast"), Some(&Value::Bool(false)));
    assert_eq!(
        arguments.get("groups"),
        Some(&Value::set(vec!["a".into(), "b".into()]))
    );
    assert_eq!(arguments.get("tags").unwrap().to_json(), json!({"n": "1"}));
    assert_eq!(
        arguments.get("disks").unwrap().to_json(),
        json!([{"size": 40}])
    );
    assert!(arguments.get("password").unwrap().is_sensitive());
}

#[test]
fn what_does_not_fit_is_said() {
    let converted = convert(
        &THING,
        object(json!({
            "zon": "a", "size": 1.5, "status": "x", "groups": "a", "name": "x", "tags": ["x"],
            "disks": [{"size": 1}, {"sice": 2}, {"size": {}}],
        })),
    );
    assert_eq!(
        paths(&converted.problems),
        [
            "disks[1].sice: Unsupported argument",
            "disks[1].size: Missing required argument",
            "disks[2].size: Wrong type",
            "disks: Too many blocks",
            "groups: Wrong type",
            "name: Deprecated argument",
            "size: Wrong type",
            "status: Read-only argument",
            "tags: Wrong type",
            "zon: Unsupported argument",
            "zone: Missing required argument",
        ]
    );
    assert_eq!(
        converted.problems[0].hint.as_deref(),
        Some("Did you mean \"size\"?")
    );
}

#[test]
fn unknown_values_pass() {
    let mut arguments = object(json!({"zone": "a"}));
    arguments.insert("size", Value::Unknown(crate::model::Type::Any));
    arguments.insert("disks", Value::UNKNOWN);
    let converted = convert(&THING, arguments);
    assert_eq!(converted.problems, []);
    assert_eq!(
        converted.arguments.get("size"),
        Some(&Value::Unknown(crate::model::Type::Number))
    );
    assert_eq!(validate(&THING, &converted.arguments), []);
    let mut wrong = object(json!({"zone": "a"}));
    wrong.insert(
        "size",
        Value::Unknown(crate::model::Type::list(crate::model::Type::Any)),
    );
    assert_eq!(
        paths(&convert(&THING, wrong).problems),
        ["size: Wrong type"]
    );
}

#[test]
fn timeouts_are_apart() {
    let converted = convert(
        &THING,
        object(
            json!({"zone": "a", "timeouts": {"create": "1h30m", "update": "1m", "delete": "soon"}}),
        ),
    );
    assert_eq!(converted.timeouts.create.unwrap().as_secs(), 5400);
    assert!(!converted.arguments.contains_key("timeouts"));
    assert_eq!(
        paths(&converted.problems),
        [
            "timeouts.delete: Invalid timeout",
            "timeouts.update: Unsupported timeout"
        ]
    );
    let again = object(json!({"timeouts": converted.timeouts.to_value().unwrap().to_json()}));
    assert_eq!(limits(&THING, &again).create.as_secs(), 5400);
    assert_eq!(limits(&THING, &again).delete.as_secs(), 300);
    for text in ["", "m", "1", "-1m", "1e400h", "99999999999h", "1x"] {
        assert_eq!(
            convert(
                &THING,
                object(json!({"zone": "a", "timeouts": {"create": text}}))
            )
            .problems
            .len(),
            1,
            "{text}"
        );
    }
}

#[test]
fn checks_name_the_value_and_what_is_allowed() {
    let problems = validate(
        &THING,
        &given(json!({
            "zone": "c", "thing_name": "x", "size": 12, "level": 1, "ranges": ["10.0.0.0/8", "10.0.0.1/8", "x"],
            "disks": [{"size": 0}], "name": "other",
        })),
    );
    assert_eq!(
        paths(&problems),
        [
            "thing_name: Invalid thing name",
            "zone: Invalid zone",
            "size: Invalid size",
            "ranges[1]: Invalid ranges",
            "ranges[2]: Invalid ranges",
            "disks[0].size: Invalid size",
            "name: Conflicting arguments",
            "level: Conflicting arguments",
        ]
    );
    assert_eq!(
        problems[1].detail,
        "\"c\" is not a valid zone. It must be one of \"a\", \"b\"."
    );
}

#[test]
fn a_creation_leaves_to_the_cloud_what_it_decides() {
    let after = plan(
        None,
        json!({"zone": "a", "name": "old", "disks": [{"size": 40}]}),
    )
    .after;
    assert!(after.get("id").unwrap().is_unknown());
    assert!(after.get("status").unwrap().is_unknown());
    assert!(after.get("groups").unwrap().is_unknown());
    assert_eq!(after.get("thing_name"), Some(&Value::from("old")));
    assert_eq!(after.get("fast"), Some(&Value::Bool(true)));
    assert_eq!(after.get("description"), Some(&Value::Null));
    assert_eq!(
        after.get("disks").unwrap().to_json(),
        json!([{"size": 40, "kind": "plain", "key": null, "secret": null}])
    );
}

#[test]
fn effects_depend_on_where_a_value_goes_and_on_the_object() {
    let change = |prior: serde_json::Value, to: serde_json::Value| {
        let mut prior_object = made(json!({"zone": "a"}));
        for (name, value) in object(prior).iter() {
            prior_object.insert(name.clone(), value.clone());
        }
        let proposal = plan(Some(&prior_object), to);
        let effects = proposal.effects.iter().map(|it| it.effect);
        effects.collect::<Vec<_>>()
    };
    let smaller = json!({"zone": "a", "size": 1});
    assert_eq!(
        change(json!({"size": 2}), smaller.clone()),
        [Effect::Restarts, Effect::Saves]
    );
    assert_eq!(
        change(json!({"size": 2, "status": "Stopped"}), smaller),
        [Effect::Saves]
    );
    // From nothing is more, to nothing is less.
    let set = json!({"zone": "a", "size": 2});
    assert_eq!(change(json!({}), set), [Effect::Restarts, Effect::Costs]);
    assert_eq!(
        change(json!({"size": 2}), json!({"zone": "a"})),
        [Effect::Restarts, Effect::Saves]
    );
}

#[test]
fn differences_are_found_where_they_are() {
    let first =
        json!({"zone": "a", "size": 1, "tags": {"a": "1"}, "disks": [{"size": 40}, {"size": 50}]});
    let prior = made(first);
    let proposal = plan(
        Some(&prior),
        json!({"zone": "a", "size": 2, "tags": {"a": "2"}, "disks": [{"size": 40, "key": "k"}, {"size": 60}], "level": 3, "description": ""}),
    );
    assert_eq!(
        proposal.changed,
        ["size", "level", "tags", "disks[0].key", "disks[1].size"]
    );
    assert_eq!(proposal.replaces, ["disks[1].size"]);
    assert_eq!(
        told(&proposal),
        [
            (Effect::Restarts, vec!["size"]),
            (Effect::Costs, vec!["size"]),
            (Effect::NoEffect, vec!["level", "disks[0].key"])
        ]
    );
    assert!(carries(&THING, &CHANGE, &proposal.changed));
    assert!(!carries(
        &THING,
        &CHANGE,
        &["id".to_owned(), "tags".to_owned()]
    ));
    let zone = plan(
        Some(&prior),
        json!({"zone": "b", "size": 1, "tags": {"a": "1"}, "disks": [{"size": 40}]}),
    );
    assert_eq!(zone.replaces, ["zone", "disks[1]"]);
}

#[test]
fn an_unset_argument_goes_away_unless_the_cloud_keeps_it() {
    let prior =
        made(json!({"zone": "a", "thing_name": "web", "description": "x", "groups": ["g"]}));
    let proposal = plan(Some(&prior), json!({"zone": "a"}));
    assert_eq!(proposal.changed, ["description"]);
    assert_eq!(proposal.after.get("thing_name"), Some(&Value::from("web")));
    let params = encode_update(&THING, &CHANGE, &proposal.after, &proposal.changed);
    let params: Vec<_> = params
        .iter()
        .map(|p| (p.name.as_str(), p.value.as_str()))
        .collect();
    assert_eq!(params, [("Description", ""), ("Id", "t-1")]);
}

#[test]
fn the_name_that_is_written_is_the_one_that_changes() {
    let prior = made(json!({"zone": "a", "thing_name": "web"}));
    let proposal = plan(Some(&prior), json!({"zone": "a", "name": "api"}));
    assert_eq!(proposal.changed, ["name"]);
    assert_eq!(proposal.after.get("thing_name"), Some(&Value::from("api")));
}

#[test]
fn secrets_are_compared_by_digest() {
    let prior = made(json!({"zone": "a", "password": "hunter2"}));
    assert_eq!(
        prior.get("password").unwrap().as_str().unwrap(),
        digest("hunter2")
    );
    let same = plan(Some(&prior), json!({"zone": "a", "password": "hunter2"}));
    assert!(same.changed.is_empty());
    assert_eq!(same.after.get("password"), prior.get("password"));
    let other = plan(Some(&prior), json!({"zone": "a", "password": "hunter22"}));
    assert_eq!(other.changed, ["password"]);
    assert_eq!(
        other.after.get("password"),
        Some(&Value::from("hunter22").sensitive())
    );
    let params = encode(&THING, &MAKE, &other.after);
    assert!(
        params
            .iter()
            .find(|param| param.name == "Password")
            .unwrap()
            .secret
    );
}

#[test]
fn what_the_cloud_never_tells_does_not_replace_an_imported_object() {
    let imported = object(json!({"id": "t-1", "zone": "a", "fast": true}));
    let proposal = plan(
        Some(&imported),
        json!({"zone": "a", "disks": [{"size": 40}], "level": 1}),
    );
    assert_eq!(proposal.replaces, [""; 0]);
    assert_eq!(proposal.changed, ["level"]);
}

#[test]
fn requests_are_sorted_and_flat() {
    let after = plan(
        None,
        json!({"zone": "a", "name": "n1", "thing_name": "n1", "groups": ["h", "g"], "ranges": ["10.0.0.0/8", "11.0.0.0/8"], "tags": {"k": "v"}, "disks": [{"size": 40}, {"size": 50, "secret": "s"}]}),
    )
    .after;
    let params: Vec<String> = encode(&THING, &MAKE, &after)
        .iter()
        .map(|p| format!("{}={}", p.name, p.value))
        .collect();
    assert_eq!(
        params,
        [
            "Disk.1.Kind=plain",
            "Disk.1.Size=40",
            "Disk.2.Kind=plain",
            "Disk.2.Secret=s",
            "Disk.2.Size=50",
            "Fast=true",
            "GroupId.1=g",
            "GroupId.2=h",
            "Kind=x",
            "Name=n1",
            "Range=10.0.0.0/8,11.0.0.0/8",
            "Tag.1.Key=k",
            "Tag.1.Value=v",
            "Zone=a",
        ]
    );
    let prior = object(json!({"id": "t-1", "groups": ["g"]}));
    let desired = object(json!({"id": "t-1", "groups": ["g", "h", "i"]}));
    let each = encode_each(&THING, &ADD, &prior, &desired);
    assert_eq!(each.len(), 2);
    assert_eq!(
        each[1].iter().map(|p| p.value.as_str()).collect::<Vec<_>>(),
        ["i", "t-1"]
    );
}

#[test]
fn answers_are_read_leniently() {
    let item = json!({
        "Name": "web", "Zone": "a", "Size": "3", "Fast": "False", "Groups": {"Group": ["b", "a"]}, "Ranges": "10.0.0.0/8,11.0.0.0/8",
        "Tags": {"Tag": [{"TagKey": "k", "TagValue": "v"}, {"Key": "acs:rm", "Value": "x"}]}, "Status": "Up",
    });
    let read = decode(&THING, &LOOK, &item);
    assert_eq!(read.get("size"), Some(&Value::int(3)));
    assert_eq!(read.get("fast"), Some(&Value::Bool(false)));
    assert_eq!(read.get("groups").unwrap().to_json(), json!(["a", "b"]));
    assert_eq!(
        read.get("ranges").unwrap().to_json(),
        json!(["10.0.0.0/8", "11.0.0.0/8"])
    );
    assert_eq!(read.get("tags").unwrap().to_json(), json!({"k": "v"}));
    assert_eq!(read.get("name"), read.get("thing_name"));
    assert_eq!(read.get("description"), Some(&Value::Null));
    assert!(!read.contains_key("password"));
    let tables = json!({"T": [{"Type": "Custom", "Id": "1"}, {"Type": "System", "Id": "2"}]});
    assert_eq!(at(&tables, "T[Type=System].Id"), Some(&json!("2")));
    assert_eq!(at(&tables, "T.Id"), Some(&json!("1")));
    assert_eq!(at(&tables, "T.Id.X"), None);
}

#[test]
fn sensitive_values_are_marked_again() {
    let stored = object(
        json!({"zone": "a", "password": "p", "groups": ["b", "a"], "disks": [{"size": 1, "secret": "s"}]}),
    );
    let marked = mark(&THING, stored);
    assert!(marked.get("password").unwrap().is_sensitive());
    assert_eq!(
        marked.get("groups"),
        Some(&Value::set(vec!["a".into(), "b".into()]))
    );
    let disk = marked.get("disks").unwrap().as_list().unwrap()[0].clone();
    assert!(
        disk.as_object()
            .unwrap()
            .get("secret")
            .unwrap()
            .is_sensitive()
    );
    assert_eq!(mark(&THING, marked.clone()), marked);
}

fn arguments() -> impl Strategy<Value = serde_json::Value> {
    let text = "[a-z]{0,3}";
    (
        prop::option::of(text),
        prop::option::of(text),
        prop::option::of(0..4i64),
        prop::option::of(any::<bool>()),
        prop::option::of(prop::collection::vec(text, 0..3)),
        prop::option::of(prop::collection::btree_map("[a-z]", text, 0..3)),
        prop::option::of(prop::collection::vec((1..9i64, prop::option::of(text), prop::option::of(text)), 1..3)),
        prop::option::of(text),
    )
        .prop_map(|(name, description, size, fast, groups, tags, disks, password)| {
            let disks = disks.map(|disks| {
                disks.iter().map(|(size, key, secret)| json!({"size": size, "key": key, "secret": secret})).collect::<Vec<_>>()
            });
            json!({
                "zone": "a", "thing_name": name, "description": description, "size": size, "fast": fast,
                "groups": groups, "tags": tags, "disks": disks, "password": password,
            })
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_changes_when_nothing_changed(json in arguments()) {
        let prior = made(json.clone());
        let again = plan(Some(&prior), json.clone());
        prop_assert_eq!(&again.changed, &Vec::<String>::new());
        // The same after the state went through its file.
        let stored = mark(&THING, object(Value::object(prior).to_json()));
        prop_assert_eq!(plan(Some(&stored), json).changed, Vec::<String>::new());
    }

    #[test]
    fn a_change_leads_to_what_is_asked(before in arguments(), after in arguments()) {
        let prior = made(before);
        let proposal = plan(Some(&prior), after.clone());
        let then = seal(&THING, &proposal.after, &digest);
        prop_assert_eq!(plan(Some(&then), after).changed, Vec::<String>::new());
    }

    #[test]
    fn sealing_twice_is_sealing_once(json in arguments()) {
        let once = seal(&THING, &plan(None, json).after, &digest);
        prop_assert_eq!(seal(&THING, &once, &|_| "other".to_owned()), once);
    }
}
