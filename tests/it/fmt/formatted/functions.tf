locals {
  a = jsonencode({
    Statement = [{
      Action = "*"
    }]
  })
  b = templatefile("x.tpl", { a = 1 })
  c = cidrsubnet("10.0.0.0/8", 8, 1)
  d = try(a.b, null)
  e = format("%s-%d", "a", 1)
  f = lookup(var.m, "k", "d")
}
