# A fleet: fifty instances in four roles, each with its own type, disks and place in the network.

provider "alicloud" {
  region = "cn-hangzhou"
}

variable "roles" {
  description = "What the fleet is made of."
  type = map(object({
    count         = number
    instance_type = string
    disk          = optional(number, 0)
    ports         = optional(list(string), [])
  }))
  default = {
    edge   = { count = 6, instance_type = "ecs.g6.large", ports = ["80/80", "443/443"] }
    app    = { count = 24, instance_type = "ecs.g6.xlarge", ports = ["8080/8080"] }
    worker = { count = 16, instance_type = "ecs.c6.xlarge" }
    store  = { count = 4, instance_type = "ecs.r6.xlarge", disk = 500, ports = ["5432/5432"] }
  }
}

locals {
  cidr  = "10.20.0.0/16"
  zones = slice(data.alicloud_zones.available.ids, 0, 3)

  # One entry for each instance: "app-07" => what it is.
  servers = merge([
    for role, it in var.roles : {
      for number in range(it.count) : format("%s-%02d", role, number) => {
        role = role
        type = it.instance_type
        disk = it.disk
        zone = local.zones[number % length(local.zones)]
      }
    }
  ]...)

  rules = merge([
    for role, it in var.roles : {
      for port in it.ports : "${role} ${port}" => { role = role, port = port }
    }
  ]...)

  # The edge is open to the world, everything else to the network only.
  sources = { for role in keys(var.roles) : role => role == "edge" ? "0.0.0.0/0" : local.cidr }
}

data "alicloud_zones" "available" {
  available_resource_creation = "VSwitch"
}

data "alicloud_images" "linux" {
  owners      = "system"
  name_regex  = "^aliyun_3"
  most_recent = true
}

resource "alicloud_vpc" "fleet" {
  vpc_name   = "fleet"
  cidr_block = local.cidr
}

resource "alicloud_vswitch" "zone" {
  for_each = { for index, zone in local.zones : zone => cidrsubnet(local.cidr, 4, index) }

  vswitch_name = "fleet-${each.key}"
  vpc_id       = alicloud_vpc.fleet.id
  zone_id      = each.key
  cidr_block   = each.value
}

resource "alicloud_security_group" "role" {
  for_each = var.roles

  security_group_name = "fleet-${each.key}"
  vpc_id              = alicloud_vpc.fleet.id
}

resource "alicloud_security_group_rule" "open" {
  for_each = local.rules

  security_group_id = alicloud_security_group.role[each.value.role].id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = each.value.port
  cidr_ip           = local.sources[each.value.role]
}

resource "alicloud_instance" "server" {
  for_each = local.servers

  instance_name        = "fleet-${each.key}"
  host_name            = each.key
  instance_type        = each.value.type
  image_id             = data.alicloud_images.linux.images[0].id
  vswitch_id           = alicloud_vswitch.zone[each.value.zone].id
  security_groups      = [alicloud_security_group.role[each.value.role].id]
  system_disk_category = "cloud_essd"

  dynamic "data_disks" {
    for_each = each.value.disk > 0 ? [each.value.disk] : []
    content {
      name              = "data"
      category          = "cloud_essd"
      performance_level = "PL1"
      size              = data_disks.value
    }
  }

  tags = {
    fleet = "example"
    role  = each.value.role
  }

  lifecycle {
    # A newer image is no reason to replace a running server.
    ignore_changes = [image_id]
  }
}

output "servers" {
  description = "The private addresses of each role."
  value = {
    for role in keys(var.roles) : role => [
      for name, server in alicloud_instance.server : server.private_ip if local.servers[name].role == role
    ]
  }
}
