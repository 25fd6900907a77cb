provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}

# Nobody in it reaches another one; rules say who may talk to whom.
resource "alicloud_security_group" "web" {
  security_group_name = "web"
  description         = "Web servers"
  vpc_id              = alicloud_vpc.main.id
  inner_access_policy = "Drop"

  tags = {
    team = "web"
  }
}
