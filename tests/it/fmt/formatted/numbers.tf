locals {
  a = 1.5
  b = 1e10
  c = 1E-5
  d = -0.5
  e = 0.1 + 0.5
}
