//! `prov adopt` over a world with an object of every type: disks, images, addresses, routes.

use crate::support::{cloud::Cloud, project::Project};

const WORLD: &str = r##"
resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "web" {
  vpc_id       = alicloud_vpc.main.id
  cidr_block   = "10.1.0.0/16"
  zone_id      = "cn-hangzhou-i"
  vswitch_name = "web"
}
resource "alicloud_security_group" "web" {
  vpc_id              = alicloud_vpc.main.id
  security_group_name = "web"
  tags                = { team = "web" }
}
resource "alicloud_security_group_rule" "web" {
  security_group_id = alicloud_security_group.web.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  cidr_ip           = "0.0.0.0/0"
}
resource "alicloud_ecs_key_pair" "admin" {
  key_pair_name = "admin"
  public_key    = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd5dYbVhY2rqWb3GmQJdfxQyXhLq1rXyWm3mW9j6X0p me"
}
resource "alicloud_ecs_deployment_set" "spread" {
  deployment_set_name = "spread"
}
resource "alicloud_instance" "web" {
  count             = 2
  image_id          = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type     = "ecs.g7.large"
  vswitch_id        = alicloud_vswitch.web.id
  security_groups   = [alicloud_security_group.web.id]
  instance_name     = "web-${count.index}"
  deployment_set_id = alicloud_ecs_deployment_set.spread.id
  password          = "Sup3r-Secret!"
  user_data         = "#!/bin/sh"
  tags              = { team = "web" }
}
resource "alicloud_ecs_key_pair_attachment" "web" {
  key_pair_name = alicloud_ecs_key_pair.admin.key_pair_name
  instance_ids  = alicloud_instance.web[*].id
}
resource "alicloud_ecs_disk" "data" {
  disk_name            = "data"
  zone_id              = "cn-hangzhou-i"
  category             = "cloud_essd"
  size                 = 40
  delete_with_instance = true
  tags                 = { team = "web" }
}
resource "alicloud_ecs_disk_attachment" "data" {
  disk_id              = alicloud_ecs_disk.data.id
  instance_id          = alicloud_instance.web[0].id
  delete_with_instance = true
}
resource "alicloud_ecs_disk" "spare" {
  disk_name = "spare"
  zone_id   = "cn-hangzhou-i"
  size      = 20
}
resource "alicloud_ecs_snapshot" "data" {
  disk_id       = alicloud_ecs_disk_attachment.data.disk_id
  snapshot_name = "before"
}
resource "alicloud_ecs_snapshot" "root" {
  disk_id       = alicloud_instance.web[0].system_disk_id
  snapshot_name = "root"
}
resource "alicloud_image" "web" {
  image_name  = "web-12"
  snapshot_id = alicloud_ecs_snapshot.root.id
}
resource "alicloud_instance" "copy" {
  image_id        = alicloud_image.web.id
  instance_type   = "ecs.g7.large"
  vswitch_id      = alicloud_vswitch.web.id
  security_groups = [alicloud_security_group.web.id]
  instance_name   = "copy"
}
resource "alicloud_ecs_launch_template" "web" {
  launch_template_name = "web"
  image_id             = alicloud_image.web.id
  instance_type        = "ecs.g7.large"
  vswitch_id           = alicloud_vswitch.web.id
  security_group_ids   = [alicloud_security_group.web.id]
  user_data            = "#!/bin/sh\necho $HOME"
  system_disk {
    category = "cloud_essd"
    size     = 40
  }
  data_disks {
    name = "data"
    size = 100
  }
  template_tags = { team = "web" }
}
resource "alicloud_ecs_network_interface" "second" {
  network_interface_name = "second"
  vswitch_id             = alicloud_vswitch.web.id
  security_group_ids     = [alicloud_security_group.web.id]
  private_ip_addresses   = ["10.1.7.7"]
}
resource "alicloud_ecs_network_interface_attachment" "second" {
  network_interface_id = alicloud_ecs_network_interface.second.id
  instance_id          = alicloud_instance.web[0].id
}
resource "alicloud_eip_address" "web" {
  address_name = "web"
  tags         = { team = "web" }
}
resource "alicloud_eip_association" "web" {
  allocation_id = alicloud_eip_address.web.id
  instance_id   = alicloud_instance.web[1].id
}
resource "alicloud_nat_gateway" "out" {
  vpc_id           = alicloud_vpc.main.id
  vswitch_id       = alicloud_vswitch.web.id
  nat_gateway_name = "out"
  nat_type         = "Enhanced"
}
resource "alicloud_eip_address" "out" {
  count        = 2
  address_name = "out-${count.index}"
}
resource "alicloud_eip_association" "out" {
  count         = 2
  allocation_id = alicloud_eip_address.out[count.index].id
  instance_id   = alicloud_nat_gateway.out.id
}
resource "alicloud_snat_entry" "web" {
  depends_on        = [alicloud_eip_association.out]
  snat_table_id     = alicloud_nat_gateway.out.snat_table_ids
  source_vswitch_id = alicloud_vswitch.web.id
  snat_ip           = join(",", alicloud_eip_address.out[*].ip_address)
}
resource "alicloud_slb_load_balancer" "web" {
  load_balancer_name   = "web"
  load_balancer_spec   = "slb.s2.small"
  internet_charge_type = "PayByBandwidth"
  bandwidth            = 10
  tags                 = { team = "web" }
}
resource "alicloud_slb_load_balancer" "within" {
  load_balancer_name   = "within"
  vswitch_id           = alicloud_vswitch.web.id
  instance_charge_type = "PayByCLCU"
  status               = "inactive"
}
resource "alicloud_route_table" "private" {
  vpc_id           = alicloud_vpc.main.id
  route_table_name = "private"
}
resource "alicloud_route_table_attachment" "private" {
  route_table_id = alicloud_route_table.private.id
  vswitch_id     = alicloud_vswitch.web.id
}
resource "alicloud_route_entry" "own" {
  route_table_id        = alicloud_route_table.private.id
  destination_cidrblock = "192.168.0.0/16"
  nexthop_type          = "Instance"
  nexthop_id            = alicloud_instance.web[0].id
}
resource "alicloud_route_entry" "of_vpc" {
  route_table_id        = alicloud_vpc.main.route_table_id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "NatGateway"
  nexthop_id            = alicloud_nat_gateway.out.id
  name                  = "out"
}
resource "alicloud_vpc" "other" {
  vpc_name   = "other"
  cidr_block = "172.16.0.0/12"
}
"##;

