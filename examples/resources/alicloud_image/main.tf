provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-i"
}

resource "alicloud_security_group" "main" {
  vpc_id = alicloud_vpc.main.id
}

# Installed once, by its user data or by hand.
resource "alicloud_instance" "template" {
  instance_name   = "template"
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.main.id]
}

resource "alicloud_image" "web" {
  image_name   = "web-12"
  image_family = "web"
  description  = "The web server of release 12"
  instance_id  = alicloud_instance.template.id

  # The snapshots that are taken to make the image cost money for as long as they are there.
  delete_auto_snapshot = true

  tags = {
    release = "12"
  }
}

# And then as many as are needed.
resource "alicloud_instance" "web" {
  count = 2

  instance_name   = "web-${count.index}"
  instance_type   = "ecs.g7.large"
  image_id        = alicloud_image.web.id
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.main.id]
}
