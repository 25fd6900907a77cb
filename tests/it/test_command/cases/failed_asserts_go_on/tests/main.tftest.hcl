run "fails" {
  command = plan
  assert {
    condition     = var.size == 2
    error_message = "first"
  }
  assert {
    condition     = var.size == 3 && var.name != ""
    error_message = "second"
  }
  assert {
    condition     = var.size == 1
    error_message = "third"
  }
}
run "goes_on" {
  command = plan
}
