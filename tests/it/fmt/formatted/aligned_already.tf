locals {
  a   = 1
  bbb = 2
}

resource "terraform_data" "x" {
  input = {
    a = 1
  }
}
