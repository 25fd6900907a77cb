mock_provider "terraform" {
  mock_resource "terraform_data" {
    defaults = { id = "mocked" }
  }
}
run "from_defaults" {
  assert {
    condition     = terraform_data.a.id == "mocked" && terraform_data.a.output == null
    error_message = "id ${terraform_data.a.id}"
  }
}
run "over_the_mock" {
  state_key = "x"
  override_resource {
    target = terraform_data.a
    values = { output = "overridden" }
  }
  assert {
    condition     = terraform_data.a.id != "mocked" && output.o == "overridden"
    error_message = "the mock's own values are not those of an override"
  }
}
run "shows_them" {
  command = plan
  assert {
    condition     = terraform_data.a.id == "zzz"
    error_message = "x"
  }
}
