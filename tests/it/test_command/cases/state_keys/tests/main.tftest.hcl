run "a" {
  state_key = "one"
}
run "b" {
  variables { name = "other" }
  assert {
    condition     = run.a.o == "d" && output.o == "other"
    error_message = "x"
  }
}
run "a_again" {
  state_key = "one"
  command   = plan
  assert {
    condition     = terraform_data.a.output == run.a.o
    error_message = "it is kept"
  }
}
run "last" {
  command = plan
  assert {
    condition     = terraform_data.a.output == run.a.o
    error_message = "it is ${terraform_data.a.output}"
  }
}
