locals {
  a = (
    var.x
    ? "a"
    : "b"
  )
  b = var.x ? [
    1
    ] : [
    2
  ]
  c = (var.x &&
    var.y) || (
    !var.z
  )
  d = {
    a = 1
  }.a
}
