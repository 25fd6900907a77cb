locals {
  a = 1
}

   