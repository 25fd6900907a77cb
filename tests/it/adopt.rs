//! `prov adopt`: what exists is written down with references, and the plan over it is an import alone.

use serde_json::json;

use crate::support::{
    cloud::Cloud,
    project::Project,
    server::{self, Emulator},
};

/// A network with two machines, and another one beside it.
fn furnished() -> (Cloud, Project) {
    let cloud = Cloud::instant();
    let text = cloud.provider()
        + r##"
resource "alicloud_vpc" "main" {
  vpc_name   = "Main net"
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vpc" "other" {
  vpc_name   = "Main net"
  cidr_block = "172.16.0.0/12"
  tags       = { team = "other" }
  # Of two with one name the older one has it.
  depends_on = [alicloud_vpc.main]
}
resource "alicloud_vswitch" "web" {
  vpc_id       = alicloud_vpc.main.id
  cidr_block   = "10.1.0.0/16"
  zone_id      = "cn-hangzhou-h"
  vswitch_name = "web"
}
resource "alicloud_security_group" "web" {
  vpc_id              = alicloud_vpc.main.id
  security_group_name = "web"
  tags                = { team = "web" }
}
resource "alicloud_security_group_rule" "web" {
  for_each          = toset(["80/80", "443/443"])
  security_group_id = alicloud_security_group.web.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = each.key
  cidr_ip           = "0.0.0.0/0"
}
resource "alicloud_instance" "web" {
  count                      = 2
  image_id                   = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type              = "ecs.g7.large"
  vswitch_id                 = alicloud_vswitch.web.id
  security_groups            = [alicloud_security_group.web.id]
  instance_name              = "web-${count.index}"
  internet_max_bandwidth_out = 5
  user_data                  = "#!/bin/sh\necho \"$${HOME}\""
  tags                       = { team = "web" }
}
"##;
    let project = Project::with(&text);
    project.apply();
    (cloud, project)
}

/// Everything is forgotten but where the cloud is.
fn forget(cloud: &Cloud, project: &Project) {
    project.remove("terraform.tfstate");
    project.write("main.tf", &cloud.provider());
}

#[test]
fn all_that_exists_is_written_with_references() {
    let (cloud, project) = furnished();
    forget(&cloud, &project);
    for file in ["adopted.tf", "adopted.prov.yaml"] {
        let said = project.prov(&format!("adopt -out={file} -no-color"));
        assert_eq!(said.code, 0, "{said}");
        let nothing_else = "The plan over it is an import of 8 and nothing else.";
        assert!(said.stdout.contains(nothing_else), "{said}");
        assert!(
            said.stdout.contains("      2  alicloud_instance\n"),
            "{said}"
        );
        let text = project.read(file);
        for reference in [
            "alicloud_vpc.main_net.id",
            "alicloud_vswitch.web.id",
            "alicloud_security_group.web.id",
            "alicloud_vpc.main_net_2",
        ] {
            assert!(text.contains(reference), "{reference} in {text}");
        }
        let applied = project.apply();
        assert!(
            applied.stdout.contains("8 imported, 0 added, 0 changed"),
            "{applied}"
        );
        project.settled();
        let said = project.prov("adopt -out=again.tf -no-color").ok();
        assert!(said.stdout.contains("Nothing found"), "{said}");
        project.remove("terraform.tfstate");
        project.remove(file);
    }
}

#[test]
fn what_an_import_block_names_is_not_written_again() {
    let (cloud, project) = furnished();
    forget(&cloud, &project);
    project.prov("adopt -type=alicloud_vpc").ok();
    let said = project.prov("adopt -type=alicloud_vpc -out=again.tf").ok();
    assert!(said.stdout.contains("Nothing found"), "{said}");
}

#[test]
fn a_type_that_may_not_be_listed_is_left_out_and_named() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let vpc = "resource \"alicloud_vpc\" \"it\" {\n  cidr_block = \"10.0.0.0/8\"\n}\n";
    let project = server::Project::on(&emulator, vpc);
    project.ok(&["apply", "-auto-approve"]);
    std::fs::remove_file(project.file("terraform.tfstate")).unwrap();
    project.write("main.tf", &project.read("main.tf").replace(vpc, ""));
    let denied = |code: &str| {
        emulator.faults(&json!({ "rules": [
            { "action": "DescribeInstances", "kind": "error_before", "status": 403, "code": code },
        ]}));
    };
    denied("Forbidden.RAM");
    let said = project.run(&["adopt", "-no-color"]);
    assert_eq!(said.code, Some(0), "{said}");
    assert!(said.err.contains("alicloud_instance is left out"), "{said}");
    assert!(
        said.out.contains("an import of 1 and nothing else"),
        "{said}"
    );
    // Anything else ends it, and nothing is written.
    denied("InvalidParameter");
    let said = project.run(&["adopt", "-no-color", "-out=again.tf"]);
    assert_eq!(said.code, Some(1), "{said}");
    assert!(said.err.contains("Could not find what exists"), "{said}");
    assert!(!project.file("again.tf").exists());
}

#[test]
fn only_what_is_wanted_is_written() {
    let (cloud, project) = furnished();
    let vpc = project.attributes("alicloud_vpc", "main", 0)["id"].clone();
    forget(&cloud, &project);
    let count = |flags: &str, count: usize| {
        let said = project.prov(&format!("adopt -no-color {flags}")).ok();
        let wanted = format!("an import of {count} and");
        assert!(said.stdout.contains(&wanted), "{flags}: {said}");
        project.remove("adopted.tf");
    };
    count(&format!("-vpc={}", vpc.as_str().unwrap()), 7);
    count("-tag=team=web", 5);
    count("-tag=team=other", 1);
    count("-type=alicloud_vpc -type=alicloud_vswitch", 3);
}

#[test]
fn a_directory_without_manifests_gets_a_provider_block() {
    let project = Project::new();
    project.write("main.tf", "provider \"alicloud\" {\n  region = \"cn-hangzhou\"\n}\nresource \"alicloud_vpc\" \"it\" {\n  cidr_block = \"10.0.0.0/8\"\n}\n");
    project.prov("apply -auto-approve -emulator").ok();
    project.remove("main.tf");
    project.remove("terraform.tfstate");
    project.prov("adopt -emulator -region=cn-hangzhou").ok();
    let text = project.read("adopted.tf");
    assert!(
        text.contains("provider \"alicloud\" {\n  region = \"cn-hangzhou\"\n}"),
        "{text}"
    );
    project.prov("apply -auto-approve -emulator").ok();
    project.prov("plan -emulator -detailed-exitcode").ok();
}

#[test]
fn what_is_there_is_not_overwritten_and_mistakes_are_told() {
    let (cloud, project) = furnished();
    forget(&cloud, &project);
    project.write("adopted.tf", "# mine\n");
    let refused = |flags: &str, text: &str| {
        let said = project.prov(&format!("adopt -no-color {flags}"));
        assert_eq!(said.code, 1, "{flags}: {said}");
        assert!(said.stderr.contains(text), "{flags}: {said}");
    };
    refused("", "adopted.tf exists already");
    assert_eq!(project.read("adopted.tf"), "# mine\n");
    refused("-out=x.txt", "would not be read as a manifest");
    refused(
        "-out=new.tf -type=alicloud_vcp",
        "Did you mean \"alicloud_vpc\"?",
    );
    refused("-out=new.tf -region=cn-beijing", "-region says cn-beijing");
    refused("-out=new.tf -tag=team", "KEY=VALUE");
}
