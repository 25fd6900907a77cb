variable "name" {
  type    = string
  default = "d"
  validation {
    condition     = var.name != "bad"
    error_message = "Not bad, please."
  }
}
variable "size" {
  type    = number
  default = 1
}
resource "terraform_data" "a" {
  input = var.name
  lifecycle {
    precondition {
      condition     = var.size < 10
      error_message = "Too large."
    }
  }
}
resource "terraform_data" "n" {
  count = 2
  input = "${var.name}-${count.index}"
}
check "health" {
  assert {
    condition     = var.size != 5
    error_message = "Five is unhealthy."
  }
}
output "o" {
  value = terraform_data.a.output
}
output "size" {
  value = var.size
  precondition {
    condition     = var.size != 7
    error_message = "Not seven."
  }
}
