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
  vpc_id           = alicloud_vpc.main.id
  vswitch_id       = alicloud_vswitch.private.id
  nat_gateway_name = "main"
  nat_type         = "Enhanced"
  payment_type     = "PayAsYouGo"

  tags = {
    team = "network"
  }
}
