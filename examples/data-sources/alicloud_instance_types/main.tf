provider "alicloud" {
  region = "cn-hangzhou"
}

# The types with 2 processors and 8 GiB that the zone sells.
data "alicloud_instance_types" "small" {
  availability_zone    = "cn-hangzhou-i"
  cpu_core_count       = 2
  memory_size          = 8
  system_disk_category = "cloud_essd"
}

output "instance_types" {
  value = data.alicloud_instance_types.small.ids
}
