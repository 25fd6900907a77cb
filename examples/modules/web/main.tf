variable "name" {
  type = string
}

variable "vswitch_id" {
  type = string
}

variable "security_group_id" {
  type = string
}

data "alicloud_images" "linux" {
  owners      = "system"
  name_regex  = "^aliyun_3"
  most_recent = true
}

resource "alicloud_instance" "this" {
  instance_name        = var.name
  instance_type        = "ecs.g7.large"
  image_id             = data.alicloud_images.linux.images[0].id
  system_disk_category = "cloud_essd"
  vswitch_id           = var.vswitch_id
  security_groups      = [var.security_group_id]
}

output "private_ip" {
  value = alicloud_instance.this.private_ip
}