/// The objects of that world by type; key pairs on instances are said by these.
const TYPES: &[(&str, usize)] = &[
    ("alicloud_ecs_deployment_set", 1),
    ("alicloud_ecs_disk", 2),
    ("alicloud_ecs_disk_attachment", 1),
    ("alicloud_ecs_key_pair", 1),
    ("alicloud_ecs_launch_template", 1),
    ("alicloud_ecs_network_interface", 1),
    ("alicloud_ecs_network_interface_attachment", 1),
    ("alicloud_ecs_snapshot", 2),
    ("alicloud_eip_address", 3),
    ("alicloud_eip_association", 3),
    ("alicloud_image", 1),
    ("alicloud_instance", 3),
    ("alicloud_nat_gateway", 1),
    ("alicloud_route_entry", 2),
    ("alicloud_route_table", 1),
    ("alicloud_route_table_attachment", 1),
    ("alicloud_security_group", 1),
    ("alicloud_security_group_rule", 1),
    ("alicloud_slb_load_balancer", 2),
    ("alicloud_snat_entry", 1),
    ("alicloud_vpc", 2),
    ("alicloud_vswitch", 1),
];

/// References that the file is to have, as HCL and in YAML alike.
const REFERENCES: &[&str] = &[
    "alicloud_ecs_deployment_set.spread.id",
    "alicloud_ecs_disk.data.id",
    "alicloud_ecs_key_pair.admin.id",
    "alicloud_ecs_network_interface.second.id",
    "alicloud_ecs_snapshot.root.id",
    "alicloud_eip_address.web.id",
    "${alicloud_eip_address.out-0.ip_address},${alicloud_eip_address.out-1.ip_address}",
    "alicloud_image.web-12.id",
    "alicloud_instance.web-0.id",
    "alicloud_instance.web-0.system_disk_id",
    "alicloud_nat_gateway.out.id",
    "alicloud_nat_gateway.out.snat_table_ids",
    "alicloud_route_table.private.id",
    "alicloud_vpc.main.route_table_id",
];

/// A cloud with the world, and a project that knows nothing of it.
fn world() -> (Cloud, Project) {
    let cloud = Cloud::instant();
    let project = Project::with(&(cloud.provider() + WORLD));
    project.apply();
    forget(&cloud, &project);
    (cloud, project)
}

fn forget(cloud: &Cloud, project: &Project) {
    project.remove("terraform.tfstate");
    project.write("main.tf", &cloud.provider());
}

#[test]
fn every_type_is_written_and_the_plan_is_empty_after_the_import() {
    let (_cloud, project) = world();
    let total: usize = TYPES.iter().map(|(_, count)| count).sum();
    for file in ["adopted.tf", "adopted.prov.yaml"] {
        let said = project.prov(&format!("adopt -out={file} -no-color"));
        let text = project.read(file);
        assert_eq!(said.code, 0, "{said}\n{text}");
        for (ty, count) in TYPES {
            let line = format!("{count:>7}  {ty}\n");
            assert!(said.stdout.contains(&line), "{line} in {said}");
        }
        let only = format!("an import of {total} and nothing else");
        assert!(said.stdout.contains(&only), "{said}");
        for reference in REFERENCES {
            assert!(text.contains(reference), "{reference} in {text}");
        }
        // The gateway's own interface is the gateway's.
        let left = "alicloud_ecs_network_interface left alone";
        assert!(said.stdout.contains(left), "{said}");
        // Neither what the cloud does not tell, nor addresses that it chose.
        let text = text.replace("10.1.0.0/16", "");
        for unsaid in ["Sup3r-Secret", "ssh-ed25519", "10.1.0."] {
            assert!(!text.contains(unsaid), "{unsaid} in {text}");
        }
        let applied = project.apply();
        let done = format!("{total} imported, 0 added, 0 changed");
        assert!(applied.stdout.contains(&done), "{applied}");
        project.settled();
        project.remove("terraform.tfstate");
        project.remove(file);
    }
}

