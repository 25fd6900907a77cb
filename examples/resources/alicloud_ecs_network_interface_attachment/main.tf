provider "alicloud" {
  region = "cn-hangzhou"
}

variable "active" {
  description = "Which of the instances answers to the address"
  default     = 0
}

resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  zone_id    = "cn-hangzhou-i"
  cidr_block = "10.0.1.0/24"
}

resource "alicloud_security_group" "database" {
  security_group_name = "database"
  vpc_id              = alicloud_vpc.main.id
}

resource "alicloud_instance" "database" {
  count = 2

  instance_name   = "database-${count.index}"
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.database.id]
}

resource "alicloud_ecs_network_interface" "database" {
  network_interface_name = "database"
  vswitch_id             = alicloud_vswitch.main.id
  security_group_ids     = [alicloud_security_group.database.id]
  primary_ip_address     = "10.0.1.10"
}

# With -var active=1 the address moves to the other instance.
resource "alicloud_ecs_network_interface_attachment" "database" {
  network_interface_id = alicloud_ecs_network_interface.database.id
  instance_id          = alicloud_instance.database[var.active].id
}
