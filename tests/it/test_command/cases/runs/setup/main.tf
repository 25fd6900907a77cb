variable "prefix" { default = "pre" }
resource "terraform_data" "s" { input = var.prefix }
output "made" { value = "${terraform_data.s.output}-made" }
