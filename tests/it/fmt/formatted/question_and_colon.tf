locals {
  a = x ? y : z
  b = x ? y : z
  c = { a : 1, b : 2, c : 3 }
  d = x ? [1] : []
  e = x ? { a = 1 } : {}
  f = x ? "a" : "b"
}
