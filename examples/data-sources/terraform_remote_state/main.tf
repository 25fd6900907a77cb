provider "alicloud" {
  region = "cn-hangzhou"
}

# Another project has the network; this one puts a security group into it.
data "terraform_remote_state" "network" {
  backend = "local"

  config = {
    path = "network.json"
  }

  defaults = {
    owner = "nobody"
  }
}

resource "alicloud_security_group" "web" {
  security_group_name = data.terraform_remote_state.network.outputs.name
  description         = "Of ${data.terraform_remote_state.network.outputs.owner}"
}
