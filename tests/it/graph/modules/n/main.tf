variable "z" {}
resource "terraform_data" "deepest" {
  input = var.z
}
output "out" {
  value = terraform_data.deepest.output
}
