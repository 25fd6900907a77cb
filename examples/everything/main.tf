# Every resource type at once, as parts of one small site: an application that is installed once and started
# from the image of that, data and an address that outlive its instance, and a way out.

provider "alicloud" {
  region = "cn-hangzhou"
}

variable "release" {
  description = "What runs. Another release is written on everything."
  default     = "1"
}

variable "instance_type" {
  description = "The size of the application's instance."
  default     = "ecs.g7.large"
}

variable "address_mode" {
  description = "NAT, or BINDED to let the instance see its public address itself."
  default     = "NAT"
}

variable "password" {
  description = "The administrator's password of the application's instance."
  sensitive   = true
  default     = null
}

locals {
  zone  = "cn-hangzhou-i"
  linux = "aliyun_3_x64_20G_alibase_20240819.vhd"

  description = "Of release ${var.release}"
  tags = {
    site    = "everything"
    release = var.release
  }
}

# The network: one part that is reached from outside, and one that is not.

resource "alicloud_vpc" "main" {
  vpc_name    = "everything"
  cidr_block  = "10.0.0.0/16"
  description = local.description
  tags        = local.tags
}

resource "alicloud_vswitch" "main" {
  for_each = {
    public  = "10.0.1.0/24"
    private = "10.0.2.0/24"
  }

  vswitch_name = each.key
  vpc_id       = alicloud_vpc.main.id
  zone_id      = local.zone
  cidr_block   = each.value
  description  = local.description
  tags         = local.tags
}

resource "alicloud_security_group" "main" {
  security_group_name = "everything"
  vpc_id              = alicloud_vpc.main.id
  description         = local.description
  tags                = local.tags
}

resource "alicloud_security_group_rule" "https" {
  security_group_id = alicloud_security_group.main.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "443/443"
  cidr_ip           = "0.0.0.0/0"
  description       = local.description
}

# The way out: what is private leaves by one address.

resource "alicloud_eip_address" "out" {
  address_name = "out"
  description  = local.description
  tags         = local.tags
}

resource "alicloud_nat_gateway" "main" {
  nat_gateway_name = "everything"
  vpc_id           = alicloud_vpc.main.id
  vswitch_id       = alicloud_vswitch.main["public"].id
  nat_type         = "Enhanced"
  description      = local.description
  tags             = local.tags
}

resource "alicloud_eip_association" "out" {
  allocation_id = alicloud_eip_address.out.id
  instance_id   = alicloud_nat_gateway.main.id
}

resource "alicloud_snat_entry" "private" {
  # An entry uses an address that is bound to the gateway.
  depends_on = [alicloud_eip_association.out]

  snat_entry_name   = "private-${var.release}"
  snat_table_id     = alicloud_nat_gateway.main.snat_table_ids
  source_vswitch_id = alicloud_vswitch.main["private"].id
  snat_ip           = alicloud_eip_address.out.ip_address

  lifecycle {
    # An address that an entry uses cannot be taken from the gateway.
    replace_triggered_by = [alicloud_eip_association.out]
  }
}

resource "alicloud_route_table" "private" {
  route_table_name = "private"
  vpc_id           = alicloud_vpc.main.id
  description      = local.description
  tags             = local.tags
}

resource "alicloud_route_entry" "out" {
  name                  = "out"
  route_table_id        = alicloud_route_table.private.id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "NatGateway"
  nexthop_id            = alicloud_nat_gateway.main.id
}

resource "alicloud_route_table_attachment" "private" {
  route_table_id = alicloud_route_table.private.id
  vswitch_id     = alicloud_vswitch.main["private"].id
}

# The application: installed once, and started from the image of that.

resource "alicloud_ecs_deployment_set" "app" {
  deployment_set_name = "app"
  description         = local.description

  lifecycle {
    # Instances leave the old one for the new one, and only then can it go.
    create_before_destroy = true
  }
}

resource "alicloud_ecs_key_pair" "deploy" {
  key_pair_name = "deploy"
  key_file      = "deploy.pem"
  tags          = local.tags
}

resource "alicloud_instance" "template" {
  instance_name   = "template"
  instance_type   = "ecs.g7.large"
  image_id        = local.linux
  vswitch_id      = alicloud_vswitch.main["private"].id
  security_groups = [alicloud_security_group.main.id]
  description     = local.description
  tags            = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "alicloud_image" "app" {
  instance_id          = alicloud_instance.template.id
  delete_auto_snapshot = true
  description          = local.description
  tags                 = local.tags

  lifecycle {
    # What runs is of the old image until there is another.
    create_before_destroy = true
  }
}

resource "alicloud_instance" "app" {
  instance_name     = "app"
  instance_type     = var.instance_type
  image_id          = alicloud_image.app.id
  vswitch_id        = alicloud_vswitch.main["private"].id
  security_groups   = [alicloud_security_group.main.id]
  deployment_set_id = alicloud_ecs_deployment_set.app.id
  password          = var.password
  user_data         = "release ${var.release}"
  description       = local.description
  tags              = local.tags
}

# Where the application is reached from within, whichever instance it runs on.
resource "alicloud_slb_load_balancer" "app" {
  load_balancer_name = "app-${var.release}"
  vswitch_id         = alicloud_vswitch.main["private"].id
  load_balancer_spec = "slb.s2.small"
  tags               = local.tags

  modification_protection_status = "ConsoleProtection"
  modification_protection_reason = "release-${var.release}"
}

# Whoever installs logs in by key.
resource "alicloud_ecs_key_pair_attachment" "template" {
  key_pair_name = alicloud_ecs_key_pair.deploy.id
  instance_ids  = [alicloud_instance.template.id]
  force         = true
}

# More of the application, when it is needed.
resource "alicloud_ecs_launch_template" "app" {
  launch_template_name          = "app"
  version_description           = local.description
  update_default_version_number = true
  template_tags                 = local.tags

  image_id           = alicloud_image.app.id
  instance_type      = var.instance_type
  vswitch_id         = alicloud_vswitch.main["private"].id
  security_group_ids = [alicloud_security_group.main.id]
  key_pair_name      = alicloud_ecs_key_pair.deploy.id
}

# What outlives the instance: its data, and the address that it is reached by.

resource "alicloud_ecs_disk" "data" {
  disk_name   = "data"
  zone_id     = local.zone
  category    = "cloud_essd"
  size        = 100
  description = local.description
  tags        = local.tags
}

resource "alicloud_ecs_disk_attachment" "data" {
  disk_id     = alicloud_ecs_disk.data.id
  instance_id = alicloud_instance.app.id
}

resource "alicloud_ecs_snapshot" "data" {
  snapshot_name = "data"
  disk_id       = alicloud_ecs_disk_attachment.data.disk_id
  description   = local.description
  tags          = local.tags
}

resource "alicloud_ecs_network_interface" "app" {
  network_interface_name = "app"
  vswitch_id             = alicloud_vswitch.main["public"].id
  security_group_ids     = [alicloud_security_group.main.id]
  primary_ip_address     = "10.0.1.10"
  description            = local.description
  tags                   = local.tags
}

resource "alicloud_ecs_network_interface_attachment" "app" {
  network_interface_id = alicloud_ecs_network_interface.app.id
  instance_id          = alicloud_instance.app.id
}

resource "alicloud_eip_address" "app" {
  address_name = "app"
  description  = local.description
  tags         = local.tags
}

resource "alicloud_eip_association" "app" {
  allocation_id = alicloud_eip_address.app.id
  instance_id   = alicloud_ecs_network_interface.app.id
  mode          = var.address_mode
}

# What else follows from a release.
resource "terraform_data" "release" {
  input = var.release
}
