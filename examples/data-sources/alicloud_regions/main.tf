provider "alicloud" {
  region = "cn-hangzhou"
}

# Where this configuration makes things.
data "alicloud_regions" "current" {
  current = true
}

output "region" {
  value = data.alicloud_regions.current.regions[0].local_name
}
