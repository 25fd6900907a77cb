//! Ephemeral resources and write-only arguments: there for one run, and kept nowhere.

use serde_json::{Value as Json, json};

use crate::{
    secrets::{FIRST, Loud, SECOND},
    support::project::Project,
};

const NETWORK: &str = r#"
resource "alicloud_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.0.0/24"
  zone_id    = "cn-hangzhou-h"
}

resource "alicloud_security_group" "main" {
  vpc_id = alicloud_vpc.main.id
}

resource "alicloud_instance" "main" {
  instance_type       = "ecs.g6.large"
  image_id            = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id          = alicloud_vswitch.main.id
  security_groups     = [alicloud_security_group.main.id]
  password_wo         = local.password
  password_wo_version = var.password_version
}

variable "password_version" {
  default = 1
}
"#;

const RANDOM: &str = r#"
ephemeral "random_password" "admin" {
  length           = 20
  min_upper        = 1
  min_lower        = 1
  min_numeric      = 1
  min_special      = 1
  override_special = "-_"
}

locals {
  password = ephemeral.random_password.admin.result
}
"#;

const GIVEN: &str = r#"
variable "password" {
  ephemeral = true
}

locals {
  password = var.password
}
"#;

/// Runs a command with `-json`, and returns its lines.
fn lines(project: &Project, arguments: &str) -> Vec<Json> {
    let ran = project.prov(arguments).ok();
    let lines = ran.stdout.lines();
    lines.map(|it| serde_json::from_str(it).unwrap()).collect()
}

fn events(lines: &[Json]) -> Vec<String> {
    let hook = |line: &Json| {
        let text = |of: &Json| of.as_str().unwrap_or_default().to_owned();
        let resource = &line["hook"]["resource"]["addr"];
        text(resource).starts_with("ephemeral.").then(|| {
            let (kind, action) = (text(&line["type"]), text(&line["hook"]["action"]));
            format!("{} {kind} {action}", text(resource))
        })
    };
    lines.iter().filter_map(hook).collect()
}

#[test]
fn an_ephemeral_resource_is_opened_for_the_plan_and_for_the_apply_and_is_in_neither() {
    let project = Project::with(
        r#"
ephemeral "random_password" "a" {
  count  = 2
  length = 12 + count.index

  lifecycle {
    precondition {
      condition     = terraform.workspace == "default"
      error_message = "Elsewhere."
    }
    postcondition {
      condition     = length(self.result) == 12 + count.index
      error_message = "Another length."
    }
  }
}

resource "terraform_data" "a" {
  provisioner "local-exec" {
    command     = "printf %s \"$SECRET\" | wc -c > length"
    environment = { SECRET = ephemeral.random_password.a[1].result }
  }
}

output "nothing" {
  value = ephemeralasnull(ephemeral.random_password.a[*].result)
}
"#,
    );
    let applied = lines(&project, "apply -auto-approve -json");
    let opened = |at: usize| {
        let of = |word: &str| format!("ephemeral.random_password.a[{at}] ephemeral_op_{word} open");
        [of("start"), of("complete")]
    };
    let closed = |at: usize| opened(at).map(|it| it.replace("open", "close"));
    let phase = [opened(0), opened(1), closed(1), closed(0)].concat();
    assert_eq!(events(&applied), [phase.clone(), phase].concat());
    assert_eq!(project.read("length").trim(), "13");
    assert_eq!(project.state()["resources"].as_array().unwrap().len(), 1);
    assert_eq!(project.state()["outputs"], json!({}));
    let plan = project.plan_json("");
    assert!(!plan["planned_values"].to_string().contains("ephemeral"));
    assert_eq!(plan["resource_changes"].as_array().unwrap().len(), 1);
    project.settled();
}

