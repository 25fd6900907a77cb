provider "alicloud" {
  region = "cn-hangzhou"
}

# The networks that another team has made, found by their labels.
data "alicloud_vpcs" "shared" {
  tags = {
    team = "platform"
  }
}

output "ranges" {
  value = { for vpc in data.alicloud_vpcs.shared.vpcs : vpc.vpc_name => vpc.cidr_block }
}
