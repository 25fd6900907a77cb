# About the file.
# Two lines.

terraform {
  required_version = ">= 1.5"
  required_providers {
    alicloud = {
      source                = "aliyun/alicloud"
      version               = "~> 1.2" # the newest
      configuration_aliases = [alicloud.east]
    }
  }
  backend "local" {
    path = "x.tfstate"
  }
}

# Region.
variable "region" {
  type    = string # text
  default = "cn-hangzhou"

  validation {
    condition     = can(regex("^[a-z-]+$", var.region))
    error_message = "Not a region: ${var.region}."
  }
}

variable "shape" {
  type = object({
    name = string
    size = optional(number, 2) // how much
  })
  description = "costs $${much} and %%{more}"
  default = {
    name = "no"
    size = -1
  }
  sensitive = true
}

provider "alicloud" {
  region = var.region
}

provider "alicloud" {
  alias  = "east"
  region = "cn-shanghai"
  assume_role {
    role_arn = "acs:ram::1:role/x"
  }
}

locals {
  /* of many
     lines */
  yes   = "yes"
  num   = "0123"
  port  = "22:22"
  ver   = "1.10"
  n     = 1.50
  null  = null
  list  = [1, "two", true, var.region]
  deep  = [[1, 2], { a = 1, "b c" = 2, (var.region) = 3 }]
  empty = []
  none  = {}
  fors  = [for s in var.list : upper(s) if s != ""]
  map = {
    # inside
    for k, v in var.map :
    k => v... # grouped
  }
  cond = var.a ? "x" : "y"
  esc  = "tab\there \"quoted\" $${not} %%{it} \\ é"
  esc2 = "line\nnext"
  here = <<-EOT
    #!/bin/sh
    %{for x in var.list~}
    echo ${x} # no comment
    %{endfor~}

      indented
  EOT
  flush = <<EOT
  two blanks
  everywhere
EOT
  long = (
    var.a &&
    var.b
  )
  sum = 1 + 2 * (3 - var.x)
  # at the end of locals
}

locals {
  more = "more"
}

resource "alicloud_instance" "web" {
  count    = 2
  provider = alicloud.east

  name = "web-${count.index}" # the name
  tags = { a = "b" }

  disks {
    size = 1
  }
  # second
  disks {
    size = 2
    parts {
      n = 1
    }
  }
  dynamic "rules" {
    for_each = var.rules
    iterator = it
    content {
      port = it.value
      dynamic "inner" {
        for_each = it.value.more
        content {
          x = inner.key
        }
      }
    }
  }

  depends_on = [alicloud_vpc.main, module.x]

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags["a"], name]
    replace_triggered_by  = [alicloud_vpc.main.id]
    precondition {
      condition     = var.a
      error_message = "no"
    }
  }

  provisioner "local-exec" {
    command = "echo ${self.id}"
  }
  provisioner "local-exec" {
    when       = destroy
    on_failure = continue
    command    = "bye"
  }
  connection {
    host = self.ip
  }
  timeouts {
    create = "10m"
  }
}

# The net.
resource "alicloud_vpc" "main" {}

data "alicloud_zones" "all" {
  lifecycle {
    ignore_changes = all
  }
}

ephemeral "random_password" "p" {
  length = 8
}

module "x" {
  source    = "./x"
  for_each  = { a = 1 }
  providers = { alicloud = alicloud.east }
  yes       = true
}

output "id" {
  value     = alicloud_instance.web[*].id
  sensitive = true
  precondition {
    condition     = true
    error_message = "x"
  }
}

moved {
  from = alicloud_vpc.old
  to   = alicloud_vpc.main["a"]
}

moved {
  from = module.a
  to   = module.x
}

import {
  to = alicloud_vpc.main
  id = "vpc-${var.x}"
}

removed {
  from = alicloud_vpc.gone
  lifecycle {
    destroy = false
  }
}

check "health" {
  data "alicloud_zones" "z" {}
  assert {
    condition     = length(data.alicloud_zones.z.ids) > 0
    error_message = "none"
  }
}
# the end
