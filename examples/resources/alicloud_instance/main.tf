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

resource "alicloud_instance" "web" {
  instance_name   = "web"
  instance_type   = "ecs.g7.large"
  image_id        = data.alicloud_images.linux.ids[0]
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.web.id]

  system_disk_category = "cloud_essd"
  system_disk_size     = 40

  data_disks {
    name     = "data"
    category = "cloud_essd"
    size     = 100
  }

  # A public address of its own, paid by what goes through it.
  internet_charge_type       = "PayByTraffic"
  internet_max_bandwidth_out = 10

  user_data = <<-EOT
    #!/bin/sh
    systemctl enable --now nginx
  EOT

  tags = {
    team = "web"
  }
}

output "address" {
  value = alicloud_instance.web.public_ip
}
