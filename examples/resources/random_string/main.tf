resource "random_string" "suffix" {
  length  = 6
  special = false
  upper   = false
}

output "name" {
  value = "web-${random_string.suffix.result}"
}
