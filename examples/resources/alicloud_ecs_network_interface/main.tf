provider "alicloud" {
  region = "cn-hangzhou"
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

# An address that outlives the instance that answers to it.
resource "alicloud_ecs_network_interface" "database" {
  network_interface_name = "database"
  description            = "Moves to the standby when the database fails"
  vswitch_id             = alicloud_vswitch.main.id
  security_group_ids     = [alicloud_security_group.database.id]
  primary_ip_address     = "10.0.1.10"

  # Two further addresses, whichever are free.
  secondary_private_ip_address_count = 2

  tags = {
    team = "storage"
  }
}

output "addresses" {
  value = alicloud_ecs_network_interface.database.private_ip_addresses
}
