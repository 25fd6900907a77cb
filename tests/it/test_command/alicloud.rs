//! Tests of the cloud's types: in an emulator, or mocked.

use std::path::Path;

use crate::support::project::Project;

const NETWORK: &str = "
variable \"cidr\" {
  default = \"10.0.0.0/16\"
}
provider \"alicloud\" {
  region = \"cn-hangzhou\"
}
data \"alicloud_zones\" \"all\" {
  available_resource_creation = \"VSwitch\"
}
resource \"alicloud_vpc\" \"main\" {
  vpc_name   = \"main\"
  cidr_block = var.cidr
}
resource \"alicloud_vswitch\" \"main\" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = cidrsubnet(var.cidr, 8, 0)
  zone_id    = data.alicloud_zones.all.zones[0].id
}
output \"vpc_id\" {
  value = alicloud_vpc.main.id
}
";

fn assert(condition: &str) -> String {
    format!(
        "  assert {{\n    condition     = {condition}\n    error_message = \"it does not hold\"\n  }}\n"
    )
}

fn project(test: &str) -> Project {
    Project::of(&[("main.tf", NETWORK), ("a.tftest.hcl", test)])
}

#[test]
fn runs_build_upon_each_other_in_an_emulator_and_leave_nothing() {
    let test = format!(
        "run \"created\" {{\n{}}}\nrun \"again\" {{\n  command = plan\n{}}}\nrun \"replaced\" {{\n  plan_options {{\n    replace = [alicloud_vpc.main]\n  }}\n{}}}\n",
        assert(
            "startswith(output.vpc_id, \"vpc-\") && alicloud_vswitch.main.vpc_id == output.vpc_id"
        ),
        assert("alicloud_vpc.main.id == run.created.vpc_id"),
        assert("output.vpc_id != run.created.vpc_id"),
    );
    let project = project(&test);
    let ran = project.succeeds(["test"]);
    assert!(!project.path().join(".prov").exists(), "{ran}");
    assert!(!project.path().join("terraform.tfstate").exists(), "{ran}");
    let _ = ran.says(&["Success! 3 passed, 0 failed."]);
}

#[test]
fn each_file_begins_with_an_empty_world() {
    let vpcs = "data \"alicloud_vpcs\" \"all\" {}\nresource \"alicloud_vpc\" \"main\" {\n  vpc_name   = \"main\"\n  cidr_block = \"10.0.0.0/16\"\n}\noutput \"seen\" {\n  value = length(data.alicloud_vpcs.all.ids)\n}\n";
    let test = format!(
        "run \"first\" {{\n{}}}\nrun \"second\" {{\n{}}}\n",
        assert("output.seen == 0"),
        assert("output.seen == 1")
    );
    let project = Project::of(&[
        ("main.tf", vpcs),
        ("a.tftest.hcl", &test),
        ("b.tftest.hcl", &test),
    ]);
    let _ = project.succeeds(["test"]).says(&["Success! 4 passed"]);
}

#[test]
fn a_world_that_is_kept_is_used_when_it_is_asked_for() {
    let vpcs = "data \"alicloud_vpcs\" \"all\" {}\noutput \"seen\" {\n  value = length(data.alicloud_vpcs.all.ids)\n}\n";
    let project = Project::of(&[("main.tf", NETWORK)]);
    let _ = project.succeeds(["apply", "-auto-approve", "-emulator=world"]);
    project.write("main.tf", vpcs);
    project.write(
        "a.tftest.hcl",
        &format!("run \"a\" {{\n{}}}\n", assert("output.seen == 1")),
    );
    let _ = project.succeeds(["test", "-emulator=world"]);
    let _ = project.run(["test"]).fails(&["Test assertion failed"]);
}

