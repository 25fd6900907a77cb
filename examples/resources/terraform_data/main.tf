variable "release" {
  type    = string
  default = "1.4.2"
}

# Holds a value; a change of the release makes it anew.
resource "terraform_data" "release" {
  input            = "web-${var.release}"
  triggers_replace = [var.release]
}

output "release" {
  value = terraform_data.release.output
}