#[test]
fn one_that_needs_a_new_resource_is_opened_when_it_is_there() {
    let project = Project::with(
        r#"
resource "random_integer" "length" {
  min = 10
  max = 10
}

module "secret" {
  source = "./secret"
  length = random_integer.length.result
}

resource "terraform_data" "a" {
  provisioner "local-exec" {
    command     = "printf %s \"$SECRET\" | wc -c > length"
    environment = { SECRET = module.secret.text }
  }
}
"#,
    );
    project.write(
        "secret/main.tf",
        r#"
variable "length" {}

ephemeral "random_password" "it" {
  length = var.length
}

output "text" {
  value     = ephemeral.random_password.it.result
  ephemeral = true
}
"#,
    );
    let applied = lines(&project, "apply -auto-approve -json");
    assert_eq!(events(&applied).len(), 0, "its address is the module's");
    assert_eq!(project.read("length").trim(), "10");
    project.settled();
}

#[test]
fn what_is_ephemeral_is_refused_where_it_would_be_kept() {
    for (text, summary) in [
        (
            "resource \"terraform_data\" \"x\" {\n  input = ephemeral.random_password.a.result\n}\n",
            "Invalid use of ephemeral value",
        ),
        (
            "output \"x\" {\n  value = ephemeral.random_password.a.result\n}\n",
            "Ephemeral value not allowed",
        ),
        (
            "resource \"terraform_data\" \"x\" {\n  for_each = toset([ephemeral.random_password.a.result])\n}\n",
            "Invalid for_each argument",
        ),
        (
            "resource \"terraform_data\" \"x\" {\n  count = length(ephemeral.random_password.a.result)\n}\n",
            "Invalid count argument",
        ),
        (
            "locals {\n  x = ephemeral.random_password.b.result\n}\n",
            "Reference to undeclared resource",
        ),
        (
            "ephemeral \"random_id\" \"x\" {\n}\n",
            "Invalid ephemeral resource",
        ),
        (
            "ephemeral \"random_password\" \"x\" {\n  length = 0\n}\n",
            "length",
        ),
    ] {
        let project = Project::with(&format!(
            "ephemeral \"random_password\" \"a\" {{\n  length = 12\n}}\n{text}"
        ));
        for command in ["validate", "plan"] {
            let _ = project.prov(command).fails(&[summary]);
        }
    }
}

#[test]
fn a_condition_of_an_ephemeral_resource_stops_what_needs_it() {
    let project = Project::with(
        r#"
ephemeral "random_password" "a" {
  length = 12

  lifecycle {
    postcondition {
      condition     = length(self.result) > 12
      error_message = "Too short."
    }
  }
}
"#,
    );
    let _ = project
        .prov("apply -auto-approve")
        .fails(&["Resource postcondition failed", "Too short."]);
}

/// What could not be opened is neither said to be open nor closed.
#[test]
fn one_that_cannot_be_opened_stops_what_needs_it() {
    let project = Project::with(
        r#"
ephemeral "random_password" "a" {
  length  = 12
  upper   = false
  lower   = false
  numeric = false
  special = false
}
resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition     = ephemeral.random_password.a.result != ""
      error_message = "Empty."
    }
  }
}
"#,
    );
    let ran = project
        .prov("apply -auto-approve")
        .fails(&["ephemeral.random_password.a"]);
    for said in ["Opening complete", "Closing"] {
        assert!(!ran.stdout.contains(said), "{}", ran.stdout);
    }
}

/// The name of an attribute cannot be null, and what is secret is no name.
#[test]
fn a_secret_name_is_not_kept() {
    let project = Project::with(
        r#"
ephemeral "random_password" "a" {
  length = 12
}
output "x" {
  value = ephemeralasnull({ (nonsensitive(ephemeral.random_password.a.result)) = 1 }) == null
}
"#,
    );
    let applied = project.apply();
    assert!(applied.stdout.contains("x = true"), "{}", applied.stdout);
}

#[test]
fn all_languages_have_them() {
    let output = "output \"x\" {\n  value = ephemeralasnull(ephemeral.random_password.a.result) == null\n}\n";
    for (file, text) in [
        (
            "a.tf",
            "ephemeral \"random_password\" \"a\" {\n  length = 12\n}\n",
        ),
        (
            "a.tf.json",
            "{\"ephemeral\": {\"random_password\": {\"a\": {\"length\": \"${10 + 2}\"}}}}",
        ),
        (
            "a.prov.yaml",
            "ephemeral:\n  random_password:\n    a:\n      length: 12\n",
        ),
    ] {
        let project = Project::with(output);
        project.write(file, text);
        let applied = project.apply();
        assert!(
            applied
                .stdout
                .contains("ephemeral.random_password.a: Opening complete after 0s"),
            "{file}\n{applied}"
        );
    }
}

