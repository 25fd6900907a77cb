run "applied" {
}
run "targets" {
  command = plan
  variables { name = "other" }
  plan_options {
    target = [terraform_data.a]
  }
  assert {
    condition     = terraform_data.a.input == "other"
    error_message = "a is ${terraform_data.a.input}"
  }
}
run "replaces" {
  plan_options {
    replace = [terraform_data.a]
  }
  assert {
    condition     = terraform_data.a.output == "d"
    error_message = "a is ${terraform_data.a.output}"
  }
}
run "refreshes_only" {
  variables { name = "y" }
  plan_options {
    mode = refresh-only
  }
  assert {
    condition     = terraform_data.a.output == "d" && terraform_data.n[1].output == "d-1"
    error_message = "a is ${terraform_data.a.output}"
  }
}
run "shows" {
  command = plan
  assert {
    condition     = terraform_data.n[1].output == "x"
    error_message = "x"
  }
}
