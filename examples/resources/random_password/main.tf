provider "alicloud" {
  region = "cn-hangzhou"
}

data "alicloud_images" "linux" {
  owners      = "system"
  name_regex  = "^aliyun_3"
  most_recent = true
}

resource "random_password" "root" {
  length           = 20
  min_lower        = 1
  min_upper        = 1
  min_numeric      = 1
  min_special      = 1
  override_special = "_-+=!"
}

resource "alicloud_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}

resource "alicloud_security_group" "main" {
  vpc_id = alicloud_vpc.main.id
}

# The state has a digest of it here; `prov output -raw password` says what it is.
resource "alicloud_instance" "web" {
  instance_type   = "ecs.g6.large"
  image_id        = data.alicloud_images.linux.images[0].id
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.main.id]
  password        = random_password.root.result
}

output "password" {
  value     = random_password.root.result
  sensitive = true
}
