locals {
  a = [ # x
    # y
    1, # z
    /* w */ 2,
  ]
  b = foo(/* q */ 1, 2 /* r */)
  c = {
    # only a comment
  }
  d = {     # x
    a   = 1 # y
    bbb = 2 # z
  }

  # before e
  e      = 1
  f      = 2 # with
  g      = 3
  hhhhhh = 4 # with
}
