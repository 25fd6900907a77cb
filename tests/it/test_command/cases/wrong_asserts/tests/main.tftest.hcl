run "a" {
  command = plan
  assert {
    condition     = terraform_data.zz.id == 1
    error_message = "x"
  }
  assert {
    condition     = output.zz == 2
    error_message = "b"
  }
  assert {
    condition     = var.size == 1 ? "maybe" : "x"
    error_message = "b"
  }
  assert {
    condition     = var.size == 2
    error_message = null
  }
  assert {
    condition     = var.size == 2
    error_message = 5
  }
  assert {
    condition     = var.zzz == 2
    error_message = "x"
  }
  assert {
    condition     = try(null, var.size)
    error_message = "x"
  }
}
run "b" {
  command = plan
}
