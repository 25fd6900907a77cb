provider "alicloud" {
  region = "cn-hangzhou"
}

# The zones that sell what the servers are made of.
data "alicloud_zones" "available" {
  available_instance_type = "ecs.g7.large"
  available_disk_category = "cloud_essd"
}

resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  count = 2

  vpc_id     = alicloud_vpc.main.id
  zone_id    = data.alicloud_zones.available.ids[count.index]
  cidr_block = cidrsubnet(alicloud_vpc.main.cidr_block, 8, count.index)
}
