provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_security_group" "web" {
  security_group_name = "web"
  vpc_id              = alicloud_vpc.main.id
}

resource "alicloud_security_group" "balancer" {
  security_group_name = "balancer"
  vpc_id              = alicloud_vpc.main.id
}

# People reach the balancer from everywhere.
resource "alicloud_security_group_rule" "https" {
  security_group_id = alicloud_security_group.balancer.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "443/443"
  cidr_ip           = "0.0.0.0/0"
  description       = "HTTPS from everywhere"
}

# The web servers are reached by the balancer only.
resource "alicloud_security_group_rule" "web" {
  security_group_id        = alicloud_security_group.web.id
  type                     = "ingress"
  ip_protocol              = "tcp"
  port_range               = "8080/8080"
  source_security_group_id = alicloud_security_group.balancer.id
  description              = "HTTP from the balancer"
}
