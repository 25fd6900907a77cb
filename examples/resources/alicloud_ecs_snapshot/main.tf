provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-i"
}

resource "alicloud_security_group" "main" {
  vpc_id = alicloud_vpc.main.id
}

resource "alicloud_instance" "web" {
  instance_name   = "web"
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.main.id]
}

# Of the system disk, before something dangerous is done to it.
resource "alicloud_ecs_snapshot" "before_upgrade" {
  snapshot_name  = "before-upgrade"
  description    = "The system as it was before the upgrade"
  disk_id        = alicloud_instance.web.system_disk_id
  retention_days = 30

  tags = {
    team = "platform"
  }

  timeouts {
    create = "30m" # the first snapshot of a large disk takes a while
  }
}
