provider "alicloud" {
  region = "cn-hangzhou"
}

# The group that everything belongs to unless it says otherwise.
data "alicloud_resource_manager_resource_groups" "default" {
  name_regex = "^default$"
  status     = "OK"
}

resource "alicloud_vpc" "main" {
  vpc_name          = "main"
  cidr_block        = "10.0.0.0/16"
  resource_group_id = data.alicloud_resource_manager_resource_groups.default.ids[0]
}
