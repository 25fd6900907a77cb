variables {
  name   = "x-${var.size}"
  unused = 3
}
run "file_wins_over_flags" {
  command = plan
  assert {
    condition     = var.name == "x-4" && var.unused == 3 && var.size == 4
    error_message = "name ${var.name} ${var.unused} ${var.size}"
  }
}
run "run_wins_over_file" {
  command = plan
  variables {
    name = "run-${var.unused}"
    size = var.size + 1
  }
  assert {
    condition     = var.name == "run-3" && var.size == 5
    error_message = "name ${var.name} ${var.size}"
  }
  expect_failures = [check.health]
}
run "shows_them" {
  command = plan
  assert {
    condition     = var.name == "cli"
    error_message = "it is ${var.name}"
  }
}
