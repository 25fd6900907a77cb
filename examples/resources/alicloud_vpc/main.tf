provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_vpc" "main" {
  vpc_name    = "main"
  cidr_block  = "10.0.0.0/16"
  description = "Everything that belongs together"

  tags = {
    team = "platform"
  }
}
