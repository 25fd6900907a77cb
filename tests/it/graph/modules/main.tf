variable "a" {
  default = 1
}
variable "v" {
  default = 1
  validation {
    condition     = var.v > 0
    error_message = "no"
  }
}
locals {
  l = var.a
}
resource "terraform_data" "one" {
  count = 2
  input = local.l
}
module "m" {
  source = "./m"
  x      = terraform_data.one[0].id
}
module "n" {
  source     = "./m"
  for_each   = toset(["a"])
  x          = module.m.out
  depends_on = [terraform_data.one]
}
resource "terraform_data" "two" {
  input = module.n["a"].out
  provisioner "local-exec" {
    command = "true"
  }
}
output "o" {
  value = terraform_data.two.output
}
output "p" {
  value = module.m.out
}
check "c" {
  assert {
    condition     = terraform_data.two.output != ""
    error_message = "x"
  }
}
output "whole" {
  value = module.m
}
resource "terraform_data" "three" {
  depends_on = [module.n]
}
