provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_vpc" "main" {
  vpc_name   = "fleet"
  cidr_block = "10.0.0.0/8"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.0.0/16"
  zone_id    = "cn-hangzhou-h"
}

resource "alicloud_security_group" "main" {
  security_group_name = "fleet"
  vpc_id              = alicloud_vpc.main.id
}

resource "alicloud_instance" "fleet" {
  count = 500

  instance_name        = "fleet-${count.index}"
  instance_type        = "ecs.g6.large"
  image_id             = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id           = alicloud_vswitch.main.id
  security_groups      = [alicloud_security_group.main.id]
  system_disk_category = "cloud_essd"
  system_disk_size     = 40
  tags                 = { number = tostring(count.index) }
}
