provider "alicloud" {
  region = "cn-hangzhou"
}

# Groups whose names begin with web, and whether their members reach each other.
data "alicloud_security_groups" "web" {
  name_regex = "^web"
}

output "open_inside" {
  value = [for group in data.alicloud_security_groups.web.groups : group.id if group.inner_access]
}
