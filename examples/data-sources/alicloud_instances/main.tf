provider "alicloud" {
  region = "cn-hangzhou"
}

# The web servers that run, whoever made them.
data "alicloud_instances" "web" {
  instance_name = "web-*"
  status        = "Running"
}

output "addresses" {
  value = { for server in data.alicloud_instances.web.instances : server.name => server.private_ip }
}
