variables {
  name = "file"
}
run "setup" {
  module {
    source = "./setup"
  }
  variables {
    prefix = "p"
  }
}
run "plan_ok" {
  command = plan
  assert {
    condition     = terraform_data.a.input == "file"
    error_message = "input ${terraform_data.a.input}"
  }
}
run "uses_setup" {
  variables {
    name = run.setup.made
  }
  assert {
    condition     = output.o == "p-made" && var.name == "p-made" && length(terraform_data.n) == 2
    error_message = "o is ${output.o}"
  }
}
run "unknown" {
  command = plan
  variables {
    name = "new"
  }
  assert {
    condition     = terraform_data.a.output == "new"
    error_message = "o"
  }
}
run "fails" {
  assert {
    condition     = output.o == "zzz"
    error_message = "o is not zzz but ${output.o}"
  }
  assert {
    condition     = terraform_data.a.id == "zzz" && var.size > 3 && terraform_data.n[0].output == "x"
    error_message = "second"
  }
}
