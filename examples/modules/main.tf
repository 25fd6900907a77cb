# Two modules of this directory: a network, and web servers, called once for each zone of the map.

provider "alicloud" {
  region = "cn-hangzhou"
}

variable "zones" {
  description = "Zones of the web servers, and the range of addresses of each."
  type        = map(string)
  default = {
    "cn-hangzhou-h" = "10.0.1.0/24"
    "cn-hangzhou-i" = "10.0.2.0/24"
  }
}

module "network" {
  source = "./network"

  name  = "shop"
  zones = var.zones
}

module "web" {
  source   = "./web"
  for_each = var.zones

  name              = "web-${each.key}"
  vswitch_id        = module.network.vswitch_ids[each.key]
  security_group_id = module.network.security_group_id
}

output "private_ips" {
  value = { for zone, web in module.web : zone => web.private_ip }
}
