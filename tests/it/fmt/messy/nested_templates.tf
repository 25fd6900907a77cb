locals {
a="x${"y${"z${ 1 }"}"}"
b="${upper("${var.x}")}"
c="a\"b${ "c\"d" }"
d="%{ for x in xs }${ x },%{ endfor }"
e="%{for x in xs~}${~x~}%{endfor}"
f="100%"
g="$"
h="a$b%c"
i="{${ x }}"
j="${ x }}"
}
