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

# No two of its instances share a host, so that a host that fails takes one of them at most.
resource "alicloud_ecs_deployment_set" "web" {
  deployment_set_name = "web"
  description         = "Web servers on different hosts"
  strategy            = "Availability"
}

resource "alicloud_instance" "web" {
  count = 2

  instance_name     = "web-${count.index}"
  instance_type     = "ecs.g7.large"
  image_id          = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id        = alicloud_vswitch.main.id
  security_groups   = [alicloud_security_group.web.id]
  deployment_set_id = alicloud_ecs_deployment_set.web.id
}
