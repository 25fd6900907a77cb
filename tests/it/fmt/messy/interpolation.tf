locals {
a="${var.x}"
b="${  var.x  }"
c="${var.x}-${var.y}"
d=" ${var.x}"
e="${var.x}${var.y}"
f="${join(",", ["${a}", "b"])}"
g="${
  var.x
}"
h="${var.a ? var.b : var.c}"
i="${
  var.a ?
  var.b :
  var.c
}"
j="${(
  var.x
)}"
k="$${var.x}"
l="%{if true}x%{endif}"
m="%{ if   true ~} x %{~ endif }"
n=["${var.x}"]
o={a="${var.x}"}
p="${ {a=1} }"
q="${[1,2]}"
r = "${"literal"}"
}