#[test]
fn a_vpc_brings_what_is_in_it_and_what_is_attached_to_that() {
    let (_cloud, project) = world();
    project.prov("adopt -type=alicloud_vpc -out=vpcs.tf").ok();
    project.apply();
    let vpc = project.attributes("alicloud_vpc", "main", 0)["id"].clone();
    let vpc = vpc.as_str().unwrap();
    let said = project.prov(&format!("adopt -no-color -vpc={vpc}"));
    assert_eq!(said.code, 0, "{said}");
    let counted = |ty: &str| {
        let line = said
            .stdout
            .lines()
            .find(|line| line.ends_with(&format!("  {ty}")));
        line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok())
            .unwrap_or(0)
    };
    for (ty, count) in TYPES {
        let expected = match *ty {
            // Of no VPC; or managed already; or attached to nothing.
            "alicloud_ecs_deployment_set"
            | "alicloud_ecs_key_pair"
            | "alicloud_image"
            | "alicloud_vpc" => 0,
            "alicloud_ecs_disk" | "alicloud_slb_load_balancer" => 1,
            _ => *count,
        };
        assert_eq!(counted(ty), expected, "{ty} in {said}");
    }
}

#[test]
fn tags_bring_what_has_them_and_what_is_only_of_that() {
    let (_cloud, project) = world();
    let said = project.prov("adopt -no-color -tag=team=web").ok();
    // A group and its rule, two instances, a disk and its attachment, an address and its own, a template, a balancer.
    assert!(
        said.stdout.contains("an import of 10 and nothing else"),
        "{said}"
    );
}

#[test]
fn key_pairs_on_instances_are_attachments_where_the_instances_are_not_written() {
    let (_cloud, project) = world();
    let flags = "-type=alicloud_ecs_key_pair_attachment -type=alicloud_ecs_key_pair";
    let said = project.prov(&format!("adopt -no-color {flags}")).ok();
    assert!(
        said.stdout.contains("an import of 2 and nothing else"),
        "{said}"
    );
    let text = project.read("adopted.tf");
    assert!(
        text.contains("key_pair_name = alicloud_ecs_key_pair.admin.id"),
        "{text}"
    );
    project.apply();
    project.settled();
}

#[test]
fn disks_that_an_instance_says_itself_are_not_written_again() {
    let cloud = Cloud::instant();
    let text = cloud.provider()
        + r#"
resource "alicloud_vpc" "main" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "web" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.1.0.0/16"
  zone_id    = "cn-hangzhou-i"
}
resource "alicloud_security_group" "web" {
  vpc_id = alicloud_vpc.main.id
}
resource "alicloud_instance" "web" {
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type   = "ecs.g7.large"
  vswitch_id      = alicloud_vswitch.web.id
  security_groups = [alicloud_security_group.web.id]
  data_disks {
    size     = 30
    category = "cloud_essd"
  }
  data_disks {
    size     = 30
    category = "cloud_essd"
  }
}
"#;
    let project = Project::with(&text);
    project.apply();
    let said = project.prov("adopt -no-color").ok();
    assert!(said.stdout.contains("Nothing found"), "{said}");
    // Without the state they are disks of their own, and the instance is written without them.
    forget(&cloud, &project);
    let said = project.prov("adopt -no-color").ok();
    assert!(
        said.stdout.contains("      2  alicloud_ecs_disk\n"),
        "{said}"
    );
    project.apply();
    project.settled();
}

#[test]
fn three_hundred_disks_take_few_calls() {
    let cloud = Cloud::instant();
    let text = cloud.provider()
        + "resource \"alicloud_ecs_disk\" \"many\" {\n  count   = 300\n  zone_id = \"cn-hangzhou-i\"\n  size    = 20\n}\n\
           resource \"alicloud_ecs_key_pair\" \"many\" {\n  count         = 60\n  key_pair_name = \"key-${count.index}\"\n}\n";
    let project = Project::with(&text);
    project.apply();
    forget(&cloud, &project);
    let before = cloud.calls();
    let said = project.prov("adopt -no-color").ok();
    assert!(
        said.stdout.contains("an import of 360 and nothing else"),
        "{said}"
    );
    let calls = cloud.since(&before);
    // Two lists of 6 pages (of disks and of attachments), and three reads of 100 for each, the list and the plan.
    assert_eq!(calls["DescribeDisks"], 18, "{calls:?}");
    assert_eq!(calls["DescribeKeyPairs"], 6, "{calls:?}");
    assert!(calls.values().sum::<u64>() < 60, "{calls:?}");
}
