provider "alicloud" {
  region = "cn-hangzhou"
}

# The newest Ubuntu 22.04 for 64-bit x86.
data "alicloud_images" "ubuntu" {
  owners       = "system"
  name_regex   = "^ubuntu_22_04"
  architecture = "x86_64"
  most_recent  = true
}

output "image_id" {
  value = data.alicloud_images.ubuntu.images[0].id
}
