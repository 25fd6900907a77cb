provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "private" {
  vpc_id       = alicloud_vpc.main.id
  zone_id      = "cn-hangzhou-i"
  cidr_block   = "10.0.1.0/24"
  vswitch_name = "private"
}

resource "alicloud_route_table" "private" {
  vpc_id           = alicloud_vpc.main.id
  route_table_name = "private"
}

# The subnet goes by this table, and no longer by the one that every VPC has.
resource "alicloud_route_table_attachment" "private" {
  route_table_id = alicloud_route_table.private.id
  vswitch_id     = alicloud_vswitch.private.id
}
