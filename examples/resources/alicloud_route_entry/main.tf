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

resource "alicloud_nat_gateway" "main" {
  vpc_id     = alicloud_vpc.main.id
  vswitch_id = alicloud_vswitch.private.id
  nat_type   = "Enhanced"
}

resource "alicloud_route_table" "private" {
  vpc_id           = alicloud_vpc.main.id
  route_table_name = "private"
}

# Whatever is not for this network leaves by the NAT gateway.
resource "alicloud_route_entry" "out" {
  route_table_id        = alicloud_route_table.private.id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "NatGateway"
  nexthop_id            = alicloud_nat_gateway.main.id
  name                  = "out"
}
