provider "alicloud" {
  region = "cn-hangzhou"
}

data "alicloud_images" "linux" {
  owners      = "system"
  name_regex  = "^aliyun_3"
  most_recent = true
}

resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  zone_id    = "cn-hangzhou-i"
  cidr_block = "10.0.1.0/24"
}

resource "alicloud_security_group" "web" {
  security_group_name = "web"
  vpc_id              = alicloud_vpc.main.id
}

# A change makes a new version of it, which is then the default one.
resource "alicloud_ecs_launch_template" "web" {
  launch_template_name          = "web"
  version_description           = "Nginx on Alibaba Cloud Linux 3"
  update_default_version_number = true

  image_id           = data.alicloud_images.linux.ids[0]
  instance_type      = "ecs.g7.large"
  instance_name      = "web-[1,3]"
  vswitch_id         = alicloud_vswitch.main.id
  security_group_ids = [alicloud_security_group.web.id]

  system_disk {
    category = "cloud_essd"
    size     = 40
  }

  data_disks {
    name     = "data"
    category = "cloud_essd"
    size     = 100
  }

  user_data = <<-EOT
    #!/bin/sh
    systemctl enable --now nginx
  EOT

  tags = {
    team = "web"
  }
}

resource "alicloud_instance" "web" {
  instance_name           = "web"
  launch_template_id      = alicloud_ecs_launch_template.web.id
  launch_template_version = alicloud_ecs_launch_template.web.latest_version_number
}
