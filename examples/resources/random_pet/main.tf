provider "alicloud" {
  region = "cn-hangzhou"
}

# A name that is easy to say: calm-otter.
resource "random_pet" "vpc" {}

resource "alicloud_vpc" "main" {
  vpc_name   = random_pet.vpc.id
  cidr_block = "10.0.0.0/16"
}
