resource "terraform_data" "a" {
  input            = "x"
  triggers_replace = [1, 2]
  count            = 2
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [input, ]
  }
  a = 1
  bb = {
    x = 1
  }
  ccc = 3

  d    = 4
  eeee = 5
}
