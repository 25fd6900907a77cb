locals {
  a = 1 + 2 * 3 - 4 / 5 % 6
  b = -1
  c = -1
  d = 1 - -1
  e = !true
  f = !true
  g = a && b || !c
  h = a == b && c != d
  i = a < b
  j = a >= b ? c : d
  k = a ? b : c
  l = (1 + 2) * (3 - 4)
  m = [-1, -2]
  n = { a = -1, b : -2 }
  o = foo(-1, -2)
  p = a[-1]
  q = true ? -1 : -2
  r = a - 1
  s = a-1
  t = a - 1
  u = 1 - 1
  v = 1 - 1
  w = 2 > -1
  x = !(-1 < 0)
  y = -1
  z = [for x in y : -x]
}
