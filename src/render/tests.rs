//! What is printed for hand-made plans, states, events and diagnostics.
//!
//! In the JSON that values are made of, `"?"` is unknown, `{"!secret": x}` is sensitive and
//! `{"!map": {…}}` is a map.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value as Json, json};

use super::{
    JsonEvents, Style, diagnostic_json, diagnostics,
    json::{outputs_json, plan_json, state_json},
    terminal,
};
use crate::model::{
    Address, Diagnostic, Object, Sources, Span, Type, Value,
    diagnostic::Told,
    event::{Event, Summary},
    language::Language,
    plan::{Action, Change, Consequence, Counts, Effect, Mode, OutputChange, Plan, Reason},
    state::{Output, State, Status, Stored},
};

const PROVIDER: &str = "provider[\"registry.terraform.io/aliyun/alicloud\"]";

fn value(json: &Json) -> Value {
    match json {
        Json::String(text) if text == "?" => Value::UNKNOWN,
        Json::Array(items) => Value::list(items.iter().map(value).collect()),
        Json::Object(entries) => match (entries.get("!secret"), entries.get("!map")) {
            (Some(inner), _) => value(inner).sensitive(),
            (_, Some(inner)) => Value::map(object(inner)),
            _ => Value::object(object(json)),
        },
        other => Value::from_json(other),
    }
}

fn object(json: &Json) -> Object {
    let entries = json.as_object().unwrap();
    let entry = |(name, json): (&String, &Json)| (name.as_str().to_owned(), value(json));
    entries.iter().map(entry).collect()
}

fn change(address: &str, action: Action, before: Json, after: Json) -> Change {
    let side = |json: Json| json.is_object().then(|| Arc::new(object(&json)));
    Change {
        before: side(before),
        after: side(after),
        ..Change::new(Address::parse(address).unwrap(), PROVIDER.into(), action)
    }
}

fn has(effect: Effect, causes: &[&str]) -> Consequence {
    let causes = causes.iter().map(ToString::to_string).collect();
    Consequence { effect, causes }
}

fn plan_of(changes: Vec<Change>) -> Plan {
    Plan {
        changes,
        timestamp: "2026-11-24T02:33:39Z".to_owned(),
        ..Plan::default()
    }
}

