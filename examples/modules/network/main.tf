variable "name" {
  type = string
}

variable "zones" {
  type = map(string)

  validation {
    condition     = length(var.zones) > 0
    error_message = "A network needs at least one zone."
  }
}

resource "alicloud_vpc" "this" {
  vpc_name   = var.name
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "this" {
  for_each = var.zones

  vpc_id       = alicloud_vpc.this.id
  zone_id      = each.key
  cidr_block   = each.value
  vswitch_name = "${var.name}-${each.key}"
}

resource "alicloud_security_group" "this" {
  security_group_name = var.name
  vpc_id              = alicloud_vpc.this.id
}

output "vswitch_ids" {
  value = { for zone, vswitch in alicloud_vswitch.this : zone => vswitch.id }
}

output "security_group_id" {
  value = alicloud_security_group.this.id
}
