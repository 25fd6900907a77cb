//! What is in modules is planned, applied, moved and taken away as Terraform does it.

use crate::support::project::Project;
const CHILD: &str = r#"
variable "name" {
  type = string
  validation {
    condition     = length(var.name) < 5
    error_message = "The name ${var.name} is too long."
  }
}
resource "terraform_data" "this" { input = var.name }
module "inner" {
  source = "./inner"
  value  = terraform_data.this.output
}
output "id" { value = terraform_data.this.id }
output "inner" { value = module.inner.all }
output "place" { value = path.module }
"#;

const INNER: &str = r#"
variable "value" {}
resource "terraform_data" "each" {
  count = 2
  input = "${var.value}${count.index}"
}
output "all" { value = terraform_data.each[*].output }
"#;

fn project(main: &str) -> Project {
    Project::of(&[
        ("main.tf", main),
        ("m/main.tf", CHILD),
        ("m/inner/main.tf", INNER),
    ])
}

const COUNTED: &str = r#"
variable "n" { default = 2 }
module "a" {
  source = "./m"
  count  = var.n
  name   = "a${count.index}"
}
module "b" {
  source     = "./m"
  name       = "b"
  depends_on = [module.a]
}
output "inner" { value = module.a[1].inner }
output "place" { value = module.b.place }
output "ids" { value = length(module.a[*].id) }
"#;

#[test]
fn modules_are_made_in_order_and_stay() {
    let project = project(COUNTED);
    let _ = project.succeeds(["apply", "-auto-approve"]);
    let _ = project.succeeds(["plan", "-detailed-exitcode"]);
    let listed = project
        .succeeds(["state", "list", "module.a[0]", "module.b"])
        .stdout;
    let expected = "module.a[0].terraform_data.this\nmodule.b.terraform_data.this\n\
        module.a[0].module.inner.terraform_data.each[0]\nmodule.a[0].module.inner.terraform_data.each[1]\n\
        module.b.module.inner.terraform_data.each[0]\nmodule.b.module.inner.terraform_data.each[1]\n";
    assert_eq!(listed, expected);
    let state = project.state();
    assert_eq!(
        state["outputs"]["inner"]["value"],
        serde_json::json!(["a10", "a11"])
    );
    assert_eq!(state["outputs"]["place"]["value"], "m");
    let inner = state["resources"].as_array().unwrap();
    let inner = inner
        .iter()
        .find(|it| it["module"] == "module.b.module.inner")
        .unwrap();
    let needs = &inner["instances"][0]["dependencies"];
    assert!(
        needs
            .as_array()
            .unwrap()
            .contains(&"module.b.terraform_data.this".into())
    );
    assert!(
        needs
            .as_array()
            .unwrap()
            .contains(&"module.a.terraform_data.this".into())
    );
    let _ = project.succeeds(["destroy", "-auto-approve"]);
    assert_eq!(project.state()["resources"], serde_json::json!([]));
}

#[test]
fn an_instance_of_a_module_that_is_gone_is_destroyed_with_the_reason() {
    let project = project(&COUNTED.replace("module.a[1].inner", "module.a[0].inner"));
    let _ = project.succeeds(["apply", "-auto-approve"]);
    let planned = project
        .succeeds(["plan", "-no-color", "-var", "n=1"])
        .stdout;
    assert!(planned.contains("module.a[1].module.inner.terraform_data.each[0] will be destroyed"));
    assert!(
        planned.contains("(because module.a[1] is not in configuration)"),
        "{planned}"
    );
    assert!(planned.contains("0 to add, 0 to change, 3 to destroy"));
}

#[test]
fn calls_are_renamed_and_get_keys_by_moved_blocks() {
    let project = project(&COUNTED.replace("module.a[1].inner", "module.a[0].inner"));
    let _ = project.succeeds(["apply", "-auto-approve"]);
    let main = r#"
module "c" {
  source   = "./m"
  for_each = toset(["a0", "a1"])
  name     = each.key
}
module "d" {
  source = "./m"
  name   = "b"
}
moved {
  from = module.a[0]
  to   = module.c["a0"]
}
moved {
  from = module.a[1]
  to   = module.c["a1"]
}
moved {
  from = module.b
  to   = module.d
}
"#;
    project.write("main.tf", main);
    let planned = project.succeeds(["plan", "-no-color"]).stdout;
    assert!(
        planned.contains("module.b.terraform_data.this has moved to module.d.terraform_data.this")
    );
    assert!(
        planned.contains("0 to add, 0 to change, 0 to destroy"),
        "{planned}"
    );
}

#[test]
fn targets_and_state_commands_take_modules() {
    let project = project(COUNTED);
    let planned = project
        .succeeds(["plan", "-no-color", "-target=module.a[0]"])
        .stdout;
    assert!(planned.contains("3 to add"), "{planned}");
    let _ = project.succeeds(["apply", "-auto-approve"]);
    let _ = project.succeeds(["state", "mv", "module.b", "module.x"]);
    let _ = project.succeeds(["state", "rm", "module.a"]);
    let listed = project.succeeds(["state", "list"]).stdout;
    assert!(
        listed.starts_with("module.x.terraform_data.this\nmodule.x.module.inner."),
        "{listed}"
    );
    assert!(!listed.contains("module.a"));
}

#[test]
fn what_is_wrong_in_a_module_is_told_with_its_address() {
    let project = project("module \"a\" {\n  source = \"./m\"\n  name   = \"too long\"\n}\n");
    project.prov("plan -no-color").fails(&[
        "Invalid value for variable",
        "The name too long is too long.",
        "module.a.var.name",
    ]);
    project.write(
        "m/inner/main.tf",
        "variable \"value\" {}\noutput \"all\" {\n  value = terraform_data.gone.id\n}\n",
    );
    project
        .prov("validate -no-color")
        .fails(&["has not been declared in module.a.module.inner."]);
}
