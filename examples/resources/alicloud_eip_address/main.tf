provider "alicloud" {
  region = "cn-hangzhou"
}

# A public address of one's own: it stays when what it is bound to is replaced.
resource "alicloud_eip_address" "web" {
  address_name         = "web"
  description          = "The way in"
  bandwidth            = "10"
  internet_charge_type = "PayByTraffic"

  tags = {
    team = "web"
  }
}

output "address" {
  value = alicloud_eip_address.web.ip_address
}
