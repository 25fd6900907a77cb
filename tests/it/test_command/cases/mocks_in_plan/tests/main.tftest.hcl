mock_provider "terraform" {
  override_during = plan
  mock_resource "terraform_data" {
    defaults = { id = "mocked" }
  }
}
run "known" {
  command = plan
  assert {
    condition     = terraform_data.a.id == "mocked"
    error_message = "id ${terraform_data.a.id}"
  }
}
run "applied" {
  assert {
    condition     = terraform_data.n[1].id == "mocked"
    error_message = "id ${terraform_data.n[1].id}"
  }
}
