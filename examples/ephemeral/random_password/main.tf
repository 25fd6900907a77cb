# A password that nobody knows: it is on the instance and nowhere else, not even in the state.

terraform {
  required_providers {
    alicloud = {
      source = "aliyun/alicloud"
    }
    random = {
      source = "hashicorp/random"
    }
  }
}

provider "alicloud" {
  region = "cn-hangzhou"
}

ephemeral "random_password" "admin" {
  length           = 24
  min_upper        = 1
  min_lower        = 1
  min_numeric      = 1
  min_special      = 1
  override_special = "_-+="
}

resource "alicloud_vpc" "main" {
  vpc_name   = "password"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}

resource "alicloud_security_group" "main" {
  security_group_name = "password"
  vpc_id              = alicloud_vpc.main.id
}

resource "alicloud_instance" "web" {
  instance_name   = "web"
  instance_type   = "ecs.g6.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.main.id]

  # Each run makes another password; it is sent when the instance is created, and when the version changes.
  password_wo         = ephemeral.random_password.admin.result
  password_wo_version = 1
}
