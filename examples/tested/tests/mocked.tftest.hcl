# A mock answers for the whole provider: what matters is what the configuration makes of the answers.

mock_provider "alicloud" {
  mock_data "alicloud_zones" {
    defaults = {
      zones = [{ id = "cn-hangzhou-z" }]
    }
  }
}

run "takes_the_first_zone" {
  assert {
    condition     = alicloud_vswitch.main.zone_id == "cn-hangzhou-z"
    error_message = "The vSwitch is in ${alicloud_vswitch.main.zone_id}."
  }
}

run "gives_away_the_ids" {
  override_resource {
    target = alicloud_vswitch.main
    values = { id = "vsw-overridden" }
  }

  state_key = "overridden"

  assert {
    condition     = output.vswitch_ids == ["vsw-overridden"]
    error_message = "The outputs are ${jsonencode(output.vswitch_ids)}."
  }
}
