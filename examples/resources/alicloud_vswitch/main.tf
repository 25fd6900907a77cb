provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}

# One subnet in each zone, so that the loss of a zone is not the loss of everything.
resource "alicloud_vswitch" "web" {
  for_each = {
    cn-hangzhou-i = "10.0.1.0/24"
    cn-hangzhou-j = "10.0.2.0/24"
  }

  vpc_id       = alicloud_vpc.main.id
  zone_id      = each.key
  cidr_block   = each.value
  vswitch_name = "web-${each.key}"
}
