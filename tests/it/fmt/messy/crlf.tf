locals {
a=1 # one
bbb   = 2
  c = <<EOT
  x
EOT

}
