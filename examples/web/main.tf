# A small web tier: a network in two zones, a load of web servers, and the rules that let people in.

terraform {
  required_providers {
    alicloud = {
      source = "aliyun/alicloud"
    }
  }
}

provider "alicloud" {
  region = var.region
}

variable "region" {
  description = "Where everything is made."
  type        = string
  default     = "cn-hangzhou"
}

variable "name" {
  description = "Begins every name."
  type        = string
  default     = "web"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}$", var.name))
    error_message = "The name must be 2 to 21 lowercase letters, digits or hyphens, and begin with a letter."
  }
}

variable "servers" {
  description = "How many web servers."
  type        = number
  default     = 2
}

locals {
  tags = {
    app = var.name
    env = "example"
  }
  zones = slice(data.alicloud_zones.available.ids, 0, 2)
}

data "alicloud_zones" "available" {
  available_resource_creation = "VSwitch"
}

data "alicloud_images" "linux" {
  owners      = "system"
  name_regex  = "^aliyun_3"
  most_recent = true
}

resource "alicloud_vpc" "main" {
  vpc_name   = var.name
  cidr_block = "10.0.0.0/16"
  tags       = local.tags
}

resource "alicloud_vswitch" "main" {
  count = 2

  vswitch_name = "${var.name}-${count.index}"
  vpc_id       = alicloud_vpc.main.id
  cidr_block   = cidrsubnet(alicloud_vpc.main.cidr_block, 8, count.index)
  zone_id      = local.zones[count.index]
  tags         = local.tags
}

resource "alicloud_security_group" "web" {
  security_group_name = var.name
  vpc_id              = alicloud_vpc.main.id
  tags                = local.tags
}

resource "alicloud_security_group_rule" "web" {
  for_each = {
    http  = "80/80"
    https = "443/443"
  }

  security_group_id = alicloud_security_group.web.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = each.value
  cidr_ip           = "0.0.0.0/0"
  description       = "${each.key} from everywhere"
}

resource "alicloud_instance" "web" {
  count = var.servers

  instance_name   = "${var.name}-${count.index}"
  host_name       = "${var.name}-${count.index}"
  instance_type   = "ecs.g6.large"
  image_id        = data.alicloud_images.linux.images[0].id
  vswitch_id      = alicloud_vswitch.main[count.index % 2].id
  security_groups = [alicloud_security_group.web.id]

  system_disk_category = "cloud_essd"
  system_disk_size     = 40

  data_disks {
    name     = "${var.name}-data-${count.index}"
    category = "cloud_essd"
    size     = 100
  }

  internet_charge_type       = "PayByTraffic"
  internet_max_bandwidth_out = 5

  user_data = <<-EOT
    #!/bin/sh
    echo "${var.name} ${count.index}" > /etc/motd
    systemctl enable --now nginx
  EOT

  tags = merge(local.tags, { role = "web" })
}

output "vpc_id" {
  value = alicloud_vpc.main.id
}

output "addresses" {
  description = "Where the web servers answer."
  value       = { for server in alicloud_instance.web : server.instance_name => server.public_ip }
}
