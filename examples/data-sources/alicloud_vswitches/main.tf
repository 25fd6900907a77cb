provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}

# What is free in each subnet of the network.
data "alicloud_vswitches" "main" {
  vpc_id = alicloud_vpc.main.id
}

output "free_addresses" {
  value = {
    for vswitch in data.alicloud_vswitches.main.vswitches :
    vswitch.vswitch_name => vswitch.available_ip_address_count
  }
}
