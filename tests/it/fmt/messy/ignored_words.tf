variable "x" {
description="a = b # not a comment"
default="{[("
}
locals {
a="}" # }
b="]" # ]
c="(" // (
/* { */ d=1
}
