run "expected_var" {
  command = plan
  variables { name = "bad" }
  expect_failures = [var.name]
}
run "expected_check" {
  variables { size = 5 }
  expect_failures = [check.health]
}
run "expected_out" {
  command = plan
  variables { size = 7 }
  expect_failures = [output.size]
}
run "expected_resource" {
  command = plan
  variables { size = 11 }
  expect_failures = [terraform_data.a]
}
run "not_failed" {
  command = plan
  expect_failures = [var.name, check.health]
}
run "unexpected" {
  command = plan
  variables { size = 11 }
}
run "after" {
  command = plan
}
