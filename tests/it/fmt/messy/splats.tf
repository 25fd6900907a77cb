locals {
a=x.*.y
b=x[*].y
c=x [ * ] . y
d=x . y . z
e=x[0][1] [ 2 ]
f=x.0.y
g=f(x)[0]
h=f (x) . y
i=[1,2][0]
j={a=1}["a"]
k=x["a"].b[ "c" ]
l=f(xs...)
m=f(xs ...)
n=provider::a::b( 1 )
o=provider :: a :: b (1)
}
