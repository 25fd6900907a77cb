variable "used" { default = 1 }
variable "checked" {
  default = 1
  validation {
    condition     = var.checked > 0
    error_message = "no"
  }
}
variable "checked_other" {
  default = 1
  validation {
    condition     = var.checked_other > var.used
    error_message = "no"
  }
}
variable "unused" { default = 1 }
locals {
  l      = terraform_data.a.id
  k      = local.l
  unused = var.used
}
resource "terraform_data" "a" { input = [var.used, var.checked, var.checked_other] }
resource "terraform_data" "b" { input = local.k }
resource "terraform_data" "c" {
  input      = terraform_data.a.id
  count      = 2
  depends_on = [terraform_data.b]
}
resource "terraform_data" "d" {
  input = terraform_data.c[0].id
  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.b]
  }
}
resource "terraform_data" "self" {
  lifecycle {
    postcondition {
      condition     = self.id != ""
      error_message = "x"
    }
  }
}
output "o" { value = local.k }
output "p" { value = var.checked }
output "q" { value = 1 }
check "c" {
  assert {
    condition     = terraform_data.d.id != ""
    error_message = "x"
  }
}
