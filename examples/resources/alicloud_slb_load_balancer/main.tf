provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "web" {
  vpc_id       = alicloud_vpc.main.id
  zone_id      = "cn-hangzhou-i"
  cidr_block   = "10.0.1.0/24"
  vswitch_name = "web"
}

# Reached from the internet, and paid by what passes through it.
resource "alicloud_slb_load_balancer" "public" {
  load_balancer_name   = "public"
  address_type         = "internet"
  internet_charge_type = "PayByTraffic"
  load_balancer_spec   = "slb.s2.small"
  delete_protection    = "off"

  tags = {
    team = "web"
  }
}

# Reached from within the VPC.
resource "alicloud_slb_load_balancer" "internal" {
  load_balancer_name = "internal"
  vswitch_id         = alicloud_vswitch.web.id
  address            = "10.0.1.10"
  load_balancer_spec = "slb.s1.small"
}

output "address" {
  value = alicloud_slb_load_balancer.public.address
}
