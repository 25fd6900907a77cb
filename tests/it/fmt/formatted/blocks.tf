terraform {
  required_version = ">= 1"
  required_providers {
    alicloud = { source = "aliyun/alicloud", version = "~> 1.2" }
  }
}
resource "a" "b" {
  dynamic "x" {
    for_each = var.xs
    content {
      y = x.value
    }
  }
  provisioner "local-exec" { command = "true" }
  lifecycle { create_before_destroy = true }
}


resource "c" "d" {

  x = 1


  y = 2

}
