//! Override files, as Terraform 1.11 merges them.

use serde_json::json;

use crate::support::{cloud::Cloud, project::Project};

const MAIN: &str = r#"
variable "x" {
  type    = number
  default = 2
}

locals {
  l = 1
}

resource "terraform_data" "a" {
  input            = var.x
  triggers_replace = local.l

  lifecycle {
    create_before_destroy = true
  }
}

output "o" {
  value = local.l
}
"#;

#[test]
fn override_files_change_what_the_others_declare() {
    let project = Project::with(MAIN);
    project.write(
        "a_override.tf",
        "locals {\n  l = 7\n}\nvariable \"x\" {\n  default = 5\n}\n",
    );
    project.write(
        "override.tf.json",
        &json!({
            "resource": { "terraform_data": { "a": {
                "triggers_replace": "${var.x}",
                "lifecycle": { "ignore_changes": ["input"] },
            } } },
            "locals": { "l": 8 },
            "output": { "o": { "description": "more" } },
        })
        .to_string(),
    );
    let plan = project.plan_json("");
    let after = &plan["resource_changes"][0]["change"]["after"];
    assert_eq!(
        after,
        &json!({ "input": 5, "triggers_replace": 5 }),
        "{plan:#}"
    );
    assert_eq!(plan["output_changes"]["o"]["after"], 8);
    project.apply();
    // The rest of the lifecycle is still that of the block: created first.
    project.write("z_override.tf", "variable \"x\" {\n  default = 6\n}\n");
    let plan = project.plan_json("");
    let change = &plan["resource_changes"][0]["change"];
    assert_eq!(change["actions"], json!(["create", "delete"]), "{plan:#}");
}

#[test]
fn nested_blocks_replace_those_of_their_kind_and_a_backend_the_backend() {
    let cloud = Cloud::instant();
    let main = r#"
terraform {
  backend "local" {
    path = "one.tfstate"
  }
}

resource "alicloud_instance" "it" {
  data_disks {
    size = 20
  }
  data_disks {
    size = 30
  }
}
"#;
    let project = Project::with(&(cloud.provider() + main));
    project.write(
        "override.tf",
        r#"
terraform {
  backend "local" {
    path = "two.tfstate"
  }
}

resource "alicloud_instance" "it" {
  image_id             = "ubuntu_22_04_x64_20G_alibase_20240710.vhd"
  instance_type        = "ecs.g7.large"
  security_groups      = ["sg-1"]
  vswitch_id           = "vsw-1"
  system_disk_category = "cloud_essd"
  dynamic "data_disks" {
    for_each = [40]
    content {
      size = data_disks.value
    }
  }
}
"#,
    );
    let plan = project.plan_json("-refresh=false");
    let disks = &plan["resource_changes"][0]["change"]["after"]["data_disks"];
    assert_eq!(disks.as_array().unwrap().len(), 1, "{disks:#}");
    assert_eq!(disks[0]["size"], 40);
    let other = Project::with(
        "terraform {\n  backend \"local\" {\n    path = \"one.tfstate\"\n  }\n}\nresource \"terraform_data\" \"a\" {}\n",
    );
    other.write(
        "override.tf",
        "terraform {\n  backend \"local\" {\n    path = \"two.tfstate\"\n  }\n}\n",
    );
    other.prov("init -no-color").ok();
    other.apply();
    assert!(other.path().join("two.tfstate").exists());
}

#[test]
fn what_cannot_be_overridden_is_refused() {
    for (text, summary, place) in [
        (
            "locals {\n  n = 1\n}\n",
            "Missing base local value definition to override",
            "line 2, column 3",
        ),
        (
            "resource \"terraform_data\" \"b\" {}\n",
            "Missing resource to override",
            "line 1",
        ),
        (
            "output \"p\" {\n  value = 1\n}\n",
            "Missing base output definition to override",
            "line 1",
        ),
        (
            "resource \"terraform_data\" \"a\" {\n  depends_on = []\n}\n",
            "Unsupported override",
            "line 2, column 3",
        ),
        (
            "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    precondition {\n      condition     = var.x == 1\n      error_message = \"x\"\n    }\n  }\n}\n",
            "Can't override precondition blocks",
            "line 3",
        ),
        (
            "moved {\n  from = terraform_data.b\n  to   = terraform_data.a\n}\n",
            "Cannot override 'moved' blocks",
            "line 1",
        ),
        (
            "provider \"alicloud\" {\n  alias = \"x\"\n}\n",
            "Missing provider with this alias to override",
            "line 1",
        ),
    ] {
        let project = Project::with(MAIN);
        project.write("my_override.tf", text);
        let at = format!("on my_override.tf {place}");
        project.prov("validate -no-color").fails(&[summary, &at]);
    }
}
