variable "x" {
  validation {
    condition     = length(var.x) > 1
    error_message = "x"
  }
}
variable "unset" {
  default = 1
}
locals {
  y      = var.x
  unused = 1
}
resource "terraform_data" "inner" {
  input = local.y
}
module "deep" {
  source = "../n"
  count  = var.unset
  z      = terraform_data.inner.output
}
check "inside" {
  assert {
    condition     = terraform_data.inner.output != ""
    error_message = "x"
  }
}
output "out" {
  value = join("", module.deep[*].out)
}
