# Run with: prov test
# Everything is created in an emulator inside the process, and nothing needs an account.

variables {
  name = "tested"
}

run "names_and_addresses" {
  command = plan

  assert {
    condition     = alicloud_vpc.main.vpc_name == "tested"
    error_message = "The VPC is called ${alicloud_vpc.main.vpc_name}."
  }

  assert {
    condition     = alicloud_vswitch.main.cidr_block == "10.0.1.0/24"
    error_message = "The vSwitch has ${alicloud_vswitch.main.cidr_block}."
  }
}

run "is_created" {
  assert {
    condition     = startswith(output.vpc_id, "vpc-")
    error_message = "This is not the id of a VPC: ${output.vpc_id}"
  }

  assert {
    condition     = alicloud_vswitch.main.vpc_id == alicloud_vpc.main.id
    error_message = "The vSwitch is in another VPC."
  }
}

run "more_ports_change_no_network" {
  variables {
    open_ports = ["443", "8443"]
  }

  assert {
    condition     = output.vpc_id == run.is_created.vpc_id
    error_message = "The VPC was replaced."
  }

  assert {
    condition     = length(alicloud_security_group_rule.open) == 2
    error_message = "There are ${length(alicloud_security_group_rule.open)} rules."
  }
}

run "refuses_a_bad_name" {
  command = plan

  variables {
    name = "Not A Name"
  }

  expect_failures = [var.name]
}

run "refuses_to_open_ssh" {
  command = plan

  variables {
    open_ports = ["22"]
  }

  expect_failures = [alicloud_security_group_rule.open]
}
