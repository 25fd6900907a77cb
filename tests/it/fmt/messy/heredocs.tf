locals {
a=<<EOT
  keep   this
	tab  ${  var.x  } and ${var.y}
   not EOT yet
EOT
  b   = <<-EOT
      indented
    %{ if   true }
      yes ${ a+b }
    %{ endif }
      EOT
 c = 1
long_name=2
  d = join(",", [<<A
x
A
, "y"])
    e = foo(<<-A
      x ${ {a=1}["a"] }
    A
  )
f = 3
}
