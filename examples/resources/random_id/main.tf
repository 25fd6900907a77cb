variable "release" {
  type    = string
  default = "2026-01"
}

# Another release gets another name.
resource "random_id" "vpc" {
  byte_length = 4
  prefix      = "web-"

  keepers = {
    release = var.release
  }
}

output "name" {
  value = random_id.vpc.hex
}
