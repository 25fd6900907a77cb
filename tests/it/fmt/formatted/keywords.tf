locals {
  for  = 1
  in   = 2
  if   = 3
  null = null
  x    = in[0]
}