fn text(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn shown(plan: &Plan) -> String {
    text(|out| terminal::plan(plan, Style::default(), out))
}

/// Checks what is shown for one change, from its header to the summary line.
fn check(change: Change, expected: &str) {
    let shown = shown(&plan_of(vec![change]));
    let (_, block) = shown.split_once("following actions:\n\n").unwrap();
    let (block, _) = block.split_once("\n\nPlan: ").unwrap();
    assert_eq!(block, expected.trim_matches('\n'), "\n{shown}");
}

#[test]
fn a_creation_lists_what_is_set_and_what_is_unknown() {
    let after = json!({
        "id": "?",
        "cidr_block": "10.0.0.0/8",
        "description": "",
        "enable_ipv6": true,
        "dry_run": null,
        "tags": { "!map": { "Name": "web", "a b": "c" } },
        "user_cidrs": ["10.1.0.0/16"],
    });
    let plan = plan_of(vec![change(
        "alicloud_vpc.main",
        Action::Create,
        Json::Null,
        after,
    )]);
    assert_eq!(
        shown(&plan),
        r#"
prov used the selected providers to generate the following execution plan.
Resource actions are indicated with the following symbols:
  + create

prov will perform the following actions:

  # alicloud_vpc.main will be created
  + resource "alicloud_vpc" "main" {
      + cidr_block  = "10.0.0.0/8"
      + enable_ipv6 = true
      + id          = (known after apply)
      + tags        = {
          + "Name" = "web"
          + "a b"  = "c"
        }
      + user_cidrs  = [
          + "10.1.0.0/16",
        ]
    }

Plan: 1 to add, 0 to change, 0 to destroy.
"#
    );
}

#[test]
fn an_update_hides_what_stays_and_names_its_effects() {
    let before = json!({
        "id": "i-1", "instance_type": "ecs.t6", "image_id": "m", "host_name": "h",
        "tags": { "!map": { "Name": "web" } },
    });
    let after = json!({
        "id": "i-1", "instance_type": "ecs.g7", "image_id": "m", "host_name": "h",
        "tags": { "!map": { "Name": "web" } },
    });
    let mut change = change("alicloud_instance.web[0]", Action::Update, before, after);
    change.effects = vec![
        has(Effect::Restarts, &["instance_type"]),
        has(Effect::ChangesBilling, &["instance_type", "period"]),
    ];
    check(
        change,
        r#"
  # alicloud_instance.web[0] will be updated in-place
  # (restarts the instance: instance_type)
  # (changes what is billed: instance_type, period)
  ~ resource "alicloud_instance" "web" {
        id            = "i-1"
      ~ instance_type = "ecs.t6" -> "ecs.g7"
        tags          = {
            "Name" = "web"
        }
        # (2 unchanged attributes hidden)
    }"#,
    );
}

#[test]
fn a_move_is_shown_alone_and_with_other_changes() {
    let kept = json!({ "id": "vpc-1", "cidr_block": "10.0.0.0/8" });
    let mut alone = change(
        "alicloud_vpc.a[0]",
        Action::NoOp,
        kept.clone(),
        kept.clone(),
    );
    alone.previous = Some(Address::parse("alicloud_vpc.a").unwrap());
    check(
        alone.clone(),
        r#"
  # alicloud_vpc.a has moved to alicloud_vpc.a[0]
    resource "alicloud_vpc" "a" {
        id         = "vpc-1"
        # (1 unchanged attribute hidden)
    }"#,
    );
    let plan = plan_of(vec![alone.clone()]);
    assert!(!plan.is_empty());
    let shown = text(|out| terminal::plan(&plan, Style::default(), out));
    assert!(
        shown.contains("\nPlan: 0 to add, 0 to change, 0 to destroy.\n"),
        "{shown}"
    );
    let json = serde_json::to_value(plan_json(&plan, &Json::Null)).unwrap();
    assert_eq!(json["applyable"], true);
    assert_eq!(
        json["resource_changes"][0]["previous_address"],
        "alicloud_vpc.a"
    );
    assert_eq!(
        json["resource_changes"][0]["change"]["actions"],
        json!(["no-op"])
    );
    let events = text(|out| JsonEvents::new(out).plan(&plan, "now"));
    let event: Json = serde_json::from_str(events.lines().next().unwrap()).unwrap();
    assert_eq!(event["@message"], "alicloud_vpc.a[0]: Plan to move");
    assert_eq!(event["change"]["action"], "move");
    assert_eq!(
        event["change"]["previous_resource"]["addr"],
        "alicloud_vpc.a"
    );

    let mut renamed = json!({ "id": "vpc-1", "cidr_block": "10.0.0.0/8" });
    renamed["description"] = json!("d");
    let mut both = change("alicloud_vpc.a[0]", Action::Update, kept, renamed);
    both.previous = alone.previous;
    let shown = text(|out| terminal::plan(&plan_of(vec![both]), Style::default(), out));
    assert!(
        shown.contains(" will be updated in-place\n  # (moved from alicloud_vpc.a)\n"),
        "{shown}"
    );
}

#[test]
fn a_replacement_says_what_forces_it_in_either_order() {
    let before = json!({ "id": "vsw-1", "cidr_block": "a", "zones": ["a", "b"] });
    let after = json!({ "id": "?", "cidr_block": "b", "zones": ["a", "c"] });
    let mut it = change(
        "alicloud_vswitch.a[\"x\"]",
        Action::DeleteCreate,
        before,
        after,
    );
    it.replace_paths = vec!["cidr_block".to_owned(), "zones".to_owned()];
    it.reason = Some(Reason::ReplaceBecauseCannotUpdate);
    check(
        it.clone(),
        r#"
  # alicloud_vswitch.a["x"] must be replaced
-/+ resource "alicloud_vswitch" "a" {
      ~ cidr_block = "a" -> "b" # forces replacement
      ~ id         = "vsw-1" -> (known after apply)
      ~ zones      = [ # forces replacement
            "a",
          - "b",
          + "c",
        ]
    }"#,
    );
    it.action = Action::CreateDelete;
    it.reason = Some(Reason::ReplaceBecauseTainted);
    it.replace_paths.clear();
    let shown = shown(&plan_of(vec![it]));
    assert!(
        shown.contains("+/- create replacement and then destroy\n"),
        "{shown}"
    );
    assert!(
        shown.contains("x\"] is tainted, so must be replaced\n+/- resource"),
        "{shown}"
    );
    assert!(
        shown.contains("Plan: 1 to add, 0 to change, 1 to destroy.\n"),
        "{shown}"
    );
}

#[test]
fn nested_blocks_are_compared_block_by_block() {
    let before = json!({ "id": "i-1", "data_disks": [
        { "size": 20, "category": "a" }, { "size": 40, "category": "a" }] });
    let after = json!({ "id": "i-1", "data_disks": [
        { "size": 20, "category": "a" }, { "size": 50, "category": "a" }, { "size": "?" }] });
    let mut it = change("alicloud_instance.web", Action::DeleteCreate, before, after);
    it.replace_paths = vec!["data_disks[1].size".to_owned()];
    check(
        it,
        r#"
  # alicloud_instance.web must be replaced
-/+ resource "alicloud_instance" "web" {
        id = "i-1"

      ~ data_disks {
          ~ size     = 40 -> 50 # forces replacement
            # (1 unchanged attribute hidden)
        }
      + data_disks {
          + size = (known after apply)
        }

        # (1 unchanged block hidden)
    }"#,
    );
}

#[test]
fn a_destruction_shows_what_goes_and_why() {
    let before = json!({
        "id": "i-1", "password": { "!secret": "hunter2" }, "list": ["a"],
        "data_disks": [{ "size": 20 }], "tags": { "!map": {} },
    });
    let mut it = change(
        "alicloud_instance.web[2]",
        Action::Delete,
        before,
        Json::Null,
    );
    it.reason = Some(Reason::DeleteBecauseCountIndex);
    check(
        it,
        r#"
  # alicloud_instance.web[2] will be destroyed
  # (because index [2] is out of range for count)
  - resource "alicloud_instance" "web" {
      - id       = "i-1" -> null
      - list     = [
          - "a",
        ] -> null
      - password = (sensitive value) -> null
      - tags     = {} -> null

      - data_disks {
          - size = 20 -> null
        }
    }"#,
    );
}

#[test]
fn each_reason_has_its_words() {
    let words = |address: &str, action, reason| {
        let mut it = change(address, action, json!({ "id": "x" }), json!({ "id": "?" }));
        if action == Action::Delete {
            it.after = None;
        }
        it.reason = Some(reason);
        let shown = shown(&plan_of(vec![it]));
        let mut header = shown.lines().filter(|line| line.starts_with("  # "));
        let second = header.clone().nth(1).unwrap_or("").to_owned();
        (header.next().unwrap().to_owned(), second)
    };
    let (_, why) = words(
        "a_b.c",
        Action::Delete,
        Reason::DeleteBecauseNoResourceConfig,
    );
    assert_eq!(why, "  # (because a_b.c is not in configuration)");
    let (_, why) = words("a_b.c[\"k\"]", Action::Delete, Reason::DeleteBecauseEachKey);
    assert_eq!(why, "  # (because key [\"k\"] is not in for_each map)");
    let (_, why) = words(
        "a_b.c[0]",
        Action::Delete,
        Reason::DeleteBecauseWrongRepetition,
    );
    assert_eq!(why, "  # (because resource does not use count)");
    let (_, why) = words("a_b.c", Action::Update, Reason::UpdateBecauseUnsettled);
    assert_eq!(
        why,
        "  # (an interrupted run created it and did not see it ready)"
    );
    let (header, _) = words("a_b.c", Action::DeleteCreate, Reason::ReplaceByRequest);
    assert_eq!(header, "  # a_b.c will be replaced, as requested");
    let (header, _) = words("a_b.c", Action::DeleteCreate, Reason::ReplaceByTriggers);
    assert_eq!(
        header,
        "  # a_b.c will be replaced due to changes in replace_triggered_by"
    );
}

#[test]
fn reading_forgetting_importing_and_deposed_objects_have_their_forms() {
    let read = json!({ "id": "?", "zones": "?" });
    let mut data = change("data.alicloud_zones.all", Action::Read, Json::Null, read);
    data.reason = Some(Reason::ReadBecauseConfigUnknown);
    let kept = json!({ "id": "vpc-1", "cidr_block": "a" });
    let forget = change("alicloud_vpc.old", Action::Forget, kept.clone(), Json::Null);
    let mut import = change("alicloud_vpc.in", Action::NoOp, kept.clone(), kept.clone());
    import.importing = Some("vpc-1".to_owned());
    let mut deposed = change(
        "alicloud_vpc.web",
        Action::Delete,
        json!({ "id": "v" }),
        Json::Null,
    );
    deposed.deposed = Some("ee3c2818".to_owned());
    let same = change("alicloud_vpc.same", Action::NoOp, kept.clone(), kept);
    assert_eq!(
        shown(&plan_of(vec![import, forget, same, deposed, data])),
        r#"
prov used the selected providers to generate the following execution plan.
Resource actions are indicated with the following symbols:
  - destroy
 <= read (data resources)
 . forget (keep the object, drop it from the state)

prov will perform the following actions:

  # data.alicloud_zones.all will be read during apply
  # (config refers to values not yet known)
 <= data "alicloud_zones" "all" {
      + id    = (known after apply)
      + zones = (known after apply)
    }

  # alicloud_vpc.in will be imported
    resource "alicloud_vpc" "in" {
        cidr_block = "a"
        id         = "vpc-1"
    }

 # alicloud_vpc.old will no longer be managed by prov, but will not be destroyed
 # (destroy = false is set in the configuration)
 . resource "alicloud_vpc" "old" {
        id         = "vpc-1"
        # (1 unchanged attribute hidden)
    }

  # alicloud_vpc.web (deposed object ee3c2818) will be destroyed
  # (left over from a partially-failed replacement of this instance)
  - resource "alicloud_vpc" "web" {
      - id = "v" -> null
    }

Plan: 1 to import, 0 to add, 0 to change, 1 to destroy, 1 to forget.
"#
    );
}

#[test]
fn secrets_are_not_shown_and_their_change_is_announced() {
    let before = json!({ "id": "i", "a": "clear", "b": { "!secret": "old" } });
    let after = json!({ "id": "i", "a": { "!secret": "clear" }, "b": { "!secret": "?" } });
    let it = change("alicloud_instance.web", Action::Update, before, after);
    check(
        it,
        r#"
  # alicloud_instance.web will be updated in-place
  ~ resource "alicloud_instance" "web" {
        # Warning: this attribute value will be marked as sensitive and will not
        # display in UI output after applying this change. The value is unchanged.
      ~ a  = (sensitive value)
      ~ b  = (sensitive value)
        id = "i"
    }"#,
    );
}

#[test]
fn long_texts_show_only_the_lines_around_a_change() {
    let lines = |changed: &str| {
        let line = |at: usize| {
            if at == 10 {
                changed.to_owned()
            } else {
                format!("line {at}")
            }
        };
        (0..20).map(line).collect::<Vec<_>>().join("\n")
    };
    let before = json!({ "user_data": lines("old\u{1b}[2J") });
    let it = change(
        "a_b.c",
        Action::Update,
        before,
        json!({ "user_data": lines("new") }),
    );
    check(
        it,
        "
  # a_b.c will be updated in-place
  ~ resource \"a_b\" \"c\" {
      ~ user_data = <<-EOT
            # (7 unchanged lines hidden)
            line 7
            line 8
            line 9
          - old\u{fffd}[2J
          + new
            line 11
            line 12
            line 13
            # (6 unchanged lines hidden)
        EOT
    }",
    );
}

#[test]
fn json_texts_are_compared_as_json() {
    let before = json!({ "policy": r#"{"a":1,"b":[1,2],"c":{"d":true}}"# });
    let after = json!({ "policy": r#"{"a":1,"b":[1,3],"c":{"d":true}}"# });
    check(
        change("a_b.c", Action::Update, before.clone(), after),
        r#"
  # a_b.c will be updated in-place
  ~ resource "a_b" "c" {
      ~ policy = jsonencode(
          ~ {
              ~ b = [
                    1,
                  ~ 2 -> 3,
                ]
                # (2 unchanged attributes hidden)
            }
        )
    }"#,
    );
    let spaced = json!({ "policy": r#"{ "a":1,"b":[1,2],"c":{"d":true}}"# });
    let shown = shown(&plan_of(vec![change(
        "a_b.c",
        Action::Update,
        before,
        spaced,
    )]));
    assert!(
        shown.contains("~ policy = jsonencode( # whitespace changes\n            {\n"),
        "{shown}"
    );
}

#[test]
fn sets_are_compared_by_content() {
    let set = |names: &[&str]| Value::set(names.iter().map(|name| Value::from(*name)).collect());
    let mut it = change("a_b.c", Action::Update, json!({}), json!({}));
    let side = |value: Value| {
        Some(Arc::new(
            [("groups", value)].into_iter().collect::<Object>(),
        ))
    };
    it.before = side(set(&["a", "b", "c"]));
    it.after = side(set(&["a", "c", "d"]));
    check(
        it,
        r#"
  # a_b.c will be updated in-place
  ~ resource "a_b" "c" {
      ~ groups = [
          - "b",
          + "d",
            # (2 unchanged elements hidden)
        ]
    }"#,
    );
}

#[test]
fn outputs_have_their_own_section() {
    let output = |before: Json, after: Json, sensitive| OutputChange {
        before: (!before.is_null()).then(|| value(&before)),
        after: (!after.is_null()).then(|| value(&after)),
        was_sensitive: sensitive,
        sensitive,
    };
    let mut plan = plan_of(Vec::new());
    plan.outputs = BTreeMap::from([
        ("pw".to_owned(), output(json!("old"), json!("new"), true)),
        (
            "ids".to_owned(),
            output(
                json!({ "a": "1", "b": "2" }),
                json!({ "a": "1", "b": "?" }),
                false,
            ),
        ),
        (
            "unchanged".to_owned(),
            output(json!("x"), json!("x"), false),
        ),
        ("gone".to_owned(), output(json!("x"), Json::Null, false)),
    ]);
    assert_eq!(
        shown(&plan),
        r#"
Changes to Outputs:
  - gone      = "x" -> null
  ~ ids       = {
      ~ b = "2" -> (known after apply)
        # (1 unchanged attribute hidden)
    }
  ~ pw        = (sensitive value)

You can apply this plan to save these new output values to the state, without
changing any real infrastructure.
"#
    );
}

#[test]
fn no_change_says_so_in_the_words_that_scripts_look_for() {
    let kept = json!({ "id": "x" });
    let mut plan = plan_of(vec![change("a_b.c", Action::NoOp, kept.clone(), kept)]);
    assert_eq!(
        shown(&plan),
        "
No changes. Your infrastructure matches the configuration.

prov has compared your real infrastructure against your configuration and
found no differences, so no changes are needed.
"
    );
    plan.mode = Mode::RefreshOnly;
    assert!(
        shown(&plan).contains("No changes. Your infrastructure still matches the configuration.")
    );
    plan.mode = Mode::Destroy;
    assert!(shown(&plan).contains("No changes. No objects need to be destroyed."));
}

#[test]
fn drift_is_noted_before_the_plan() {
    let (old, new) = (
        json!({ "id": "v", "name": "a" }),
        json!({ "id": "v", "name": "b" }),
    );
    let mut plan = plan_of(vec![change(
        "a_b.c",
        Action::Update,
        new.clone(),
        old.clone(),
    )]);
    plan.drift = vec![
        change("a_b.c", Action::Update, old, new),
        change("a_b.d", Action::Delete, json!({ "id": "w" }), Json::Null),
    ];
    let all = shown(&plan);
    let (drift, _) = all.split_once("\nprov used the selected").unwrap();
    assert_eq!(
        drift,
        r#"
Note: Objects have changed outside of Terraform

prov detected the following changes made outside of prov since the last "prov
apply" which may have affected this plan:

  # a_b.c has changed
  ~ resource "a_b" "c" {
        id   = "v"
      ~ name = "a" -> "b"
    }

  # a_b.d has been deleted
  - resource "a_b" "d" {
      - id = "w" -> null
    }


Unless you have made equivalent changes to your configuration, or ignored the
relevant attributes using ignore_changes, the following plan may include
actions to undo or respond to these changes.

─────────────────────────────────────────────────────────────────────────────
"#
    );
    plan.changes.clear();
    assert!(shown(&plan).starts_with("\nNo changes. Your infrastructure matches"));
    plan.mode = Mode::RefreshOnly;
    assert!(shown(&plan).contains("This is a refresh-only plan, so prov will not take"));
    assert!(!shown(&plan).contains("No changes"));
}

#[test]
fn colours_follow_the_style() {
    let after = json!({ "id": "?" });
    let plan = plan_of(vec![change("a_b.c", Action::Create, Json::Null, after)]);
    let style = Style {
        color: true,
        ..Style::default()
    };
    let shown = text(|out| terminal::plan(&plan, style, out));
    assert!(
        shown.contains("\u{1b}[1m  # a_b.c\u{1b}[0m will be created\n"),
        "{shown:?}"
    );
    assert!(
        shown.contains("      \u{1b}[32m+\u{1b}[0m id = (known after apply)\n"),
        "{shown:?}"
    );
    assert!(
        shown.contains("\u{1b}[1mPlan:\u{1b}[0m 1 to add"),
        "{shown:?}"
    );
}

#[test]
fn a_plan_of_very_many_changes_is_summarised() {
    let one = |at: usize| {
        change(
            &format!("a_b.c[{at}]"),
            Action::Create,
            Json::Null,
            json!({ "id": "?" }),
        )
    };
    let mut changes: Vec<Change> = (0..1500).map(one).collect();
    changes.push(change(
        "x_y.z",
        Action::Delete,
        json!({ "id": "x" }),
        Json::Null,
    ));
    let plan = plan_of(changes);
    let short = shown(&plan);
    assert_eq!(short.matches("will be created").count(), 10);
    let end = r#"
  # 1491 more changes are not shown; by type they are:
  + a_b: 1490 to create
  - x_y: 1 to destroy

Plan: 1500 to add, 0 to change, 1 to destroy.
"#;
    assert!(short.ends_with(end), "{short}");
    let style = Style {
        full: true,
        ..Style::default()
    };
    let full = text(|out| terminal::plan(&plan, style, out));
    assert_eq!(full.matches("will be created").count(), 1500);
}

fn stored(attributes: &Json) -> Stored {
    Stored {
        attributes: Arc::new(object(attributes)),
        ..Stored::default()
    }
}

fn small_state() -> State {
    let mut state = State::default();
    let provider: Arc<str> = PROVIDER.into();
    let web = Address::parse("alicloud_instance.web[0]").unwrap();
    let mut current = stored(&json!({
        "id": "i-1", "password": { "!secret": "prov:v1:abc" }, "dry_run": null,
        "data_disks": [{ "size": 20 }], "tags": { "!map": { "Name": "web" } },
    }));
    let vpc = Address::parse("alicloud_vpc.main").unwrap();
    current.dependencies = [vpc.resource].into();
    let instance = state.instance_mut(&web, &provider);
    instance.current = Some(current);
    let old = stored(&json!({ "id": "i-0" }));
    instance.deposed.insert("ee3c2818".to_owned(), old);
    let zones = Address::parse("data.alicloud_zones.all").unwrap();
    let mut read = stored(&json!({ "id": "z", "zones": [{ "id": "a" }] }));
    read.status = Status::Tainted;
    state.instance_mut(&zones, &provider).current = Some(read);
    state.outputs = small_outputs();
    state
}

fn small_outputs() -> BTreeMap<String, Output> {
    let output = |json: Json, sensitive| {
        let value = value(&json);
        Output {
            ty: value.type_of(),
            value,
            sensitive,
        }
    };
    BTreeMap::from([
        ("pw".to_owned(), output(json!("hunter2"), true)),
        (
            "ids".to_owned(),
            output(json!({ "db": "i-1", "l": ["a"] }), false),
        ),
        ("text".to_owned(), output(json!("a\nb"), false)),
        (
            "map".to_owned(),
            output(json!({ "!map": { "a": 1.5 } }), false),
        ),
    ])
}

#[test]
fn a_state_is_shown_as_terraform_shows_it() {
    let shown = text(|out| terminal::state(&small_state(), Style::default(), out));
    assert_eq!(
        shown,
        r#"# alicloud_instance.web[0]:
resource "alicloud_instance" "web" {
    id       = "i-1"
    password = (sensitive value)
    tags     = {
        "Name" = "web"
    }

    data_disks {
        size = 20
    }
}

# alicloud_instance.web[0]: (deposed object ee3c2818)
resource "alicloud_instance" "web" {
    id = "i-0"
}

# data.alicloud_zones.all: (tainted)
data "alicloud_zones" "all" {
    id    = "z"
    zones = [
        {
            id = "a"
        },
    ]
}


Outputs:

ids = {
    db = "i-1"
    l  = [
        "a",
    ]
}
map = {
    a = 1.5
}
pw = (sensitive value)
text = <<-EOT
    a
    b
EOT
"#
    );
    let empty = text(|out| terminal::state(&State::default(), Style::default(), out));
    assert_eq!(
        empty,
        "The state file is empty. No resources are represented.\n"
    );
}

#[test]
fn outputs_are_printed_as_the_output_command_does() {
    let shown = text(|out| terminal::outputs(&small_outputs(), out));
    assert_eq!(
        shown,
        r#"ids = {
  "db" = "i-1"
  "l" = tolist([
    "a",
  ])
}
map = tomap({
  "a" = 1.5
})
pw = <sensitive>
text = <<EOT
a
b
EOT
"#
    );
    let json = serde_json::to_value(outputs_json(&small_outputs())).unwrap();
    assert_eq!(
        json["pw"],
        json!({ "sensitive": true, "type": "string", "value": "hunter2" })
    );
}

#[test]
fn single_values_are_written_as_the_console_writes_them() {
    assert_eq!(
        super::value::text(&value(&json!("a\"\u{1b}é\u{202e}"))),
        "\"a\\\"\\x1bé\\u202e\""
    );
    assert_eq!(
        super::value::text(&value(&json!("?"))),
        "(known after apply)"
    );
    assert_eq!(super::value::text(&value(&json!([]))), "tolist([])");
    assert_eq!(
        super::value::text(&value(&json!({ "!secret": 1 }))),
        "(sensitive value)"
    );
    assert_eq!(
        super::value::typed_text(&Value::Null, &Type::String),
        "tostring(null)"
    );
    let nested = value(&json!({ "a": "EOT\nx" }));
    assert_eq!(
        super::value::text(&nested),
        "{\n  \"a\" = <<-EOT_\n  EOT\n  x\n  EOT_\n}"
    );
}

#[test]
fn progress_lines_are_terraforms() {
    let address = Address::parse("a_b.c").unwrap();
    let line = |event: Event| {
        text(|out| terminal::event(&event, &Sources::default(), Style::default(), out))
    };
    let id = || "x-1".to_owned();
    let started = |action, id: &str, deposed: Option<&str>| Event::StepStarted {
        address: Address::parse("a_b.c").unwrap(),
        deposed: deposed.map(ToOwned::to_owned),
        action,
        id: id.to_owned(),
    };
    assert_eq!(
        line(started(Action::Create, "", None)),
        "a_b.c: Creating...\n"
    );
    assert_eq!(
        line(started(Action::Update, "x-1", None)),
        "a_b.c: Modifying... [id=x-1]\n"
    );
    assert_eq!(
        line(started(Action::Delete, "x-1", Some("ee3c2818"))),
        "a_b.c (deposed object ee3c2818): Destroying... [id=x-1]\n"
    );
    let running = Event::StepRunning {
        address: address.clone(),
        action: Action::Create,
        id: String::new(),
        seconds: 10,
    };
    assert_eq!(line(running), "a_b.c: Still creating... [10s elapsed]\n");
    let running = Event::StepRunning {
        address: address.clone(),
        action: Action::Delete,
        id: id(),
        seconds: 70,
    };
    assert_eq!(
        line(running),
        "a_b.c: Still destroying... [id=x-1, 1m10s elapsed]\n"
    );
    let finished = |action| Event::StepFinished {
        address: address.clone(),
        action,
        id: id(),
        seconds: 3,
    };
    assert_eq!(
        line(finished(Action::Create)),
        "a_b.c: Creation complete after 3s [id=x-1]\n"
    );
    assert_eq!(
        line(finished(Action::Update)),
        "a_b.c: Modifications complete after 3s [id=x-1]\n"
    );
    assert_eq!(
        line(finished(Action::Delete)),
        "a_b.c: Destruction complete after 3s\n"
    );
    let refresh = Event::RefreshStarted {
        address: address.clone(),
        id: id(),
    };
    assert_eq!(line(refresh), "a_b.c: Refreshing state... [id=x-1]\n");
    let read = Event::ReadFinished {
        address: address.clone(),
        id: String::new(),
        seconds: 0,
    };
    assert_eq!(line(read), "a_b.c: Read complete after 0s\n");
    let call = Event::StepCall {
        address,
        call: "StopInstance".to_owned(),
    };
    assert_eq!(line(call), "");
}

#[test]
fn a_summary_ends_every_apply() {
    let show = |summary: &Summary, mode| {
        text(|out| terminal::summary(summary, mode, Style::default(), out))
    };
    let done = Counts {
        import: 1,
        add: 3,
        change: 2,
        destroy: 2,
        forget: 0,
    };
    let mut summary = Summary {
        done,
        ..Summary::default()
    };
    assert_eq!(
        show(&summary, Mode::Normal),
        "\nApply complete! Resources: 1 imported, 3 added, 2 changed, 2 destroyed.\n"
    );
    assert_eq!(
        show(&summary, Mode::Destroy),
        "\nDestroy complete! Resources: 2 destroyed.\n"
    );
    let address = |text| Address::parse(text).unwrap();
    summary.done.import = 0;
    summary.failed = vec![address("a_b.c")];
    summary.skipped = vec![(address("a_b.d"), address("a_b.c"))];
    summary.not_started = vec![address("a_b.e")];
    assert_eq!(
        show(&summary, Mode::Normal),
        "
Apply is incomplete. Resources: 3 added, 2 changed, 2 destroyed.

Failed: 1
  a_b.c

Skipped: 1
  a_b.d (since a_b.c failed)

Not started: 1
  a_b.e

What was done is recorded. Run the same command again to do the rest.
"
    );
}

fn span(sources: &Sources, id: crate::model::SourceId, part: &str) -> Span {
    let start = sources.get(id).text.find(part).unwrap();
    let (start, end) = (start as u32, (start + part.len()) as u32);
    Span {
        source: id,
        start,
        end,
    }
}

#[test]
fn a_text_without_spaces_is_wrapped_too() {
    let mut error = Diagnostic::error("Error creating a resource", "It is so.").hint("Wait.");
    error.chinese = Some(Box::new(Told {
        summary: "创建资源失败".to_owned(),
        detail: "该可用区的库存已不足，请稍后再试。".to_owned(),
        hint: Some("请稍后重试。".to_owned()),
        label: String::new(),
    }));
    let style = Style {
        width: Some(20),
        ..Style::default()
    };
    let shown = |language| {
        let told = error.in_language(language);
        text(|out| diagnostics([&*told], &Sources::default(), style, out))
    };
    assert_eq!(
        shown(Language::English),
        "\nError: Error creating a resource\n\nIt is so.\n\nHint: Wait.\n"
    );
    // A full stop or comma never begins a line.
    assert_eq!(
        shown(Language::Chinese),
        "\nError: 创建资源失败\n\n该可用区的库存已不\n足，请稍后再试。\n\n提示：请稍后重试。\n"
    );
}

#[test]
fn a_diagnostic_points_at_its_place() {
    let mut sources = Sources::default();
    let main = sources.add(
        "main.tf",
        "variable \"n\" {\n}\nresource \"a_b\" \"c\" {\n\tname = \"云😀\" + vra.n\n}\n",
    );
    let error = Diagnostic::error("Unknown reference", "There is no \"vra\". It must be one of var, local, data, path, terraform, each, count or a type.")
        .at(span(&sources, main, "vra.n"))
        .label(span(&sources, main, "variable \"n\""), "the variable is declared here")
        .about("a_b.c")
        .hint("Write var.n.");
    let shown = text(|out| diagnostics([&error], &sources, Style::default(), out));
    assert_eq!(
        shown,
        "
Error: Unknown reference

  with a_b.c,
  on main.tf line 4, column 16, in resource \"a_b\" \"c\":
   4: \tname = \"云😀\" + vra.n
      \t                ^^^^^
  on main.tf line 1, column 1: the variable is declared here
   1: variable \"n\" {
      ------------

There is no \"vra\". It must be one of var, local, data, path, terraform, each,
count or a type.

Hint: Write var.n.
"
    );
    let style = Style {
        color: true,
        ..Style::default()
    };
    let boxed = text(|out| diagnostics([&error], &sources, style, out));
    assert!(
        boxed.starts_with("\u{1b}[31m╷\u{1b}[0m\n\u{1b}[31m│ \u{1b}[0m\u{1b}[1;31mError: "),
        "{boxed:?}"
    );
    assert!(boxed.ends_with("\u{1b}[31m╵\u{1b}[0m\n"), "{boxed:?}");
    assert_eq!(
        diagnostic_json(&error, &sources)["range"],
        json!({
            "filename": "main.tf",
            "start": { "line": 4, "column": 16, "byte": 58 },
            "end": { "line": 4, "column": 21, "byte": 63 },
        })
    );
}

#[test]
fn what_is_wrong_with_many_instances_is_said_once() {
    let error = |at: usize| Diagnostic::error("Invalid index", "No.").about(format!("a_b.c[{at}]"));
    let list: Vec<Diagnostic> = (0..9).map(error).collect();
    let shown = text(|out| diagnostics(&list, &Sources::default(), Style::default(), out));
    let with = "  with a_b.c[0], a_b.c[1], a_b.c[2] and 6 more,";
    assert_eq!(shown, format!("\nError: Invalid index\n\n{with}\n\nNo.\n"));
}

#[test]
fn diagnostics_survive_odd_places() {
    let mut sources = Sources::default();
    let long = sources.add(
        "<stdin>",
        format!("{}bad{}", "é".repeat(50_000), "x".repeat(900_000)),
    );
    let none = sources.add("empty.tf", "");
    let at = |source, start, end| Diagnostic::warning("Odd", "").at(Span { source, start, end });
    let cases = [
        at(long, 100_000, 100_003),
        at(long, 1, 2),
        at(long, 0, u32::MAX),
        at(long, u32::MAX, 0),
        at(none, 0, 0),
        at(none, 7, 9),
        at(crate::model::SourceId(99), 0, 1),
        Diagnostic::warning("Nowhere", "Line one.\n - item\n\nLine two."),
    ];
    let shown = text(|out| diagnostics(&cases, &sources, Style::default(), out));
    assert!(shown.len() < 3_000, "{}", shown.len());
    assert!(shown.contains("bad"), "{shown}");
    for case in &cases {
        assert!(diagnostic_json(case, &sources).to_string().len() < 3_000);
    }
}

fn json_of(plan: &Plan) -> Json {
    serde_json::to_value(plan_json(plan, &json!({ "root_module": {} }))).unwrap()
}

#[test]
fn plan_json_has_terraforms_form() {
    let before = json!({ "id": "i", "disks": [{ "size": 1 }], "pw": { "!secret": "prov:v1:a" } });
    let after = json!({ "id": "?", "disks": [{ "size": 2 }], "pw": { "!secret": "hunter2" } });
    let mut web = change(
        "alicloud_instance.web[0]",
        Action::DeleteCreate,
        before,
        after,
    );
    web.replace_paths = vec!["disks[0].size".to_owned()];
    web.reason = Some(Reason::ReplaceBecauseCannotUpdate);
    web.effects = vec![has(Effect::WipesSystemDisk, &["image_id"])];
    let mut gone = change(
        "alicloud_vpc.x",
        Action::Delete,
        json!({ "id": "v" }),
        Json::Null,
    );
    gone.importing = Some("v".to_owned());
    let data = change("data.a_b.c", Action::Read, Json::Null, json!({ "id": "?" }));
    let mut plan = plan_of(vec![web, gone, data]);
    plan.variables =
        BTreeMap::from([("secret".to_owned(), value(&json!({ "!secret": "hunter2" })))]);
    plan.prior = Arc::new(small_state());
    let json = json_of(&plan);
    assert!(!json.to_string().contains("hunter2"), "{json}");
    assert_eq!(json["format_version"], "1.2");
    assert_eq!(json["variables"], json!({ "secret": { "value": null } }));
    assert_eq!(json["configuration"], json!({ "root_module": {} }));
    assert_eq!(
        (&json["applyable"], &json["complete"], &json["errored"]),
        (&json!(true), &json!(true), &json!(false))
    );
    assert_eq!(json["resource_changes"][0]["address"], "data.a_b.c");
    assert_eq!(
        json["resource_changes"][1],
        json!({
            "address": "alicloud_instance.web[0]",
            "mode": "managed",
            "type": "alicloud_instance",
            "name": "web",
            "index": 0,
            "provider_name": "registry.terraform.io/aliyun/alicloud",
            "change": {
                "actions": ["delete", "create"],
                "before": { "id": "i", "disks": [{ "size": 1 }], "pw": null },
                "after": { "disks": [{ "size": 2 }], "pw": null },
                "after_unknown": { "id": true, "disks": [{}] },
                "before_sensitive": { "disks": [{}], "pw": true },
                "after_sensitive": { "disks": [{}], "pw": true },
                "replace_paths": [["disks", 0, "size"]],
            },
            "action_reason": "replace_because_cannot_update",
            "prov_effects": ["wipes_system_disk"],
            "prov_effect_causes": { "wipes_system_disk": ["image_id"] },
        })
    );
    assert_eq!(
        json["resource_changes"][2]["change"],
        json!({
            "actions": ["delete"], "before": { "id": "v" }, "after": null, "after_unknown": {},
            "before_sensitive": {}, "after_sensitive": false, "importing": { "id": "v" },
        })
    );
    let planned = json["planned_values"]["root_module"]["resources"]
        .as_array()
        .unwrap();
    assert_eq!(planned.len(), 2);
    assert_eq!(json["prior_state"]["format_version"], "1.0");
}

#[test]
fn values_of_terraform_data_are_in_clear() {
    let after = json!({ "input": { "pw": { "!secret": "hunter2" } }, "output": "?" });
    let plan = plan_of(vec![change(
        "terraform_data.a",
        Action::Create,
        Json::Null,
        after,
    )]);
    let change = &json_of(&plan)["resource_changes"][0]["change"];
    assert_eq!(change["after"], json!({ "input": { "pw": "hunter2" } }));
    assert_eq!(
        change["after_sensitive"],
        json!({ "input": { "pw": true } })
    );
    assert_eq!(
        change["after_unknown"],
        json!({ "input": {}, "output": true })
    );
}

#[test]
fn state_json_has_terraforms_form() {
    let json = serde_json::to_value(state_json(&small_state())).unwrap();
    assert!(!json.to_string().contains("hunter2"), "{json}");
    let resources = &json["values"]["root_module"]["resources"];
    assert_eq!(resources[0]["address"], "data.alicloud_zones.all");
    assert_eq!(resources[0]["tainted"], true);
    assert_eq!(
        resources[1],
        json!({
            "address": "alicloud_instance.web[0]",
            "mode": "managed",
            "type": "alicloud_instance",
            "name": "web",
            "index": 0,
            "provider_name": "registry.terraform.io/aliyun/alicloud",
            "schema_version": 0,
            "values": {
                "id": "i-1", "password": null, "dry_run": null,
                "data_disks": [{ "size": 20 }], "tags": { "Name": "web" },
            },
            "sensitive_values": { "password": true, "data_disks": [{}], "tags": {} },
            "depends_on": ["alicloud_vpc.main"],
        })
    );
    assert_eq!(resources[2]["deposed_key"], "ee3c2818");
    let empty = serde_json::to_value(state_json(&State::default())).unwrap();
    assert_eq!(
        empty,
        json!({ "format_version": "1.0", "terraform_version": "1.11.4" })
    );
}

fn lines(write: impl FnOnce(&mut JsonEvents<'_>) -> std::io::Result<()>) -> Vec<Json> {
    let out = text(|out| write(&mut JsonEvents::new(out)));
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_event_stream_has_terraforms_lines() {
    let address = Address::parse("terraform_data.node[0]").unwrap();
    let at = "2026-11-24T02:33:40.727743Z";
    let started = Event::StepStarted {
        address: address.clone(),
        deposed: None,
        action: Action::Create,
        id: String::new(),
    };
    let finished = Event::StepFinished {
        address,
        action: Action::Create,
        id: "x".to_owned(),
        seconds: 65,
    };
    let sources = Sources::default();
    let all = lines(|events| {
        events.version("0.1.0", at)?;
        events.event(&started, &sources, at)?;
        events.event(&finished, &sources, at)?;
        events.diagnostic(&Diagnostic::warning("W", "d"), &sources, at)
    });
    assert_eq!(all[0]["type"], "version");
    assert_eq!(
        all[1],
        json!({
            "@level": "info",
            "@message": "terraform_data.node[0]: Creating...",
            "@module": "terraform.ui",
            "@timestamp": at,
            "hook": {
                "resource": {
                    "addr": "terraform_data.node[0]", "module": "",
                    "resource": "terraform_data.node[0]", "implied_provider": "terraform",
                    "resource_type": "terraform_data", "resource_name": "node", "resource_key": 0,
                },
                "action": "create",
            },
            "type": "apply_start",
        })
    );
    assert_eq!(
        all[2]["@message"],
        "terraform_data.node[0]: Creation complete after 1m5s [id=x]"
    );
    assert_eq!(all[2]["hook"]["elapsed_seconds"], 65);
    assert_eq!(
        (&all[3]["@level"], &all[3]["@message"]),
        (&json!("warn"), &json!("Warning: W"))
    );
}

#[test]
fn the_event_stream_carries_plans_and_summaries() {
    let mut forget = change("a_b.old", Action::Forget, json!({ "id": "x" }), Json::Null);
    forget.reason = Some(Reason::DeleteBecauseNoResourceConfig);
    let mut replace = change(
        "a_b.c",
        Action::CreateDelete,
        json!({ "id": "x" }),
        json!({ "id": "?" }),
    );
    replace.reason = Some(Reason::ReplaceBecauseTainted);
    let mut plan = plan_of(vec![replace, forget]);
    plan.drift = vec![change(
        "a_b.c",
        Action::Update,
        json!({ "id": "x" }),
        json!({ "id": "y" }),
    )];
    let (before, after) = (Some(Value::from("x")), Some(Value::from("x")));
    plan.outputs.insert(
        "pw".to_owned(),
        OutputChange {
            before,
            after,
            was_sensitive: true,
            sensitive: true,
        },
    );
    let summary = Summary {
        done: Counts {
            add: 9,
            ..Counts::default()
        },
        ..Summary::default()
    };
    let all = lines(|events| {
        events.plan(&plan, "t")?;
        events.applied(&summary, Mode::Normal, &small_outputs(), "t")
    });
    let messages: Vec<&str> = all
        .iter()
        .map(|line| line["@message"].as_str().unwrap())
        .collect();
    assert_eq!(
        messages,
        [
            "a_b.c: Drift detected (update)",
            "a_b.c: Plan to replace",
            "a_b.old: Plan to remove",
            "Plan: 1 to add, 0 to change, 1 to destroy, 1 to forget.",
            "Outputs: 1",
            "Apply complete! Resources: 9 added, 0 changed, 0 destroyed.",
            "Outputs: 4",
        ]
    );
    assert_eq!(all[1]["change"]["reason"], "tainted");
    assert_eq!(
        all[4]["outputs"],
        json!({ "pw": { "sensitive": true, "action": "noop" } })
    );
    assert_eq!(
        all[6]["outputs"]["pw"],
        json!({ "sensitive": true, "type": "string" })
    );
}
