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
}

resource "alicloud_eip_address" "out" {
  address_name = "out"
}

resource "alicloud_eip_association" "out" {
  allocation_id = alicloud_eip_address.out.id
  instance_id   = alicloud_nat_gateway.main.id
}

# What is in the subnet reaches the outside by one address, and is not reached from there.
resource "alicloud_snat_entry" "private" {
  # The address has to be bound to the gateway before an entry can use it.
  depends_on = [alicloud_eip_association.out]

  snat_table_id     = alicloud_nat_gateway.main.snat_table_ids
  source_vswitch_id = alicloud_vswitch.private.id
  snat_ip           = alicloud_eip_address.out.ip_address
}
