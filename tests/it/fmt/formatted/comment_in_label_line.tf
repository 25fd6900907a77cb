resource "a" "b" { # why
  x = 1
}                   # end
resource "c" "d" {} # one
variable "e" {}     # two
