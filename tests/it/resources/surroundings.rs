//! What several types live among, as manifests that are put together.

/// A network with IPv6, a vSwitch of it, and a security group.
pub(super) const NETWORK: &str = r#"
resource "alicloud_vpc" "a" {
  cidr_block  = "10.0.0.0/8"
  enable_ipv6 = true
}
resource "alicloud_vswitch" "a" {
  vpc_id               = alicloud_vpc.a.id
  cidr_block           = "10.1.0.0/24"
  zone_id              = "cn-hangzhou-h"
  enable_ipv6          = true
  ipv6_cidr_block_mask = 1
}
resource "alicloud_security_group" "a" {
  vpc_id = alicloud_vpc.a.id
}
"#;

/// Another network.
pub(super) const OTHER_NETWORK: &str = r#"
resource "alicloud_vpc" "b" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "b" {
  vpc_id     = alicloud_vpc.b.id
  cidr_block = "10.1.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "b" {
  vpc_id = alicloud_vpc.b.id
}
"#;

/// A network with two vSwitches.
pub(super) const VSWITCHES: &str = r#"
resource "alicloud_vpc" "a" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "a" {
  count      = 2
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.${count.index + 1}.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
"#;

/// Instances in the network.
pub(super) const INSTANCES: &str = r#"
resource "alicloud_instance" "a" {
  count           = 3
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type   = "ecs.g7.xlarge"
  vswitch_id      = alicloud_vswitch.a.id
  security_groups = [alicloud_security_group.a.id]
  private_ip      = "10.1.0.${10 + count.index}"
}
"#;

/// A disk on the first instance.
pub(super) const DISK: &str = r#"
resource "alicloud_ecs_disk" "a" {
  zone_id  = "cn-hangzhou-h"
  category = "cloud_essd"
  size     = 30
}
resource "alicloud_ecs_disk_attachment" "a" {
  disk_id     = alicloud_ecs_disk.a.id
  instance_id = alicloud_instance.a[0].id
}
"#;