/// Whatever a block says, nothing leaves this machine unless it is asked for by a flag.
#[test]
fn a_provider_block_leads_nowhere_without_the_flag() {
    let block = "provider \"alicloud\" {\n  region     = \"cn-beijing\"\n  endpoint   = \"http://127.0.0.1:1\"\n  access_key = \"a\"\n  secret_key = \"b\"\n}\n";
    let project = project(&format!(
        "{block}run \"a\" {{\n{}}}\n",
        assert("startswith(data.alicloud_zones.all.zones[0].id, \"cn-beijing\")")
    ));
    let _ = project.succeeds(["test"]);
    let ran = project.run(["test", "-real"]);
    assert_eq!(ran.code, 1, "{ran}");
    let ran = ran.warns(&["127.0.0.1:1"]);
    assert!(ran.stdout.contains("run \"a\"... fail"), "{ran}");
}

#[test]
fn a_mock_makes_up_what_the_cloud_would_decide() {
    let mock = "mock_provider \"alicloud\" {\n  mock_resource \"alicloud_vpc\" {\n    defaults = {\n      id = \"vpc-mocked\"\n    }\n  }\n  override_data {\n    target = data.alicloud_zones.all\n    values = {\n      zones = [{ id = \"zone\" }]\n    }\n  }\n}\n";
    let test = format!(
        "{mock}run \"a\" {{\n{}{}}}\n",
        assert("output.vpc_id == \"vpc-mocked\" && alicloud_vswitch.main.vpc_id == \"vpc-mocked\""),
        assert(
            "alicloud_vswitch.main.zone_id == \"zone\" && can(regex(\"^[a-z0-9]{8}$\", alicloud_vswitch.main.id)) && alicloud_vpc.main.secondary_cidr_blocks == tolist([])"
        ),
    );
    let _ = project(&test).succeeds(["test"]);
}

#[test]
fn what_is_known_in_the_plan_stays_what_it_was() {
    let mock = "mock_provider \"alicloud\" {\n  override_during = plan\n  mock_data \"alicloud_zones\" {\n    defaults = {\n      zones = [{ id = \"zone\" }]\n    }\n  }\n}\n";
    let known = assert("length(alicloud_vswitch.main.vpc_id) == 8");
    let test = format!(
        "{mock}run \"plan\" {{\n  command = plan\n{known}}}\nrun \"apply\" {{\n{known}}}\n"
    );
    let _ = project(&test).succeeds(["test"]);
}

#[test]
fn providers_are_passed_under_the_names_that_the_configuration_has() {
    let aliased = NETWORK
        .replace(
            "provider \"alicloud\" {",
            "provider \"alicloud\" {\n  alias = \"east\"",
        )
        .replace(
            "resource \"alicloud_vpc\" \"main\" {",
            "resource \"alicloud_vpc\" \"main\" {\n  provider = alicloud.east",
        )
        .replace(
            "resource \"alicloud_vswitch\" \"main\" {",
            "resource \"alicloud_vswitch\" \"main\" {\n  provider = alicloud.east",
        );
    let test = format!(
        "mock_provider \"alicloud\" {{\n  alias = \"fake\"\n  mock_resource \"alicloud_vpc\" {{\n    defaults = {{ id = \"fake\" }}\n  }}\n}}\nrun \"a\" {{\n  providers = {{\n    alicloud.east = alicloud.fake\n  }}\n{}}}\n",
        assert("output.vpc_id == \"fake\""),
    );
    let project = Project::of(&[("main.tf", &aliased), ("a.tftest.hcl", &test)]);
    let _ = project.succeeds(["test"]);
    project.write(
        "a.tftest.hcl",
        &test.replace("alicloud.fake", "alicloud.other"),
    );
    let _ = project
        .run(["test"])
        .fails(&["This file has no provider alicloud.other"]);
}

#[test]
fn the_example_passes_its_own_tests() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tested");
    let ran = Project::copy_of(&example).succeeds(["test"]);
    let _ = ran.says(&[
        "tests/network.tftest.hcl... pass",
        "Success! 7 passed, 0 failed.",
    ]);
}
