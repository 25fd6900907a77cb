override_resource {
  target = terraform_data.a
  values = { id = "fixed" }
}
run "apply" {
  assert {
    condition     = terraform_data.a.id == "fixed" && terraform_data.a.output == null
    error_message = "id ${terraform_data.a.id}"
  }
}
run "plan" {
  command   = plan
  state_key = "new"
  override_resource {
    target          = terraform_data.n
    override_during = plan
    values          = { id = "n" }
  }
  assert {
    condition     = terraform_data.n[0].id == "n" && terraform_data.n[1].output == null
    error_message = "id ${terraform_data.n[0].id}"
  }
}
run "unknown" {
  command   = plan
  state_key = "new"
  assert {
    condition     = terraform_data.a.id == "fixed"
    error_message = "id"
  }
}
