# A network that other teams use as it is, and the tests that say what it promises them.

variable "name" {
  type        = string
  description = "What everything is called."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "The name has lower-case letters, digits and dashes, and begins with a letter."
  }
}

variable "cidr_block" {
  type    = string
  default = "10.0.0.0/16"
}

variable "open_ports" {
  type    = set(string)
  default = ["443"]
}

provider "alicloud" {
  region = "cn-hangzhou"
}

data "alicloud_zones" "available" {
  available_resource_creation = "VSwitch"
}

resource "alicloud_vpc" "main" {
  vpc_name   = var.name
  cidr_block = var.cidr_block
}

resource "alicloud_vswitch" "main" {
  vswitch_name = "${var.name}-a"
  vpc_id       = alicloud_vpc.main.id
  cidr_block   = cidrsubnet(var.cidr_block, 8, 1)
  zone_id      = data.alicloud_zones.available.zones[0].id
}

resource "alicloud_security_group" "web" {
  security_group_name = "${var.name}-web"
  vpc_id              = alicloud_vpc.main.id
}

resource "alicloud_security_group_rule" "open" {
  for_each = var.open_ports

  security_group_id = alicloud_security_group.web.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "${each.key}/${each.key}"
  cidr_ip           = "0.0.0.0/0"

  lifecycle {
    precondition {
      condition     = each.key != "22"
      error_message = "SSH is not opened to the whole world."
    }
  }
}

output "vpc_id" {
  value = alicloud_vpc.main.id
}

output "vswitch_ids" {
  value = [alicloud_vswitch.main.id]
}
