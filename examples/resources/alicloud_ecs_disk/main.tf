provider "alicloud" {
  region = "cn-hangzhou"
}

# Outlives every instance that it is on. It can grow and change its category while it is in use.
resource "alicloud_ecs_disk" "data" {
  disk_name         = "data"
  description       = "What the application keeps"
  zone_id           = "cn-hangzhou-i"
  category          = "cloud_essd"
  performance_level = "PL1"
  size              = 100
  encrypted         = true

  tags = {
    team = "platform"
  }

  lifecycle {
    prevent_destroy = false # true, once there is something to lose
  }
}