#[test]
fn a_write_only_password_is_written_nowhere_and_sent_when_its_version_changes() {
    let loud = Loud::new(&format!("{NETWORK}{GIVEN}"));
    let (first, second) = (format!("password={FIRST}"), format!("password={SECOND}"));
    let _ = loud.run(&["plan", "-out=first.plan", "-var", &first], 0);
    let _ = loud.run(&["show", "-json", "first.plan"], 0);
    let _ = loud.run(&["apply", "-var", &first, "first.plan"], 0);
    assert_eq!(loud.emulator.world()["instances"][0]["has_password"], true);
    let same = ["plan", "-detailed-exitcode", "-var", &second];
    let _ = loud.run(&same, 0);
    let newer = [
        "-auto-approve",
        "-json",
        "-var",
        &second,
        "-var",
        "password_version=2",
    ];
    let ran = loud.run(&[&["apply"], &newer[..]].concat(), 0);
    assert!(ran.out.contains("apply_complete"), "{ran}");
    let log = loud.project.read("trace.log");
    assert!(log.contains("ModifyInstanceAttribute"), "nothing was sent");
    let state: Json = serde_json::from_str(&loud.project.read("terraform.tfstate")).unwrap();
    let resources = state["resources"].as_array().unwrap();
    let instance = resources
        .iter()
        .find(|it| it["type"] == "alicloud_instance");
    let attributes = &instance.unwrap()["instances"][0]["attributes"];
    assert_eq!(attributes["password_wo_version"], 2);
    assert_eq!(attributes["password_wo"], Json::Null);
    assert_eq!(attributes["password"], Json::Null);
}

/// The apply dies when the intent is durable, before or after the call, and each run makes another password.
#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_creation_with_a_password_that_is_another_in_each_run_makes_one_instance() {
    for place in ["PROV_CRASH_AT", "PROV_CRASH_BEFORE"] {
        let loud = Loud::new(&format!("{NETWORK}{RANDOM}"));
        let word = match place {
            "PROV_CRASH_AT" => "create alicloud_instance",
            _ => "created alicloud_instance",
        };
        let arguments = ["apply", "-auto-approve"];
        assert!(loud.project.killed_at(&arguments, (place, &word)));
        loud.look();
        let there = loud.emulator.world()["instances"].as_array().unwrap().len();
        assert_eq!(there, usize::from(place == "PROV_CRASH_BEFORE"));
        let _ = loud.run(&["apply", "-auto-approve"], 0);
        let instances = loud.emulator.world()["instances"].clone();
        assert_eq!(instances.as_array().unwrap().len(), 1, "{place}");
        assert_eq!(instances[0]["has_password"], true);
        let _ = loud.run(&["plan", "-detailed-exitcode"], 0);
    }
}

#[test]
fn the_schema_says_what_is_ephemeral_and_what_is_write_only() {
    let project = Project::with("");
    let shown = project.prov("providers schema -json").ok();
    let schema: Json = serde_json::from_str(&shown.stdout).unwrap();
    let all = &schema["provider_schemas"];
    let random = &all["registry.terraform.io/hashicorp/random"];
    let password = &random["ephemeral_resource_schemas"]["random_password"]["block"]["attributes"];
    assert_eq!(password["result"]["computed"], true);
    assert_eq!(password["id"], Json::Null);
    let cloud = all.as_object().unwrap().iter();
    let mut cloud = cloud.filter(|(name, _)| name.ends_with("/alicloud"));
    let schemas = &cloud.next().unwrap().1["resource_schemas"];
    let instance = &schemas["alicloud_instance"]["block"]["attributes"];
    assert_eq!(instance["password_wo"]["write_only"], true);
    assert_eq!(instance["password"]["write_only"], Json::Null);
}
