locals {
  a = (1
    + 2
  -3)
  b = foo(
    a,

    b,
  )
  c = [

    1,


    2

  ]
}
