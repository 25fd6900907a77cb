provider "alicloud" {
  region = "cn-hangzhou"
}

locals {
  zone = "cn-hangzhou-i"
}

resource "alicloud_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.1.0/24"
  zone_id    = local.zone
}

resource "alicloud_security_group" "main" {
  vpc_id = alicloud_vpc.main.id
}

resource "alicloud_instance" "database" {
  instance_name   = "database"
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.main.id]
}

# In the zone of the instance, since a disk cannot leave its zone.
resource "alicloud_ecs_disk" "tables" {
  disk_name = "tables"
  zone_id   = local.zone
  category  = "cloud_essd"
  size      = 200
}

resource "alicloud_ecs_disk_attachment" "tables" {
  disk_id     = alicloud_ecs_disk.tables.id
  instance_id = alicloud_instance.database.id
}

output "device" {
  description = "Where the instance finds the disk."
  value       = alicloud_ecs_disk_attachment.tables.device
}
