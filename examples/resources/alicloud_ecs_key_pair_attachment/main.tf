provider "alicloud" {
  region = "cn-hangzhou"
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
  count = 2

  instance_name   = "web-${count.index}"
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.web.id]
}

resource "alicloud_ecs_key_pair" "deploy" {
  key_pair_name = "deploy"
  key_file      = "deploy.pem"
}

# The key works from the next boot on; force reboots running instances at once.
resource "alicloud_ecs_key_pair_attachment" "web" {
  key_pair_name = alicloud_ecs_key_pair.deploy.key_pair_name
  instance_ids  = alicloud_instance.web[*].id
  force         = true
}
